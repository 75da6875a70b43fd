//! On a phone a list shows its first five; this opens the rest. Stands directly after the list.

use leptos::prelude::*;

use super::icon::Icon;
use crate::preference::use_text;

/// So many rows a folded list shows.
const SHOWN: usize = 5;

/// The line under a list that opens it; nothing for a list that is not longer.
#[component]
pub(crate) fn Fold(
    /// Rows of the list.
    #[prop(into)]
    rows: Signal<usize>,
) -> impl IntoView {
    let text = use_text();
    move || {
        // The list may be gone by the time that its last change arrives here.
        let rows = rows.try_get().unwrap_or(0);
        (rows > SHOWN).then(|| {
            view! {
                <details class="fold">
                    <summary>
                        <span class="all">{(text.part.show_all)(rows)}</span>
                        <span class="less">{text.part.show_five}</span>
                        <Icon name="down"/>
                    </summary>
                </details>
            }
        })
    }
}
