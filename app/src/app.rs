//! The console's root: what every page shares, and the table of routes.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, StaticSegment, WildcardSegment};

use crate::frame::Frame;
use crate::moment::Clock;
use crate::page::dashboard::DashboardRoute;
use crate::page::not_found::NotFound;
use crate::preference::Preference;
use crate::room;

/// The console. Sets `data-hydrated` on the body once the browser has taken over.
///
/// Every route waits for its data on the server: pages are whole without WASM, and a page for which nobody is
/// signed in becomes a redirect.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Preference::current());
    Clock::provide();
    Effect::new(|| {
        if let Some(body) = document().body() {
            // Only an invalid attribute name could fail here.
            let _ = body.set_attribute("data-hydrated", "");
        }
    });

    view! {
        <Router>
            <Routes fallback=NotFound>
                <ParentRoute path=StaticSegment("web") view=Frame ssr=SsrMode::Async>
                    <Route
                        path=StaticSegment(room::OVERVIEW.segment)
                        view={Lazy::<DashboardRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=WildcardSegment("any") view=NotFound ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
