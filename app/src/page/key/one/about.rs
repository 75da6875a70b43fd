//! What the key is and may do, and how to use it.

use leptos::prelude::*;
use relay::model::account::Service;
use relay::model::key::KeyRow;
use relay::model::limit::pattern::Pattern;
use relay::model::limit::{Budget, Expiry};

use super::One;
use crate::address::key::{EDIT, with_panel};
use crate::format;
use crate::page::welcome::first_model;
use crate::part::badge::{Badge, Tone};
use crate::part::secret::Snippets;
use crate::part::sheet::Sheet;
use crate::part::time::{Ago, Brief};
use crate::preference::use_text;
use crate::text::Text;

/// The facts.
#[component]
pub(super) fn About(one: One) -> impl IntoView {
    let text = use_text();
    let edit = with_panel(&one.id.get_value(), EDIT);
    let tools = ViewFn::from(move || view! { <a class="small" href=edit.clone()>{use_text().key.edit}</a> });
    let said =
        Memo::new(move |_| one.row.with(|row| row.as_ref().map(|row| facts(row, text)).unwrap_or_default()));
    let list = move || {
        said.get().into_iter().map(|(name, said)| view! { <dt>{name}</dt><dd>{said}</dd> }).collect_view()
    };
    let used = move || match one.of(|row| row.last_used_ms) {
        Some(at_ms) => view! { <Ago at_ms/> }.into_any(),
        None => text.key.never.into_any(),
    };
    let ends = move || match one.of(|row| (row.expires_ms, row.limits.expiry)) {
        (Some(at_ms), _) => view! { <Brief at_ms/> }.into_any(),
        (None, Some(Expiry::DaysAfterFirstUse(days))) => (text.limit.days_after)(days).into_any(),
        (None, _) => text.limit.never.into_any(),
    };
    let made_ms = one.row.with_untracked(|row| row.as_ref().map(|row| row.created_ms).unwrap_or_default());
    view! {
        <Sheet id="about" title=text.key.about tools>
            <dl class="facts">
                {list}
                <dt>{text.key.served_by}</dt><dd><ServedBy one/></dd>
                <dt>{text.limit.ends}</dt><dd>{ends}</dd>
                <dt>{text.key.made_at}</dt><dd><Brief at_ms=made_ms/></dd>
                <dt>{text.key.last_used}</dt><dd>{used}</dd>
            </dl>
        </Sheet>
    }
}

/// Names and values of what is said of it; what is empty is left out.
fn facts(row: &KeyRow, text: &'static Text) -> Vec<(&'static str, String)> {
    let list = |patterns: &[Pattern]| patterns.iter().map(Pattern::to_string).collect::<Vec<_>>().join(", ");
    let service = |service: Service| match service {
        Service::Claude => text.account.claude,
        Service::Gemini => text.account.gemini,
    };
    let allowed =
        [Service::Claude, Service::Gemini].into_iter().filter(|service| row.limits.allows_service(*service));
    let tokens = format::tokens(row.total.tokens.all(), text.language).text();
    let ever =
        (text.key.ever_sum)(&format::grouped(row.total.requests), &tokens, &format::money(row.total.cost));
    let budget = match row.limits.budget {
        None => text.limit.budget_default,
        Some(Budget::Normal) => text.limit.budget_normal,
        Some(Budget::Strict) => text.limit.budget_strict,
    };
    let facts = [
        (text.limit.owner, row.about.owner.clone()),
        (text.limit.note, row.about.note.clone()),
        (text.key.tags, row.about.tags.join(", ")),
        (text.limit.may_use, allowed.map(service).collect::<Vec<_>>().join(", ")),
        (text.limit.allowed, list(&row.limits.allowed_models)),
        (text.limit.blocked, list(&row.limits.blocked_models)),
        (text.limit.budget, if row.limits.limits.is_empty() { String::new() } else { budget.to_owned() }),
        (text.key.ever, ever),
    ];
    facts.into_iter().filter(|(_, said)| !said.is_empty()).collect()
}

#[component]
fn ServedBy(one: One) -> impl IntoView {
    let text = use_text();
    move || match one.of(|row| row.bound.clone()) {
        None => view! { <span class="quiet">{text.key.any_account}</span> }.into_any(),
        Some(bound) if bound.name.is_empty() => {
            view! { <span class="quiet">{text.key.gone_account}</span> }.into_any()
        }
        Some(bound) => {
            let sandbox = bound.sandbox.then(|| {
                view! { " "<Badge tone=Tone::Sandbox word=text.state.sandbox title=text.state.sandbox_why/> }
            });
            view! { {bound.name}{sandbox} }.into_any()
        }
    }
}

/// Ready-made calls; the key itself is not known any more.
#[component]
pub(super) fn Usage(one: One, address: String) -> impl IntoView {
    let text = use_text();
    let (prefix, sandbox) = one
        .row
        .with_untracked(|row| {
            let sandbox = |row: &KeyRow| row.bound.as_ref().is_some_and(|bound| bound.sandbox);
            row.as_ref().map(|row| (format!("{}…", row.prefix), sandbox(row)))
        })
        .unwrap_or_default();
    view! {
        <Sheet id="use" title=text.key.use_it>
            <Snippets name="program" address key=prefix.clone() model=first_model(sandbox)/>
            <p class="small quiet">{(text.key.put_key)(&prefix)}</p>
        </Sheet>
    }
}
