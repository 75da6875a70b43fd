//! A page in the frame: its title and tools in the bar, its panels below.

use leptos::html::H1;
use leptos::prelude::*;
use leptos_meta::Title;

use super::icon::Icon;
use crate::frame::LiveMark;
use crate::frame::switch::{LanguageSwitch, ThemeSwitch};
use crate::live::Live;
use crate::preference::use_text;
use crate::room::{OVERVIEW, Room};

/// Bar and main of a page. After a change of page the title has the focus, so that it is read out.
#[component]
pub(crate) fn Page(
    #[prop(into)] title: Signal<String>,
    /// The room that the page is below.
    #[prop(optional)]
    above: Option<&'static Room>,
    /// What stands in the bar for this page alone.
    #[prop(optional)]
    tools: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    Effect::new(move || focus_after_navigation(heading));
    let text = use_text();
    let above = above.map(|room| {
        view! { <a class="above" href=room.path>{(room.name)(text)}</a><span class="above" aria-hidden="true">"/"</span> }
    });
    let live = use_context::<Live>().map(|_| view! { <LiveMark/> });
    view! {
        <Title text=move || format!("{} · Switchyard", title.get())/>
        <header class="bar">
            <a class="brand" href=OVERVIEW.path aria-label="Switchyard"><Icon name="mark"/></a>
            {above}
            <h1 node_ref=heading tabindex="-1">{title}</h1>
            {live}
            {tools.map(|tools| tools.run())}
            <div class="tools hide-phone">
                <LanguageSwitch/>
                <ThemeSwitch/>
            </div>
        </header>
        <main id="main" tabindex="-1">{children()}</main>
    }
}

fn focus_after_navigation(heading: NodeRef<H1>) {
    let Some(heading) = heading.get() else { return };
    let first_page = document().body().is_none_or(|body| !body.has_attribute("data-hydrated"));
    if !first_page {
        // Focus fails only on an element that is gone.
        let _ = heading.focus();
    }
}
