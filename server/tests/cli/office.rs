//! A Switchyard that serves calls, to ask for figures.

use serde_json::{Value, json};

use crate::home::{Home, Server};
use crate::provider::Provider;

/// A Switchyard with an account at the provider and two keys.
pub(crate) struct Office {
    pub(crate) home: Home,
    pub(crate) server: Server,
    pub(crate) keys: [String; 2],
    pub(crate) provider: Provider,
}

impl Office {
    pub(crate) fn open() -> Self {
        let provider = Provider::start();
        let home = provider.home();
        home.run_with("accounts add --kind claude-api-key --name team --secret-stdin", "sk-ant-api03-good\n")
            .ok();
        let key = |name: &str| {
            let made = home.run(&format!("keys create --name {name} --json")).json();
            made["key"].as_str().expect("a key").to_owned()
        };
        let keys = [key("laptop"), key("desktop")];
        let server = home.serve("serve");
        Self { home, server, keys, provider }
    }

    pub(crate) fn call(&self, key: usize, model: &str) {
        let head = format!("POST /api/v1/messages HTTP/1.1\r\nx-api-key: {}", self.keys[key]);
        let body = json!({
            "model": model, "max_tokens": 20, "messages": [{ "role": "user", "content": "hi" }]
        });
        let answer = self.server.request(&head, &body.to_string());
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    pub(crate) fn ask(&self, line: &str) -> Value {
        self.home.run(&format!("{line} --json")).json()
    }
}
