//! Keys: `g` and a room's letter, `/` for the search field, `?` for the list of these.

use leptos::ev::{KeyboardEvent, keydown};
use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::part::dialog::Dialog;
use crate::preference::use_text;
use crate::room::ROOMS;

/// The field that `/` leads to is marked with this attribute.
const SEARCH_FIELD: &str = "[data-search]";
/// A letter counts as following `g` for this long.
const CHORD_MS: i64 = 1_500;

/// Listens to the keyboard, and is the list of shortcuts.
#[component]
pub(super) fn Shortcuts() -> impl IntoView {
    let text = use_text();
    let list = NodeRef::<DialogElement>::new();
    let navigate = use_navigate();
    Effect::new(move || listen(list, navigate.clone()));
    let rooms = ROOMS.into_iter().map(|room| {
        view! {
            <dt><kbd>"g"</kbd><kbd>{room.key}</kbd></dt>
            <dd>{(text.frame.go_to)((room.name)(text))}</dd>
        }
    });
    view! {
        <Dialog node=list title=text.frame.shortcuts>
            <dl class="keys-list">
                {rooms.collect_view()}
                <dt><kbd>"/"</kbd></dt>
                <dd>{text.frame.find}</dd>
                <dt><kbd>"?"</kbd></dt>
                <dd>{text.frame.show_shortcuts}</dd>
            </dl>
        </Dialog>
    }
}

fn listen(list: NodeRef<DialogElement>, navigate: impl Fn(&str, NavigateOptions) + 'static) {
    let last_g_ms = StoredValue::new(0_i64);
    let handle = window_event_listener(keydown, move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing() {
            return;
        }
        let now_ms = crate::moment::now_ms();
        let after_g = now_ms - last_g_ms.get_value() < CHORD_MS;
        last_g_ms.set_value(0);
        let key = event.key();
        match key.as_str() {
            "g" => last_g_ms.set_value(now_ms),
            "?" => show(list),
            "/" => {
                if let Some(field) = find_field() {
                    event.prevent_default();
                    // Focus fails only on an element that is gone.
                    let _ = field.focus();
                }
            }
            _ => {
                if let Some(room) = ROOMS.into_iter().find(|room| after_g && room.key == key) {
                    navigate(room.path, NavigateOptions::default());
                }
            }
        }
    });
    on_cleanup(move || handle.remove());
}

/// A letter belongs to the field that has the focus, and to an open dialog.
fn is_typing() -> bool {
    let Some(focused) = document().active_element() else { return false };
    focused.closest("input, textarea, select, [contenteditable], dialog").is_ok_and(|found| found.is_some())
}

fn find_field() -> Option<HtmlElement> {
    document().query_selector(SEARCH_FIELD).ok().flatten()?.dyn_into().ok()
}

fn show(list: NodeRef<DialogElement>) {
    if let Some(list) = list.get_untracked() {
        // Fails only when it is open already.
        let _ = list.show_modal();
    }
}
