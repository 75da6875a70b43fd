//! What the command line can have done, as values: the same whether a running server does it, told through its socket,
//! or this process on the data folder itself. One function does both, so that they cannot differ.

mod find;
mod status;

use relay::admin::{self, Admin, Error};
use relay::model::account::{AccountRow, NewAccount, TestResult, TestStep};
use relay::model::key::{Binding, CreatedKey, KeyRow, NewKey};
use relay::secret::Secret;
use relay::state::Shared;
use serde::{Deserialize, Serialize};

pub(crate) use status::{Count, Serving, Status};

/// One command. Whoever holds it may hold a secret: it has no `Debug`.
#[derive(Serialize, Deserialize)]
#[serde(tag = "noun", content = "command", rename_all = "snake_case")]
pub(crate) enum Command {
    Admin(AdminCommand),
    Key(KeyCommand),
    Account(AccountCommand),
    Status,
}

/// About an administrator.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AdminCommand {
    Create { username: String, password: String },
    ResetPassword { username: String, password: String },
}

/// About a key; `id` may be its name.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyCommand {
    Create { name: String, account: Option<String> },
    List,
    SetEnabled { id: String, enabled: bool },
    Rename { id: String, name: String },
    Delete { id: String },
}

/// About an account; `id` may be its name.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountCommand {
    Add { account: NewAccount, secret: Option<String> },
    List,
    Test { id: String },
    Pause { id: String },
    Resume { id: String },
    Delete { id: String },
}

/// What came of a command.
#[derive(Serialize, Deserialize)]
#[serde(tag = "reply", content = "content", rename_all = "snake_case")]
pub(crate) enum Reply {
    Administrator(Named),
    CreatedKey(CreatedKey),
    Key(Box<KeyRow>),
    Keys(Vec<KeyRow>),
    Account(Box<AccountRow>),
    Accounts(Vec<AccountRow>),
    Tested(Tested),
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

/// How a test went.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tested {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) passed: bool,
    pub(crate) steps: Vec<TestStep>,
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
        Command::Key(command) => key(shared, admin, command).await,
        Command::Account(command) => account(shared, admin, command).await,
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

async fn key(shared: &Shared, admin: &Admin, command: KeyCommand) -> Result<Reply, Error> {
    let id = match command {
        KeyCommand::Create { name, account } => {
            let binding = match account {
                Some(id) => Binding::Account(find::account(shared, admin, &id).await?.id),
                None => Binding::Any,
            };
            return Ok(Reply::CreatedKey(admin::key::create(shared, admin, NewKey { name, binding }).await?));
        }
        KeyCommand::List => return Ok(Reply::Keys(admin::key::list(shared, admin).await?)),
        KeyCommand::SetEnabled { id, enabled } => {
            let key = find::key(shared, admin, &id).await?;
            admin::key::set_enabled(shared, admin, &key.id, enabled).await?;
            key.id
        }
        KeyCommand::Rename { id, name } => {
            let key = find::key(shared, admin, &id).await?;
            admin::key::rename(shared, admin, &key.id, &name).await?;
            key.id
        }
        KeyCommand::Delete { id } => {
            let key = find::key(shared, admin, &id).await?;
            admin::key::delete(shared, admin, &key.id).await?;
            return Ok(Reply::Deleted(Deleted { id: key.id.to_string(), name: key.name, deleted: true }));
        }
    };
    Ok(Reply::Key(Box::new(find::key(shared, admin, id.as_str()).await?)))
}

async fn account(shared: &Shared, admin: &Admin, command: AccountCommand) -> Result<Reply, Error> {
    let row = match command {
        AccountCommand::Add { account, secret } => {
            admin::account::create(shared, admin, account, secret.map(Secret::new)).await?
        }
        AccountCommand::List => return Ok(Reply::Accounts(admin::account::list(shared, admin).await?)),
        AccountCommand::Test { id } => return test(shared, admin, &id).await,
        AccountCommand::Pause { id } => {
            let account = find::account(shared, admin, &id).await?;
            admin::account::pause(shared, admin, &account.id).await?
        }
        AccountCommand::Resume { id } => {
            let account = find::account(shared, admin, &id).await?;
            admin::account::resume(shared, admin, &account.id).await?
        }
        AccountCommand::Delete { id } => {
            let account = find::account(shared, admin, &id).await?;
            admin::account::delete(shared, admin, &account.id).await?;
            let id = account.id.to_string();
            return Ok(Reply::Deleted(Deleted { id, name: account.name, deleted: true }));
        }
    };
    Ok(Reply::Account(Box::new(row)))
}

async fn test(shared: &Shared, admin: &Admin, id: &str) -> Result<Reply, Error> {
    let account = find::account(shared, admin, id).await?;
    let steps = admin::account::test(shared, admin, &account.id).await?;
    let passed = steps.iter().all(|step| matches!(step.result, TestResult::Passed { .. }));
    Ok(Reply::Tested(Tested { id: account.id.to_string(), name: account.name, passed, steps }))
}
