//! What can be written about keys.

use clap::Subcommand;

use super::Which;
use crate::command::key::Bind;
use crate::command::{Command, KeyCommand};

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
        /// The group whose accounts it may use, by id or name
        #[arg(long, conflicts_with = "account")]
        group: Option<String>,
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

impl KeyAction {
    pub(crate) fn command(self) -> Command {
        Command::Key(match self {
            Self::Create { name, account, group } => KeyCommand::Create {
                name,
                to: match (account, group) {
                    (Some(account), _) => Bind::Account(account),
                    (None, Some(group)) => Bind::Group(group),
                    (None, None) => Bind::Any,
                },
            },
            Self::List => KeyCommand::List,
            Self::Enable(Which { id }) => KeyCommand::SetEnabled { id, enabled: true },
            Self::Disable(Which { id }) => KeyCommand::SetEnabled { id, enabled: false },
            Self::Rename { id, name } => KeyCommand::Rename { id, name },
            Self::Delete(Which { id }) => KeyCommand::Delete { id },
        })
    }
}
