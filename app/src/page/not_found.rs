//! The page for an address that leads nowhere.

use leptos::prelude::*;

use crate::part::empty::Empty;
use crate::part::page::Page;
use crate::preference::use_text;
use crate::room;

/// Says so, with the way back. The server answers 404.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::api::request::set_status(http::StatusCode::NOT_FOUND);
    let text = use_text();
    view! {
        <Page title=text.frame.not_found>
            <Empty title=text.frame.not_found said=text.frame.not_found_why>
                <a class="button main" href=room::OVERVIEW.path>{text.frame.overview}</a>
            </Empty>
        </Page>
    }
}
