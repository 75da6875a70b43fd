//! Owns every task of one upstream: the listener, the connections and HTTP/2's own streams.
//! Promises that none outlives the upstream. Never spawns anything outside of its set.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinSet;

/// The tasks of one upstream; clones share one set, which is emptied when the upstream stops.
#[derive(Clone)]
pub(crate) struct Crew {
    /// `None` once stopped: tasks that come later are not started.
    tasks: Arc<Mutex<Option<JoinSet<()>>>>,
}

impl Crew {
    pub(crate) fn new() -> Self {
        Self { tasks: Arc::new(Mutex::new(Some(JoinSet::new()))) }
    }

    /// Starts a task that ends with the crew at the latest.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(tasks) = tasks.as_mut() else { return };
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Ends all tasks and waits until they are gone, their sockets closed.
    pub(crate) async fn stop(&self) {
        let tasks = self.take();
        if let Some(mut tasks) = tasks {
            tasks.shutdown().await;
        }
    }

    /// Ends all tasks without waiting for them; others may come.
    pub(crate) fn restart(&self) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tasks) = tasks.as_mut() {
            tasks.abort_all();
        }
    }

    /// Ends all tasks without waiting for them.
    pub(crate) fn abort(&self) {
        drop(self.take());
    }

    fn take(&self) -> Option<JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<F> hyper::rt::Executor<F> for Crew
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, task: F) {
        self.spawn(async move {
            task.await;
        });
    }
}
