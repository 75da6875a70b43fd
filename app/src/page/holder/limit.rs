//! The key's limits as bars, and what else it may and may not do.

use leptos::prelude::*;
use relay::model::account::Service;
use relay::model::holder::HeldKey;
use relay::model::limit::KeyLimits;
use relay::model::limit::pattern::Pattern;

use crate::part::limit::{Limited, Limits as Bars, LimitsKey};
pub(super) use crate::part::limit::{amount, tightest};
use crate::part::sheet::Sheet;
use crate::preference::use_text;
use crate::text::Text;

/// The panel.
#[component]
pub(super) fn Limits(held: Memo<Option<HeldKey>>) -> impl IntoView {
    let text = use_text();
    let limited = Memo::new(move |_| {
        held.with(|held| {
            let HeldKey { limits, usage, at_ms, .. } = held.as_ref()?;
            Some(Limited { limits: limits.clone(), usage: usage.clone(), at_ms: *at_ms })
        })
    });
    let bounds = Memo::new(move |_| {
        held.with(|held| held.as_ref().map(|held| held.limits.clone()).unwrap_or_default())
    });
    view! {
        <Sheet id="limits" title=text.holder.limits tools=ViewFn::from(|| view! { <LimitsKey/> })>
            <Bars limited/>
            {move || bounds.with(|bounds| facts(bounds, text))}
        </Sheet>
    }
}

/// Services and models, where not all are allowed.
fn facts(limits: &KeyLimits, text: &'static Text) -> Option<impl IntoView + use<>> {
    let words = &text.holder;
    let service = |service: &Service| match service {
        Service::Claude => text.account.claude,
        Service::Gemini => text.account.gemini,
    };
    let list = |patterns: &[Pattern]| patterns.iter().map(Pattern::to_string).collect::<Vec<_>>().join(", ");
    let services = limits.services.iter().map(service).collect::<Vec<_>>().join(", ");
    let facts: Vec<_> = [
        (words.services, services),
        (words.allowed, list(&limits.allowed_models)),
        (words.blocked, list(&limits.blocked_models)),
    ]
    .into_iter()
    .filter(|(_, said)| !said.is_empty())
    .map(|(name, said)| view! { <dt>{name}</dt><dd>{said}</dd> })
    .collect();
    (!facts.is_empty()).then(|| view! { <dl class="facts">{facts}</dl> })
}
