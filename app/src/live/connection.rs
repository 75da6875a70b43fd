//! The connection under the feed: made, watched, made again.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use relay::model::live::LiveEvent;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::{Link, Live, STALE_AFTER_MS, check_session};
use crate::moment::now_ms;

const ADDRESS: &str = "/web/live";
/// The names under which events come.
const EVENTS: [&str; 4] = ["pulse", "request", "accounts", "keys"];
/// The first pause; each next is twice as long.
const FIRST_PAUSE_MS: u32 = 1_000;
const LONGEST_PAUSE_MS: u32 = 30_000;

/// Connects, and again whenever that is lost, until the owner of the calling effect goes.
pub(super) fn open(live: Live) {
    let feed = Rc::new(Feed::new(live));
    feed.connect();
    let watched = Rc::clone(&feed);
    let watch = set_interval_with_handle(move || watched.watch(), Duration::from_secs(1)).ok();
    let kept = StoredValue::new_local((feed, watch));
    on_cleanup(move || {
        kept.with_value(|(feed, watch)| {
            feed.close();
            if let Some(watch) = watch {
                watch.clear();
            }
        });
    });
}

struct Feed {
    live: Live,
    source: StoredValue<Option<Source>, LocalStorage>,
    /// Failures in a row.
    failures: StoredValue<u32>,
    /// It was live once: the next time it is, pages have something to catch up with.
    was_live: StoredValue<bool>,
}

/// An open source with its listeners, which must live as long.
struct Source {
    source: EventSource,
    _on_event: Closure<dyn FnMut(MessageEvent)>,
    _on_open: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
}

impl Feed {
    fn new(live: Live) -> Self {
        Self {
            live,
            source: StoredValue::new_local(None),
            failures: StoredValue::new(0),
            was_live: StoredValue::new(false),
        }
    }

    fn connect(&self) {
        let (live, failures, was_live) = (self.live, self.failures, self.was_live);
        let Ok(source) = EventSource::new(ADDRESS) else {
            fail(live, failures);
            return;
        };
        let on_event = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data().as_string().unwrap_or_default();
            // An event of a newer server is not ours to read.
            if let Ok(event) = serde_json::from_str::<LiveEvent>(&data) {
                live.take(event);
            }
        });
        let on_open = Closure::<dyn FnMut()>::new(move || {
            live.last_ms.set(now_ms());
            live.link.set(Link::Live);
            failures.set_value(0);
            if was_live.get_value() {
                live.catch_up();
            }
            was_live.set_value(true);
        });
        let on_error = Closure::<dyn FnMut()>::new(move || fail(live, failures));
        for event in EVENTS {
            // Adding a listener fails only for an invalid one.
            let _ = source.add_event_listener_with_callback(event, on_event.as_ref().unchecked_ref());
        }
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        self.source.set_value(Some(Source {
            source,
            _on_event: on_event,
            _on_open: on_open,
            _on_error: on_error,
        }));
    }

    /// Once a second: connects again when the pause is over, and gives up a connection that fell silent.
    fn watch(&self) {
        match self.live.link.get_untracked() {
            Link::Waiting { retry_at_ms } => {
                self.close();
                if now_ms() >= retry_at_ms {
                    self.live.link.set(Link::Trying);
                    self.connect();
                }
            }
            Link::Live if now_ms() - self.live.last_ms.get_untracked() > 2 * STALE_AFTER_MS => {
                self.close();
                fail(self.live, self.failures);
            }
            Link::Live | Link::Trying | Link::Still => {}
        }
    }

    fn close(&self) {
        self.source.update_value(|source| {
            if let Some(Source { source, .. }) = source.take() {
                source.set_onopen(None);
                source.set_onerror(None);
                source.close();
            }
        });
    }
}

/// Says that the feed is lost, and until when it waits. The browser's own reconnecting is ended by the watch: it
/// does not say when it tries, and gives up on an error status.
fn fail(live: Live, failures: StoredValue<u32>) {
    if matches!(live.link.get_untracked(), Link::Waiting { .. }) {
        return;
    }
    let before = failures.get_value();
    failures.set_value(before + 1);
    let pause = FIRST_PAUSE_MS.saturating_mul(1 << before.min(5)).min(LONGEST_PAUSE_MS);
    // Up to half as long again, so that many consoles do not come back at once.
    let jitter = js_sys::Math::random() * f64::from(pause) / 2.0;
    #[allow(clippy::cast_possible_truncation, reason = "below a minute")]
    let wait_ms = i64::from(pause) + jitter as i64;
    live.link.set(Link::Waiting { retry_at_ms: now_ms() + wait_ms });
    if before > 0 {
        check_session();
    }
}
