//! A field of a form: label above, hint below, and what is wrong with it in its place.

use leptos::prelude::*;
use relay::model::problem::FieldProblem;

use super::badge::Tone;
use super::icon::Shape;
use super::notice::Notice;
use crate::preference::use_text;

/// What was typed into the fields of a form before the browser posted it itself and it was refused, by name. Only the
/// server has it, for the page that shows the refusal.
#[derive(Clone, Debug)]
pub(crate) struct Typed(pub(crate) Vec<(String, String)>);

/// What was typed into this field, if it is one of the form that was refused.
pub(crate) fn typed_before(name: &str, problems: Signal<Vec<FieldProblem>>) -> Option<String> {
    let Typed(fields) = use_context()?;
    let (_, value) = fields.into_iter().find(|(found, _)| found == name)?;
    problems.with_untracked(|problems| !problems.is_empty()).then_some(value)
}

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
    /// Which keyboard a phone shows: `numeric`.
    #[prop(optional)]
    inputmode: Option<&'static str>,
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
    let value = typed_before(name, problems).unwrap_or(value);
    let wrong = Wrong::of(name, problems);
    let said_id = format!("{name}-said");
    let described_by = said_id.clone();
    let follow = move |value| {
        wrong.change();
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
                inputmode=inputmode
                autofocus=autofocus
                on:input:target=move |event| follow(event.target().value())
                aria-invalid=move || wrong.mark()
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
    #[prop(into, optional)] hint: Option<String>,
    /// Values and their words.
    choices: Vec<(String, String)>,
    /// The value that is chosen at first; the first of all if none is it.
    #[prop(into, optional)]
    chosen: String,
    /// What the form got back.
    #[prop(into)]
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let said_id = format!("{name}-said");
    let described_by = said_id.clone();
    let chosen = typed_before(name, problems).unwrap_or(chosen);
    let option = |(value, word): (String, String)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen>{word}</option> }
    };
    let wrong = Wrong::of(name, problems);
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select
                class="select"
                id=name
                name=name
                aria-invalid=move || wrong.mark()
                aria-describedby=described_by
                on:change=move |_| wrong.change()
            >
                {choices.into_iter().map(option).collect_view()}
            </select>
            <Said id=said_id wrong hint/>
        </div>
    }
}

/// What is wrong with a field, until its value is changed.
#[derive(Clone, Copy)]
pub(crate) struct Wrong {
    said: Memo<Option<String>>,
    changed: RwSignal<bool>,
}

impl Wrong {
    /// Of the field of that name.
    pub(crate) fn of(name: &'static str, problems: Signal<Vec<FieldProblem>>) -> Self {
        let text = use_text();
        let changed = RwSignal::new(false);
        Effect::watch(move || problems.track(), move |(), _, _| changed.set(false), false);
        let said = Memo::new(move |_| {
            let find = |problems: &Vec<FieldProblem>| {
                let found = problems.iter().find(|problem| problem.field == name)?;
                Some((text.problem)(&found.problem))
            };
            if changed.get() { None } else { problems.with(find) }
        });
        Self { said, changed }
    }

    /// The value is another now.
    pub(crate) fn change(self) {
        self.changed.set(true);
    }

    /// For `aria-invalid`.
    pub(crate) fn mark(self) -> Option<&'static str> {
        self.said.with(Option::is_some).then_some("true")
    }
}

/// The line below a field: what is wrong with it, else a hint.
#[component]
pub(crate) fn Said(id: String, wrong: Wrong, hint: Option<String>) -> impl IntoView {
    let wrong = wrong.said;
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
