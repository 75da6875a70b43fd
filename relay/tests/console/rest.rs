//! What scripts use under `/admin`, as a script written for the original would: against a fake provider.

mod change;
mod claude;
mod door;
mod figure;
mod gemini;
mod group;
mod key;
mod keyed;

use axum::body::Body;
use http::StatusCode;
use serde_json::{Value, json};
use upstream::{Options, Upstream};

use crate::house::{House, PASSWORD, Reply, bearer};

/// A script that has signed in, and the provider that its Switchyard knows.
pub(crate) struct Script {
    pub(crate) house: House,
    pub(crate) provider: Upstream,
    token: String,
    /// Everything that was ever answered, to look for what must not be in it.
    seen: std::cell::RefCell<String>,
}

impl Script {
    pub(crate) async fn start() -> Self {
        let provider = Upstream::start(Options::new()).await.unwrap();
        let at = |path: &str| format!("{}{path}", provider.url());
        let house = House::with(&[
            ("SWITCHYARD_ANTHROPIC_AUTHORIZE_URL", &at("/oauth/authorize")),
            ("SWITCHYARD_ANTHROPIC_TOKEN_URL", &at("/v1/oauth/token")),
            ("SWITCHYARD_ANTHROPIC_API_URL", &at("")),
            ("SWITCHYARD_GOOGLE_AUTHORIZE_URL", &at("/o/oauth2/v2/auth")),
            ("SWITCHYARD_GOOGLE_TOKEN_URL", &at("/token")),
            ("SWITCHYARD_GOOGLE_USERINFO_URL", &at("/oauth2/v2/userinfo")),
            ("SWITCHYARD_GOOGLE_API_URL", &at("")),
            ("SWITCHYARD_GOOGLE_CODE_ASSIST_URL", &at("")),
            ("SWITCHYARD_GOOGLE_CLIENT_SECRET", upstream::GOOGLE_CLIENT_SECRET),
        ])
        .await;
        house.create_admin("admin", PASSWORD).await;
        let token = house.token().await;
        Self { house, provider, token, seen: std::cell::RefCell::default() }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.send_as(&self.token, method, path, body).await
    }

    pub(crate) async fn send_as(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        let reply = self.house.send(bearer(method, &format!("/admin/{path}"), token, body)).await;
        self.seen.borrow_mut().push_str(&reply.text);
        reply
    }

    /// The data of a reply that worked.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        data(&self.send("POST", path, Some(body)).await)
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        data(&self.send("GET", path, None).await)
    }

    /// Signs in as the person whom the provider lets in, and gives the ticket in the place of tokens.
    pub(crate) async fn claude_ticket(&self) -> Value {
        let begun = self.post("claude-accounts/generate-auth-url", json!({})).await;
        let shown = self.provider.authorize(begun["authUrl"].as_str().unwrap()).unwrap().shown;
        let exchange = json!({ "sessionId": begun["sessionId"], "authorizationCode": shown });
        self.post("claude-accounts/exchange-code", exchange).await["claudeAiOauth"].clone()
    }

    pub(crate) async fn claude_account(&self, name: &str) -> Value {
        let ticket = self.claude_ticket().await;
        self.post("claude-accounts", json!({ "name": name, "claudeAiOauth": ticket })).await
    }

    /// No token of any provider and no secret of ours was ever answered.
    pub(crate) fn assert_nothing_leaked(&self, more: &[&str]) {
        let seen = self.seen.borrow();
        for secret in ["sk-ant-oat", "sk-ant-ort", "ya29.", "1//"].iter().chain(more) {
            assert!(!seen.contains(secret), "{secret} in {seen}");
        }
    }
}

pub(crate) fn data(reply: &Reply) -> Value {
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    let json = reply.json();
    assert_eq!(json["success"], true, "{json}");
    json["data"].clone()
}

/// Asserts a refusal in the original's shape; gives its message.
pub(crate) fn refused(reply: &Reply, status: StatusCode, error: &str) -> String {
    let json = reply.json();
    assert_eq!((reply.status, json["error"].as_str()), (status, Some(error)), "{json}");
    json["message"].as_str().unwrap().to_owned()
}

pub(crate) fn empty() -> Body {
    Body::empty()
}
