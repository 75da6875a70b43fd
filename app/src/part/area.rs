//! A field of several lines, for what is pasted.

use leptos::prelude::*;
use relay::model::problem::FieldProblem;

use super::field::{Said, Wrong, typed_before};

/// A field of several lines. Its name is also the name under which problems come back.
#[component]
pub(crate) fn Area(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: Option<String>,
    #[prop(into, optional)] value: String,
    #[prop(default = "3")] rows: &'static str,
    #[prop(optional)] maxlength: Option<&'static str>,
    /// Has the focus when its form appears.
    #[prop(optional)]
    autofocus: bool,
    /// For codes: of equal width, and never spelt or completed.
    #[prop(optional)]
    code: bool,
    /// What the form got back.
    #[prop(into)]
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let value = typed_before(name, problems).unwrap_or(value);
    let wrong = Wrong::of(name, problems);
    let said_id = format!("{name}-said");
    let described_by = said_id.clone();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <textarea
                class=if code { "input mono" } else { "input" }
                id=name
                name=name
                rows=rows
                maxlength=maxlength
                autofocus=autofocus
                autocomplete=code.then_some("off")
                spellcheck=code.then_some("false")
                on:input=move |_| wrong.change()
                aria-invalid=move || wrong.mark()
                aria-describedby=described_by
            >
                {value}
            </textarea>
            <Said id=said_id wrong hint/>
        </div>
    }
}
