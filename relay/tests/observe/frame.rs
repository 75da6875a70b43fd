//! Framing of server-sent events.

use proptest::prelude::*;
use relay::stream::frame::{Frames, LONGEST_EVENT};

type Event = (Option<String>, String);

fn frames<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Event>, u64) {
    let mut frames = Frames::default();
    let mut events = Vec::new();
    let mut keep = |frame: relay::stream::frame::Frame<'_>| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        events.push((frame.name.map(text), text(frame.data)));
    };
    for piece in pieces {
        frames.feed(piece, &mut keep);
    }
    frames.finish(&mut keep);
    let skipped = frames.skipped();
    (events, skipped)
}

fn event(name: Option<&str>, data: &str) -> Event {
    (name.map(Into::into), data.into())
}

#[test]
fn line_ends_of_all_kinds_may_be_mixed() {
    let body = b"event: a\r\ndata: 1\rdata: 2\n\r\n\revent: b\ndata:3\r\r\ndata\n\n";

    let expected = vec![event(Some("a"), "1\n2"), event(Some("b"), "3"), event(None, "")];

    assert_eq!(frames([&body[..]]), (expected.clone(), 0));
    assert_eq!(frames(body.chunks(1)), (expected, 0));
}

#[test]
fn comments_unknown_fields_and_a_byte_order_mark_are_passed_over() {
    let body = b"\xef\xbb\xbfdata: 1\n: ping\nid: 7\nretry: 5\n\n:\n\ndata: 2\n\n";

    for size in [1, 2, 3, body.len()] {
        assert_eq!(frames(body.chunks(size)), (vec![event(None, "1"), event(None, "2")], 0));
    }
}

#[test]
fn the_last_event_counts_without_its_blank_line_but_not_without_its_line_end() {
    assert_eq!(frames([&b"data: 1\n\ndata: 2\n"[..]]).0, [event(None, "1"), event(None, "2")]);
    assert_eq!(frames([&b"data: 1\n\ndata: 2"[..]]).0, [event(None, "1")]);
}

#[test]
fn an_event_beyond_the_bound_is_left_out_and_counted() {
    let long = "x".repeat(20 << 20);
    let several = format!("data: {}\n", "y".repeat(LONGEST_EVENT / 2)).repeat(3);
    let body = format!("data: 1\n\nevent: big\ndata: {long}\ndata: more\n\n{several}\ndata: 2\n\n");

    for size in [997, 1 << 16, body.len()] {
        let (events, skipped) = frames(body.as_bytes().chunks(size));

        assert_eq!(events, [event(None, "1"), event(None, "2")]);
        assert_eq!(skipped, 2);
    }
}

#[test]
fn a_long_comment_does_no_harm_to_its_event() {
    let body = format!("data: 1\n:{}\n\n", "x".repeat(3 << 20));

    for size in [4096, body.len()] {
        assert_eq!(frames(body.as_bytes().chunks(size)), (vec![event(None, "1")], 0));
    }
}

#[test]
fn an_event_just_within_the_bound_is_handed_on_however_it_is_split() {
    for (length, count) in [(LONGEST_EVENT, 1), (LONGEST_EVENT + 1, 0)] {
        let body = format!("data: {}\n\n", "x".repeat(length));

        for size in [1000, 1 << 20, body.len()] {
            assert_eq!(frames(body.as_bytes().chunks(size)).0.len(), count, "{length} in {size}");
        }
    }
}

proptest! {
    #[test]
    fn splits_make_no_difference(
        tokens in proptest::collection::vec(
            prop_oneof![
                Just("data: "), Just("data:"), Just("data"), Just("event: "), Just(":"), Just("x"), Just("é"),
                Just("\n"), Just("\r"), Just("\r\n"), Just("\n\n"), Just("\u{feff}"),
            ],
            0..60,
        ),
        sizes in proptest::collection::vec(1_usize..9, 1..20),
    ) {
        let body = tokens.concat();
        let mut pieces = Vec::new();
        let mut rest = body.as_bytes();
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at((*size).min(rest.len()));
            pieces.push(piece);
            rest = after;
        }

        prop_assert_eq!(frames(pieces), frames([body.as_bytes()]));
    }
}
