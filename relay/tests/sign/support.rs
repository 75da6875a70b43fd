//! A provider that answers what a test put in its queue, and remembers what it was asked.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use relay::config::{Anthropic, Config, Google};
use relay::secret::Secret;
use reqwest::Url;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// `POST /path?query`.
    pub(crate) line: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub(crate) fn form(&self) -> HashMap<String, String> {
        pairs(&format!("http://form/?{}", self.body))
    }
}

#[derive(Default)]
struct Script {
    answers: VecDeque<Response>,
    seen: Vec<Seen>,
}

/// It stops when dropped.
pub(crate) struct Provider {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    task: JoinHandle<()>,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let script = Arc::<Mutex<Script>>::default();
        let app = Router::new().fallback(answer).with_state(Arc::clone(&script));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, script, task }
    }

    /// Answers the next request so.
    pub(crate) fn then(&self, status: u16, headers: &[(&str, &str)], body: &str) -> &Self {
        let response = headers.iter().fold(Response::builder().status(status), |response, (name, value)| {
            response.header(*name, *value)
        });
        let response = response.body(Body::from(body.to_owned())).unwrap();
        self.script.lock().unwrap().answers.push_back(response);
        self
    }

    pub(crate) fn then_json(&self, status: u16, body: &str) -> &Self {
        self.then(status, &[("content-type", "application/json")], body)
    }

    /// Everything that it was asked.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.script.lock().unwrap().seen.clone()
    }

    /// The only request.
    pub(crate) fn only(&self) -> Seen {
        let [seen] = self.seen().try_into().expect("one request");
        seen
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Claude's addresses, all of them here.
    pub(crate) fn claude(&self) -> Anthropic {
        let url = self.url();
        config(&[
            ("SWITCHYARD_ANTHROPIC_TOKEN_URL", &format!("{url}/v1/oauth/token")),
            ("SWITCHYARD_ANTHROPIC_API_URL", &url),
        ])
        .anthropic
    }

    /// Google's addresses, all of them here.
    pub(crate) fn google(&self) -> Google {
        let url = self.url();
        config(&[
            ("SWITCHYARD_GOOGLE_TOKEN_URL", &format!("{url}/token")),
            ("SWITCHYARD_GOOGLE_USERINFO_URL", &format!("{url}/userinfo")),
            ("SWITCHYARD_GOOGLE_CODE_ASSIST_URL", &url),
            ("SWITCHYARD_GOOGLE_CLIENT_SECRET", CLIENT_SECRET),
        ])
        .google
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) const CLIENT_SECRET: &str = "made-up-for-tests";

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let headers = parts.headers.iter();
    let seen = Seen {
        line: format!("{} {}", parts.method, parts.uri),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let mut script = script.lock().unwrap();
    script.seen.push(seen);
    script.answers.pop_front().expect("an answer in the queue")
}

pub(crate) fn config(values: &[(&str, &str)]) -> Config {
    Config::from_values(values).unwrap()
}

/// As those of accounts without a proxy.
pub(crate) fn client() -> reqwest::Client {
    builder().no_proxy().build().unwrap()
}

pub(crate) fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none())
}

pub(crate) fn secret(text: &str) -> Secret {
    Secret::new(text)
}

/// What stands in an address's query.
pub(crate) fn pairs(url: &str) -> HashMap<String, String> {
    Url::parse(url).unwrap().query_pairs().into_owned().collect()
}
