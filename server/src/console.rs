//! The console: pages, server functions, live feed and site, behind the guard. Denies whatever is not listed as public.

use app::api::PastedKey;
use axum::body::Body;
use axum::extract::{Extension, FromRequest, Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use futures_util::StreamExt;
use http::request::Parts;
use http::{Extensions, StatusCode};
use http_body_util::Limited;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use relay::admin::Admin;
use relay::http::guard::Guard;
use relay::http::{admin, download, live, web};
use relay::state::Shared;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use crate::assets;

/// No form of the console is longer.
const LARGEST_FORM: usize = 256 * 1024;

/// All routes of the console. Live feeds end when `stop` is cancelled.
pub(crate) fn router(shared: &Shared, stop: &CancellationToken) -> Router {
    let feed = get(feed).with_state((shared.clone(), stop.clone()));
    let guarded = pages(shared)
        .route("/web/live", feed)
        .merge(web::router(shared.clone()))
        .merge(download::router(shared.clone()))
        .merge(admin::router(shared.clone()));
    Guard::new(shared.clone(), app::api::PUBLIC, nonce)
        .protect(guarded)
        // Claude Code probes an address with HEAD, and takes a redirect for a failure.
        .route("/", get(|| async { Redirect::to("/web") }).head(|| async { StatusCode::OK }))
        .merge(assets::router())
}

fn pages(shared: &Shared) -> Router {
    let options =
        LeptosOptions::builder().output_name("switchyard").site_root("site").site_pkg_dir("pkg").build();
    let chunks = assets::chunk_manifest();
    let shared = shared.clone();
    let context = move || {
        provide_context(shared.clone());
        // In place of the one that the framework has just made: the policy names this one.
        if let Some(nonce) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Nonce>().cloned())
        {
            provide_context(nonce);
        }
        if let Some(chunks) = &chunks {
            provide_context(chunks.clone());
        }
    };
    let routes = generate_route_list(app::App);
    let shell_options = options.clone();
    let shell = move || app::shell(shell_options.clone());
    let held = render_app_async_with_context(context.clone(), shell.clone());
    Router::new()
        .leptos_routes_with_context(&options, routes, context, shell)
        .route("/key", post(move |request: Request| async move { held(with_key(request).await).await }))
        .with_state(options)
        .layer(from_fn(limit))
}

/// The key that a browser without WASM posts to its holder's page, for the page to find. It is in no address and no log.
async fn with_key(request: Request) -> Request {
    let (mut parts, body) = request.into_parts();
    if let Ok(Form(pasted)) =
        Form::<Pasted>::from_request(Request::from_parts(parts.clone(), body), &()).await
    {
        parts.extensions.insert(PastedKey(pasted.key.into()));
    }
    Request::from_parts(parts, Body::empty())
}

/// The form of the key holder's page.
#[derive(Deserialize)]
struct Pasted {
    key: String,
}

fn nonce(request: &mut Extensions) -> String {
    let nonce = Nonce::new();
    let text = nonce.to_string();
    request.insert(nonce);
    text
}

async fn limit(request: Request, next: Next) -> Response {
    next.run(request.map(|body| Body::new(Limited::new(body, LARGEST_FORM)))).await
}

async fn feed(
    State((shared, stop)): State<(Shared, CancellationToken)>,
    Extension(admin): Extension<Admin>,
) -> Response {
    let events = shared.live.subscribe();
    // An open console must not hold up a stop until the grace is over.
    live::feed(shared, admin, events)
        .into_response()
        .map(|body| Body::from_stream(body.into_data_stream().take_until(stop.cancelled_owned())))
}
