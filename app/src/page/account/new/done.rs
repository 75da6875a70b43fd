//! The last step: the account is there. Whose it is, what it has left, and what to do next.

use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountRow};

use super::line::{At, Line};
use crate::address::Address;
use crate::address::account::{Step, one};
use crate::api::account::TestAccount;
use crate::page::account::owner::Owner;
use crate::page::account::test::{TestButton, TestResult};
use crate::part::badge::{Badge, Tone};
use crate::part::icon::Icon;
use crate::part::notice::Notice;
use crate::part::window::Windows;
use crate::preference::use_text;
use crate::room::{ACCOUNTS, KEYS};

/// The account that was made, or signed in to anew.
#[component]
pub(super) fn DoneStep(account: Option<AccountRow>) -> impl IntoView {
    let text = use_text();
    let Some(account) = account else {
        return view! {
            <Notice tone=Tone::Warn title=text.wizard.gone>
                <a class="button tiny" href=ACCOUNTS.path>{text.frame.accounts}</a>
            </Notice>
        }
        .into_any();
    };
    let action = ServerAction::<TestAccount>::new();
    let is_sandbox = account.kind == AccountKind::Sandbox;
    let why = if is_sandbox { text.wizard.sandbox_why } else { text.wizard.done_why };
    let key = Address::new(KEYS.path).with("panel", "new").with("for", account.id.as_str()).text();
    let windows = (!account.windows.is_empty()).then(|| {
        let (readings, idle) = (Signal::stored(account.windows.clone()), Signal::stored(false));
        view! { <div class="windows group"><Windows readings idle/></div> }
    });
    let title = (text.wizard.done_title)(&account.name);
    let short = super::line::in_short(
        &account.name,
        &relay::model::account::AccountSettings { proxy: account.proxy.clone(), ..Default::default() },
    );
    view! {
        <div class="wizard">
            <Line at=At::Done kind=Some(account.kind) settings=short/>
            <section class="sheet" aria-labelledby="done-title">
                <header>
                    <h2 id="done-title">{title}</h2>
                    <Badge tone=Tone::Ok word=text.state.able/>
                    <span class="small quiet">{why}</span>
                </header>
                <Owner account=account.clone()/>
                {windows}
                <ul class="deeds">
                    <li>
                        <div><b>{text.account.test}</b><p>{text.account.test_why}</p></div>
                        <TestButton id=account.id.clone() action/>
                        <TestResult action/>
                    </li>
                    <li>
                        <div><b>{text.wizard.make_key}</b><p>{text.wizard.make_key_why}</p></div>
                        <a class="button" href=key><Icon name="keys"/>{text.wizard.make_key}</a>
                    </li>
                </ul>
                <div class="buttons">
                    <a class="button main" href=one(&account.id)>{text.wizard.see}</a>
                    <a class="button" href=Step::Kind.href()><Icon name="plus"/>{text.wizard.another}</a>
                </div>
            </section>
        </div>
    }
    .into_any()
}
