//! What clients of Code Assist ask beside the models' work. The relay answers for itself: the project that a client gets
//! stands for whichever account will serve it, and is replaced by that account's own in every call.

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{authenticated, refuse};
use crate::http::rescue::google::not_found;
use crate::model::dialect::Dialect;
use crate::pipeline::models::gemini::quota;
use crate::state::Shared;

/// The project and the tier that clients see.
const PROJECT: &str = "switchyard";
const TIER: &str = "standard-tier";

/// What clients report or fetch for their own housekeeping; nothing of it is the relay's business.
const HOUSEKEEPING: [&str; 7] = [
    "fetchAdminControls",
    "getCodeAssistGlobalUserSetting",
    "listExperiments",
    "recordCodeAssistMetrics",
    "recordConversationOffered",
    "recordConversationInteraction",
    "setCodeAssistGlobalUserSetting",
];

/// `/gemini/v1internal:{method}`.
pub(super) async fn answer(shared: &Shared, method: &str, request: Request) -> Response {
    let is_known = HOUSEKEEPING.contains(&method);
    if !is_known && !matches!(method, "loadCodeAssist" | "onboardUser" | "retrieveUserQuota") {
        return not_found(request).await;
    }
    let key = match authenticated(shared, Dialect::CodeAssist, request).await {
        Ok(key) => key,
        Err(refusal) => return refuse(&refusal),
    };
    let answer = match method {
        "loadCodeAssist" => loaded(),
        "onboardUser" => onboarded(),
        "retrieveUserQuota" => json!({ "buckets": quota(shared, &key).await }),
        _ => json!({}),
    };
    Json(answer).into_response()
}

/// `GET /gemini/v1internal/operations/{name}`: the only one there can be is done.
pub(super) async fn operation(shared: &Shared, request: Request) -> Response {
    match authenticated(shared, Dialect::CodeAssist, request).await {
        Ok(_) => Json(onboarded()).into_response(),
        Err(refusal) => refuse(&refusal),
    }
}

fn loaded() -> Value {
    let tier =
        json!({ "id": TIER, "name": "Switchyard", "description": "Served by the accounts of this relay" });
    json!({ "currentTier": tier, "cloudaicompanionProject": PROJECT })
}

fn onboarded() -> Value {
    let project = json!({ "id": PROJECT, "name": "Switchyard" });
    json!({
        "name": "operations/switchyard",
        "done": true,
        "response": { "cloudaicompanionProject": project },
    })
}
