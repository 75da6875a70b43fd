//! How far the books are behind the journal.

use super::{Admin, Error};
use crate::state::Shared;
use crate::store::attempt::watermark;

/// The journal, as an operator sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalState {
    /// Bytes that are not in the books yet.
    pub lag: u64,
    /// Attempts opened and not settled.
    pub open_attempts: u64,
}

/// Looks at it as it is, without waiting for the books.
///
/// # Errors
/// If the store fails.
pub async fn state(shared: &Shared, _admin: &Admin) -> Result<JournalState, Error> {
    let folded = watermark(&shared.store).await?;
    let lag = shared.ledger.journal.lag(folded).unwrap_or_else(|error| {
        tracing::warn!(%error, "the journal's folder cannot be read");
        0
    });
    Ok(JournalState { lag, open_attempts: shared.ledger.journal.open_attempts() })
}
