//! What can be written about accounts.

use clap::{Args, Subcommand};
use relay::model::account::AccountKind;
use relay::model::proxy::ProxyAddress;
use relay::model::sign_in::SignInFlow;

use super::{Task, Which, ask};
use crate::command::account::{ProxyChange, SettingChanges};
use crate::command::{AccountCommand, Command};
use crate::failure::Failure;

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountAction {
    /// Add an account
    Add(AddAccount),
    /// List all accounts
    List,
    /// Show one account with its latest refreshes
    Show(Which),
    /// Say which account a call would get now, and why
    Explain {
        /// The model that would be asked for
        #[arg(long)]
        model: String,
        /// The key that would be used, by id or name
        #[arg(long)]
        key: Option<String>,
        /// The conversation's id, as its client gives it
        #[arg(long)]
        session: Option<String>,
    },
    /// Change an account; what is not given stays
    Update(UpdateAccount),
    /// Sign in to an account anew; it keeps its id, its settings and its figures
    Login(Login),
    /// Renew an account's tokens now
    Refresh(Which),
    /// Send a one-token message through an account
    Test(Which),
    /// Give an account no more calls
    Pause(Which),
    /// Let a paused or parked account serve again
    Resume(Which),
    /// End an account's cooldowns; a pause stays
    Clear(Which),
    /// Delete an account; its figures stay
    Delete(Which),
}

/// A new account.
#[derive(Debug, Args)]
pub(crate) struct AddAccount {
    /// claude-oauth, claude-api-key, gemini-oauth, gemini-api-key or sandbox
    #[arg(long, value_parser = account_kind)]
    kind: AccountKind,
    /// A name to know it by; must be unique
    #[arg(long)]
    name: String,
    #[command(flatten)]
    settings: Settings,
    /// Read the API key from standard input (one line) instead of asking for it
    #[arg(long)]
    secret_stdin: bool,
    #[command(flatten)]
    tokens: Tokens,
}

/// Changes of an account.
#[derive(Debug, Args)]
pub(crate) struct UpdateAccount {
    /// Its id or name
    id: String,
    /// Its new name
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    settings: Settings,
    /// Read a new API key from standard input (one line)
    #[arg(long)]
    secret_stdin: bool,
}

/// A sign-in to an account that exists.
#[derive(Debug, Args)]
pub(crate) struct Login {
    /// Its id or name
    id: String,
    #[command(flatten)]
    tokens: Tokens,
}

/// How to come to tokens, if not by a link and a code.
#[derive(Debug, Args)]
pub(crate) struct Tokens {
    /// Read tokens from standard input: a long-lived one, a refresh token, or another program's credential file
    #[arg(long)]
    token_stdin: bool,
    /// Ask for a token that lives for a year and is never refreshed (Claude)
    #[arg(long, conflicts_with = "token_stdin")]
    setup_token: bool,
}

/// How an account is set.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Where it sends, if not to the provider itself (API keys)
    #[arg(long)]
    base_url: Option<String>,
    /// Lower is tried first, 1 to 100; 50 if nothing is said
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=100))]
    priority: Option<u8>,
    /// Among equals it takes calls in proportion to this, 1 to 100; 1 if nothing is said
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=100))]
    weight: Option<u8>,
    /// Most calls under way on it; 0 for any number
    #[arg(long)]
    concurrency: Option<u32>,
    /// A note for people
    #[arg(long)]
    note: Option<String>,
    /// The project of your own that Code Assist shall use (gemini-oauth)
    #[arg(long)]
    project: Option<String>,
    /// Through what it reaches its provider, as in socks5://user@host:1080 (http:// and https:// too); none for nothing
    #[arg(long, value_parser = proxy)]
    proxy: Option<ProxyChange>,
    /// Read the proxy's password from the first line of standard input
    #[arg(long)]
    proxy_password_stdin: bool,
}

fn account_kind(text: &str) -> Result<AccountKind, String> {
    let kinds = || AccountKind::ALL.map(|kind| kind.name().replace('_', "-")).join(", ");
    AccountKind::from_name(text).ok_or_else(|| format!("one of: {}", kinds()))
}

fn proxy(text: &str) -> Result<ProxyChange, String> {
    if text == "none" {
        return Ok(ProxyChange::Direct);
    }
    text.parse::<ProxyAddress>().map(ProxyChange::Through).map_err(|error| error.to_string())
}

impl AccountAction {
    /// With its secrets, asked for if need be.
    ///
    /// # Errors
    /// If there is nobody to ask, or the kind has no such secret.
    pub(crate) fn task(self) -> Result<Task, Failure> {
        let command = match self {
            Self::Add(add) => return add.task(),
            Self::Login(login) => return login.task(),
            Self::Update(update) => update.command()?,
            Self::List => AccountCommand::List,
            Self::Show(Which { id }) => AccountCommand::Show { id },
            Self::Explain { model, key, session } => AccountCommand::Explain { model, key, session },
            Self::Refresh(Which { id }) => AccountCommand::Refresh { id },
            Self::Test(Which { id }) => AccountCommand::Test { id },
            Self::Pause(Which { id }) => AccountCommand::Pause { id },
            Self::Resume(Which { id }) => AccountCommand::Resume { id },
            Self::Clear(Which { id }) => AccountCommand::Clear { id },
            Self::Delete(Which { id }) => AccountCommand::Delete { id },
        };
        Ok(one(command))
    }
}

fn one(command: AccountCommand) -> Task {
    Task::Do(Command::Account(Box::new(command)))
}

impl AddAccount {
    fn task(self) -> Result<Task, Failure> {
        self.check()?;
        let Self { kind, name, settings, secret_stdin, tokens } = self;
        let settings = settings.read()?;
        if kind.is_oauth() && tokens.token_stdin {
            return Ok(one(AccountCommand::Paste { name, kind, settings, tokens: ask::tokens()? }));
        }
        if kind.is_oauth() {
            let command = AccountCommand::SignIn { name, kind, settings, flow: tokens.flow() };
            return Ok(Task::SignIn(Command::Account(Box::new(command))));
        }
        let secret = kind.is_api_key().then(|| ask::secret(secret_stdin)).transpose()?;
        Ok(one(AccountCommand::Add { name, kind, settings, secret }))
    }

    /// What a kind does not have must not be given: it would be lost without a word.
    fn check(&self) -> Result<(), Failure> {
        let (kind, settings) = (self.kind, &self.settings);
        let has_proxy = settings.proxy.is_some() || settings.proxy_password_stdin;
        let strange = [
            ("--secret-stdin", self.secret_stdin && !kind.is_api_key()),
            ("--base-url", settings.base_url.is_some() && !kind.is_api_key()),
            ("--token-stdin", self.tokens.token_stdin && !kind.is_oauth()),
            ("--setup-token", self.tokens.setup_token && kind != AccountKind::ClaudeOauth),
            ("--project", settings.project.is_some() && kind != AccountKind::GeminiOauth),
            ("--proxy", has_proxy && kind == AccountKind::Sandbox),
        ];
        match strange.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((option, _)) => {
                let kind = kind.name().replace('_', "-");
                Err(Failure::usage(format!("{option} is not for accounts of kind {kind}")))
            }
        }
    }
}

impl UpdateAccount {
    fn command(self) -> Result<AccountCommand, Failure> {
        let Self { id, name, settings, secret_stdin } = self;
        let settings = settings.read()?;
        let secret = secret_stdin.then(|| ask::secret(true)).transpose()?;
        Ok(AccountCommand::Update { id, name, settings, secret })
    }
}

impl Login {
    fn task(self) -> Result<Task, Failure> {
        let Self { id, tokens } = self;
        if tokens.token_stdin {
            return Ok(one(AccountCommand::PasteInto { id, tokens: ask::tokens()? }));
        }
        let command = AccountCommand::SignInAgain { id, flow: tokens.flow() };
        Ok(Task::SignIn(Command::Account(Box::new(command))))
    }
}

impl Tokens {
    fn flow(&self) -> SignInFlow {
        if self.setup_token { SignInFlow::LongLived } else { SignInFlow::Session }
    }
}

impl Settings {
    /// With the proxy's password: of all that comes from standard input it is the first line.
    fn read(self) -> Result<SettingChanges, Failure> {
        let has_user = matches!(&self.proxy, Some(ProxyChange::Through(proxy)) if !proxy.username.is_empty());
        let proxy_password = ask::proxy_password(self.proxy_password_stdin, has_user)?;
        Ok(SettingChanges {
            note: self.note,
            base_url: self.base_url,
            priority: self.priority,
            weight: self.weight,
            concurrency: self.concurrency,
            project: self.project,
            proxy: self.proxy,
            proxy_password,
        })
    }
}
