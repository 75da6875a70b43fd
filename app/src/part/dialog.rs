//! What floats: a native dialog, and a panel at the side. Esc closes, the focus comes back by itself.

use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use web_sys::HtmlDialogElement;

use super::icon::Icon;
use crate::preference::use_text;

/// A dialog in the middle; `show_modal` on its node opens it.
#[component]
pub(crate) fn Dialog(
    /// Its node, by which it is opened and closed.
    node: NodeRef<DialogElement>,
    #[prop(into)] title: Signal<String>,
    children: Children,
) -> impl IntoView {
    let text = use_text();
    view! {
        <dialog class="dialog" node_ref=node aria-label=title>
            <h2>{title}</h2>
            {children()}
            <form method="dialog" class="acts">
                <button class="button" type="submit">{text.part.close}</button>
            </form>
        </dialog>
    }
}

/// A panel at the side of the list that it changes. Whether it is open is said by the address: without WASM it is
/// there when the page is, with it the panel is modal.
#[component]
pub(crate) fn Panel(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] open: Signal<bool>,
    /// The address without the panel.
    #[prop(into)]
    leave: Signal<String>,
    /// A `form` and, if need be, `div.acts` after it. Made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let text = use_text();
    let node = NodeRef::<DialogElement>::new();
    let navigate = use_navigate();
    Effect::new(move || {
        let (Some(panel), is_open) = (node.get(), open.get()) else { return };
        if panel.is_connected() {
            show_as_asked(&panel, is_open);
        } else {
            // Its page is being put in place: only what is in the document can be modal.
            request_animation_frame(move || show_as_asked(&panel, open.try_get_untracked().unwrap_or(false)));
        }
    });
    let closed = move |_| {
        // Closed by Esc: the address follows.
        if open.get_untracked() {
            navigate(&leave.get_untracked(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    };
    let content = move || {
        open.get().then(|| {
            view! {
                <div class="head">
                    <h2>{title}</h2>
                    <a class="button bare tiny square" href=leave aria-label=text.part.close><Icon name="close"/></a>
                </div>
                {children()}
            }
        })
    };
    view! {
        <dialog class="panel" node_ref=node open=open.get_untracked() aria-label=title on:close=closed>
            {content}
        </dialog>
    }
}

fn show_as_asked(panel: &HtmlDialogElement, open: bool) {
    let is_modal = panel.matches(":modal").unwrap_or(false);
    if open && !is_modal {
        // As the server wrote it, it is open but not modal.
        let _ = panel.remove_attribute("open");
        let _ = panel.show_modal();
    } else if !open && panel.open() {
        panel.close();
    }
}
