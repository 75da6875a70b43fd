//! What is being loaded, in the size of what comes: nothing moves when it is there.

use leptos::prelude::*;

use crate::preference::use_text;

/// What is being loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A table of so many rows.
    Rows(usize),
    /// Figures, a chart, a table.
    Overview,
}

/// The outline of what comes.
#[component]
pub(crate) fn Skeleton(shape: Shape) -> impl IntoView {
    let text = use_text();
    let rows = |rows: usize| (0..rows).map(|_| view! { <span class="skeleton row"></span> }).collect_view();
    let figures = || {
        let figure = |_| {
            view! {
                <div class="figure skeletons">
                    <span class="skeleton word"></span>
                    <span class="skeleton figure-of"></span>
                    <span class="skeleton word"></span>
                </div>
            }
        };
        view! { <div class="figures">{(0..5).map(figure).collect_view()}</div> }
    };
    let outline = match shape {
        Shape::Rows(count) => rows(count).into_any(),
        Shape::Overview => view! { {figures()} <span class="skeleton plot-of"></span> {rows(6)} }.into_any(),
    };
    view! {
        <div class="skeletons" role="status" aria-busy="true" aria-label=text.part.loading>
            {outline}
        </div>
    }
}
