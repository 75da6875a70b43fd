//! What the command line can have done, as values: the same whether a running server does it, told through its socket,
//! or this process on the data folder itself. One function does both, so that they cannot differ.

pub(crate) mod account;
mod find;
pub(crate) mod group;
pub(crate) mod key;
pub(crate) mod price;
mod status;
pub(crate) mod usage;

use relay::admin::{self, Admin, Error};
use relay::model::account::AccountRow;
use relay::model::explanation::Explanation;
use relay::model::group::GroupRow;
use relay::model::key::{CreatedKey, KeyRow};
use relay::model::price::{PriceList, PriceOverride, Repriced};
use relay::model::problem::FieldProblem;
use relay::model::sign_in::SignIn;
use relay::model::verify::Verification;
use relay::secret::Secret;
use relay::state::Shared;
use serde::{Deserialize, Serialize};

pub(crate) use account::{AccountCommand, Shown, Tested};
pub(crate) use group::{GroupCommand, Grouped};
pub(crate) use key::KeyCommand;
pub(crate) use price::{PriceCommand, Unset};
pub(crate) use status::{Count, Serving, Status};
pub(crate) use usage::{UsageCommand, Used};

/// One command. Whoever holds it may hold a secret: it has no `Debug`.
#[derive(Serialize, Deserialize)]
#[serde(tag = "noun", content = "command", rename_all = "snake_case")]
pub(crate) enum Command {
    Admin(AdminCommand),
    Key(Box<KeyCommand>),
    Account(Box<AccountCommand>),
    Group(GroupCommand),
    Usage(UsageCommand),
    Price(PriceCommand),
    Status,
}

impl Command {
    /// Whether it goes through all of the books, which may take long.
    pub(crate) fn is_long(&self) -> bool {
        matches!(self, Self::Usage(UsageCommand::Verify) | Self::Price(PriceCommand::Reprice { .. }))
    }
}

/// About an administrator.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AdminCommand {
    Create { username: String, password: String },
    ResetPassword { username: String, password: String },
}

/// What came of a command.
#[derive(Serialize, Deserialize)]
#[serde(tag = "reply", content = "content", rename_all = "snake_case")]
pub(crate) enum Reply {
    Administrator(Named),
    CreatedKey(CreatedKey),
    CreatedKeys {
        keys: Vec<CreatedKey>,
        csv: bool,
    },
    Key(Box<KeyRow>),
    KeyShown(Box<KeyRow>),
    Keys(Vec<KeyRow>),
    Account(Box<AccountRow>),
    Accounts(Vec<AccountRow>),
    Explained(Box<Explanation>),
    Shown(Box<Shown>),
    Tested(Tested),
    /// A link to open; the code is to come.
    SignIn(Box<SignIn>),
    /// The sign-in goes on: this was wrong with the code, or after it.
    NotYet(FieldProblem),
    Group(Grouped),
    Groups(Vec<Grouped>),
    Usage(Box<Used>),
    Verified(Box<Verification>),
    Prices(Box<PriceList>),
    Price(Box<PriceOverride>),
    Unset(Unset),
    Repriced(Box<Repriced>),
    Deleted(Deleted),
    Status(Box<Status>),
}

/// An administrator.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) username: String,
}

/// What is gone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Deleted {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) deleted: bool,
}

impl Reply {
    fn deleted(id: &impl ToString, name: String) -> Self {
        Self::Deleted(Deleted { id: id.to_string(), name, deleted: true })
    }
}

/// Does a command. `serving` is what the running server knows of itself; `None` if there is none.
///
/// # Errors
/// What the admin road met.
pub(crate) async fn execute(
    shared: &Shared,
    admin: &Admin,
    serving: Option<&Serving>,
    command: Command,
) -> Result<Reply, Error> {
    match command {
        Command::Admin(command) => administrator(shared, admin, command).await,
        Command::Key(command) => key::execute(shared, admin, *command).await,
        Command::Account(command) => account::execute(shared, admin, *command).await,
        Command::Group(command) => group::execute(shared, admin, command).await,
        Command::Usage(command) => usage::execute(shared, admin, command).await,
        Command::Price(command) => price::execute(shared, admin, command).await,
        Command::Status => Ok(Reply::Status(Box::new(status::read(shared, admin, serving).await?))),
    }
}

async fn administrator(shared: &Shared, admin: &Admin, command: AdminCommand) -> Result<Reply, Error> {
    let username = match command {
        AdminCommand::Create { username, password } => {
            admin::session::create_admin(shared, admin, &username, Secret::new(password)).await?;
            username
        }
        AdminCommand::ResetPassword { username, password } => {
            admin::session::reset_password(shared, admin, &username, Secret::new(password)).await?;
            username
        }
    };
    Ok(Reply::Administrator(Named { username }))
}

/// A group's accounts by name, for people.
fn grouped(group: GroupRow, accounts: &[AccountRow]) -> Grouped {
    let members = accounts.iter().filter(|account| group.accounts.contains(&account.id));
    Grouped { names: members.map(|account| account.name.clone()).collect(), group }
}
