//! The console's root: what every page shares, and the table of routes.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, ParamSegment, SsrMode, StaticSegment, WildcardSegment};

use crate::address::account::NEW;
use crate::frame::Frame;
use crate::moment::Clock;
use crate::page::account::AccountsRoute;
use crate::page::account::new::NewAccountRoute;
use crate::page::account::one::AccountRoute;
use crate::page::dashboard::DashboardRoute;
use crate::page::holder::HolderRoute;
use crate::page::key::KeyRoute;
use crate::page::key::one::OneKeyRoute;
use crate::page::not_found::NotFound;
use crate::page::request::RequestRoute;
use crate::page::request::list::RequestListRoute;
use crate::page::setup::SetupRoute;
use crate::page::sign_in::SignInRoute;
use crate::page::usage::UsageRoute;
use crate::page::welcome::WelcomeRoute;
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
    #[cfg(feature = "ssr")]
    crate::api::typed::give_back();
    Effect::new(|| {
        if let Some(body) = document().body() {
            // Only an invalid attribute name could fail here.
            let _ = body.set_attribute("data-hydrated", "");
        }
    });

    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route
                    path=StaticSegment(room::HOLDER.trim_start_matches('/'))
                    view={Lazy::<HolderRoute>::new()}
                    ssr=SsrMode::Async
                />
                <Route path=within("sign-in") view={Lazy::<SignInRoute>::new()} ssr=SsrMode::Async/>
                <Route path=within("setup") view={Lazy::<SetupRoute>::new()} ssr=SsrMode::Async/>
                <Route path=within("welcome") view={Lazy::<WelcomeRoute>::new()} ssr=SsrMode::Async/>
                <ParentRoute path=StaticSegment("web") view=Frame ssr=SsrMode::Async>
                    <Route
                        path=StaticSegment(room::OVERVIEW.segment)
                        view={Lazy::<DashboardRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=StaticSegment(room::USAGE.segment)
                        view={Lazy::<UsageRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=StaticSegment(room::KEYS.segment)
                        view={Lazy::<KeyRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(room::KEYS.segment), ParamSegment("id"))
                        view={Lazy::<OneKeyRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=StaticSegment(room::ACCOUNTS.segment)
                        view={Lazy::<AccountsRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(room::ACCOUNTS.segment), StaticSegment(NEW))
                        view={Lazy::<NewAccountRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(room::ACCOUNTS.segment), ParamSegment("id"))
                        view={Lazy::<AccountRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=StaticSegment(room::REQUESTS.segment)
                        view={Lazy::<RequestListRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(room::REQUESTS.segment), ParamSegment("id"))
                        view={Lazy::<RequestRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=WildcardSegment("any") view=NotFound ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// A page outside of the frame.
fn within(segment: &'static str) -> (StaticSegment<&'static str>, StaticSegment<&'static str>) {
    (StaticSegment("web"), StaticSegment(segment))
}
