//! Around every room: navigation, the live feed, keyboard shortcuts. Stays while rooms change.

mod live_mark;
mod navigation;
mod shortcuts;
pub(crate) mod switch;

use leptos::prelude::*;
use leptos_router::components::Outlet;

pub(crate) use live_mark::LiveMark;
use navigation::Navigation;
use shortcuts::Shortcuts;

use crate::live::Live;
use crate::part::palette::Palette;
use crate::preference::use_text;

/// The frame with the room in it.
#[component]
pub(crate) fn Frame() -> impl IntoView {
    Live::provide();
    Palette::provide();
    let text = use_text();
    view! {
        <a class="skip" href="#main">{text.frame.skip}</a>
        <div class="shell">
            <Navigation/>
            <Outlet/>
        </div>
        <Shortcuts/>
    }
}
