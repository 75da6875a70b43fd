//! The road of Google's clients, in both dialects, on both kinds of Google's accounts.

mod assist;
mod error;
mod identity;
mod meter;
mod own;
mod sandbox;
mod stream;
mod wrapped;

use relay::admin::account::{self, Given};
use relay::model::account::AccountKind;
use relay::model::id::AccountId;
use relay::model::identity::Identity;
use relay::provider::credential::Tokens;
use relay::secret::Secret;
use serde_json::Value;
use upstream::{Behaviour, GoogleAccount};

use crate::support::{NOW_MS, TestRelay, new_account};

pub(crate) const MODEL: &str = "gemini-2.5-pro";

/// A body in the client's own spelling: none of it may change on its way.
pub(crate) const BODY: &str = r#" {"contents" : [{"role":"user","parts":[{"text":"h\u0065llo 1.50e+2"}]}],
  "generationConfig":{"temperature":1.0000000000000000001,"z":[ ]}}"#;

impl TestRelay {
    /// Adds an account that is an API key of Google's, known to the fake provider.
    pub(crate) async fn google_key(&self, secret: &str) -> AccountId {
        self.google_key_with(secret, 50).await
    }

    /// The same with a priority.
    pub(crate) async fn google_key_with(&self, secret: &str, priority: u8) -> AccountId {
        self.upstream.script(secret, Behaviour::ok());
        let new = new_account(&format!("account {secret}"), AccountKind::GeminiApiKey, "", priority);
        let made = account::create(&self.shared, &self.admin, new, Some(Secret::new(secret))).await;
        made.expect("an account").id
    }

    /// Adds an account of somebody who signed in to Google.
    pub(crate) async fn google_person(&self, person: GoogleAccount) -> AccountId {
        let (name, project) = (person.name.clone(), person.project.clone());
        self.upstream.google_account(person);
        let issued = self.upstream.issue(&name).expect("tokens");
        let access = Secret::new(issued["access_token"].as_str().expect("a token"));
        let tokens = Tokens {
            bearer: Tokens::bearer(&access).expect("it fits a header"),
            access,
            refresh: issued["refresh_token"].as_str().map(Secret::new),
            ends_ms: Some(NOW_MS + 3_599_000),
            issued_ms: NOW_MS,
            version: 1,
        };
        let identity = Identity { project, ..Identity::default() };
        let given = Given { tokens: Some((tokens, identity)), ..Given::default() };
        let new = new_account(&name, AccountKind::GeminiOauth, "", 50);
        account::create(&self.shared, &self.admin, new, given).await.expect("an account").id
    }

    /// What a client of Google's posts.
    pub(crate) async fn google(&self, path: &str, body: &str) -> reqwest::Response {
        let request = self.client.post(self.url(path)).header("x-goog-api-key", &self.key);
        let request = request.header("content-type", "application/json").body(body.to_owned());
        request.send().await.expect("an answer")
    }

    /// The same with a model and a verb, perhaps with a query.
    pub(crate) async fn gemini(&self, verb: &str) -> reqwest::Response {
        self.google(&format!("/gemini/v1beta/models/{MODEL}:{verb}"), BODY).await
    }

    /// What a client of Google's gets.
    pub(crate) async fn google_get(&self, path: &str) -> (u16, Value) {
        let answer = self.client.get(self.url(path)).header("x-goog-api-key", &self.key).send().await;
        let answer = answer.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }
}

/// The chunks of a stream of events.
pub(crate) fn events(text: &str) -> Vec<Value> {
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).expect("JSON")).collect()
}

/// All visible text of an answer's chunks.
pub(crate) fn said(chunks: &[Value]) -> String {
    let parts = chunks.iter().filter_map(|chunk| chunk["candidates"][0]["content"]["parts"].as_array());
    let parts = parts.flatten().filter(|part| part["thought"] != true);
    parts.filter_map(|part| part["text"].as_str()).collect()
}
