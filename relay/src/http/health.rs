//! Health, and Claude Code's probes.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

use crate::clock::Clock;
use crate::model::account::AccountState;
use crate::state::Shared;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    service: &'static str,
    version: &'static str,
    timestamp: String,
    /// Seconds.
    uptime: i64,
    components: Components,
    stats: Stats,
}

#[derive(Serialize)]
struct Components {
    journal: Component,
    store: Component,
    books: Component,
}

#[derive(Serialize)]
struct Component {
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Stats {
    accounts: usize,
    accounts_able: usize,
    streams_open: u32,
}

/// `GET /health`: 200 while calls can be taken and recorded, else 503. Books that cannot follow the journal make it
/// degraded: figures are late, and nothing is lost. Without accounts it is healthy all the same: it is the process that
/// is asked.
pub(super) async fn health(State(shared): State<Shared>) -> Response {
    let journal = shared.ledger.journal.check().is_ok();
    let store = shared.store.is_alive().await;
    let now_ms = shared.clock.now_ms();
    let accounts = shared.accounts.all();
    let able = accounts.iter().filter(|account| account.state(now_ms) == AccountState::Able).count();
    let books = !shared.books.are_stuck();
    let can_serve = journal && store;
    let component = |works: bool| Component { status: if works { "healthy" } else { "unhealthy" } };
    let health = Health {
        status: match (can_serve, books) {
            (true, true) => "healthy",
            (true, false) => "degraded",
            (false, _) => "unhealthy",
        },
        service: "switchyard",
        version: env!("CARGO_PKG_VERSION"),
        timestamp: Clock::rfc3339(now_ms),
        uptime: (now_ms - shared.started_ms) / 1000,
        components: Components {
            journal: component(journal),
            store: component(store),
            books: component(books),
        },
        stats: Stats {
            accounts: accounts.len(),
            accounts_able: able,
            streams_open: shared.live.streams_open(),
        },
    };
    let status = if can_serve { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health)).into_response()
}

/// 200 without a body and without a key: Claude Code asks whether the address is alive.
pub(super) async fn probe() -> StatusCode {
    StatusCode::OK
}
