//! The body of a sandbox answer: bytes that come one after the other, each after its pause.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

/// The answer broke off because the prompt asked for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sandbox broke the connection off, as the prompt asked")]
pub struct SandboxCut;

/// One thing that happens in the body.
#[derive(Debug)]
pub(super) struct Step {
    /// Time after the step before.
    pub(super) after: Duration,
    /// What.
    pub(super) event: StepEvent,
}

#[derive(Debug)]
pub(super) enum StepEvent {
    /// Bytes come.
    Bytes(Bytes),
    /// The connection breaks.
    Cut,
    /// Nothing comes any more, and no end either.
    Stall,
}

impl Step {
    pub(super) fn at_once(bytes: Bytes) -> Self {
        Self { after: Duration::ZERO, event: StepEvent::Bytes(bytes) }
    }
}

/// A sandbox answer's bytes. Must be polled inside a tokio runtime with timers.
#[derive(Debug)]
pub struct SandboxBody {
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<Sleep>>>,
    waited: bool,
}

impl SandboxBody {
    pub(super) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect(), pause: None, waited: false }
    }

    /// Waits out the pause before the next step.
    fn poll_pause(&mut self, context: &mut Context<'_>, after: Duration) -> Poll<()> {
        if after.is_zero() {
            return Poll::Ready(());
        }
        let pause = self.pause.get_or_insert_with(|| Box::pin(tokio::time::sleep(after)));
        if !self.waited {
            // The timer is made once and set anew for each step.
            pause.as_mut().reset(Instant::now() + after);
            self.waited = true;
        }
        ready!(pause.as_mut().poll(context));
        self.waited = false;
        Poll::Ready(())
    }
}

impl Body for SandboxBody {
    type Data = Bytes;
    type Error = SandboxCut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, SandboxCut>>> {
        let Some(after) = self.steps.front().map(|step| step.after) else { return Poll::Ready(None) };
        ready!(self.poll_pause(context, after));
        match self.steps.pop_front().map(|step| step.event) {
            Some(StepEvent::Bytes(bytes)) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Some(StepEvent::Cut) => {
                self.steps.clear();
                Poll::Ready(Some(Err(SandboxCut)))
            }
            Some(StepEvent::Stall) => {
                self.steps.push_front(Step { after: Duration::ZERO, event: StepEvent::Stall });
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let whole = self.steps.iter().try_fold(0, |sum, step| match &step.event {
            StepEvent::Bytes(bytes) => Some(sum + bytes.len() as u64),
            StepEvent::Cut | StepEvent::Stall => None,
        });
        whole.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
