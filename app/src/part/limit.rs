//! The limits of a key as bars: how much is used, how much reserved, what is left and until when.

use leptos::prelude::*;
use relay::model::limit::{KeyLimits, KeyUse, LimitUse, Measure, Per};
use relay::model::money::Nanodollars;

use super::meter::Meter;
use crate::format;
use crate::moment;
use crate::preference::{use_preference, use_text};
use crate::text::{Language, Text};

/// From this part on a limit is nearly used up.
pub(crate) const NEAR: f64 = 0.8;

/// A key's limits at a moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limited {
    pub(crate) limits: KeyLimits,
    pub(crate) usage: KeyUse,
    /// When it was read, milliseconds since 1970.
    pub(crate) at_ms: i64,
}

/// The limit of which the smallest part is left, of those for all models.
pub(crate) fn tightest(usage: &KeyUse) -> Option<&LimitUse> {
    let all = usage.limits.iter().filter(|usage| usage.limit.models.is_none());
    all.max_by(|one, other| {
        (share(one.used + one.reserved, one)).total_cmp(&share(other.used + other.reserved, other))
    })
}

/// An amount of a measure in words.
pub(crate) fn amount(measure: Measure, amount: u64, language: Language) -> String {
    match measure {
        Measure::Requests => format::grouped(amount),
        Measure::Tokens => format::tokens(amount, language).text(),
        Measure::Cost => format::money(Nanodollars(i64::try_from(amount).unwrap_or(i64::MAX))),
    }
}

/// A part of a limit; all of it where the limit is nothing.
#[allow(clippy::cast_precision_loss, reason = "for display")]
pub(crate) fn share(part: u64, of: &LimitUse) -> f64 {
    if of.limit.most == 0 { 1.0 } else { part as f64 / of.limit.most as f64 }
}

/// One bar.
#[derive(Clone, Debug, PartialEq)]
struct Bar {
    name: String,
    used: String,
    of: String,
    part: f64,
    reserved: f64,
    note: String,
    until: String,
}

/// The bars, under one another; a line where there is no limit.
#[component]
pub(crate) fn Limits(#[prop(into)] limited: Signal<Option<Limited>>) -> impl IntoView {
    let text = use_text();
    let zone = use_preference().zone;
    let bars = Memo::new(move |_| {
        limited.with(|limited| limited.as_ref().map(|limited| bars(limited, &zone, text)).unwrap_or_default())
    });
    let names = move || bars.with(|bars| bars.iter().map(|bar| bar.name.clone()).collect::<Vec<_>>());
    let bar = move |name: String| {
        let own = Memo::new(move |last: Option<&Option<Bar>>| {
            let found = bars.with(|bars| bars.iter().find(|bar| bar.name == name).cloned());
            found.or_else(|| last.cloned().flatten())
        });
        view! { <Line bar=own/> }
    };
    let none = move || bars.with(Vec::is_empty).then(|| view! { <p class="none">{text.holder.no_limit}</p> });
    view! {
        {none}
        <div class="limits"><For each=names key=String::clone children=bar/></div>
    }
}

/// What solid and hatched mean, for the head of a panel.
#[component]
pub(crate) fn LimitsKey() -> impl IntoView {
    let words = &use_text().holder;
    let swatch = |class: &'static str| {
        view! {
            <svg class="meter-key" viewBox="0 0 20 6" aria-hidden="true"><rect class=class width="20" height="6"/></svg>
        }
    };
    view! {
        <div class="key-of">
            <span>{swatch("used")}{words.used}</span>
            <span>{swatch("reserved")}{words.reserved}</span>
        </div>
    }
}

#[component]
fn Line(bar: Memo<Option<Bar>>) -> impl IntoView {
    let words = &use_text().holder;
    let of = move |read: fn(&Bar) -> String| bar.with(|bar| bar.as_ref().map(read).unwrap_or_default());
    let part = move |read: fn(&Bar) -> f64| bar.with(|bar| bar.as_ref().map(read).unwrap_or_default());
    let tone = Memo::new(move |_| match part(|bar| bar.part + bar.reserved) {
        full if full >= 1.0 => "full",
        near if near >= NEAR => "near",
        _ => "",
    });
    let word = move || match tone.get() {
        "full" => words.full,
        "near" => words.near,
        _ => "",
    };
    view! {
        <div class="limit">
            <span>{move || of(|bar| bar.name.clone())}" "<span class=move || format!("next {}", tone.get())>{word}</span></span>
            <span><b>{move || of(|bar| bar.used.clone())}</b>" "<span class="quiet">{move || of(|bar| bar.of.clone())}</span></span>
            <Meter
                label=Signal::derive(move || of(|bar| bar.name.clone()))
                used=Signal::derive(move || part(|bar| bar.part))
                reserved=Signal::derive(move || part(|bar| bar.reserved))
                tone
            />
            <span class="small">{move || of(|bar| bar.note.clone())}</span>
            <span class="small">{move || of(|bar| bar.until.clone())}</span>
        </div>
    }
}

fn bars(limited: &Limited, zone: &str, text: &'static Text) -> Vec<Bar> {
    let words = &text.holder;
    let limits = limited.usage.limits.iter().map(|usage| bar_of(usage, limited.at_ms, zone, text));
    let streams = limited.limits.concurrency.map(|most| {
        let (active, most) = (u64::from(limited.usage.active), u64::from(most.most));
        let left = (words.more_may)(most.saturating_sub(active), u64::from(limited.usage.waiting));
        counted(words.at_once.to_owned(), active, most, left, text)
    });
    let free = limited.limits.free_requests.map(|rate| {
        let used = limited.usage.free_requests.unwrap_or_default();
        counted((words.free)(rate.minutes), used, rate.most, String::new(), text)
    });
    limits.chain(streams).chain(free).collect()
}

fn bar_of(usage: &LimitUse, at_ms: i64, zone: &str, text: &'static Text) -> Bar {
    let (words, limit) = (&text.holder, &usage.limit);
    let say = |count| amount(limit.measure, count, text.language);
    let models = limit.models.as_ref().map(|models| format!(" · {models}")).unwrap_or_default();
    let resets = usage.resets_ms.map(|at_ms_| {
        let left_ms = u64::try_from(at_ms_ - at_ms).unwrap_or_default().max(1000);
        let (time, span) = (moment::brief(at_ms_, at_ms, zone, text), moment::span(left_ms, text));
        if matches!(limit.per, Per::Minutes(_)) {
            (words.slides)(&time)
        } else {
            (words.resets)(&time, &span)
        }
    });
    Bar {
        name: format!("{}{models}", (words.limit_name)(limit.measure, limit.per)),
        used: say(usage.used),
        of: (words.of)(&say(limit.most)),
        part: share(usage.used, usage),
        reserved: share(usage.reserved, usage),
        note: match usage.reserved {
            0 => (words.left_over)(&say(usage.left())),
            reserved => (words.left_and_reserved)(&say(usage.left()), &say(reserved)),
        },
        until: resets.unwrap_or_default(),
    }
}

#[allow(clippy::cast_precision_loss, reason = "for display")]
fn counted(name: String, used: u64, most: u64, note: String, text: &'static Text) -> Bar {
    let part = if most == 0 { 1.0 } else { used as f64 / most as f64 };
    let of = (text.holder.of)(&format::grouped(most));
    Bar { name, used: format::grouped(used), of, part, reserved: 0.0, note, until: String::new() }
}
