use http::StatusCode;
use relay::admin::flash;
use relay::model::key::NewKey;
use serde_json::json;

use crate::house::{House, PASSWORD, START_MS, bearer, with_cookie};

const HOUR_MS: i64 = 3600 * 1000;

#[tokio::test]
async fn a_right_password_opens_a_session_by_token_and_by_cookie() {
    let house = House::inhabited().await;

    let reply = house.sign_in("Admin", PASSWORD).await;

    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.json()["success"], true);
    assert_eq!(reply.json()["username"], "admin");
    assert_eq!(reply.json()["expiresIn"], 12 * HOUR_MS);
    let cookie = reply.set_cookie("switchyard_session").unwrap();
    assert!(cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(house.is_open(reply.json()["token"].as_str().unwrap()).await);
    let page = house.send(with_cookie("GET", "/web/keys", reply.cookie("switchyard_session").unwrap())).await;
    assert_eq!((page.status, page.text.as_str()), (StatusCode::OK, "admin"));
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer() {
    let house = House::inhabited().await;

    let unknown = house.sign_in("nobody", PASSWORD).await;
    let wrong = house.sign_in("admin", "some other password").await;

    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
    assert_eq!(unknown.status, wrong.status);
    assert_eq!(unknown.text, wrong.text);
    assert_eq!(wrong.json(), json!({ "error": "wrong_credentials", "message": "name or password is wrong" }));
}

#[tokio::test]
async fn a_sign_in_without_name_or_password_is_a_bad_request() {
    let house = House::inhabited().await;

    let reply = house.sign_in("admin", "").await;

    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(reply.json(), json!({ "error": "required", "message": "password: this is required" }));
}

#[tokio::test]
async fn the_user_is_told_who_and_since_when() {
    let house = House::inhabited().await;
    let token = house.token().await;
    house.shared.clock.advance(HOUR_MS);

    let reply = house.user(&token).await;

    let user = json!({
        "username": "admin",
        "loginTime": "2027-01-15T08:00:00.000Z",
        "lastActivity": "2027-01-15T09:00:00.000Z",
    });
    assert_eq!(reply.json(), json!({ "success": true, "user": user }));
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_without_use() {
    let house = House::inhabited().await;
    let token = house.token().await;

    house.shared.clock.advance(12 * HOUR_MS - 1);
    assert!(house.is_open(&token).await);
    house.shared.clock.advance(12 * HOUR_MS - 1);
    assert!(house.is_open(&token).await, "use prolongs it");
    house.shared.clock.advance(12 * HOUR_MS);
    assert!(!house.is_open(&token).await);
}

#[tokio::test]
async fn a_session_ends_after_seven_days_of_use() {
    let house = House::inhabited().await;
    let token = house.token().await;

    for _ in 0..7 * 3 - 1 {
        house.shared.clock.advance(8 * HOUR_MS);
        assert!(house.is_open(&token).await);
    }
    house.shared.clock.advance(8 * HOUR_MS);

    assert!(!house.is_open(&token).await);
}

#[tokio::test]
async fn a_signed_out_session_stays_out() {
    let house = House::inhabited().await;
    let token = house.token().await;

    let reply = house.send(bearer("POST", "/web/auth/logout", &token, None)).await;

    assert_eq!(reply.json(), json!({ "success": true, "message": "signed out" }));
    assert_eq!(reply.cookie("switchyard_session"), Some("switchyard_session="));
    assert!(!house.is_open(&token).await);
}

#[tokio::test]
async fn a_refresh_puts_a_new_token_in_the_old_one_s_place_and_lengthens_no_stay() {
    let house = House::inhabited().await;
    let old = house.token().await;
    house.shared.clock.advance(6 * HOUR_MS);

    let reply = house.send(bearer("POST", "/web/auth/refresh", &old, None)).await;

    let new = reply.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(reply.json()["expiresIn"], 12 * HOUR_MS);
    assert!(!house.is_open(&old).await);
    for _ in 0..(7 * 24 - 6) / 6 - 1 {
        house.shared.clock.advance(6 * HOUR_MS);
        assert!(house.is_open(&new).await);
    }
    house.shared.clock.advance(6 * HOUR_MS);
    assert_eq!(house.shared.clock.now_ms(), START_MS + 7 * 24 * HOUR_MS);
    assert!(!house.is_open(&new).await);
}

#[tokio::test]
async fn a_change_of_password_ends_every_session_and_the_old_password() {
    let house = House::inhabited().await;
    let (here, there) = (house.token().await, house.token().await);
    let change =
        json!({ "newUsername": "root", "currentPassword": PASSWORD, "newPassword": "another long one" });

    let reply = house.send(bearer("POST", "/web/auth/change-password", &here, Some(change))).await;

    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    assert_eq!(reply.json()["newUsername"], "root");
    assert!(!house.is_open(&here).await);
    assert!(!house.is_open(&there).await);
    assert_eq!(house.sign_in("admin", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.sign_in("root", "another long one").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_change_of_password_needs_the_present_one_and_a_good_new_one() {
    let house = House::inhabited().await;
    let token = house.token().await;
    let change = async |current: &str, new: &str| {
        let change = json!({ "currentPassword": current, "newPassword": new });
        let reply = house.send(bearer("POST", "/web/auth/change-password", &token, Some(change))).await;
        (reply.status.as_u16(), reply.json()["error"].as_str().unwrap().to_owned())
    };

    assert_eq!(change("wrong", "another long one").await, (401, "wrong_password".to_owned()));
    assert_eq!(change(PASSWORD, "too short").await, (400, "too_short".to_owned()));
    assert_eq!(change(PASSWORD, "").await, (400, "required".to_owned()));
    assert!(house.is_open(&token).await);
}

#[tokio::test]
async fn a_reset_by_the_operator_ends_every_session() {
    let house = House::inhabited().await;
    let token = house.token().await;

    let password = relay::secret::Secret::new("a password from outside");
    let by = house.operator();
    relay::admin::session::reset_password(&house.shared, &by, "ADMIN", password).await.unwrap();

    assert!(!house.is_open(&token).await);
    assert_eq!(house.sign_in("admin", "a password from outside").await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_others_leaves_this_session_open() {
    let house = House::inhabited().await;
    let (here, there) = (house.token().await, house.token().await);
    let admin = relay::admin::session::authenticate(&house.shared, &here).await.unwrap();

    let ended = relay::admin::session::sign_out_others(&house.shared, &admin).await.unwrap();

    assert_eq!(ended, 1);
    assert!(house.is_open(&here).await);
    assert!(!house.is_open(&there).await);
}

#[tokio::test]
async fn the_session_unused_for_longest_makes_room() {
    let house = House::inhabited().await;
    let mut tokens = Vec::new();
    for _ in 0..21 {
        tokens.push(house.token().await);
        house.shared.clock.advance(1000);
    }

    assert!(!house.is_open(&tokens[0]).await);
    assert!(house.is_open(&tokens[1]).await);
    assert!(house.is_open(&tokens[20]).await);
}

#[tokio::test]
async fn sessions_that_ended_by_time_are_swept() {
    let house = House::inhabited().await;
    house.token().await;
    house.shared.clock.advance(11 * HOUR_MS);
    let young = house.token().await;
    house.shared.clock.advance(2 * HOUR_MS);

    let now_ms = house.shared.clock.now_ms();
    let unused_since_ms = now_ms - 12 * HOUR_MS;
    let swept = relay::store::session::sweep(&house.shared.store, now_ms, unused_since_ms).await.unwrap();

    assert_eq!(swept, 1);
    assert!(house.is_open(&young).await);
}

#[tokio::test]
async fn a_key_left_for_the_next_page_is_seen_once_and_by_its_session_alone() {
    let house = House::inhabited().await;
    let (here, there) = (house.token().await, house.token().await);
    let admin = async |token: &str| relay::admin::session::authenticate(&house.shared, token).await.unwrap();
    let (here, there) = (admin(&here).await, admin(&there).await);
    let new = NewKey::new("laptop");
    let key = relay::admin::key::create(&house.shared, &here, new).await.unwrap();

    flash::leave_keys(&house.shared, &here, vec![key.clone()]);

    assert!(flash::take_keys(&house.shared, &there).is_none());
    assert_eq!(flash::take_keys(&house.shared, &here).unwrap()[0].key, key.key);
    assert!(flash::take_keys(&house.shared, &here).is_none());
}
