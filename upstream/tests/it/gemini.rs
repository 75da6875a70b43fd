//! The Gemini API.

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use upstream::{Behaviour, Ending, OddUsage, Split, Upstream, Usage};

use crate::sign_in::read;
use crate::start;

const BODY: &str = r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"#;
const SSE: &str = "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse";
const ARRAY: &str = "/v1beta/models/gemini-2.5-pro:streamGenerateContent";
const WHOLE: &str = "/v1beta/models/gemini-2.5-pro:generateContent";

fn ask(upstream: &Upstream, key: &str, path: &str) -> RequestBuilder {
    Client::new().post(format!("{}{path}", upstream.url())).header("x-goog-api-key", key).body(BODY)
}

fn billed() -> Behaviour {
    Behaviour::ok()
        .text("à tous 😀")
        .usage(Usage::new(430, 150).cache_read(800))
        .thoughts(110)
        .tool_tokens(30)
}

/// The payloads of a stream of events.
fn payloads(body: &str) -> Vec<Value> {
    let events = body.split("\r\n\r\n").filter(|event| !event.is_empty());
    events
        .map(|event| serde_json::from_str(event.strip_prefix("data: ").expect("data")).expect("JSON"))
        .collect()
}

fn texts(chunks: &[Value]) -> String {
    let parts =
        chunks.iter().filter_map(|chunk| chunk["candidates"][0]["content"]["parts"].as_array()).flatten();
    parts.filter(|part| part.get("thought").is_none()).filter_map(|part| part["text"].as_str()).collect()
}

#[tokio::test]
async fn the_three_forms_of_an_answer_say_and_bill_the_same() {
    let upstream = start().await;
    upstream.script("goog-a", billed());

    for path in [SSE, ARRAY, WHOLE] {
        let answer = ask(&upstream, "goog-a", path).send().await.expect("an answer");
        assert!(answer.headers().get("request-id").is_none());
        let body = answer.text().await.expect("a body");
        let chunks = match path {
            SSE => payloads(&body),
            ARRAY => serde_json::from_str(&body).expect("an array"),
            _ => vec![serde_json::from_str(&body).expect("an object")],
        };

        let last = chunks.last().expect("a chunk");
        assert_eq!(texts(&chunks), "à tous 😀");
        assert_eq!(last["candidates"][0]["finishReason"], "STOP");
        assert_eq!(last["modelVersion"], "gemini-2.5-pro");
        let usage = &last["usageMetadata"];
        for (name, count) in [
            ("promptTokenCount", 1200),
            ("cachedContentTokenCount", 800),
            ("toolUsePromptTokenCount", 30),
            ("candidatesTokenCount", 40),
            ("thoughtsTokenCount", 110),
            ("totalTokenCount", 1380),
        ] {
            assert_eq!(usage[name], count, "{path} {name}");
        }
        assert_eq!(
            upstream.books().last().expect("an exchange").billed,
            Usage::new(430, 150).cache_read(800)
        );
    }
    assert_eq!(upstream.books().messages().count(), 3);
}

#[tokio::test]
async fn an_array_is_pretty_printed_and_comes_chunk_by_chunk() {
    let upstream = start().await;
    upstream.script("goog-a", Behaviour::ok().events(3));

    let answer = ask(&upstream, "goog-a", ARRAY).send().await.expect("an answer");
    assert!(!answer.headers().contains_key("content-length"));
    let body = answer.text().await.expect("a body");

    assert!(body.starts_with("[{\n  \"candidates\"") && body.ends_with("\n}\r\n]\r\n"));
    assert_eq!(body.matches("}\r\n,\r\n{").count(), 2);
    assert_eq!(upstream.books().last().expect("an exchange").pieces_sent, 4);
}

#[tokio::test]
async fn every_version_and_spelling_of_a_path_is_served_with_a_key_in_its_header_alone() {
    let upstream = start().await;
    for path in [
        "/v1/models/gemini-2.5-pro:generateContent",
        "/v1alpha/models/gemini-2.5-pro%3AgenerateContent",
        "/v1beta/models%2Fgemini-2.5-pro:generateContent",
        "/v1beta/models/gemini-2.5-pro:countTokens",
    ] {
        let status = ask(&upstream, "goog-good", path).send().await.expect("an answer").status();
        assert_eq!(status, 200, "{path}");
    }

    let (left_over, _) = read(ask(&upstream, "goog-good", &format!("{WHOLE}?key=cr_1")).send().await).await;
    let books = upstream.books();
    assert_eq!(books.last().expect("an exchange").refused.as_deref(), Some("a key in the query"));
    let (unknown, reply) = read(ask(&upstream, "goog-unknown", WHOLE).send().await).await;
    let bare = Client::new().post(format!("{}{WHOLE}", upstream.url())).body(BODY);
    let (none, _) = read(bare.try_clone().expect("a request").send().await).await;
    let (bearer, _) = read(bare.bearer_auth("goog-good").send().await).await;
    assert_eq!((left_over, unknown, none, bearer), (400, 400, 403, 401));
    assert_eq!(reply["error"]["details"][0]["reason"], "API_KEY_INVALID");
}

#[tokio::test]
async fn models_are_told_apart_from_anthropic_s_by_the_credential() {
    let upstream = start().await;
    let get = |path: &str, header: &str| {
        let request = Client::new().get(format!("{}{path}", upstream.url()));
        request.header(header, if header == "x-api-key" { "sk-ant-api03-good" } else { "goog-good" })
    };

    let (_, page) = read(get("/v1beta/models?pageSize=2", "x-goog-api-key").send().await).await;
    let (_, one) = read(get("/v1/models/gemini-2.5-pro", "x-goog-api-key").send().await).await;
    let (missing, _) = read(get("/v1/models/gemini-9", "x-goog-api-key").send().await).await;
    let anthropic = get("/v1/models", "x-api-key").header("anthropic-version", "2023-06-01");
    let (_, claude) = read(anthropic.send().await).await;

    assert_eq!(
        (&page["nextPageToken"], &page["models"][0]["name"]),
        (&"2".into(), &"models/gemini-2.5-flash".into())
    );
    assert_eq!((&one["name"], missing), (&"models/gemini-2.5-pro".into(), 404));
    assert_eq!(claude["data"][0]["type"], "model");
}

#[tokio::test]
async fn texts_are_embedded() {
    let upstream = start().await;
    let embed = async |verb: &str, body: &'static str| {
        let path = format!("/v1beta/models/gemini-embedding-001:{verb}");
        read(ask(&upstream, "goog-good", &path).body(body).send().await).await
    };

    let one = embed("embedContent", r#"{"content":{"parts":[{"text":"a"}]},"outputDimensionality":3}"#).await;
    let many = embed("batchEmbedContents", r#"{"requests":[{"content":{}},{"content":{}}]}"#).await;
    let wrong = embed("embedContent", "{}").await;

    assert_eq!(one.1["embedding"]["values"].as_array().map(Vec::len), Some(3));
    assert_eq!((many.1["embeddings"].as_array().map(Vec::len), wrong.0), (Some(2), 400));
}

#[tokio::test]
async fn an_error_has_google_s_shape_and_details() {
    let upstream = start().await;
    let cases = [
        (
            Behaviour::quota_per_minute(Duration::from_nanos(34_074_824_224)),
            429,
            "RESOURCE_EXHAUSTED",
            "PerMinute",
        ),
        (
            Behaviour::quota_per_minute(Duration::from_nanos(34_074_824_224)),
            429,
            "RESOURCE_EXHAUSTED",
            "\"34.074824224s\"",
        ),
        (Behaviour::quota_per_day(Duration::from_secs(60)), 429, "RESOURCE_EXHAUSTED", "PerDay"),
        (Behaviour::quota_zero(), 429, "RESOURCE_EXHAUSTED", "limit: 0"),
        (Behaviour::quota_reasons(), 429, "RESOURCE_EXHAUSTED", "rateLimitExceeded"),
        (Behaviour::key_leaked(), 403, "PERMISSION_DENIED", "leaked"),
        (Behaviour::service_disabled(), 403, "PERMISSION_DENIED", "SERVICE_DISABLED"),
        (Behaviour::region_unsupported(), 400, "FAILED_PRECONDITION", "location"),
        (Behaviour::status(503), 503, "UNAVAILABLE", "overloaded"),
        (Behaviour::status(500), 500, "INTERNAL", "internal"),
    ];
    for (behaviour, status, word, expected) in cases {
        upstream.script("goog-a", behaviour);

        let answer = ask(&upstream, "goog-a", WHOLE).send().await.expect("an answer");
        assert_eq!(answer.status(), status);
        let body = answer.text().await.expect("a body");
        let error: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((&error["error"]["code"], &error["error"]["status"]), (&status.into(), &word.into()));
        assert!(body.contains(expected), "{expected} in {body}");
        let stream = ask(&upstream, "goog-a", ARRAY).send().await;
        assert_eq!(read(stream).await.1[0], error, "of a stream as an array: an array of one");
    }
}

#[tokio::test]
async fn a_quota_can_be_one_model_s() {
    let upstream = start().await;
    upstream.script("goog-a", Behaviour::quota_per_minute(Duration::from_secs(9)).only_for("pro"));

    let flash = WHOLE.replace("pro", "flash");
    assert_eq!(ask(&upstream, "goog-a", WHOLE).send().await.expect("an answer").status(), 429);
    assert_eq!(ask(&upstream, "goog-a", &flash).send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_stream_goes_wrong_as_it_is_scripted() {
    let upstream = start().await;
    let stream = async |behaviour: Behaviour, path: &'static str| {
        upstream.script("goog-a", behaviour);
        let mut answer = ask(&upstream, "goog-a", path).send().await.expect("an answer");
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = answer.chunk().await {
            body.extend_from_slice(&chunk);
        }
        String::from_utf8(body).expect("UTF-8")
    };

    let events = payloads(&stream(Behaviour::ok().error_after(2, "RESOURCE_EXHAUSTED"), SSE).await);
    assert_eq!((events.len(), &events[2]["error"]["code"]), (3, &429.into()));
    let array = stream(Behaviour::ok().error_after(2, "overloaded_error"), ARRAY).await;
    let array: Vec<Value> = serde_json::from_str(&array).expect("an array");
    assert_eq!(array[2]["error"]["status"], "UNAVAILABLE");
    let cut = stream(Behaviour::ok().cut_after(2), SSE).await;
    assert_eq!(payloads(&cut).len(), 2);
    assert_eq!(upstream.wait_for(|books| books.is_quiet()).await.last().expect("one").ending, Ending::Cut);
    let split = stream(billed().split(Split::Every(3)), ARRAY).await;
    assert_eq!(texts(&serde_json::from_str::<Vec<Value>>(&split).expect("an array")), "à tous 😀");
    let usages = payloads(&stream(billed().odd_usage(OddUsage::LastOnly), SSE).await);
    assert_eq!(usages.iter().filter(|chunk| chunk.get("usageMetadata").is_some()).count(), 1);
    let blocked = payloads(&stream(Behaviour::ok().blocked("SAFETY"), SSE).await);
    assert_eq!((blocked.len(), &blocked[0]["promptFeedback"]["blockReason"]), (1, &"SAFETY".into()));
    let called = payloads(&stream(Behaviour::ok().tool_call(), SSE).await);
    let parts = &called.last().expect("a chunk")["candidates"][0]["content"]["parts"];
    assert_eq!(parts[1]["functionCall"]["name"], "get_weather");
}
