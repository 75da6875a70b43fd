//! What is known of an account's refreshes: the one under way, and when another may be tried after a failure.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// Pauses after failures that said nothing of when.
const FIRST_PAUSE_MS: i64 = 5_000;
const LONGEST_PAUSE_MS: i64 = 5 * 60_000;

/// Why an account's tokens could not be renewed, in the operator's words.
#[derive(Clone, Debug, thiserror::Error)]
#[error("its tokens could not be renewed: {0}")]
pub struct Stale(pub(crate) Arc<str>);

/// How the refresh under way ends; nothing before that.
pub type Ending = watch::Receiver<Option<Result<(), Stale>>>;

/// An account's refreshes.
#[derive(Debug, Default)]
pub struct Renewal {
    running: Option<Ending>,
    failed: Option<Failed>,
    strikes: u32,
}

#[derive(Debug)]
struct Failed {
    again_ms: i64,
    why: Stale,
}

impl Renewal {
    /// The refresh under way. One whose task is gone without a word does not count.
    pub(crate) fn running(&self) -> Option<Ending> {
        self.running.clone().filter(|ending| ending.has_changed().is_ok())
    }

    pub(crate) fn run(&mut self, ending: Ending) {
        self.running = Some(ending);
    }

    pub(crate) fn ended(&mut self) {
        self.running = None;
    }

    /// The last failure, while it is too early for another try.
    pub(crate) fn failed_before(&self, now_ms: i64) -> Option<Stale> {
        self.failed.as_ref().filter(|failed| now_ms < failed.again_ms).map(|failed| failed.why.clone())
    }

    pub(crate) fn succeeded(&mut self) {
        self.failed = None;
        self.strikes = 0;
    }

    /// Another try after `wait`, or after a pause that doubles, with half of it left to chance.
    pub(crate) fn failed(&mut self, why: Stale, wait: Option<Duration>, now_ms: i64) {
        let longest = FIRST_PAUSE_MS.saturating_mul(1 << self.strikes.min(10)).min(LONGEST_PAUSE_MS);
        let [chance] = crate::secret::random::<1>();
        let pause_ms = match wait {
            Some(wait) => i64::try_from(wait.as_millis()).unwrap_or(LONGEST_PAUSE_MS),
            None => longest / 2 + longest / 2 * i64::from(chance) / 255,
        };
        self.strikes = self.strikes.saturating_add(1);
        self.failed = Some(Failed { again_ms: now_ms.saturating_add(pause_ms), why });
    }
}
