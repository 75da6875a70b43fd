//! One account in the list. It stays the same line while its figures move.

use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountRow, AccountState};
use relay::model::cooldown::CooldownRow;
use relay::model::id::AccountId;

use super::again::SignAgain;
use super::board::Accounts;
use super::cooldown::InShort;
use super::resume::ResumeButton;
use super::test::{TestButton, TestResult};
use crate::address::account::one;
use crate::api::account::{ResumeAccount, TestAccount};
use crate::format;
use crate::moment::{self, use_clock};
use crate::part::badge::Badge;
use crate::part::icon::Icon;
use crate::part::quantity::Money;
use crate::part::state::{account_detail, account_state, kind_name};
use crate::part::window::Windows;
use crate::preference::{use_preference, use_text};

/// The line.
#[component]
pub(super) fn Line(id: AccountId, accounts: Accounts) -> impl IntoView {
    let text = use_text();
    let sought = id.clone();
    let row = Memo::new(move |last: Option<&Option<AccountRow>>| {
        let found =
            accounts.list.shown.with(|list| list.iter().find(|account| account.id == sought).cloned());
        // Gone from the list: this line goes too, in a moment.
        found.or_else(|| last.cloned().flatten())
    });
    let test = ServerAction::<TestAccount>::new();
    let resume = ServerAction::<ResumeAccount>::new();
    accounts.list.follow(test.version());
    accounts.list.follow(resume.version());
    let href = one(&id);
    let name =
        Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default()));
    let needed = Memo::new(move |_| {
        row.with(|row| match row.as_ref().map(|row| &row.state) {
            Some(AccountState::NeedsSignIn { .. }) => Deed::SignIn,
            Some(AccountState::Parked { .. } | AccountState::Paused { .. }) => Deed::Resume,
            _ => Deed::Test,
        })
    });
    let act_on = id.clone();
    let act = move || match needed.get() {
        Deed::SignIn => view! { <SignAgain id=act_on.clone() tiny=true main=true/> }.into_any(),
        Deed::Resume => view! { <ResumeButton id=act_on.clone() action=resume tiny=true/> }.into_any(),
        Deed::Test => view! { <TestButton id=act_on.clone() action=test tiny=true/> }.into_any(),
    };
    let class = move || if needed.get() == Deed::Test { "account" } else { "account off" };
    view! {
        <li class=class id=id.to_string()>
            <div class="name"><b><a class="plain" href=href.clone()>{name}</a></b><Facts row/></div>
            <State row/>
            <div class="windows"><Room row/></div>
            <Today row/>
            <div class="buttons">
                {act}
                <a class="button tiny square bare" href=href aria-label=move || (text.account.more_of)(&name.get())>
                    <Icon name="more"/>
                </a>
            </div>
            <TestResult action=test/>
        </li>
    }
}

/// What an account needs most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Test,
    Resume,
    SignIn,
}

/// Plan or kind, proxy, its share of the calls.
#[component]
fn Facts(row: Memo<Option<AccountRow>>) -> impl IntoView {
    let text = use_text();
    let facts = move || {
        row.with(|row| {
            let row = row.as_ref()?;
            let kind = kind_name(row.kind, text);
            let plan = row.identity.plan_label();
            let kind = if plan.is_empty() { kind.to_owned() } else { format!("{kind}, {plan}") };
            let proxy = row.proxy.as_ref().map(|proxy| (text.account.proxy_is)(&proxy.host));
            let is_real = row.kind != AccountKind::Sandbox;
            let share = is_real.then(|| (text.account.share_is)(row.priority, row.weight));
            let facts = [Some(kind), row.identity.email.clone(), proxy, share];
            Some(facts.into_iter().flatten().map(|fact| view! { <span>{fact}</span> }).collect_view())
        })
    };
    view! { <small class="lines">{facts}</small> }
}

/// Can it serve, and if not, why and until when.
#[component]
fn State(row: Memo<Option<AccountRow>>) -> impl IntoView {
    let text = use_text();
    let (clock, zone) = (use_clock(), use_preference().zone);
    let state =
        Memo::new(move |_| row.with(|row| row.as_ref().map_or(AccountState::Able, |row| row.state.clone())));
    let used_ms = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.last_used_ms)));
    let detail = move || {
        let now_ms = clock.now_ms();
        match (state.get(), used_ms.get()) {
            (AccountState::Able, Some(at_ms)) => {
                (text.account.last_answer)(&moment::ago(at_ms, now_ms, text))
            }
            (AccountState::Able, None) => text.account.never_used.to_owned(),
            (state, _) => {
                let detail = account_detail(&state, now_ms, &zone, text);
                format!("{detail}; {}", text.account.no_calls)
            }
        }
    };
    let cause = move || match state.get() {
        AccountState::Cooling { cause, .. }
        | AccountState::Parked { cause, .. }
        | AccountState::NeedsSignIn { cause, .. } => Some(view! { <span class="evidence">{cause}</span> }),
        AccountState::Able | AccountState::Paused { .. } => None,
    };
    let tone = Signal::derive(move || account_state(&state.get(), text).0);
    let word = Signal::derive(move || account_state(&state.get(), text).1.to_owned());
    // What keeps the whole account out is its state already.
    let others = Memo::new(move |_| {
        let is_other = |row: &&CooldownRow| row.family.is_some() || !row.keeps_out;
        row.with(|row| {
            let cooldowns = row.as_ref().map(|row| row.cooldowns.as_slice()).unwrap_or_default();
            cooldowns.iter().filter(is_other).cloned().collect::<Vec<_>>()
        })
    });
    let others =
        move || others.get().into_iter().map(|cooldown| view! { <InShort cooldown/> }).collect_view();
    view! { <div class="state"><Badge tone word/><span>{detail}</span>{cause}{others}</div> }
}

/// What limits it.
#[component]
fn Room(row: Memo<Option<AccountRow>>) -> impl IntoView {
    let text = use_text();
    let said = move || match row.with(|row| row.as_ref().map(|row| row.kind)) {
        Some(AccountKind::Sandbox) => text.account.made_up,
        Some(AccountKind::ClaudeOauth | AccountKind::GeminiOauth) => text.detail.windows_later,
        _ => text.account.per_token,
    };
    let readings =
        Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.windows.clone()).unwrap_or_default()));
    let has_any = Memo::new(move |_| readings.with(|readings| !readings.is_empty()));
    let idle = Signal::derive(move || {
        row.with(|row| {
            row.as_ref()
                .is_some_and(|row| !matches!(row.state, AccountState::Able | AccountState::Cooling { .. }))
        })
    });
    move || match has_any.get() {
        true => view! { <Windows readings idle/> }.into_any(),
        false => view! { <span class="none">{said}</span> }.into_any(),
    }
}

#[component]
fn Today(row: Memo<Option<AccountRow>>) -> impl IntoView {
    let text = &use_text().account;
    let today = move || row.with(|row| row.as_ref().map(|row| row.today).unwrap_or_default());
    let streams = move || {
        row.with(|row| match row.as_ref().map(|row| (row.in_flight, row.concurrency)) {
            Some((streams, Some(most))) => (text.streams_of)(streams, most),
            Some((0, None)) | None => "–".to_owned(),
            Some((streams, None)) => streams.to_string(),
        })
    };
    let answered = move || {
        let answered = row.with(|row| row.as_ref().map(|row| row.answered).unwrap_or_default());
        #[allow(clippy::cast_precision_loss, reason = "whole percent are shown")]
        let percent = format::percent(answered.answered as f64, answered.of as f64);
        percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent}\u{202f}%"))
    };
    view! {
        <dl class="facts">
            <dt>{text.streams}</dt><dd>{streams}</dd>
            <dt>{text.answered_today}</dt><dd>{answered}</dd>
            <dt>{text.requests_today}</dt><dd>{move || format::grouped(today().requests)}</dd>
            <dt>{text.cost_today}</dt><dd><Money amount=Signal::derive(move || today().cost)/></dd>
        </dl>
    }
}
