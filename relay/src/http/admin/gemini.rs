//! Signing in to Google: a link, and a ticket for the code.

use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::response::IntoResponse;
use http::StatusCode;
use serde_json::json;

use super::body::Fields;
use super::given;
use super::reply::{Refused, Reply, data};
use crate::admin::sign_in::{self, Opening};
use crate::admin::{Admin, Error};
use crate::model::account::AccountKind;
use crate::model::problem::Problem;
use crate::model::sign_in::{SignIn, SignInFlow};
use crate::state::Shared;

/// `POST /generate-auth-url`.
pub(super) async fn generate_auth_url(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let (proxy, proxy_password) = given::proxy(&fields)?.unzip();
    let opening = Opening {
        kind: AccountKind::GeminiOauth,
        flow: SignInFlow::Session,
        proxy,
        proxy_password: proxy_password.flatten(),
        state: fields.text("state")?.filter(|state| !state.is_empty()),
    };
    let begun = sign_in::open(&shared, &admin, opening).await?;
    Ok(data(json!({ "authUrl": begun.url, "sessionId": begun.id })))
}

/// `POST /poll-auth-status`: nothing comes by itself, the code has to be exchanged. So it is pending until it is over.
pub(super) async fn poll_auth_status(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let begun = begun(&shared, &admin, &Fields::read(request).await?).await?;
    Ok(Json(json!({
        "success": false,
        "error": "pending",
        "message": "send the code to exchange-code",
        "expiresAt": begun.ends_ms,
    }))
    .into_response())
}

/// `POST /exchange-code`.
pub(super) async fn exchange_code(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let code = fields.secret("code")?.ok_or_else(|| Error::field("code", Problem::Required))?;
    let begun = begun(&shared, &admin, &fields).await?;
    let ticketed = sign_in::exchange(&shared, &admin, &begun.id, &code).await?;
    let mut tokens = json!({
        "access_token": ticketed.access.reveal(),
        "scope": ticketed.scopes.join(" "),
        "token_type": "Bearer",
        "expiry_date": ticketed.ends_ms,
    });
    if let Some(refresh) = &ticketed.refresh {
        tokens["refresh_token"] = json!(refresh.reveal());
    }
    Ok(data(json!({ "tokens": tokens })))
}

async fn begun(shared: &Shared, admin: &Admin, fields: &Fields) -> Result<SignIn, Refused> {
    let id = fields.text("sessionId")?.filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Error::field("sessionId", Problem::Required))?;
    let begun = sign_in::find(shared, admin, &id).await?;
    if begun.kind != AccountKind::GeminiOauth {
        let message = "this sessionId was not made for Gemini";
        return Err(Refused::with(StatusCode::BAD_REQUEST, "bad_request", message));
    }
    Ok(begun)
}
