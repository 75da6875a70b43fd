//! What one page leaves for the next: a key just made by a form that the browser posted itself. Seen once by the
//! session that made it, or by nobody; never at rest.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::key::CreatedKey;

const LASTS_MS: i64 = 2 * 60 * 1000;
const MOST: usize = 256;

#[derive(Debug, Default)]
pub(crate) struct Flashes {
    left: Mutex<HashMap<[u8; 32], Left>>,
}

#[derive(Debug)]
struct Left {
    until_ms: i64,
    key: CreatedKey,
}

impl Flashes {
    /// Leaves a key for that session's next page. With no room for it, it is lost, and the person makes another.
    pub(crate) fn leave(&self, session: [u8; 32], key: CreatedKey, now_ms: i64) {
        let mut left = self.lock();
        left.retain(|_, left| now_ms < left.until_ms);
        if left.len() < MOST {
            left.insert(session, Left { until_ms: now_ms + LASTS_MS, key });
        }
    }

    /// Takes what was left for that session.
    pub(crate) fn take(&self, session: &[u8; 32], now_ms: i64) -> Option<CreatedKey> {
        self.lock().remove(session).filter(|left| now_ms < left.until_ms).map(|left| left.key)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Left>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
