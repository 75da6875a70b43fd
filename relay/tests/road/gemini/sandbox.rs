//! The sandbox speaks Google's dialects too.

use relay::admin::{account, key};
use relay::model::account::AccountKind;
use relay::model::key::{Binding, NewKey};
use relay::model::outcome::Outcome;
use rstest::rstest;
use serde_json::{Value, json};

use super::{events, said};
use crate::support::{TestRelay, new_account};

/// A relay whose key is bound to a sandbox.
async fn relay() -> TestRelay {
    let mut relay = TestRelay::empty(&[]).await;
    let new = new_account("playground", AccountKind::Sandbox, "", 50);
    let made = account::create(&relay.shared, &relay.admin, new, None).await.unwrap();
    let new = NewKey { binding: Binding::Account(made.id), ..NewKey::new("demo") };
    relay.key = key::create(&relay.shared, &relay.admin, new).await.unwrap().key;
    relay
}

fn asking(text: &str) -> Value {
    json!({"contents": [{"role": "user", "parts": [{"text": text}]}]})
}

async fn ask(relay: &TestRelay, verb: &str, body: &Value) -> reqwest::Response {
    relay.google(&format!("/gemini/v1beta/models/gemini-9-sandbox:{verb}"), &body.to_string()).await
}

const SSE: &str = "streamGenerateContent?alt=sse";

#[tokio::test]
async fn every_form_says_the_same_and_costs_nothing() {
    let relay = relay().await;

    let of_events = events(&ask(&relay, SSE, &asking("hello")).await.text().await.unwrap());
    let of_array: Vec<Value> =
        ask(&relay, "streamGenerateContent", &asking("hello")).await.json().await.unwrap();
    let whole: Value = ask(&relay, "generateContent", &asking("hello")).await.json().await.unwrap();

    assert!(said(&of_events).contains("\"hello\""));
    assert_eq!(said(&of_events), said(&of_array));
    assert_eq!(said(&of_events), said(std::slice::from_ref(&whole)));
    assert_eq!(of_events.last().unwrap()["usageMetadata"], whole["usageMetadata"]);
    assert_eq!(whole["candidates"][0]["finishReason"], "STOP");
    for record in relay.records().await {
        let tokens = &whole["usageMetadata"];
        assert_eq!((record.outcome, record.sandbox, record.cost), (Outcome::Ok, true, None));
        assert_eq!(tokens["candidatesTokenCount"], record.usage.tokens.output);
        assert_eq!(tokens["promptTokenCount"], record.usage.tokens.input);
        assert_eq!(record.model.as_deref(), Some("gemini-9-sandbox"));
    }
}

#[tokio::test]
async fn a_function_is_called_with_what_its_schema_requires_and_its_result_answered() {
    let relay = relay().await;
    let mut body = asking("Will it rain?");
    body["tools"] = json!([{"function_declarations": [{"name": "weather", "parameters": {
        "type": "OBJECT", "required": ["city", "days"],
        "properties": {"city": {"type": "STRING"}, "days": {"type": "INTEGER", "minimum": 2}}}}]}]);
    body["toolConfig"] = json!({"functionCallingConfig": {"mode": "ANY"}});

    let called: Value = ask(&relay, "generateContent", &body).await.json().await.unwrap();
    let call = &called["candidates"][0]["content"]["parts"][0];
    body["contents"].as_array_mut().unwrap().extend([
        json!({"role": "model", "parts": [call]}),
        json!({"role": "user", "parts": [{"functionResponse": {"name": "weather", "response": {"output": "It rains."}}}]}),
    ]);
    let answered: Value = ask(&relay, "generateContent", &body).await.json().await.unwrap();

    assert_eq!(call["functionCall"]["name"], "weather");
    assert_eq!(call["functionCall"]["args"], json!({"city": "sandbox", "days": 2}));
    assert!(call["thoughtSignature"].is_string());
    assert!(said(&[answered]).contains("It rains."));
}

#[tokio::test]
async fn thinking_and_the_bound_of_an_answer_are_heeded() {
    let relay = relay().await;
    let mut body = asking("hello");
    body["generationConfig"] = json!({"maxOutputTokens": 40, "thinkingConfig": {"includeThoughts": true}});

    let answer: Value = ask(&relay, "generateContent", &body).await.json().await.unwrap();

    assert_eq!(answer["candidates"][0]["content"]["parts"][0]["thought"], true);
    assert_eq!(answer["candidates"][0]["finishReason"], "MAX_TOKENS");
    let usage = &answer["usageMetadata"];
    assert_eq!(
        usage["candidatesTokenCount"].as_u64().unwrap() + usage["thoughtsTokenCount"].as_u64().unwrap(),
        40
    );
}

#[tokio::test]
async fn an_answer_that_must_be_json_is() {
    let relay = relay().await;
    let mut body = asking("Which model?");
    body["generationConfig"] = json!({
        "responseMimeType": "application/json",
        "responseJsonSchema": {
            "type": "object", "required": ["reasoning", "model_choice"],
            "properties": {"reasoning": {"type": "string"}, "model_choice": {"enum": ["flash", "pro"]}},
        },
    });

    let answer: Value = ask(&relay, "generateContent", &body).await.json().await.unwrap();

    let told: Value = serde_json::from_str(&said(&[answer])).unwrap();
    assert_eq!(told, json!({"reasoning": "sandbox", "model_choice": "flash"}));
}

#[rstest]
#[case("sandbox:429", 429, "RESOURCE_EXHAUSTED")]
#[case("sandbox:400", 400, "INVALID_ARGUMENT")]
#[case("sandbox:500", 500, "INTERNAL")]
#[case("sandbox:529", 503, "UNAVAILABLE")]
#[tokio::test]
async fn faults_come_in_googles_shape(#[case] word: &str, #[case] status: u16, #[case] name: &str) {
    let relay = relay().await;

    let answer = ask(&relay, SSE, &asking(word)).await;

    assert_eq!(answer.status(), status);
    let error: Value = answer.json().await.unwrap();
    assert_eq!((&error["error"]["code"], &error["error"]["status"]), (&json!(status), &json!(name)));
}

#[rstest]
#[case("sandbox:error-event")]
#[case("sandbox:cut")]
#[tokio::test]
async fn a_stream_can_go_wrong_on_request(#[case] word: &str) {
    let relay = relay().await;

    let text = ask(&relay, SSE, &asking(word)).await.text().await.unwrap();

    let chunks = events(&text);
    assert!(chunks[0]["candidates"].is_array());
    assert!(chunks.last().unwrap()["error"]["code"].is_u64(), "{text}");
}

#[tokio::test]
async fn counts_embeddings_models_and_the_wrapper_are_there() {
    let relay = relay().await;
    let embed = json!({"content": {"parts": [{"text": "hi"}]}, "outputDimensionality": 4});

    let count: Value = ask(&relay, "countTokens", &asking("hello")).await.json().await.unwrap();
    let one: Value = ask(&relay, "embedContent", &embed).await.json().await.unwrap();
    let two: Value =
        ask(&relay, "batchEmbedContents", &json!({"requests": [embed, embed]})).await.json().await.unwrap();
    let (_, models) = relay.google_get("/gemini/v1beta/models").await;
    let wrapped =
        json!({"model": "gemini-9-sandbox", "project": "x", "request": asking("hello")}).to_string();
    let wrapped: Value =
        relay.google("/gemini/v1internal:generateContent", &wrapped).await.json().await.unwrap();

    assert!(count["totalTokens"].as_u64().unwrap() > 0);
    assert_eq!(one["embedding"]["values"].as_array().unwrap().len(), 4);
    assert_eq!(two["embeddings"].as_array().unwrap().len(), 2);
    assert_eq!(models["models"][0]["name"], "models/gemini-sandbox-1");
    assert!(said(&[wrapped["response"].clone()]).contains("\"hello\""));
    assert!(wrapped["traceId"].is_string());
}
