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
    open("limits.budget", "SWITCHYARD_LIMITS_BUDGET", "normal", "How limits of keys on tokens and money are kept: `normal` reserves what a call is likely to use, `strict` the most that it can use."),
    open("limits.key", "SWITCHYARD_LIMITS_KEY", "", "Limits of new keys for which none are given, such as `tokens 1M/day, cost 5/month opus, requests 60/1m, concurrency 4 wait 10s, free 600/1m`."),
    open("relay.idle", "SWITCHYARD_RELAY_IDLE", "600s", "Longest silence of upstream, before its headers or between bytes."),
    open("relay.peek", "SWITCHYARD_RELAY_PEEK", "300ms", "How long a stream's start may be held back, so that an error in it can still be switched."),
    open("relay.connect", "SWITCHYARD_RELAY_CONNECT", "10s", "Time to connect to upstream, TLS included."),
    open("relay.tries", "SWITCHYARD_RELAY_TRIES", "4", "Most attempts for one call."),
    open("relay.patience", "SWITCHYARD_RELAY_PATIENCE", "15m", "Longest time from a call's arrival to its answer's beginning, waits and attempts together; a client that says how long it waits (`x-stainless-timeout`) gets its answer before that."),
    open("relay.backoff", "SWITCHYARD_RELAY_BACKOFF", "500ms", "Pause before accounts that were all overloaded or unreachable are tried once more, half of it to half as much again by chance; 0s for never."),
    open("relay.streams_per_connection", "SWITCHYARD_RELAY_STREAMS_PER_CONNECTION", "90", "Calls on one HTTP/2 connection to upstream before another is opened."),
    open("relay.rate_limit_headers", "SWITCHYARD_RELAY_RATE_LIMIT_HEADERS", "true", "Whether clients see the provider's rate-limit headers."),
    open("schedule.wait", "SWITCHYARD_SCHEDULE_WAIT", "30s", "Longest wait for a place where every account has as many calls under way as it may."),
    open("schedule.queue", "SWITCHYARD_SCHEDULE_QUEUE", "1000", "Calls that may wait for a place at once; others are told that all accounts are busy."),
    open("affinity.ttl", "SWITCHYARD_AFFINITY_TTL", "1h", "How long after its last call a conversation is still sent to the account that served it, which has its prompt in the cache."),
    open("affinity.max", "SWITCHYARD_AFFINITY_MAX", "100000", "Conversations remembered at once."),
    open("cooldown.probe", "SWITCHYARD_COOLDOWN_PROBE", "5m", "After this long one live call tries whether a longer limit still holds; doubled with each try that fails."),
    open("cooldown.probe_max", "SWITCHYARD_COOLDOWN_PROBE_MAX", "1h", "Longest time between such tries."),
    open("relay.client_gone", "SWITCHYARD_RELAY_CLIENT_GONE", "cancel", "What becomes of an answer whose client has left: `cancel` lets upstream go at once and estimates the output, `drain` reads on so that the figure is exact."),
    open("relay.drain", "SWITCHYARD_RELAY_DRAIN", "60s", "How long an answer is read on after its client left, if it is."),
    open("journal.sync", "SWITCHYARD_JOURNAL_SYNC", "1s", "Longest time until a record is on disk; `always` waits for it before an answer ends."),
    open("books.keep", "SWITCHYARD_BOOKS_KEEP", "90d", "How long single requests stay listed; sums by day are kept for ever."),
    open("books.minutes", "SWITCHYARD_BOOKS_MINUTES", "2d", "How long sums by minute are kept, at least 2d."),
    open("books.hours", "SWITCHYARD_BOOKS_HOURS", "90d", "How long sums by hour are kept, at least 2d."),
    open("shutdown.grace", "SWITCHYARD_SHUTDOWN_GRACE", "30s", "How long open streams may go on after a stop was asked for."),
    open("session.idle", "SWITCHYARD_SESSION_IDLE", "12h", "A console session ends after this long without use."),
    open("session.max", "SWITCHYARD_SESSION_MAX", "7d", "A console session ends after this long in any case."),
    open("price.file", "SWITCHYARD_PRICE_FILE", "", "A price table to use in place of the built-in one."),
    open("anthropic.authorize_url", "SWITCHYARD_ANTHROPIC_AUTHORIZE_URL", "https://claude.ai/oauth/authorize", "The page on which a person lets the relay use a Claude account."),
    open("anthropic.token_url", "SWITCHYARD_ANTHROPIC_TOKEN_URL", "https://platform.claude.com/v1/oauth/token", "Where Claude's codes and refresh tokens become access tokens."),
    open("anthropic.api_url", "SWITCHYARD_ANTHROPIC_API_URL", "https://api.anthropic.com", "Where Claude accounts without an address of their own send."),
    open("anthropic.client_id", "SWITCHYARD_ANTHROPIC_CLIENT_ID", "9d1c250a-e61b-44d9-88ed-5944d1962f5e", "The client as which the relay signs in to Claude."),
    open("anthropic.redirect_url", "SWITCHYARD_ANTHROPIC_REDIRECT_URL", "https://platform.claude.com/oauth/code/callback", "Where Claude shows the code; must equal the client's registered address to the byte."),
    open("anthropic.scopes", "SWITCHYARD_ANTHROPIC_SCOPES", "org:create_api_key user:profile user:inference user:sessions:claude_code user:mcp_servers user:file_upload", "What a sign-in to Claude asks for, blanks between."),
    open("google.authorize_url", "SWITCHYARD_GOOGLE_AUTHORIZE_URL", "https://accounts.google.com/o/oauth2/v2/auth", "The page on which a person lets the relay use a Google account."),
    open("google.token_url", "SWITCHYARD_GOOGLE_TOKEN_URL", "https://oauth2.googleapis.com/token", "Where Google's codes and refresh tokens become access tokens."),
    open("google.userinfo_url", "SWITCHYARD_GOOGLE_USERINFO_URL", "https://www.googleapis.com/oauth2/v2/userinfo", "Where Google says who signed in."),
    open("google.api_url", "SWITCHYARD_GOOGLE_API_URL", "https://generativelanguage.googleapis.com", "Where Gemini accounts with an API key send."),
    open("google.code_assist_url", "SWITCHYARD_GOOGLE_CODE_ASSIST_URL", "https://cloudcode-pa.googleapis.com", "Where Gemini accounts that signed in send (Code Assist)."),
    open("google.client_id", "SWITCHYARD_GOOGLE_CLIENT_ID", "681255809395-oo8ft2oprdrnp9e3aqf6av3hmdib135j.apps.googleusercontent.com", "The client as which the relay signs in to Google."),
    secret("google.client_secret", "SWITCHYARD_GOOGLE_CLIENT_SECRET", "That client's published secret (Gemini CLI's `OAUTH_CLIENT_SECRET`); without it Google refuses to sign in."),
    open("google.redirect_url", "SWITCHYARD_GOOGLE_REDIRECT_URL", "https://codeassist.google.com/authcode", "Where Google shows the code; must equal a registered address to the byte."),
    open("google.scopes", "SWITCHYARD_GOOGLE_SCOPES", "https://www.googleapis.com/auth/cloud-platform https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile", "What a sign-in to Google asks for, blanks between."),
    open("log.level", "LOG_LEVEL", "info", "error, warn, info, debug or trace, or a filter such as `info,relay=debug`."),
    open("log.format", "SWITCHYARD_LOG_FORMAT", "text", "text or json."),
];

/// The setting of that name.
pub(super) fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}
