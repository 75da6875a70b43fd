//! A sign-in to a provider on its way: what the wizard shows between its steps.

use serde::{Deserialize, Serialize};

use super::account::{AccountKind, AccountSettings};
use super::id::AccountId;

/// How tokens are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInFlow {
    /// A session with tokens that are refreshed.
    #[default]
    Session,
    /// One token that lives for a year and is never refreshed; Claude only.
    LongLived,
}

/// What a sign-in is begun with. The proxy's password travels beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewSignIn {
    /// Of a kind that is signed in to.
    pub kind: AccountKind,
    /// How.
    #[serde(default)]
    pub flow: SignInFlow,
    /// The name of the account to be; not needed for one that exists.
    #[serde(default)]
    pub name: String,
    /// How the account is to be set.
    #[serde(default)]
    pub settings: AccountSettings,
    /// The account to sign in to anew; it keeps its id, its settings and its books.
    #[serde(default)]
    pub account: Option<AccountId>,
}

/// A sign-in that waits for its code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    /// Identity; good only with the session that began it.
    pub id: String,
    /// Of what kind.
    pub kind: AccountKind,
    /// How.
    pub flow: SignInFlow,
    /// The name of the account to be, or of the one to sign in to anew.
    pub name: String,
    /// How the account is to be set.
    pub settings: AccountSettings,
    /// The account to sign in to anew.
    pub account: Option<AccountId>,
    /// The provider's page to open.
    pub url: String,
    /// The code was taken; what is missing came after it (a project), so that no other code is needed.
    pub is_granted: bool,
    /// When it ends unfinished, milliseconds since 1970.
    pub ends_ms: i64,
}
