//! Answers of Gemini's that are not what they should be.

use relay::model::usage::{Tokens, Usage};
use relay::stream::observe::{End, JSON_LIMIT, Observer, Reading, Seen, StreamError};

fn read(mut observer: Observer, pieces: &[&str], end: End) -> (Reading, Seen) {
    let mut seen = Seen::default();
    for piece in pieces {
        seen.merge(observer.feed(piece.as_bytes()));
    }
    (observer.finish(end), seen)
}

fn stream(chunks: &[&str]) -> (Reading, Seen) {
    let events: Vec<_> = chunks.iter().map(|chunk| format!("data: {chunk}\r\n\r\n")).collect();
    let events: Vec<_> = events.iter().map(String::as_str).collect();
    read(Observer::google_stream(), &events, End::Whole)
}

fn usage(json: &str) -> Usage {
    let finished = r#""candidates":[{"finishReason":"STOP"}]"#;
    stream(&[&format!(r#"{{{finished},"usageMetadata":{json}}}"#)]).0.usage
}

#[test]
fn the_last_usage_wins_and_nothing_is_added() {
    let chunk =
        |output| format!(r#"{{"usageMetadata":{{"promptTokenCount":10,"candidatesTokenCount":{output}}}}}"#);

    let (reading, _) = stream(&[&chunk(5), &chunk(9), r#"{"candidates":[{"finishReason":"STOP"}]}"#]);

    assert_eq!(reading.usage.tokens, Tokens { input: 10, output: 9, ..Tokens::default() });
    assert!(reading.complete && !reading.usage.output_estimated);
}

#[test]
fn thinking_that_a_backend_counts_as_output_is_not_charged_twice() {
    let counted_inside = usage(
        r#"{"promptTokenCount":10,"candidatesTokenCount":50,"thoughtsTokenCount":20,"totalTokenCount":60}"#,
    );
    let counted_beside = usage(
        r#"{"promptTokenCount":10,"candidatesTokenCount":50,"thoughtsTokenCount":20,"totalTokenCount":80}"#,
    );

    assert_eq!((counted_inside.tokens.output, counted_beside.tokens.output), (50, 70));
}

#[test]
fn an_answer_of_which_only_the_total_is_given_has_the_rest_as_output() {
    let usage = usage(r#"{"promptTokenCount":10,"toolUsePromptTokenCount":3,"totalTokenCount":60}"#);

    assert_eq!(usage.tokens, Tokens { input: 13, output: 47, ..Tokens::default() });
    assert!(!usage.output_estimated);
}

#[test]
fn usage_that_cannot_be_right_counts_as_absent() {
    let usage = usage(
        r#"{"promptTokenCount":10,"cachedContentTokenCount":-4,"candidatesTokenCount":"5","thoughtsTokenCount":1e400,
            "toolUsePromptTokenCount":99999999999999999999,"promptTokensDetails":7}"#
            .replace('\n', "")
            .as_str(),
    );

    assert_eq!(usage.tokens.input, 10);
}

#[test]
fn more_from_the_cache_than_the_prompt_holds_never_makes_the_input_negative() {
    let usage = usage(
        r#"{"promptTokenCount":10,"cachedContentTokenCount":40,"candidatesTokenCount":1,
            "promptTokensDetails":[{"modality":"AUDIO","tokenCount":500}]}"#
            .replace('\n', "")
            .as_str(),
    );

    assert_eq!((usage.tokens.input, usage.tokens.cache_read, usage.audio), (0, 40, 0));
}

#[test]
fn searches_price_class_and_audio_are_noted() {
    let (reading, _) = stream(&[
        r#"{"candidates":[{"groundingMetadata":{"webSearchQueries":["a","b"]}}]}"#,
        r#"{"candidates":[{"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["a","b","c"]}}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":10,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":60}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":5}],"trafficType":"ON_DEMAND_FLEX"}}"#,
    ]);

    let usage = reading.usage;
    assert_eq!((usage.web_searches, usage.audio, usage.service_tier.as_deref()), (3, 55, Some("flex")));
}

#[test]
fn a_stream_that_is_cut_is_estimated_from_its_last_count_on() {
    let (reading, _) = stream(&[
        r#"{"candidates":[{"content":{"parts":[{"text":"Some words of an answer."}]}}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":120}}"#,
        r#"{"candidates":[{"content":{"parts":[{"text":"Some words of an answer."}]}}],"usageMetadata":{"promptTokenCount":7}}"#,
    ]);

    assert!(!reading.complete && reading.usage.output_estimated);
    assert!((123..130).contains(&reading.usage.tokens.output), "{}", reading.usage.tokens.output);
}

#[test]
fn without_any_count_text_thinking_and_calls_are_estimated() {
    let (reading, _) = stream(&[
        r#"{"candidates":[{"content":{"parts":[{"text":"Some words of thinking.","thought":true},{"text":"Some words of an answer."},{"functionCall":{"name":"get_time","args":{"zone":"UTC"}}}]}}]}"#,
    ]);

    assert!(!reading.input_seen && reading.usage.output_estimated);
    assert!((35..60).contains(&reading.usage.tokens.output), "{}", reading.usage.tokens.output);
}

#[test]
fn every_candidate_must_end() {
    let (one, two) = (r#"{"index":0,"finishReason":"STOP"}"#, r#"{"index":1}"#);
    let ended = r#"{"index":1,"finishReason":"SAFETY"}"#;

    let chunks = [format!(r#"{{"candidates":[{one},{two}]}}"#), format!(r#"{{"candidates":[{ended}]}}"#)];

    assert!(!stream(&[&chunks[0]]).0.complete);
    assert!(stream(&[&chunks[0], &chunks[1]]).0.complete);
}

#[test]
fn an_error_in_a_stream_is_told_in_both_forms() {
    let error = r#"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#;
    let expected = StreamError { kind: "UNAVAILABLE".into(), message: "The model is overloaded.".into() };

    for (reading, seen) in [
        stream(&[error]),
        read(Observer::google_json(JSON_LIMIT), &["[", error, "]"], End::Whole),
        read(Observer::google_json(JSON_LIMIT), &[error], End::Whole),
    ] {
        assert!(!seen.content && !reading.complete);
        assert_eq!(seen.error.as_ref(), Some(&expected));
        assert_eq!(reading.error.as_ref(), Some(&expected));
    }
}

#[test]
fn an_array_may_hold_brackets_quotes_and_escapes_in_its_texts() {
    let chunk = |text: &str| {
        format!(r#"{{"candidates":[{{"content":{{"parts":[{{"text":"{text}"}}]}},"finishReason":"STOP"}}]}}"#)
    };
    let body = format!(
        "[{}\r\n,\r\n{}]\n",
        chunk(r#"]}\\\"[{ "#),
        r#"{"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":9}}"#
    );

    for size in [1, 2, 3, body.len()] {
        let mut observer = Observer::google_json(JSON_LIMIT);
        let mut seen = Seen::default();
        for piece in body.as_bytes().chunks(size) {
            seen.merge(observer.feed(piece));
        }

        assert!(seen.content && seen.terminator, "{size}");
        let reading = observer.finish(End::Whole);
        assert_eq!(reading.usage.tokens, Tokens { input: 7, output: 9, ..Tokens::default() }, "{size}");
    }
}

#[test]
fn a_reply_beyond_the_limit_is_read_from_its_end() {
    let body = format!(
        r#"{{"candidates":[{{"content":{{"parts":[{{"inlineData":{{"data":"{}"}}}}]}},"finishReason":"STOP"}}],"usageMetadata":{{"promptTokenCount":7,"candidatesTokenCount":1290}},"modelVersion":"gemini-2.5-flash-image","responseId":"r"}}"#,
        "QUJD".repeat(500_000)
    );
    for size in [1000, 1 << 20, body.len()] {
        let mut observer = Observer::google_json(1 << 20);
        for piece in body.as_bytes().chunks(size) {
            observer.feed(piece);
        }

        let reading = observer.finish(End::Whole);

        assert_eq!(reading.usage.tokens, Tokens { input: 7, output: 1290, ..Tokens::default() });
        assert_eq!(reading.model.as_deref(), Some("gemini-2.5-flash-image"));
        assert_eq!(reading.stop_reason.as_deref(), Some("STOP"));
        assert!(reading.complete && !reading.usage.output_estimated);
    }
}

#[test]
fn a_reply_cut_off_before_its_usage_is_estimated_from_its_text_and_no_picture() {
    let text = "some words of an answer that is long enough ".repeat(100);
    let body = format!(
        r#"{{"candidates":[{{"content":{{"parts":[{{"inlineData":{{"data":"{}"}}}},{{"text":"{text}"#,
        "QUJD".repeat(10_000)
    );

    let (reading, _) = read(Observer::google_json(JSON_LIMIT), &[&body], End::Cut);

    assert!(!reading.complete && !reading.input_seen && reading.usage.output_estimated);
    assert!((900..1300).contains(&reading.usage.tokens.output), "{}", reading.usage.tokens.output);
}

#[test]
fn a_payload_may_span_several_data_lines() {
    let event = "data: {\"response\":{\"candidates\":[{\"finishReason\":\"STOP\"}],\n\
                 data: \"usageMetadata\":{\"promptTokenCount\":7,\n\
                 data: \"candidatesTokenCount\":9}},\"traceId\":\"t\"}\n\n";

    let (reading, _) = read(Observer::google_stream(), &[event], End::Whole);

    assert_eq!(reading.usage.tokens, Tokens { input: 7, output: 9, ..Tokens::default() });
    assert_eq!(reading.message_id.as_deref(), Some("t"));
}
