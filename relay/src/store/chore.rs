//! Small writes that the road leaves to a task: it never waits for the store.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::model::id::AccountId;
use crate::store::account::Parked;
use crate::store::{Store, account};

const QUEUE: usize = 256;

/// Hands chores over.
#[derive(Clone)]
pub struct Chores(mpsc::Sender<Chore>);

enum Chore {
    Park { id: AccountId, parked: Parked },
}

/// The receiving end of [`Chores`].
pub struct Queue(mpsc::Receiver<Chore>);

impl Chores {
    /// A handle, and what the task needs of it.
    pub fn new() -> (Self, Queue) {
        let (chores, queue) = mpsc::channel(QUEUE);
        (Self(chores), Queue(queue))
    }

    /// Keeps that an account waits for a person.
    pub fn park(&self, id: AccountId, parked: Parked) {
        if self.0.try_send(Chore::Park { id, parked }).is_err() {
            tracing::error!("a parked account is not kept as such: too many changes at once");
        }
    }
}

/// Does chores until told to stop, and then those that are left.
pub async fn run(mut queue: Queue, store: Store, stop: CancellationToken) {
    loop {
        let chore = tokio::select! {
            () = stop.cancelled() => match queue.0.try_recv() {
                Ok(chore) => chore,
                Err(_) => return,
            },
            chore = queue.0.recv() => match chore {
                Some(chore) => chore,
                None => return,
            },
        };
        let Chore::Park { id, parked } = chore;
        if let Err(error) = account::set_parked(&store, id, Some(parked)).await {
            tracing::error!(%error, "a parked account is not kept as such");
        }
    }
}
