//! The longest silence of upstream, measured while it is being waited for: a slow client's time does not count.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

pub(super) struct Idle {
    limit: Duration,
    waiting_since: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Idle {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, waiting_since: None, timer: None }
    }

    /// Something came.
    pub(super) fn touch(&mut self) {
        self.waiting_since = None;
    }

    /// The limit as people write it.
    pub(super) fn limit(&self) -> impl fmt::Display {
        humantime::format_duration(self.limit)
    }

    /// Ready once nothing has come for the limit; the task is woken then. The timer is made once and only moved when
    /// it goes off, which is rare.
    pub(super) fn poll_expired(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let end = *self.waiting_since.get_or_insert_with(Instant::now) + self.limit;
        loop {
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
            ready!(timer.as_mut().poll(context));
            if Instant::now() >= end {
                return Poll::Ready(());
            }
            timer.as_mut().reset(end);
        }
    }
}
