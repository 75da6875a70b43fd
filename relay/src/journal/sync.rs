//! The thread that brings the journal to disk: at most every `journal.sync`, or as fast as it can under `always`. While
//! the disk refuses it tries again, and the journal takes no new attempts.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use super::writer::Unsynced;
use super::{JournalError, Shared};

/// Pause before the disk is tried again.
const RETRY: Duration = Duration::from_secs(1);

pub(super) struct Syncer {
    signal: Arc<Signal>,
    thread: Mutex<Option<JoinHandle<()>>>,
    disk: watch::Receiver<Disk>,
    period: Option<Duration>,
}

#[derive(Default)]
struct Signal {
    dirty: AtomicBool,
    stop: Mutex<bool>,
    changed: Condvar,
}

/// What is known of the disk.
#[derive(Default)]
struct Disk {
    reached: u64,
    refusal: Option<String>,
}

impl Syncer {
    pub(super) fn start(shared: Arc<Shared>, period: Option<Duration>) -> io::Result<Self> {
        let signal = Arc::new(Signal::default());
        let (told, disk) = watch::channel(Disk::default());
        let work = {
            let signal = Arc::clone(&signal);
            move || run(&shared, period, &signal, &told)
        };
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(work)?;
        Ok(Self { signal, thread: Mutex::new(Some(thread)), disk, period })
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

    pub(super) async fn reached(&self, end: u64) -> Result<(), JournalError> {
        let mut disk = self.disk.clone();
        let known = disk.wait_for(|disk| disk.reached >= end || disk.refusal.is_some()).await;
        match known {
            Ok(disk) if disk.reached >= end => Ok(()),
            Ok(disk) => Err(JournalError::Sync(disk.refusal.clone().unwrap_or_default())),
            // The thread ended, after a last sync.
            Err(_) => Err(JournalError::Sync("it is closed".to_owned())),
        }
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

fn run(shared: &Shared, period: Option<Duration>, signal: &Signal, told: &watch::Sender<Disk>) {
    let mut pending = Pending::default();
    let mut is_behind = false;
    let mut stop = signal.stop.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let idle = |stop: &mut bool| !*stop && !is_behind && !signal.dirty.load(Ordering::Acquire);
        stop = signal.changed.wait_while(stop, idle).unwrap_or_else(PoisonError::into_inner);
        if let Some(pause) = if is_behind { Some(RETRY) } else { period } {
            // What comes during this pause is synced with the rest; closing ends it early.
            let waited = signal.changed.wait_timeout_while(stop, pause, |stop| !*stop);
            stop = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let is_last = *stop;
        signal.dirty.store(false, Ordering::Release);
        drop(stop);
        is_behind = pending.bring(shared, told);
        if is_last {
            return;
        }
        stop = signal.stop.lock().unwrap_or_else(PoisonError::into_inner);
    }
}

/// What the disk has not taken yet.
#[derive(Default)]
struct Pending {
    unsynced: Unsynced,
    was_refused: bool,
}

impl Pending {
    /// Brings all that is written to disk, and writes what was kept. True if some of it has to be tried again.
    fn bring(&mut self, shared: &Shared, told: &watch::Sender<Disk>) -> bool {
        let (flushed, (new, end)) = {
            let mut writer = shared.writer();
            (writer.flush(), writer.take_unsynced())
        };
        self.unsynced.spans.extend(new.spans);
        self.unsynced.has_new_name |= new.has_new_name;
        let synced = self.sync(shared);
        match &synced {
            Ok(()) if self.was_refused => tracing::info!("the journal reaches the disk again"),
            Err(error) if !self.was_refused => tracing::error!(%error, "the journal does not reach the disk"),
            _ => {}
        }
        let refusal = synced.err().map(|error| error.to_string());
        self.was_refused = refusal.is_some();
        shared.writer().set_refusal(refusal.clone());
        told.send_modify(|disk| {
            if refusal.is_none() {
                disk.reached = end;
            }
            disk.refusal = refusal;
        });
        self.was_refused || flushed.is_err()
    }

    fn sync(&mut self, shared: &Shared) -> io::Result<()> {
        if self.was_refused {
            self.unsynced.spans.iter().try_for_each(super::segment::Span::write_again)?;
        }
        if self.unsynced.has_new_name {
            // A name must survive a power cut, or its records would not.
            File::open(&shared.folder)?.sync_all()?;
            self.unsynced.has_new_name = false;
        }
        self.unsynced.spans.iter().try_for_each(super::segment::Span::sync)?;
        self.unsynced.spans.clear();
        Ok(())
    }
}
