//! Usage: sums over any stretch, split as asked, and the books counted anew.

use super::{Admin, Error};
use crate::model::verify::Verification;
use crate::state::Shared;
use crate::store;

/// Counts every sum anew from the records, with code that shares nothing with what wrote it, and tells what differs.
/// Sums whose records are forgotten are compared with one another.
///
/// # Errors
/// If the store fails. Differences are no error.
pub async fn verify(shared: &Shared, _admin: &Admin) -> Result<Verification, Error> {
    shared.books.caught_up().await;
    Ok(store::verify::verify(&shared.store, shared.clock.zone()).await?)
}
