//! Settings: one struct per concern, read once at start. The table in `setting` documents each of them.

mod anthropic;
mod google;
mod read;
mod schedule;
mod setting;
mod source;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use anthropic::Anthropic;
pub use google::Google;
pub use read::duration;
pub use read::is_strong as is_strong_key;
use read::{budget, drains, format_is_json, given, host, key_limits, optional, size, switch, sync, url};
pub use schedule::Schedule;
pub use setting::{SETTINGS, Setting};
pub use source::Effective;
use source::Source;

use crate::model::limit::{Budget, KeyLimits};
use crate::secret::Secret;

/// Today is compared with yesterday, so fine sums must reach so far back.
const SHORTEST_FINE: Duration = Duration::from_hours(48);

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value that cannot be read. The value itself is not repeated: it may be a secret in the wrong place.
    #[error("setting {name} (from {origin}) must be {want}")]
    Value {
        /// The setting.
        name: &'static str,
        /// Where the value stands.
        origin: &'static str,
        /// What it must be.
        want: &'static str,
    },
    /// A name that no setting has.
    #[error("switchyard.toml has {0}, which is no setting; `switchyard config` lists them")]
    Unknown(String),
    /// A file that cannot be read.
    #[error("cannot read {0}: {1}")]
    File(String, String),
}

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// Listening.
    pub server: Server,
    /// Secrets given from outside, if any.
    pub secrets: GivenSecrets,
    /// Zone in which days begin; `None` is the host's.
    pub time_zone: Option<String>,
    /// Bounds on what clients send.
    pub limits: Limits,
    /// The request road.
    pub relay: Relay,
    /// Choosing an account.
    pub schedule: Schedule,
    /// Longest time until a journal record is on disk; `None` is `always`.
    pub journal_sync: Option<Duration>,
    /// How long the books are kept.
    pub books: Books,
    /// How long open streams may go on after a stop was asked for.
    pub shutdown_grace: Duration,
    /// Console sessions.
    pub session: Session,
    /// A price table to use in place of the built-in one.
    pub price_file: Option<PathBuf>,
    /// Claude's addresses and client.
    pub anthropic: Anthropic,
    /// Google's addresses and client.
    pub google: Google,
    /// Logs.
    pub log: Log,
    effective: Vec<Effective>,
}

/// Listening.
#[derive(Clone, Debug)]
pub struct Server {
    /// Address and port.
    pub listen: SocketAddr,
    /// The address that browsers and clients use, without a slash at the end.
    pub public_url: Option<String>,
    /// Time for a request's headers.
    pub header_timeout: Duration,
}

/// Secrets given by environment or file, else made at first start.
#[derive(Clone, Debug)]
pub struct GivenSecrets {
    /// Seals credentials at rest.
    pub encryption_key: Option<Secret>,
    /// Signs console sessions.
    pub jwt: Option<Secret>,
}

/// Bounds on what clients send.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one body.
    pub body: usize,
    /// Bytes of all bodies in memory.
    pub body_memory: usize,
    /// Bytes a second of an upload.
    pub body_rate: u64,
    /// How limits of keys on tokens and money are kept.
    pub budget: Budget,
    /// The limits of new keys.
    pub key: KeyLimits,
}

/// The request road.
#[derive(Clone, Debug)]
pub struct Relay {
    /// Longest silence of upstream.
    pub idle: Duration,
    /// Longest hold of a stream's start.
    pub peek: Duration,
    /// Time to connect.
    pub connect: Duration,
    /// Attempts per call.
    pub tries: u8,
    /// Longest time from a call's arrival to its answer's beginning.
    pub patience: Duration,
    /// Pause before accounts that were all overloaded are tried once more; zero for never.
    pub backoff: Duration,
    /// Calls per HTTP/2 connection.
    pub streams_per_connection: u32,
    /// Pass the provider's rate-limit headers on.
    pub rate_limit_headers: bool,
    /// How long an answer is read on after its client left; `None` is not at all.
    pub drain: Option<Duration>,
}

/// How long the books are kept. Sums by day are kept for ever.
#[derive(Clone, Copy, Debug)]
pub struct Books {
    /// Single records.
    pub keep: Duration,
    /// Sums by minute.
    pub minutes: Duration,
    /// Sums by hour.
    pub hours: Duration,
}

/// Console sessions.
#[derive(Clone, Debug)]
pub struct Session {
    /// Without use.
    pub idle: Duration,
    /// In any case.
    pub max: Duration,
}

/// Logs.
#[derive(Clone, Debug)]
pub struct Log {
    /// A level or filter.
    pub level: String,
    /// JSON lines in place of text.
    pub json: bool,
}

impl Config {
    /// Reads the process's environment, `.env` in the working directory, and `switchyard.toml` in the data folder.
    ///
    /// # Errors
    /// The first value that cannot be used, by its name.
    pub fn load() -> Result<Self, ConfigError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let dotenv = match dotenvy::from_path_iter(".env") {
            Ok(lines) => lines.filter_map(Result::ok).collect(),
            Err(_) => HashMap::new(),
        };
        Self::from_sources(environment, dotenv)
    }

    /// Settings from values by environment name, for tests and tools.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_values(values: &[(&str, &str)]) -> Result<Self, ConfigError> {
        let environment =
            values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self::from_sources(environment, HashMap::new())
    }

    fn from_sources(
        environment: HashMap<String, String>,
        dotenv: HashMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let mut source = Source::new(environment, dotenv);
        let data = PathBuf::from(source.text("data").0);
        source.add_file(&data.join("switchyard.toml"))?;
        source.note_made(&data.join("secrets.env"));
        Ok(Self {
            server: server(&source)?,
            secrets: GivenSecrets {
                encryption_key: given(&source, "secret.encryption_key")?,
                jwt: given(&source, "secret.jwt")?,
            },
            time_zone: optional(&source, "time_zone"),
            limits: limits(&source)?,
            relay: relay(&source)?,
            schedule: schedule::read(&source)?,
            journal_sync: source.parse("journal.sync", sync, "a time such as 1s, or always")?,
            books: books(&source)?,
            shutdown_grace: source.parse("shutdown.grace", duration, "a time such as 30s")?,
            session: Session {
                idle: source.parse("session.idle", duration, "a time such as 12h")?,
                max: source.parse("session.max", duration, "a time such as 7d")?,
            },
            price_file: optional(&source, "price.file").map(PathBuf::from),
            anthropic: anthropic::read(&source)?,
            google: google::read(&source)?,
            log: Log {
                level: source.text("log.level").0,
                json: source.parse("log.format", format_is_json, "text or json")?,
            },
            effective: source.effective(),
            data,
        })
    }

    /// Every setting with the value in force, secrets redacted.
    pub fn effective(&self) -> &[Effective] {
        &self.effective
    }

    /// A path inside the data folder.
    pub fn in_data(&self, name: impl AsRef<Path>) -> PathBuf {
        self.data.join(name)
    }
}

fn server(source: &Source) -> Result<Server, ConfigError> {
    let host: IpAddr = source.parse("server.host", host, "an IP address or localhost")?;
    let port: u16 = source.parse("server.port", |text| text.parse().ok(), "a port number")?;
    let public = optional(source, "server.public_url");
    let public_url = match public {
        Some(_) => Some(source.parse("server.public_url", url, "an http or https address")?),
        None => None,
    };
    Ok(Server {
        listen: SocketAddr::new(host, port),
        public_url,
        header_timeout: source.parse("server.header_timeout", duration, "a time such as 30s")?,
    })
}

fn limits(source: &Source) -> Result<Limits, ConfigError> {
    let bytes = |text: &str| size(text).and_then(|size| usize::try_from(size).ok());
    Ok(Limits {
        body: source.parse("limits.body", bytes, "a size such as 32MiB")?,
        body_memory: source.parse("limits.body_memory", bytes, "a size such as 512MiB")?,
        body_rate: source.parse("limits.body_rate", size, "a size such as 1KiB")?,
        budget: source.parse("limits.budget", budget, "normal or strict")?,
        key: source.parse("limits.key", key_limits, "limits such as tokens 1M/day, requests 60/1m")?,
    })
}

fn books(source: &Source) -> Result<Books, ConfigError> {
    let fine = |text: &str| duration(text).filter(|kept| *kept >= SHORTEST_FINE);
    Ok(Books {
        keep: source.parse("books.keep", duration, "a time such as 90d")?,
        minutes: source.parse("books.minutes", fine, "a time such as 2d, and no less than that")?,
        hours: source.parse("books.hours", fine, "a time such as 90d, and no less than 2d")?,
    })
}

fn relay(source: &Source) -> Result<Relay, ConfigError> {
    let drain = source.parse("relay.drain", duration, "a time such as 60s")?;
    let drains = source.parse("relay.client_gone", drains, "cancel or drain")?;
    let positive = |text: &str| text.parse().ok().filter(|n: &u32| *n > 0);
    Ok(Relay {
        idle: source.parse("relay.idle", duration, "a time such as 600s")?,
        peek: source.parse("relay.peek", duration, "a time such as 300ms")?,
        connect: source.parse("relay.connect", duration, "a time such as 10s")?,
        tries: source.parse("relay.tries", |text| text.parse().ok().filter(|n: &u8| *n > 0), "1 to 255")?,
        patience: source.parse("relay.patience", duration, "a time such as 15m")?,
        backoff: source.parse("relay.backoff", duration, "a time such as 500ms")?,
        streams_per_connection: source.parse("relay.streams_per_connection", positive, "a number above 0")?,
        rate_limit_headers: source.parse("relay.rate_limit_headers", switch, "true or false")?,
        drain: drains.then_some(drain),
    })
}
