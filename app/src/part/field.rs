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
    /// Has the focus when its form appears.
    #[prop(optional)]
    autofocus: bool,
    /// Follows what is typed.
    #[prop(optional)]
    typed: Option<RwSignal<String>>,
    /// What the form got back.
    #[prop(into)]
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let wrong = use_wrong(name, problems);
    let said_id = format!("{name}-said");
    let described_by = said_id.clone();
    let follow = move |value| {
        if let Some(typed) = typed {
            typed.set(value);
        }
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
                autofocus=autofocus
                on:input:target=move |event| follow(event.target().value())
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            />
            <Said id=said_id wrong hint/>
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

/// One of a list. Its name is also the name under which problems come back.
#[component]
pub(crate) fn SelectField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] hint: String,
    /// Values and their words; the first is chosen.
    choices: Vec<(String, String)>,
    /// What the form got back.
    #[prop(into)]
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let said_id = format!("{name}-said");
    let described_by = said_id.clone();
    let option = |(value, word): (String, String)| view! { <option value=value>{word}</option> };
    let wrong = use_wrong(name, problems);
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select
                class="select"
                id=name
                name=name
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            >
                {choices.into_iter().map(option).collect_view()}
            </select>
            <Said id=said_id wrong hint=Some(hint)/>
        </div>
    }
}

/// What is wrong with that field, in words.
pub(crate) fn use_wrong(name: &'static str, problems: Signal<Vec<FieldProblem>>) -> Memo<Option<String>> {
    let text = use_text();
    Memo::new(move |_| {
        problems.with(|problems| {
            problems.iter().find(|problem| problem.field == name).map(|found| (text.problem)(&found.problem))
        })
    })
}

/// The line below a field: what is wrong with it, else a hint.
#[component]
pub(crate) fn Said(id: String, wrong: Memo<Option<String>>, hint: Option<String>) -> impl IntoView {
    let hint = StoredValue::new(hint);
    let said = move || match wrong.get() {
        Some(wrong) => view! { <Shape name="s-bad"/><b>{wrong}</b> }.into_any(),
        None => hint.get_value().into_any(),
    };
    view! {
        <span id=id class=move || if wrong.with(Option::is_some) { "said" } else { "hint" } aria-live="polite">
            {said}
        </span>
    }
}
