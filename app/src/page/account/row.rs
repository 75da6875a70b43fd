//! One account in the list. It stays the same line while its figures move.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountRow, AccountState};
use relay::model::id::AccountId;

use super::board::Accounts;
use super::test::{TestButton, TestResult};
use super::view::Open;
use crate::api::account::{ResumeAccount, TestAccount};
use crate::format;
use crate::moment::{self, use_clock};
use crate::part::badge::Badge;
use crate::part::icon::Icon;
use crate::part::quantity::{Money, Tokens};
use crate::part::state::{account_detail, account_state, kind_name};
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
    let opened = id.clone();
    let href = Signal::derive(move || accounts.view.with(|view| view.with(Open::One(opened.clone())).href()));
    let name =
        Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default()));
    let is_out = Memo::new(move |_| {
        row.with(|row| {
            let state = row.as_ref().map(|row| &row.state);
            let is_out =
                |state: &AccountState| !matches!(state, AccountState::Able | AccountState::Cooling { .. });
            state.is_some_and(is_out)
        })
    });
    let resumed = id.to_string();
    let resume_form = move || {
        let id = resumed.clone();
        view! {
            <ActionForm action=resume>
                <input type="hidden" name="id" value=id/>
                <button class="button tiny" type="submit"><Icon name="play"/>{text.account.resume}</button>
            </ActionForm>
        }
    };
    let act = move || match is_out.get() {
        true => resume_form().into_any(),
        false => view! { <TestButton id=id.clone() action=test tiny=true/> }.into_any(),
    };
    let anchor = row.with_untracked(|row| row.as_ref().map(|row| row.id.to_string()));
    view! {
        <li class=move || if is_out.get() { "account off" } else { "account" } id=anchor>
            <div class="name"><b><a class="plain" href=href>{name}</a></b><Facts row/></div>
            <State row/>
            <div class="windows"><Billing row/></div>
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

/// Kind, address, secret, priority.
#[component]
fn Facts(row: Memo<Option<AccountRow>>) -> impl IntoView {
    let text = use_text();
    let facts = move || {
        row.with(|row| {
            let row = row.as_ref()?;
            let kind = kind_name(row.kind, text);
            let host = row.base_url.split_once("://").map(|(_, host)| host.to_owned());
            let secret = (!row.secret_hint.is_empty()).then(|| (text.account.secret_ends)(&row.secret_hint));
            let facts = [Some(kind.to_owned()), host, secret, Some((text.account.priority_is)(row.priority))];
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
    view! { <div class="state"><Badge tone word/><span>{detail}</span>{cause}</div> }
}

#[component]
fn Billing(row: Memo<Option<AccountRow>>) -> impl IntoView {
    let text = &use_text().account;
    let said = move || match row.with(|row| row.as_ref().map(|row| row.kind)) {
        Some(AccountKind::Sandbox) => text.made_up,
        _ => text.per_token,
    };
    view! { <span class="none">{said}</span> }
}

#[component]
fn Today(row: Memo<Option<AccountRow>>) -> impl IntoView {
    let text = &use_text().account;
    let today = move || row.with(|row| row.as_ref().map(|row| row.today).unwrap_or_default());
    let streams = move || match row.with(|row| row.as_ref().map_or(0, |row| row.in_flight)) {
        0 => "–".to_owned(),
        streams => streams.to_string(),
    };
    view! {
        <dl class="facts">
            <dt>{text.streams}</dt><dd>{streams}</dd>
            <dt>{text.requests_today}</dt><dd>{move || format::grouped(today().requests)}</dd>
            <dt>{text.tokens_today}</dt><dd><Tokens count=Signal::derive(move || today().tokens.all())/></dd>
            <dt>{text.cost_today}</dt><dd><Money amount=Signal::derive(move || today().cost)/></dd>
        </dl>
    }
}
