//! Accounts and groups as the original shows them. Whatever is a secret shows as being there, and no more.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::noun::Noun;
use crate::admin::{Admin, Error, group};
use crate::clock::Clock;
use crate::http::own::{Averages, Sums};
use crate::model::account::{AccountKind, AccountRow, AccountState, Service};
use crate::model::figure::{GroupBy, Totals};
use crate::model::group::GroupRow;
use crate::state::Shared;
use crate::store::figure::{self, Filter};

/// What is shown in the place of a token.
pub(super) const REDACTED: &str = "[redacted]";

/// What the faces of accounts have in common.
pub(super) struct Gallery<'a> {
    shared: &'a Shared,
    groups: Vec<GroupRow>,
    ever: HashMap<String, Totals>,
}

impl<'a> Gallery<'a> {
    /// # Errors
    /// If the store fails.
    pub(super) async fn open(shared: &'a Shared, admin: &Admin) -> Result<Self, Error> {
        let ever = figure::by(&shared.store, Filter::since("d", 0), GroupBy::Account).await?;
        let ever = ever.into_iter().map(|part| (part.id, part.totals)).collect();
        Ok(Self { shared, groups: group::list(shared, admin).await?, ever })
    }

    /// One account.
    pub(super) fn account(&self, row: &AccountRow, noun: &Noun) -> Value {
        let instant = |at_ms: Option<i64>| at_ms.map(Clock::rfc3339);
        let is_paused = matches!(row.state, AccountState::Paused { .. });
        let groups = self.groups.iter().filter(|group| row.groups.contains(&group.id));
        let groups: Vec<_> = groups.map(|group| json!({ "id": group.id, "name": group.name })).collect();
        let account_type = if groups.is_empty() { "shared" } else { "group" };
        let mut face = json!({
            "id": row.id,
            "name": row.name,
            "description": row.note,
            "platform": noun.platform,
            "kind": row.kind,
            "accountType": account_type,
            "groupInfos": groups,
            "isActive": !is_paused,
            "schedulable": !is_paused,
            "status": status(&row.state),
            "errorMessage": error_message(&row.state),
            "state": state(&row.state),
            "rateLimitStatus": self.limit(&row.state),
            "priority": row.priority,
            "weight": row.weight,
            "maxConcurrency": row.concurrency.unwrap_or(0),
            "concurrency": row.in_flight,
            "proxy": self.proxy(row),
            "boundApiKeys": row.bound_keys,
            "usage": self.usage(row),
            "createdAt": Clock::rfc3339(row.created_ms),
            "lastUsedAt": instant(row.last_used_ms),
            "lastRefreshAt": instant(row.token_issued_ms),
        });
        let more = if row.kind.is_oauth() { self.signed_in(row) } else { by_key(row) };
        if let (Some(face), Value::Object(more)) = (face.as_object_mut(), more) {
            face.extend(more);
        }
        face
    }

    fn signed_in(&self, row: &AccountRow) -> Value {
        let account = self.shared.accounts.find(&row.id);
        let renewable = account.is_some_and(|account| {
            account.credential().tokens().is_some_and(|tokens| tokens.refresh.is_some())
        });
        let identity = &row.identity;
        json!({
            "email": identity.email,
            "authType": if renewable { "oauth" } else { "setup-token" },
            "hasRefreshToken": renewable,
            "accessToken": REDACTED,
            "refreshToken": if renewable { REDACTED } else { "" },
            "expiresAt": ends(row),
            "tokenExpiresAt": row.token_ends_ms.map(Clock::rfc3339),
            "subscriptionInfo": {
                "accountType": identity.plan,
                "plan": identity.plan_label(),
                "organizationName": identity.organization_name,
            },
            "extInfo": { "org_uuid": identity.organization_id, "account_uuid": identity.account_id },
            "projectId": Some(&row.project).filter(|own| !own.is_empty()).or(identity.project.as_ref()),
        })
    }

    fn limit(&self, state: &AccountState) -> Value {
        let AccountState::Cooling { until_ms, .. } = state else {
            return json!({ "isRateLimited": false, "rateLimitedAt": null, "minutesRemaining": 0 });
        };
        let left_ms = (until_ms - self.shared.clock.now_ms()).max(0);
        json!({
            "isRateLimited": true,
            "rateLimitedAt": null,
            "rateLimitEndAt": Clock::rfc3339(*until_ms),
            "minutesRemaining": left_ms.saturating_add(59_999) / 60_000,
        })
    }

    fn proxy(&self, row: &AccountRow) -> Option<Value> {
        let address = row.proxy.as_ref()?;
        let account = self.shared.accounts.find(&row.id);
        let proxy = account.as_ref().and_then(|account| account.proxy.as_deref());
        Some(json!({
            "type": address.kind,
            "host": address.host,
            "port": address.port,
            "username": address.username,
            "hasPassword": proxy.is_some_and(crate::provider::proxy::Proxy::has_password),
        }))
    }

    fn usage(&self, row: &AccountRow) -> Value {
        let total = self.ever.get(row.id.as_str()).copied().unwrap_or_default();
        let age_ms = self.shared.clock.now_ms() - row.created_ms;
        json!({
            "daily": Sums::from(row.today),
            "total": Sums::from(total),
            "averages": Averages::of(&total, age_ms),
        })
    }
}

/// When the access token ends, as the original writes it: milliseconds for Claude, an instant for Gemini.
pub(super) fn ends(row: &AccountRow) -> Option<String> {
    let ends_ms = row.token_ends_ms?;
    Some(if row.kind == AccountKind::ClaudeOauth { ends_ms.to_string() } else { Clock::rfc3339(ends_ms) })
}

/// One group. Its platform is that of its accounts, where they have one.
pub(super) fn group(shared: &Shared, group: &GroupRow) -> Value {
    let kinds = group.accounts.iter().filter_map(|id| Some(shared.accounts.find(id)?.kind));
    let (mut claude, mut gemini) = (false, false);
    kinds.for_each(|kind| {
        claude |= kind.serves(Service::Claude);
        gemini |= kind.serves(Service::Gemini);
    });
    let platform = match (claude, gemini) {
        (true, false) => Some("claude"),
        (false, true) => Some("gemini"),
        _ => None,
    };
    json!({
        "id": group.id,
        "name": group.name,
        "platform": platform,
        "memberCount": group.accounts.len(),
        "members": group.accounts,
        "boundApiKeys": group.bound_keys,
    })
}

fn by_key(row: &AccountRow) -> Value {
    json!({
        "apiUrl": row.base_url,
        "baseUrl": row.base_url,
        "apiKey": REDACTED,
        "apiKeyHint": row.secret_hint,
    })
}

/// Beside the original's words.
fn state(state: &AccountState) -> &'static str {
    match state {
        AccountState::Able => "able",
        AccountState::Cooling { .. } => "cooling",
        AccountState::Parked { .. } => "parked",
        AccountState::NeedsSignIn { .. } => "needs_sign_in",
        AccountState::Paused { .. } => "paused",
    }
}

fn status(state: &AccountState) -> &'static str {
    match state {
        AccountState::Parked { .. } => "error",
        AccountState::NeedsSignIn { .. } => "unauthorized",
        AccountState::Able | AccountState::Cooling { .. } | AccountState::Paused { .. } => "active",
    }
}

fn error_message(state: &AccountState) -> &str {
    match state {
        AccountState::Cooling { cause, .. }
        | AccountState::Parked { cause, .. }
        | AccountState::NeedsSignIn { cause, .. } => cause,
        AccountState::Able | AccountState::Paused { .. } => "",
    }
}
