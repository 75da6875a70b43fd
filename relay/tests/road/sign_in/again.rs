//! What the wizard does in the middle of a sign-in: begin again, end it with tokens, name a project.

use relay::admin::{account, request, sign_in};
use relay::model::account::{AccountKind, AccountSettings};
use relay::model::decision::Reason;
use relay::model::id::CallId;
use relay::model::problem::Problem;
use relay::model::sign_in::{NewSignIn, SignInFlow};
use relay::secret::Secret;
use upstream::{ClaudeAccount, CodeAssist, GoogleAccount};

use super::{begin, new_sign_in, paste, problem, signed_in};
use crate::support::TestRelay;

#[tokio::test]
async fn a_sign_in_that_took_too_long_is_begun_again_with_all_that_was_set() {
    let relay = TestRelay::empty(&[]).await;
    let settings = AccountSettings { note: "desk".to_owned(), priority: 7, ..AccountSettings::default() };
    let new = NewSignIn { settings: settings.clone(), ..new_sign_in("mine") };
    let begun = sign_in::begin(&relay.shared, &relay.admin, new, None).await.unwrap();
    let allowed = relay.upstream.authorize(&begun.url).unwrap();
    assert_eq!(sign_in::find_over(&relay.shared, &relay.admin, &begun.id), None);
    relay.clock.advance(10 * 60_000);

    let over = sign_in::find_over(&relay.shared, &relay.admin, &begun.id).unwrap();
    let again = sign_in::again(&relay.shared, &relay.admin, &begun.id, SignInFlow::Session).await.unwrap();
    let (_, old_code) = problem(paste(&relay, &again, &allowed.shown).await);
    let allowed = relay.upstream.authorize(&again.url).unwrap();
    let made = paste(&relay, &again, &allowed.shown).await.unwrap();

    assert_eq!((over.name, over.settings), ("mine".to_owned(), settings));
    assert_eq!(old_code, Problem::OtherSignIn);
    assert_eq!((made.name.as_str(), made.note.as_str(), made.priority), ("mine", "desk", 7));
    let twice = sign_in::again(&relay.shared, &relay.admin, &begun.id, SignInFlow::Session).await;
    assert_eq!(twice.unwrap_err().for_person().problem, Problem::SignInOver);
}

#[tokio::test]
async fn somebody_elses_sign_in_leaves_room_for_the_right_code() {
    let relay = TestRelay::empty(&[]).await;
    let made = signed_in(&relay, "alice").await;
    relay.upstream.claude_account(ClaudeAccount::new("mallory"));
    let again = NewSignIn { account: Some(made.id), ..new_sign_in("") };
    let begun = sign_in::begin(&relay.shared, &relay.admin, again, None).await.unwrap();

    let others = relay.upstream.authorize_as(&begun.url, "mallory").unwrap();
    let refused = problem(paste(&relay, &begun, &others.shown).await);
    let found = sign_in::find(&relay.shared, &relay.admin, &begun.id).await.unwrap();

    assert!(matches!(refused.1, Problem::OtherOwner { .. }), "{refused:?}");
    assert!(!found.is_granted, "what was granted is of no use here");
}

#[tokio::test]
async fn tokens_that_a_person_has_end_a_sign_in_as_a_code_does() {
    let relay = TestRelay::empty(&[]).await;
    let begun = begin(&relay, "mine").await;
    let tokens = relay.upstream.issue_for("claude", "user:inference").unwrap();
    let end = async |text: &str| {
        sign_in::complete_with_tokens(&relay.shared, &relay.admin, &begun.id, &Secret::new(text)).await
    };

    let (field, refused) = problem(end("nonsense").await);
    let made = end(tokens["access_token"].as_str().unwrap()).await.unwrap();

    assert_eq!(field, "tokens");
    assert!(matches!(refused, Problem::NotPasted { .. }), "{refused:?}");
    assert_eq!((made.name.as_str(), made.token_ends_ms), ("mine", None));
    let found = sign_in::find(&relay.shared, &relay.admin, &begun.id).await;
    assert_eq!(found.unwrap_err().for_person().problem, Problem::SignInOver);
}

#[tokio::test]
async fn a_project_named_on_the_way_to_an_account_that_exists_stays_with_it() {
    let relay = TestRelay::empty(&[]).await;
    let own = "my-project-123456";
    let person = GoogleAccount { project: Some(own.to_owned()), ..GoogleAccount::new("worker") };
    relay.upstream.google_account(person.clone());
    let new = NewSignIn { kind: AccountKind::GeminiOauth, ..new_sign_in("assist") };
    let begun = sign_in::begin(&relay.shared, &relay.admin, new.clone(), None).await.unwrap();
    let allowed = relay.upstream.authorize_as(&begun.url, "worker").unwrap();
    let made = paste(&relay, &begun, &allowed.code).await.unwrap();
    relay.upstream.google_account(GoogleAccount { assist: CodeAssist::NeedsOwnProject, ..person });
    let again = NewSignIn { account: Some(made.id.clone()), ..new };
    let begun = sign_in::begin(&relay.shared, &relay.admin, again, None).await.unwrap();
    let allowed = relay.upstream.authorize_as(&begun.url, "worker").unwrap();

    let (field, missing) = problem(paste(&relay, &begun, &allowed.code).await);
    sign_in::set_project(&relay.shared, &relay.admin, &begun.id, own).await.unwrap();
    let renewed = paste(&relay, &begun, "").await.unwrap();

    assert_eq!(field, "project");
    assert!(matches!(missing, Problem::NeedsProject { .. }), "{missing:?}");
    assert_eq!((renewed.id, renewed.project.as_str()), (made.id, own));
}

#[tokio::test]
async fn an_accounts_page_tells_its_attempts_and_a_requests_page_why_it_came_there() {
    let relay = TestRelay::empty(&[]).await;
    let made = signed_in(&relay, "alice").await;
    let answer = relay.message(false).await;
    let call = answer.headers()["x-switchyard-request-id"].to_str().unwrap().to_owned();
    drop(answer.bytes().await);

    let one = account::detail(&relay.shared, &relay.admin, &made.id).await.unwrap();
    let asked = request::find(&relay.shared, &relay.admin, &CallId::new(call.as_str())).await.unwrap();

    assert_eq!((one.row.answered.answered, one.row.answered.of), (1, 1));
    assert_eq!((one.attempts.len(), one.attempts[0].call.as_str()), (1, call.as_str()));
    assert!(one.is_refreshed);
    let tried = &asked.attempts[0];
    assert_eq!(tried.decision.as_ref().map(|decision| decision.reason), Some(Reason::Only));
    assert_eq!(tried.account.as_ref().and_then(|id| asked.names.get(id)), Some(&"alice".to_owned()));
    let unknown = request::find(&relay.shared, &relay.admin, &CallId::new("no-such-call")).await;
    assert_eq!(unknown.unwrap_err().for_person().problem, Problem::NotFound);
}
