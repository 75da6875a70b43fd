//! Which account a call gets: its conversation's, else the best by priority, health and load; and what is said of it
//! (architecture, stage 4).

use std::collections::{HashMap, HashSet};

use relay::admin::{account, group, key};
use relay::model::account::{AccountKind, AccountSettings, NewAccount};
use relay::model::decision::{Reason, Ruling};
use relay::model::explanation::{Outlook, Question};
use relay::model::id::{AccountId, CallId};
use relay::model::key::{Binding, NewKey};
use serde_json::json;
use upstream::Behaviour;

use crate::support::{NOW_MS, TestRelay, message};

const DAY_MS: i64 = 24 * 3_600_000;

async fn with(secrets: &[&str]) -> TestRelay {
    let relay = TestRelay::empty(&[]).await;
    for secret in secrets {
        relay.account(secret).await;
    }
    relay
}

/// A call of a conversation whose client names it.
async fn say(relay: &TestRelay, session: &str, model: &str) -> reqwest::Response {
    let mut body = message(false);
    body["model"] = json!(model);
    let request = relay.post("/api/v1/messages").header("x-claude-code-session-id", session);
    request.body(body.to_string()).send().await.unwrap()
}

fn tokens(relay: &TestRelay) -> Vec<String> {
    relay.upstream.books().messages().map(|exchange| exchange.token.clone().unwrap()).collect()
}

fn opus_spent() -> Behaviour {
    let reset = ((NOW_MS + DAY_MS) / 1000).to_string();
    let name = |end: &str| format!("anthropic-ratelimit-unified-{end}");
    Behaviour::status(429)
        .header(&name("status"), "rejected")
        .header(&name("reset"), &reset)
        .header(&name("representative-claim"), "seven_day_opus")
        .header(&name("5h-status"), "allowed")
        .header(&name("7d_opus-status"), "rejected")
        .header(&name("7d_opus-reset"), &reset)
}

#[tokio::test]
async fn a_conversation_stays_on_its_account_and_conversations_are_spread() {
    let relay = with(&["sk-a", "sk-b", "sk-c", "sk-d"]).await;

    for turn in 0..3 {
        for session in 0..20 {
            assert_eq!(
                say(&relay, &format!("s{session}"), "claude-sonnet-4-5").await.status(),
                200,
                "{turn}"
            );
        }
    }

    let tokens = tokens(&relay);
    for session in 0..20 {
        let mine: HashSet<_> = (0..3).map(|turn| &tokens[turn * 20 + session]).collect();
        assert_eq!(mine.len(), 1, "{session}");
    }
    assert_eq!(tokens.iter().collect::<HashSet<_>>().len(), 4);
}

#[tokio::test]
async fn a_conversation_without_a_name_is_known_by_how_it_begins() {
    let relay = with(&["sk-a", "sk-b", "sk-c", "sk-d"]).await;
    let turn = |conversation: usize, turns: usize| {
        let mut messages = vec![json!({"role": "user", "content": format!("question {conversation}")})];
        for _ in 0..turns {
            messages.push(json!({"role": "assistant", "content": "well"}));
            messages.push(json!({"role": "user", "content": "go on"}));
        }
        json!({"model": "claude-sonnet-4-5", "max_tokens": 8, "messages": messages}).to_string()
    };

    for turns in 0..4 {
        for conversation in 0..10 {
            let body = turn(conversation, turns);
            assert_eq!(relay.post("/api/v1/messages").body(body).send().await.unwrap().status(), 200);
        }
    }

    let tokens = tokens(&relay);
    for conversation in 0..10 {
        let mine: HashSet<_> = (0..4).map(|turns| &tokens[turns * 10 + conversation]).collect();
        assert_eq!(mine.len(), 1, "{conversation}");
    }
}

#[tokio::test]
async fn calls_that_begin_alike_and_have_no_turn_behind_them_are_no_conversation() {
    let relay = with(&["sk-a", "sk-b", "sk-c", "sk-d"]).await;

    for _ in 0..40 {
        assert_eq!(relay.message(false).await.status(), 200);
    }

    let mut counts: HashMap<_, usize> = HashMap::new();
    for token in tokens(&relay) {
        *counts.entry(token).or_default() += 1;
    }
    assert!(counts.len() == 4 && counts.values().all(|count| *count < 25), "{counts:?}");
}

#[tokio::test]
async fn a_conversation_whose_account_cannot_serve_moves_once() {
    let relay = with(&["sk-a", "sk-b", "sk-c"]).await;
    assert_eq!(say(&relay, "s", "claude-sonnet-4-5").await.status(), 200);
    let own = tokens(&relay)[0].clone();
    relay.upstream.script(&own, Behaviour::rate_limited(600).times(1).then(Behaviour::ok()));

    for _ in 0..3 {
        assert_eq!(say(&relay, "s", "claude-sonnet-4-5").await.status(), 200);
    }
    relay.clock.advance(600_000);
    assert_eq!(say(&relay, "s", "claude-sonnet-4-5").await.status(), 200);

    let tokens = tokens(&relay);
    assert_eq!((&tokens[0], &tokens[1]), (&own, &own));
    assert!(tokens[2] != own && tokens[2..].iter().all(|token| *token == tokens[2]), "{tokens:?}");
}

#[tokio::test]
async fn a_limit_of_one_model_family_leaves_the_others_on_the_account() {
    let relay = TestRelay::empty(&[]).await;
    let first = relay.account_with("sk-a", 10).await;
    relay.account_with("sk-b", 20).await;
    relay.upstream.script("sk-a", opus_spent().only_for("claude-opus-4-5").times(1).then(Behaviour::ok()));

    for model in ["claude-opus-4-5", "claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"] {
        assert_eq!(say(&relay, model, model).await.status(), 200);
    }

    assert_eq!(tokens(&relay), ["sk-a", "sk-b", "sk-b", "sk-a", "sk-a"]);
    let row = account::find(&relay.shared, &relay.admin, &first).await.unwrap();
    assert_eq!(row.cooldowns.len(), 1);
    assert_eq!(row.cooldowns[0].family.as_deref(), Some("opus"));
    assert_eq!(row.cooldowns[0].until_ms, NOW_MS + DAY_MS);
}

#[tokio::test]
async fn a_cooldown_is_cleared_by_hand() {
    let relay = with(&["sk-a"]).await;
    relay.upstream.script("sk-a", Behaviour::rate_limited(3_600).times(1).then(Behaviour::ok()));
    assert_eq!(relay.message(false).await.status(), 429);
    let id = relay.shared.accounts.all()[0].id.clone();

    let row = account::clear_cooldowns(&relay.shared, &relay.admin, &id).await.unwrap();

    assert!(row.cooldowns.is_empty());
    assert_eq!(relay.message(false).await.status(), 200);
}

#[tokio::test]
async fn among_equals_accounts_take_calls_in_proportion_to_their_weights() {
    let relay = TestRelay::empty(&[]).await;
    for (secret, weight) in [("sk-a", 1), ("sk-b", 3)] {
        relay.upstream.script(secret, Behaviour::ok());
        let mut new = NewAccount::new(secret, AccountKind::ClaudeApiKey);
        new.settings = AccountSettings { weight, ..AccountSettings::default() };
        account::create(&relay.shared, &relay.admin, new, secret.to_owned()).await.unwrap();
    }

    for _ in 0..200 {
        assert_eq!(relay.message(false).await.status(), 200);
    }

    let heavy = tokens(&relay).iter().filter(|token| *token == "sk-b").count();
    assert!((120..=180).contains(&heavy), "{heavy}");
}

#[tokio::test]
async fn a_key_of_a_group_uses_that_group_alone() {
    let relay = TestRelay::empty(&[]).await;
    relay.account_with("sk-a", 1).await;
    let mut ids: Vec<AccountId> = Vec::new();
    for secret in ["sk-b", "sk-c"] {
        ids.push(relay.account_with(secret, 50).await);
    }
    let made = group::put(&relay.shared, &relay.admin, None, "two of three", ids).await.unwrap();
    let mut new = NewKey::new("group key");
    new.binding = Binding::Group(made.id);
    let key = key::create(&relay.shared, &relay.admin, new).await.unwrap().key;
    let ask = || {
        let body = message(false).to_string();
        relay.client.post(relay.url("/api/v1/messages")).header("x-api-key", &key).body(body).send()
    };

    for _ in 0..10 {
        assert_eq!(ask().await.unwrap().status(), 200);
    }
    relay.upstream.script("sk-b", Behaviour::rate_limited(60));
    relay.upstream.script("sk-c", Behaviour::rate_limited(30));
    ask().await.unwrap();
    let refused = ask().await.unwrap();

    assert!(tokens(&relay).iter().all(|token| token != "sk-a"));
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"] == "30"), (429, true));
    let cause = relay.records().await.last().unwrap().cause.clone().unwrap();
    assert!(cause.starts_with("every account of the key's group is out (cooling: "), "{cause}");
}

#[tokio::test]
async fn a_model_that_only_some_accounts_offer_is_asked_of_those() {
    let relay = TestRelay::empty(&[]).await;
    relay.account_with("sk-a", 10).await;
    relay.account_with("sk-b", 20).await;
    relay.upstream.list_models("sk-a", &["claude-sonnet-4-5-20250929"]);
    relay.upstream.list_models("sk-b", &["claude-sonnet-4-5-20250929", "claude-opus-4-5-20251101"]);
    let listed = relay.client.get(relay.url("/api/v1/models")).header("x-api-key", &relay.key).send().await;
    assert_eq!(listed.unwrap().status(), 200);

    for model in ["claude-opus-4-5", "claude-sonnet-4-5", "claude-unheard-of-1"] {
        assert_eq!(say(&relay, model, model).await.status(), 200);
    }

    assert_eq!(tokens(&relay), ["sk-b", "sk-a", "sk-a"]);
}

#[tokio::test]
async fn each_record_says_why_its_account() {
    let relay = TestRelay::empty(&[]).await;
    let first = relay.account_with("sk-a", 10).await;
    let second = relay.account_with("sk-b", 20).await;
    relay.upstream.script("sk-a", Behaviour::rate_limited(60));

    let answer = relay.message(false).await;
    let id = CallId::new(answer.headers()["x-switchyard-request-id"].to_str().unwrap());
    relay.upstream.script("sk-b", Behaviour::rate_limited(90));
    relay.message(false).await;
    relay.message(false).await;

    let records = relay.records().await;
    assert!(records.iter().all(|record| record.last == record.decision.is_some()), "{records:#?}");
    let choice = account::choice(&relay.shared, &relay.admin, &id).await.unwrap().unwrap();
    let seen: Vec<_> = choice.accounts.iter().map(|it| (&it.id, it.name.as_str(), &it.ruling)).collect();
    assert_eq!(seen, [(&second, "account sk-b", &Ruling::Able), (&first, "account sk-a", &Ruling::Tried)]);
    assert_eq!(choice.reason, Reason::Only);
    let refused = records.last().unwrap().decision.as_ref().unwrap();
    assert_eq!(refused.reason, Reason::None);
    let limited = |seconds: i64| Ruling::Limited { until_ms: NOW_MS + seconds * 1_000 };
    let rulings: Vec<_> = refused.considered.iter().map(|it| it.ruling.clone()).collect();
    assert_eq!(rulings, [limited(60), limited(90)]);
}

#[tokio::test]
async fn what_would_happen_now_is_what_happens() {
    let relay = TestRelay::empty(&[]).await;
    relay.account_with("sk-a", 10).await;
    relay.account_with("sk-b", 20).await;
    let explain = |session: &str| {
        let question = Question {
            model: "claude-sonnet-4-5".into(),
            key: Some(relay.key_id.clone()),
            session: Some(session.into()),
        };
        account::explain(&relay.shared, &relay.admin, &question).unwrap()
    };

    let fresh = explain("s");
    assert_eq!((fresh.reason, &fresh.outlook), (Reason::Priority, &Outlook::Goes));
    assert_eq!(fresh.accounts[0].name, "account sk-a");
    relay.upstream.script("sk-a", Behaviour::rate_limited(60));
    assert_eq!(say(&relay, "s", "claude-sonnet-4-5").await.status(), 200);
    let moved = explain("s");
    assert_eq!((moved.reason, moved.accounts[0].name.as_str()), (Reason::Only, "account sk-b"));
    assert_eq!(moved.session_account.as_ref(), Some(&moved.accounts[0].id));
    relay.clock.advance(60_000);
    let back = explain("s");
    assert_eq!((back.reason, back.accounts[0].name.as_str()), (Reason::Session, "account sk-b"));
    relay.upstream.script("sk-b", Behaviour::rate_limited(30));
    assert_eq!(say(&relay, "s", "claude-sonnet-4-5").await.status(), 429);

    let Outlook::Refused { status, retry_after_s, .. } = explain("s").outlook else { panic!() };
    assert_eq!((status, retry_after_s), (429, Some(30)));
    assert_eq!(say(&relay, "s", "claude-sonnet-4-5").await.status(), 429);
}
