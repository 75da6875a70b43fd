//! How much more or less than before.

use leptos::prelude::*;

use super::icon::Icon;
use crate::format;

/// An arrow and a figure, in plain ink, for neither is good by itself; nothing where there was nothing before.
#[component]
pub(crate) fn Change(
    /// Now and before.
    pair: Signal<(f64, f64)>,
) -> impl IntoView {
    move || {
        let (now, before) = pair.get();
        let change = format::change(now, before)?;
        let icon = if change < 0.0 { "fall" } else { "rise" };
        let said = format!("{:.1}\u{202f}%", change.abs());
        Some(view! { <span class="change"><Icon name=icon/>{said}</span> })
    }
}
