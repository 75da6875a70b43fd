//! One of few, each with what it means: radio buttons as lines.

use leptos::prelude::*;

/// One line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) value: &'static str,
    pub(crate) word: &'static str,
    pub(crate) said: &'static str,
}

/// The lines, the first of them chosen unless `chosen` names another.
#[component]
pub(crate) fn Choices(
    name: &'static str,
    /// What is chosen here, for screen readers.
    legend: &'static str,
    lines: Vec<Line>,
    chosen: &'static str,
) -> impl IntoView {
    let line = |line: Line| {
        view! {
            <label>
                <span class="check">
                    <input type="radio" name=name value=line.value checked=line.value == chosen/>
                </span>
                <span class="name"><b>{line.word}</b><small>{line.said}</small></span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend class="unseen">{legend}</legend>
            {lines.into_iter().map(line).collect_view()}
        </fieldset>
    }
}
