//! Passwords of administrators: argon2id at its recommended cost, on blocking threads, a few at a time.
//!
//! A check of an unknown name costs what a check of a known one costs. Those who belong here have a turn of their own,
//! so that a flood of strangers delays strangers alone.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::{Secret, random_hex};

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A session, the machine's own operator, or a browser that signed in before.
    Known,
    /// Anybody.
    Stranger,
}

const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Why a password was neither hashed nor checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many others wait.
    #[error("too many passwords are being checked")]
    Busy,
    /// The hash function refused, or a stored hash cannot be read.
    #[error("the password cannot be hashed: {0}")]
    Failed(String),
}

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    known: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    decoy: OnceLock<String>,
}

impl Default for Passwords {
    fn default() -> Self {
        // Each takes 19 MiB and some tens of milliseconds of one core; the request road needs the rest.
        let turn = || Arc::new(Semaphore::new(1));
        Self { known: turn(), strangers: turn(), decoy: OnceLock::new() }
    }
}

impl Passwords {
    /// The hash to keep, with its salt and cost (a PHC string).
    ///
    /// # Errors
    /// See [`PasswordError`].
    pub async fn hash(&self, password: Secret) -> Result<String, PasswordError> {
        self.run(Lane::Known, move || hash(&password)).await
    }

    /// Whether the password is the one that was hashed. Without a hash it does the same work and says no.
    ///
    /// # Errors
    /// See [`PasswordError`].
    pub async fn verify(
        &self,
        lane: Lane,
        password: Secret,
        kept: Option<String>,
    ) -> Result<bool, PasswordError> {
        if self.decoy.get().is_none() {
            let decoy = self.run(lane, || hash(&Secret::new(random_hex::<16>()))).await?;
            // Another caller may have been first; either will do.
            let _ = self.decoy.set(decoy);
        }
        let known = kept.is_some();
        let against = kept.or_else(|| self.decoy.get().cloned()).unwrap_or_default();
        self.run(lane, move || Ok(verify(&password, &against)? && known)).await
    }

    async fn run<T, F>(&self, lane: Lane, work: F) -> Result<T, PasswordError>
    where
        F: FnOnce() -> Result<T, PasswordError> + Send + 'static,
        T: Send + 'static,
    {
        let turns = match lane {
            Lane::Known => &self.known,
            Lane::Stranger => &self.strangers,
        };
        let turn = tokio::time::timeout(LONGEST_WAIT, Arc::clone(turns).acquire_owned())
            .await
            .map_err(|_| PasswordError::Busy)?
            .map_err(|_| PasswordError::Busy)?;
        let work = move || {
            // Held by the work, not by the asker, who may go away.
            let _turn = turn;
            work()
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| PasswordError::Failed(error.to_string()))?
    }
}

fn hash(password: &Secret) -> Result<String, PasswordError> {
    let hash = Argon2::default().hash_password(password.reveal().as_bytes());
    Ok(hash.map_err(|error| PasswordError::Failed(error.to_string()))?.to_string())
}

fn verify(password: &Secret, kept: &str) -> Result<bool, PasswordError> {
    let kept = PasswordHash::new(kept).map_err(|error| PasswordError::Failed(error.to_string()))?;
    Ok(Argon2::default().verify_password(password.reveal().as_bytes(), &kept).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash() {
        let passwords = Passwords::default();
        let kept = passwords.hash(Secret::new("a long password")).await.unwrap();

        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(
            passwords
                .verify(Lane::Stranger, Secret::new("a long password"), Some(kept.clone()))
                .await
                .unwrap()
        );
        assert!(
            !passwords.verify(Lane::Stranger, Secret::new("a wrong password"), Some(kept)).await.unwrap()
        );
    }

    #[tokio::test]
    async fn no_password_fits_an_unknown_name() {
        let passwords = Passwords::default();

        assert!(!passwords.verify(Lane::Stranger, Secret::new("a long password"), None).await.unwrap());
    }
}
