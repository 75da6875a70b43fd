//! Nothing here yet: says what to do next.

use leptos::prelude::*;

/// The empty state of a panel or page.
#[component]
pub(crate) fn Empty(
    title: &'static str,
    /// What to do next.
    said: &'static str,
    /// The button that does it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <svg viewBox="0 0 160 40" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true">
                <path d="M0 30h160M52 30c22 0 22-18 44-18h64"/>
                <path d="M160 25v10M160 7v10" stroke-width="2"/>
            </svg>
            <b>{title}</b>
            <p>{said}</p>
            {children.map(|children| children())}
        </div>
    }
}
