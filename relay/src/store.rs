//! The store: nouns at rest, one file per noun. Nothing outside of this module sees SQL.
//!
//! Writes go through one thread, reads through a few connections of their own; neither blocks the runtime. What must
//! survive a power cut is written with [`Store::durable`]; the books, which the journal can repeat, with
//! [`Store::lazy`].

pub mod account;
pub mod admin;
pub mod attempt;
pub mod call;
pub mod chore;
pub mod figure;
pub mod group;
pub mod key;
pub mod label;
pub mod meta;
pub mod price;
pub mod reprice;
pub mod retention;
pub mod sealed;
pub mod session;
pub mod spent;
pub mod standing;
pub mod token;
pub mod verify;
pub mod zone;

mod connection;
mod rollup;
mod schema;
mod surplus;
mod writer;

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, Transaction};

use connection::Readers;
use writer::Writer;

use crate::secret::vault::VaultError;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error("the store failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The store was made by a newer Switchyard.
    #[error("the store has version {found}, this Switchyard knows up to {known}: use a newer one")]
    TooNew {
        /// In the file.
        found: i64,
        /// Here.
        known: i64,
    },
    /// The store is closing.
    #[error("the store is closed")]
    Closed,
    /// A sealed text does not open.
    #[error("{place} does not open: {cause}")]
    Sealed {
        /// Which field of which record.
        place: String,
        /// Why.
        cause: VaultError,
    },
    /// A value at rest that has no meaning.
    #[error("the store holds a {0} that cannot be read")]
    Damaged(&'static str),
}

impl StoreError {
    /// Whether a name that must be unique was taken.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Sqlite(rusqlite::Error::SqliteFailure(failure, _))
            if failure.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE)
    }
}

/// The embedded store. Cheap to clone; closes with its last clone.
#[derive(Clone)]
pub struct Store {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
}

impl Store {
    /// Opens or makes the store's file, and brings an older one up to date.
    ///
    /// # Errors
    /// If SQLite cannot, or the file is from a newer Switchyard.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = connection::open(path)?;
        schema::migrate(&mut connection)?;
        Ok(Self { writer: Arc::new(Writer::start(connection)), readers: Arc::new(Readers::new(path)) })
    }

    /// Runs one transaction and returns when it is on disk.
    ///
    /// # Errors
    /// What `work` or the commit met; nothing is changed then.
    pub async fn durable<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        self.writer.run(true, work).await
    }

    /// Runs one transaction that a power cut may undo, but no crash of the process.
    ///
    /// # Errors
    /// What `work` or the commit met; nothing is changed then.
    pub async fn lazy<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        self.writer.run(false, work).await
    }

    /// Reads on a connection of its own, which sees every write that was finished before.
    ///
    /// # Errors
    /// What `work` met.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        Readers::run(&self.readers, work).await
    }

    /// Whether it answers.
    pub async fn is_alive(&self) -> bool {
        self.read(|read| Ok(read.query_row("SELECT 1", [], |_| Ok(()))?)).await.is_ok()
    }

    /// Moves the write-ahead log into the file and syncs it. True if everything written so far is on disk.
    ///
    /// # Errors
    /// If SQLite cannot.
    pub async fn checkpoint(&self) -> Result<bool, StoreError> {
        self.writer.checkpoint().await
    }
}
