//! What one page leaves for the next, where a form was posted by the browser itself: a key just made, how a test went.
//! Seen once by the session that it belongs to, or by nobody; never at rest.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

const LASTS_MS: i64 = 2 * 60 * 1000;
const MOST: usize = 256;

#[derive(Debug)]
pub(crate) struct Flashes<T> {
    left: Mutex<HashMap<[u8; 32], Left<T>>>,
}

#[derive(Debug)]
struct Left<T> {
    until_ms: i64,
    value: T,
}

impl<T> Default for Flashes<T> {
    fn default() -> Self {
        Self { left: Mutex::default() }
    }
}

impl<T> Flashes<T> {
    /// Leaves a value for that session's next page. With no room for it, it is lost, and the person does it again.
    pub(crate) fn leave(&self, session: [u8; 32], value: T, now_ms: i64) {
        let mut left = self.lock();
        left.retain(|_, left| now_ms < left.until_ms);
        if left.len() < MOST {
            left.insert(session, Left { until_ms: now_ms + LASTS_MS, value });
        }
    }

    /// Takes what was left for that session.
    pub(crate) fn take(&self, session: &[u8; 32], now_ms: i64) -> Option<T> {
        self.lock().remove(session).filter(|left| now_ms < left.until_ms).map(|left| left.value)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Left<T>>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
