//! The closed loop: so many connections, each with the next call as soon as the last is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Args;
use tokio::task::{JoinError, JoinSet};

use crate::connection::Connection;
use crate::report::{Report, Tally};
use crate::target::Target;

/// How much.
#[derive(Args, Clone, Copy)]
pub(crate) struct Volume {
    /// Connections
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Calls over all connections
    #[arg(long)]
    count: u64,
}

/// Makes the calls.
///
/// # Errors
/// If a worker panicked.
pub(crate) async fn run(target: Arc<Target>, volume: Volume) -> Result<Report, JoinError> {
    let begun = Instant::now();
    let taken = Arc::new(AtomicU64::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..volume.connections {
        workers.spawn(work(Connection::new(Arc::clone(&target)), Arc::clone(&taken), volume.count));
    }
    let mut tally = Tally::default();
    while let Some(worker) = workers.join_next().await {
        tally.merge(worker?);
    }
    Ok(tally.report(begun.elapsed()))
}

async fn work(mut connection: Connection, taken: Arc<AtomicU64>, count: u64) -> Tally {
    let mut tally = Tally::default();
    while taken.fetch_add(1, Ordering::Relaxed) < count {
        let begun = Instant::now();
        let answer = connection.call().await;
        tally.add(answer, begun.elapsed());
    }
    tally
}
