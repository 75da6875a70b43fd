//! Code Assist.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use upstream::{Behaviour, CodeAssist, GoogleAccount, Upstream, Usage};

use crate::sign_in::{read, text};
use crate::start;

/// An upstream with an account `alice` that stands so, and a token of it.
async fn with_account(account: GoogleAccount) -> (Upstream, String) {
    let upstream = start().await;
    upstream.google_account(account);
    let tokens = upstream.issue("alice").expect("tokens");
    let access = text(&tokens, "access_token").to_owned();
    (upstream, access)
}

fn alice() -> GoogleAccount {
    GoogleAccount { project: Some("silken-oven-abc12".to_owned()), ..GoogleAccount::new("alice") }
}

fn call(upstream: &Upstream, access: &str, method: &str, body: &Value) -> RequestBuilder {
    Client::new().post(format!("{}/v1internal:{method}", upstream.url())).bearer_auth(access).json(body)
}

fn wrapper(project: &str) -> Value {
    json!({
        "model": "gemini-2.5-pro",
        "project": project,
        "user_prompt_id": "p1",
        "request": {"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "session_id": "s1"},
    })
}

#[tokio::test]
async fn messages_come_in_a_wrapper_and_tell_their_usage_at_the_end() {
    let (upstream, access) = with_account(alice()).await;
    upstream.script("alice", Behaviour::ok().text("Hi there").usage(Usage::new(4, 26)).thoughts(23));
    let body = wrapper("silken-oven-abc12");

    let stream = call(&upstream, &access, "streamGenerateContent?alt=sse", &body).send().await;
    let stream = stream.expect("an answer").text().await.expect("a body");
    let (_, whole) = read(call(&upstream, &access, "generateContent", &body).send().await).await;

    let chunks: Vec<Value> = stream
        .split_terminator("\n\n")
        .map(|event| serde_json::from_str(event.strip_prefix("data: ").expect("data")).expect("JSON"))
        .collect();
    let (last, first) = (chunks.last().expect("a chunk"), &chunks[0]);
    assert_eq!(first["response"]["usageMetadata"], json!({"trafficType": "PROVISIONED_THROUGHPUT"}));
    assert_eq!(last["response"]["usageMetadata"]["totalTokenCount"], 30);
    assert!(last["traceId"].is_string() && whole["traceId"].is_string());
    assert_eq!(whole["response"]["usageMetadata"]["candidatesTokenCount"], 3);
    let books = upstream.books();
    assert_eq!(books.account("alice").messages, 2);
    let exchange = books.last().expect("an exchange");
    assert_eq!(
        (exchange.project.as_deref(), exchange.billed),
        (Some("silken-oven-abc12"), Usage::new(4, 26))
    );
    assert_eq!(exchange.model.as_deref(), Some("gemini-2.5-pro"));
}

#[tokio::test]
async fn a_payload_can_be_spread_over_several_data_lines() {
    let (upstream, access) = with_account(alice()).await;
    upstream.script("alice", Behaviour::ok().events(2).split_data());

    let body = wrapper("silken-oven-abc12");
    let stream = call(&upstream, &access, "streamGenerateContent?alt=sse", &body).send().await;
    let stream = stream.expect("an answer").text().await.expect("a body");

    for event in stream.split_terminator("\n\n") {
        let lines: Vec<_> = event.lines().map(|line| line.strip_prefix("data: ").expect("data")).collect();
        assert!(lines.len() > 3);
        assert!(serde_json::from_str::<Value>(&lines.join("\n")).is_ok());
    }
}

#[tokio::test]
async fn another_account_s_project_or_none_is_refused_and_so_is_a_dead_token() {
    let (upstream, access) = with_account(alice()).await;

    for (project, expected) in [("relay", 403), ("silken-oven-abc12", 200)] {
        let (status, _) =
            read(call(&upstream, &access, "generateContent", &wrapper(project)).send().await).await;
        assert_eq!(status, expected);
    }
    let mut without = wrapper("");
    without.as_object_mut().expect("an object").remove("project");
    assert_eq!(read(call(&upstream, &access, "generateContent", &without).send().await).await.0, 400);
    let quota = json!({"project": "relay"});
    assert_eq!(read(call(&upstream, &access, "retrieveUserQuota", &quota).send().await).await.0, 403);
    upstream.expire("alice");
    let (status, reply) =
        read(call(&upstream, &access, "generateContent", &wrapper("silken-oven-abc12")).send().await).await;
    assert_eq!((status, &reply["error"]["status"]), (401, &"UNAUTHENTICATED".into()));
    let books = upstream.books();
    let refused = books.exchanges[0].refused.as_deref().expect("a reason");
    assert_eq!(refused, "project relay is not the account's silken-oven-abc12");
    assert_eq!(books.account("alice").refused, 4);
}

#[tokio::test]
async fn an_account_is_onboarded_after_as_many_polls_as_it_is_set_to() {
    let (upstream, access) =
        with_account(GoogleAccount { assist: CodeAssist::NeedsOnboarding, polls: 2, ..alice() }).await;
    let load = json!({"metadata": {"pluginType": "GEMINI"}});

    let (_, before) = read(call(&upstream, &access, "loadCodeAssist", &load).send().await).await;
    assert!(before.get("currentTier").is_none() && before["allowedTiers"][0]["isDefault"] == true);
    let with_project = json!({"tierId": "free-tier", "cloudaicompanionProject": "mine"});
    let (refused, reply) = read(call(&upstream, &access, "onboardUser", &with_project).send().await).await;
    assert_eq!((refused, &reply["error"]["status"]), (400, &"FAILED_PRECONDITION".into()));

    let onboard = json!({"tierId": "free-tier"});
    let (_, begun) = read(call(&upstream, &access, "onboardUser", &onboard).send().await).await;
    let poll = || {
        let url = format!("{}/v1internal/{}", upstream.url(), text(&begun, "name"));
        Client::new().get(url).bearer_auth(&access).send()
    };
    let done = [begun["done"].clone(), read(poll().await).await.1["done"].clone()];
    let (_, last) = read(poll().await).await;

    assert_eq!(done, [false, false]);
    assert_eq!(last["response"]["cloudaicompanionProject"]["id"], "silken-oven-abc12");
    let (_, after) = read(call(&upstream, &access, "loadCodeAssist", &load).send().await).await;
    assert_eq!(
        (&after["currentTier"]["id"], &after["cloudaicompanionProject"]),
        (&"free-tier".into(), &"silken-oven-abc12".into())
    );
}

#[tokio::test]
async fn whoever_cannot_have_code_assist_is_told_why() {
    let load = json!({"cloudaicompanionProject": "mine"});
    let reply = async |assist: CodeAssist| {
        let (upstream, access) = with_account(GoogleAccount { assist, ..alice() }).await;
        read(call(&upstream, &access, "loadCodeAssist", &load).send().await).await.1
    };

    let validation = reply(CodeAssist::ValidationRequired).await;
    assert_eq!(validation["ineligibleTiers"][0]["reasonCode"], "VALIDATION_REQUIRED");
    assert_eq!(validation["ineligibleTiers"][0]["validationUrl"], "https://accounts.example.com/validate");
    let ineligible = reply(CodeAssist::Ineligible).await;
    assert_eq!(ineligible["ineligibleTiers"][0]["reasonCode"], "UNSUPPORTED_LOCATION");
    let own = reply(CodeAssist::NeedsOwnProject).await;
    assert_eq!((&own["cloudaicompanionProject"], own.get("currentTier").is_some()), (&"mine".into(), true));

    let (upstream, access) =
        with_account(GoogleAccount { assist: CodeAssist::OnboardingFails, polls: 0, ..alice() }).await;
    let onboard = json!({"tierId": "free-tier"});
    let (_, failed) = read(call(&upstream, &access, "onboardUser", &onboard).send().await).await;
    assert_eq!((&failed["done"], &failed["error"]["status"]), (&true.into(), &"INTERNAL".into()));
}

#[tokio::test]
async fn housekeeping_quota_and_counts_are_answered() {
    let (upstream, access) = with_account(alice()).await;

    let quota = json!({"project": "silken-oven-abc12"});
    let (_, quota) = read(call(&upstream, &access, "retrieveUserQuota", &quota).send().await).await;
    let count = json!({"request": {"model": "models/gemini-2.5-pro", "contents": []}});
    let (_, count) = read(call(&upstream, &access, "countTokens", &count).send().await).await;
    let (status, other) =
        read(call(&upstream, &access, "recordCodeAssistMetrics", &json!({})).send().await).await;

    assert_eq!(quota["buckets"][0]["modelId"], "gemini-2.5-pro");
    assert!(count["totalTokens"].as_u64() > Some(0));
    assert_eq!((status, other), (200, json!({})));
}
