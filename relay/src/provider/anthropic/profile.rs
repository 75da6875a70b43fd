//! Who signed in to Claude, and what plan they have (reference/anthropic.md, section 13).

use crate::config::Anthropic;
use crate::model::identity::Identity;
use crate::provider::probe::{ProbeError, text};
use crate::secret::Secret;
use crate::wire::lenient::{boolean, find};
use crate::wire::oauth::filled;

/// The header that says that the credential is a token of a sign-in.
pub(super) const BETA: (&str, &str) = ("anthropic-beta", "oauth-2025-04-20");

/// Asks for the profile. It needs the scope `user:profile`, which long-lived tokens lack.
///
/// # Errors
/// See [`ProbeError`].
pub async fn profile(
    client: &reqwest::Client,
    config: &Anthropic,
    access: &Secret,
) -> Result<Identity, ProbeError> {
    let url = format!("{}/api/oauth/profile", config.api_url);
    let json = text(client.get(url).header(BETA.0, BETA.1), access).await?;
    Ok(read(&json))
}

fn read(json: &str) -> Identity {
    Identity {
        account_id: filled(json, &["account", "uuid"]),
        email: filled(json, &["account", "email"]).or_else(|| filled(json, &["account", "email_address"])),
        organization_id: filled(json, &["organization", "uuid"]),
        organization_name: filled(json, &["organization", "name"]),
        plan: plan(json),
        tier: filled(json, &["organization", "rate_limit_tier"]).as_deref().and_then(tier),
        project: None,
    }
}

/// The kind of organisation says it (`claude_max`); else what the account has.
fn plan(json: &str) -> Option<String> {
    let has = |name| find(json, &["account", name]).and_then(boolean).unwrap_or(false);
    let kind = filled(json, &["organization", "organization_type"]);
    match kind.as_deref().map(|kind| kind.strip_prefix("claude_").unwrap_or(kind)) {
        Some(kind) => Some(kind.to_owned()),
        None if has("has_claude_max") => Some("max".to_owned()),
        None if has("has_claude_pro") => Some("pro".to_owned()),
        None => None,
    }
}

/// `20x` of `default_claude_max_20x`.
pub(super) fn tier(name: &str) -> Option<String> {
    let last = name.rsplit('_').next()?;
    let times = last.strip_suffix('x')?;
    (!times.is_empty() && times.bytes().all(|byte| byte.is_ascii_digit())).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_is_the_organisations_and_else_the_accounts() {
        for (json, label) in [
            (
                r#"{"organization":{"organization_type":"claude_max","rate_limit_tier":"default_claude_max_5x"}}"#,
                "Max 5x",
            ),
            (
                r#"{"organization":{"organization_type":"claude_team","rate_limit_tier":"default_raven"}}"#,
                "Team",
            ),
            (r#"{"organization":{"organization_type":"claude_enterprise"}}"#, "Enterprise"),
            (r#"{"account":{"has_claude_max":true,"has_claude_pro":true}}"#, "Max"),
            (r#"{"account":{"has_claude_max":false,"has_claude_pro":true}}"#, "Pro"),
            (r#"{"account":{"has_claude_max":"yes"}}"#, ""),
            ("{}", ""),
        ] {
            assert_eq!(read(json).plan_label(), label, "{json}");
        }
    }
}
