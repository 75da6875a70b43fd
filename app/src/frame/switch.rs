//! Language and theme: small forms that work without WASM. With it, the theme changes at once.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use server_fn::ServerFn;
use wasm_bindgen::JsCast;
use web_sys::HtmlButtonElement;

use crate::api::preference::{SetLanguage, SetTheme, set_theme};
use crate::part::icon::Icon;
use crate::preference::{Theme, use_preference, use_text};
use crate::text::Language;

/// The languages. The page is loaded anew in the chosen one.
#[component]
pub(crate) fn LanguageSwitch() -> impl IntoView {
    let text = use_text();
    let choice = |language: Language| {
        let said = match language {
            Language::En => "EN",
            Language::Zh => "中",
        };
        let pressed = (text.language == language).to_string();
        view! {
            <button
                type="submit"
                name="language"
                value=language.tag()
                lang=language.tag()
                aria-pressed=pressed
            >
                {said}
            </button>
        }
    };
    view! {
        <form action=SetLanguage::PATH method="post">
            <div class="segment" role="group" aria-label=text.frame.language>
                {Language::ALL.into_iter().map(choice).collect_view()}
            </div>
        </form>
    }
}

/// Light, dark, or as the system says.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let text = use_text();
    let theme = use_preference().theme;
    let choice = |choice: Theme| {
        let (icon, said) = match choice {
            Theme::System => ("system", text.frame.system),
            Theme::Light => ("sun", text.frame.light),
            Theme::Dark => ("moon", text.frame.dark),
        };
        view! {
            <button
                type="submit"
                name="theme"
                value=choice.name()
                title=said
                aria-label=said
                aria-pressed=move || (theme.get() == choice).to_string()
            >
                <Icon name=icon/>
            </button>
        }
    };
    let submit = move |event: SubmitEvent| {
        let button = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
        let Some(button) = button else { return };
        event.prevent_default();
        let chosen = Theme::from_name(&button.value());
        theme.set(chosen);
        if let Some(root) = document().document_element() {
            // Only an invalid attribute name could fail here.
            let _ = root.set_attribute("data-theme", chosen.name());
        }
        leptos::task::spawn_local(async move {
            // Not kept: the choice holds until the page is left, which is no reason to take it back.
            let _ = set_theme(chosen).await;
        });
    };
    view! {
        <form action=SetTheme::PATH method="post" on:submit=submit>
            <div class="segment icons" role="group" aria-label=text.frame.theme>
                {Theme::ALL.into_iter().map(choice).collect_view()}
            </div>
        </form>
    }
}
