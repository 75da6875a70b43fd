//! Proxies: all that an account sends goes through its own, and what a proxy does wrong is said to be the proxy's.

use relay::admin::account::{self, Change, Given};
use relay::admin::sign_in;
use relay::model::account::{AccountKind, AccountSettings, NewAccount, TestResult, TestStage};
use relay::model::id::AccountId;
use relay::model::outcome::Outcome;
use relay::model::proxy::{ProxyAddress, ProxyKind};
use relay::model::sign_in::{NewSignIn, SignInFlow};
use relay::secret::Secret;
use rstest::rstest;
use upstream::{Behaviour, ClaudeAccount, Proxy, ProxyFault, ProxyOptions};

use crate::support::TestRelay;

const HOUR_MS: i64 = 3_600_000;

fn address(proxy: &Proxy, username: &str) -> ProxyAddress {
    let kind = match proxy.kind() {
        upstream::ProxyKind::Socks5 => ProxyKind::Socks5,
        upstream::ProxyKind::Http => ProxyKind::Http,
        upstream::ProxyKind::Https => ProxyKind::Https,
    };
    let (host, port) = (proxy.address().ip().to_string(), proxy.address().port());
    ProxyAddress { kind, host, port, username: username.to_owned() }
}

fn through(proxy: &Proxy, username: &str, base_url: String) -> AccountSettings {
    AccountSettings {
        proxy: Some(address(proxy, username)),
        base_url,
        priority: 1,
        ..AccountSettings::default()
    }
}

/// An account behind a proxy, whose provider has a name that only the proxy knows.
async fn behind(relay: &TestRelay, proxy: &Proxy, username: &str, password: &str) -> AccountId {
    let hidden = format!("http://anthropic.test:{}", relay.upstream.address().port());
    let new = NewAccount {
        name: format!("behind {}", proxy.url()).chars().take(90).collect(),
        kind: AccountKind::ClaudeApiKey,
        settings: through(proxy, username, hidden),
    };
    relay.upstream.script("sk-behind", Behaviour::ok());
    let given = Given {
        secret: Some(Secret::new("sk-behind")),
        proxy_password: Some(Secret::new(password)),
        tokens: None,
    };
    account::create(&relay.shared, &relay.admin, new, given).await.unwrap().id
}

#[rstest]
#[case(ProxyOptions::socks5())]
#[case(ProxyOptions::http())]
#[tokio::test]
async fn the_proxy_resolves_the_name_and_is_shown_its_password(#[case] options: ProxyOptions) {
    let relay = TestRelay::empty(&[]).await;
    let proxy = Proxy::start(options.password("someone", "open@sesame/1")).await.unwrap();
    behind(&relay, &proxy, "someone", "open@sesame/1").await;

    let (plain, stream) = (relay.message(false).await, relay.message(true).await);

    assert_eq!((plain.status().as_u16(), stream.status().as_u16()), (200, 200));
    assert!(stream.text().await.unwrap().contains("message_stop"));
    let books = proxy.books();
    assert!(books.hosts.iter().all(|host| host.starts_with("anthropic.test:")), "{:?}", books.hosts);
    assert!(books.users.iter().all(|user| user == "someone") && !books.users.is_empty());
}

#[tokio::test]
async fn a_sign_in_its_refresh_and_its_calls_all_go_through_the_accounts_proxy() {
    let relay = TestRelay::empty(&[]).await;
    let proxy = Proxy::start(ProxyOptions::socks5()).await.unwrap();
    relay.upstream.claude_account(ClaudeAccount { token_life_seconds: 3_600, ..ClaudeAccount::new("alice") });
    let new = NewSignIn {
        kind: AccountKind::ClaudeOauth,
        flow: SignInFlow::Session,
        name: "alice".to_owned(),
        settings: through(&proxy, "", String::new()),
        account: None,
    };
    let begun = sign_in::begin(&relay.shared, &relay.admin, new, None).await.unwrap();
    let allowed = relay.upstream.authorize_as(&begun.url, "alice").unwrap();
    let pasted = Secret::new(allowed.shown);
    sign_in::complete(&relay.shared, &relay.admin, &begun.id, &pasted).await.unwrap();
    assert_eq!(relay.message(false).await.status(), 200);
    relay.clock.advance(HOUR_MS - 5_000);
    assert_eq!(relay.message(false).await.status(), 200);

    let books = relay.upstream.books();
    assert_eq!(books.account("alice").refreshes, 1);
    assert_eq!(books.totals.connections, proxy.books().reached, "a connection that the proxy did not make");
}

// Where the provider is spoken to in clear an HTTP proxy makes no tunnel: but for its password, what it says could be
// the provider's.
#[rstest]
#[case(ProxyOptions::socks5(), ProxyFault::RefusePassword, "password")]
#[case(ProxyOptions::http(), ProxyFault::RefusePassword, "password")]
#[case(ProxyOptions::socks5(), ProxyFault::RefuseConnect, "proxy")]
#[case(ProxyOptions::socks5(), ProxyFault::Close, "proxy")]
#[tokio::test]
async fn a_proxy_that_fails_is_named_and_another_account_serves(
    #[case] options: ProxyOptions,
    #[case] fault: ProxyFault,
    #[case] word: &str,
) {
    let relay = TestRelay::start().await;
    let proxy = Proxy::start(options.password("someone", "secret-word-1")).await.unwrap();
    proxy.fault(fault);
    behind(&relay, &proxy, "someone", "secret-word-1").await;

    let answer = relay.message(false).await;

    assert_eq!(answer.status(), 200);
    let records = relay.records().await;
    assert_eq!(records.len(), 2, "{records:#?}");
    assert_eq!(records[0].outcome, Outcome::UpstreamError);
    let cause = records[0].cause.clone().unwrap();
    assert!(cause.contains(word) && cause.contains(&proxy.address().to_string()), "{cause}");
    assert!(!cause.contains("secret-word-1"), "{cause}");
}

#[tokio::test]
async fn a_stream_whose_proxy_dies_ends_in_an_error_event_and_is_in_the_books_once() {
    let relay = TestRelay::empty(&[]).await;
    let proxy = Proxy::start(ProxyOptions::socks5()).await.unwrap();
    behind(&relay, &proxy, "", "").await;
    proxy.die_after(Some(1_500));

    let text = relay.message(true).await.text().await.unwrap();

    assert!(text.trim_end().ends_with("}}") && text.contains("event: error"), "{text}");
    assert_eq!(relay.record().await.outcome, Outcome::UpstreamCut);
}

#[tokio::test]
async fn another_proxy_is_effective_for_the_next_call() {
    let relay = TestRelay::empty(&[]).await;
    let first = Proxy::start(ProxyOptions::socks5()).await.unwrap();
    let second = Proxy::start(ProxyOptions::http()).await.unwrap();
    let id = behind(&relay, &first, "", "").await;
    assert_eq!(relay.message(false).await.status(), 200);
    let hidden = format!("http://anthropic.test:{}", relay.upstream.address().port());

    let change = Change { name: None, settings: Some(through(&second, "", hidden)) };
    account::update(&relay.shared, &relay.admin, &id, change, None).await.unwrap();
    assert_eq!(relay.message(false).await.status(), 200);

    assert_eq!((first.books().hosts.len(), second.books().hosts.len()), (1, 1));
}

#[tokio::test]
async fn a_test_of_the_account_tells_the_proxy_from_what_comes_after_it() {
    let relay = TestRelay::empty(&[]).await;
    let proxy = Proxy::start(ProxyOptions::socks5().password("someone", "right")).await.unwrap();
    let id = behind(&relay, &proxy, "someone", "wrong").await;

    let steps = account::test(&relay.shared, &relay.admin, &id).await.unwrap();

    let stages: Vec<_> = steps.iter().map(|step| step.step).collect();
    assert_eq!(stages, [TestStage::Proxy, TestStage::Connect, TestStage::Credential, TestStage::Answer]);
    assert!(matches!(steps[0].result, TestResult::Passed { .. }));
    assert!(
        matches!(&steps[1].result, TestResult::Failed { cause, .. } if cause.contains("password")),
        "{steps:?}"
    );
    assert!(steps[2..].iter().all(|step| step.result == TestResult::NotRun));
}
