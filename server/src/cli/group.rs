//! What can be written about groups.

use clap::Subcommand;

use super::Which;
use crate::command::{Command, GroupCommand};

/// What to do with groups.
#[derive(Debug, Subcommand)]
pub(crate) enum GroupAction {
    /// Make a group
    Create {
        /// A name to know it by; must be unique
        #[arg(long)]
        name: String,
        /// An account that is in it, by id or name; give it once for each
        #[arg(long = "account", value_name = "ACCOUNT")]
        accounts: Vec<String>,
    },
    /// List all groups
    List,
    /// Change a group; what is not given stays
    Set {
        /// The group's id or name
        id: String,
        /// Its new name
        #[arg(long)]
        name: Option<String>,
        /// An account that is in it from now on, by id or name; give it once for each, all others leave
        #[arg(long = "account", value_name = "ACCOUNT")]
        accounts: Vec<String>,
        /// Leave no account in it
        #[arg(long, conflicts_with = "accounts")]
        empty: bool,
    },
    /// Delete a group; its accounts stay
    Delete(Which),
}

impl GroupAction {
    pub(crate) fn command(self) -> Command {
        Command::Group(match self {
            Self::Create { name, accounts } => GroupCommand::Create { name, accounts },
            Self::List => GroupCommand::List,
            Self::Set { id, name, accounts, empty } => {
                let accounts = (empty || !accounts.is_empty()).then_some(accounts);
                GroupCommand::Set { id, name, accounts }
            }
            Self::Delete(Which { id }) => GroupCommand::Delete { id },
        })
    }
}
