//! The fields in which an account is set, for a new one and for one that exists.

use leptos::prelude::*;
use relay::model::account::AccountKind;
use relay::model::problem::FieldProblem;
use relay::model::proxy::ProxyKind;

use crate::api::account::form::AccountForm;
use crate::part::area::Area;
use crate::part::field::{Field, SelectField};
use crate::part::password::PasswordField;
use crate::preference::use_text;

/// Name, note, and what a kind needs beside.
#[component]
pub(super) fn NameFields(
    kind: AccountKind,
    first: AccountForm,
    /// The last characters of the key that is kept if none is given.
    #[prop(optional)]
    kept_secret: Option<String>,
    /// A name must be given.
    #[prop(optional)]
    is_named: bool,
    /// The name has the focus.
    #[prop(optional)]
    autofocus: bool,
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let text = &use_text().fields;
    let secret_hint = match kept_secret {
        Some(hint) => (text.keep_secret)(&hint),
        None => text.secret_hint.to_owned(),
    };
    let key = kind.is_api_key().then(|| {
        view! {
            <PasswordField name="secret" label=text.secret hint=secret_hint autocomplete="off" problems/>
            <Field
                name="base_url"
                label=text.address
                hint=(text.address_hint)(kind)
                value=first.base_url
                problems
            />
        }
    });
    let project = (kind == AccountKind::GeminiOauth).then(|| {
        view! {
            <Field name="project" label=text.project hint=text.project_hint value=first.project problems/>
        }
    });
    view! {
        <Field
            name="name"
            label=text.name
            hint=if is_named { "" } else { text.name_hint }
            value=first.name
            maxlength="100"
            autofocus
            problems
        />
        {key}
        {project}
        <Area name="note" label=text.note hint=text.note_hint value=first.note rows="2" maxlength="500" problems/>
    }
}

/// Its proxy; the fields of one show with its type, by style alone.
#[component]
pub(super) fn ProxyFields(
    first: AccountForm,
    /// The password that is there is kept if none is given.
    #[prop(optional)]
    keeps_password: bool,
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let text = &use_text().fields;
    let kind = |kind: ProxyKind| (kind.name().to_owned(), (text.proxy_kind_name)(kind).to_owned());
    let choices =
        std::iter::once((String::new(), text.no_proxy.to_owned())).chain(ProxyKind::ALL.map(kind)).collect();
    let password_hint = if keeps_password { text.keep_password } else { text.secret_hint };
    view! {
        <SelectField
            name="proxy_kind"
            label=text.proxy_kind
            hint=text.proxy_why
            choices
            chosen=first.proxy_kind
            problems
        />
        <div class="host only-proxy">
            <Field name="proxy_host" label=text.proxy_host value=first.proxy_host problems/>
            <Field
                name="proxy_port"
                label=text.proxy_port
                value=first.proxy_port
                inputmode="numeric"
                maxlength="5"
                problems
            />
        </div>
        <div class="pair only-proxy">
            <Field
                name="proxy_username"
                label=text.proxy_username
                hint=text.if_it_asks
                value=first.proxy_username
                autocomplete="off"
                problems
            />
            <PasswordField
                name="proxy_password"
                label=text.proxy_password
                hint=password_hint
                autocomplete="off"
                problems
            />
        </div>
    }
}

/// What makes it take its share of the calls.
#[component]
pub(super) fn ShareFields(first: AccountForm, problems: Signal<Vec<FieldProblem>>) -> impl IntoView {
    let text = &use_text().fields;
    view! {
        <div class="trio">
            <Field
                name="priority"
                label=text.priority
                value=first.priority
                inputmode="numeric"
                maxlength="3"
                problems
            />
            <Field name="weight" label=text.weight value=first.weight inputmode="numeric" maxlength="3" problems/>
            <Field
                name="concurrency"
                label=text.concurrency
                value=first.concurrency
                inputmode="numeric"
                maxlength="5"
                placeholder=text.any_number
                problems
            />
        </div>
        <p class="small quiet">{text.share_why}</p>
    }
}
