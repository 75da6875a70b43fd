//! What the console's door remembers while the process runs: tries, turns at the hash function, ended sessions.

use tokio::sync::watch;

use super::flash::Flashes;
use super::throttle::Throttle;
use crate::model::account::TestStep;
use crate::model::id::AccountId;
use crate::model::key::CreatedKey;
use crate::secret::password::Passwords;

/// The console's door.
#[derive(Debug)]
pub struct Door {
    /// Slows wrong passwords down.
    pub throttle: Throttle,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Keys just made, for the next page.
    pub(crate) made_keys: Flashes<Vec<CreatedKey>>,
    /// How tests of accounts went, for the next page.
    pub(crate) tests: Flashes<(AccountId, Vec<TestStep>)>,
    /// How tests of proxies went, for the next page.
    pub(crate) proxy_tests: Flashes<Vec<TestStep>>,
    ended: watch::Sender<u64>,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            throttle: Throttle::default(),
            passwords: Passwords::default(),
            made_keys: Flashes::default(),
            tests: Flashes::default(),
            proxy_tests: Flashes::default(),
            ended: watch::Sender::new(0),
        }
    }
}

impl Door {
    /// Tells everyone who holds a session open that some session ended.
    pub fn session_ended(&self) {
        self.ended.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Changes whenever a session ends before its time.
    pub fn ended_sessions(&self) -> watch::Receiver<u64> {
        self.ended.subscribe()
    }
}
