//! Small writes that the road leaves to a task: it never waits for the store.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::model::cooldown::CooldownRow;
use crate::model::id::{AccountId, KeyId};
use crate::model::window::WindowReading;
use crate::store::account::Parked;
use crate::store::{Store, account, key, standing};

const QUEUE: usize = 256;

/// Hands chores over.
#[derive(Clone)]
pub struct Chores(mpsc::Sender<Chore>);

enum Chore {
    Park { id: AccountId, parked: Parked },
    Cooldowns { id: AccountId, rows: Vec<CooldownRow> },
    Windows { id: AccountId, readings: Vec<WindowReading>, at_ms: i64 },
    FirstUse { id: KeyId, at_ms: i64 },
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

    /// Keeps an account's cooldowns over a restart.
    pub fn keep_cooldowns(&self, id: AccountId, rows: Vec<CooldownRow>) {
        if self.0.try_send(Chore::Cooldowns { id, rows }).is_err() {
            tracing::warn!("the end of a cooldown is not kept: too many changes at once");
        }
    }

    /// Keeps an account's windows, as they are now, over a restart and in their history.
    pub fn keep_windows(&self, id: AccountId, readings: Vec<WindowReading>, at_ms: i64) {
        if self.0.try_send(Chore::Windows { id, readings, at_ms }).is_err() {
            tracing::debug!("an account's windows are not kept: too many changes at once");
        }
    }

    /// Keeps when a key was used first. False if it must be tried again.
    pub fn first_use(&self, id: KeyId, at_ms: i64) -> bool {
        self.0.try_send(Chore::FirstUse { id, at_ms }).is_ok()
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
        let done = match chore {
            Chore::Park { id, parked } => account::set_parked(&store, id, Some(parked)).await.map(drop),
            Chore::Cooldowns { id, rows } => standing::keep_cooldowns(&store, id, rows).await,
            Chore::Windows { id, readings, at_ms } => {
                standing::keep_windows(&store, id, readings, at_ms).await
            }
            Chore::FirstUse { id, at_ms } => key::set_first_used(&store, id, at_ms).await,
        };
        if let Err(error) = done {
            tracing::error!(%error, "what happened to an account or a key is not kept");
        }
    }
}
