//! Owns what there is to know about an account of Anthropic's: person, organisation, plan, windows.

use serde::{Deserialize, Serialize};

use crate::account::window::Window;
use crate::mint::uuid_of;

/// An account that signs in with OAuth, as the provider knows it.
///
/// ```
/// use upstream::{ClaudeAccount, Window};
///
/// let busy = ClaudeAccount {
///     token_life_seconds: 60,
///     windows: vec![Window::new("5h").step(0.1), Window::new("7d_opus").utilization(0.99)],
///     ..ClaudeAccount::new("busy")
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaudeAccount {
    /// What it is called here: in scripts, in the books, on the page.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// The person's name.
    pub full_name: String,
    /// The person's id.
    pub account_uuid: String,
    /// The organisation's id, also in every answer's `anthropic-organization-id`. Accounts with the same one share
    /// their windows.
    pub organization_uuid: String,
    /// The organisation's name.
    pub organization_name: String,
    /// `claude_max`, `claude_pro`, `claude_team`, `claude_enterprise`, or nothing.
    pub organization_type: Option<String>,
    /// As the provider spells it: `default_claude_max_20x`.
    pub rate_limit_tier: Option<String>,
    /// Whether the person has the Max plan.
    pub has_claude_max: bool,
    /// Whether the person has the Pro plan.
    pub has_claude_pro: bool,
    /// `active`, …
    pub subscription_status: Option<String>,
    /// How long an access token lives, in seconds.
    pub token_life_seconds: u64,
    /// How long a code can be exchanged, in seconds.
    pub code_life_seconds: u64,
    /// Whether token replies name the organisation and the account.
    pub names_itself: bool,
    /// Whether a refresh gives a new refresh token, and the old one is dead.
    pub rotates: bool,
    /// What it may use.
    pub windows: Vec<Window>,
}

impl ClaudeAccount {
    /// A person with the Max plan, an organisation of their own, tokens of eight hours, and two windows that no
    /// request fills.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            email: format!("{name}@example.com"),
            full_name: format!("Person {name}"),
            account_uuid: uuid_of("account", name),
            organization_uuid: uuid_of("organization", name),
            organization_name: format!("{name}@example.com's Organization"),
            organization_type: Some("claude_max".to_owned()),
            rate_limit_tier: Some("default_claude_max_20x".to_owned()),
            has_claude_max: true,
            has_claude_pro: false,
            subscription_status: Some("active".to_owned()),
            token_life_seconds: 28_800,
            code_life_seconds: 600,
            names_itself: true,
            rotates: true,
            windows: vec![Window::new("5h"), Window::new("7d")],
        }
    }
}
