//! The live feed: one `EventSource` on `/web/live`, as signals.
//!
//! A connection that drops is said to have dropped, is made anew with growing pauses, and tells pages to fetch
//! again, so that nothing that happened meanwhile is missed. Runs in the browser only.

mod connection;

use leptos::prelude::*;
use relay::model::live::{LiveEvent, Pulse};
use relay::model::request::RequestRow;

use crate::api::error::ApiError;
use crate::api::session::get_session;
use crate::moment::use_clock;
use crate::room;

/// A pulse comes at least every 15 s; this long without one, figures are called stale.
const STALE_AFTER_MS: i64 = 20_000;
/// So many of the requests that came are kept for pages to take.
const KEPT_REQUESTS: usize = 50;

/// How the feed is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Link {
    /// Not yet, or no WASM: the page is as of its loading.
    #[default]
    Still,
    /// Events come.
    Live,
    /// Lost; the next try is at this time.
    Waiting { retry_at_ms: i64 },
    /// A try is under way.
    Trying,
}

/// What the feed tells pages.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    link: RwSignal<Link>,
    last_ms: RwSignal<i64>,
    /// The newest pulse.
    pub(crate) pulse: RwSignal<Option<Pulse>>,
    /// Requests that ended since the page was loaded, newest first, bounded.
    pub(crate) requests: RwSignal<Vec<RequestRow>>,
    /// Grows when accounts must be fetched again.
    pub(crate) accounts: RwSignal<u32>,
    /// Grows when keys must be fetched again.
    pub(crate) keys: RwSignal<u32>,
}

/// How the feed is doing, in what a person can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Figures are as of this time and do not move.
    Still { at_ms: i64 },
    /// Figures move.
    Live,
    /// Connected, but silent for so many seconds.
    Behind { seconds: i64 },
    /// Not connected; tried again in so many seconds.
    RetryIn { seconds: i64 },
    /// Being connected again.
    Trying,
}

impl Live {
    /// Opens the feed for everything below, until this owner goes.
    pub(crate) fn provide() -> Self {
        let live = Self {
            link: RwSignal::default(),
            last_ms: RwSignal::new(use_clock().now_ms_untracked()),
            pulse: RwSignal::default(),
            requests: RwSignal::default(),
            accounts: RwSignal::default(),
            keys: RwSignal::default(),
        };
        provide_context(live);
        Effect::new(move || connection::open(live));
        live
    }

    /// How it stands now; follows the clock.
    pub(crate) fn standing(self) -> Standing {
        let now_ms = use_clock().now_ms();
        let silent_ms = now_ms - self.last_ms.get();
        match self.link.get() {
            Link::Still => Standing::Still { at_ms: self.last_ms.get() },
            Link::Live if silent_ms < STALE_AFTER_MS => Standing::Live,
            Link::Live => Standing::Behind { seconds: silent_ms / 1000 },
            Link::Trying => Standing::Trying,
            Link::Waiting { retry_at_ms } => {
                Standing::RetryIn { seconds: (retry_at_ms - now_ms).max(0).div_euclid(1000) + 1 }
            }
        }
    }

    fn take(self, event: LiveEvent) {
        self.last_ms.set(crate::moment::now_ms());
        match event {
            LiveEvent::Pulse(pulse) => self.pulse.set(Some(*pulse)),
            LiveEvent::Request(request) => self.requests.update(|requests| {
                requests.insert(0, *request);
                requests.truncate(KEPT_REQUESTS);
            }),
            LiveEvent::Accounts => self.accounts.update(|version| *version += 1),
            LiveEvent::Keys => self.keys.update(|version| *version += 1),
        }
    }

    /// The feed is there again after it was lost: what pages show may have been overtaken.
    fn catch_up(self) {
        self.accounts.update(|version| *version += 1);
        self.keys.update(|version| *version += 1);
    }
}

/// The feed of this page view.
pub(crate) fn use_live() -> Live {
    expect_context::<Live>()
}

/// Goes to sign-in, because the session ended. What is on the page goes with it.
pub(crate) fn leave() {
    // A failed navigation leaves the page as it is, which says that it is not live.
    let _ = window().location().set_href(room::SIGN_IN);
}

/// A feed that cannot be had may mean that the session ended: asks, and goes to sign-in if so.
fn check_session() {
    leptos::task::spawn_local(async {
        if let Err(ApiError::SignedOut) = get_session().await {
            leave();
        }
    });
}
