//! What floats: a native dialog, and a panel at the side. Esc closes, the focus comes back by itself.

use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;

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

/// A panel at the side of the list that it changes; `show_modal` on its node opens it.
#[component]
pub(crate) fn Panel(
    /// Its node, by which it is opened and closed.
    node: NodeRef<DialogElement>,
    #[prop(into)] title: Signal<String>,
    /// A `form` and, if need be, `div.acts` after it.
    children: Children,
) -> impl IntoView {
    let text = use_text();
    let close = move |_| {
        if let Some(panel) = node.get_untracked() {
            panel.close();
        }
    };
    view! {
        <dialog class="panel" node_ref=node aria-label=title>
            <div class="head">
                <h2>{title}</h2>
                <button
                    class="button bare tiny square"
                    type="button"
                    aria-label=text.part.close
                    on:click=close
                >
                    <Icon name="close"/>
                </button>
            </div>
            {children()}
        </dialog>
    }
}
