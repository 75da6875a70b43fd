//! Whose an account is, and how it is reached.

use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountRow};

use crate::part::state::kind_name;
use crate::part::time::Brief;
use crate::preference::use_text;

/// The facts; what does not apply is left out, what is not known says so.
#[component]
pub(super) fn Owner(account: AccountRow) -> impl IntoView {
    let text = use_text();
    let detail = &text.detail;
    let AccountRow { identity, kind, .. } = account;
    let plan = identity.plan_label();
    let fact = |word: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <dt>{word}</dt><dd>{value}</dd> })
    };
    // Only a sign-in tells whose it is.
    let told = |value: String| match (kind.is_oauth(), value.is_empty()) {
        (true, true) => detail.unknown.to_owned(),
        _ => value,
    };
    let organization = identity.organization_name.or(identity.organization_id).unwrap_or_default();
    let organization = match kind {
        AccountKind::GeminiOauth => organization,
        _ => told(organization),
    };
    let project = match account.project.as_str() {
        "" => identity.project.unwrap_or_default(),
        project => project.to_owned(),
    };
    let proxy = match (kind, account.proxy) {
        (AccountKind::Sandbox, _) => String::new(),
        (_, None) => text.fields.no_proxy.to_owned(),
        (_, Some(proxy)) => proxy.to_string(),
    };
    let hint =
        if account.secret_hint.is_empty() { String::new() } else { format!("…{}", account.secret_hint) };
    view! {
        <dl class="facts">
            {fact(text.account.kind, kind_name(kind, text).to_owned())}
            {fact(detail.organization, organization)}
            {fact(detail.person, told(identity.email.unwrap_or_default()))}
            {fact(detail.plan, told(plan))}
            {fact(detail.project, project)}
            {fact(detail.ends_in, hint)}
            {fact(text.fields.address, account.base_url)}
            {fact(text.fields.proxy, proxy)}
            {fact(text.fields.note, account.note)}
            {fact(text.account.bound_keys, (detail.keys)(account.bound_keys))}
            <dt>{text.account.added}</dt>
            <dd><Brief at_ms=account.created_ms/></dd>
        </dl>
    }
}
