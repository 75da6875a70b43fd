//! One account: what it is, and what can be done to it, each deed with its consequence beside the button.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::{AccountRow, AccountState, TestStep};
use relay::model::id::AccountId;

use super::board::Accounts;
use super::test::{Steps, TestButton, TestResult};
use super::view::Open;
use crate::api::account::{DeleteAccount, PauseAccount, ResumeAccount, TestAccount};
use crate::api::error::problems_of;
use crate::part::badge::Badge;
use crate::part::dialog::Panel;
use crate::part::field::FormProblem;
use crate::part::state::{account_state, kind_name};
use crate::part::time::Brief;
use crate::preference::use_text;

/// An account and how its test went.
type Tested = StoredValue<Option<(AccountId, Vec<TestStep>)>>;

/// The panel.
#[component]
pub(super) fn OnePanel(
    accounts: Accounts,
    /// A test that a form posted without WASM began.
    tested: Option<(AccountId, Vec<TestStep>)>,
) -> impl IntoView {
    let tested = StoredValue::new(tested);
    let text = use_text();
    let id = Memo::new(move |_| {
        accounts.view.with(|view| match &view.open {
            Open::One(id) | Open::Delete(id) => Some(id.clone()),
            Open::Nothing | Open::New => None,
        })
    });
    let row = Memo::new(move |_| {
        let id = id.get()?;
        accounts.list.shown.with(|list| list.iter().find(|account| account.id == id).cloned())
    });
    let asks = Memo::new(move |_| accounts.view.with(|view| matches!(view.open, Open::Delete(_))));
    let open = Memo::new(move |_| id.with(Option::is_some));
    let is_there = Memo::new(move |_| row.with(Option::is_some));
    let leave = Signal::derive(move || accounts.view.with(|view| view.with(Open::Nothing).href()));
    let title =
        Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default()));
    let content = move || match (is_there.get(), id.get(), asks.get()) {
        (true, Some(id), true) => view! { <AskDelete accounts row id/> }.into_any(),
        (true, Some(id), false) => {
            view! { <div class="body"><About row/><Deeds accounts row id tested/></div> }.into_any()
        }
        _ => view! { <div class="body"><p>{text.account.not_there}</p></div> }.into_any(),
    };
    view! { <Panel title open leave>{content}</Panel> }
}

#[component]
fn About(row: Memo<Option<AccountRow>>) -> impl IntoView {
    let text = use_text();
    let Some(account) = row.get_untracked() else { return ().into_any() };
    let state =
        Memo::new(move |_| row.with(|row| row.as_ref().map_or(AccountState::Able, |row| row.state.clone())));
    let tone = Signal::derive(move || account_state(&state.get(), text).0);
    let word = Signal::derive(move || account_state(&state.get(), text).1.to_owned());
    let cause = move || match state.get() {
        AccountState::Cooling { cause, .. }
        | AccountState::Parked { cause, .. }
        | AccountState::NeedsSignIn { cause, .. } => Some(cause),
        AccountState::Able | AccountState::Paused { .. } => None,
    };
    let keys = move || row.with(|row| row.as_ref().map(|row| row.bound_keys).unwrap_or_default());
    let fact = |word: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <dt>{word}</dt><dd>{value}</dd> })
    };
    let secret =
        if account.secret_hint.is_empty() { String::new() } else { format!("…{}", account.secret_hint) };
    view! {
        <dl class="facts">
            {fact(text.account.kind, kind_name(account.kind, text).to_owned())}
            <dt>{text.key.state}</dt>
            <dd><Badge tone word/> " " <span class="evidence">{cause}</span></dd>
            {fact(text.account.address, account.base_url)}
            {fact(text.account.secret, secret)}
            {fact(text.account.priority, account.priority.to_string())}
            <dt>{text.account.bound_keys}</dt><dd>{keys}</dd>
            <dt>{text.account.added}</dt><dd><Brief at_ms=account.created_ms/></dd>
        </dl>
    }
    .into_any()
}

#[component]
fn Deeds(accounts: Accounts, row: Memo<Option<AccountRow>>, id: AccountId, tested: Tested) -> impl IntoView {
    let text = &use_text().account;
    let (test, pause, resume) = (
        ServerAction::<TestAccount>::new(),
        ServerAction::<PauseAccount>::new(),
        ServerAction::<ResumeAccount>::new(),
    );
    accounts.list.follow(test.version());
    accounts.list.follow(pause.version());
    accounts.list.follow(resume.version());
    let is_able =
        Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.state == AccountState::Able)));
    let text_id = id.to_string();
    let pause_or_resume = move || {
        let id = view! { <input type="hidden" name="id" value=text_id.clone()/> };
        match is_able.get() {
            true => view! {
                <div><b>{text.pause}</b><p>{text.pause_why}</p></div>
                <ActionForm action=pause>{id}<button class="button" type="submit">{text.pause}</button></ActionForm>
            }
            .into_any(),
            false => view! {
                <div><b>{text.resume}</b><p>{text.resume_why}</p></div>
                <ActionForm action=resume>{id}<button class="button" type="submit">{text.resume}</button></ActionForm>
            }
            .into_any(),
        }
    };
    let bound =
        Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.bound_keys).unwrap_or_default()));
    let consequence = move || match bound.get() {
        0 => text.delete_why.to_owned(),
        keys => (text.delete_bound)(keys),
    };
    let href = accounts.view.with_untracked(|view| view.with(Open::Delete(id.clone())).href());
    let before = tested.get_value().filter(|(tested, _)| *tested == id).map(|(_, steps)| steps);
    let before = move || {
        // A new test takes its place.
        let steps = test.value().with(Option::is_none).then(|| before.clone()).flatten();
        steps.map(|steps| view! { <div class="tested"><Steps steps/></div> })
    };
    view! {
        <ul class="deeds">
            <li>
                <div><b>{text.test}</b><p>{text.test_why}</p></div>
                <TestButton id action=test/>
                <TestResult action=test/>
                {before}
            </li>
            <li>{pause_or_resume}</li>
            <li>
                <div><b>{text.delete.trim_end_matches('…')}</b><p>{consequence}</p></div>
                <Show when=move || bound.get() == 0>
                    <a class="button bad" href=href.clone()>{text.delete}</a>
                </Show>
            </li>
        </ul>
    }
}

#[component]
fn AskDelete(accounts: Accounts, row: Memo<Option<AccountRow>>, id: AccountId) -> impl IntoView {
    let text = &use_text().account;
    let action = ServerAction::<DeleteAccount>::new();
    accounts.list.follow(action.version());
    let problems = Signal::derive(move || action.value().with(problems_of));
    let name = row.with_untracked(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default());
    let back = accounts.view.with_untracked(|view| view.with(Open::One(id.clone())).href());
    view! {
        <div class="body">
            <div class="group">
                <h3>{(text.delete_ask)(&name)}</h3>
                <p>{(text.delete_then)(&name)}</p>
                <FormProblem problems/>
            </div>
        </div>
        <div class="acts">
            <a class="button" href=back>{text.keep_it}</a>
            <ActionForm action>
                <input type="hidden" name="id" value=id.to_string()/>
                <button class="button bad sure" type="submit" aria-busy=move || action.pending().get().to_string()>
                    {(text.delete_it)(&name)}
                </button>
            </ActionForm>
        </div>
    }
}
