//! The fields of a new key.

use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountRow};
use relay::model::group::GroupRow;
use relay::model::problem::FieldProblem;

use crate::api::key::GROUP;
use crate::part::field::{Field, SelectField};
use crate::preference::use_text;

/// The fields.
#[component]
pub(crate) fn KeyFields(
    /// The name at first.
    #[prop(optional)]
    name: &'static str,
    /// What it can be bound to.
    accounts: Vec<AccountRow>,
    /// Groups that it can be bound to.
    #[prop(optional)]
    groups: Vec<GroupRow>,
    /// The one that it is bound to at first.
    #[prop(into, optional)]
    account: String,
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let text = use_text();
    let has_real = accounts.iter().any(|account| account.kind != AccountKind::Sandbox);
    let mut choices = Vec::new();
    if has_real || accounts.is_empty() {
        choices.push((String::new(), text.key.any_account.to_owned()));
    }
    choices.extend(accounts.into_iter().map(|account| {
        let word = match account.kind {
            AccountKind::Sandbox => format!("{} ({})", account.name, text.state.sandbox),
            _ => account.name,
        };
        (account.id.to_string(), word)
    }));
    choices.extend(
        groups.into_iter().map(|group| (format!("{GROUP}{}", group.id), (text.group.of_name)(&group.name))),
    );
    view! {
        <Field
            name="name"
            label=text.key.name
            hint=text.key.name_hint
            value=name
            maxlength="100"
            required=true
            autofocus=true
            problems
        />
        <SelectField name="account" label=text.key.served_by hint=text.key.any_account_why choices chosen=account problems/>
    }
}
