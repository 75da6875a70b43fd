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

/// How far the first set-up is, for whoever holds a set-up token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetupProgress {
    /// The token is right: name and password, please.
    Open,
    /// There is no administrator yet, but this token is not the one of this start.
    OtherToken,
    /// There is an administrator.
    Done,
}
