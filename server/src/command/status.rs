//! How Switchyard is, running or not.

use relay::admin::{self, Admin, Error};
use relay::model::account::AccountState;
use relay::state::Shared;
use serde::{Deserialize, Serialize};

/// What a running server knows of itself.
#[derive(Clone, Debug)]
pub(crate) struct Serving {
    /// Where programs on this machine reach it.
    pub(crate) address: String,
}

/// How it is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Status {
    pub(crate) running: bool,
    /// Of the server if it runs, else of this program.
    pub(crate) version: String,
    /// The data folder.
    pub(crate) data: String,
    pub(crate) address: Option<String>,
    pub(crate) pid: Option<u32>,
    pub(crate) uptime_s: Option<u64>,
    pub(crate) accounts: Count,
    pub(crate) keys: Count,
    /// Answers under way.
    pub(crate) streams_open: u32,
    pub(crate) journal: Journal,
}

/// So many, and so many of them can be used.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) total: usize,
    pub(crate) usable: usize,
}

/// The journal.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Journal {
    /// Bytes written and not folded into the books yet.
    pub(crate) lag_bytes: u64,
    /// Attempts opened and not settled.
    pub(crate) open_attempts: u64,
}

/// Looks.
pub(super) async fn read(shared: &Shared, admin: &Admin, serving: Option<&Serving>) -> Result<Status, Error> {
    // First of all: the lists wait for the books.
    let journal = admin::journal::state(shared, admin).await?;
    let accounts = admin::account::list(shared, admin).await?;
    let keys = admin::key::list(shared, admin).await?;
    let able = accounts.iter().filter(|account| account.state == AccountState::Able).count();
    let enabled = keys.iter().filter(|key| key.enabled).count();
    let up_ms = serving.map(|_| shared.clock.now_ms().saturating_sub(shared.started_ms));
    Ok(Status {
        running: serving.is_some(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data: shared.config.data.display().to_string(),
        address: serving.map(|serving| serving.address.clone()),
        pid: serving.map(|_| std::process::id()),
        uptime_s: up_ms.map(|ms| u64::try_from(ms / 1000).unwrap_or(0)),
        accounts: Count { total: accounts.len(), usable: able },
        keys: Count { total: keys.len(), usable: enabled },
        streams_open: shared.live.streams_open(),
        journal: Journal { lag_bytes: journal.lag, open_attempts: journal.open_attempts },
    })
}
