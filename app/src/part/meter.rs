//! A meter: what is used is solid, what is reserved is hatched, the end is the limit.

use leptos::prelude::*;

/// The bar. Tones are `near` and `full`; a word beside it says the same.
#[component]
pub(crate) fn Meter(
    #[prop(into)] label: Signal<String>,
    /// 0 to 1.
    #[prop(into)]
    used: Signal<f64>,
    /// The same, after what is used.
    #[prop(into)]
    reserved: Signal<f64>,
    #[prop(into)] tone: Signal<&'static str>,
) -> impl IntoView {
    let width = |part: f64| format!("{:.1}", 1000.0 * part.clamp(0.0, 1.0));
    let hatches = move || {
        let (from, to) = (used.get().clamp(0.0, 1.0), (used.get() + reserved.get()).clamp(0.0, 1.0));
        (to > from).then(|| {
            view! { <rect class="reserved" x=width(from) width=width(to - from) height="6"/> }
        })
    };
    view! {
        <span
            class=move || format!("meter {}", tone.get())
            role="meter"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || format!("{:.0}", 100.0 * used.get().clamp(0.0, 1.0))
        >
            <svg viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true">
                <rect class="used" width=move || width(used.get()) height="6"/>
                {hatches}
            </svg>
        </span>
    }
}
