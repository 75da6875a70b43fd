//! What `/health` says while parts of the relay do not work.

use serde_json::Value;

use crate::support::TestRelay;

async fn health(relay: &TestRelay) -> (u16, Value) {
    let answer = relay.client.get(relay.url("/health")).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn rename_table(relay: &TestRelay, from: &str, to: &str) {
    let change = format!("ALTER TABLE {from} RENAME TO {to}");
    relay.shared.store.durable(move |write| Ok(write.execute_batch(&change)?)).await.unwrap();
}

#[tokio::test]
async fn books_that_cannot_follow_the_journal_show_and_calls_go_on() {
    let relay = TestRelay::start().await;
    rename_table(&relay, "rollup", "gone").await;

    assert_eq!(relay.message(false).await.status(), 200);
    relay.shared.books.caught_up().await;
    let (status, body) = health(&relay).await;

    assert_eq!((status, &body["status"]), (200, &"degraded".into()));
    assert_eq!(body["components"]["books"]["status"], "unhealthy");
    assert_eq!(body["components"]["journal"]["status"], "healthy");

    rename_table(&relay, "gone", "rollup").await;
    assert_eq!(relay.record().await.status, 200);
    let (status, body) = health(&relay).await;

    assert_eq!((status, &body["status"]), (200, &"healthy".into()));
}
