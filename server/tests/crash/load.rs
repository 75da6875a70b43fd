//! Clients of every sort, at once, until the server is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Response;
use serde_json::json;
use tokio::task::JoinSet;

use crate::binary::Server;

const CLIENTS: u64 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sort {
    Stream,
    Json,
    Gzip,
    /// Leaves in the middle of a stream.
    Leaver,
}

/// A call as its client saw it.
#[derive(Debug)]
pub(crate) struct Call {
    /// The model it asked for, which no other call did.
    pub(crate) model: String,
    pub(crate) sort: Sort,
    /// Bytes of its body.
    pub(crate) length: usize,
    /// `x-switchyard-request-id`, if an answer began.
    pub(crate) id: Option<String>,
    /// The answer came to its very end.
    pub(crate) is_whole: bool,
}

/// Numbers calls over all runs.
#[derive(Clone, Default)]
pub(crate) struct Numbers(Arc<AtomicU32>);

/// Clients at work.
pub(crate) struct Load(JoinSet<Vec<Call>>);

impl Load {
    pub(crate) fn start(server: &Server, key: &str, numbers: &Numbers, seed: u64) -> Self {
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let http = server.http.clone();
            let (url, key) = (format!("{}/api/v1/messages", server.url), key.to_owned());
            let (numbers, rng) = (numbers.clone(), StdRng::seed_from_u64(seed * CLIENTS + client));
            clients.spawn(run(http, url, key, numbers, rng));
        }
        Self(clients)
    }

    /// All calls, once the server is gone.
    pub(crate) async fn end(self) -> Vec<Call> {
        self.0.join_all().await.into_iter().flatten().collect()
    }
}

async fn run(
    http: reqwest::Client,
    url: String,
    key: String,
    numbers: Numbers,
    mut rng: StdRng,
) -> Vec<Call> {
    let mut calls = Vec::new();
    loop {
        let sort = match rng.random_range(0..10) {
            0..4 => Sort::Stream,
            4..7 => Sort::Json,
            7..9 => Sort::Gzip,
            _ => Sort::Leaver,
        };
        let model = format!("claude-sonnet-4-5-n{:06}", numbers.0.fetch_add(1, Ordering::Relaxed));
        let text = "x".repeat(rng.random_range(1..4_000));
        let is_stream = matches!(sort, Sort::Stream | Sort::Leaver);
        let messages = json!([{"role": "user", "content": text}]);
        let body =
            json!({"model": model, "max_tokens": 9, "stream": is_stream, "messages": messages}).to_string();
        let mut call = Call { model, sort, length: body.len(), id: None, is_whole: false };
        let mut request =
            http.post(&url).header("x-api-key", &key).header("content-type", "application/json");
        if sort == Sort::Gzip {
            request = request.header("accept-encoding", "gzip");
        }
        let answer = request.body(body).send().await;
        let Ok(answer) = answer else {
            calls.push(call);
            return calls;
        };
        call.id =
            answer.headers().get("x-switchyard-request-id").map(|id| id.to_str().expect("an id").to_owned());
        call.is_whole = read(answer, sort).await;
        calls.push(call);
    }
}

/// Reads an answer; true if it came to its very end.
async fn read(mut answer: Response, sort: Sort) -> bool {
    let is_good = answer.status() == 200;
    let is_limited = answer.status() == 429;
    assert!(is_good || is_limited || answer.status().is_server_error(), "{answer:?}");
    match sort {
        Sort::Leaver => {
            let _ = answer.chunk().await;
            false
        }
        Sort::Stream => {
            let mut bytes = Vec::new();
            while let Ok(Some(chunk)) = answer.chunk().await {
                bytes.extend_from_slice(&chunk);
            }
            is_good && bytes.ends_with(b"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
        }
        Sort::Json | Sort::Gzip => {
            if is_good && sort == Sort::Gzip {
                assert_eq!(answer.headers()["content-encoding"], "gzip");
            }
            answer.bytes().await.is_ok() && is_good
        }
    }
}
