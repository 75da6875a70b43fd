//! A page without the frame, for who is not signed in: the mark, the switches, a form in the middle.

use leptos::prelude::*;
use leptos_meta::Title;

use super::icon::Icon;
use crate::frame::switch::{LanguageSwitch, ThemeSwitch};
use crate::preference::use_text;

/// The gate with its form or, with class `setup`, with the stops of a first start.
#[component]
pub(crate) fn Gate(
    #[prop(into)] title: String,
    /// More classes: `wide`, `setup`.
    #[prop(optional)]
    class: &'static str,
    /// Beside the mark.
    #[prop(optional)]
    note: Option<&'static str>,
    /// At the end of the head's line.
    #[prop(optional)]
    tools: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let text = use_text();
    view! {
        <Title text=format!("{title} · Switchyard")/>
        <a class="skip" href="#main">{text.frame.skip}</a>
        <div class=format!("gate {class}")>
            <header>
                <span class="brand"><Icon name="mark"/><span>"Switchyard"</span></span>
                {note.map(|note| view! { <span>{note}</span> })}
                <div class="tools"><LanguageSwitch/><ThemeSwitch/>{tools.map(|tools| tools.run())}</div>
            </header>
            <main id="main" tabindex="-1">{children()}</main>
            <footer><span>{(text.frame.version)(env!("CARGO_PKG_VERSION"))}</span></footer>
        </div>
    }
}

/// The line that ends at the stop one is about to enter, above a form.
#[component]
pub(crate) fn YardLine(
    /// The way has only begun.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let (lead, x, y) = if first {
        ("M0 46H60", "64", "46")
    } else {
        ("M0 46H96C132 46 132 28 168 28H176C208 28 208 10 240 10H312", "316", "10")
    };
    view! {
        <svg class="yard-line" viewBox="0 0 352 56" aria-hidden="true">
            <path d="M0 46h352M96 46C132 46 132 28 168 28H352M176 28C208 28 208 10 240 10H352"/>
            <path d="M352 5v10M352 23v10M352 41v10"/>
            <path class="lead" d=lead/>
            <circle cx=x cy=y r="4"/>
        </svg>
    }
}
