//! The mark beside a title: whether figures move by themselves, in words.

use leptos::prelude::*;

use crate::live::{Standing, use_live};
use crate::moment::Civil;
use crate::preference::{use_preference, use_text};

/// Live, behind, waiting to connect again, or as of the page's loading.
#[component]
pub(crate) fn LiveMark() -> impl IntoView {
    let live = use_live();
    let text = use_text();
    let zone = use_preference().zone;
    let standing = Memo::new(move |_| live.standing());
    let class = move || match standing.get() {
        Standing::Live => "live",
        Standing::Still { .. } => "live still",
        Standing::Behind { .. } => "live stale",
        Standing::RetryIn { .. } | Standing::Trying => "live off",
    };
    let said = move || match standing.get() {
        Standing::Live => text.live.live.to_owned(),
        Standing::Still { at_ms } => (text.live.as_of)(&Civil::at(at_ms, &zone).clock_with_seconds()),
        Standing::Behind { seconds } => (text.live.behind)(seconds),
        Standing::RetryIn { seconds } => (text.live.retry_in)(seconds),
        Standing::Trying => text.live.reconnecting.to_owned(),
    };
    view! { <span class=class title=text.live.why>{said}</span> }
}
