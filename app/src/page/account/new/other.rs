//! Other ways to authorise: tokens that the person has already, and for Claude one token that lives for a year.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::AccountKind;
use relay::model::sign_in::{SignIn, SignInFlow};

use super::authorise::Trouble;
use crate::address::account::{Step, one};
use crate::api::error::problems_of;
use crate::api::sign_in::{CompleteWithTokens, SignInAgain};
use crate::part::area::Area;
use crate::preference::use_text;

/// Folded until one is wanted.
#[component]
pub(super) fn OtherWays(sign_in: SignIn) -> impl IntoView {
    let text = &use_text().wizard;
    let action = ServerAction::<CompleteWithTokens>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    let is_open = !problems.with_untracked(Vec::is_empty);
    let change = match &sign_in.account {
        Some(account) => one(account),
        None => Step::Change(sign_in.id.clone()).href(),
    };
    let flow =
        (sign_in.kind == AccountKind::ClaudeOauth).then(|| view! { <OtherFlow sign_in=sign_in.clone()/> });
    view! {
        <details class="ways" open=is_open>
            <summary>{text.other_ways}</summary>
            <div>
                <ActionForm action attr:class="group">
                    <input type="hidden" name="id" value=sign_in.id/>
                    <Trouble problems change/>
                    <Area
                        name="tokens"
                        label=text.tokens
                        hint=(text.tokens_hint)(sign_in.kind)
                        code=true
                        problems
                    />
                    <div class="buttons">
                        <button class="button" type="submit" aria-busy=move || action.pending().get().to_string()>
                            {text.use_tokens}
                        </button>
                    </div>
                </ActionForm>
                {flow}
            </div>
        </details>
    }
}

/// The other of Claude's two ways to ask for tokens.
#[component]
fn OtherFlow(sign_in: SignIn) -> impl IntoView {
    let text = &use_text().wizard;
    let action = ServerAction::<SignInAgain>::new();
    let (title, why, word, flow) = match sign_in.flow {
        SignInFlow::Session => (text.long_lived, text.long_lived_why, text.long_lived_begin, "long_lived"),
        SignInFlow::LongLived => (text.session, text.session_why, text.session_begin, "session"),
    };
    view! {
        <ActionForm action attr:class="group">
            <input type="hidden" name="id" value=sign_in.id/>
            <input type="hidden" name="flow" value=flow/>
            <h3>{title}</h3>
            <p class="small soft">{why}</p>
            <div class="buttons"><button class="button" type="submit">{word}</button></div>
        </ActionForm>
    }
}
