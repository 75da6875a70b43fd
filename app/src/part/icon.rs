//! Icons and state shapes, from the sprite `public/icon.svg`. They say nothing by themselves: a word is beside
//! each, or in its button's label.

use leptos::prelude::*;

const SPRITE: &str = "/icon.svg";

/// An icon in the colour of its text.
#[component]
pub(crate) fn Icon(
    /// Its id in the sprite.
    name: &'static str,
) -> impl IntoView {
    view! { <svg class="icon" aria-hidden="true"><use href=format!("{SPRITE}#{name}")></use></svg> }
}

/// A small state shape in the colour of its text.
#[component]
pub(crate) fn Shape(
    /// Its id in the sprite.
    #[prop(into)]
    name: Signal<&'static str>,
) -> impl IntoView {
    let href = move || format!("{SPRITE}#{}", name.get());
    view! { <svg class="shape" aria-hidden="true"><use href=href></use></svg> }
}
