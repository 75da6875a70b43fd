//! Where a command is done: in the running server, else here on the data folder itself.

use std::path::PathBuf;
use std::time::Duration;

use relay::admin::local::by_lock;
use relay::clock::Clock;
use relay::config::Config;
use relay::folder::{FolderError, FolderLock};
use relay::state::Shared;
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

/// Where commands are done that belong together.
pub(crate) enum Desk {
    /// In the server that runs on this folder.
    Server(PathBuf),
    /// Here.
    Here(FolderLock, Shared),
}

/// Does a command, wherever that is right.
///
/// # Errors
/// What the command met, or that somebody else holds the folder and does not answer.
pub(crate) async fn run(config: Config, command: Command) -> Result<Reply, Failure> {
    let (desk, done) = Desk::open(config, command).await?;
    desk.close().await;
    done
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

impl Desk {
    /// Does the first command, and stays where that was right.
    ///
    /// # Errors
    /// If there is no such place. What the command met is beside the desk.
    pub(crate) async fn open(
        config: Config,
        first: Command,
    ) -> Result<(Self, Result<Reply, Failure>), Failure> {
        let lock = match find(&config, &first).await? {
            Found::Done(done) => return Ok((Self::Server(config.data), done)),
            Found::Ours(lock) => lock,
        };
        let clock = Clock::system(config.time_zone.as_deref()).map_err(Failure::new)?;
        let shared = relay::start::open(config, clock, &lock).await?;
        let desk = Self::Here(lock, shared);
        let done = desk.ask(first).await;
        Ok((desk, done))
    }

    /// Does another command.
    ///
    /// # Errors
    /// What it met, or that the server is gone.
    pub(crate) async fn ask(&self, command: Command) -> Result<Reply, Failure> {
        match self {
            Self::Server(data) => match control::call(data, &command).await {
                Some(done) => done,
                None => Err(Failure::new("the server has stopped meanwhile").hint("run the command again")),
            },
            Self::Here(lock, shared) => Ok(execute(shared, &by_lock(lock), None, command).await?),
        }
    }

    /// Leaves: what was done here is on disk then.
    pub(crate) async fn close(self) {
        if let Self::Here(_lock, shared) = self {
            shared.tasks.stop().await;
        }
    }
}
