//! What scripts use under `/web/auth`, and what the console's roads share: who asks, and with which token.
//!
//! Reply shapes are the original's (reference: original, section 1.3).

mod auth;
pub mod rescue;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit};
use axum::routing::{get, post};
use http::header::AUTHORIZATION;
use http::{Extensions, HeaderMap};

use super::cookie::{self, Cookie};
use crate::admin::session::Visitor;
use crate::secret::Secret;
use crate::state::{Shared, Switchyard};

const LARGEST_BODY: usize = 16 * 1024;

/// All routes under `/web/auth`. To be put behind [`Guard`](super::guard::Guard).
pub fn router(shared: Shared) -> Router {
    Router::new()
        .route("/web/auth/login", post(auth::login))
        .route("/web/auth/logout", post(auth::logout))
        .route("/web/auth/refresh", post(auth::refresh))
        .route("/web/auth/change-password", post(auth::change_password))
        .route("/web/auth/user", get(auth::user))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(shared)
}

/// Who asks. Without `ConnectInfo` in the request all count as one address.
pub fn visitor(shared: &Switchyard, extensions: &Extensions, headers: &HeaderMap) -> Visitor {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    Visitor {
        address: peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip()),
        device: cookie::find(shared, headers, Cookie::Device),
    }
}

/// The token in `Authorization: Bearer …`, else in `x-admin-token`, as the original has it. No page of another site can
/// send either.
pub(super) fn token(headers: &HeaderMap) -> Option<Secret> {
    bearer(headers).or_else(|| {
        let token = headers.get("x-admin-token")?.to_str().ok()?;
        Some(Secret::new(token.trim()))
    })
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}
