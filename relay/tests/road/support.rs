//! `TestRelay`: a relay that can be had in one line, and what tests ask of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use relay::admin::{Admin, account, key, local};
use relay::clock::Clock;
use relay::config::Config;
use relay::folder::FolderLock;
use relay::http::serve::{Patience, serve};
use relay::model::account::{AccountKind, NewAccount};
use relay::model::id::{AccountId, KeyId};
use relay::model::key::NewKey;
use relay::secret::Secret;
use relay::state::Shared;
use relay::store::attempt::{self, Attempt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use upstream::{Options, Upstream};

/// Tuesday, 24 November 2026, 14:00 UTC.
pub(crate) const NOW_MS: i64 = 1_795_528_800_000;

pub(crate) const ENCRYPTION_KEY: &str = "an encryption key made for tests 0123456789";

/// A running relay with a fake provider. Both end with it.
pub(crate) struct TestRelay {
    pub(crate) shared: Shared,
    pub(crate) upstream: Upstream,
    pub(crate) admin: Admin,
    pub(crate) clock: Clock,
    /// The text of the first key.
    pub(crate) key: String,
    pub(crate) key_id: KeyId,
    pub(crate) client: reqwest::Client,
    address: SocketAddr,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
    lock: Option<FolderLock>,
    folder: TempDir,
    settings: Vec<(String, String)>,
}

impl TestRelay {
    /// With one account, `sk-a`, and one key.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With settings of its own, by environment name.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let relay = Self::empty(settings).await;
        relay.account("sk-a").await;
        relay
    }

    /// With a key, but no account.
    pub(crate) async fn empty(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Clock::fake(NOW_MS);
        let upstreams = clock.clone();
        let options = Options::new().clock(move || upstreams.now_ms());
        let upstream = Upstream::start(options).await.expect("a fake provider");
        let settings =
            settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut relay = Self::open(folder, upstream, clock, settings).await;
        let new = NewKey::new("test key");
        let made = key::create(&relay.shared, &relay.admin, new).await.expect("a key");
        relay.key = made.key;
        relay.key_id = made.id;
        relay
    }

    async fn open(
        folder: TempDir,
        upstream: Upstream,
        clock: Clock,
        settings: Vec<(String, String)>,
    ) -> Self {
        let data = folder.path().to_str().expect("a plain path").to_owned();
        let url = upstream.url();
        let (google_token, userinfo) = (format!("{url}/token"), format!("{url}/oauth2/v2/userinfo"));
        let (authorize, token) = (format!("{url}/oauth/authorize"), format!("{url}/v1/oauth/token"));
        let mut values = vec![
            ("SWITCHYARD_DATA", data.as_str()),
            ("ENCRYPTION_KEY", ENCRYPTION_KEY),
            ("SWITCHYARD_ANTHROPIC_API_URL", url.as_str()),
            ("SWITCHYARD_ANTHROPIC_AUTHORIZE_URL", authorize.as_str()),
            ("SWITCHYARD_ANTHROPIC_TOKEN_URL", token.as_str()),
            ("SWITCHYARD_GOOGLE_API_URL", url.as_str()),
            ("SWITCHYARD_GOOGLE_CODE_ASSIST_URL", url.as_str()),
            ("SWITCHYARD_GOOGLE_TOKEN_URL", google_token.as_str()),
            ("SWITCHYARD_GOOGLE_USERINFO_URL", userinfo.as_str()),
            ("SWITCHYARD_GOOGLE_CLIENT_SECRET", upstream::GOOGLE_CLIENT_SECRET),
        ];
        values.extend(settings.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let config = Config::from_values(&values).expect("usable settings");
        let lock = FolderLock::take(folder.path()).expect("a folder of our own");
        let shared = relay::start::open(config, clock.clone(), &lock).await.expect("a relay");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let patience = Patience { headers: Duration::from_secs(5), grace: Duration::from_secs(5) };
        let router = relay::http::client_router(Arc::clone(&shared));
        let serving = tokio::spawn(serve(listener, router, patience, stop.clone(), CancellationToken::new()));
        Self {
            admin: local::by_lock(&lock),
            shared,
            upstream,
            clock,
            key: String::new(),
            key_id: KeyId::new(""),
            client: client(),
            address,
            stop,
            serving: Some(serving),
            lock: Some(lock),
            folder,
            settings,
        }
    }

    /// Stops in order and starts anew on the same folder.
    pub(crate) async fn restart(mut self) -> Self {
        let (key, key_id) = (std::mem::take(&mut self.key), self.key_id.clone());
        self.stop().await;
        let mut relay = Self::open(self.folder, self.upstream, self.clock, self.settings).await;
        (relay.key, relay.key_id) = (key, key_id);
        relay
    }

    /// Stops in order.
    pub(crate) async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(serving) = self.serving.take() {
            serving.await.expect("an orderly end");
        }
        self.shared.tasks.stop().await;
        self.lock = None;
    }

    /// Adds an account with that secret, known to the fake provider.
    pub(crate) async fn account(&self, secret: &str) -> AccountId {
        self.account_with(secret, 50).await
    }

    /// The same with a priority; lower is tried first. Scripts for it are given after this.
    pub(crate) async fn account_with(&self, secret: &str, priority: u8) -> AccountId {
        self.upstream.script(secret, upstream::Behaviour::ok());
        let new = new_account(&format!("account {secret}"), AccountKind::ClaudeApiKey, "", priority);
        let made = account::create(&self.shared, &self.admin, new, Some(Secret::new(secret))).await;
        made.expect("an account").id
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// A request with the key.
    pub(crate) fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.client
            .post(self.url(path))
            .header("x-api-key", &self.key)
            .header("content-type", "application/json")
    }

    /// A message, streamed or not.
    pub(crate) async fn message(&self, stream: bool) -> reqwest::Response {
        let body = message(stream).to_string();
        self.post("/api/v1/messages").body(body).send().await.expect("an answer")
    }

    /// The figures of the key, as its holder sees them.
    pub(crate) async fn usage(&self) -> Value {
        let answer = self.client.get(self.url("/api/v1/usage")).header("x-api-key", &self.key).send().await;
        answer.expect("an answer").json().await.expect("JSON")
    }

    /// Every record in the books, oldest first, once the latest is in them.
    pub(crate) async fn records(&self) -> Vec<Attempt> {
        self.shared.books.caught_up().await;
        let (kept, records) = std::sync::mpsc::channel();
        let look = move |record: &Attempt| drop(kept.send(record.clone()));
        attempt::each_since(&self.shared.store, 0, look).await.expect("the books");
        let mut records: Vec<_> = records.iter().collect();
        records.sort_by_key(|record| (record.call, record.n));
        records
    }

    /// The only record in the books.
    pub(crate) async fn record(&self) -> Attempt {
        let mut records = self.records().await;
        assert_eq!(records.len(), 1, "{records:#?}");
        records.remove(0)
    }
}

/// An account as it is given, with an address and a priority.
pub(crate) fn new_account(name: &str, kind: AccountKind, base_url: &str, priority: u8) -> NewAccount {
    let mut new = NewAccount::new(name, kind);
    base_url.clone_into(&mut new.settings.base_url);
    new.settings.priority = priority;
    new
}

/// A small message as clients send it.
pub(crate) fn message(stream: bool) -> Value {
    json!({
        "model": "claude-sonnet-4-5",
        "max_tokens": 64,
        "stream": stream,
        "messages": [{"role": "user", "content": "hello"}],
    })
}

/// A client without comforts: no redirects, no decoding.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
}
