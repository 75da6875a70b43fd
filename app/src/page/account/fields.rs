//! The fields of a new account. What only a real one needs shows with its kind, by style alone.

use leptos::prelude::*;
use relay::model::account::AccountKind;
use relay::model::problem::FieldProblem;

use crate::part::choice::{Choices, Line};
use crate::part::field::{Field, typed_before};
use crate::part::password::PasswordField;
use crate::part::state::kind_name;
use crate::preference::use_text;

/// The fields.
#[component]
pub(crate) fn AccountFields(
    /// The kind that is chosen at first.
    chosen: AccountKind,
    /// A sandbox needs no name of its own here.
    #[prop(optional)]
    brief: bool,
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let text = use_text();
    let kinds = [AccountKind::ClaudeApiKey, AccountKind::Sandbox];
    let before = typed_before("kind", problems);
    let chosen = kinds.into_iter().find(|kind| Some(kind.name()) == before.as_deref()).unwrap_or(chosen);
    let line = |kind: AccountKind| {
        let said = match kind {
            AccountKind::Sandbox => text.account.sandbox_why,
            _ => text.account.claude_why,
        };
        Line { value: kind.name(), word: kind_name(kind, text), said }
    };
    let name = view! {
        <Field name="name" label=text.account.name hint=text.account.name_hint maxlength="100" autofocus=!brief problems/>
    };
    view! {
        <Choices name="kind" legend=text.account.kind lines=kinds.map(line).to_vec() chosen=chosen.name()/>
        <div class=if brief { "group only-claude" } else { "group" }>{name}</div>
        <div class="group only-claude">
            <PasswordField
                name="secret"
                label=text.account.secret
                hint=text.account.secret_hint
                autocomplete="off"
                problems
            />
            <Field name="base_url" label=text.account.address hint=text.account.address_hint problems/>
        </div>
    }
}
