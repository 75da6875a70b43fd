//! Keys for people.

use relay::clock::Clock;
use relay::model::key::{CreatedKey, KeyRow, csv};
use relay::model::limit::text::amount;
use relay::model::limit::{Concurrency, Expiry, LimitUse, Rate};

use super::table::{pairs, render};
use super::word;

/// Keys just made.
pub(super) fn created(keys: &[CreatedKey], as_csv: bool) -> String {
    if as_csv {
        return csv(keys);
    }
    let row = |key: &CreatedKey| vec![key.name.clone(), key.key.clone(), key.id.to_string()];
    format!("Shown this once:\n\n{}", render(&["name", "key", "id"], keys.iter().map(row)))
}

/// One key, with its limits and how far they are used.
pub(super) fn shown(key: &KeyRow) -> String {
    let list = |names: Vec<String>| names.join(", ");
    let instant = |at_ms: Option<i64>| at_ms.map(word::instant).unwrap_or_default();
    let limits = &key.limits;
    let rows = [
        ("name", key.name.clone()),
        ("id", key.id.to_string()),
        ("key", format!("{}…", key.prefix)),
        ("state", word::enabled(key.enabled).to_owned()),
        ("owner", key.about.owner.clone()),
        ("note", key.about.note.clone()),
        ("tags", key.about.tags.join(", ")),
        ("bound to", key.bound.as_ref().map(|bound| bound.name.clone()).unwrap_or_default()),
        (
            "services",
            list(limits.services.iter().map(|service| format!("{service:?}").to_lowercase()).collect()),
        ),
        ("may ask for", list(limits.allowed_models.iter().map(ToString::to_string).collect())),
        ("may not ask for", list(limits.blocked_models.iter().map(ToString::to_string).collect())),
        ("ends", ends(key)),
        ("former text until", instant(key.former_until_ms)),
        ("budgets", limits.budget.map(|budget| format!("{budget:?}").to_lowercase()).unwrap_or_default()),
        ("under way", under_way(key)),
        ("free requests", free(key)),
        ("requests today", key.today.requests.to_string()),
        ("tokens today", key.today.tokens.all().to_string()),
        ("cost today", word::dollars(key.today.cost)),
        ("first used", instant(key.first_used_ms)),
        ("last used", instant(key.last_used_ms)),
    ];
    let facts = pairs(rows.into_iter().filter(|(_, value)| !value.is_empty()));
    if key.usage.limits.is_empty() {
        return facts;
    }
    let head = ["limit", "used", "reserved", "left", "resets"];
    format!("{facts}\n{}", render(&head, key.usage.limits.iter().map(limit)))
}

fn limit(usage: &LimitUse) -> Vec<String> {
    let shown = |number| amount(usage.limit.measure, number);
    vec![
        usage.limit.to_string(),
        shown(usage.used),
        shown(usage.reserved),
        shown(usage.left()),
        usage.resets_ms.map(word::instant).unwrap_or_default(),
    ]
}

fn ends(key: &KeyRow) -> String {
    match (key.expires_ms, key.limits.expiry) {
        (Some(at_ms), _) => Clock::rfc3339(at_ms),
        (None, Some(Expiry::DaysAfterFirstUse(days))) => format!("{days} days after its first use"),
        (None, _) => String::new(),
    }
}

fn under_way(key: &KeyRow) -> String {
    match key.limits.concurrency {
        None => key.in_flight.to_string(),
        Some(Concurrency { most, wait_ms }) => {
            let wait =
                if wait_ms > 0 { format!(", others wait for up to {wait_ms} ms") } else { String::new() };
            format!("{} of {most}{wait}", key.usage.active)
        }
    }
}

fn free(key: &KeyRow) -> String {
    let Some(Rate { most, minutes }) = key.limits.free_requests else { return String::new() };
    format!("{} of {most} in {minutes} min", key.usage.free_requests.unwrap_or(0))
}
