//! A journal and a store in a temporary folder, opened and lost as often as a test likes.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use relay::clock::Clock;
use relay::journal::{Folder, Journal, Opened, Ticket};
use relay::meter::abandoned::abandoned;
use relay::model::figure::Totals;
use relay::model::id::{AccountId, KeyId};
use relay::model::money::Nanodollars;
use relay::model::outcome::Outcome;
use relay::model::usage::{Tokens, Usage};
use relay::price::Table;
use relay::store::Store;
use relay::store::attempt::{self, Attempt, Charge, Endpoint};
use relay::store::figure::{self, Filter};
use tempfile::TempDir;
use uuid::Uuid;

/// Tuesday, 24 November 2026, 14:00 UTC.
pub(crate) const NOW_MS: i64 = 1_795_528_800_000;

/// A process's journal, store and fold over a folder.
pub(crate) struct Books {
    pub(crate) journal: Journal,
    pub(crate) store: Store,
    pub(crate) fold: Folder,
    /// What a former process left open, settled as abandoned when this one began.
    pub(crate) abandoned: Vec<Attempt>,
    clock: Clock,
    folder: TempDir,
}

impl Books {
    pub(crate) async fn new() -> Self {
        Self::in_zone(Clock::fake(NOW_MS)).await
    }

    pub(crate) async fn in_zone(clock: Clock) -> Self {
        Self::open(tempfile::tempdir().expect("a folder"), clock).await
    }

    async fn open(folder: TempDir, clock: Clock) -> Self {
        let store = Store::open(&folder.path().join("switchyard.db")).expect("a store");
        let journal = folder.path().join("journal");
        std::fs::create_dir_all(&journal).expect("a folder");
        let folded = attempt::watermark(&store).await.expect("a watermark");
        let (journal, interrupted) =
            Journal::open(&journal, folded, Some(Duration::from_secs(1))).expect("a journal");
        let prices = Table::embedded();
        let abandoned: Vec<_> = interrupted.into_iter().map(|opened| abandoned(&prices, opened)).collect();
        for attempt in &abandoned {
            journal.append_settled(attempt).expect("room");
        }
        let fold = Folder::new(journal.clone(), store.clone(), clock.clone()).await.expect("a fold");
        Self { journal, store, fold, abandoned, clock, folder }
    }

    /// Loses the process with all that was in its memory, and starts another one.
    pub(crate) async fn crash(self) -> Self {
        self.crash_after(|_| ()).await
    }

    /// The same, with something done to the files while no process has them.
    pub(crate) async fn crash_after(self, change: impl FnOnce(&Path)) -> Self {
        let Self { journal, store, fold, clock, folder, .. } = self;
        drop((journal, store, fold));
        change(folder.path());
        Self::open(folder, clock).await
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Opens an attempt and settles it as given.
    pub(crate) fn enter(&self, attempt: &Attempt) {
        let ticket = self.begin(attempt);
        self.journal.settle(ticket, attempt).expect("room");
    }

    pub(crate) fn begin(&self, attempt: &Attempt) -> Ticket {
        self.journal.begin(&opened(attempt)).expect("room")
    }

    /// Folds to the journal's end.
    pub(crate) async fn catch_up(&mut self) {
        while self.fold.step().await.expect("a fold").is_some() {}
    }

    /// All attempts in the books, in the order of their calls.
    pub(crate) async fn attempts(&self) -> Vec<Attempt> {
        let (kept, attempts) = std::sync::mpsc::channel();
        let look = move |attempt: &Attempt| drop(kept.send(attempt.clone()));
        attempt::each_since(&self.store, 0, look).await.expect("the books");
        let mut attempts: Vec<_> = attempts.iter().collect();
        attempts.sort_by_key(|attempt| (attempt.call, attempt.n));
        attempts
    }

    /// The calls in the books, by the numbers that [`attempt`] gave them.
    pub(crate) async fn calls(&self) -> Vec<u128> {
        self.attempts().await.iter().map(|attempt| attempt.call.as_u128()).collect()
    }

    /// The sums over buckets of one size.
    pub(crate) async fn totals(&self, size: &'static str) -> Totals {
        figure::totals(&self.store, Filter::since(size, 0)).await.expect("sums")
    }
}

/// What the books are to say in sum of attempts.
pub(crate) fn sum<'a>(attempts: impl IntoIterator<Item = &'a Attempt>) -> Totals {
    let mut totals = Totals::default();
    for attempt in attempts {
        totals.requests += u64::from(attempt.is_request());
        totals.failed += u64::from(attempt.is_failure());
        totals.tokens += attempt.usage.tokens;
        totals.cost += attempt.cost.unwrap_or_default();
        totals.unpriced += u64::from(attempt.is_request() && attempt.cost.is_none() && !attempt.sandbox);
        totals.web_searches += attempt.usage.web_searches;
        if attempt.is_request() {
            totals.times.timed += u64::from(attempt.first_byte_ms.is_some());
            totals.times.first_byte_ms += u64::from(attempt.first_byte_ms.unwrap_or_default());
            totals.times.total_ms += u64::from(attempt.total_ms);
        }
    }
    totals
}

/// A whole answer with usage of its own, by a number.
pub(crate) fn attempt(call: u128) -> Attempt {
    let count = u64::try_from(call % 1_000).expect("a small number") + 1;
    Attempt {
        call: Uuid::from_u128(call),
        n: 1,
        last: true,
        accepted: true,
        at_ms: NOW_MS,
        key: KeyId::new("a key"),
        account: Some(AccountId::new("an account")),
        endpoint: Endpoint::Messages,
        asked: "claude-sonnet-4-5".to_owned(),
        model: Some("claude-sonnet-4-5".to_owned()),
        stream: true,
        sandbox: false,
        status: 200,
        outcome: Outcome::Ok,
        cause: None,
        usage: Usage {
            tokens: Tokens { input: count, output: 2 * count, cache_read: 3 * count, ..Tokens::default() },
            ..Usage::default()
        },
        cost: Some(Nanodollars(7)),
        price: Some("a table".to_owned()),
        surplus: Charge::default(),
        first_byte_ms: Some(5),
        total_ms: 9,
        decision: None,
    }
}

pub(crate) fn opened(attempt: &Attempt) -> Opened {
    Opened {
        call: attempt.call,
        n: attempt.n,
        at_ms: attempt.at_ms,
        key: attempt.key.clone(),
        account: attempt.account.clone().expect("an account"),
        endpoint: attempt.endpoint,
        asked: attempt.asked.clone(),
        stream: attempt.stream,
        sandbox: attempt.sandbox,
        prompt_guess: 11,
        reserved: None,
    }
}

/// The journal's files in a data folder, oldest first.
pub(crate) fn segments(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join("journal")).expect("a folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// The latest file that has something in it.
pub(crate) fn latest_segment(folder: &Path) -> Option<PathBuf> {
    segments(folder).into_iter().rfind(|path| length(path) > 0)
}

pub(crate) fn length(path: &Path) -> u64 {
    std::fs::metadata(path).expect("a file").len()
}

pub(crate) fn append(path: &Path, bytes: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(path).expect("a file");
    file.write_all(bytes).expect("a write");
}
