//! What is asked of the books.

use relay::admin::{self, Admin, Error};
use relay::model::explore::{Exploration, Measure, Narrowing, Question, SplitBy};
use relay::model::outcome::Outcome;
use relay::state::Shared;
use serde::{Deserialize, Serialize};

use super::{Reply, find};

/// About usage.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UsageCommand {
    Ask {
        by: SplitBy,
        since: Option<String>,
        until: Option<String>,
        measure: Measure,
        only: Box<Only>,
        csv: bool,
    },
    Verify,
}

/// What is counted; key and account by id or name.
#[derive(Serialize, Deserialize)]
pub(crate) struct Only {
    pub(crate) key: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) tag: Option<String>,
    pub(crate) outcome: Option<Outcome>,
}

/// Usage, and how it was asked.
#[derive(Serialize, Deserialize)]
pub(crate) struct Used {
    pub(crate) by: SplitBy,
    pub(crate) csv: bool,
    pub(crate) exploration: Exploration,
}

pub(super) async fn execute(shared: &Shared, admin: &Admin, command: UsageCommand) -> Result<Reply, Error> {
    let UsageCommand::Ask { by, since, until, measure, only, csv } = command else {
        return Ok(Reply::Verified(Box::new(admin::usage::verify(shared, admin).await?)));
    };
    let span = admin::usage::named(&shared.clock, since.as_deref(), until.as_deref())?;
    let only = narrowing(shared, admin, *only).await?;
    let question = Question { span, by, measure, only };
    let exploration = admin::usage::explore(shared, admin, &question).await?;
    Ok(Reply::Usage(Box::new(Used { by, csv, exploration })))
}

async fn narrowing(shared: &Shared, admin: &Admin, only: Only) -> Result<Narrowing, Error> {
    let key = match only.key {
        Some(key) => Some(find::key(shared, admin, &key).await?.id),
        None => None,
    };
    let account = match only.account {
        Some(account) => Some(find::account(shared, admin, &account).await?.id),
        None => None,
    };
    let Only { model, owner, tag, outcome, .. } = only;
    Ok(Narrowing { key, model, account, outcome, owner, tag })
}
