//! Points in time: short or relative, with the exact on hover, in the server's time zone.

use leptos::prelude::*;

use crate::moment::{self, use_clock};
use crate::preference::{use_preference, use_text};

/// The time of day, with the date unless it is today's.
#[component]
pub(crate) fn Brief(at_ms: i64) -> impl IntoView {
    let (text, zone, clock) = (use_text(), use_preference().zone, use_clock());
    let exact = moment::exact(at_ms, &zone, text);
    let said = move || moment::brief(at_ms, clock.now_ms(), &zone, text);
    view! { <time datetime=moment::machine(at_ms) title=exact>{said}</time> }
}

/// How long ago; goes on by itself.
#[component]
pub(crate) fn Ago(at_ms: i64) -> impl IntoView {
    let (text, zone, clock) = (use_text(), use_preference().zone, use_clock());
    let exact = moment::exact(at_ms, &zone, text);
    let said = move || moment::ago(at_ms, clock.now_ms(), text);
    view! { <time datetime=moment::machine(at_ms) title=exact>{said}</time> }
}
