//! Boxes to tick, side by side, of which some must be ticked.

use leptos::prelude::*;
use relay::model::problem::FieldProblem;

use super::field::{Said, Wrong, typed_before};

/// The boxes: each one's name, its word, and whether it is ticked at first. `name` is the one under which problems come
/// back.
#[component]
pub(crate) fn TickField(
    name: &'static str,
    /// What is chosen here, for screen readers.
    label: &'static str,
    boxes: Vec<(&'static str, &'static str, bool)>,
    /// What the form got back.
    #[prop(into)]
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let wrong = Wrong::of(name, problems);
    let said_id = format!("{name}-said");
    let described_by = said_id.clone();
    // A box that is not ticked is not sent: those of a form that was refused are known by any that was.
    let was_sent = boxes.iter().any(|(name, ..)| typed_before(name, problems).is_some());
    let line = move |(name, word, first): (&'static str, &'static str, bool)| {
        let checked = if was_sent { typed_before(name, problems).is_some() } else { first };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    name=name
                    value="on"
                    checked=checked
                    on:change=move |_| wrong.change()
                    aria-invalid=move || wrong.mark()
                />
                {word}
            </label>
        }
    };
    view! {
        <div class="field" role="group" aria-label=label aria-describedby=described_by>
            <div class="checks">{boxes.into_iter().map(line).collect_view()}</div>
            <Said id=said_id wrong hint=None/>
        </div>
    }
}
