//! The fold: four times a second, and whenever somebody asks for figures, settled records go into the books.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::journal::{Folder, Journal};
use crate::live::Hub;
use crate::store::attempt::{Attempt, Watermark};

const PERIOD: Duration = Duration::from_millis(250);
/// Pause after the store failed.
const PAUSE: Duration = Duration::from_secs(1);
const ASKS: usize = 64;

/// Asks the fold to catch up.
#[derive(Clone)]
pub struct Books {
    journal: Journal,
    asks: mpsc::Sender<Ask>,
}

struct Ask {
    end: Watermark,
    reached: oneshot::Sender<()>,
}

/// What the console learns of records that came in.
pub type Tell = Box<dyn Fn(&[Attempt]) + Send + Sync>;

impl Books {
    /// A handle, and what the task needs of it.
    pub fn new(journal: Journal) -> (Self, Asks) {
        let (asks, asked) = mpsc::channel(ASKS);
        (Self { journal, asks }, Asks(asked))
    }

    /// Returns once the books have everything that was in the journal when this was called.
    pub async fn caught_up(&self) {
        let (reached, wait) = oneshot::channel();
        let ask = Ask { end: self.journal.end(), reached };
        // Both fail only when the fold has ended, after it has caught up.
        if self.asks.send(ask).await.is_ok() {
            let _ = wait.await;
        }
    }
}

/// The receiving end of [`Books`].
pub struct Asks(mpsc::Receiver<Ask>);

/// Folds until told to stop, and then once more to the journal's end.
pub async fn run(
    mut folder: Folder,
    mut asks: Asks,
    live: Arc<Hub>,
    clock: Clock,
    tell: Tell,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut waiting: Vec<Ask> = Vec::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = ticks.tick() => {}
            Some(ask) = asks.0.recv() => waiting.push(ask),
        }
        while let Ok(ask) = asks.0.try_recv() {
            waiting.push(ask);
        }
        if !catch_up(&mut folder, &live, &clock, &tell).await {
            // Whoever waits gets figures as they are: better late ones than none.
            waiting.clear();
            tokio::time::sleep(PAUSE).await;
        }
        for ask in waiting.extract_if(.., |ask| folder.has_reached(ask.end)) {
            let _ = ask.reached.send(());
        }
    }
    catch_up(&mut folder, &live, &clock, &tell).await;
}

async fn catch_up(folder: &mut Folder, live: &Hub, clock: &Clock, tell: &Tell) -> bool {
    loop {
        match folder.step().await {
            Ok(None) => return true,
            Ok(Some(new)) => {
                live.add(&new, clock.now_ms());
                tell(&new);
            }
            Err(error) => {
                tracing::error!(%error, "the books are behind the journal");
                return false;
            }
        }
    }
}
