//! The open loop: calls at a fixed rate. A latency counts from when the call was due, so that a target that falls
//! behind is not spared.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::{JoinError, JoinSet};

use crate::connection::Connection;
use crate::report::{Report, Tally};
use crate::target::Target;

/// Calls that may be due on one connection and not made yet.
const DUE: usize = 1024;

/// How fast and how long.
#[derive(Args, Clone, Copy)]
pub(crate) struct Pace {
    /// Calls per second
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,
    /// How many
    #[arg(long)]
    count: u32,
    /// Connections, which take turns
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..))]
    connections: u32,
}

/// Makes the calls.
///
/// # Errors
/// If a worker panicked.
pub(crate) async fn run(target: Arc<Target>, pace: Pace) -> Result<Report, JoinError> {
    let mut workers = JoinSet::new();
    let mut turns = Vec::new();
    for _ in 0..pace.connections {
        let (turn, due) = mpsc::channel(DUE);
        turns.push(turn);
        workers.spawn(work(Connection::new(Arc::clone(&target)), due));
    }
    let begun = Instant::now();
    let clock = tokio::task::spawn_blocking(move || give_out(pace, &turns, begun));
    let mut tally = Tally::default();
    while let Some(worker) = workers.join_next().await {
        tally.merge(worker?);
    }
    clock.await?;
    Ok(tally.report(begun.elapsed()))
}

/// Gives each call out when it is due. A thread of its own: the runtime's timers go by milliseconds.
fn give_out(pace: Pace, turns: &[Sender<Instant>], begun: Instant) {
    let period = Duration::from_secs(1) / pace.rate;
    for (call, turn) in (0..pace.count).zip(turns.iter().cycle()) {
        let due = begun + period * call;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if turn.blocking_send(due).is_err() {
            return;
        }
    }
}

async fn work(mut connection: Connection, mut due: Receiver<Instant>) -> Tally {
    let mut tally = Tally::default();
    while let Some(due) = due.recv().await {
        let answer = connection.call().await;
        tally.add(answer, due.elapsed());
    }
    tally
}
