//! The command line: what can be written on it. What it means is in `command`.

mod ask;

use clap::{Args, Parser, Subcommand};
use relay::model::account::{AccountKind, DEFAULT_PRIORITY, NewAccount};

use crate::command::{AccountCommand, AdminCommand, Command, KeyCommand};
use crate::failure::Failure;

/// A self-hosted relay for AI APIs.
#[derive(Debug, Parser)]
#[command(name = "switchyard", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) action: Action,
    /// Print JSON for scripts
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Run the server
    Serve {
        /// On an empty store, make a sandbox account and a key bound to it, and print a curl line that works
        #[arg(long)]
        quickstart: bool,
    },
    /// Administrators of the console
    #[command(subcommand)]
    Admin(AdminAction),
    /// Keys that client programs use
    #[command(subcommand)]
    Keys(KeyAction),
    /// Upstream accounts
    #[command(subcommand)]
    Accounts(AccountAction),
    /// What runs, and how it is
    Status,
    /// The settings in force and where each comes from
    Config,
}

/// What to do with administrators.
#[derive(Debug, Subcommand)]
pub(crate) enum AdminAction {
    /// Make an administrator
    Create(AdminArguments),
    /// Set an administrator's password anew and end his sessions
    ResetPassword(AdminArguments),
}

/// Which administrator.
#[derive(Debug, Args)]
pub(crate) struct AdminArguments {
    /// The administrator's name
    #[arg(long)]
    username: String,
    /// Read the password from standard input (one line) instead of asking for it
    #[arg(long)]
    password_stdin: bool,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyAction {
    /// Make a key; its text is shown this once
    Create {
        /// A name to know it by
        #[arg(long)]
        name: String,
        /// The only account it may use, by id or name
        #[arg(long)]
        account: Option<String>,
    },
    /// List all keys
    List,
    /// Let a key be used again
    Enable(Which),
    /// Refuse a key from now on
    Disable(Which),
    /// Delete a key; its figures stay
    Delete(Which),
    /// Give a key another name
    Rename {
        /// The key's id or name
        id: String,
        /// Its new name
        #[arg(long)]
        name: String,
    },
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountAction {
    /// Add an account
    Add(AddAccount),
    /// List all accounts
    List,
    /// Send a one-token message through an account
    Test(Which),
    /// Give an account no more calls
    Pause(Which),
    /// Let a paused or parked account serve again
    Resume(Which),
    /// Delete an account; its figures stay
    Delete(Which),
}

/// A new account.
#[derive(Debug, Args)]
pub(crate) struct AddAccount {
    /// claude-api-key or sandbox
    #[arg(long, value_parser = account_kind)]
    kind: AccountKind,
    /// A name to know it by; must be unique
    #[arg(long)]
    name: String,
    /// Where it sends, if not to the provider itself
    #[arg(long)]
    base_url: Option<String>,
    /// Lower is tried first, 1 to 100
    #[arg(long, default_value_t = DEFAULT_PRIORITY, value_parser = clap::value_parser!(u8).range(1..=100))]
    priority: u8,
    /// Read the API key from standard input (one line) instead of asking for it
    #[arg(long)]
    secret_stdin: bool,
}

/// One of them.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Its id or name
    id: String,
}

fn account_kind(text: &str) -> Result<AccountKind, String> {
    let kinds = || AccountKind::ALL.map(|kind| kind.name().replace('_', "-")).join(", ");
    AccountKind::from_name(text).ok_or_else(|| format!("one of: {}", kinds()))
}

impl AdminAction {
    /// With the password, asked for if need be.
    ///
    /// # Errors
    /// If there is nobody to ask.
    pub(crate) fn command(self) -> Result<Command, Failure> {
        Ok(Command::Admin(match self {
            Self::Create(AdminArguments { username, password_stdin }) => {
                AdminCommand::Create { username, password: ask::password(password_stdin)? }
            }
            Self::ResetPassword(AdminArguments { username, password_stdin }) => {
                AdminCommand::ResetPassword { username, password: ask::password(password_stdin)? }
            }
        }))
    }
}

impl KeyAction {
    pub(crate) fn command(self) -> Command {
        Command::Key(match self {
            Self::Create { name, account } => KeyCommand::Create { name, account },
            Self::List => KeyCommand::List,
            Self::Enable(Which { id }) => KeyCommand::SetEnabled { id, enabled: true },
            Self::Disable(Which { id }) => KeyCommand::SetEnabled { id, enabled: false },
            Self::Rename { id, name } => KeyCommand::Rename { id, name },
            Self::Delete(Which { id }) => KeyCommand::Delete { id },
        })
    }
}

impl AccountAction {
    /// With the secret, asked for if need be.
    ///
    /// # Errors
    /// If there is nobody to ask, or the kind has no secret.
    pub(crate) fn command(self) -> Result<Command, Failure> {
        Ok(Command::Account(match self {
            Self::Add(add) => add.command()?,
            Self::List => AccountCommand::List,
            Self::Test(Which { id }) => AccountCommand::Test { id },
            Self::Pause(Which { id }) => AccountCommand::Pause { id },
            Self::Resume(Which { id }) => AccountCommand::Resume { id },
            Self::Delete(Which { id }) => AccountCommand::Delete { id },
        }))
    }
}

impl AddAccount {
    fn command(self) -> Result<AccountCommand, Failure> {
        let secret = match self.kind {
            AccountKind::ClaudeApiKey | AccountKind::GeminiApiKey => Some(ask::secret(self.secret_stdin)?),
            AccountKind::ClaudeOauth | AccountKind::GeminiOauth => {
                return Err(Failure::usage("this kind is added by signing in, in the console"));
            }
            AccountKind::Sandbox if self.secret_stdin || self.base_url.is_some() => {
                return Err(Failure::usage("a sandbox account has neither secret nor address"));
            }
            AccountKind::Sandbox => None,
        };
        let mut account = NewAccount::new(self.name, self.kind);
        account.settings.priority = self.priority;
        account.settings.base_url = self.base_url.unwrap_or_default();
        Ok(AccountCommand::Add { account, secret })
    }
}
