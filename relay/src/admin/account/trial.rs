//! The test of an account: a real one-token message, with what each step took.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;

use crate::model::account::{TestResult, TestStage, TestStep};
use crate::pipeline::models;
use crate::pipeline::send::{Asked, claude};
use crate::provider::anthropic::verdict;
use crate::provider::reply::{Reply, SendError};
use crate::provider::sandbox::{self, SandboxPath, SandboxRequest};
use crate::schedule::pool::Account;
use crate::state::Shared;

const PATIENCE: Duration = Duration::from_secs(30);
const LONGEST_REPLY: usize = 64 << 10;

/// Runs the steps until one fails. It is no client's call: it is in no key's books.
pub(super) async fn run(shared: &Shared, account: &Account) -> Vec<TestStep> {
    let begun = Instant::now();
    let (connect, credential, answer) = match send(shared, account).await {
        Err(SendError::Broken(cause) | SendError::Connect(cause)) => {
            (failed(begun, cause), TestResult::NotRun, TestResult::NotRun)
        }
        Err(error @ SendError::Silent(_)) => {
            (failed(begun, error.to_string()), TestResult::NotRun, TestResult::NotRun)
        }
        Ok(reply) => {
            let connect = passed_in(begun);
            let (credential, answer) = judge(begun, reply, shared.clock.now_ms()).await;
            (connect, credential, answer)
        }
    };
    vec![
        TestStep { step: TestStage::Connect, result: connect },
        TestStep { step: TestStage::Credential, result: credential },
        TestStep { step: TestStage::Answer, result: answer },
    ]
}

/// Whether all steps passed.
pub(super) fn passed(steps: &[TestStep]) -> bool {
    steps.iter().all(|step| matches!(step.result, TestResult::Passed { .. }))
}

async fn judge(begun: Instant, mut reply: Reply, now_ms: i64) -> (TestResult, TestResult) {
    let mut body = Vec::new();
    while body.len() < LONGEST_REPLY {
        match tokio::time::timeout(PATIENCE, reply.body.frame()).await {
            Ok(Some(Ok(frame))) => body.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
            Ok(None) => break,
            Ok(Some(Err(cut))) => return (passed_in(begun), failed(begun, cut.to_string())),
            Err(_) => return (passed_in(begun), failed(begun, "the answer did not end".to_owned())),
        }
    }
    if reply.status.is_success() {
        return (passed_in(begun), passed_in(begun));
    }
    let cause = verdict::judge(reply.status, &reply.headers, &body, now_ms).cause;
    let refused = matches!(
        reply.status,
        StatusCode::UNAUTHORIZED | StatusCode::PAYMENT_REQUIRED | StatusCode::FORBIDDEN
    );
    if refused {
        (failed(begun, cause), TestResult::NotRun)
    } else {
        (passed_in(begun), failed(begun, cause))
    }
}

async fn send(shared: &Shared, account: &Account) -> Result<Reply, SendError> {
    let model = models::smallest(shared, account).await?;
    let message = serde_json::json!({
        "model": model,
        "max_tokens": 1,
        "messages": [{"role": "user", "content": "."}],
    });
    let body = Bytes::from(message.to_string());
    if account.is_sandbox() {
        let request =
            SandboxRequest { path: SandboxPath::Messages, body: &body, now_ms: shared.clock.now_ms() };
        return Ok(sandbox::answer(&request).into());
    }
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let asked = Asked {
        method: Method::POST,
        path: "/v1/messages",
        query: None,
        headers: &headers,
        stream: true,
        body,
    };
    claude(shared, account, asked, PATIENCE).await
}

fn passed_in(begun: Instant) -> TestResult {
    TestResult::Passed { took_ms: took(begun) }
}

fn failed(begun: Instant, cause: String) -> TestResult {
    TestResult::Failed { took_ms: took(begun), cause }
}

fn took(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
