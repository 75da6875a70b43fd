//! The head of the page: state, plan, what is done most; and the figures of today.

use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountState};

use super::One;
use crate::api::account::ResumeAccount;
use crate::format;
use crate::moment::{self, use_clock};
use crate::page::account::again::SignAgain;
use crate::page::account::resume::ResumeButton;
use crate::part::badge::Ground;
use crate::part::figure::Figure;
use crate::part::state::{account_state, kind_name};
use crate::preference::{use_preference, use_text};

/// State, plan, and the button that the state asks for.
#[component]
pub(super) fn Head(one: One) -> impl IntoView {
    let text = use_text();
    let resume = ServerAction::<ResumeAccount>::new();
    one.fresh.follow(resume.version());
    let id = one.id.get_value();
    let tone = Signal::derive(move || account_state(&one.state.get(), text).0);
    let word = Signal::derive(move || account_state(&one.state.get(), text).1.to_owned());
    let plan = move || {
        one.row.with(|row| {
            let row = row.as_ref()?;
            let plan = row.identity.plan_label();
            let kind = kind_name(row.kind, text);
            Some(if plan.is_empty() { kind.to_owned() } else { format!("{kind}, {plan}") })
        })
    };
    let share =
        move || one.row.with(|row| row.as_ref().map(|row| (text.account.share_is)(row.priority, row.weight)));
    let is_sandbox =
        one.row.with_untracked(|row| row.as_ref().is_some_and(|row| row.kind == AccountKind::Sandbox));
    let needed = Memo::new(move |_| match one.state.get() {
        AccountState::Able | AccountState::Cooling { .. } => 0,
        AccountState::NeedsSignIn { .. } => 1,
        AccountState::Parked { .. } | AccountState::Paused { .. } => 2,
    });
    let deed = move || match needed.get() {
        0 => ().into_any(),
        1 => view! { <SignAgain id=id.clone() main=true/> }.into_any(),
        _ => view! { <ResumeButton id=id.clone() action=resume main=true/> }.into_any(),
    };
    view! {
        <div class="title">
            <div class="badges">
                <Ground tone word/>
                <span class="quiet">{plan}</span>
                {(!is_sandbox).then(|| view! { <span class="quiet">{share}</span> })}
            </div>
            <div class="buttons end">{deed}</div>
        </div>
    }
}

/// What it did today, and when it is able again.
#[component]
pub(super) fn Figures(one: One) -> impl IntoView {
    let text = use_text();
    let label = &text.detail;
    let (clock, zone) = (use_clock(), use_preference().zone);
    let row = one.row;
    let today = move || row.with(|row| row.as_ref().map(|row| row.today).unwrap_or_default());
    let answered = Signal::derive(move || {
        let answered = row.with(|row| row.as_ref().map(|row| row.answered).unwrap_or_default());
        #[allow(clippy::cast_precision_loss, reason = "whole percent are shown")]
        let percent = format::percent(answered.answered as f64, answered.of as f64);
        percent.map_or_else(|| label.no_attempt_today.to_owned(), |percent| (label.answered)(&percent))
    });
    let tokens =
        Signal::derive(move || (label.tokens)(&format::tokens(today().tokens.all(), text.language).text()));
    let most = Signal::derive(move || {
        let most = row.with(|row| row.as_ref().and_then(|row| row.concurrency));
        most.map_or_else(|| label.no_most.to_owned(), label.of_most)
    });
    let until_ms = Memo::new(move |_| match one.state.get() {
        AccountState::Cooling { until_ms, .. } => Some(until_ms),
        _ => None,
    });
    let again = move || {
        let until_ms = until_ms.get()?;
        let zone = zone.clone();
        let time = Signal::derive(move || moment::brief(until_ms, clock.now_ms(), &zone, text));
        let left = Signal::derive(move || {
            let left_ms = u64::try_from(until_ms - clock.now_ms()).unwrap_or_default();
            (label.in_span)(&moment::span(left_ms.max(1000), text))
        });
        Some(view! { <Figure label=label.able_again value=time note=left href="#state" hero=true/> })
    };
    view! {
        <dl class="figures level">
            {again}
            <Figure
                label=label.requests_today
                value=Signal::derive(move || format::grouped(today().requests))
                note=answered
                href="#attempts"
            />
            <Figure
                label=label.cost_today
                value=Signal::derive(move || format::money(today().cost))
                note=tokens
                href="#attempts"
            />
            <Figure
                label=label.streams
                value=Signal::derive(move || row.with(|row| row.as_ref().map_or(0, |row| row.in_flight)).to_string())
                note=most
                href="#settings"
            />
        </dl>
    }
}
