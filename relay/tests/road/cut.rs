//! Upstream breaks off or falls silent: never a silent end, never a hang (hard case 28, architecture stage 6).

use relay::model::outcome::Outcome;
use rstest::rstest;
use serde_json::Value;
use upstream::{Behaviour, Ending, Gate, Usage};

use crate::support::{TestRelay, message};

const BROKE_OFF: &str = "upstream broke off in the middle of its answer";
const SILENT: &str = "upstream fell silent in the middle of its answer";

/// The last event of a stream that went wrong.
fn error_event(kind: &str, message: &str) -> String {
    format!(
        "\n\nevent: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"{kind}\",\"message\":\"{message}\"}}}}\n\n"
    )
}

fn forty() -> Behaviour {
    Behaviour::ok().events(40).usage(Usage::new(12, 340))
}

#[rstest]
#[case::at_the_start(forty().cut_after(1), true)]
#[case::in_mid_answer(forty().cut_after(20), true)]
#[case::inside_an_event(forty().cut_after_bytes(1_234), true)]
#[case::with_a_length(forty().sized().cut_after(20), true)]
#[case::by_reset(forty().cut_after(20).by_reset(), true)]
#[case::before_the_last_event(forty().cut_after(39), false)]
#[tokio::test]
async fn a_cut_becomes_an_error_event_and_a_clean_end(#[case] behaviour: Behaviour, #[case] estimated: bool) {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", behaviour);

    let answer = relay.message(true).await;

    let seen = answer.text().await.expect("a clean end");
    assert!(seen.ends_with(&error_event("api_error", BROKE_OFF)), "{seen}");
    assert!(seen.starts_with("event: message_start"));
    let record = relay.record().await;
    assert_eq!((record.outcome, record.status, record.accepted), (Outcome::UpstreamCut, 200, true));
    assert_eq!((record.usage.tokens.input, record.usage.output_estimated), (12, estimated));
    assert!(record.usage.tokens.output <= 340 && record.cost.unwrap().0 > 0);
    assert_eq!(relay.usage().await["usage"]["total"]["requests"], 1);
}

#[rstest]
#[case::sized(forty().cut_after_bytes(200))]
#[case::chunked(forty().chunked().cut_after_bytes(200))]
#[case::coded(forty().gzip_uninvited().cut_after_bytes(60))]
#[tokio::test]
async fn a_cut_in_a_plain_or_coded_answer_breaks_the_connection(#[case] behaviour: Behaviour) {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", behaviour);

    let answer = relay.message(false).await;

    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect_err("no good end");
    let record = relay.record().await;
    assert_eq!(record.outcome, Outcome::UpstreamCut);
    assert!(record.usage.output_estimated);
}

#[tokio::test]
async fn a_cut_in_a_coded_stream_breaks_the_connection() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", forty().gzip_uninvited().cut_after(20));

    let answer = relay.message(true).await;

    answer.bytes().await.expect_err("no good end");
    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.tokens.input), (Outcome::UpstreamCut, 12));
    assert!(record.usage.output_estimated);
}

#[rstest]
#[case::after_the_head(forty().stall_after(0), true)]
#[case::after_the_start(forty().stall_after(1), true)]
#[case::in_mid_answer(forty().stall_after(20), true)]
#[case::inside_an_event(forty().stall_after_bytes(1_234), true)]
#[case::before_the_last_event(forty().stall_after(39), false)]
#[tokio::test]
async fn silence_becomes_an_error_event_and_a_clean_end(
    #[case] behaviour: Behaviour,
    #[case] estimated: bool,
) {
    let relay = TestRelay::with(&[("SWITCHYARD_RELAY_IDLE", "600ms")]).await;
    relay.upstream.script("sk-a", behaviour);

    let answer = relay.message(true).await;

    let seen = answer.text().await.expect("a clean end");
    assert!(seen.ends_with(&error_event("timeout_error", SILENT)), "{seen}");
    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.output_estimated), (Outcome::UpstreamCut, estimated));
    assert_eq!(record.cause.as_deref(), Some("upstream sent nothing for 600ms"));
    let books = relay.upstream.wait_for(|books| books.is_quiet()).await;
    assert_eq!(books.last().unwrap().ending, Ending::Left);
}

#[tokio::test]
async fn silence_in_a_plain_answer_breaks_the_connection() {
    let relay = TestRelay::with(&[("SWITCHYARD_RELAY_IDLE", "600ms")]).await;
    relay.upstream.script("sk-a", forty().stall_after_bytes(50));

    let answer = relay.message(false).await;

    answer.bytes().await.expect_err("no good end");
    assert_eq!(relay.record().await.outcome, Outcome::UpstreamCut);
}

#[rstest]
#[case::hearing_nothing(Behaviour::ok().hang(), 64)]
#[case::in_the_upload(Behaviour::ok().without_reading().hang(), 20 << 20)]
#[tokio::test]
async fn silence_before_an_answer_is_a_time_out(#[case] behaviour: Behaviour, #[case] bytes: usize) {
    let relay = TestRelay::with(&[("SWITCHYARD_RELAY_IDLE", "600ms")]).await;
    relay.upstream.script("sk-a", behaviour);
    let body = message(true).to_string().replace("hello", &"x".repeat(bytes));

    let answer = relay.post("/api/v1/messages").body(body).send().await.unwrap();

    assert_eq!(answer.status(), 504);
    assert!(answer.headers().contains_key("x-switchyard-request-id"));
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["type"], "timeout_error");
    assert_eq!(body["error"]["message"], "upstream did not answer in time");
    let record = relay.record().await;
    assert_eq!((record.outcome, record.status, record.accepted), (Outcome::UpstreamError, 0, false));
    assert_eq!(record.cause.as_deref(), Some("no answer within 600ms"));
}

#[tokio::test]
async fn a_start_that_is_late_is_delivered_after_the_peek() {
    let relay = TestRelay::with(&[("SWITCHYARD_RELAY_PEEK", "100ms")]).await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", forty().gated(&gate));

    gate.release(1);
    let mut answer = relay.message(true).await;
    let start = answer.chunk().await.unwrap().unwrap();

    assert!(start.starts_with(b"event: message_start"));
    assert_eq!(gate.sent(), 1);
    gate.open();
    let rest = answer.text().await.unwrap();
    assert!(rest.ends_with("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"));
    assert_eq!(relay.record().await.usage.tokens.output, 340);
}

#[tokio::test]
async fn a_start_that_is_long_is_delivered_after_sixty_four_kilobytes() {
    let relay = TestRelay::with(&[("SWITCHYARD_RELAY_PEEK", "1h")]).await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", forty().comments(20_000).gated(&gate));

    // The comments come in pieces of a thousand; five of them are more than is held back.
    gate.release(6);
    let mut answer = relay.message(true).await;

    let mut held = 0;
    while held <= 64 << 10 {
        held += answer.chunk().await.unwrap().unwrap().len();
    }
    gate.open();
    assert!(answer.text().await.unwrap().ends_with("data: {\"type\":\"message_stop\"}\n\n"));
    assert_eq!(relay.record().await.outcome, Outcome::Ok);
}
