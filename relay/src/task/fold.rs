//! The fold: four times a second, and whenever somebody asks for figures, settled records go into the books.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::journal::Folder;
use crate::journal::books::{Ask, Asks};
use crate::live::Hub;
use crate::store::attempt::Attempt;

const PERIOD: Duration = Duration::from_millis(250);
/// Pause after the store failed.
const PAUSE: Duration = Duration::from_secs(1);

/// What the console learns of records that came in.
pub type Tell = Box<dyn Fn(&[Attempt]) + Send + Sync>;

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
            Some(ask) = asks.asked.recv() => waiting.push(ask),
        }
        while let Ok(ask) = asks.asked.try_recv() {
            waiting.push(ask);
        }
        let has_caught_up = catch_up(&mut folder, &live, &clock, &tell).await;
        asks.set_stuck(!has_caught_up);
        if !has_caught_up {
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
