//! Taking Code Assist's wrapper off: the reply inside comes out byte for byte, however the answer is split.

use proptest::prelude::*;
use relay::provider::google::unwrap::{Form, Unwrapper};
use relay::stream::observe::{End, JSON_LIMIT, Observer, Reading};

use crate::split::pieces;

const REPLY: &str = r#"{ "candidates" : [{"content":{"parts":[{"text":"1.50e+2 \u00e9 \ud83d\ude00 }]"}]},"finishReason":"STOP"}],
  "z":1.0000000000000000001,"a":[ ],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":9}}"#;

fn unwrap<'a>(form: Form, pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut unwrapper = Unwrapper::new(form);
    let mut out = Vec::new();
    for piece in pieces {
        unwrapper.feed(piece, &mut out).expect("it is short");
    }
    unwrapper.finish(&mut out);
    String::from_utf8(out).expect("text stays text")
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).expect("it is there")
}

/// A stream of wrapped replies: the first over several data lines, the second with an id of its own, an error last.
fn wrapped_stream() -> String {
    let first = format!("{{\"traceId\":\"t1\",\n\"response\":{REPLY}}}").replace('\n', "\r\ndata: ");
    let second = r#"{"response":{"responseId":"own"},"traceId":"t1","remainingCredits":[]}"#;
    let error = r#"{"error":{"code":503,"status":"UNAVAILABLE"}}"#;
    format!(
        "data: {first}\r\n\r\n: comment\r\n\r\ndata: {second}\n\ndata: {{\"traceId\":\"t1\"}}\n\ndata: {error}\n\n"
    )
}

fn bare_first() -> String {
    REPLY.strip_suffix('}').expect("an object").to_owned() + r#","responseId":"t1"}"#
}

#[test]
fn the_reply_comes_out_as_it_is_with_the_trace_as_its_id() {
    let single = format!(r#" {{"response": {REPLY} ,"traceId":"t1"}}"#);

    assert_eq!(unwrap(Form::Single, [single.as_bytes()]), bare_first());
    assert_eq!(unwrap(Form::Single, [&br#"{"response":{},"traceId":"t"}"#[..]]), r#"{"responseId":"t"}"#);
    assert_eq!(unwrap(Form::Single, [&br#"{"response":{"a":1}}"#[..]]), r#"{"a":1}"#);
}

#[test]
fn what_has_no_wrapper_passes() {
    for body in [r#"{"error":{"code":429}}"#, r#"{"totalTokens":31}"#, "not json", ""] {
        assert_eq!(unwrap(Form::Single, [body.as_bytes()]), body);
    }
}

#[test]
fn a_stream_stays_one_event_by_event() {
    let expected = format!(
        "data: {}\r\n\r\ndata: {}\r\n\r\ndata: {}\r\n\r\n",
        bare_first().replace('\n', ""),
        r#"{"responseId":"own"}"#,
        r#"{"error":{"code":503,"status":"UNAVAILABLE"}}"#
    );

    assert_eq!(unwrap(Form::Events, [wrapped_stream().as_bytes()]), expected);
}

#[test]
fn a_stream_becomes_an_array_for_who_asked_for_none() {
    let array = unwrap(Form::Array, [wrapped_stream().as_bytes()]);

    let expected = format!(
        "[{}\r\n,\r\n{}\r\n,\r\n{}]",
        bare_first(),
        r#"{"responseId":"own"}"#,
        r#"{"error":{"code":503,"status":"UNAVAILABLE"}}"#
    );
    assert_eq!(array, expected);
    assert_eq!(unwrap(Form::Array, [&b""[..]]), "[]");
}

#[test]
fn bare_and_wrapped_answers_meter_to_the_same() {
    let body = fixture("codeassist-stream.sse");
    let reading = |mut observer: Observer, body: &[u8]| -> Reading {
        observer.feed(body);
        observer.finish(End::Whole)
    };
    let wrapped = reading(Observer::google_stream(), &body);

    let events = unwrap(Form::Events, [&body[..]]);
    let array = unwrap(Form::Array, [&body[..]]);

    assert_eq!(reading(Observer::google_stream(), events.as_bytes()), wrapped);
    assert_eq!(reading(Observer::google_json(JSON_LIMIT), array.as_bytes()), wrapped);
}

proptest! {
    #[test]
    fn random_splits_come_out_the_same(cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..40)) {
        for body in [wrapped_stream().into_bytes(), fixture("codeassist-stream.sse"), fixture("gemini-stream.sse")] {
            for form in [Form::Events, Form::Array, Form::Single] {
                let whole = unwrap(form, [&body[..]]);

                prop_assert_eq!(unwrap(form, pieces(&body, &cuts)), whole);
            }
        }
    }
}
