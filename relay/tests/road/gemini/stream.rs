//! Streams in both forms: what comes is what goes, an error at the start is switched, a cut is never a silent end.

use relay::model::outcome::Outcome;
use relay::model::usage::Tokens;
use rstest::rstest;
use serde_json::Value;
use upstream::{Behaviour, Ending, Split, Usage};

use super::{BODY, events, said};
use crate::support::TestRelay;

const SSE: &str = "streamGenerateContent?alt=sse";
const ARRAY: &str = "streamGenerateContent";
const EVENTS: &[u8] = include_bytes!("../../fixtures/gemini-stream.sse");
const ELEMENTS: &[u8] = include_bytes!("../../fixtures/gemini-stream-array.json");
const BROKE_OFF: &str = "\r\n\r\ndata: {\"error\":{\"code\":502,\"message\":\"upstream broke off in the middle of its answer\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n";

async fn relay() -> TestRelay {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    relay
}

fn tokens(input: u64, cache_read: u64, output: u64) -> Tokens {
    Tokens { input, cache_read, output, ..Tokens::default() }
}

#[rstest]
#[case(SSE, "text/event-stream", EVENTS)]
#[case(ARRAY, "application/json", ELEMENTS)]
#[tokio::test]
async fn every_byte_arrives_and_is_metered(
    #[case] verb: &str,
    #[case] kind: &str,
    #[case] body: &'static [u8],
    #[values(1, 7, 1 << 20)] size: usize,
) {
    let relay = relay().await;
    let behaviour = Behaviour::replay(body).content_type(kind).split(Split::Every(size));
    relay.upstream.script("goog-a", behaviour);

    let answer = relay.gemini(verb).await;

    assert_eq!(answer.headers()["content-type"], kind);
    assert_eq!(answer.bytes().await.unwrap(), body);
    let record = relay.record().await;
    assert_eq!((record.outcome, record.stream), (Outcome::Ok, true));
    assert_eq!(record.usage.tokens, tokens(430, 800, 150));
    assert_eq!(record.cost.unwrap().0, 2_137_500);
    assert_eq!((record.asked.as_str(), record.model.as_deref()), ("gemini-2.5-pro", Some("gemini-2.5-pro")));
}

#[tokio::test]
async fn both_forms_of_an_answer_cost_the_same() {
    let relay = relay().await;
    let behaviour = Behaviour::ok().usage(Usage::new(1230, 340).cache_read(100)).thoughts(40).tool_tokens(30);
    relay.upstream.script("goog-a", behaviour);

    for verb in [SSE, ARRAY, "generateContent"] {
        assert_eq!(relay.gemini(verb).await.status(), 200, "{verb}");
    }

    relay.upstream.wait_for(|books| books.is_quiet()).await;
    let records = relay.records().await;
    assert_eq!(records.len(), 3);
    for record in &records {
        assert_eq!(record.usage.tokens, tokens(1230, 100, 340));
        assert_eq!(record.usage.thinking, 40);
        assert_eq!(record.cost, records[0].cost);
    }
}

#[rstest]
#[case(SSE)]
#[case(ARRAY)]
#[tokio::test]
async fn an_error_before_any_content_goes_to_the_next_account(#[case] verb: &str) {
    let relay = relay().await;
    relay.google_key_with("goog-b", 60).await;
    relay.upstream.script("goog-a", Behaviour::ok().error_first("UNAVAILABLE"));

    let answer = relay.gemini(verb).await;

    assert_eq!(answer.status(), 200);
    assert!(!answer.text().await.unwrap().contains("UNAVAILABLE"));
    let outcomes: Vec<_> = relay.records().await.iter().map(|record| record.outcome).collect();
    assert_eq!(outcomes, [Outcome::UpstreamError, Outcome::Ok]);
}

#[tokio::test]
async fn an_error_in_the_middle_passes_and_is_a_failure_of_upstreams() {
    let relay = relay().await;
    relay.upstream.script("goog-a", Behaviour::ok().events(6).error_after(3, "UNAVAILABLE"));

    let text = relay.gemini(SSE).await.text().await.unwrap();

    let chunks = events(&text);
    assert_eq!(chunks.last().unwrap()["error"]["status"], "UNAVAILABLE");
    assert_eq!(relay.record().await.outcome, Outcome::UpstreamError);
}

#[rstest]
#[case::between_events(Behaviour::ok().events(20).usage(Usage::new(12, 340)).cut_after(5))]
#[case::inside_an_event(Behaviour::ok().events(20).usage(Usage::new(12, 340)).cut_after_bytes(777))]
#[case::by_reset(Behaviour::ok().events(20).usage(Usage::new(12, 340)).cut_after(5).by_reset())]
#[case::by_an_end_too_early(Behaviour::ok().events(20).usage(Usage::new(12, 340)).unterminated())]
#[tokio::test]
async fn a_cut_becomes_an_error_chunk_and_a_clean_end(#[case] behaviour: Behaviour) {
    let relay = relay().await;
    relay.upstream.script("goog-a", behaviour);

    let text = relay.gemini(SSE).await.text().await.expect("a clean end");

    assert!(text.starts_with("data: {") && text.ends_with(BROKE_OFF), "{text}");
    let record = relay.record().await;
    assert_eq!((record.outcome, record.accepted), (Outcome::UpstreamCut, true));
    assert_eq!(record.usage.tokens.input, 12);
}

#[tokio::test]
async fn a_cut_in_an_array_breaks_the_connection() {
    let relay = relay().await;
    relay.upstream.script("goog-a", Behaviour::ok().events(20).cut_after(5));

    let answer = relay.gemini(ARRAY).await;

    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect_err("no good end");
    assert_eq!(relay.record().await.outcome, Outcome::UpstreamCut);
}

#[tokio::test]
async fn silence_ends_in_an_error_chunk() {
    let relay = TestRelay::empty(&[("SWITCHYARD_RELAY_IDLE", "300ms")]).await;
    relay.google_key("goog-a").await;
    relay.upstream.script("goog-a", Behaviour::ok().events(20).stall_after(5));

    let text = relay.gemini(SSE).await.text().await.expect("a clean end");

    assert_eq!(events(&text).last().unwrap()["error"]["status"], "DEADLINE_EXCEEDED");
    assert_eq!(relay.record().await.outcome, Outcome::UpstreamCut);
}

#[tokio::test]
async fn a_client_that_leaves_is_felt_upstream_and_in_the_books() {
    let relay = relay().await;
    let gate = upstream::Gate::new();
    relay.upstream.script("goog-a", Behaviour::ok().events(20).usage(Usage::new(12, 340)).gated(&gate));
    gate.release(4);

    let mut answer = relay.gemini(SSE).await;
    answer.chunk().await.unwrap();
    drop(answer);

    relay.upstream.wait_for(|books| books.messages().any(|one| one.ending == Ending::Left)).await;
    let record = loop {
        if let Some(record) = relay.records().await.pop() {
            break record;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!((record.outcome, record.usage.tokens.input), (Outcome::ClientGone, 12));
}

#[rstest]
#[case(SSE)]
#[case(ARRAY)]
#[case("generateContent")]
#[tokio::test]
async fn a_blocked_prompt_is_an_answer(#[case] verb: &str) {
    let relay = relay().await;
    relay.upstream.script("goog-a", Behaviour::ok().usage(Usage::new(19, 0)).blocked("PROHIBITED_CONTENT"));

    let answer = relay.gemini(verb).await;

    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.unwrap().contains("PROHIBITED_CONTENT"));
    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.tokens), (Outcome::Ok, tokens(19, 0, 0)));
}

#[tokio::test]
async fn the_text_is_whole_in_every_form() {
    let relay = relay().await;
    let text = "Hello, 世界 🌍! \u{e9}";
    relay.upstream.script("goog-a", Behaviour::ok().text(text).events(5).split(Split::Every(1)));

    let of_events = events(&relay.gemini(SSE).await.text().await.unwrap());
    let of_array: Vec<Value> = relay.gemini(ARRAY).await.json().await.unwrap();
    let whole: Value = relay.gemini("generateContent").await.json().await.unwrap();

    assert_eq!(said(&of_events), text);
    assert_eq!(said(&of_array), text);
    assert_eq!(said(&[whole]), text);
    let books = relay.upstream.books();
    assert!(books.messages().all(|message| message.body_length == BODY.len() as u64));
}
