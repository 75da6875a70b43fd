//! Sessions: which account served them, and which would suit them.

use std::time::Duration;

use relay::model::id::{AccountId, KeyId};
use relay::schedule::affinity::Affinity;
use relay::schedule::session::{Session, SessionId};
use relay::wire::anthropic::call::CallFields;

const HOUR: Duration = Duration::from_secs(3_600);
const HOUR_MS: i64 = 3_600_000;

fn session(n: u32) -> SessionId {
    SessionId::of(&KeyId::new("k"), &n)
}

fn account(n: u32) -> AccountId {
    AccountId::new(format!("account {n}"))
}

#[test]
fn a_session_keeps_its_account_until_it_was_not_used_for_a_while() {
    let affinity = Affinity::new(HOUR, 100);
    affinity.bind(session(1), &account(1), 0);

    affinity.bind(session(1), &account(1), HOUR_MS - 1);

    assert_eq!(affinity.find(session(1), 2 * HOUR_MS - 2), Some(account(1)));
    assert_eq!(affinity.find(session(1), 2 * HOUR_MS - 1), None);
    assert_eq!(affinity.find(session(2), 0), None);
}

#[test]
fn a_session_that_another_account_has_served_is_bound_to_that_one() {
    let affinity = Affinity::new(HOUR, 2);
    affinity.bind(session(1), &account(1), 0);
    affinity.bind(session(2), &account(1), 0);

    affinity.bind(session(1), &account(2), 0);

    assert_eq!(affinity.find(session(1), 0), Some(account(2)));
    assert_eq!(affinity.find(session(2), 0), Some(account(1)));
}

#[test]
fn the_table_is_bounded_and_what_is_in_use_stays() {
    let affinity = Affinity::new(HOUR, 100);
    affinity.bind(session(0), &account(0), 0);

    for n in 1..10_000 {
        affinity.bind(session(n), &account(n), 0);
        if n % 40 == 0 {
            affinity.bind(session(0), &account(0), 0);
        }
    }

    assert!(affinity.len() <= 100, "{}", affinity.len());
    assert_eq!(affinity.find(session(0), 0), Some(account(0)));
    assert_eq!(affinity.find(session(9_999), 0), Some(account(9_999)));
    assert_eq!(affinity.find(session(1), 0), None);
}

#[test]
fn a_session_s_own_account_changes_for_those_alone_whose_account_went() {
    let accounts: Vec<_> = (0..10).map(account).collect();
    let own = |n: u32, among: &[AccountId]| {
        let suits = |id: &&AccountId| session(n).suits(id, 1);
        among.iter().max_by(|a, b| suits(a).total_cmp(&suits(b))).unwrap().clone()
    };

    let moved = (0..1_000).filter(|n| own(*n, &accounts) != own(*n, &accounts[..9]));

    assert!(moved.into_iter().all(|n| own(n, &accounts) == accounts[9]));
}

#[test]
fn sessions_are_spread_in_proportion_to_the_weights() {
    let suits = |n: u32, weight: u8| session(n).suits(&account(weight.into()), weight);

    let heavy = (0..10_000).filter(|n| suits(*n, 3) > suits(*n, 1)).count();

    assert!((7_200..7_800).contains(&heavy), "{heavy}");
}

#[test]
fn a_named_session_is_the_client_s_whatever_it_says() {
    let (key, other) = (KeyId::new("k"), KeyId::new("l"));
    let user_id = "user_x_account__session_5f0c";

    let of_user = Session::named(&key, Some(user_id), Some("header"));

    assert!(of_user.is_some_and(|session| session.is_kept));
    assert_eq!(of_user, Session::named(&key, None, Some("5f0c")));
    assert_ne!(of_user, Session::named(&other, Some(user_id), None));
    assert_eq!(Session::named(&key, Some("jane"), Some(" ")), None);
}

#[test]
fn a_session_without_a_name_is_known_by_how_it_begins() {
    let key = KeyId::new("k");
    let begun = |body: &str| {
        let fields = CallFields::read(body.as_bytes()).unwrap();
        Session::begun(&key, |each| fields.opening.read(each))
    };
    let first = begun(r#"{"model":"m","messages":[{"role":"user","content":"hello"}]}"#).unwrap();
    let later = begun(
        r#"{"model":"n","messages":[{"role":"user","content":[{"type":"text","text":"hello"}]},
            {"role":"assistant","content":"hi"},{"role":"user","content":"more"}]}"#,
    )
    .unwrap();

    assert_eq!(first.id, later.id);
    assert_eq!((first.is_kept, later.is_kept), (false, true));
    assert_eq!(begun(r#"{"model":"m"}"#), None);
}
