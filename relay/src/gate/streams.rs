//! The calls of one key that are under way, so that they can be ended when the key is revoked.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;

/// The calls under way.
#[derive(Debug, Default)]
pub struct Streams(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    next: u64,
    /// What is opened ends at once.
    is_closed: bool,
    ends: HashMap<u64, Arc<End>>,
}

#[derive(Debug, Default)]
struct End {
    is_ended: AtomicBool,
    waker: AtomicWaker,
}

/// A call under way, as the list has it until this is dropped.
#[derive(Debug)]
pub struct OpenStream {
    list: Arc<Mutex<Open>>,
    place: u64,
    end: Arc<End>,
}

impl Streams {
    /// Adds a call.
    pub fn open(&self) -> OpenStream {
        let end = Arc::new(End::default());
        let mut open = lock(&self.0);
        end.is_ended.store(open.is_closed, Ordering::Release);
        open.next += 1;
        let place = open.next;
        open.ends.insert(place, Arc::clone(&end));
        drop(open);
        OpenStream { list: Arc::clone(&self.0), place, end }
    }

    /// Ends all calls that are under way, and those that only upload their bodies yet.
    pub fn end_all(&self) {
        let ends: Vec<_> = {
            let mut open = lock(&self.0);
            open.is_closed = true;
            open.ends.values().cloned().collect()
        };
        for end in &ends {
            end.is_ended.store(true, Ordering::Release);
            end.waker.wake();
        }
    }

    /// Calls may be opened again.
    pub fn reopen(&self) {
        lock(&self.0).is_closed = false;
    }
}

impl OpenStream {
    /// Whether it is to end.
    pub fn is_ended(&self) -> bool {
        self.end.is_ended.load(Ordering::Acquire)
    }

    /// Ready once it is to end; the task is woken then. One task at a time can wait.
    pub fn poll_ended(&self, context: &mut Context<'_>) -> Poll<()> {
        self.end.waker.register(context.waker());
        if self.is_ended() { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Waits until it is to end.
    pub async fn ended(&self) {
        poll_fn(|context| self.poll_ended(context)).await;
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        lock(&self.list).ends.remove(&self.place);
    }
}

fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}
