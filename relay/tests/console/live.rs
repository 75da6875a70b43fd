use std::sync::Arc;

use axum::response::IntoResponse;
use http_body_util::BodyExt;
use relay::admin::{Admin, session};
use relay::http::live;
use relay::model::live::{LiveEvent, Pulse};
use tokio::sync::broadcast;

use crate::house::House;

async fn admin(house: &House) -> Admin {
    session::authenticate(&house.shared, &house.token().await).await.unwrap()
}

async fn next(body: &mut axum::body::Body) -> Option<String> {
    let frame = body.frame().await?.unwrap();
    Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn events_arrive_by_name_as_json() {
    let house = House::inhabited().await;
    let (sender, receiver) = broadcast::channel(8);
    let response = live::feed(house.shared.clone(), admin(&house).await, receiver).into_response();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    assert_eq!(next(&mut body).await.unwrap(), ": live\nretry: 2000\n\n");

    sender.send(Arc::new(LiveEvent::Keys)).unwrap();

    assert_eq!(next(&mut body).await.unwrap(), "event: keys\ndata: {\"type\":\"keys\"}\n\n");
}

#[tokio::test]
async fn the_feed_ends_with_its_session() {
    let house = House::inhabited().await;
    let (_sender, receiver) = broadcast::channel(8);
    let admin = admin(&house).await;
    let mut body = live::feed(house.shared.clone(), admin.clone(), receiver).into_response().into_body();
    next(&mut body).await.unwrap();

    session::sign_out(&house.shared, &admin).await.unwrap();

    assert_eq!(next(&mut body).await, None);
}

#[tokio::test]
async fn another_session_s_end_leaves_the_feed_open() {
    let house = House::inhabited().await;
    let (sender, receiver) = broadcast::channel(8);
    let (here, there) = (admin(&house).await, admin(&house).await);
    let mut body = live::feed(house.shared.clone(), here, receiver).into_response().into_body();
    next(&mut body).await.unwrap();

    session::sign_out(&house.shared, &there).await.unwrap();
    sender.send(Arc::new(LiveEvent::Accounts)).unwrap();

    assert!(next(&mut body).await.unwrap().starts_with("event: accounts"));
}

#[tokio::test]
async fn a_slow_browser_misses_events_and_is_told_to_fetch_again() {
    let house = House::inhabited().await;
    let (sender, receiver) = broadcast::channel(2);
    let mut body =
        live::feed(house.shared.clone(), admin(&house).await, receiver).into_response().into_body();
    next(&mut body).await.unwrap();

    for at_ms in 0..100 {
        sender.send(Arc::new(LiveEvent::Pulse(Box::new(Pulse { at_ms, ..Pulse::default() })))).unwrap();
    }

    assert!(next(&mut body).await.unwrap().starts_with("event: accounts"));
    assert!(next(&mut body).await.unwrap().starts_with("event: keys"));
    let latest = next(&mut body).await.unwrap();
    assert!(latest.starts_with("event: pulse") && latest.contains("\"at_ms\":98,"), "{latest}");
}
