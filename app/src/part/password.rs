//! A field for a password or another secret that is typed: with an eye to see it by.

use leptos::prelude::*;
use relay::model::problem::FieldProblem;

use super::field::{Said, Wrong};
use super::icon::Icon;
use crate::preference::use_text;

/// A secret. Its name is also the name under which problems come back.
#[component]
pub(crate) fn PasswordField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: Option<String>,
    /// For password managers: `current-password`, `new-password`, `off`.
    autocomplete: &'static str,
    #[prop(optional)] required: bool,
    /// Follows what is typed.
    #[prop(optional)]
    typed: Option<RwSignal<String>>,
    /// What the form got back.
    #[prop(into)]
    problems: Signal<Vec<FieldProblem>>,
    /// Below the field: how strong it is.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let text = use_text();
    let seen = RwSignal::new(false);
    let word = move || if seen.get() { text.gate.hide_password } else { text.gate.show_password };
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
            <div class="with eye">
                <input
                    class="input"
                    id=name
                    name=name
                    type=move || if seen.get() { "text" } else { "password" }
                    autocomplete=autocomplete
                    required=required
                    spellcheck="false"
                    aria-invalid=move || wrong.mark()
                    aria-describedby=described_by
                    on:input:target=move |event| follow(event.target().value())
                />
                <button
                    class="button bare tiny square"
                    type="button"
                    title=word
                    aria-label=word
                    aria-pressed=move || seen.get().to_string()
                    on:click=move |_| seen.update(|seen| *seen = !*seen)
                >
                    <Icon name="eye"/>
                </button>
            </div>
            <Said id=said_id wrong hint/>
            {children.map(|children| children())}
        </div>
    }
}
