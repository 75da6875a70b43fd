//! A field of a form: label above, hint below, and what is wrong with it in its place.

use leptos::prelude::*;
use relay::model::problem::FieldProblem;

use super::badge::Tone;
use super::icon::Shape;
use super::notice::Notice;
use crate::preference::use_text;

/// A one-line field. Its name is also the name under which problems come back.
#[component]
pub(crate) fn Field(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: Option<String>,
    /// `text` if not said.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(into, optional)] value: String,
    /// For password managers: `username`, `new-password`.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    #[prop(optional)] required: bool,
    #[prop(optional)] maxlength: Option<&'static str>,
    #[prop(optional)] placeholder: Option<&'static str>,
    /// What the form got back.
    #[prop(into)]
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let text = use_text();
    let wrong = Memo::new(move |_| {
        problems.with(|problems| {
            problems.iter().find(|problem| problem.field == name).map(|found| (text.problem)(&found.problem))
        })
    });
    let said_id = format!("{name}-said");
    let described_by = said_id.clone();
    let hint = StoredValue::new(hint);
    let said = move || match wrong.get() {
        Some(wrong) => view! { <Shape name="s-bad"/><b>{wrong}</b> }.into_any(),
        None => hint.get_value().into_any(),
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                class="input"
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                required=required
                maxlength=maxlength
                placeholder=placeholder
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            />
            <span
                id=said_id
                class=move || if wrong.with(Option::is_some) { "said" } else { "hint" }
                aria-live="polite"
            >
                {said}
            </span>
        </div>
    }
}

/// What is wrong with the form as a whole, above its fields.
#[component]
pub(crate) fn FormProblem(
    /// What the form got back.
    #[prop(into)]
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let text = use_text();
    move || {
        let whole = problems.with(|problems| {
            problems
                .iter()
                .find(|problem| problem.field.is_empty())
                .map(|found| (text.problem)(&found.problem))
        });
        whole.map(|title| view! { <Notice tone=Tone::Bad title/> })
    }
}
