//! A test of an account: a real message of one token, and how each step went.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::{TestResult as Went, TestStep};
use relay::model::id::AccountId;

use crate::api::account::TestAccount;
use crate::api::error::problems_of;
use crate::moment;
use crate::part::badge::{Badge, Tone};
use crate::part::field::FormProblem;
use crate::part::icon::Icon;
use crate::preference::use_text;

/// Begins a test.
#[component]
pub(super) fn TestButton(
    id: AccountId,
    action: ServerAction<TestAccount>,
    #[prop(optional)] tiny: bool,
) -> impl IntoView {
    let text = &use_text().account;
    let pending = action.pending();
    let word = move || if pending.get() { text.testing } else { text.test };
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=id.to_string()/>
            <button
                class=if tiny { "button tiny" } else { "button" }
                type="submit"
                aria-busy=move || pending.get().to_string()
                disabled=move || pending.get()
            >
                <Icon name="pulse"/>
                {word}
            </button>
        </ActionForm>
    }
}

/// How the latest test went, step by step.
#[component]
pub(super) fn TestResult(action: ServerAction<TestAccount>) -> impl IntoView {
    let problems = Signal::derive(move || action.value().with(problems_of));
    let result = move || match action.value().get() {
        Some(Ok(Ok(steps))) => view! { <Steps steps/> }.into_any(),
        Some(_) => view! { <div class="test"><FormProblem problems/></div> }.into_any(),
        None => ().into_any(),
    };
    view! { <div class="tested" role="status">{result}</div> }
}

/// The steps of a test.
#[component]
pub(super) fn Steps(steps: Vec<TestStep>) -> impl IntoView {
    let text = &use_text().account;
    let passed = steps.iter().all(|step| matches!(step.result, Went::Passed { .. }));
    let title = if passed { text.test_passed } else { text.test_failed };
    let steps = steps.into_iter().map(|step| view! { <Step step/> }).collect_view();
    view! { <div class="test"><b>{title}</b><ol>{steps}</ol></div> }
}

#[component]
fn Step(step: TestStep) -> impl IntoView {
    let text = use_text();
    let word = (text.account.stage)(step.step).to_owned();
    let (tone, note) = match step.result {
        Went::Passed { took_ms } => (Tone::Ok, moment::span(took_ms, text)),
        Went::Failed { took_ms, cause } => (Tone::Bad, format!("{}: {cause}", moment::span(took_ms, text))),
        Went::NotRun => (Tone::Off, text.account.not_run.to_owned()),
    };
    view! { <li><Badge tone word/><span class="quiet">{note}</span></li> }
}
