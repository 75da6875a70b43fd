//! Errors: Google's own pass as they are, the relay's come in Google's shape, and an account's trouble is another's call.

use std::time::Duration;

use relay::admin::account;
use relay::model::account::AccountState;
use relay::model::outcome::Outcome;
use rstest::rstest;
use serde_json::{Value, json};
use upstream::Behaviour;

use super::{BODY, MODEL};
use crate::raw;
use crate::support::TestRelay;

async fn two() -> TestRelay {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key_with("goog-a", 10).await;
    relay.google_key_with("goog-b", 20).await;
    relay
}

#[rstest]
#[case(Behaviour::key_invalid())]
#[case(Behaviour::key_leaked())]
#[case(Behaviour::service_disabled())]
#[case(Behaviour::region_unsupported())]
#[case(Behaviour::validation_required("https://accounts.example.com/validate"))]
#[tokio::test]
async fn trouble_of_the_accounts_own_parks_it_and_never_shows(#[case] behaviour: Behaviour) {
    let relay = two().await;
    relay.upstream.script("goog-a", behaviour);

    let answer = relay.gemini("generateContent").await;

    assert_eq!(answer.status(), 200);
    let states: Vec<_> = account::list(&relay.shared, &relay.admin).await.unwrap();
    assert!(matches!(states[0].state, AccountState::Parked { .. }), "{:?}", states[0].state);
    assert_eq!(states[1].state, AccountState::Able);
}

#[rstest]
#[case(Behaviour::quota_per_minute(Duration::from_secs(34)))]
#[case(Behaviour::quota_per_day(Duration::from_secs(34)))]
#[case(Behaviour::quota_zero())]
#[case(Behaviour::quota_reasons())]
#[case(Behaviour::status(500))]
#[case(Behaviour::status(503))]
#[tokio::test]
async fn limits_and_failures_go_to_the_next_account(#[case] behaviour: Behaviour) {
    let relay = two().await;
    relay.upstream.script("goog-a", behaviour);

    let answer = relay.gemini("streamGenerateContent?alt=sse").await;

    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.unwrap().contains("STOP"));
}

#[rstest]
#[case(400)]
#[case(404)]
#[case(413)]
#[tokio::test]
async fn the_clients_own_errors_burn_no_account(#[case] status: u16) {
    let relay = two().await;
    relay.upstream.script("goog-a", Behaviour::status(status).message("yours"));

    let answer = relay.gemini("generateContent").await;

    assert_eq!(answer.status(), status);
    let error: Value = answer.json().await.unwrap();
    assert_eq!(error["error"]["message"], "yours");
    assert_eq!(relay.upstream.books().of("goog-b").count(), 0);
    assert_eq!(relay.record().await.outcome, Outcome::Rejected);
}

#[tokio::test]
async fn when_all_are_limited_the_earliest_end_is_told_with_a_time_to_wait() {
    let relay = two().await;
    relay.upstream.script("goog-a", Behaviour::quota_per_minute(Duration::from_secs(34)));
    relay.upstream.script("goog-b", Behaviour::quota_per_minute(Duration::from_secs(12)));

    let answer = relay.gemini("generateContent").await;

    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "12");
    let error: Value = answer.json().await.unwrap();
    assert_eq!(error["error"]["status"], "RESOURCE_EXHAUSTED");
    assert!(error.to_string().contains("12s"), "{error}");
}

#[tokio::test]
async fn a_limit_of_one_model_leaves_the_others_alone() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    let limit = Behaviour::quota_per_minute(Duration::from_secs(34)).only_for(MODEL);
    relay.upstream.script("goog-a", limit);

    let limited = relay.gemini("generateContent").await;
    let other = relay.google("/gemini/v1beta/models/gemini-2.5-flash:generateContent", BODY).await;

    assert_eq!((limited.status().as_u16(), other.status().as_u16()), (429, 200));
}

#[tokio::test]
async fn a_limited_model_is_not_asked_for_again_before_its_time() {
    let relay = two().await;
    let limit = Behaviour::quota_per_minute(Duration::from_secs(34)).only_for(MODEL);
    relay.upstream.script("goog-a", limit);
    let flash = "/gemini/v1beta/models/gemini-2.5-flash:generateContent";

    for _ in 0..3 {
        assert_eq!(relay.gemini("generateContent").await.status(), 200);
    }
    assert_eq!(relay.google(flash, BODY).await.status(), 200);
    let asked = |token: &str| {
        let books = relay.upstream.books();
        let models: Vec<_> = books.of(token).filter_map(|one| one.model.clone()).collect();
        models
    };
    assert_eq!(asked("goog-a"), [MODEL, "gemini-2.5-flash"]);
    assert_eq!(asked("goog-b").len(), 3);

    relay.upstream.script("goog-a", Behaviour::ok());
    relay.clock.advance(35_000);
    assert_eq!(relay.gemini("generateContent").await.status(), 200);
    assert_eq!(asked("goog-a").len(), 3);
}

fn status(error: &Value) -> (Value, Value) {
    (error["error"]["code"].clone(), error["error"]["status"].clone())
}

#[tokio::test]
async fn the_relays_own_refusals_come_in_googles_shape() {
    let relay = TestRelay::empty(&[]).await;
    let path = format!("/gemini/v1beta/models/{MODEL}:generateContent");

    let nobody: Value =
        relay.client.post(relay.url(&path)).body(BODY).send().await.unwrap().json().await.unwrap();
    let no_account: Value = relay.google(&path, BODY).await.json().await.unwrap();
    relay.google_key("goog-a").await;
    let no_json: Value = relay.google(&path, "{\"contents\":").await.json().await.unwrap();
    let no_object: Value = relay.google(&path, "[1]").await.json().await.unwrap();
    let no_path: Value = relay.google("/gemini/v1beta/cachedContents", BODY).await.json().await.unwrap();
    let no_verb: Value =
        relay.google(&format!("/gemini/v1beta/models/{MODEL}:predict"), BODY).await.json().await.unwrap();
    let (_, no_get) = relay.google_get(&path).await;

    assert_eq!(status(&nobody), (json!(401), json!("UNAUTHENTICATED")));
    assert_eq!(status(&no_account), (json!(503), json!("UNAVAILABLE")));
    for malformed in [&no_json, &no_object] {
        assert_eq!(status(malformed), (json!(400), json!("INVALID_ARGUMENT")));
    }
    for missing in [&no_path, &no_verb] {
        assert_eq!(status(missing), (json!(404), json!("NOT_FOUND")));
    }
    assert_eq!(status(&no_get), (json!(405), json!("UNIMPLEMENTED")));
    assert_eq!(relay.upstream.books().totals.requests, 0);
}

#[tokio::test]
async fn no_upstream_is_told_as_such() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    relay.upstream.stop().await;

    let answer = relay.gemini("generateContent").await;

    assert_eq!(answer.status(), 502);
    assert_eq!(answer.json::<Value>().await.unwrap()["error"]["status"], "UNAVAILABLE");
}

#[tokio::test]
async fn a_path_that_climbs_leads_nowhere() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;

    for path in
        ["/gemini/v1beta/models/../../v1internal:x", "/gemini/v1beta/models/%2e%2e%2fx:generateContent"]
    {
        let head = raw::head(&relay, &format!("POST {path}"), "content-length: 2\r\n");
        let answer = raw::send(&relay, format!("{head}{{}}").as_bytes()).await;

        assert_eq!(answer.status(), 404, "{path}");
    }
    assert_eq!(relay.upstream.books().totals.requests, 0);
}
