//! Where the key is pasted. The browser is given no reason to keep it: it is no password, and the field is not filled in
//! again.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::Hold;
use crate::part::field::{FormProblem, Said, Wrong};
use crate::part::gate::YardLine;
use crate::preference::use_text;
use crate::room::{HOLDER, SIGN_IN};

const FIELD: &str = "key";

/// The form.
#[component]
pub(super) fn Door(hold: Hold) -> impl IntoView {
    let text = &use_text().holder;
    let problems = Signal::from(hold.problems);
    let wrong = Wrong::of(FIELD, problems);
    let input = NodeRef::<Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(input) = input.get() {
            hold.open(input.value());
        }
    };
    view! {
        <div class="form">
            <YardLine/>
            <h1>{text.title}</h1>
            <form class="group" method="post" action=HOLDER on:submit=submit>
                <FormProblem problems/>
                <div class="field">
                    <label for=FIELD>{text.key}</label>
                    <input
                        node_ref=input
                        class="input mono veiled"
                        id=FIELD
                        name=FIELD
                        type="text"
                        placeholder="cr_…"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        required=true
                        autofocus=true
                        aria-invalid=move || wrong.mark()
                        aria-describedby="key-said"
                        on:input=move |_| wrong.change()
                    />
                    <Said id="key-said".to_owned() wrong hint=Some(text.hint.to_owned())/>
                </div>
                <button class="button main" type="submit" aria-busy=move || hold.pending.get().to_string()>
                    {text.show}
                </button>
            </form>
            <p class="small quiet">{text.operator} " " <a href=SIGN_IN>{text.sign_in}</a></p>
        </div>
    }
}
