//! Clients of Code Assist, such as Gemini CLI with a token: whichever account serves, its own project is named.

use relay::model::outcome::Outcome;
use relay::model::usage::Tokens;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use upstream::{Behaviour, Endpoint, GoogleAccount, Usage};

use super::{MODEL, events};
use crate::support::TestRelay;

/// A body as the CLI writes it, for a project.
fn body(project: &str) -> String {
    format!(
        r#"{{"model":"{MODEL}", "project" :"{project}","user_prompt_id":"p########0","request":{{"contents":[{{"role":"user","parts":[{{"text":"1.50e+2"}}]}}],"session_id":"s-1"}}}}"#
    )
}

async fn person(relay: &TestRelay, name: &str, project: &str) {
    let project = Some(project.to_owned());
    relay.google_person(GoogleAccount { project, ..GoogleAccount::new(name) }).await;
}

async fn assist(relay: &TestRelay, method: &str, body: &str) -> reqwest::Response {
    let request =
        relay.client.post(relay.url(&format!("/gemini/v1internal:{method}"))).bearer_auth(&relay.key);
    request.header("content-type", "application/json").body(body.to_owned()).send().await.unwrap()
}

#[rstest]
#[case("generateContent")]
#[case("streamGenerateContent?alt=sse")]
#[tokio::test]
async fn only_the_project_changes_on_the_way(#[case] method: &str) {
    let relay = TestRelay::empty(&[]).await;
    person(&relay, "alice", "silken-oven-1").await;

    let answer = assist(&relay, method, &body("switchyard")).await;

    assert_eq!(answer.status(), 200);
    let books = relay.upstream.books();
    let exchange = books.at(Endpoint::AssistGenerate).next().expect("a call");
    assert_eq!(exchange.target, format!("/v1internal:{method}"));
    assert_eq!(exchange.body_sha256, Some(hex::encode(Sha256::digest(body("silken-oven-1")))));
}

#[tokio::test]
async fn the_answer_stays_in_its_wrapper_and_is_metered() {
    let relay = TestRelay::empty(&[]).await;
    person(&relay, "alice", "silken-oven-1").await;
    relay.upstream.script("alice", Behaviour::ok().usage(Usage::new(40, 30)).thoughts(10).events(3));

    let text = assist(&relay, "streamGenerateContent?alt=sse", &body("x")).await.text().await.unwrap();
    let whole: Value = assist(&relay, "generateContent", &body("x")).await.json().await.unwrap();

    assert!(events(&text).iter().chain([&whole]).all(|chunk| chunk["response"]["candidates"].is_array()));
    for record in relay.records().await {
        assert_eq!((record.outcome, record.asked.as_str()), (Outcome::Ok, MODEL));
        assert_eq!(record.usage.tokens, Tokens { input: 40, output: 30, ..Tokens::default() });
    }
}

#[tokio::test]
async fn another_account_takes_over_with_its_own_project() {
    let relay = TestRelay::empty(&[]).await;
    person(&relay, "alice", "silken-oven-1").await;
    person(&relay, "bob", "copper-kiln-2").await;
    relay.upstream.script("alice", Behaviour::assist_exhausted(std::time::Duration::from_secs(3600)));
    relay.upstream.script(
        "bob",
        Behaviour::assist_exhausted(std::time::Duration::from_secs(60)).times(1).then(Behaviour::ok()),
    );

    let limited = assist(&relay, "generateContent", &body("switchyard")).await;

    assert_eq!(limited.status(), 429);
    let books = relay.upstream.books();
    let mut projects: Vec<_> = books.messages().map(|message| message.project.clone().unwrap()).collect();
    projects.sort();
    assert_eq!(projects, ["copper-kiln-2", "silken-oven-1"]);
    assert!(books.messages().all(|message| message.refused.is_none()));
}

#[tokio::test]
async fn a_conversation_stays_with_the_account_that_has_its_context() {
    let relay = TestRelay::empty(&[]).await;
    for (name, project) in [("alice", "silken-oven-1"), ("bob", "copper-kiln-2"), ("carol", "amber-mill-3")] {
        person(&relay, name, project).await;
    }

    for session in ["s-1", "s-2", "s-3", "s-4"] {
        let body = body("switchyard").replace("s-1", session);
        for _ in 0..4 {
            assert_eq!(assist(&relay, "generateContent", &body).await.status(), 200);
        }
    }

    let books = relay.upstream.books();
    let served: Vec<_> = books.messages().map(|message| message.account.clone().unwrap()).collect();
    assert_eq!(served.len(), 16);
    assert!(served.chunks(4).all(|one| one.iter().all(|account| *account == one[0])), "{served:?}");
}

#[tokio::test]
async fn the_relay_itself_says_how_the_client_stands() {
    let relay = TestRelay::empty(&[]).await;
    person(&relay, "alice", "silken-oven-1").await;

    let loaded: Value = assist(&relay, "loadCodeAssist", "{}").await.json().await.unwrap();
    let onboarded: Value = assist(&relay, "onboardUser", "{}").await.json().await.unwrap();
    let quota: Value =
        assist(&relay, "retrieveUserQuota", r#"{"project":"switchyard"}"#).await.json().await.unwrap();
    for housekeeping in ["listExperiments", "fetchAdminControls", "recordCodeAssistMetrics"] {
        let answer: Value = assist(&relay, housekeeping, "{}").await.json().await.unwrap();
        assert_eq!(answer, json!({}), "{housekeeping}");
    }
    let (_, operation) = relay.google_get("/gemini/v1internal/operations/switchyard").await;

    assert_eq!(loaded["currentTier"]["id"], "standard-tier");
    assert_eq!(loaded["cloudaicompanionProject"], "switchyard");
    assert_eq!(onboarded["response"]["cloudaicompanionProject"]["id"], "switchyard");
    assert_eq!((onboarded["done"].clone(), &operation), (json!(true), &onboarded));
    assert_eq!(quota["buckets"][0]["modelId"], MODEL);
    // Only the allowance is asked of Google, with the account's own project: for the console when somebody signed in,
    // and for the client.
    let asked: Vec<_> = relay.upstream.books().exchanges.iter().map(|one| one.path().to_owned()).collect();
    assert_eq!(asked, ["/v1internal:retrieveUserQuota"; 2]);
    assert_eq!(relay.records().await, []);
}

#[tokio::test]
async fn the_allowance_is_that_of_the_account_with_most_left() {
    let relay = TestRelay::empty(&[]).await;
    let left = |name: &str, fraction: f64| {
        let quota = json!([{"modelId": MODEL, "tokenType": "REQUESTS", "remainingFraction": fraction}]);
        GoogleAccount { quota, ..GoogleAccount::new(name) }
    };
    relay.google_person(left("alice", 0.1)).await;
    relay.google_person(left("bob", 0.7)).await;

    let quota: Value = assist(&relay, "retrieveUserQuota", "{}").await.json().await.unwrap();

    assert_eq!(quota["buckets"].as_array().unwrap().len(), 1);
    assert_eq!(quota["buckets"][0]["remainingFraction"], 0.7);
}

#[tokio::test]
async fn api_keys_serve_no_client_of_code_assist() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;

    let answer = assist(&relay, "generateContent", &body("switchyard")).await;

    assert_eq!(answer.status(), 503);
    assert_eq!(relay.upstream.books().totals.requests, 0);
}

#[tokio::test]
async fn what_code_assist_does_not_have_is_not_found() {
    let relay = TestRelay::empty(&[]).await;
    person(&relay, "alice", "silken-oven-1").await;

    for method in ["embedContent", "deleteEverything"] {
        let answer = assist(&relay, method, "{}").await;

        assert_eq!(answer.status(), 404, "{method}");
    }
    let nobody = relay.client.post(relay.url("/gemini/v1internal:loadCodeAssist")).send().await.unwrap();
    assert_eq!(nobody.status(), 401);
}
