//! One of few, as links: the choice is in the address.

use leptos::prelude::*;

/// One choice.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) word: &'static str,
    /// Where it leads.
    pub(crate) href: Signal<String>,
    pub(crate) chosen: Signal<bool>,
}

/// Choices side by side.
#[component]
pub(crate) fn Segment(
    /// What is chosen here, for screen readers.
    label: &'static str,
    choices: Vec<Choice>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let link = |choice: Choice| {
        let Choice { word, href, chosen } = choice;
        view! { <a href=href aria-current=move || chosen.get().then_some("true")>{word}</a> }
    };
    view! {
        <div class=format!("segment {class}") role="group" aria-label=label>
            {choices.into_iter().map(link).collect_view()}
        </div>
    }
}
