//! How large a part is: a bar beside its name, a divided whole, and the swatch that names a series.

use leptos::prelude::*;

/// The colour of a series: 1 to 8; 0 is grey; 11 to 16 are states.
pub(crate) fn series_class(number: u8) -> String {
    format!("s{}", number.min(16))
}

/// A thin bar: this part of the largest.
#[component]
pub(crate) fn Share(
    /// 0 to 1.
    #[prop(into)]
    part: Signal<f64>,
    /// The colour of the series, 0 for grey.
    #[prop(into)]
    series: Signal<u8>,
) -> impl IntoView {
    view! {
        <svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect
                class=move || series_class(series.get())
                width=move || format!("{:.1}", 100.0 * part.get().clamp(0.0, 1.0))
                height="4"
            />
        </svg>
    }
}

/// The colour of a series before its name.
#[component]
pub(crate) fn Swatch(
    /// Its class: `s1`, `class-read`.
    #[prop(into)]
    class: String,
) -> impl IntoView {
    view! {
        <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
            <rect class=class width="10" height="10"/>
        </svg>
    }
}

/// One bar that shows how a whole divides. The list below it says the same in figures.
#[component]
pub(crate) fn Split(
    /// Class and size of each part, in their order.
    #[prop(into)]
    parts: Signal<Vec<(&'static str, f64)>>,
) -> impl IntoView {
    let bars = move || {
        let parts = parts.get();
        let whole: f64 = parts.iter().map(|(_, size)| size).sum();
        let mut at = 0.0;
        let bar = |(class, size): (&'static str, f64)| {
            let width = if whole > 0.0 { 1000.0 * size / whole } else { 0.0 };
            let from = at;
            at += width;
            // A hairline between parts, unless a part is thinner than that.
            let shown = (width - 2.0).max(width.min(2.0));
            view! { <rect class=class x=format!("{from:.1}") width=format!("{shown:.1}") height="10"/> }
        };
        parts.into_iter().map(bar).collect_view()
    };
    view! {
        <svg class="split" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{bars}</svg>
    }
}
