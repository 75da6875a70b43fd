//! What is done with an account: refresh, reset, switch off and on, test.

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::response::IntoResponse;
use http::StatusCode;
use serde_json::json;

use super::Desk;
use super::account::one;
use super::face::{REDACTED, ends};
use super::reply::{Reply, data, done};
use crate::admin::{Admin, account};
use crate::model::account::{AccountState, TestResult, TestStep};

/// `POST /{id}/refresh`. The token itself stays here.
pub(super) async fn refresh(
    State((shared, noun)): State<Desk>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
) -> Reply {
    let row = one(&shared, &admin, noun, &id).await?;
    let row = account::refresh(&shared, &admin, &row.id).await?;
    Ok(data(json!({
        "success": true,
        "accessToken": REDACTED,
        "access_token": REDACTED,
        "token_type": "Bearer",
        "expiresAt": ends(&row),
        "expiry_date": row.token_ends_ms,
    })))
}

/// `POST /{id}/reset-status`: back into service, whatever kept it out.
pub(super) async fn reset_status(
    State((shared, noun)): State<Desk>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
) -> Reply {
    let row = one(&shared, &admin, noun, &id).await?;
    account::resume(&shared, &admin, &row.id).await?;
    let message = "the account is back in service";
    Ok(done(json!({ "message": message, "data": { "success": true, "accountId": row.id } })))
}

/// `PUT /{id}/toggle-schedulable` and `PUT /{id}/toggle`: pauses, or takes back from a pause.
pub(super) async fn toggle(
    State((shared, noun)): State<Desk>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
) -> Reply {
    let row = one(&shared, &admin, noun, &id).await?;
    let serves = matches!(row.state, AccountState::Paused { .. });
    match serves {
        true => account::resume(&shared, &admin, &row.id).await?,
        false => account::pause(&shared, &admin, &row.id).await?,
    };
    Ok(done(json!({ "schedulable": serves, "isActive": serves })))
}

/// `POST /{id}/test`: a real one-token message, with what each step took. 502 if the account cannot serve.
pub(super) async fn test(
    State((shared, noun)): State<Desk>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
) -> Reply {
    let row = one(&shared, &admin, noun, &id).await?;
    let steps = account::test(&shared, &admin, &row.id).await?;
    let latency: u64 = steps.iter().map(took_ms).sum();
    let facts = json!({ "accountId": row.id, "accountName": row.name, "latency": latency, "steps": steps });
    let cause = steps.iter().find_map(|step| match &step.result {
        TestResult::Failed { cause, .. } => Some(cause),
        TestResult::Passed { .. } | TestResult::NotRun => None,
    });
    let Some(cause) = cause else { return Ok(data(facts)) };
    let reply = json!({
        "success": false,
        "error": "test_failed",
        "message": cause,
        "latency": latency,
        "data": facts,
    });
    Ok((StatusCode::BAD_GATEWAY, Json(reply)).into_response())
}

fn took_ms(step: &TestStep) -> u64 {
    match step.result {
        TestResult::Passed { took_ms } | TestResult::Failed { took_ms, .. } => took_ms,
        TestResult::NotRun => 0,
    }
}
