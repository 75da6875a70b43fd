//! What can be written about secrets.

use clap::Subcommand;

use super::ask;
use crate::failure::Failure;

/// What to do with secrets.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretAction {
    /// Seal all credentials under a new ENCRYPTION_KEY; client keys go on working
    Rotate {
        /// Read the new key from standard input (one line) instead of making one
        #[arg(long)]
        new_key_stdin: bool,
    },
}

impl SecretAction {
    /// The new key, if one was given.
    ///
    /// # Errors
    /// If standard input has none.
    pub(crate) fn new_key(self) -> Result<Option<String>, Failure> {
        let Self::Rotate { new_key_stdin } = self;
        new_key_stdin.then(ask::new_key).transpose()
    }
}
