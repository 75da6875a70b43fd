//! What can be written about keys.

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use relay::model::account::Service;
use relay::model::limit::pattern::Pattern;
use relay::model::limit::{Budget, KeyLimits};

use super::Which;
use crate::command::key::{About, Bind, LimitChanges};
use crate::command::{Command, KeyCommand};

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyAction {
    /// Make a key; its text is shown this once
    Create(Box<CreateKey>),
    /// List all keys
    List {
        /// Only those that have this tag
        #[arg(long)]
        tag: Option<String>,
    },
    /// Show one key with its limits and how far they are used
    Show(Which),
    /// Change a key; what is not given stays
    Update(Box<UpdateKey>),
    /// Let a key be used again
    Enable(Which),
    /// Refuse a key from now on
    Disable(Revoke),
    /// Give a key another text, which is shown this once
    Rotate {
        /// The key's id or name
        id: String,
        /// How long the former text is taken, such as 24h
        #[arg(long, default_value = "0s", value_parser = duration)]
        grace: Duration,
    },
    /// Delete a key; its figures stay
    Delete(Revoke),
    /// Give a key another name
    Rename {
        /// The key's id or name
        id: String,
        /// Its new name
        #[arg(long)]
        name: String,
    },
}

/// A new key.
#[derive(Debug, Args)]
pub(crate) struct CreateKey {
    /// A name to know it by
    #[arg(long)]
    name: String,
    #[command(flatten)]
    bound: Bound,
    #[command(flatten)]
    people: People,
    #[command(flatten)]
    limits: Limits,
    /// Make so many keys, with numbers behind the name
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    count: Option<u32>,
    /// Print a table for spreadsheets: name, id, key
    #[arg(long)]
    csv: bool,
}

/// Changes of a key.
#[derive(Debug, Args)]
pub(crate) struct UpdateKey {
    /// Its id or name
    id: String,
    /// Its new name
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    bound: Bound,
    /// Let it use any account
    #[arg(long, conflicts_with_all = ["account", "group"])]
    any_account: bool,
    #[command(flatten)]
    people: People,
    #[command(flatten)]
    limits: Limits,
}

/// A key that is to be used no more.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// Its id or name
    id: String,
    /// End its answers under way as well
    #[arg(long)]
    end_streams: bool,
}

/// Which accounts a key may use.
#[derive(Debug, Args)]
struct Bound {
    /// The only account it may use, by id or name
    #[arg(long)]
    account: Option<String>,
    /// The group whose accounts it may use, by id or name
    #[arg(long, conflicts_with = "account")]
    group: Option<String>,
}

/// What a key says to people.
#[derive(Debug, Args)]
struct People {
    /// A note
    #[arg(long)]
    note: Option<String>,
    /// Whose it is
    #[arg(long)]
    owner: Option<String>,
    /// A tag; may be given several times, none for no tags
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
}

/// How limits on tokens and money are kept.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kept {
    /// As the setting limits.budget says
    Default,
    /// By estimate
    Normal,
    /// By the worst case
    Strict,
}

/// What a key may do, and how much of it.
#[derive(Debug, Args)]
struct Limits {
    /// Tokens in total, or a limit such as "tokens 1M/day", "cost 5/month opus", "requests 60/1m",
    /// "concurrency 4 wait 10s", "free 600/1m"; may be given several times
    #[arg(long = "limit", value_name = "LIMIT", value_parser = limit)]
    limits: Vec<String>,
    /// Take all limits away first
    #[arg(long)]
    clear_limits: bool,
    /// The day (2027-01-31) or instant (2027-01-31T18:00:00Z) when it ends, or never
    #[arg(long, value_name = "WHEN")]
    expires: Option<String>,
    /// It ends so many days after its first use
    #[arg(long, value_name = "DAYS", conflicts_with = "expires")]
    expires_after_first_use: Option<u32>,
    /// claude or gemini; may be given twice, all for both
    #[arg(long = "service", value_name = "SERVICE", value_parser = service)]
    services: Vec<Option<Service>>,
    /// A model that it may ask for, with * for anything; may be given several times, all for all
    #[arg(long = "allow-model", value_name = "MODEL", value_parser = allowed)]
    allowed_models: Vec<Option<Pattern>>,
    /// A model that it may not ask for, with * for anything; may be given several times, none for none
    #[arg(long = "block-model", value_name = "MODEL", value_parser = blocked)]
    blocked_models: Vec<Option<Pattern>>,
    /// How limits on tokens and money are kept: normal, strict, or default
    #[arg(long)]
    budget: Option<Kept>,
}

impl KeyAction {
    pub(crate) fn command(self) -> Command {
        Command::Key(Box::new(match self {
            Self::Create(create) => KeyCommand::Create {
                to: create.bound.bind().unwrap_or(Bind::Any),
                name: create.name,
                about: create.people.about(),
                limits: create.limits.changes(),
                count: create.count,
                csv: create.csv,
            },
            Self::List { tag } => KeyCommand::List { tag },
            Self::Show(Which { id }) => KeyCommand::Show { id },
            Self::Update(update) => KeyCommand::Update {
                id: update.id,
                name: update.name,
                to: if update.any_account { Some(Bind::Any) } else { update.bound.bind() },
                about: update.people.about(),
                limits: update.limits.changes(),
            },
            Self::Enable(Which { id }) => KeyCommand::SetEnabled { id, enabled: true, end_streams: false },
            Self::Disable(Revoke { id, end_streams }) => {
                KeyCommand::SetEnabled { id, enabled: false, end_streams }
            }
            Self::Rotate { id, grace } => KeyCommand::Rotate { id, grace },
            Self::Rename { id, name } => KeyCommand::Update {
                id,
                name: Some(name),
                to: None,
                about: About::default(),
                limits: LimitChanges::default(),
            },
            Self::Delete(Revoke { id, end_streams }) => KeyCommand::Delete { id, end_streams },
        }))
    }
}

impl Kept {
    fn budget(self) -> Option<Budget> {
        match self {
            Self::Default => None,
            Self::Normal => Some(Budget::Normal),
            Self::Strict => Some(Budget::Strict),
        }
    }
}

impl Bound {
    fn bind(self) -> Option<Bind> {
        self.account.map(Bind::Account).or(self.group.map(Bind::Group))
    }
}

impl People {
    fn about(self) -> About {
        let tags = given(self.tags).map(|tags| if tags == ["none"] { Vec::new() } else { tags });
        About { note: self.note, owner: self.owner, tags }
    }
}

impl Limits {
    fn changes(self) -> LimitChanges {
        LimitChanges {
            clear: self.clear_limits,
            limits: self.limits,
            expires: self.expires,
            days_after_first_use: self.expires_after_first_use,
            services: named(self.services),
            allowed_models: named(self.allowed_models),
            blocked_models: named(self.blocked_models),
            budget: self.budget.map(Kept::budget),
        }
    }
}

/// Those that are named; a word for all or none names none.
fn named<T>(values: Vec<Option<T>>) -> Option<Vec<T>> {
    given(values).map(|values| values.into_iter().flatten().collect())
}

fn given<T>(values: Vec<T>) -> Option<Vec<T>> {
    (!values.is_empty()).then_some(values)
}

fn limit(text: &str) -> Result<String, String> {
    let mut limits = KeyLimits::default();
    limits.add_text(text).map_err(|error| error.to_string())?;
    limits.check().map_err(|problem| problem.problem.to_string())?;
    Ok(text.to_owned())
}

fn service(text: &str) -> Result<Option<Service>, String> {
    match text {
        "all" => Ok(None),
        "claude" => Ok(Some(Service::Claude)),
        "gemini" => Ok(Some(Service::Gemini)),
        _ => Err("one of: claude, gemini, all".to_owned()),
    }
}

fn allowed(text: &str) -> Result<Option<Pattern>, String> {
    if text == "all" { Ok(None) } else { pattern(text) }
}

fn blocked(text: &str) -> Result<Option<Pattern>, String> {
    if text == "none" { Ok(None) } else { pattern(text) }
}

fn pattern(text: &str) -> Result<Option<Pattern>, String> {
    Pattern::new(text).map(Some).map_err(|problem| problem.to_string())
}

fn duration(text: &str) -> Result<Duration, String> {
    relay::config::duration(text).ok_or_else(|| "a time such as 24h".to_owned())
}
