//! What is answered when nothing is wrong.

use std::io::Read;

use serde_json::Value;
use upstream::{Behaviour, Endpoint, OddUsage, Script, Split, Usage};

use crate::{STREAM, WHOLE, ask, events, start};

#[tokio::test]
async fn a_stream_ends_with_message_stop_and_bills_what_the_books_say() {
    let upstream = start().await;
    upstream.script("sk-a", Behaviour::ok().text("Hello, 世界!").usage(Usage::new(12, 34).cache_read(5000)));

    let answer = ask(&upstream, "sk-a", STREAM).send().await.expect("an answer");
    let request_id = answer.headers()["request-id"].to_str().expect("text").to_owned();
    let events = events(&answer.text().await.expect("a body"));

    assert_eq!(events.first().expect("events")["message"]["model"], "claude-sonnet-4-5");
    assert_eq!(events.last().expect("events")["type"], "message_stop");
    let usage = &events[events.len() - 2]["usage"];
    assert_eq!((&usage["output_tokens"], &usage["cache_read_input_tokens"]), (&34.into(), &5000.into()));
    let books = upstream.wait_for(|books| books.is_quiet()).await;
    let exchange = books.last().expect("an exchange");
    assert_eq!(exchange.billed, Usage::new(12, 34).cache_read(5000));
    assert_eq!(exchange.request_id, request_id);
    assert_eq!(exchange.message_id.as_deref(), events[0]["message"]["id"].as_str());
}

#[tokio::test]
async fn without_stream_the_message_is_json_with_the_provider_s_headers() {
    let upstream = start().await;

    let answer = ask(&upstream, "sk-ant-api03-good", WHOLE).send().await.expect("an answer");

    for header in [
        "request-id",
        "anthropic-organization-id",
        "anthropic-ratelimit-tokens-reset",
        "set-cookie",
        "cf-ray",
    ] {
        assert!(answer.headers().contains_key(header), "{header}");
    }
    assert!(answer.headers().contains_key("content-length"));
    let message: Value = answer.json().await.expect("JSON");
    assert_eq!(message["usage"]["input_tokens"], WHOLE.len().div_ceil(4));
    assert_eq!(upstream.books().totals.billed_complete.input, WHOLE.len().div_ceil(4) as u64);
}

#[tokio::test]
async fn unknown_credentials_are_refused_and_known_ones_follow_their_script() {
    let upstream = start().await;
    upstream.script("sk-b", Behaviour::overloaded().times(2).then(Behaviour::ok()));

    assert_eq!(ask(&upstream, "sk-other", WHOLE).send().await.expect("an answer").status(), 401);
    for expected in [529, 529, 200, 200] {
        assert_eq!(ask(&upstream, "sk-b", WHOLE).send().await.expect("an answer").status(), expected);
    }
}

#[tokio::test]
async fn a_refusal_has_the_provider_s_shape() {
    let upstream = start().await;
    upstream.script("sk-c", Behaviour::rate_limited(60));

    let answer = ask(&upstream, "sk-c", STREAM).send().await.expect("an answer");

    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "60");
    let id = answer.headers()["request-id"].to_str().expect("text").to_owned();
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(body["error"]["type"], "rate_limit_error");
    assert_eq!(body["request_id"], id);
}

#[tokio::test]
async fn a_replay_is_byte_for_byte_however_it_is_split() {
    let upstream = start().await;
    let fixture = "event: a\ndata: {\"x\":\"世界\"}\n\n: é\n\nend";
    for split in [Split::AsMade, Split::Events, Split::Every(1), Split::Every(7), Split::Sizes(vec![3, 5])] {
        upstream.script("sk-d", Behaviour::replay(fixture).split(split.clone()).bills(Usage::new(1, 2)));

        let answer = ask(&upstream, "sk-d", STREAM).send().await.expect("an answer");

        assert_eq!(answer.text().await.expect("a body"), fixture, "{split:?}");
        assert_eq!(upstream.books().last().expect("an exchange").billed, Usage::new(1, 2));
    }
}

#[tokio::test]
async fn gzip_comes_when_it_is_allowed_or_uninvited() {
    let upstream = start().await;
    upstream.script("sk-e", Behaviour::ok().gzip());
    upstream.script("sk-f", Behaviour::ok().gzip_uninvited());

    let plain = ask(&upstream, "sk-e", STREAM).send().await.expect("an answer");
    assert!(!plain.headers().contains_key("content-encoding"));

    for request in
        [ask(&upstream, "sk-e", STREAM).header("accept-encoding", "br, gzip"), ask(&upstream, "sk-f", WHOLE)]
    {
        let coded = request.send().await.expect("an answer");
        assert_eq!(coded.headers()["content-encoding"], "gzip");
        let bytes = coded.bytes().await.expect("a body");
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes.as_ref()).read_to_string(&mut text).expect("gzip");
        assert!(text.contains("end_turn"));
    }
}

#[tokio::test]
async fn tokens_are_counted_and_models_are_listed() {
    let upstream = start().await;
    upstream.script("sk-g", Behaviour::overloaded());
    upstream.list_models("sk-g", &["claude-a", "claude-b"]);
    let client = reqwest::Client::new();
    let get = |path: &str| {
        let url = format!("{}{path}", upstream.url());
        client.get(url).header("x-api-key", "sk-g").header("anthropic-version", "2023-06-01").send()
    };

    let page: Value = get("/v1/models?limit=1").await.expect("an answer").json().await.expect("JSON");
    assert_eq!((&page["data"][0]["id"], &page["has_more"]), (&"claude-a".into(), &true.into()));
    assert_eq!(get("/v1/models/claude-b").await.expect("an answer").status(), 200);
    assert_eq!(get("/v1/models/claude-c").await.expect("an answer").status(), 404);
    upstream.script_on(Endpoint::Models, "sk-g", Behaviour::status(500));
    assert_eq!(get("/v1/models").await.expect("an answer").status(), 500);

    let count = client
        .post(format!("{}/v1/messages/count_tokens", upstream.url()))
        .bearer_auth("sk-g")
        .header("anthropic-version", "2023-06-01")
        .body(WHOLE)
        .send();
    let count: Value = count.await.expect("an answer").json().await.expect("JSON");
    assert_eq!(count["input_tokens"], WHOLE.len().div_ceil(4));
}

#[tokio::test]
async fn odd_usage_is_sent_as_it_is_scripted() {
    let upstream = start().await;
    let usage = Usage::new(10, 20);
    upstream.script("sk-h", Behaviour::ok().usage(usage).odd_usage(OddUsage::Decreasing));

    let body = ask(&upstream, "sk-h", STREAM).send().await.expect("an answer").text().await.expect("a body");

    let outputs: Vec<_> =
        events(&body).iter().filter_map(|event| event["usage"]["output_tokens"].as_u64()).collect();
    assert_eq!(outputs, [40, 20]);
    assert_eq!(upstream.books().last().expect("an exchange").billed, usage);
}

#[tokio::test]
async fn a_huge_event_and_a_flood_of_comments_arrive_whole() {
    let upstream = start().await;
    upstream.script("sk-i", Behaviour::ok().huge_event(20 << 20).comments(2500));

    let body = ask(&upstream, "sk-i", STREAM).send().await.expect("an answer").bytes().await.expect("a body");

    assert!(body.len() > 20 << 20);
    assert!(body.ends_with(b"data: {\"type\":\"message_stop\"}\n\n"));
}

#[tokio::test]
async fn a_credential_can_say_in_words_what_it_gets() {
    let upstream = start().await;

    let statuses = [("sk-fake-429-60", 429), ("sk-fake-529*1,ok:mine", 529), ("sk-fake-529*1,ok:mine", 200)];
    for (token, expected) in statuses {
        assert_eq!(ask(&upstream, token, WHOLE).send().await.expect("an answer").status(), expected);
    }
    assert!("nonsense".parse::<Script>().is_err());
}

#[tokio::test]
async fn a_recorded_answer_comes_with_its_status_and_headers() {
    let upstream = start().await;
    let recorded = "HTTP/1.1 429 Too Many Requests\nContent-Type: application/json\nrequest-id: req_1\n\
                    retry-after: 7999\ncontent-length: 9999\n\n{\"type\":\"error\"}";
    upstream.script("sk-j", Behaviour::recorded(recorded));

    let answer = ask(&upstream, "sk-j", STREAM).send().await.expect("an answer");

    assert_eq!(answer.status(), 429);
    assert_eq!(
        (&answer.headers()["retry-after"], &answer.headers()["request-id"]),
        (&"7999".parse().expect("text"), &"req_1".parse().expect("text"))
    );
    assert_eq!(answer.text().await.expect("a body"), "{\"type\":\"error\"}");
}
