//! What is done with accounts.

mod settings;

use relay::admin::account::{Change, Given};
use relay::admin::{self, Admin, Error};
use relay::model::account::{AccountKind, AccountRow, NewAccount, RefreshRow, TestResult, TestStep};
use relay::model::explanation::Question;
use relay::model::problem::Problem;
use relay::model::sign_in::{NewSignIn, SignInFlow};
use relay::secret::Secret;
use relay::state::Shared;
use serde::{Deserialize, Serialize};

use super::{Reply, find};

pub(crate) use settings::{ProxyChange, SettingChanges};

/// About an account; `id` may be its name.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountCommand {
    /// With an API key, or a sandbox.
    Add {
        name: String,
        kind: AccountKind,
        settings: SettingChanges,
        secret: Option<String>,
    },
    /// With tokens that somebody has already.
    Paste {
        name: String,
        kind: AccountKind,
        settings: SettingChanges,
        tokens: String,
    },
    /// By a link and a code: begins.
    SignIn {
        name: String,
        kind: AccountKind,
        settings: SettingChanges,
        flow: SignInFlow,
    },
    /// The same for an account that exists.
    SignInAgain {
        id: String,
        flow: SignInFlow,
    },
    /// Ends a sign-in; with a project where one turned out to be missing.
    Complete {
        sign_in: String,
        code: String,
        project: Option<String>,
    },
    /// Tokens that somebody has already, for an account that exists.
    PasteInto {
        id: String,
        tokens: String,
    },
    List,
    Show {
        id: String,
    },
    Explain {
        model: String,
        key: Option<String>,
        session: Option<String>,
    },
    Update {
        id: String,
        name: Option<String>,
        settings: SettingChanges,
        secret: Option<String>,
    },
    Refresh {
        id: String,
    },
    Test {
        id: String,
    },
    Pause {
        id: String,
    },
    Resume {
        id: String,
    },
    Clear {
        id: String,
    },
    Delete {
        id: String,
    },
}

/// An account with its latest refreshes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Shown {
    #[serde(flatten)]
    pub(crate) account: AccountRow,
    pub(crate) refreshes: Vec<RefreshRow>,
}

/// How a test went.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tested {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) passed: bool,
    pub(crate) steps: Vec<TestStep>,
}

pub(super) async fn execute(shared: &Shared, admin: &Admin, command: AccountCommand) -> Result<Reply, Error> {
    match command {
        AccountCommand::List => Ok(Reply::Accounts(admin::account::list(shared, admin).await?)),
        AccountCommand::Show { id } => show(shared, admin, &id).await,
        AccountCommand::Explain { model, key, session } => explain(shared, admin, model, key, session).await,
        AccountCommand::Test { id } => test(shared, admin, &id).await,
        AccountCommand::SignIn { name, kind, settings, flow } => {
            let proxy_password = settings.proxy_password();
            let new = NewSignIn { kind, flow, name, settings: settings.fresh(), account: None };
            begin(shared, admin, new, proxy_password).await
        }
        AccountCommand::SignInAgain { id, flow } => {
            let account = find::account(shared, admin, &id).await?;
            let (kind, id) = (account.kind, Some(account.id));
            let new = NewSignIn { kind, flow, name: account.name, settings: Default::default(), account: id };
            begin(shared, admin, new, None).await
        }
        AccountCommand::Complete { sign_in, code, project } => {
            going_on(complete(shared, admin, &sign_in, code, project).await)
        }
        AccountCommand::Delete { id } => {
            let account = find::account(shared, admin, &id).await?;
            admin::account::delete(shared, admin, &account.id).await?;
            Ok(Reply::deleted(&account.id, account.name))
        }
        one => Ok(Reply::Account(Box::new(one_account(shared, admin, one).await?))),
    }
}

/// Those that come to one account as it is then.
async fn one_account(shared: &Shared, admin: &Admin, command: AccountCommand) -> Result<AccountRow, Error> {
    match command {
        AccountCommand::Add { name, kind, settings, secret } => {
            let given = Given {
                secret: secret.map(Secret::new),
                proxy_password: settings.proxy_password(),
                tokens: None,
            };
            let new = NewAccount { name, kind, settings: settings.fresh() };
            admin::account::create(shared, admin, new, given).await
        }
        AccountCommand::Paste { name, kind, settings, tokens } => {
            let (tokens, password) = (Secret::new(tokens), settings.proxy_password());
            let new = NewAccount { name, kind, settings: settings.fresh() };
            admin::sign_in::paste(shared, admin, new, &tokens, password).await
        }
        AccountCommand::PasteInto { id, tokens } => {
            let account = find::account(shared, admin, &id).await?;
            admin::sign_in::paste_into(shared, admin, &account.id, &Secret::new(tokens)).await
        }
        AccountCommand::Update { id, name, settings, secret } => {
            let id = find::account(shared, admin, &id).await?.id;
            let (secret, proxy_password) = (secret.map(Secret::new), settings.proxy_password());
            let settings = settings.over(admin::account::settings(shared, admin, &id).await?);
            let change = Change { name, settings: Some(settings) };
            let given = Given { secret, proxy_password, tokens: None };
            admin::account::update(shared, admin, &id, change, given).await
        }
        other => switch(shared, admin, other).await,
    }
}

/// Those that need nothing but the account.
async fn switch(shared: &Shared, admin: &Admin, command: AccountCommand) -> Result<AccountRow, Error> {
    use admin::account::{clear_cooldowns, pause, refresh, resume};
    let found = async |id: String| find::account(shared, admin, &id).await.map(|account| account.id);
    match command {
        AccountCommand::Refresh { id } => refresh(shared, admin, &found(id).await?).await,
        AccountCommand::Pause { id } => pause(shared, admin, &found(id).await?).await,
        AccountCommand::Resume { id } => resume(shared, admin, &found(id).await?).await,
        AccountCommand::Clear { id } => clear_cooldowns(shared, admin, &found(id).await?).await,
        _ => Err(Error::whole(Problem::NotFound)),
    }
}

async fn show(shared: &Shared, admin: &Admin, id: &str) -> Result<Reply, Error> {
    let account = find::account(shared, admin, id).await?;
    let refreshes = admin::account::refreshes(shared, admin, &account.id).await?;
    Ok(Reply::Shown(Box::new(Shown { account, refreshes })))
}

async fn explain(
    shared: &Shared,
    admin: &Admin,
    model: String,
    key: Option<String>,
    session: Option<String>,
) -> Result<Reply, Error> {
    let key = match key {
        Some(id) => Some(find::key(shared, admin, &id).await?.id),
        None => None,
    };
    let question = Question { model, key, session };
    Ok(Reply::Explained(Box::new(admin::account::explain(shared, admin, &question)?)))
}

async fn begin(
    shared: &Shared,
    admin: &Admin,
    new: NewSignIn,
    proxy_password: Option<Secret>,
) -> Result<Reply, Error> {
    let begun = admin::sign_in::begin(shared, admin, new, proxy_password).await?;
    Ok(Reply::SignIn(Box::new(begun)))
}

async fn complete(
    shared: &Shared,
    admin: &Admin,
    id: &str,
    code: String,
    project: Option<String>,
) -> Result<AccountRow, Error> {
    if let Some(project) = project {
        admin::sign_in::set_project(shared, admin, id, &project).await?;
    }
    admin::sign_in::complete(shared, admin, id, &Secret::new(code)).await
}

/// What is wrong with a code, or after it, is no end: another can be pasted.
fn going_on(completed: Result<AccountRow, Error>) -> Result<Reply, Error> {
    match completed {
        Ok(account) => Ok(Reply::Account(Box::new(account))),
        Err(Error::Problem(problem)) if problem.problem != Problem::SignInOver => Ok(Reply::NotYet(problem)),
        Err(error) => Err(error),
    }
}

async fn test(shared: &Shared, admin: &Admin, id: &str) -> Result<Reply, Error> {
    let account = find::account(shared, admin, id).await?;
    let steps = admin::account::test(shared, admin, &account.id).await?;
    let passed = steps.iter().all(|step| matches!(step.result, TestResult::Passed { .. }));
    Ok(Reply::Tested(Tested { id: account.id.to_string(), name: account.name, passed, steps }))
}
