//! Many calls at once: what they make of limits, of windows, and of one another.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use relay::admin::account;
use relay::model::account::AccountState;
use relay::model::id::AccountId;
use serde_json::{Value, json};
use upstream::{Behaviour, ClaudeAccount, Window};

use crate::sign_in::signed_in;
use crate::support::{NOW_MS, TestRelay, message};
use crate::verdict::state;

const MINUTE_MS: i64 = 60_000;
const WEEK_S: u64 = 7 * 24 * 3_600;

/// Makes so many calls, so many at once; what they got, and how often.
async fn load(relay: &TestRelay, calls: usize, at_once: usize) -> HashMap<u16, usize> {
    let one = |n: usize| {
        let mut body = message(n.is_multiple_of(2));
        body["messages"][0]["content"] = json!(format!("question {n}"));
        let request = relay.post("/api/v1/messages").body(body.to_string());
        async move {
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            let text = answer.text().await.unwrap();
            assert!(status != 200 || !text.contains("\"error\""), "{text}");
            status
        }
    };
    let statuses: Vec<_> = stream::iter((0..calls).map(one)).buffer_unordered(at_once).collect().await;
    let mut counts = HashMap::new();
    for status in statuses {
        *counts.entry(status).or_default() += 1;
    }
    counts
}

async fn with(secrets: &[&str]) -> TestRelay {
    let relay = TestRelay::empty(&[]).await;
    for secret in secrets {
        relay.account(secret).await;
    }
    relay
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_account_limited_in_the_middle_of_a_load_costs_no_client_anything() {
    let relay = with(&["sk-a", "sk-b", "sk-c"]).await;
    relay.upstream.script("sk-a", Behaviour::ok().times(80).then(Behaviour::rate_limited(600)));

    let counts = load(&relay, 500, 50).await;

    assert_eq!(counts, HashMap::from([(200, 500)]));
    let limited = relay.upstream.books().of("sk-a").filter(|exchange| exchange.status == Some(429)).count();
    assert!((1..=50).contains(&limited), "{limited}");
    let id = &relay.shared.accounts.all()[0].id;
    assert!(
        matches!(state(&relay, id), AccountState::Cooling { until_ms, .. } if until_ms == NOW_MS + 600_000)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn accounts_that_fail_in_every_way_cost_no_client_anything_while_one_serves() {
    let relay = with(&["sk-a", "sk-b", "sk-c", "sk-d"]).await;
    relay.upstream.script("sk-a", Behaviour::ok().times(30).then(Behaviour::unauthorized()));
    relay.upstream.script("sk-b", Behaviour::ok().times(30).then(Behaviour::ok().cut_before_head()));
    relay.upstream.script("sk-c", Behaviour::ok().times(30).then(Behaviour::overloaded()));

    assert_eq!(load(&relay, 500, 50).await, HashMap::from([(200, 500)]));
}

#[tokio::test]
async fn where_all_are_limited_the_client_gets_the_earliest_reset() {
    let relay = with(&["sk-a", "sk-b", "sk-c"]).await;
    for (secret, seconds) in [("sk-a", 7_200), ("sk-b", 3_600), ("sk-c", 9_000)] {
        relay.upstream.script(secret, Behaviour::rate_limited(seconds));
    }

    for n in 0..3 {
        let answer = relay.message(true).await;

        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["retry-after"] == "3600"),
            (429, true),
            "{n}"
        );
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["type"], "rate_limit_error");
    }

    let last = relay.message(true).await;
    assert_eq!(last.headers()["x-should-retry"], "false");
    let words = "every upstream account for this request is at its limit; the first may again in 3600 s";
    let body: Value = last.json().await.unwrap();
    assert_eq!(body["error"]["message"], words);
    assert_eq!(relay.upstream.books().messages().count(), 3);
}

/// Limited for a week, and due for a try.
async fn due() -> (TestRelay, AccountId) {
    let relay = TestRelay::empty(&[]).await;
    let id = relay.account("sk-a").await;
    relay.upstream.script("sk-a", Behaviour::rate_limited(WEEK_S));
    assert_eq!(relay.message(false).await.status(), 429);
    relay.clock.advance(6 * MINUTE_MS);
    (relay, id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_five_hundred_calls_one_tries_and_its_answer_opens_the_account_for_all() {
    let (relay, id) = due().await;
    let slow = Behaviour::ok().delay(Duration::from_secs(4));
    relay.upstream.script("sk-a", slow.times(1).then(Behaviour::ok()));
    let tries = relay.post("/api/v1/messages").body(message(false).to_string()).send();
    let tries = tokio::spawn(tries);
    relay.upstream.wait_for(|books| books.messages().count() == 2).await;

    assert_eq!(load(&relay, 499, 100).await, HashMap::from([(429, 499)]));
    assert_eq!(relay.upstream.books().messages().count(), 2);
    assert_eq!(tries.await.unwrap().unwrap().status(), 200);

    assert_eq!(state(&relay, &id), AccountState::Able);
    assert_eq!(load(&relay, 50, 50).await, HashMap::from([(200, 50)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_hundred_calls_at_the_moment_of_a_try_make_one() {
    let (relay, _) = due().await;
    relay.upstream.script("sk-a", Behaviour::rate_limited(WEEK_S).delay(Duration::from_millis(300)));

    assert_eq!(load(&relay, 500, 500).await, HashMap::from([(429, 500)]));

    assert_eq!(relay.upstream.books().messages().count(), 2);
    relay.clock.advance(6 * MINUTE_MS);
    assert_eq!(relay.message(false).await.status(), 429);
    assert_eq!(relay.upstream.books().messages().count(), 2, "the next try is later");
    relay.clock.advance(6 * MINUTE_MS);
    assert_eq!(relay.message(false).await.status(), 429);
    assert_eq!(relay.upstream.books().messages().count(), 3);
}

#[tokio::test]
async fn a_client_whose_call_tried_in_vain_is_served_by_another_account() {
    let (relay, _) = due().await;
    relay.account_with("sk-b", 50).await;

    for _ in 0..5 {
        assert_eq!(relay.message(false).await.status(), 200);
    }

    let books = relay.upstream.books();
    let tokens: Vec<_> = books.messages().map(|exchange| exchange.token.as_deref().unwrap()).collect();
    assert_eq!(tokens, ["sk-a", "sk-a", "sk-b", "sk-b", "sk-b", "sk-b", "sk-b"]);
}

#[tokio::test]
async fn limits_and_windows_are_known_again_after_a_restart() {
    let relay = TestRelay::empty(&[]).await;
    relay.upstream.claude_account(ClaudeAccount {
        windows: vec![Window::new("5h").utilization(0.3).step(0.05), Window::new("7d_opus").utilization(1.0)],
        ..ClaudeAccount::new("alice")
    });
    let id = signed_in(&relay, "alice").await.id;
    assert_eq!(relay.message(false).await.status(), 200);
    let mut opus = message(false);
    opus["model"] = json!("claude-opus-4-5");
    let ask_opus = |relay: &TestRelay| relay.post("/api/v1/messages").body(opus.to_string()).send();
    assert_eq!(ask_opus(&relay).await.unwrap().status(), 429);
    let before = account::find(&relay.shared, &relay.admin, &id).await.unwrap();

    let relay = relay.restart().await;

    let after = account::find(&relay.shared, &relay.admin, &id).await.unwrap();
    assert_eq!((before.cooldowns.len(), &before.cooldowns), (1, &after.cooldowns));
    assert_eq!(after.cooldowns[0].family.as_deref(), Some("opus"));
    let used = |row: &relay::model::account::AccountRow| row.windows.iter().map(|it| it.used).max();
    assert_eq!(used(&after), used(&before));
    let asked = relay.upstream.books().messages().count();
    assert_eq!(ask_opus(&relay).await.unwrap().status(), 429);
    assert_eq!(relay.upstream.books().messages().count(), asked);
    assert_eq!(relay.message(false).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_poisoned_conversation_takes_nothing_down() {
    let relay = with(&["sk-a", "sk-b", "sk-c"]).await;
    for secret in ["sk-a", "sk-b", "sk-c"] {
        let poisoned = Behaviour::status(400).message("messages.3: thinking blocks cannot be modified");
        relay.upstream.script(secret, poisoned);
    }
    assert_eq!(load(&relay, 100, 20).await, HashMap::from([(400, 100)]));
    for secret in ["sk-a", "sk-b", "sk-c"] {
        relay.upstream.script(secret, Behaviour::ok());
    }

    assert_eq!(load(&relay, 60, 20).await, HashMap::from([(200, 60)]));

    assert_eq!(relay.upstream.books().messages().count(), 160);
    let rows = account::list(&relay.shared, &relay.admin).await.unwrap();
    assert!(rows.iter().all(|row| row.state == AccountState::Able && row.cooldowns.is_empty()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_accounts_fill_alike() {
    let relay = TestRelay::empty(&[]).await;
    let names: Vec<_> = (0..10).map(|n| format!("person{n}")).collect();
    for name in &names {
        relay.upstream.claude_account(ClaudeAccount {
            windows: vec![Window::new("5h").step(0.008), Window::new("7d").step(0.001)],
            ..ClaudeAccount::new(name)
        });
        signed_in(&relay, name).await;
    }

    assert_eq!(load(&relay, 1_000, 40).await, HashMap::from([(200, 1_000)]));

    let spent = |name: &String| relay.upstream.claude_account_now(name).unwrap().windows[0].utilization;
    let spent: Vec<_> = names.iter().map(spent).collect();
    let (least, most) =
        spent.iter().fold((1.0_f64, 0.0_f64), |(least, most), it| (least.min(*it), most.max(*it)));
    assert!(most - least <= 0.05, "{spent:?}");
}
