//! Answers that are not what they should be.

use relay::model::usage::{Tokens, Usage};
use relay::stream::observe::{End, JSON_LIMIT, Observer, Reading, Seen, StreamError};

const START: &str = r#"{"type":"message_start","message":{"id":"msg_1","model":"claude-opus-4-5","usage":{"input_tokens":7,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":1}}}"#;
const TEXT: &str = r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Some words of an answer."}}"#;
const STOP: &str = r#"{"type":"message_stop"}"#;

fn stream(events: &[&str]) -> (Reading, Seen) {
    let mut observer = Observer::stream();
    let mut seen = Seen::default();
    for event in events {
        seen.merge(observer.feed(format!("data: {event}\n\n").as_bytes()));
    }
    (observer.finish(End::Whole), seen)
}

fn usage_of(delta: &str) -> Usage {
    stream(&[START, TEXT, &format!(r#"{{"type":"message_delta","delta":{{}},"usage":{delta}}}"#), STOP])
        .0
        .usage
}

fn tokens(output: u64) -> Tokens {
    Tokens { input: 7, output, cache_write_5m: 10, cache_write_1h: 20, cache_read: 0 }
}

#[test]
fn usage_that_cannot_be_right_counts_as_absent() {
    for delta in [
        r#"{"output_tokens":40,"input_tokens":-7}"#,
        r#"{"output_tokens":40,"input_tokens":1e400}"#,
        r#"{"output_tokens":40,"input_tokens":99999999999999999999}"#,
        r#"{"output_tokens":40,"input_tokens":"8","cache_read_input_tokens":null}"#,
        r#"{"output_tokens":40,"cache_creation":null,"server_tool_use":[],"iterations":5}"#,
    ] {
        assert_eq!(usage_of(delta), Usage { tokens: tokens(40), ..Usage::default() }, "{delta}");
    }
}

#[test]
fn without_a_final_count_the_output_is_an_estimate() {
    for delta in ["null", "{}", "[]", r#"{"output_tokens":-1}"#, r#"{"output_tokens":null}"#] {
        let usage = usage_of(delta);

        assert!(usage.output_estimated, "{delta}");
        assert!((4..9).contains(&usage.tokens.output), "{delta}: {}", usage.tokens.output);
    }
}

#[test]
fn counts_are_cumulative_and_the_last_one_wins() {
    let delta = |output: u64| {
        format!(
            r#"{{"type":"message_delta","delta":{{"stop_reason":null}},"usage":{{"output_tokens":{output}}}}}"#
        )
    };

    let (reading, _) = stream(&[START, TEXT, &delta(50), &delta(90), &delta(80), STOP]);

    assert_eq!(reading.usage, Usage { tokens: tokens(80), ..Usage::default() });
}

#[test]
fn cache_writes_beyond_the_known_split_are_at_five_minutes() {
    let usage = usage_of(r#"{"output_tokens":40,"cache_creation_input_tokens":100}"#);

    assert_eq!(usage.tokens, Tokens { cache_write_5m: 80, ..tokens(40) });
}

#[test]
fn compactions_are_billed_on_top() {
    let usage = usage_of(
        r#"{"output_tokens":40,"iterations":[{"type":"message","input_tokens":7,"output_tokens":40},
            {"type":"compaction","input_tokens":1000,"cache_creation_input_tokens":50,"output_tokens":200}]}"#
            .replace('\n', "")
            .as_str(),
    );

    assert_eq!(usage.tokens, Tokens { input: 1007, output: 240, cache_write_5m: 60, ..tokens(0) });
}

#[test]
fn price_modifiers_are_noted_and_the_standard_is_not() {
    let usage = usage_of(r#"{"output_tokens":4,"service_tier":"batch","speed":"fast","inference_geo":"us"}"#);
    let standard = usage_of(
        r#"{"output_tokens":4,"service_tier":"standard","speed":"standard","inference_geo":"global"}"#,
    );

    let expected = Usage { tokens: tokens(4), ..Usage::default() };
    assert_eq!(standard, expected);
    assert_eq!(usage, Usage { service_tier: Some("batch".into()), fast: true, us_only: true, ..expected });
}

#[test]
fn nothing_counts_after_the_terminator() {
    let late = r#"{"type":"message_delta","delta":{"stop_reason":"late"},"usage":{"output_tokens":5000}}"#;
    let error = r#"{"type":"error","error":{"type":"api_error","message":"late"}}"#;
    let delta = r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}"#;

    let (reading, seen) = stream(&[START, TEXT, delta, STOP, TEXT, late, error, START]);

    assert_eq!(reading, stream(&[START, TEXT, delta, STOP]).0);
    assert_eq!(reading.usage, Usage { tokens: tokens(9), ..Usage::default() });
    assert_eq!(seen.error, None);
}

#[test]
fn what_was_streamed_after_the_last_count_is_estimated_on_top() {
    let delta = r#"{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":120}}"#;

    let (reading, _) = stream(&[START, TEXT, delta, TEXT]);

    assert!(reading.usage.output_estimated);
    assert!((123..130).contains(&reading.usage.tokens.output), "{}", reading.usage.tokens.output);
}

#[test]
fn an_error_before_any_content_is_told_at_once() {
    let error = r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;

    let (reading, seen) = stream(&[START, error]);

    let expected = StreamError { kind: "overloaded_error".into(), message: "Overloaded".into() };
    assert_eq!(seen, Seen { content: false, terminator: false, error: Some(expected.clone()) });
    assert_eq!(reading.error, Some(expected));
    assert!(!reading.complete);
}

#[test]
fn texts_of_the_provider_are_bounded() {
    let long = "é".repeat(10_000);
    let (reading, _) = stream(&[
        &format!(r#"{{"type":"message_start","message":{{"model":"{long}","id":"{long}"}}}}"#),
        &format!(r#"{{"type":"error","error":{{"type":"{long}","message":"{long}"}}}}"#),
    ]);

    let error = reading.error.expect("it was reported");
    let lengths = [reading.model, reading.message_id, Some(error.kind), Some(error.message)]
        .map(|text| text.map_or(0, |text| text.len()));
    assert_eq!(lengths, [256, 256, 64, 1024]);
}

#[test]
fn a_page_in_the_place_of_an_answer_has_no_usage() {
    let page = b"<!doctype html><html><body>Sign in to the network</body></html>";
    let google = [Observer::google_stream(), Observer::google_json(JSON_LIMIT)];
    for mut observer in [Observer::stream(), Observer::json(JSON_LIMIT)].into_iter().chain(google) {
        let seen = observer.feed(page);

        assert!(!seen.content && seen.error.is_none());
        assert_eq!(observer.finish(End::Whole), Reading::default());
    }
}

#[test]
fn a_reply_beyond_the_limit_is_read_from_its_two_ends() {
    let text = r#"an answer that speaks of \"usage\": {\"output_tokens\": 1} "#.repeat(40_000);
    let body = format!(
        r#"{{"id":"msg_1","model":"claude-opus-4-5","content":[{{"type":"text","text":"{text}"}}],"stop_reason":"end_turn","usage":{{"input_tokens":7,"output_tokens":400000}}}}"#
    );
    for size in [1000, 1 << 20, body.len()] {
        let mut observer = Observer::json(1 << 20);
        for piece in body.as_bytes().chunks(size) {
            observer.feed(piece);
        }

        let reading = observer.finish(End::Whole);

        assert_eq!(reading.usage.tokens, Tokens { input: 7, output: 400_000, ..Tokens::default() });
        assert_eq!(reading.model.as_deref(), Some("claude-opus-4-5"));
        assert_eq!(reading.stop_reason.as_deref(), Some("end_turn"));
        assert!(reading.complete && !reading.usage.output_estimated);
    }
}

#[test]
fn a_reply_cut_off_before_its_usage_is_estimated_from_its_text() {
    let text = "some words of an answer that is long enough ".repeat(100);
    let body =
        format!(r#"{{"id":"msg_1","model":"claude-opus-4-5","content":[{{"type":"text","text":"{text}"#);
    let mut observer = Observer::json(JSON_LIMIT);
    observer.feed(body.as_bytes());

    let reading = observer.finish(End::Cut);

    assert!(!reading.complete && !reading.input_seen && reading.usage.output_estimated);
    assert!((900..1300).contains(&reading.usage.tokens.output), "{}", reading.usage.tokens.output);
}

#[test]
fn thinking_that_is_not_shown_is_estimated_from_its_encrypted_form() {
    let signature = "A".repeat(4000);
    let delta = format!(
        r#"{{"type":"content_block_delta","index":0,"delta":{{"type":"signature_delta","signature":"{signature}"}}}}"#
    );

    let (reading, _) = stream(&[START, &delta]);

    assert!((500..1000).contains(&reading.usage.tokens.output), "{}", reading.usage.tokens.output);
}
