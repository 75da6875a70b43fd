//! A key as the original shows it (reference: original, section 2), with its limits in full beside that.

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::http::own::{Averages, Sums};
use crate::model::account::{AccountKind, Service};
use crate::model::key::{Binding, KeyRow};
use crate::model::limit::text::plain_dollars;
use crate::model::limit::{Expiry, KeyLimits, Limit, Measure, Per};
use crate::state::Shared;

/// The family and the stretch of time of the original's weekly limit.
pub(super) const OPUS: &str = "opus";
pub(super) const WEEK_MINUTES: u32 = 7 * 24 * 60;

/// One key.
pub(super) fn key(shared: &Shared, row: &KeyRow) -> Value {
    let instant = |at_ms: Option<i64>| at_ms.map(Clock::rfc3339);
    let age_ms = shared.clock.now_ms() - row.created_ms;
    let mut face = json!({
        "id": row.id,
        "name": row.name,
        "description": row.about.note,
        "owner": row.about.owner,
        "tags": row.about.tags,
        "keyPrefix": row.prefix,
        "isActive": row.enabled,
        "createdAt": Clock::rfc3339(row.created_ms),
        "lastUsedAt": instant(row.last_used_ms),
        "expiresAt": instant(row.expires_ms),
        "formerKeyUntil": instant(row.former_until_ms),
        "currentConcurrency": row.usage.active,
        "usage": {
            "daily": Sums::from(row.today),
            "total": Sums::from(row.total),
            "averages": Averages::of(&row.total, age_ms),
        },
        "limits": row.limits,
        "limitUsage": row.usage,
    });
    let more = [bound(shared, row), allowed(&row.limits), limited(&row.limits), activation(row)];
    if let Some(face) = face.as_object_mut() {
        for more in more {
            face.extend(more.as_object().cloned().unwrap_or_default());
        }
    }
    face
}

fn bound(shared: &Shared, row: &KeyRow) -> Value {
    let (mut claude, mut gemini) = (None, None);
    match row.bound.as_ref().map(|bound| &bound.binding) {
        None | Some(Binding::Any) => {}
        Some(Binding::Account(id)) => {
            let kind = shared.accounts.find(id).map(|account| account.kind);
            let is_gemini =
                kind.is_some_and(|kind| kind != AccountKind::Sandbox && kind.serves(Service::Gemini));
            *(if is_gemini { &mut gemini } else { &mut claude }) = Some(id.to_string());
        }
        Some(Binding::Group(id)) => claude = Some(format!("group:{id}")),
    }
    json!({ "claudeAccountId": claude, "geminiAccountId": gemini })
}

fn allowed(limits: &KeyLimits) -> Value {
    let permissions = match limits.services[..] {
        [Service::Claude] => "claude",
        [Service::Gemini] => "gemini",
        _ => "all",
    };
    json!({
        "permissions": permissions,
        "enableModelRestriction": !limits.blocked_models.is_empty(),
        "restrictedModels": limits.blocked_models,
        "allowedModels": limits.allowed_models,
    })
}

/// The original's limits; 0 is none. Whatever else there is stands in `limits`.
fn limited(limits: &KeyLimits) -> Value {
    let find = |measure, is_it: &dyn Fn(&Limit) -> bool| {
        limits.limits.iter().find(|limit| limit.measure == measure && is_it(limit))
    };
    let window =
        limits.limits.iter().filter(|limit| limit.models.is_none()).find_map(|limit| limit.per.minutes());
    let in_window = |limit: &Limit| limit.models.is_none() && limit.per.minutes().is_some();
    let whole = |limit: Option<&Limit>| limit.map_or(0, |limit| limit.most);
    let dollars = |per: Per| {
        let limit = find(Measure::Cost, &|limit| limit.models.is_none() && limit.per == per);
        limit.map_or_else(|| json!(0), |limit| dollars(limit.most))
    };
    let tokens = find(Measure::Tokens, &in_window)
        .or_else(|| find(Measure::Tokens, &|limit| limit.models.is_none() && limit.per == Per::Total));
    let is_opus = |limit: &Limit| {
        limit.per == Per::Minutes(WEEK_MINUTES)
            && limit.models.as_ref().is_some_and(|models| models.to_string() == OPUS)
    };
    let opus = find(Measure::Cost, &is_opus);
    json!({
        "tokenLimit": whole(tokens),
        "rateLimitWindow": window.unwrap_or(0),
        "rateLimitRequests": whole(find(Measure::Requests, &in_window)),
        "rateLimitCost": find(Measure::Cost, &in_window).map_or_else(|| json!(0), |limit| self::dollars(limit.most)),
        "concurrencyLimit": limits.concurrency.map_or(0, |concurrency| concurrency.most),
        "dailyCostLimit": dollars(Per::Day),
        "monthlyCostLimit": dollars(Per::Month),
        "totalCostLimit": dollars(Per::Total),
        "weeklyOpusCostLimit": opus.map_or_else(|| json!(0), |limit| self::dollars(limit.most)),
    })
}

fn activation(row: &KeyRow) -> Value {
    let (mode, days) = match row.limits.expiry {
        Some(Expiry::DaysAfterFirstUse(days)) => ("activation", days),
        _ => ("fixed", 0),
    };
    json!({
        "expirationMode": mode,
        "activationDays": days,
        "activationUnit": "days",
        "isActivated": row.first_used_ms.is_some(),
        "activatedAt": row.first_used_ms.map(Clock::rfc3339),
    })
}

/// Dollars as a number, as scripts read them; `limits` has them exactly.
fn dollars(nanodollars: u64) -> Value {
    plain_dollars(nanodollars).parse::<f64>().map_or(Value::Null, |dollars| json!(dollars))
}
