//! The wire fixtures and what each must meter to.

use relay::model::usage::{Tokens, Usage};
use relay::stream::observe::{End, JSON_LIMIT, Observer, Reading, Seen, StreamError};

pub(crate) const SONNET: &str = "claude-sonnet-4-5-20250929";
pub(crate) const OPUS: &str = "claude-opus-4-5-20251101";

/// One fixture: its bytes, and the reading that they must give.
pub(crate) struct Fixture {
    pub(crate) name: &'static str,
    pub(crate) body: Vec<u8>,
    pub(crate) expected: Reading,
}

impl Fixture {
    pub(crate) fn observer(&self) -> Observer {
        observer_for(self.name)
    }

    /// Reads the fixture in the given pieces.
    pub(crate) fn read<'a>(&self, pieces: impl IntoIterator<Item = &'a [u8]>) -> (Reading, Seen) {
        let mut observer = self.observer();
        let mut seen = Seen::default();
        for piece in pieces {
            seen.merge(observer.feed(piece));
        }
        (observer.finish(End::Whole), seen)
    }
}

fn observer_for(name: &str) -> Observer {
    match (name.starts_with("anthropic-"), name.ends_with(".json")) {
        (true, true) => Observer::json(JSON_LIMIT),
        (true, false) => Observer::stream(),
        (false, true) => Observer::google_json(JSON_LIMIT),
        (false, false) => Observer::google_stream(),
    }
}

fn fixture(name: &'static str, id: &str, model: &str, stop: Option<&str>, usage: Usage) -> Fixture {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    Fixture {
        name,
        body: std::fs::read(path).expect("the fixture is there"),
        expected: Reading {
            model: Some(model.into()),
            message_id: Some(id.into()),
            stop_reason: stop.map(Into::into),
            usage,
            input_seen: true,
            complete: stop.is_some(),
            error: None,
            skipped_events: 0,
        },
    }
}

fn usage(input: u64, cache_write_5m: u64, cache_write_1h: u64, cache_read: u64, output: u64) -> Usage {
    Usage { tokens: Tokens { input, output, cache_write_5m, cache_write_1h, cache_read }, ..Usage::default() }
}

/// Every fixture of an answer.
pub(crate) fn all() -> Vec<Fixture> {
    let mut fixtures = anthropic();
    fixtures.extend(google());
    fixtures
}

fn google() -> Vec<Fixture> {
    let google = |name, id: &str, model, stop, usage| fixture(name, id, model, Some(stop), usage);
    let pro = |name| {
        let usage = Usage { thinking: 110, ..usage(430, 0, 0, 800, 150) };
        google(name, "rFixture1", "gemini-2.5-pro", "STOP", usage)
    };
    vec![
        pro("gemini-stream.sse"),
        pro("gemini-stream-array.json"),
        google(
            "gemini-nonstream.json",
            "rFixture1",
            "gemini-2.5-flash",
            "STOP",
            Usage { thinking: 21, ..usage(264, 0, 0, 0, 26) },
        ),
        google(
            "gemini-blocked.json",
            "rFixture2",
            "gemini-2.5-flash",
            "PROHIBITED_CONTENT",
            usage(19, 0, 0, 0, 0),
        ),
        google(
            "codeassist-stream.sse",
            "a1b2c3",
            "gemini-2.5-pro",
            "STOP",
            Usage { thinking: 23, ..usage(4, 0, 0, 0, 26) },
        ),
    ]
}

fn anthropic() -> Vec<Fixture> {
    let mut cut = fixture(
        "anthropic-error-midstream.sse",
        "msg_01ErrFixture0000000000001",
        SONNET,
        None,
        Usage { output_estimated: true, ..usage(1200, 300, 0, 9000, 4) },
    );
    cut.expected.error = Some(StreamError { kind: "overloaded_error".into(), message: "Overloaded".into() });
    vec![
        fixture(
            "anthropic-text.sse",
            "msg_01TextFixture000000000001",
            SONNET,
            Some("end_turn"),
            usage(25, 0, 0, 0, 15),
        ),
        fixture(
            "anthropic-tool-use.sse",
            "msg_01ToolFixture000000000001",
            SONNET,
            Some("tool_use"),
            usage(472, 0, 0, 0, 89),
        ),
        fixture(
            "anthropic-thinking.sse",
            "msg_01ThinkFixture00000000001",
            OPUS,
            Some("end_turn"),
            Usage { thinking: 133, ..usage(61, 0, 0, 0, 142) },
        ),
        fixture(
            "anthropic-cache-1h.sse",
            "msg_01CacheFixture00000000001",
            SONNET,
            Some("end_turn"),
            usage(12, 500, 1500, 5000, 34),
        ),
        fixture(
            "anthropic-server-tool.sse",
            "msg_01SearchFixture0000000001",
            SONNET,
            Some("end_turn"),
            Usage { web_searches: 2, ..usage(10682, 0, 0, 0, 510) },
        ),
        cut,
        fixture(
            "anthropic-truncated.sse",
            "msg_01CutFixture000000000001",
            SONNET,
            None,
            Usage { output_estimated: true, ..usage(40, 0, 0, 100, 1) },
        ),
        fixture(
            "anthropic-nonstream.json",
            "msg_01XFDUDYJgAACzvnptvVoYEL",
            SONNET,
            Some("end_turn"),
            Usage { web_searches: 1, ..usage(12, 500, 1500, 5000, 34) },
        ),
    ]
}

#[test]
fn every_fixture_is_read_exactly() {
    for fixture in all() {
        let (reading, _) = fixture.read([&fixture.body[..]]);

        assert_eq!(reading, fixture.expected, "{}", fixture.name);
    }
}

#[test]
fn the_delivery_is_told_when_content_begins_and_ends() {
    for fixture in anthropic().into_iter().filter(|fixture| fixture.name.ends_with(".sse")) {
        let (_, seen) = fixture.read([&fixture.body[..]]);

        assert!(seen.content, "{}", fixture.name);
        assert_eq!(seen.terminator, fixture.expected.complete, "{}", fixture.name);
        assert_eq!(seen.error, fixture.expected.error, "{}", fixture.name);
    }
}

#[test]
fn the_delivery_is_told_when_an_answer_of_googles_begins_and_shows_its_end() {
    for fixture in google() {
        let (_, seen) = fixture.read([&fixture.body[..]]);

        assert!(seen.content, "{}", fixture.name);
        assert_eq!(seen.terminator, fixture.name.ends_with(".json"), "{}", fixture.name);
        assert_eq!(seen.error, None, "{}", fixture.name);
    }
}

#[test]
fn an_estimate_is_within_a_third_of_the_truth() {
    for name in ["anthropic-text.sse", "anthropic-tool-use.sse", "anthropic-thinking.sse"] {
        let fixture = all().into_iter().find(|fixture| fixture.name == name).expect("it is one of them");
        let end = fixture.body.windows(20).rposition(|window| window == b"event: message_delta");

        let (reading, _) = fixture.read([&fixture.body[..end.expect("it has one")]]);

        let (estimate, truth) = (reading.usage.tokens.output, fixture.expected.usage.tokens.output);
        assert!(reading.usage.output_estimated && !reading.complete, "{name}");
        assert!(estimate.abs_diff(truth) * 10 <= truth * 3, "{name}: {estimate} for {truth}");
    }
}
