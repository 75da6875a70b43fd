//! The test of an account: a real one-token message, with what each step took. The steps before it are real, too: a
//! connection to the proxy by itself, then one to the provider.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use tokio::net::TcpStream;

use crate::model::account::{Service, TestResult, TestStage, TestStep};
use crate::pipeline::judge::judge;
use crate::pipeline::models;
use crate::pipeline::send::{Asked, claude, gemini};
use crate::provider::proxy::Proxy;
use crate::provider::reply::{Reply, SendError};
use crate::provider::sandbox::{self, SandboxPath, SandboxRequest};
use crate::provider::transport;
use crate::schedule::account::Account;
use crate::state::Shared;
use crate::token;

const PATIENCE: Duration = Duration::from_secs(30);
/// For a connection alone.
const CONNECT: Duration = Duration::from_secs(10);
const LONGEST_REPLY: usize = 64 << 10;

/// Steps on their way: after the first failure none is run.
struct Steps {
    done: Vec<TestStep>,
    failed: bool,
}

impl Steps {
    fn new() -> Self {
        Self { done: Vec::new(), failed: false }
    }

    /// Runs a step, unless an earlier one failed. Its value, if it passed.
    async fn run<T>(&mut self, step: TestStage, work: impl Future<Output = Result<T, String>>) -> Option<T> {
        if self.failed {
            self.done.push(TestStep { step, result: TestResult::NotRun });
            return None;
        }
        let begun = Instant::now();
        let result = work.await;
        let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (result, value) = match result {
            Ok(value) => (TestResult::Passed { took_ms }, Some(value)),
            Err(cause) => (TestResult::Failed { took_ms, cause }, None),
        };
        self.failed = value.is_none();
        self.done.push(TestStep { step, result });
        value
    }
}

/// Runs the steps until one fails. It is no client's call: it is in no key's books.
pub(super) async fn run(shared: &Shared, account: &Arc<Account>) -> Vec<TestStep> {
    let mut steps = Steps::new();
    if account.is_sandbox() {
        steps.run(TestStage::Connect, async { Ok(()) }).await;
    } else {
        reach(shared, account.proxy.as_deref(), &account.base_url, &mut steps).await;
    }
    let reply = steps.run(TestStage::Credential, credential(shared, account)).await;
    steps.run(TestStage::Answer, answer(account, reply, shared.clock.now_ms())).await;
    steps.done
}

/// Tries a proxy alone: the way to it, and through it to a provider.
pub(super) async fn proxy(shared: &Shared, proxy: &Proxy, base_url: &str) -> Vec<TestStep> {
    let mut steps = Steps::new();
    reach(shared, Some(proxy), base_url, &mut steps).await;
    steps.done
}

/// Whether all steps passed.
pub(super) fn passed(steps: &[TestStep]) -> bool {
    steps.iter().all(|step| matches!(step.result, TestResult::Passed { .. }))
}

async fn reach(shared: &Shared, proxy: Option<&Proxy>, base_url: &str, steps: &mut Steps) {
    if let Some(proxy) = proxy {
        steps.run(TestStage::Proxy, to_proxy(proxy)).await;
    }
    steps.run(TestStage::Connect, to_provider(shared, proxy, base_url)).await;
}

async fn to_proxy(proxy: &Proxy) -> Result<(), String> {
    let (host, port) = (proxy.address.host.as_str(), proxy.address.port);
    match tokio::time::timeout(CONNECT, TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(format!("the proxy {proxy} cannot be reached: {error}")),
        Err(_) => Err(format!("the proxy {proxy} did not answer within {} s", CONNECT.as_secs())),
    }
}

/// Any answer will do: what is tested is the way.
async fn to_provider(shared: &Shared, proxy: Option<&Proxy>, base_url: &str) -> Result<(), String> {
    let lane = shared.outbound.lease(proxy)?;
    let request = lane.client().head(base_url).timeout(PATIENCE).send().await;
    match request {
        Ok(answer) if answer.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            let cause = transport::Cause::proxy_password();
            Err(proxy.map_or_else(
                || cause.to_string(),
                |proxy| cause.clone().behind(&proxy.to_string()).to_string(),
            ))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(transport::text(&error, proxy)),
    }
}

/// The provider takes the credential, or at least does not refuse it.
async fn credential(shared: &Shared, account: &Arc<Account>) -> Result<Reply, String> {
    token::ready(shared, account).await.map_err(|stale| stale.to_string())?;
    let mut reply = send(shared, account).await.map_err(|error| error.to_string())?;
    let refused = matches!(
        reply.status,
        StatusCode::UNAUTHORIZED | StatusCode::PAYMENT_REQUIRED | StatusCode::FORBIDDEN
    );
    if !refused {
        return Ok(reply);
    }
    let body = read(&mut reply).await.unwrap_or_default();
    Err(cause(account, &reply, &body, shared.clock.now_ms()))
}

async fn answer(account: &Account, reply: Option<Reply>, now_ms: i64) -> Result<(), String> {
    let Some(mut reply) = reply else { return Err("there is no answer".to_owned()) };
    let body = read(&mut reply).await?;
    if reply.status.is_success() {
        return Ok(());
    }
    Err(cause(account, &reply, &body, now_ms))
}

/// The provider's words.
fn cause(account: &Account, reply: &Reply, body: &[u8], now_ms: i64) -> String {
    judge(account.kind.own_service(), reply.status, &reply.headers, body, now_ms).cause
}

async fn read(reply: &mut Reply) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while body.len() < LONGEST_REPLY {
        match tokio::time::timeout(PATIENCE, reply.body.frame()).await {
            Ok(Some(Ok(frame))) => body.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
            Ok(None) => break,
            Ok(Some(Err(cut))) => return Err(cut.to_string()),
            Err(_) => return Err("the answer did not end".to_owned()),
        }
    }
    Ok(body)
}

async fn send(shared: &Shared, account: &Arc<Account>) -> Result<Reply, SendError> {
    let model = models::smallest(shared, account).await?;
    if account.kind.own_service() == Service::Gemini {
        return gemini::ping(shared, account, &model, PATIENCE).await;
    }
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
