use std::os::unix::fs::PermissionsExt;

use http::StatusCode;
use relay::admin::{Error, session::Opened, setup};
use relay::model::problem::Problem;
use relay::model::session::SetupProgress;
use relay::secret::Secret;

use crate::house::{House, PASSWORD, request, with_cookie};

const BASE: &str = "http://localhost:3000";

async fn token(house: &House) -> Secret {
    let link = setup::announce(&house.shared, BASE).await.unwrap().unwrap();
    Secret::new(link.reveal().strip_prefix("http://localhost:3000/web/setup?token=").unwrap())
}

async fn set_up(house: &House, token: &Secret, name: &str, password: &str) -> Result<Opened, Error> {
    setup::set_up(&house.shared, Some(token), name, Secret::new(password)).await
}

fn problem(result: Result<Opened, Error>) -> (String, Problem) {
    let told = result.unwrap_err().for_person();
    (told.field, told.problem)
}

#[tokio::test]
async fn the_link_is_kept_for_its_owner_alone_until_it_is_used() {
    let house = House::new().await;
    let path = house.folder.path().join("setup-link");

    let token = token(&house).await;

    let kept = std::fs::read_to_string(&path).unwrap();
    assert_eq!(kept, format!("{BASE}/web/setup?token={}\n", token.reveal()));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    set_up(&house, &token, "admin", PASSWORD).await.unwrap();
    assert!(!path.exists());
    assert!(setup::announce(&house.shared, BASE).await.unwrap().is_none());
}

#[tokio::test]
async fn opening_the_link_swaps_the_token_for_a_cookie() {
    let house = House::new().await;
    let token = token(&house).await;
    let path = format!("/web/setup?token={}", token.reveal());

    let reply = house.send(request("GET", &path).body("".into()).unwrap()).await;

    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/web/setup"));
    assert_eq!(reply.header("cache-control"), "no-store");
    let cookie = reply.cookie("switchyard_setup").unwrap();
    assert_eq!(cookie, format!("switchyard_setup={}", token.reveal()));
    assert!(reply.set_cookie("switchyard_setup").unwrap().contains("; HttpOnly; SameSite=Lax"));
    let page = house.send(with_cookie("GET", "/web/setup", cookie)).await;
    assert_eq!((page.status, page.text.as_str()), (StatusCode::OK, "nobody"));
    assert_eq!(setup::progress(&house.shared, Some(&token)).await.unwrap(), SetupProgress::Open);
}

#[tokio::test]
async fn a_wrong_link_leaves_no_cookie() {
    let house = House::new().await;
    token(&house).await;

    let reply = house.send(request("GET", "/web/setup?token=guess").body("".into()).unwrap()).await;

    assert_eq!(reply.header("location"), "/web/setup");
    assert_eq!(reply.cookie("switchyard_setup"), Some("switchyard_setup="));
}

#[tokio::test]
async fn the_administrator_is_signed_in_by_the_set_up() {
    let house = House::new().await;
    let token = token(&house).await;

    let opened = set_up(&house, &token, " admin ", PASSWORD).await.unwrap();

    assert_eq!(opened.signed_in.username, "admin");
    assert!(house.is_open(opened.token.reveal()).await);
}

#[tokio::test]
async fn each_start_makes_a_new_link_and_ends_the_old_one() {
    let house = House::new().await;
    let old = token(&house).await;
    let new = token(&house).await;

    assert_eq!(problem(set_up(&house, &old, "admin", PASSWORD).await).1, Problem::SetupLinkInvalid);
    assert!(set_up(&house, &new, "admin", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_second_set_up_is_refused() {
    let house = House::new().await;
    let token = token(&house).await;
    set_up(&house, &token, "admin", PASSWORD).await.unwrap();

    assert_eq!(problem(set_up(&house, &token, "second", PASSWORD).await).1, Problem::SetupDone);
    assert_eq!(house.sign_in("second", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn of_many_racing_set_ups_exactly_one_wins() {
    let house = House::new().await;
    let token = token(&house).await;

    let runs = (0..8).map(|n| {
        let (shared, token) = (house.shared.clone(), token.clone());
        let name = format!("admin{n}");
        tokio::spawn(async move { setup::set_up(&shared, Some(&token), &name, Secret::new(PASSWORD)).await })
    });
    let results = futures_util::future::join_all(runs.collect::<Vec<_>>()).await;

    let won = results.iter().filter(|result| result.as_ref().unwrap().is_ok()).count();
    assert_eq!(won, 1);
}

#[tokio::test]
async fn an_administrator_from_the_command_line_ends_the_set_up() {
    let house = House::new().await;
    let token = token(&house).await;

    house.create_admin("admin", PASSWORD).await;

    assert_eq!(problem(set_up(&house, &token, "second", PASSWORD).await).1, Problem::SetupDone);
    assert!(!house.folder.path().join("setup-link").exists());
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_uses_nothing_up() {
    let house = House::new().await;
    let token = token(&house).await;
    let field = |name: &str| name.to_owned();

    let long = "n".repeat(65);
    for (name, password, told) in [
        ("", PASSWORD, (field("username"), Problem::Required)),
        (long.as_str(), PASSWORD, (field("username"), Problem::TooLong { max: 64 })),
        ("a\u{1b}[31m", PASSWORD, (field("username"), Problem::BadCharacters)),
        ("admin", "", (field("password"), Problem::Required)),
        ("admin", "123456789", (field("password"), Problem::TooShort { min: 10 })),
        ("administrator", "Administrator", (field("password"), Problem::SameAsName)),
    ] {
        assert_eq!(problem(set_up(&house, &token, name, password).await), told);
    }
    assert!(set_up(&house, &token, "admin", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn unsigned_pages_lead_to_set_up_while_nobody_administers_and_to_sign_in_after() {
    let house = House::new().await;
    let keys = async || house.send(request("GET", "/web/keys?q=a%20b").body("".into()).unwrap()).await;

    assert_eq!(keys().await.header("location"), "/web/setup");
    house.create_admin("admin", PASSWORD).await;
    assert_eq!(keys().await.header("location"), "/web/sign-in?next=/web/keys%3Fq%3Da%2520b");
}
