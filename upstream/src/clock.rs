//! Owns the time in which an upstream lives: the system's, or a test's own, set forward at will.
//! Promises that whatever expires or resets here does so by this clock alone.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// Where the time comes from: milliseconds since 1970.
#[derive(Clone)]
pub(crate) struct Source(pub(crate) Arc<dyn Fn() -> i64 + Send + Sync>);

impl Default for Source {
    fn default() -> Self {
        Self(Arc::new(|| Timestamp::now().as_millisecond()))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Source")
    }
}

/// The clock of one upstream.
pub(crate) struct Clock {
    source: Source,
    ahead_ms: AtomicI64,
}

impl Clock {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, ahead_ms: AtomicI64::new(0) }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        (self.source.0)().saturating_add(self.ahead_ms.load(Ordering::SeqCst))
    }

    /// Seconds since 1970.
    pub(crate) fn now_seconds(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// Sets the clock forward.
    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.ahead_ms.fetch_add(by, Ordering::SeqCst);
    }

    /// Takes back every advance.
    pub(crate) fn reset(&self) {
        self.ahead_ms.store(0, Ordering::SeqCst);
    }
}

/// A moment as RFC 3339, in UTC.
pub(crate) fn rfc3339(seconds: i64) -> String {
    let timestamp = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    timestamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
