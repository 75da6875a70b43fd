//! The head of the page: state, whose it is, what is done most; and the figures of today.

use leptos::prelude::*;
use relay::model::explore::{Measure, Narrowing, Question, Span};

use super::One;
use crate::address::key::{EDIT, with_panel};
use crate::address::request::Calls;
use crate::address::usage::explorer;
use crate::format;
use crate::moment::{self, use_clock};
use crate::page::key::status::Status;
use crate::part::badge::Ground;
use crate::part::figure::Figure;
use crate::part::icon::Icon;
use crate::part::limit::{amount, tightest};
use crate::preference::{use_preference, use_text};

/// State, beginning, owner, end.
#[component]
pub(super) fn Head(one: One) -> impl IntoView {
    let text = use_text();
    let (clock, zone) = (use_clock(), use_preference().zone);
    let status = Memo::new(move |_| {
        let now_ms = clock.now_ms_untracked();
        one.row.with(|row| row.as_ref().map_or(Status::Disabled, |row| Status::of(row, now_ms)))
    });
    let until = {
        let zone = zone.clone();
        move || {
            let at_ms = one.of(|row| row.expires_ms)?;
            Some((text.state.until)(&moment::brief(at_ms, clock.now_ms_untracked(), &zone, text)))
        }
    };
    let former = move || {
        let at_ms = one.of(|row| row.former_until_ms)?;
        Some((text.key.former_until)(&moment::brief(at_ms, clock.now_ms_untracked(), &zone, text)))
    };
    view! {
        <div class="title">
            <div class="badges">
                <Ground
                    tone=Signal::derive(move || status.get().tone())
                    word=Signal::derive(move || status.get().word(text).to_owned())
                />
                <span class="mono quiet">{move || one.of(|row| format!("{}…", row.prefix))}</span>
                <span class="quiet">{move || one.of(|row| row.about.owner.clone())}</span>
                <span class="quiet">{until}</span>
                <span class="quiet">{former}</span>
            </div>
            <div class="buttons end">
                <a class="button" href="#deeds"><Icon name="refresh"/>{text.key.rotate}</a>
                <a class="button" href=with_panel(&one.id.get_value(), EDIT)><Icon name="edit"/>{text.key.edit}</a>
            </div>
        </div>
    }
}

/// What is left of the nearest limit, and what the key did today.
#[component]
pub(super) fn Figures(one: One) -> impl IntoView {
    let text = use_text();
    let words = &text.holder;
    let used = Memo::new(move |_| one.of(|row| row.today));
    let tight = Memo::new(move |_| one.of(|row| tightest(&row.usage).cloned()));
    let left = move || {
        tight.get().map(|tight| {
            let limit = &tight.limit;
            let value = amount(limit.measure, tight.left(), text.language);
            let note = (words.of)(&amount(limit.measure, limit.most, text.language));
            view! {
                <div class="figure hero">
                    <dt>{(words.left)(limit.measure, limit.per)}</dt>
                    <dd class="value"><a href="#limits">{value}</a></dd>
                    <dd class="note">{note}</dd>
                </div>
            }
        })
    };
    let tokens = move || format::tokens(used.get().tokens.all(), text.language);
    #[allow(clippy::cast_precision_loss, reason = "for display")]
    let cached = move || {
        let tokens = used.get().tokens;
        let percent = format::percent(tokens.cache_read as f64, tokens.all() as f64);
        percent.map(|percent| (text.dashboard.from_cache)(&format!("{percent}\u{202f}%"))).unwrap_or_default()
    };
    let waiting = move || match one.of(|row| (row.usage.waiting, row.limits.concurrency)) {
        (waiting, Some(concurrency)) => {
            let free = concurrency.most.saturating_sub(one.of(|row| row.usage.active));
            (words.more_may)(free.into(), waiting.into())
        }
        (_, None) => text.key.no_limit.to_owned(),
    };
    let only = Narrowing { key: Some(one.id.get_value()), ..Narrowing::default() };
    let calls = Calls { only: only.clone(), ..Calls::within(Span::Today) }.href();
    let today = |measure| {
        explorer(&Question { span: Span::Today, measure, only: only.clone(), ..Question::default() })
    };
    view! {
        <dl class="figures level">
            {left}
            <Figure
                label=words.cost_today
                value=Signal::derive(move || format::money(used.get().cost))
                note=Signal::stored(words.list_price.to_owned())
                href=today(Measure::Cost)
            />
            <Figure
                label=words.requests_today
                value=Signal::derive(move || format::grouped(used.get().requests))
                note=Signal::derive(move || {
                    format!("{}: {}", text.dashboard.refused_or_failed, format::grouped(used.get().failed))
                })
                href=calls
            />
            <Figure
                label=words.tokens_today
                value=Signal::derive(move || tokens().number)
                unit=Signal::derive(move || tokens().unit.to_owned())
                note=Signal::derive(cached)
                href=today(Measure::Tokens)
            />
            <Figure
                label=text.key.under_way
                value=Signal::derive(move || one.of(|row| row.in_flight).to_string())
                note=Signal::derive(waiting)
                href="#limits"
            />
        </dl>
    }
}
