//! Whether the account can serve and why not, whose it is, what room it has, and the test.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::{AccountState, TestStep};

use super::One;
use crate::api::account::{ClearCooldowns, TestAccount};
use crate::moment::use_clock;
use crate::page::account::cooldown::InFull;
use crate::page::account::owner::Owner;
use crate::page::account::test::{Steps, TestButton, TestResult};
use crate::part::badge::Badge;
use crate::part::sheet::Sheet;
use crate::part::state::{account_detail, account_state};
use crate::part::time::Ago;
use crate::part::window::Windows;
use crate::preference::{use_preference, use_text};

/// State on the left, test on the right.
#[component]
pub(super) fn State(
    one: One,
    /// A test that a form posted without WASM began.
    tested: Option<Vec<TestStep>>,
) -> impl IntoView {
    let text = use_text();
    let owner = move || one.row.get().map(|account| view! { <Owner account/> });
    view! {
        <div class="columns">
            <Sheet id="state" title=text.detail.state>
                <Why one/>
                {owner}
            </Sheet>
            <div class="pile">
                <Room one/>
                <Test one tested/>
            </div>
        </div>
        <Cooling one/>
    }
}

/// Its windows, where it has any.
#[component]
fn Room(one: One) -> impl IntoView {
    let text = &use_text().detail;
    let is_oauth = one.row.with_untracked(|row| row.as_ref().is_some_and(|row| row.kind.is_oauth()));
    let readings = Memo::new(move |_| {
        one.row.with(|row| row.as_ref().map(|row| row.windows.clone()).unwrap_or_default())
    });
    let is_empty = Memo::new(move |_| readings.with(Vec::is_empty));
    let idle =
        Signal::derive(move || !matches!(one.state.get(), AccountState::Able | AccountState::Cooling { .. }));
    let later = move || is_empty.get().then(|| view! { <p class="none">{text.windows_later}</p> });
    is_oauth.then(|| {
        view! {
            <Sheet id="windows" title=text.windows>
                <div class="windows group"><Windows readings idle/>{later}</div>
            </Sheet>
        }
    })
}

/// Its cooldowns, and the button that ends them; nothing while there are none.
#[component]
fn Cooling(one: One) -> impl IntoView {
    let text = &use_text().detail;
    let action = ServerAction::<ClearCooldowns>::new();
    one.fresh.follow(action.version());
    let rows = Memo::new(move |_| {
        one.row.with(|row| row.as_ref().map(|row| row.cooldowns.clone()).unwrap_or_default())
    });
    let has_any = Memo::new(move |_| rows.with(|rows| !rows.is_empty()));
    let list = move || rows.get().into_iter().map(|cooldown| view! { <InFull cooldown/> }).collect_view();
    let button = move || {
        view! {
            <ActionForm action>
                <input type="hidden" name="id" value=one.id.get_value().to_string()/>
                <button class="button tiny" type="submit">{text.clear}</button>
            </ActionForm>
        }
    };
    view! {
        <Show when=move || has_any.get()>
            <Sheet id="cooldowns" title=text.cooldowns tools=ViewFn::from(button)>
                <ul class="cooldowns">{list}</ul>
                <p class="small quiet">{text.clear_why}</p>
            </Sheet>
        </Show>
    }
}

#[component]
fn Why(one: One) -> impl IntoView {
    let text = use_text();
    let (clock, zone) = (use_clock(), use_preference().zone);
    let state = one.state;
    let tone = Signal::derive(move || account_state(&state.get(), text).0);
    let word = Signal::derive(move || account_state(&state.get(), text).1.to_owned());
    let detail = move || account_detail(&state.get(), clock.now_ms(), &zone, text);
    let cause = move || match state.get() {
        AccountState::Cooling { cause, .. }
        | AccountState::Parked { cause, .. }
        | AccountState::NeedsSignIn { cause, .. } => Some(view! {
            <dt>{text.detail.cause}</dt>
            <dd class="evidence">{cause}</dd>
        }),
        AccountState::Able | AccountState::Paused { .. } => None,
    };
    let used = move || match one.row.with(|row| row.as_ref().and_then(|row| row.last_used_ms)) {
        Some(at_ms) => view! { <Ago at_ms/> }.into_any(),
        None => text.detail.never.into_any(),
    };
    view! {
        <dl class="facts">
            <dt>{text.detail.state}</dt>
            <dd><Badge tone word/> " " <span class="small quiet">{detail}</span></dd>
            {cause}
            <dt>{text.detail.last_used}</dt>
            <dd>{used}</dd>
        </dl>
    }
}

#[component]
fn Test(one: One, tested: Option<Vec<TestStep>>) -> impl IntoView {
    let text = &use_text().account;
    let action = ServerAction::<TestAccount>::new();
    one.fresh.follow(action.version());
    let id = one.id.get_value();
    let button = ViewFn::from(move || view! { <TestButton id=id.clone() action tiny=true/> });
    let before = move || {
        // A new test takes its place.
        let steps = action.value().with(Option::is_none).then(|| tested.clone()).flatten();
        steps.map(|steps| view! { <div class="tested"><Steps steps/></div> })
    };
    view! {
        <Sheet id="test" title=text.test tools=button>
            <p class="small quiet">{text.test_why}</p>
            <TestResult action/>
            {before}
        </Sheet>
    }
}
