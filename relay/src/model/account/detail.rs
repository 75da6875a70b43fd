//! One account, looked at closely.

use serde::{Deserialize, Serialize};

use super::{AccountRow, AccountSettings, RefreshRow};
use crate::model::id::{CallId, KeyId};
use crate::model::outcome::Outcome;
use crate::model::window::WindowHour;

/// Everything that an account's own page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountDetail {
    /// As in the list.
    pub row: AccountRow,
    /// How it is set, as it was given: what was left empty is empty.
    pub settings: AccountSettings,
    /// Its proxy has a password.
    pub has_proxy_password: bool,
    /// Its tokens are refreshed before they end.
    pub is_refreshed: bool,
    /// Its latest attempts, newest first.
    pub attempts: Vec<AttemptRow>,
    /// Its latest refreshes, newest first.
    pub refreshes: Vec<RefreshRow>,
    /// How full its windows were in the last seven days, by window and hour; hours without news are left out.
    pub history: Vec<WindowHour>,
}

/// How many of an account's attempts were answered; what was the client's own error is in neither number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Answered, to the end or until the client left.
    pub answered: u64,
    /// Of so many.
    pub of: u64,
}

/// One attempt on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptRow {
    /// The call that it was for.
    pub call: CallId,
    /// Which of the call's attempts: 1 is the first.
    pub n: u8,
    /// The call ended with it.
    pub last: bool,
    /// When the call came, milliseconds since 1970.
    pub at_ms: i64,
    /// The key.
    pub key: KeyId,
    /// The key's name now.
    pub key_name: String,
    /// The model that answered, else the one asked for.
    pub model: String,
    /// HTTP status from upstream; 0 if there was none.
    pub status: u16,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed, for the operator.
    pub cause: Option<String>,
    /// Milliseconds from the call's arrival to its end.
    pub total_ms: u32,
}
