//! The fields of a key: name and account alone for the first one, all of them elsewhere.

use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountRow};
use relay::model::group::GroupRow;
use relay::model::problem::FieldProblem;

use super::limits::LimitFields;
use crate::api::key::form::{GROUP, KeyForm, TICKED};
use crate::part::area::Area;
use crate::part::field::{Field, SelectField};
use crate::part::tick::TickField;
use crate::preference::use_text;

/// Name and account.
#[component]
pub(crate) fn KeyFields(
    /// The name at first.
    #[prop(optional)]
    name: &'static str,
    /// What it can be bound to.
    accounts: Vec<AccountRow>,
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let text = use_text();
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
        <ServedBy accounts groups=Vec::new() chosen=String::new() is_edited=false problems/>
    }
}

/// All fields.
#[component]
pub(super) fn AllFields(
    /// What they hold at first.
    first: KeyForm,
    /// What it can be bound to.
    accounts: Vec<AccountRow>,
    /// Groups that it can be bound to.
    groups: Vec<GroupRow>,
    /// A new one, and so many of it.
    #[prop(optional)]
    counted: bool,
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let text = use_text();
    let words = &text.limit;
    let count = counted.then(|| {
        view! {
            <Field
                name="count"
                label=text.key.how_many
                hint=text.key.how_many_hint
                value="1"
                inputmode="numeric"
                maxlength="4"
                problems
            />
        }
    });
    let KeyForm { name, owner, tags, note, account, .. } = first.clone();
    view! {
        <input type="hidden" name="limited" value=TICKED/>
        <div class="group">
            <Field
                name="name"
                label=text.key.name
                hint=text.key.name_hint
                value=name
                maxlength="100"
                required=true
                autofocus=counted
                problems
            />
            {count}
            <div class="pair">
                <Field name="owner" label=words.owner hint=words.owner_hint value=owner maxlength="100" problems/>
                <Field name="tags" label=words.tags hint=words.tags_hint value=tags maxlength="900" problems/>
            </div>
            <Area name="note" label=words.note value=note rows="2" maxlength="500" problems/>
        </div>
        <fieldset class="group">
            <legend>{words.may_use}</legend>
            <MayUse first=first.clone() problems/>
            <ServedBy accounts groups chosen=account is_edited=!counted problems/>
        </fieldset>
        <fieldset class="group">
            <legend>{words.ends}</legend>
            <div class="pair">
                <Field
                    name="expires"
                    label=words.expires
                    hint=words.expires_hint
                    placeholder=words.never
                    value=first.expires.clone()
                    maxlength="40"
                    problems
                />
                <Field
                    name="expires_days"
                    label=words.expires_days
                    hint=words.expires_days_hint
                    value=first.expires_days.clone()
                    inputmode="numeric"
                    maxlength="5"
                    problems
                />
            </div>
        </fieldset>
        <LimitFields first problems/>
    }
}

/// Services and models.
#[component]
fn MayUse(first: KeyForm, problems: Signal<Vec<FieldProblem>>) -> impl IntoView {
    let text = use_text();
    let words = &text.limit;
    let services = vec![
        ("claude", text.account.claude, !first.claude.is_empty()),
        ("gemini", text.account.gemini, !first.gemini.is_empty()),
    ];
    view! {
        <TickField name="services" label=words.may_use boxes=services problems/>
        <Field
            name="allowed"
            label=words.allowed
            hint=words.allowed_hint
            placeholder=words.all_models
            value=first.allowed
            problems
        />
        <Field name="blocked" label=words.blocked hint=words.blocked_hint value=first.blocked problems/>
    }
}

#[component]
fn ServedBy(
    accounts: Vec<AccountRow>,
    groups: Vec<GroupRow>,
    chosen: String,
    /// The key exists.
    is_edited: bool,
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let text = use_text();
    let has_real = accounts.iter().any(|account| account.kind != AccountKind::Sandbox);
    let mut choices = Vec::new();
    // A key that may use any account, where there are only sandboxes, is served by none.
    if has_real || accounts.is_empty() || is_edited {
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
    if !chosen.is_empty() && choices.iter().all(|(value, _)| *value != chosen) {
        choices.push((chosen.clone(), text.key.gone_account.to_owned()));
    }
    view! {
        <SelectField name="account" label=text.key.served_by hint=text.key.any_account_why choices chosen problems/>
    }
}
