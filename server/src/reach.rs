//! Where a command is done: in the running server, else here on the data folder itself.

use std::time::Duration;

use relay::admin::local::by_lock;
use relay::clock::Clock;
use relay::config::Config;
use relay::folder::{FolderError, FolderLock};
use tokio::time::{Instant, sleep};

use crate::command::{Command, Reply, execute};
use crate::control;
use crate::failure::Failure;

/// How long to wait for another command, or for a server that is just starting or stopping.
const PATIENCE: Duration = Duration::from_secs(10);
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// What can be done with the data folder now.
pub(crate) enum Found {
    /// A server has done it.
    Done(Result<Reply, Failure>),
    /// It is ours.
    Ours(FolderLock),
}

/// Does a command, wherever that is right.
///
/// # Errors
/// What the command met, or that somebody else holds the folder and does not answer.
pub(crate) async fn run(config: Config, command: Command) -> Result<Reply, Failure> {
    match find(&config, &command).await? {
        Found::Done(result) => result,
        Found::Ours(lock) => alone(config, &lock, command).await,
    }
}

/// Has a running server do it, or takes the folder.
///
/// # Errors
/// If somebody else holds the folder and does not answer, or the file system refuses.
pub(crate) async fn find(config: &Config, command: &Command) -> Result<Found, Failure> {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(result) = control::call(&config.data, command).await {
            return Ok(Found::Done(result));
        }
        match FolderLock::take(&config.data) {
            Ok(lock) => return Ok(Found::Ours(lock)),
            Err(FolderError::InUse(_)) if Instant::now() < until => sleep(BETWEEN_TRIES).await,
            Err(FolderError::InUse(folder)) => {
                return Err(Failure::new(format!("{folder} is in use, and its holder does not answer"))
                    .hint("is a server starting or stopping? try again; else stop what holds the folder"));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn alone(config: Config, lock: &FolderLock, command: Command) -> Result<Reply, Failure> {
    let clock = Clock::system(config.time_zone.as_deref()).map_err(Failure::new)?;
    let shared = relay::start::open(config, clock, lock).await?;
    let admin = by_lock(lock);
    let done = execute(&shared, &admin, None, command).await;
    shared.tasks.stop().await;
    Ok(done?)
}
