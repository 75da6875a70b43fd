//! Administrators and their sessions, as the console sees them.

use serde::{Deserialize, Serialize};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The administrator's name.
    pub username: String,
    /// Start of the session, milliseconds since 1970.
    pub signed_in_ms: i64,
    /// Its end if nothing is done, milliseconds since 1970.
    pub expires_ms: i64,
}
