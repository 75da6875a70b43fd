//! A button that copies a text, and says whether it did.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::icon::Icon;
use crate::preference::use_text;

/// Copies; the word stands on the button for two seconds. Without a clipboard (plain http) it says what to do.
#[component]
pub(crate) fn Copy(
    #[prop(into)] content: Signal<String>,
    /// What is on it, if more must be said than that it copies.
    #[prop(optional)]
    word: Option<&'static str>,
    /// Only the icon; the word is read out.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let text = use_text();
    let (done, copy_word) = (RwSignal::new(None::<bool>), word.unwrap_or(text.part.copy));
    let class = match (bare, word) {
        (true, _) => "button tiny square",
        (false, None) => "button tiny",
        (false, Some(_)) => "button bare",
    };
    let copy = move |_| {
        leptos::task::spawn_local(async move {
            let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
            let copied = match clipboard {
                Ok(clipboard) if !clipboard.is_undefined() => {
                    let written = window().navigator().clipboard().write_text(&content.get_untracked());
                    JsFuture::from(written).await.is_ok()
                }
                _ => false,
            };
            done.set(Some(copied));
            set_timeout(move || done.set(None), Duration::from_secs(2));
        });
    };
    let word = move || match done.get() {
        None => copy_word,
        Some(true) => text.part.copied,
        Some(false) => text.part.copy_failed,
    };
    let icon = move || if done.get() == Some(true) { "check" } else { "copy" };
    view! {
        <button
            class=class
            type="button"
            title=word
            on:click=copy
        >
            {move || view! { <Icon name=icon()/> }}
            <span class=if bare { "unseen" } else { "" } role="status">{word}</span>
        </button>
    }
}
