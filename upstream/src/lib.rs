//! A fake provider on a real port: Anthropic and Google, their APIs and their sign-ins, for tests, demos and benches,
//! with faults and exact books.
//!
//! It promises that what is scripted is what goes over the wire, piece by piece, that its own record says exactly
//! what it received, sent and billed, and that nothing of it is left when it is gone. It never judges what a
//! request contains beyond what the provider itself refuses, and it never talks to anybody.
//!
//! ```
//! use std::time::Duration;
//! use upstream::{Behaviour, Ending, Options, Upstream, Usage};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), upstream::StartError> {
//! let upstream = Upstream::start(Options::new()).await?;
//! upstream.script("sk-spent", Behaviour::status(429).header("retry-after", "60"));
//! upstream.script("sk-shaky", Behaviour::overloaded().times(2).then(Behaviour::ok()));
//! upstream.script("sk-cut", Behaviour::ok().usage(Usage::new(12, 340)).cut_after(10));
//!
//! // … send requests to upstream.url() …
//!
//! let books = upstream.wait_for(|books| books.is_quiet()).await;
//! assert!(books.of("sk-cut").all(|exchange| exchange.ending == Ending::Cut));
//! # Ok(())
//! # }
//! ```
//!
//! # What it serves
//! `POST /v1/messages` (streamed or not), `POST /v1/messages/count_tokens`, `GET /v1/models` with paging, and
//! `GET /v1/models/{id}`; anything else is a 404 in the provider's shape. Headers are the provider's, with those
//! that a relay must keep to itself (`set-cookie`, `anthropic-organization-id`, `cf-ray`, …). Unless it is
//! [lenient](Options::lenient), unknown credentials get 401, a missing `anthropic-version` 400, and OAuth tokens
//! (`sk-ant-oat…`) without their beta flag 401. `sk-ant-api03-good` is always known.
//!
//! For people who sign in: the page `GET /oauth/authorize`, `POST /v1/oauth/token`, `GET /api/oauth/usage` and
//! `GET /api/oauth/profile`; with Google `GET /o/oauth2/v2/auth`, `POST /token` and `GET /oauth2/v2/userinfo`.
//!
//! Google's Gemini API under `/v1`, `/v1beta` and `/v1alpha` (messages in all three forms, counts, models, embeddings)
//! takes keys in `x-goog-api-key`, `goog-good` among them, and refuses a `?key=` that a relay has left over. Code Assist
//! under `/v1internal` takes Google's bearer tokens and checks that calls name their account's own project. All is at
//! one address, [`Upstream::url`].
//!
//! # Choosing a behaviour
//! The credential (`x-api-key`, else the bearer token) decides. A test gives it a [`Script`] with
//! [`Upstream::script`], wherever a model writes, or [`Upstream::script_on`] for the other endpoints; a credential that gets 401
//! for messages gets it everywhere. From outside, a credential that starts with `sk-fake-` says in [words](WORDS)
//! what it gets (`sk-fake-429-60`, `sk-fake-529*2,ok`, `sk-fake-cut-10:account-7`), and `POST /_script` with
//! `{"token": "sk-a", "words": "529*2,ok"}` (and optionally `"endpoint": "models"`) gives words to any other.
//!
//! | what | how |
//! | --- | --- |
//! | a message | [`ok`](Behaviour::ok) with [`text`](Behaviour::text), [`events`](Behaviour::events), [`usage`](Behaviour::usage), [`odd_usage`](Behaviour::odd_usage) |
//! | other content | [`replay`](Behaviour::replay), [`replay_json`](Behaviour::replay_json), [`garbage`](Behaviour::garbage), [`html`](Behaviour::html), [`recorded`](Behaviour::recorded), [`body`](Behaviour::body), [`bills`](Behaviour::bills) |
//! | an error | [`status`](Behaviour::status) with [`message`](Behaviour::message), [`header`](Behaviour::header); [`rate_limited`](Behaviour::rate_limited), [`window_spent`](Behaviour::window_spent), [`overloaded`](Behaviour::overloaded), [`unauthorized`](Behaviour::unauthorized), [`organization_disabled`](Behaviour::organization_disabled), [`credit_too_low`](Behaviour::credit_too_low), [`oauth_not_allowed`](Behaviour::oauth_not_allowed), [`edge_refusal`](Behaviour::edge_refusal), [`extra_usage_required`](Behaviour::extra_usage_required), [`invalid_grant`](Behaviour::invalid_grant) |
//! | an error of Google's | [`quota_per_minute`](Behaviour::quota_per_minute), [`quota_per_day`](Behaviour::quota_per_day), [`quota_zero`](Behaviour::quota_zero), [`quota_reasons`](Behaviour::quota_reasons), [`key_invalid`](Behaviour::key_invalid), [`key_leaked`](Behaviour::key_leaked), [`service_disabled`](Behaviour::service_disabled), [`validation_required`](Behaviour::validation_required), [`no_licence`](Behaviour::no_licence), [`security_policy`](Behaviour::security_policy), [`region_unsupported`](Behaviour::region_unsupported); of Code Assist [`assist_rate_limited`](Behaviour::assist_rate_limited), [`assist_exhausted`](Behaviour::assist_exhausted), [`capacity_exhausted`](Behaviour::capacity_exhausted), [`credits_exhausted`](Behaviour::credits_exhausted) |
//! | a message of Gemini's | [`thoughts`](Behaviour::thoughts), [`tool_tokens`](Behaviour::tool_tokens), [`tool_call`](Behaviour::tool_call), [`blocked`](Behaviour::blocked), [`finish_reason`](Behaviour::finish_reason), [`split_data`](Behaviour::split_data) |
//! | for one model | [`only_for`](Behaviour::only_for) |
//! | events gone wrong | [`error_first`](Behaviour::error_first), [`error_after`](Behaviour::error_after), [`unterminated`](Behaviour::unterminated), [`text_after_stop`](Behaviour::text_after_stop), [`huge_event`](Behaviour::huge_event), [`comments`](Behaviour::comments) |
//! | pace | [`delay`](Behaviour::delay), [`interval`](Behaviour::interval), [`gated`](Behaviour::gated) by a [`Gate`] |
//! | form | [`split`](Behaviour::split), [`gzip`](Behaviour::gzip), [`gzip_uninvited`](Behaviour::gzip_uninvited), [`chunked`](Behaviour::chunked), [`sized`](Behaviour::sized) |
//! | breaking off | [`cut_before_head`](Behaviour::cut_before_head), [`lost`](Behaviour::lost), [`cut_after`](Behaviour::cut_after), [`cut_after_bytes`](Behaviour::cut_after_bytes), [`by_reset`](Behaviour::by_reset) |
//! | silence | [`hang`](Behaviour::hang), [`without_reading`](Behaviour::without_reading), [`stall_after`](Behaviour::stall_after), [`stall_after_bytes`](Behaviour::stall_after_bytes) |
//! | sequences | [`times`](Behaviour::times) and [`then`](Script::then) |
//!
//! # People who sign in
//! A [`ClaudeAccount`] is a person with an organisation, a plan, lives of tokens, and [`Window`]s that fill by a step per
//! message; [`Upstream::claude_account`] adds or changes one, and one called `claude` is always there. A test signs in
//! as a browser would: [`Upstream::authorize`] checks an authorize address as the page does and gives the code. Or it
//! takes tokens with [`Upstream::issue`]. Tokens expire and windows reset by the upstream's own clock, which
//! [`Options::clock`] ties to a test's and [`Upstream::advance`] sets forward; [`Upstream::expire`] and
//! [`Upstream::revoke`] end them at once. A [`GoogleAccount`] is the same with Google, with a project and a standing with
//! [Code Assist](CodeAssist); the first one is called `google`. Scripts may be given to an account's name instead of a credential, and to `*`.
//!
//! ```
//! use upstream::{Behaviour, ClaudeAccount, Endpoint, Options, Upstream, Window};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let upstream = Upstream::start(Options::new()).await?;
//! let windows = vec![Window::new("5h").step(0.01), Window::new("7d").utilization(0.9)];
//! upstream.claude_account(ClaudeAccount { token_life_seconds: 60, windows, ..ClaudeAccount::new("alice") });
//! upstream.script_on(Endpoint::ClaudeToken, "alice", Behaviour::ok().lost().times(1).then(Behaviour::ok()));
//! let tokens = upstream.issue("alice")?;
//!
//! // … let the relay use and refresh tokens["access_token"] and tokens["refresh_token"] …
//!
//! assert_eq!(upstream.books().account("alice").refreshes, 0);
//! # Ok(())
//! # }
//! ```
//!
//! # Proxies
//! A [`Proxy`] is a SOCKS5, HTTP or HTTPS proxy on a port of its own, with user and password if it is to have them
//! ([`ProxyOptions`]). Its [books](ProxyBooks) say who came and which names were asked for; names under `.test` lead to
//! 127.0.0.1, so that nobody else can have resolved them. It fails by [`Proxy::fault`], [`Proxy::die_after`] and
//! [`Proxy::cut`].
//!
//! # The books
//! [`Upstream::books`] and `GET /_books` say for each exchange what arrived (headers, hash of the body), what was
//! sent, what was billed and how it ended; [`Upstream::wait_for`] waits for any state of them, so that tests need no
//! sleeps. `GET /_totals` has the counters alone, `POST /_reset` starts anew. An answer counts as complete when its
//! last byte went to the socket, as billed with the usage that the pieces sent had announced by then. Each exchange also
//! says whose it was ([`Exchange::account`]) and why the upstream itself refused it ([`Exchange::refused`]), and
//! [`Books::account`] has the counters of one account: refreshes, reuses, messages.
//!
//! How a program outside does all this is in the crate's `README.md`.

mod account;
mod answer;
mod anthropic;
mod behaviour;
mod body;
mod books;
mod clock;
mod control;
mod crew;
mod endpoint;
mod gate;
mod gemini;
mod ledger;
mod listener;
mod mint;
mod oauth;
mod options;
mod people;
mod piece;
mod proxy;
mod refusal;
mod script;
mod server;
mod service;
mod tls;
mod wire;

pub use account::claude::ClaudeAccount;
pub use account::google::{CodeAssist, GoogleAccount};
pub use account::window::Window;
pub use anthropic::usage::OddUsage;
pub use behaviour::{Behaviour, UnknownWords};
pub use books::{AccountTotals, Books, Ending, Exchange, Totals, Usage};
pub use endpoint::Endpoint;
pub use gate::Gate;
pub use oauth::authorize::Authorized;
pub use options::{GOOGLE_CLIENT_SECRET, Options, Record, Transport};
pub use people::NoSignIn;
pub use piece::Split;
pub use proxy::{Proxy, ProxyBooks, ProxyFault, ProxyKind, ProxyOptions};
pub use script::Script;
pub use server::{StartError, Upstream};
pub use tls::TlsError;

/// The words by which a behaviour is chosen from outside, as a text for people.
pub const WORDS: &str = behaviour::WORD_LIST;
