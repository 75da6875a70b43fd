//! What texts of strangers do to books and logs, where secrets show, and whose account serves whom (hard cases 43 to
//! 45).

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use relay::admin::{account, key};
use relay::model::account::AccountKind;
use relay::model::id::AccountId;
use relay::model::key::{Binding, NewKey};
use relay::model::outcome::Outcome;
use relay::secret::Secret;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;
use upstream::Behaviour;

use crate::raw::send;
use crate::support::{ENCRYPTION_KEY, TestRelay, message, new_account};

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Takes down every line of this test's thread, the most talkative level included.
    pub(crate) fn start() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
        let guard = tracing::subscriber::set_default(lines.with_writer(log.clone()).finish());
        (log, guard)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Every file under a folder, in one text.
fn files(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &files(&path);
        } else {
            text += &String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default());
        }
    }
    text
}

#[tokio::test]
async fn marks_for_terminals_and_logs_stay_out_of_them() {
    let (log, _guard) = Log::start();
    let relay = TestRelay::start().await;
    let nasty = "\u{1b}[31m\r\n<script>\u{7}\u{9b}1m\0";
    let failure = Behaviour::status(400).message(nasty).error_type(nasty);
    relay.upstream.script("sk-a", failure.times(1).then(Behaviour::overloaded().message(nasty)));

    let mut asked = message(false);
    asked["model"] = json!(format!("claude{nasty}"));
    for status in [400, 529] {
        let request = relay.post("/api/v1/messages").header("user-agent", "x\u{9}y").body(asked.to_string());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["message"], nasty, "what the provider says passes as it is");
    }
    relay.upstream.script("sk-a", Behaviour::ok());
    assert_eq!(relay.post("/api/v1/messages").body(asked.to_string()).send().await.unwrap().status(), 200);

    for record in relay.records().await {
        let texts =
            [Some(record.asked), record.model, record.cause].into_iter().flatten().collect::<String>();
        assert!(texts.contains("<script>") && !texts.contains(char::is_control), "{texts:?}");
    }
    let seen = log.text();
    assert!(seen.lines().count() > 1);
    assert!(!seen.replace('\n', "").contains(char::is_control), "{seen:?}");
    assert_eq!(relay.upstream.books().last().unwrap().header("user-agent"), None);
}

#[tokio::test]
async fn bytes_in_a_user_agent_pass_as_they_are() {
    let relay = TestRelay::start().await;
    let body = message(false).to_string();
    let head = format!(
        "POST /api/v1/messages HTTP/1.1\r\nhost: relay\r\nconnection: close\r\nx-api-key: {}\r\ncontent-length: {}\r\nuser-agent: ",
        relay.key,
        body.len()
    );

    let answer =
        send(&relay, &[head.as_bytes(), b"\xff\xfe<b>\xe4;\r\n\r\n", body.as_bytes()].concat()).await;

    assert_eq!(answer.status(), 200);
    let seen = relay.upstream.books().last().unwrap().header("user-agent").unwrap().to_owned();
    assert!(seen.contains("<b>") && !seen.contains('ÿ'), "{seen}");
}

#[tokio::test]
async fn no_secret_shows_in_logs_answers_books_or_files() {
    let (log, _guard) = Log::start();
    let relay = TestRelay::empty(&[]).await;
    let secret = "sk-ant-api03-a-secret-that-must-not-show";
    for (priority, secret) in [(10, secret), (20, "sk-ant-api03-another-secret-of-ours")] {
        let kind = AccountKind::ClaudeApiKey;
        let new = new_account(&format!("the {priority}th"), kind, "", priority);
        account::create(&relay.shared, &relay.admin, new, Some(Secret::new(secret))).await.unwrap();
        relay.upstream.script(secret, Behaviour::ok());
    }
    let mut answers = String::new();

    for behaviour in [
        Behaviour::ok(),
        Behaviour::unauthorized().message("invalid x-api-key"),
        Behaviour::rate_limited(60),
        Behaviour::ok().cut_before_head(),
        Behaviour::ok().error_after(6, "overloaded_error"),
        Behaviour::ok().cut_after(6),
    ] {
        relay.upstream.script(secret, behaviour);
        for row in account::list(&relay.shared, &relay.admin).await.unwrap() {
            answers += &format!("{row:?} {}", serde_json::to_string(&row).unwrap());
            account::resume(&relay.shared, &relay.admin, &row.id).await.unwrap();
        }
        let answer = relay.message(true).await;
        answers += &format!("{:?}", answer.headers());
        answers += &answer.text().await.unwrap();
    }
    let wrong = relay.key.replace(['1', '2', '3'], "0");
    for key in [&wrong, "sk-ant-oat01-the-client-s-own"] {
        let request = relay.client.post(relay.url("/api/v1/messages?key=cr_in_the_query")).bearer_auth(key);
        answers += &request.body("{}").send().await.unwrap().text().await.unwrap();
    }
    answers += &relay.usage().await.to_string();
    let models = relay.client.get(relay.url("/api/v1/models")).header("x-api-key", &relay.key).send().await;
    answers += &models.unwrap().text().await.unwrap();
    answers +=
        &format!("{:?} {:?}", relay.records().await, key::list(&relay.shared, &relay.admin).await.unwrap());

    let on_disk = files(relay.folder());
    assert!(on_disk.contains("claude-sonnet-4-5"), "the books are there to be searched");
    let logged = log.text();
    assert!(logged.contains("account is parked") && logged.contains("call refused"));
    let secrets = [
        secret,
        "another-secret-of-ours",
        &relay.key,
        &wrong,
        ENCRYPTION_KEY,
        "the-client-s-own",
        "cr_in_the_query",
    ];
    for (place, text) in [("log", logged), ("answer", answers), ("file", on_disk)] {
        for secret in secrets {
            let line = text.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret} in a {place}");
        }
    }
}

async fn bound_key(relay: &TestRelay, account: &AccountId) -> String {
    let new = NewKey::new(format!("key of {account:?}")).bound(Binding::Account(account.clone()));
    key::create(&relay.shared, &relay.admin, new).await.unwrap().key
}

async fn ask(relay: &TestRelay, key: &str) -> reqwest::Response {
    let request = relay.client.post(relay.url("/api/v1/messages")).header("x-api-key", key);
    request.body(message(false).to_string()).send().await.unwrap()
}

#[tokio::test]
async fn a_sandbox_serves_no_key_that_is_not_bound_to_it() {
    let relay = TestRelay::empty(&[]).await;
    let kind = AccountKind::Sandbox;
    let new = new_account("sandbox", kind, "", 1);
    let sandbox = account::create(&relay.shared, &relay.admin, new, None).await.unwrap().id;
    let bound = bound_key(&relay, &sandbox).await;

    assert_eq!(ask(&relay, &relay.key).await.status(), 503);
    let models = relay.client.get(relay.url("/api/v1/models")).header("x-api-key", &relay.key).send().await;
    assert_eq!(models.unwrap().status(), 503);
    let answer = ask(&relay, &bound).await;

    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["request-id"].to_str().unwrap().starts_with("req_sandbox"));
    assert!(answer.json::<Value>().await.unwrap()["usage"]["output_tokens"].as_u64().unwrap() > 0);
    let records = relay.records().await;
    let seen: Vec<_> = records.iter().map(|it| (it.outcome, it.sandbox, it.cost)).collect();
    assert_eq!(seen, [(Outcome::Rejected, false, None), (Outcome::Ok, true, None)]);
    // Real trouble is not covered up either.
    relay.account("sk-a").await;
    relay.upstream.script("sk-a", Behaviour::overloaded());
    assert_eq!(ask(&relay, &relay.key).await.status(), 529);
}

#[tokio::test]
async fn a_bound_key_uses_its_account_and_no_other() {
    let relay = TestRelay::empty(&[]).await;
    let first = relay.account_with("sk-a", 10).await;
    relay.account_with("sk-b", 1).await;
    let bound = bound_key(&relay, &first).await;

    assert_eq!(ask(&relay, &bound).await.status(), 200);
    relay.upstream.script("sk-a", Behaviour::overloaded());
    // Tried once more after a pause, and nowhere else.
    assert_eq!(ask(&relay, &bound).await.status(), 529);
    account::pause(&relay.shared, &relay.admin, &first).await.unwrap();
    assert_eq!(ask(&relay, &bound).await.status(), 503);
    assert_eq!(ask(&relay, &relay.key).await.status(), 200);

    let books = relay.upstream.books();
    let tokens: Vec<_> = books.exchanges.iter().map(|exchange| exchange.token.as_deref().unwrap()).collect();
    assert_eq!(tokens, ["sk-a", "sk-a", "sk-a", "sk-b"]);
}
