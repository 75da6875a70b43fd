//! The layer in front of everything under `/web` and `/admin`: policy headers, same origin, a session. Denies by default.
//!
//! Whoever gets past it without being listed as public comes with an [`Admin`](crate::admin::Admin) in the request's
//! extensions.

mod entry;
mod origin;
mod policy;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::Extensions;
use http::request::Parts;

use crate::state::Shared;

/// What the layer needs to know of the pages behind it.
#[derive(Clone)]
pub struct Guard {
    shared: Shared,
    public: &'static [&'static str],
    nonce: fn(&mut Extensions) -> String,
}

impl Guard {
    /// `public` lists paths that need no session, exactly as they are requested. `nonce` makes a nonce for this request
    /// and puts it where the pages find it.
    pub fn new(
        shared: Shared,
        public: &'static [&'static str],
        nonce: fn(&mut Extensions) -> String,
    ) -> Self {
        Self { shared, public, nonce }
    }

    /// Puts the layer in front of all routes of this router.
    pub fn protect(self, router: Router) -> Router {
        router.layer(from_fn_with_state(self, pass))
    }
}

async fn pass(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let nonce = (guard.nonce)(&mut parts.extensions);
    let mut response = match check(&guard, &mut parts).await {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(refusal) => *refusal,
    };
    policy::apply(response.headers_mut(), &nonce);
    response
}

async fn check(guard: &Guard, request: &mut Parts) -> Result<(), Box<Response>> {
    origin::check(&guard.shared, request)?;
    entry::swap_setup_link(&guard.shared, request).await?;
    entry::need_session(&guard.shared, guard.public, request).await
}
