//! The first step: which kind.

use leptos::prelude::*;
use relay::model::account::AccountKind;

use super::line::{At, Line};
use crate::address::account::Step;
use crate::part::badge::{Badge, Tone};
use crate::part::icon::Icon;
use crate::part::state::kind_name;
use crate::preference::use_text;

const GROUPS: [(&str, &[AccountKind]); 2] = [
    ("Claude", &[AccountKind::ClaudeOauth, AccountKind::ClaudeApiKey]),
    ("Gemini", &[AccountKind::GeminiOauth, AccountKind::GeminiApiKey]),
];

/// The kinds, each with what it is for.
#[component]
pub(super) fn KindStep() -> impl IntoView {
    let text = use_text();
    let group = |(title, kinds): (&'static str, &'static [AccountKind])| {
        let cards = kinds.iter().map(|kind| view! { <Card kind=*kind/> }).collect_view();
        view! { <div class="group"><h3>{title}</h3><ul class="kinds">{cards}</ul></div> }
    };
    view! {
        <div class="wizard">
            <Line at=At::Kind/>
            <section class="sheet" aria-labelledby="kind-title">
                <header><h2 id="kind-title">{text.wizard.choose}</h2></header>
                {GROUPS.map(group).collect_view()}
                {group((text.wizard.try_out, &[AccountKind::Sandbox]))}
                <p class="small quiet">{text.wizard.terms}</p>
            </section>
        </div>
    }
}

#[component]
fn Card(kind: AccountKind) -> impl IntoView {
    let text = use_text();
    let name = kind_name(kind, text);
    let name = match kind {
        AccountKind::Sandbox => view! { <Badge tone=Tone::Sandbox word=name/> }.into_any(),
        _ => view! { <b>{name}</b> }.into_any(),
    };
    view! {
        <li>
            <a class="plain" href=Step::Settings(kind).href()>
                <span>{name}<small>{(text.wizard.kind_why)(kind)}</small></span>
                <Icon name="right"/>
            </a>
        </li>
    }
}
