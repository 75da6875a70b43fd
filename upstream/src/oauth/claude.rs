//! Owns Anthropic's token endpoint: what it reads, which rules it keeps, what it replies.
//! (Source: the published flow of Claude Code; JSON both ways, `state` demanded, rotation.)

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::account::claude::ClaudeAccount;
use crate::oauth::authorize::Rules;
use crate::oauth::desk::{Lives, Pair, Prefixes, Worthless};
use crate::refusal::Refusal;

pub(crate) const PREFIXES: Prefixes =
    Prefixes { code: "", access: "sk-ant-oat01-", refresh: "sk-ant-ort01-" };

/// The public client of Claude Code.
pub(crate) const CLIENT_ID: &str = "9d1c250a-e61b-44d9-88ed-5944d1962f5e";

/// The scope without which nothing can be asked.
pub(crate) const INFERENCE: &str = "user:inference";

/// The scope that the usage and profile endpoints want.
pub(crate) const PROFILE: &str = "user:profile";

/// What a sign-in usually asks for.
pub(crate) const USUAL_SCOPE: &str = "user:inference user:profile";

/// Seconds that a setup token lives: a year.
const SETUP_LIFE: u64 = 31_536_000;

/// The rules for a client id.
pub(crate) fn rules(client_id: String) -> Rules {
    Rules {
        client_id,
        redirects: &[
            "https://platform.claude.com/oauth/code/callback",
            "https://console.anthropic.com/oauth/code/callback",
        ],
        scopes: &[
            "org:create_api_key",
            PROFILE,
            INFERENCE,
            "user:sessions:claude_code",
            "user:mcp_servers",
            "user:file_upload",
        ],
        demands_state: true,
        demands_challenge: true,
    }
}

/// A request to the token endpoint.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Grant {
    pub(crate) grant_type: String,
    pub(crate) client_id: String,
    pub(crate) code: String,
    pub(crate) redirect_uri: String,
    pub(crate) code_verifier: String,
    pub(crate) state: String,
    pub(crate) expires_in: Option<u64>,
    pub(crate) refresh_token: String,
    pub(crate) scope: Option<String>,
}

impl Grant {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|error| malformed(&error.to_string()))
    }

    /// Whether a field that its kind of grant needs is missing.
    pub(crate) fn check_fields(&self) -> Result<(), Refusal> {
        let needed: &[(&str, &str)] = match self.grant_type.as_str() {
            "authorization_code" => &[
                ("code", &self.code),
                ("redirect_uri", &self.redirect_uri),
                ("code_verifier", &self.code_verifier),
                ("state", &self.state),
            ],
            "refresh_token" => &[("refresh_token", &self.refresh_token)],
            _ => return Err(malformed(&format!("grant_type is {:?}", self.grant_type))),
        };
        match needed.iter().find(|(_, value)| value.is_empty()) {
            Some((name, _)) => Err(malformed(&format!("{name} is missing"))),
            None => Ok(()),
        }
    }

    /// How many seconds the access token will live. Only setup tokens may ask for more than the account's.
    pub(crate) fn life(&self, account: &ClaudeAccount, scope: &str) -> Result<u64, Refusal> {
        match self.expires_in {
            None => Ok(account.token_life_seconds),
            Some(SETUP_LIFE) if scope == INFERENCE => Ok(SETUP_LIFE),
            Some(life) => Err(malformed(&format!("expires_in {life} is not allowed with scope {scope}"))),
        }
    }

    /// Whether a refresh asks for scopes that exist. (Known clients ask for their whole list, whatever was granted.)
    pub(crate) fn check_scope(&self, known: &[&str]) -> Result<(), Refusal> {
        let asked = self.scope.as_deref().unwrap_or_default();
        match asked.split_whitespace().find(|scope| !known.contains(scope)) {
            None => Ok(()),
            Some(scope) => {
                let description = format!("Invalid scope: {scope}");
                Err(Refusal::oauth(StatusCode::BAD_REQUEST, "invalid_scope", description))
            }
        }
    }
}

/// A request that the endpoint cannot read.
fn malformed(why: &str) -> Refusal {
    Refusal::bad_request("Invalid request format").why(why)
}

/// A client that is not known.
pub(crate) fn unknown_client(client_id: &str) -> Refusal {
    let refusal = Refusal::oauth(StatusCode::UNAUTHORIZED, "invalid_client", "Client not found");
    refusal.why(format!("client_id is {client_id:?}"))
}

/// A code or token that is worth nothing.
pub(crate) fn worthless(why: Worthless) -> Refusal {
    let description = match why {
        Worthless::UnknownToken | Worthless::Reused | Worthless::Revoked => {
            "Refresh token not found or invalid"
        }
        Worthless::WrongVerifier => "Invalid 'code_verifier' in request.",
        Worthless::OtherRedirect => "Invalid 'redirect_uri' in request.",
        Worthless::OtherState => "Invalid 'state' in request.",
        Worthless::UnknownCode | Worthless::UsedCode | Worthless::ExpiredCode => "Invalid 'code' in request.",
    };
    Refusal::oauth(StatusCode::BAD_REQUEST, "invalid_grant", description).why(why.to_string())
}

/// The reply with tokens.
pub(crate) fn reply(account: &ClaudeAccount, pair: &Pair, lives: Lives) -> Value {
    let mut reply = json!({
        "token_type": "Bearer",
        "access_token": pair.access,
        "expires_in": lives.access_seconds,
        "scope": pair.scope,
    });
    if let Some(refresh) = &pair.refresh {
        reply["refresh_token"] = json!(refresh);
    }
    if account.names_itself {
        reply["organization"] = json!({"uuid": account.organization_uuid, "name": account.organization_name});
        reply["account"] = json!({"uuid": account.account_uuid, "email_address": account.email});
    }
    reply
}

/// The reply of the profile endpoint.
pub(crate) fn profile(account: &ClaudeAccount) -> Value {
    json!({
        "account": {
            "uuid": account.account_uuid,
            "email": account.email,
            "full_name": account.full_name,
            "display_name": account.full_name,
            "has_claude_max": account.has_claude_max,
            "has_claude_pro": account.has_claude_pro,
        },
        "organization": {
            "uuid": account.organization_uuid,
            "name": account.organization_name,
            "organization_type": account.organization_type,
            "billing_type": "stripe_subscription",
            "rate_limit_tier": account.rate_limit_tier,
            "subscription_status": account.subscription_status,
        },
    })
}

/// The reply of the usage endpoint: percent, not fractions.
pub(crate) fn usage(account: &ClaudeAccount) -> Value {
    let mut usage = json!({
        "five_hour": null,
        "seven_day": null,
        "seven_day_oauth_apps": null,
        "seven_day_opus": null,
        "extra_usage": {"is_enabled": false, "monthly_limit": null, "used_credits": null, "utilization": null},
    });
    for window in &account.windows {
        let percent = (window.utilization * 1e6).round() / 1e4;
        let resets_at = crate::clock::rfc3339(window.resets_at).replace('Z', ".000000+00:00");
        usage[window.claim()] = json!({"utilization": percent, "resets_at": resets_at});
    }
    usage
}
