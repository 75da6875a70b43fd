//! Signing in to Claude: a link, and a ticket for the code.

use axum::extract::{Extension, Request, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use super::body::Fields;
use super::given;
use super::reply::{Refused, Reply, data};
use crate::admin::sign_in::{self, Opening};
use crate::admin::{Admin, Error};
use crate::model::account::AccountKind;
use crate::model::problem::Problem;
use crate::model::sign_in::SignInFlow;
use crate::state::Shared;

const INSTRUCTIONS: [&str; 4] = [
    "1. Open the link above in a browser.",
    "2. Sign in to the Claude account and allow access.",
    "3. Copy the code that the page shows, or the whole address that the browser was led to.",
    "4. Send it to exchange-code as authorizationCode or callbackUrl, within ten minutes.",
];

/// `POST /generate-auth-url`.
pub(super) async fn generate_auth_url(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    generate(&shared, &admin, SignInFlow::Session, request).await
}

/// `POST /generate-setup-token-url`: for a token that lives for a year and is never refreshed.
pub(super) async fn generate_setup_token_url(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    generate(&shared, &admin, SignInFlow::LongLived, request).await
}

/// `POST /exchange-code`.
pub(super) async fn exchange_code(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    exchange(&shared, &admin, SignInFlow::Session, request).await
}

/// `POST /exchange-setup-token-code`.
pub(super) async fn exchange_setup_token_code(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    exchange(&shared, &admin, SignInFlow::LongLived, request).await
}

async fn generate(
    shared: &Shared,
    admin: &Admin,
    flow: SignInFlow,
    request: Request,
) -> Result<Response, Refused> {
    let fields = Fields::read(request).await?;
    let (proxy, proxy_password) = given::proxy(&fields)?.unzip();
    let proxy_password = proxy_password.flatten();
    let opening = Opening { kind: AccountKind::ClaudeOauth, flow, proxy, proxy_password, state: None };
    let begun = sign_in::open(shared, admin, opening).await?;
    Ok(data(json!({ "authUrl": begun.url, "sessionId": begun.id, "instructions": INSTRUCTIONS })))
}

async fn exchange(
    shared: &Shared,
    admin: &Admin,
    flow: SignInFlow,
    request: Request,
) -> Result<Response, Refused> {
    let fields = Fields::read(request).await?;
    let id = fields.text("sessionId")?.unwrap_or_default();
    let code = fields.secret("callbackUrl")?.or(fields.secret("authorizationCode")?);
    let required = |field: &str| Error::field(field, Problem::Required);
    let code = code.ok_or_else(|| required("authorizationCode"))?;
    if id.is_empty() {
        return Err(required("sessionId").into());
    }
    let begun = sign_in::find(shared, admin, &id).await?;
    if begun.kind != AccountKind::ClaudeOauth || begun.flow != flow {
        let message = "this sessionId was not made for this kind of exchange";
        return Err(Refused::with(StatusCode::BAD_REQUEST, "bad_request", message));
    }
    let ticketed = sign_in::exchange(shared, admin, &id, &code).await?;
    Ok(data(json!({
        "claudeAiOauth": {
            "accessToken": ticketed.access.reveal(),
            "refreshToken": ticketed.refresh.as_ref().map_or("", |refresh| refresh.reveal()),
            "expiresAt": ticketed.ends_ms,
            "scopes": ticketed.scopes,
            "isMax": ticketed.plan.as_deref() == Some("max"),
        }
    })))
}
