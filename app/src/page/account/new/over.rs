//! A sign-in that is over, or was never this session's: what to do now.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::sign_in::SignIn;

use super::line::{At, Line, in_short};
use crate::address::account::Step;
use crate::api::error::problems_of;
use crate::api::sign_in::SignInAgain;
use crate::part::badge::Tone;
use crate::part::field::FormProblem;
use crate::part::notice::Notice;
use crate::preference::use_text;

/// Says so, with the button to begin again: with what was set, where that is remembered.
#[component]
pub(super) fn Over(
    id: String,
    /// What it was begun with.
    known: Option<SignIn>,
) -> impl IntoView {
    let text = &use_text().wizard;
    let action = ServerAction::<SignInAgain>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    let why = if known.is_some() { text.over_why } else { text.unknown_why };
    let short = known.as_ref().map(|known| in_short(&known.name, &known.settings)).unwrap_or_default();
    let kind = known.as_ref().map(|known| known.kind);
    let flow = known.as_ref().and_then(|known| serde_json::to_value(known.flow).ok());
    let flow = flow.as_ref().and_then(|flow| flow.as_str()).unwrap_or_default().to_owned();
    let again = known.map(|_| {
        view! {
            <ActionForm action>
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="flow" value=flow/>
                <button class="button main" type="submit">{text.begin_again}</button>
            </ActionForm>
        }
    });
    let from_start = if again.is_some() { "button" } else { "button main" };
    view! {
        <div class="wizard">
            <Line at=At::Authorise kind settings=short/>
            <FormProblem problems/>
            <Notice tone=Tone::Warn title=text.over said=why/>
            <div class="buttons">
                {again}
                <a class=from_start href=Step::Kind.href()>{text.from_start}</a>
            </div>
        </div>
    }
}
