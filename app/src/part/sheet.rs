//! A section: a title under a hairline, and air. Not a box.

use leptos::prelude::*;

/// A section of a page.
#[component]
pub(crate) fn Sheet(
    /// Names the section, for links and for screen readers.
    id: &'static str,
    #[prop(into)] title: Signal<String>,
    /// Beside the title.
    #[prop(into, optional)]
    note: Option<Signal<String>>,
    /// `major` (two thirds) or `minor` (one third) in columns; otherwise half.
    #[prop(optional)]
    class: &'static str,
    /// At the end of the title's line.
    #[prop(optional)]
    tools: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <section id=id class=format!("sheet {class}") aria-labelledby=labelled_by>
            <header>
                <h2 id=heading>{title}</h2>
                {note.map(|note| view! { <span class="small quiet">{note}</span> })}
                {tools.map(|tools| view! { <div class="tools">{tools.run()}</div> })}
            </header>
            {children()}
        </section>
    }
}
