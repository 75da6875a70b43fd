//! The live feed: server-sent events for as long as the session lasts.
//!
//! Nothing queues here: the browser's connection pulls, and one that is too slow misses events. It is told then to fetch
//! its lists again.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, Sse};
use futures_core::Stream;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

use crate::admin::{Admin, session};
use crate::model::live::LiveEvent;
use crate::state::Shared;

/// How often a silent feed says that it lives, and looks whether its session does.
const HEARTBEAT: Duration = Duration::from_secs(15);

struct Feed {
    shared: Shared,
    admin: Admin,
    events: broadcast::Receiver<Arc<LiveEvent>>,
    ended: watch::Receiver<u64>,
    next: VecDeque<Event>,
}

/// Sends these events to an administrator until the session ends.
pub fn feed(
    shared: Shared,
    admin: Admin,
    events: broadcast::Receiver<Arc<LiveEvent>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let ended = shared.door.ended_sessions();
    // Headers go out with the first event: say at once that we are there.
    let next = VecDeque::from([Event::default().comment("live").retry(Duration::from_secs(2))]);
    let feed = Feed { shared, admin, events, ended, next };
    Sse::new(futures_util::stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok(event), feed))
    }))
}

impl Feed {
    /// The next event; `None` when the session or Switchyard ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.next.pop_front() {
                return Some(event);
            }
            tokio::select! {
                event = self.events.recv() => match event {
                    Ok(event) => self.next.extend(written(&event)),
                    Err(RecvError::Lagged(_)) => {
                        self.next.extend([LiveEvent::Accounts, LiveEvent::Keys].iter().filter_map(written));
                    }
                    Err(RecvError::Closed) => return None,
                },
                changed = self.ended.changed() => {
                    changed.ok()?;
                    self.check().await?;
                }
                () = tokio::time::sleep(HEARTBEAT) => {
                    self.check().await?;
                    self.next.push_back(Event::default().comment(""));
                }
            }
        }
    }

    async fn check(&self) -> Option<()> {
        session::is_open(&self.shared, &self.admin).await.ok()?.then_some(())
    }
}

fn written(event: &LiveEvent) -> Option<Event> {
    let name = match event {
        LiveEvent::Pulse(_) => "pulse",
        LiveEvent::Request(_) => "request",
        LiveEvent::Accounts => "accounts",
        LiveEvent::Keys => "keys",
    };
    Event::default().event(name).json_data(event).ok()
}
