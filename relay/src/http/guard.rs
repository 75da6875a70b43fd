//! The layer in front of everything under `/web` and `/admin`: policy headers, same origin, a session. Denies by default.
//!
//! Whoever gets past it without being listed as public comes with an [`Admin`](crate::admin::Admin) in the request's
//! extensions.

mod entry;
mod origin;
mod policy;

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::request::Parts;
use http::{Extensions, Method, StatusCode};
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::http::web::rescue;
use crate::state::Shared;

/// A change under way when Switchyard stops has so long to come to its end.
const GRACE: Duration = Duration::from_secs(5);

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
        Ok(()) => run(&guard.shared, next, Request::from_parts(parts, body)).await,
        Err(refusal) => *refusal,
    };
    policy::apply(response.headers_mut(), &nonce);
    response
}

/// What changes something goes on to its end when its client is gone: a sign-in whose code is used up, an account that
/// is in the store and not yet on the road, are worse than either.
async fn run(shared: &Shared, next: Next, request: Request) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let (told, ended) = oneshot::channel();
    let stop = shared.tasks.token();
    shared.tasks.spawn(async move {
        tokio::select! {
            // Whoever waited may be gone.
            response = next.run(request) => drop(told.send(response)),
            () = async { stop.cancelled().await; sleep(GRACE).await } => {}
        }
    });
    ended.await.unwrap_or_else(|_| {
        rescue::refusal(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong here")
    })
}

async fn check(guard: &Guard, request: &mut Parts) -> Result<(), Box<Response>> {
    origin::check(&guard.shared, request)?;
    entry::swap_setup_link(&guard.shared, request).await?;
    entry::need_session(&guard.shared, guard.public, request).await
}
