//! How strong a password is, while it is typed: four quarters, a word, and the rules.

use leptos::prelude::*;

use super::badge::{Badge, Tone};
use super::icon::Shape;
use crate::preference::use_text;
use crate::strength::{SHORTEST, Strength, is_name};

/// For the password and the name as they are typed. Before anything is typed it shows the rules alone.
#[component]
pub(crate) fn StrengthMeter(
    #[prop(into)] password: Signal<String>,
    #[prop(into)] name: Signal<String>,
) -> impl IntoView {
    let text = use_text();
    let strength =
        Memo::new(move |_| password.with(|password| name.with(|name| Strength::of(password, name))));
    let class = move || match strength.get() {
        Strength::Refused | Strength::Weak => "strength weak",
        Strength::Fair => "strength fair",
        Strength::Strong | Strength::VeryStrong => "strength",
    };
    let quarter = move |number: usize| view! { <i class=move || (strength.get().quarters() > number).then_some("on")></i> };
    let tone = Signal::derive(move || match strength.get() {
        Strength::Refused => Tone::Off,
        Strength::Weak => Tone::Bad,
        Strength::Fair => Tone::Warn,
        Strength::Strong | Strength::VeryStrong => Tone::Ok,
    });
    let word = Signal::derive(move || (text.gate.strength)(strength.get()).to_owned());
    let is_long = Signal::derive(move || password.with(|password| password.chars().count() >= SHORTEST));
    let is_other = Signal::derive(move || {
        password.with(|password| !password.is_empty() && name.with(|name| !is_name(password, name)))
    });
    view! {
        <div class=class role="status">
            {(0..4).map(quarter).collect_view()}
            <Badge tone word/>
        </div>
        <ul class="rules">
            <Rule met=is_long>{(text.gate.rule_length)(SHORTEST)}</Rule>
            <Rule met=is_other>{text.gate.rule_name}</Rule>
        </ul>
    }
}

#[component]
fn Rule(met: Signal<bool>, children: Children) -> impl IntoView {
    let shape = Signal::derive(move || if met.get() { "s-ok" } else { "s-off" });
    view! {
        <li class=move || met.get().then_some("met")>
            <Shape name=shape/>
            {children()}
        </li>
    }
}
