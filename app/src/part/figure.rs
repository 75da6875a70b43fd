//! A figure: label, value with unit, a note, and where it leads.

use leptos::prelude::*;

/// One figure in a row of figures (`dl.figures`).
#[component]
pub(crate) fn Figure(
    label: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into, optional)] unit: Option<Signal<String>>,
    #[prop(into)] note: Signal<String>,
    /// The list that makes it up.
    #[prop(into)]
    href: String,
    /// The one figure of a page.
    #[prop(optional)]
    hero: bool,
    /// A sparkline.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let unit = unit.map(|unit| view! { " "<small>{unit}</small> });
    view! {
        <div class=if hero { "figure hero" } else { "figure" }>
            <dt>{label}</dt>
            <dd class="value"><a href=href>{value}</a>{unit}</dd>
            <dd class="note">{note}</dd>
            {children.map(|children| view! { <dd>{children()}</dd> })}
        </div>
    }
}
