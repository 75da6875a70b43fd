//! What a script says of a key, in the original's words; `limits` says all that those cannot.

use serde_json::Value;

use super::super::body::Fields;
use super::super::reply::Refused;
use super::face::{OPUS, WEEK_MINUTES};
use crate::clock::Clock;
use crate::model::account::Service;
use crate::model::id::{AccountId, GroupId};
use crate::model::key::{Binding, KeyAbout, KeyChange, KeyRow, NewKey};
use crate::model::limit::pattern::Pattern;
use crate::model::limit::text::dollars;
use crate::model::limit::{Concurrency, Expiry, KeyLimits, Limit, Measure, Per};
use crate::state::Shared;

/// A new key; its name is in the field of that name.
pub(super) fn new_key(shared: &Shared, fields: &Fields, name: &str) -> Result<NewKey, Refused> {
    let about = KeyAbout {
        note: fields.text("description")?.unwrap_or_default(),
        owner: fields.text("owner")?.unwrap_or_default(),
        tags: fields.texts("tags")?.unwrap_or_default(),
    };
    Ok(NewKey {
        name: fields.text(name)?.unwrap_or_default(),
        binding: binding(fields)?.unwrap_or_default(),
        about,
        limits: limits(fields, &shared.config.limits.key)?,
    })
}

/// A change; what is not named stays.
pub(super) fn change(fields: &Fields, row: &KeyRow) -> Result<KeyChange, Refused> {
    Ok(KeyChange {
        name: fields.text("name")?,
        note: fields.text("description")?,
        owner: fields.text("owner")?,
        tags: fields.texts("tags")?,
        enabled: fields.flag("isActive")?,
        binding: binding(fields)?,
        limits: limits(fields, &row.limits)?,
        end_streams: fields.flag("endStreams")?.unwrap_or(false),
    })
}

/// The instant in a field; nothing for none.
pub(super) fn instant(fields: &Fields, name: &str) -> Result<Option<i64>, Refused> {
    let text = fields.text(name)?.filter(|text| !text.is_empty());
    let read = |text: String| Clock::instant_ms(&text).ok_or_else(|| Refused::field(name, "an instant"));
    text.map(read).transpose()
}

/// An account's id, or `group:` and a group's; of the original's several fields one may have a value.
fn binding(fields: &Fields) -> Result<Option<Binding>, Refused> {
    let (mut said, mut found) = (false, None);
    for name in ["claudeAccountId", "claudeConsoleAccountId", "geminiAccountId"] {
        said |= fields.has(name);
        let Some(id) = fields.text(name)?.filter(|id| !id.is_empty()) else { continue };
        let binding = match id.strip_prefix("group:") {
            Some(id) => Binding::Group(GroupId::new(id)),
            None => Binding::Account(AccountId::new(id.strip_prefix("api:").unwrap_or(&id).to_owned())),
        };
        if found.replace(binding.clone()).is_some_and(|other| other != binding) {
            return Err(Refused::field(name, "the only account or group that the key is bound to"));
        }
    }
    Ok(said.then(|| found.unwrap_or_default()))
}

/// The limits that the fields make of those in `base`; nothing if they name none.
fn limits(fields: &Fields, base: &KeyLimits) -> Result<Option<KeyLimits>, Refused> {
    let mut limits = match fields.value("limits") {
        None | Some(Value::Null) => base.clone(),
        Some(whole) => serde_json::from_value(whole.clone()).map_err(|error| {
            Refused::field("limits", &format!("limits as docs/limits.md has them ({error})"))
        })?,
    };
    services(fields, &mut limits)?;
    models(fields, &mut limits)?;
    expiry(fields, &mut limits)?;
    rates(fields, &mut limits)?;
    for (name, per, models) in [
        ("dailyCostLimit", Per::Day, None),
        ("monthlyCostLimit", Per::Month, None),
        ("totalCostLimit", Per::Total, None),
        ("weeklyOpusCostLimit", Per::Minutes(WEEK_MINUTES), Pattern::new(OPUS).ok()),
    ] {
        if let Some(most) = money(fields, name)? {
            set(&mut limits, Limit { measure: Measure::Cost, most, per, models });
        }
    }
    if let Some(most) = fields.number("concurrencyLimit")? {
        let most = u32::try_from(most).map_err(|_| Refused::field("concurrencyLimit", "a number"))?;
        let wait_ms = limits.concurrency.map_or(0, |concurrency| concurrency.wait_ms);
        limits.concurrency = (most > 0).then_some(Concurrency { most, wait_ms });
    }
    Ok((limits != *base || fields.has("limits")).then_some(limits))
}

/// `all`, one, or a list of them; an empty list is all.
fn services(fields: &Fields, limits: &mut KeyLimits) -> Result<(), Refused> {
    let wrong = || Refused::field("permissions", "all, claude or gemini");
    let names = match fields.value("permissions") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(text)) => text.split(',').map(|name| name.trim().to_owned()).collect(),
        Some(_) => fields.texts("permissions")?.unwrap_or_default(),
    };
    limits.services.clear();
    for name in names {
        match name.as_str() {
            "all" | "" => {}
            "claude" => limits.services.push(Service::Claude),
            "gemini" => limits.services.push(Service::Gemini),
            _ => return Err(wrong()),
        }
    }
    limits.services.dedup();
    Ok(())
}

fn models(fields: &Fields, limits: &mut KeyLimits) -> Result<(), Refused> {
    let patterns = |name: &str| -> Result<Option<Vec<Pattern>>, Refused> {
        let read = |text: &String| Pattern::new(text).map_err(|_| Refused::field(name, "a list of models"));
        fields.texts(name)?.map(|texts| texts.iter().map(read).collect()).transpose()
    };
    if let Some(blocked) = patterns("restrictedModels")? {
        limits.blocked_models = blocked;
    }
    if let Some(allowed) = patterns("allowedModels")? {
        limits.allowed_models = allowed;
    }
    if fields.flag("enableModelRestriction")? == Some(false) {
        limits.blocked_models.clear();
    }
    Ok(())
}

fn expiry(fields: &Fields, limits: &mut KeyLimits) -> Result<(), Refused> {
    let days =
        fields.number("activationDays")?.and_then(|days| u32::try_from(days).ok()).filter(|days| *days > 0);
    match (fields.text("expirationMode")?.as_deref(), days) {
        (Some("activation"), Some(days)) => {
            let days = match fields.text("activationUnit")?.as_deref() {
                None | Some("days" | "") => days,
                Some("hours") if days.is_multiple_of(24) => days / 24,
                _ => return Err(Refused::field("activationUnit", "days, or hours that are whole days")),
            };
            limits.expiry = Some(Expiry::DaysAfterFirstUse(days));
        }
        (Some("activation"), None) => return Err(Refused::field("activationDays", "a number above 0")),
        _ if fields.has("expiresAt") => limits.expiry = instant(fields, "expiresAt")?.map(Expiry::At),
        _ => {}
    }
    Ok(())
}

/// Requests, tokens and money in one window. Tokens without a window are a budget in total.
fn rates(fields: &Fields, limits: &mut KeyLimits) -> Result<(), Refused> {
    let present =
        limits.limits.iter().filter(|limit| limit.models.is_none()).find_map(|limit| limit.per.minutes());
    let count = |name: &str| -> Result<Option<u64>, Refused> {
        let number = fields.number(name)?;
        number.map(|number| u64::try_from(number).map_err(|_| Refused::field(name, "a number"))).transpose()
    };
    let window = match count("rateLimitWindow")? {
        None => present,
        Some(0) => None,
        Some(minutes) => {
            Some(u32::try_from(minutes).map_err(|_| Refused::field("rateLimitWindow", "minutes"))?)
        }
    };
    if fields.has("rateLimitWindow") && window != present {
        for limit in limits.limits.iter_mut().filter(|limit| limit.models.is_none()) {
            if let (Per::Minutes(minutes), Some(window)) = (&mut limit.per, window) {
                *minutes = window;
            }
        }
        if window.is_none() {
            limits.limits.retain(|limit| limit.models.is_some() || limit.per.minutes().is_none());
        }
    }
    let per = window.map_or(Per::Total, Per::Minutes);
    if let Some(most) = count("tokenLimit")? {
        set(limits, Limit { measure: Measure::Tokens, most, per, models: None });
    }
    for (name, measure, most) in [
        ("rateLimitRequests", Measure::Requests, count("rateLimitRequests")?),
        ("rateLimitCost", Measure::Cost, money(fields, "rateLimitCost")?),
    ] {
        match (most, window) {
            (Some(most), Some(minutes)) => {
                set(limits, Limit { measure, most, per: Per::Minutes(minutes), models: None })
            }
            (Some(1..), None) => {
                return Err(Refused::field("rateLimitWindow", &format!("given with {name}")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Sets a limit; 0 takes it away.
fn set(limits: &mut KeyLimits, limit: Limit) {
    if limit.most == 0 {
        limits.limits.retain(|other| !other.is_same_kind(&limit));
    } else {
        limits.set(limit);
    }
}

/// Dollars, as a number or a text, in nano-dollars.
fn money(fields: &Fields, name: &str) -> Result<Option<u64>, Refused> {
    let text = fields.text(name)?.filter(|text| !text.trim().is_empty());
    let read = |text: String| {
        dollars(text.trim()).ok_or_else(|| Refused::field(name, "dollars, with up to 9 decimals"))
    };
    text.map(read).transpose()
}
