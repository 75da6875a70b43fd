//! The line with its stops above a form of several steps.

use leptos::prelude::*;

/// One stop.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    /// What is done there.
    pub(crate) word: &'static str,
    /// What was chosen there, or what is to be known of it.
    pub(crate) note: Signal<String>,
}

/// The stops, of which `at` is the present one; those before it are done.
#[component]
pub(crate) fn Stops(
    /// What the line leads to, for screen readers.
    label: &'static str,
    stops: Vec<Stop>,
    at: usize,
) -> impl IntoView {
    let stop = |(place, stop): (usize, Stop)| {
        view! {
            <li class=(place < at).then_some("done") aria-current=(place == at).then_some("step")>
                <b>{stop.word}</b>
                {stop.note}
            </li>
        }
    };
    view! { <ol class="steps" aria-label=label>{stops.into_iter().enumerate().map(stop).collect_view()}</ol> }
}
