//! The table of all settings: name, environment variable, default, meaning. Nothing is read that is not in it.

/// One setting as an operator knows it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Name in `switchyard.toml` and in `switchyard config`.
    pub name: &'static str,
    /// Name in the environment and in `.env`; it wins over the file.
    pub env: &'static str,
    /// Value if nothing is said; empty means unset.
    pub default: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Never shown.
    pub secret: bool,
}

const fn open(name: &'static str, env: &'static str, default: &'static str, doc: &'static str) -> Setting {
    Setting { name, env, default, doc, secret: false }
}

const fn secret(name: &'static str, env: &'static str, doc: &'static str) -> Setting {
    Setting { name, env, default: "", doc, secret: true }
}

/// Every setting.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    open("data", "SWITCHYARD_DATA", "./data", "Folder that holds everything at rest: store, journal, secrets, socket."),
    open("server.host", "HOST", "127.0.0.1", "Address to listen on."),
    open("server.port", "PORT", "3000", "Port to listen on; 0 takes a free one."),
    open("server.public_url", "SWITCHYARD_PUBLIC_URL", "", "Address that browsers and clients use, if a proxy stands in front; https makes cookies Secure."),
    open("server.header_timeout", "SWITCHYARD_SERVER_HEADER_TIMEOUT", "30s", "Time a client has to send its request's headers."),
    secret("secret.encryption_key", "ENCRYPTION_KEY", "At least 32 characters; seals credentials at rest. Made at first start if unset."),
    secret("secret.jwt", "JWT_SECRET", "At least 32 characters; signs console sessions. Made at first start if unset."),
    open("time_zone", "SWITCHYARD_TIME_ZONE", "", "IANA name of the zone in which days begin; the host's if unset."),
    open("limits.body", "SWITCHYARD_LIMITS_BODY", "32MiB", "Largest request body; a larger one is a 413."),
    open("limits.body_memory", "SWITCHYARD_LIMITS_BODY_MEMORY", "512MiB", "Bytes of all request bodies in memory at once; none left is a 503."),
    open("limits.body_rate", "SWITCHYARD_LIMITS_BODY_RATE", "1KiB", "Bytes a second that an upload must reach on average after its first ten seconds."),
    open("relay.idle", "SWITCHYARD_RELAY_IDLE", "600s", "Longest silence of upstream, before its headers or between bytes."),
    open("relay.peek", "SWITCHYARD_RELAY_PEEK", "300ms", "How long a stream's start may be held back, so that an error in it can still be switched."),
    open("relay.connect", "SWITCHYARD_RELAY_CONNECT", "10s", "Time to connect to upstream, TLS included."),
    open("relay.tries", "SWITCHYARD_RELAY_TRIES", "4", "Most attempts for one call."),
    open("relay.streams_per_connection", "SWITCHYARD_RELAY_STREAMS_PER_CONNECTION", "90", "Calls on one HTTP/2 connection to upstream before another is opened."),
    open("relay.rate_limit_headers", "SWITCHYARD_RELAY_RATE_LIMIT_HEADERS", "true", "Whether clients see the provider's rate-limit headers."),
    open("journal.sync", "SWITCHYARD_JOURNAL_SYNC", "1s", "Longest time until a record is on disk; `always` waits for it before an answer ends."),
    open("books.keep", "SWITCHYARD_BOOKS_KEEP", "90d", "How long single requests stay listed; sums are kept for ever."),
    open("shutdown.grace", "SWITCHYARD_SHUTDOWN_GRACE", "30s", "How long open streams may go on after a stop was asked for."),
    open("session.idle", "SWITCHYARD_SESSION_IDLE", "12h", "A console session ends after this long without use."),
    open("session.max", "SWITCHYARD_SESSION_MAX", "7d", "A console session ends after this long in any case."),
    open("price.file", "SWITCHYARD_PRICE_FILE", "", "A price table to use in place of the built-in one."),
    open("anthropic.api_url", "SWITCHYARD_ANTHROPIC_API_URL", "https://api.anthropic.com", "Where Claude accounts without an address of their own send."),
    open("log.level", "LOG_LEVEL", "info", "error, warn, info, debug or trace, or a filter such as `info,relay=debug`."),
    open("log.format", "SWITCHYARD_LOG_FORMAT", "text", "text or json."),
];

/// The setting of that name.
pub(super) fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}
