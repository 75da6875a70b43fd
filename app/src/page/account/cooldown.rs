//! An account's cooldowns: what keeps calls away, or makes them go elsewhere first, until when and why.

use leptos::prelude::*;
use relay::model::cooldown::CooldownRow;

use crate::moment::{self, use_clock};
use crate::part::badge::{Badge, Tone};
use crate::preference::{use_preference, use_text};

/// In two lines, for the list.
#[component]
pub(super) fn InShort(cooldown: CooldownRow) -> impl IntoView {
    view! { <Name cooldown=cooldown.clone()/> <Until cooldown/> }
}

/// With all that is known of it.
#[component]
pub(super) fn InFull(cooldown: CooldownRow) -> impl IntoView {
    let whole = use_text();
    let text = &whole.detail;
    let (clock, zone) = (use_clock(), use_preference().zone);
    let (since_ms, probe_ms, probing) = (cooldown.since_ms, cooldown.probe_ms, cooldown.probing);
    let effect = if cooldown.keeps_out { text.no_calls } else { text.after_others };
    let strikes = (cooldown.strikes > 1).then(|| (text.strikes)(cooldown.strikes));
    let facts = move || {
        let now_ms = clock.now_ms();
        let brief = |at_ms: i64| moment::brief(at_ms, now_ms, &zone, whole);
        let probe = match (probing, probe_ms) {
            (true, _) => Some(text.trying.to_owned()),
            (false, Some(at_ms)) => Some((text.next_try)(&brief(at_ms))),
            (false, None) => None,
        };
        let facts = [Some((text.since)(&brief(since_ms))), Some(effect.to_owned()), strikes.clone(), probe];
        facts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    };
    let words = cooldown.words.clone();
    view! {
        <li>
            <Name cooldown=cooldown.clone()/>
            <Until cooldown/>
            <span class="small quiet">{facts}</span>
            <span class="evidence">{words}</span>
        </li>
    }
}

#[component]
fn Name(cooldown: CooldownRow) -> impl IntoView {
    let word = (use_text().detail.cooldown)(cooldown.cause, cooldown.family.as_deref());
    let tone = if cooldown.keeps_out { Tone::Notice } else { Tone::Warn };
    view! { <Badge tone word/> }
}

/// Its end, and how long that is.
#[component]
fn Until(cooldown: CooldownRow) -> impl IntoView {
    let text = use_text();
    let (clock, zone) = (use_clock(), use_preference().zone);
    let until = move || {
        let now_ms = clock.now_ms();
        let left_ms = u64::try_from(cooldown.until_ms - now_ms).unwrap_or_default();
        let until = moment::brief(cooldown.until_ms, now_ms, &zone, text);
        (text.detail.until_left)(&until, &moment::span(left_ms.max(1000), text))
    };
    view! { <span>{until}</span> }
}
