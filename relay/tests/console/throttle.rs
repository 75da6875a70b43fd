use http::header::COOKIE;
use http::{HeaderValue, StatusCode};

use crate::house::{House, PASSWORD, login};

#[tokio::test]
async fn wrong_passwords_slow_down_longer_each_time() {
    let house = House::inhabited().await;
    for _ in 0..3 {
        assert_eq!(house.sign_in("admin", "wrong").await.status, StatusCode::UNAUTHORIZED);
    }

    let fourth = house.sign_in("admin", PASSWORD).await;
    assert_eq!(fourth.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(fourth.json()["error"], "slow_down");
    assert_eq!(fourth.header("retry-after"), "1");

    house.shared.clock.advance(2000);
    assert_eq!(house.sign_in("admin", "wrong").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.sign_in("admin", "wrong").await.header("retry-after"), "2");
}

#[tokio::test]
async fn a_right_password_in_time_starts_the_count_anew() {
    let house = House::inhabited().await;
    for _ in 0..4 {
        for _ in 0..2 {
            assert_eq!(house.sign_in("admin", "wrong").await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(house.sign_in("admin", PASSWORD).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn unknown_names_slow_down_as_known_ones_do() {
    let house = House::inhabited().await;

    for n in 0..3 {
        house.send(login("nobody", "wrong", &format!("192.0.2.{n}"))).await;
    }
    let fourth = house.send(login("nobody", "wrong", "192.0.2.9")).await;

    assert_eq!(fourth.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn strangers_cannot_lock_a_known_browser_out() {
    let house = House::inhabited().await;
    let reply = house.sign_in("admin", PASSWORD).await;
    let device: HeaderValue = reply.cookie("switchyard_device").unwrap().parse().unwrap();
    for n in 0..50 {
        house.send(login("admin", "guess", &format!("192.0.2.{n}"))).await;
        house.sign_in("admin", "guess").await;
    }
    assert_eq!(house.sign_in("admin", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);

    let mut known = login("admin", PASSWORD, "192.0.2.1");
    known.headers_mut().insert(COOKIE, device);

    assert_eq!(house.send(known).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_known_browser_is_slowed_down_too() {
    let house = House::inhabited().await;
    let reply = house.sign_in("admin", PASSWORD).await;
    let device: HeaderValue = reply.cookie("switchyard_device").unwrap().parse().unwrap();
    let guess = async || {
        let mut known = login("admin", "guess", "192.0.2.1");
        known.headers_mut().insert(COOKIE, device.clone());
        house.send(known).await.status
    };
    for _ in 0..3 {
        assert_eq!(guess().await, StatusCode::UNAUTHORIZED);
    }

    assert_eq!(guess().await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_stranger_waits_at_most_half_a_minute() {
    let house = House::inhabited().await;
    for _ in 0..20 {
        house.sign_in("admin", "guess").await;
        house.shared.clock.advance(33_000);
    }

    assert_eq!(house.sign_in("admin", PASSWORD).await.status, StatusCode::OK);
}
