//! Signing in to Claude: from the link to an account that serves, and each way in which it can fail on the way.

mod again;

use std::time::Duration;

use relay::admin::{Error, account, sign_in};
use relay::model::account::{AccountKind, AccountRow, AccountState};
use relay::model::problem::Problem;
use relay::model::proxy::{ProxyAddress, ProxyKind};
use relay::model::sign_in::{NewSignIn, SignIn, SignInFlow};
use relay::model::window::WindowName;
use relay::secret::Secret;
use rstest::rstest;
use upstream::{Authorized, Behaviour, ClaudeAccount, Endpoint, Window};

use crate::support::TestRelay;

const HOUR_MS: i64 = 3_600_000;

/// A sign-in just begun.
async fn begin(relay: &TestRelay, name: &str) -> SignIn {
    let new = new_sign_in(name);
    sign_in::begin(&relay.shared, &relay.admin, new, None).await.expect("a link")
}

fn new_sign_in(name: &str) -> NewSignIn {
    NewSignIn {
        kind: AccountKind::ClaudeOauth,
        flow: SignInFlow::Session,
        name: name.to_owned(),
        settings: Default::default(),
        account: None,
    }
}

/// Pastes a text.
async fn paste(relay: &TestRelay, begun: &SignIn, text: &str) -> Result<AccountRow, Error> {
    sign_in::complete(&relay.shared, &relay.admin, &begun.id, &Secret::new(text)).await
}

/// Signs in as somebody of the fake provider's, from link to account.
pub(crate) async fn signed_in(relay: &TestRelay, person: &str) -> AccountRow {
    if relay.upstream.claude_account_now(person).is_none() {
        relay.upstream.claude_account(ClaudeAccount::new(person));
    }
    let begun = begin(relay, person).await;
    let allowed = relay.upstream.authorize_as(&begun.url, person).expect("a code");
    paste(relay, &begun, &allowed.shown).await.expect("an account")
}

fn problem(result: Result<AccountRow, Error>) -> (String, Problem) {
    let problem = result.expect_err("a problem").for_person();
    (problem.field, problem.problem)
}

#[rstest]
#[case(|allowed: &Authorized| allowed.code.clone())]
#[case(|allowed: &Authorized| allowed.shown.clone())]
#[case(|allowed: &Authorized| allowed.address.clone())]
#[case(|allowed: &Authorized| format!("\n  {}  \n", allowed.shown))]
#[tokio::test]
async fn any_form_of_the_code_makes_an_account_that_serves(#[case] pasted: fn(&Authorized) -> String) {
    let relay = TestRelay::empty(&[]).await;
    let begun = begin(&relay, "mine").await;
    let allowed = relay.upstream.authorize(&begun.url).unwrap();

    let made = paste(&relay, &begun, &pasted(&allowed)).await.unwrap();
    let answer = relay.message(false).await;

    assert_eq!(answer.status(), 200);
    assert_eq!((made.name.as_str(), made.state), ("mine", AccountState::Able));
    assert_eq!(made.identity.plan_label(), "Max 20x");
    assert!(made.identity.organization_id.is_some() && made.identity.email.is_some());
    let books = relay.upstream.books();
    let message = books.messages().next().unwrap();
    assert!(message.header("authorization").unwrap().starts_with("Bearer sk-ant-oat"));
    assert_eq!(message.header("x-api-key"), None);
    assert_eq!(message.header("anthropic-beta"), Some("oauth-2025-04-20"));
}

#[tokio::test]
async fn the_clients_betas_stay_in_front_of_the_one_that_tokens_need() {
    let relay = TestRelay::empty(&[]).await;
    signed_in(&relay, "claude").await;

    let body = crate::support::message(false).to_string();
    let request =
        relay.post("/api/v1/messages").header("anthropic-beta", "a-2025-01-01,b-2025-01-01").body(body);
    assert_eq!(request.send().await.unwrap().status(), 200);

    let books = relay.upstream.books();
    let betas = books.messages().next().unwrap().header("anthropic-beta").map(str::to_owned);
    assert_eq!(betas.as_deref(), Some("a-2025-01-01,b-2025-01-01,oauth-2025-04-20"));
}

#[tokio::test]
async fn a_code_of_another_sign_in_is_refused_and_the_right_one_still_works() {
    let relay = TestRelay::empty(&[]).await;
    let (mine, other) = (begin(&relay, "mine").await, begin(&relay, "other").await);
    let others = relay.upstream.authorize(&other.url).unwrap();

    let refused = problem(paste(&relay, &mine, &others.shown).await);
    let allowed = relay.upstream.authorize(&mine.url).unwrap();
    let made = paste(&relay, &mine, &allowed.shown).await;

    assert_eq!(refused, ("code".to_owned(), Problem::OtherSignIn));
    assert_eq!(made.unwrap().name, "mine");
}

#[tokio::test]
async fn a_code_that_was_used_is_refused_in_the_providers_words_and_another_one_works() {
    let relay = TestRelay::empty(&[]).await;
    let begun = begin(&relay, "mine").await;

    let (field, refused) = problem(paste(&relay, &begun, "not-a-code-of-theirs").await);
    let allowed = relay.upstream.authorize(&begun.url).unwrap();
    let made = paste(&relay, &begun, &allowed.code).await;

    assert_eq!(field, "code");
    assert!(matches!(refused, Problem::CodeRefused { .. }), "{refused:?}");
    assert!(made.is_ok());
}

#[rstest]
#[case("", Problem::Required)]
#[case("https://platform.claude.com/oauth/code/callback?error=access_denied", Problem::AccessDenied)]
#[tokio::test]
async fn what_holds_no_code_is_said_to_hold_none(#[case] text: &str, #[case] expected: Problem) {
    let relay = TestRelay::empty(&[]).await;
    let begun = begin(&relay, "mine").await;

    assert_eq!(problem(paste(&relay, &begun, text).await), ("code".to_owned(), expected));
}

#[tokio::test]
async fn the_link_itself_pasted_is_told_apart_from_what_comes_after_it() {
    let relay = TestRelay::empty(&[]).await;
    let begun = begin(&relay, "mine").await;

    assert_eq!(problem(paste(&relay, &begun, &begun.url).await).1, Problem::LinkPasted);
}

#[tokio::test]
async fn after_ten_minutes_a_sign_in_is_over() {
    let relay = TestRelay::empty(&[]).await;
    let begun = begin(&relay, "mine").await;
    let allowed = relay.upstream.authorize(&begun.url).unwrap();
    relay.clock.advance(10 * 60_000);

    assert_eq!(problem(paste(&relay, &begun, &allowed.shown).await).1, Problem::SignInOver);
}

#[tokio::test]
async fn a_proxy_that_is_down_is_named_as_the_cause_and_nothing_goes_directly() {
    let relay = TestRelay::empty(&[]).await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut new = new_sign_in("mine");
    new.settings.proxy = Some(ProxyAddress {
        kind: ProxyKind::Socks5,
        host: closed.ip().to_string(),
        port: closed.port(),
        username: String::new(),
    });
    let begun = sign_in::begin(&relay.shared, &relay.admin, new, None).await.unwrap();
    let allowed = relay.upstream.authorize(&begun.url).unwrap();

    let (_, refused) = problem(paste(&relay, &begun, &allowed.shown).await);

    assert!(
        matches!(&refused, Problem::ProxyFailed { cause } if cause.contains(&closed.to_string())),
        "{refused:?}"
    );
    assert_eq!(relay.upstream.books().at(Endpoint::ClaudeToken).count(), 0);
}

#[tokio::test]
async fn a_provider_that_fails_costs_nothing_and_the_same_sign_in_goes_on() {
    let relay = TestRelay::empty(&[]).await;
    relay.upstream.script_on(
        Endpoint::ClaudeToken,
        "*",
        Behaviour::status(500).times(1).then(Behaviour::ok()),
    );
    let begun = begin(&relay, "mine").await;
    let allowed = relay.upstream.authorize(&begun.url).unwrap();

    let (_, failed) = problem(paste(&relay, &begun, &allowed.shown).await);
    let found = sign_in::find(&relay.shared, &relay.admin, &begun.id).await;
    let made = paste(&relay, &begun, &allowed.shown).await;

    assert!(matches!(failed, Problem::ProviderFailed { .. }), "{failed:?}");
    assert_eq!(found.unwrap(), begun);
    assert!(made.is_ok());
}

#[tokio::test]
async fn signing_in_anew_keeps_the_account_and_refuses_another_organisation() {
    let relay = TestRelay::empty(&[]).await;
    let made = signed_in(&relay, "alice").await;
    relay.upstream.claude_account(ClaudeAccount::new("mallory"));
    let again = NewSignIn { account: Some(made.id.clone()), ..new_sign_in("") };
    let begun = sign_in::begin(&relay.shared, &relay.admin, again, None).await.unwrap();

    let others = relay.upstream.authorize_as(&begun.url, "mallory").unwrap();
    let (_, refused) = problem(paste(&relay, &begun, &others.shown).await);
    let own = relay.upstream.authorize_as(&begun.url, "alice").unwrap();
    let renewed = paste(&relay, &begun, &own.shown).await.unwrap();

    assert!(matches!(refused, Problem::OtherOwner { .. }), "{refused:?}");
    assert_eq!((renewed.id, renewed.name), (made.id, made.name));
    assert_eq!(account::list(&relay.shared, &relay.admin).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_long_lived_token_that_is_pasted_serves() {
    let relay = TestRelay::empty(&[]).await;
    let tokens = relay.upstream.issue_for("claude", "user:inference").unwrap();
    let token = Secret::new(tokens["access_token"].as_str().unwrap());
    let new = relay::model::account::NewAccount::new("long-lived", AccountKind::ClaudeOauth);

    let made = sign_in::paste(&relay.shared, &relay.admin, new, &token, None).await.unwrap();

    assert_eq!(relay.message(false).await.status(), 200);
    assert_eq!(made.token_ends_ms, None);
}

#[tokio::test]
async fn a_ticket_stands_for_tokens_once() {
    let relay = TestRelay::empty(&[]).await;
    let begun = begin(&relay, "mine").await;
    let allowed = relay.upstream.authorize(&begun.url).unwrap();

    let shown = Secret::new(allowed.shown);
    let ticketed = sign_in::exchange(&relay.shared, &relay.admin, &begun.id, &shown).await.unwrap();
    let redeem = async |name: &str| {
        let new = relay::model::account::NewAccount::new(name, AccountKind::ClaudeOauth);
        sign_in::paste(&relay.shared, &relay.admin, new, &ticketed.access, None).await
    };
    let given = redeem("first").await.unwrap();
    let again = redeem("second").await;

    assert!(sign_in::is_ticket(ticketed.access.reveal()));
    assert!(!ticketed.access.reveal().contains("sk-ant"));
    assert!(given.token_ends_ms.is_some());
    assert_eq!(again.unwrap_err().for_person().problem, Problem::TicketOver);
}

#[tokio::test]
async fn the_windows_show_as_soon_as_somebody_signed_in() {
    let relay = TestRelay::empty(&[]).await;
    let windows = vec![Window::new("5h").utilization(0.42), Window::new("7d").utilization(0.1)];
    relay.upstream.claude_account(ClaudeAccount { windows, ..ClaudeAccount::new("alice") });

    let made = signed_in(&relay, "alice").await;

    let told: Vec<_> = made.windows.iter().map(|window| (window.window.as_str(), window.used)).collect();
    assert_eq!(told, [("five_hour", Some(4_200)), ("seven_day", Some(1_000))]);
}

#[tokio::test]
async fn how_full_windows_were_is_kept_by_the_hour() {
    let relay = TestRelay::empty(&[]).await;
    let set = |used: f64| {
        let windows = vec![Window::new("5h").utilization(used), Window::new("7d").utilization(0.1)];
        relay.upstream.claude_account(ClaudeAccount { windows, ..ClaudeAccount::new("alice") });
    };
    set(0.42);
    let made = signed_in(&relay, "alice").await;
    let account = relay.shared.accounts.find(&made.id).unwrap();
    let first_ms = relay.clock.now_ms() / HOUR_MS * HOUR_MS;

    relay.clock.advance(HOUR_MS);
    for used in [0.7, 0.6] {
        set(used);
        relay::quota::ask(&relay.shared, &account).await;
    }

    let told = async || {
        let detail = account::detail(&relay.shared, &relay.admin, &made.id).await.unwrap();
        let own = detail.history.into_iter().filter(|hour| hour.window == WindowName::FiveHour);
        own.map(|hour| ((hour.hour_ms - first_ms) / HOUR_MS, hour.used)).collect::<Vec<_>>()
    };
    // A task of its own writes them.
    while told().await != [(0, 4_200), (1, 7_000)] {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_long_cooldown_ends_when_the_windows_have_room_again() {
    let relay = TestRelay::empty(&[]).await;
    let made = signed_in(&relay, "alice").await;
    relay
        .upstream
        .script("alice", Behaviour::window_spent(Duration::from_secs(86_400)).times(1).then(Behaviour::ok()));
    assert_eq!(relay.message(false).await.status(), 429);
    let account = relay.shared.accounts.find(&made.id).unwrap();
    assert!(account.cooldowns().limit(relay.clock.now_ms()).is_some());

    relay::quota::ask(&relay.shared, &account).await;

    assert_eq!(relay.message(false).await.status(), 200);
}
