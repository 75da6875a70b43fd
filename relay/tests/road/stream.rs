//! Streams of every kind: what comes is what goes, and what was used is in the books (hard cases 21 to 27, 30 to 32).

use relay::model::outcome::Outcome;
use relay::model::usage::Tokens;
use relay::store::attempt::Attempt;
use rstest::rstest;
use upstream::{Behaviour, Gate, OddUsage, Split, Usage};

use crate::support::TestRelay;

const FIXTURE: &str = include_str!("../fixtures/anthropic-text.sse");
const STOP: &str = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
const NO_MESSAGE: &str = "the answer holds no message";
const CUT: &str = "\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"upstream broke off in the middle of its answer\"}}\n\n";

/// What a client reads of a stream, and the only record of it.
async fn stream(relay: &TestRelay, behaviour: Behaviour) -> (String, Attempt) {
    relay.upstream.script("sk-a", behaviour);
    let answer = relay.message(true).await;
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.expect("a clean end");
    (text, relay.record().await)
}

fn output(record: &Attempt) -> (Outcome, u64, bool) {
    (record.outcome, record.usage.tokens.output, record.usage.output_estimated)
}

#[tokio::test]
async fn a_stream_split_at_each_byte_arrives_the_same() {
    let relay = TestRelay::start().await;
    let text = "Hello, 世界 🌍! é";
    let usage = Usage::new(12, 34).cache_written(5, 6).cache_read(7);
    let behaviour = Behaviour::ok().text(text).usage(usage).split(Split::Every(1));

    let (seen, record) = stream(&relay, behaviour).await;

    assert!(seen.ends_with(STOP));
    assert_eq!(texts(&seen), text);
    assert_eq!(output(&record), (Outcome::Ok, 34, false));
    let expected = Tokens { input: 12, output: 34, cache_write_5m: 5, cache_write_1h: 6, cache_read: 7 };
    assert_eq!(record.usage.tokens, expected);
}

/// The text of all deltas.
fn texts(stream: &str) -> String {
    let data = stream.lines().filter_map(|line| line.strip_prefix("data: "));
    let events = data.map(|data| serde_json::from_str::<serde_json::Value>(data).unwrap());
    events.filter_map(|event| event["delta"]["text"].as_str().map(str::to_owned)).collect()
}

#[rstest]
#[case(FIXTURE.replace('\n', "\r\n"))]
#[case(FIXTURE.replace('\n', "\r"))]
#[case(FIXTURE.replace("\n\n", "\r\n\n").replace("data", "\rdata"))]
#[case(format!("\u{feff}{FIXTURE}"))]
#[tokio::test]
async fn line_ends_of_every_kind_pass(#[case] sent: String) {
    let relay = TestRelay::start().await;

    let (seen, record) = stream(&relay, Behaviour::replay(sent.clone()).split(Split::Every(5))).await;

    assert_eq!(seen, sent);
    assert_eq!(record.outcome, Outcome::Ok);
    assert!(record.usage.tokens.output > 0 && !record.usage.output_estimated);
}

#[tokio::test]
async fn an_event_of_twenty_megabytes_passes() {
    let relay = TestRelay::start().await;

    let behaviour = Behaviour::ok().huge_event(20 << 20).usage(Usage::new(12, 5_000_000));
    let (seen, record) = stream(&relay, behaviour).await;

    assert!(seen.len() > 20 << 20 && seen.ends_with(STOP));
    assert_eq!(output(&record), (Outcome::Ok, 5_000_000, false));
}

#[tokio::test]
async fn a_stream_without_its_last_event_is_told_as_cut() {
    let relay = TestRelay::start().await;

    let (seen, record) = stream(&relay, Behaviour::ok().unterminated().usage(Usage::new(12, 34))).await;

    assert!(!seen.contains("message_stop"));
    assert!(seen.ends_with(CUT), "{seen}");
    assert_eq!(output(&record), (Outcome::UpstreamCut, 34, false));
}

#[rstest]
#[case("event: message_stop\ndata: {\"type\":\"message_stop\"}\n")]
#[case("data: {\"type\":\"message_stop\"}\r\n\r\n")]
#[tokio::test]
async fn a_last_event_counts_though_its_blank_line_is_missing_or_odd(#[case] last: &str) {
    let relay = TestRelay::start().await;
    let sent = FIXTURE.replace(STOP, last);
    assert_ne!(sent, FIXTURE);

    let (seen, record) = stream(&relay, Behaviour::replay(sent.clone())).await;

    assert_eq!(seen, sent);
    assert_eq!(record.outcome, Outcome::Ok);
    assert!(!record.usage.output_estimated);
}

#[tokio::test]
async fn an_error_after_content_passes_and_is_in_the_books() {
    let relay = TestRelay::start().await;
    relay.account("sk-b").await;
    relay.upstream.script("sk-b", Behaviour::ok().error_after(6, "overloaded_error"));

    let (seen, record) = stream(&relay, Behaviour::ok().error_after(6, "overloaded_error")).await;

    assert!(
        seen.contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"")
    );
    assert_eq!(seen.matches("event: error").count(), 1, "{seen}");
    assert_eq!((record.outcome, record.usage.output_estimated), (Outcome::UpstreamError, true));
    assert!(record.usage.tokens.output > 0);
    assert!(record.cause.unwrap().starts_with("overloaded_error: Overloaded"));
}

#[rstest]
#[case(OddUsage::Missing, None)]
#[case(OddUsage::OutputOnly, Some(340))]
#[case(OddUsage::Repeated, Some(340))]
#[case(OddUsage::Growing, Some(340))]
#[case(OddUsage::Decreasing, Some(340))]
#[case(OddUsage::Negative, None)]
#[case(OddUsage::Overflowing, None)]
#[case(OddUsage::Null, None)]
#[tokio::test]
async fn odd_usage_is_read_as_far_as_it_can_be_believed(#[case] odd: OddUsage, #[case] exact: Option<u64>) {
    let relay = TestRelay::start().await;

    let behaviour = Behaviour::ok().events(40).usage(Usage::new(12, 340)).odd_usage(odd);
    let (seen, record) = stream(&relay, behaviour).await;

    assert!(seen.ends_with(STOP));
    assert_eq!(record.outcome, Outcome::Ok);
    match exact {
        Some(tokens) => assert_eq!(output(&record), (Outcome::Ok, tokens, false)),
        None => assert!(record.usage.output_estimated && record.usage.tokens.output > 0, "{record:?}"),
    }
    let input = if odd == OddUsage::Missing { record.usage.tokens.input } else { 12 };
    assert_eq!(record.usage.tokens.input, input);
    assert!(record.cost.unwrap().0 > 0);
    let total = &relay.usage().await["usage"]["total"];
    assert_eq!((&total["requests"], &total["outputTokens"]), (&1.into(), &record.usage.tokens.output.into()));
}

#[tokio::test]
async fn what_follows_the_end_passes_and_counts_for_nothing() {
    let relay = TestRelay::start().await;

    let (seen, record) = stream(&relay, Behaviour::ok().text_after_stop().usage(Usage::new(12, 34))).await;

    assert!(seen.contains(STOP) && seen.contains("one more thing") && !seen.contains("event: error"));
    assert_eq!(output(&record), (Outcome::Ok, 34, false));
}

#[tokio::test]
async fn what_is_metered_is_what_came_and_not_what_was_asked_for() {
    let relay = TestRelay::start().await;
    let plain = r#"{"type":"message","model":"claude-opus-4-5","content":[],"usage":{"input_tokens":3,"output_tokens":4}}"#;
    relay.upstream.script("sk-a", Behaviour::replay(FIXTURE).times(1).then(Behaviour::replay_json(plain)));

    assert_eq!(relay.message(false).await.text().await.unwrap(), FIXTURE);
    assert_eq!(relay.message(true).await.text().await.unwrap(), plain);

    let records = relay.records().await;
    assert!(records.iter().all(|it| it.outcome == Outcome::Ok && it.usage.tokens.output > 3), "{records:?}");
    assert!(records.iter().all(|record| !record.usage.output_estimated));
}

#[tokio::test]
async fn a_flood_of_comments_passes() {
    let relay = TestRelay::start().await;

    let behaviour = Behaviour::ok().comments(200_000).usage(Usage::new(12, 34));
    let (seen, record) = stream(&relay, behaviour).await;

    assert_eq!(seen.matches(": comment ").count(), 200_000);
    assert!(seen.ends_with(STOP));
    assert_eq!(output(&record), (Outcome::Ok, 34, false));
}

#[tokio::test]
async fn garbage_passes_and_is_told_as_cut() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::garbage(300_000));

    let answer = relay.message(true).await;
    let seen = answer.bytes().await.unwrap();

    assert_eq!(seen.len(), 300_000 + CUT.len());
    assert!(seen.ends_with(CUT.as_bytes()));
    assert_eq!(relay.record().await.outcome, Outcome::UpstreamCut);
}

#[rstest]
#[case(true)]
#[case(false)]
#[tokio::test]
async fn a_page_in_the_place_of_an_answer_passes_and_is_in_the_books_as_upstream_s_error(
    #[case] streamed: bool,
) {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::html());

    let answer = relay.message(streamed).await;

    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"] == "text/html; charset=utf-8"),
        (200, true)
    );
    assert!(answer.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.tokens), (Outcome::UpstreamError, Tokens::default()));
    assert_eq!(record.cause.as_deref(), Some("the answer is neither JSON nor a stream of events"));
}

#[rstest]
#[case::an_error(
    r#"{"type":"error","error":{"type":"api_error","message":"out of order"}}"#,
    "api_error: out of order"
)]
#[case::empty("", NO_MESSAGE)]
#[case::an_empty_object("{}", NO_MESSAGE)]
#[case::another_form("[1]", NO_MESSAGE)]
#[case::a_beginning(r#"{"id":"msg_1","ty"#, NO_MESSAGE)]
#[tokio::test]
async fn an_answer_that_holds_no_message_passes_and_is_upstream_s_error(
    #[case] sent: &str,
    #[case] cause: &str,
) {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::replay_json(sent.to_owned()));

    let answer = relay.message(false).await;

    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), sent);
    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.tokens), (Outcome::UpstreamError, Tokens::default()));
    assert_eq!(record.cause.as_deref(), Some(cause));
}

#[tokio::test]
async fn a_compressed_stream_passes_as_it_is_and_is_metered() {
    let relay = TestRelay::start().await;
    let behaviour = Behaviour::ok().events(40).usage(Usage::new(12, 340));
    relay.upstream.script("sk-a", behaviour.gzip_uninvited().split(Split::Every(11)));

    let answer = relay.message(true).await;

    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let coded = answer.bytes().await.unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&coded[..]), &mut text).unwrap();
    assert!(text.ends_with(STOP));
    assert_eq!(relay.upstream.books().last().unwrap().header("accept-encoding"), Some("identity"));
    assert_eq!(output(&relay.record().await), (Outcome::Ok, 340, false));
}

#[tokio::test]
async fn each_write_of_upstream_s_is_with_the_client_before_the_next_is_sent() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().events(30).usage(Usage::new(12, 340)).gated(&gate));

    gate.release(2);
    let mut answer = relay.message(true).await;
    let mut seen = String::new();
    while !seen.contains("content_block_start") {
        seen += std::str::from_utf8(&answer.chunk().await.unwrap().unwrap()).unwrap();
    }
    for n in 3..=30 {
        gate.send_next().await;
        let piece = answer.chunk().await.unwrap().unwrap();
        seen += std::str::from_utf8(&piece).unwrap();
        assert_eq!(seen.matches("event: ").count(), n);
    }

    assert!(seen.ends_with(STOP));
    assert_eq!(output(&relay.record().await), (Outcome::Ok, 340, false));
    assert_eq!(answer.chunk().await.unwrap(), None);
}
