//! The thread that brings the journal to disk: at most every `journal.sync`, or as fast as it can under `always`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use super::Shared;

pub(super) struct Syncer {
    signal: Arc<Signal>,
    thread: Mutex<Option<JoinHandle<()>>>,
    reached: watch::Receiver<u64>,
    period: Option<Duration>,
}

#[derive(Default)]
struct Signal {
    dirty: AtomicBool,
    stop: Mutex<bool>,
    changed: Condvar,
}

impl Syncer {
    pub(super) fn start(shared: Arc<Shared>, period: Option<Duration>) -> Self {
        let signal = Arc::new(Signal::default());
        let (reached, watching) = watch::channel(0);
        let work = {
            let signal = Arc::clone(&signal);
            move || run(&shared, period, &signal, &reached)
        };
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(work).ok();
        Self { signal, thread: Mutex::new(thread), reached: watching, period }
    }

    /// Says that there is something to sync. Never waits; costs a system call once per period at most.
    pub(super) fn wake(&self) {
        if !self.signal.dirty.swap(true, Ordering::AcqRel) {
            drop(self.signal.stop.lock());
            self.signal.changed.notify_one();
        }
    }

    pub(super) fn always(&self) -> bool {
        self.period.is_none()
    }

    pub(super) async fn reached(&self, end: u64) {
        // An error means that the thread ended, at shutdown, after a last sync.
        let _ = self.reached.clone().wait_for(|reached| *reached >= end).await;
    }
}

impl Drop for Syncer {
    fn drop(&mut self) {
        *self.signal.stop.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.signal.changed.notify_one();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

fn run(shared: &Shared, period: Option<Duration>, signal: &Signal, reached: &watch::Sender<u64>) {
    let mut stop = signal.stop.lock().unwrap_or_else(PoisonError::into_inner);
    while !*stop {
        let idle = |stop: &mut bool| !*stop && !signal.dirty.load(Ordering::Acquire);
        stop = signal.changed.wait_while(stop, idle).unwrap_or_else(PoisonError::into_inner);
        if let Some(period) = period {
            // What comes during this pause is synced with the rest; closing ends it early.
            let waited = signal.changed.wait_timeout_while(stop, period, |stop| !*stop);
            stop = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        signal.dirty.store(false, Ordering::Release);
        drop(stop);
        sync(shared, reached);
        stop = signal.stop.lock().unwrap_or_else(PoisonError::into_inner);
    }
}

fn sync(shared: &Shared, reached: &watch::Sender<u64>) {
    let (files, end) = {
        let mut writer = shared.writer();
        let mut files = std::mem::take(&mut writer.unsynced);
        files.extend(writer.segment.handle());
        (files, writer.written)
    };
    for file in files {
        if let Err(error) = file.sync_data() {
            tracing::error!(%error, "the journal does not reach the disk");
            return;
        }
    }
    reached.send_replace(end);
}
