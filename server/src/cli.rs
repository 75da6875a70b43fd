//! The command line: what can be written on it. What it means is in `command`.

mod account;
mod ask;
mod group;
mod key;
mod price;
mod secret;
mod usage;

use clap::{Args, Parser, Subcommand};

use crate::command::{AdminCommand, Command};
use crate::failure::Failure;

pub(crate) use account::AccountAction;
pub(crate) use ask::code;
pub(crate) use group::GroupAction;
pub(crate) use key::KeyAction;
pub(crate) use price::PriceAction;
pub(crate) use secret::SecretAction;
pub(crate) use usage::UsageArguments;

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
    /// Named groups of accounts, to which keys can be bound
    #[command(subcommand)]
    Groups(GroupAction),
    /// What was used, and what it cost
    Usage(Box<UsageArguments>),
    /// What models cost
    #[command(subcommand)]
    Prices(PriceAction),
    /// The secrets that seal credentials at rest
    #[command(subcommand)]
    Secrets(SecretAction),
    /// What runs, and how it is
    Status,
    /// The settings in force and where each comes from
    Config,
}

/// What a command line comes to.
pub(crate) enum Task {
    /// One command.
    Do(Command),
    /// A sign-in, which this command begins and the code ends that a person pastes.
    SignIn(Command),
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

/// One of them.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Its id or name
    id: String,
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
