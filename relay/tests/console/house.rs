//! A Switchyard in a temporary folder with a fake clock, its console routes, and a browser to knock with.

use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use http::header::{COOKIE, SET_COOKIE};
use http::{Extensions, HeaderMap, Request, StatusCode};
use relay::admin::{Admin, local, session};
use relay::clock::Clock;
use relay::config::Config;
use relay::folder::FolderLock;
use relay::http::guard::Guard;
use relay::http::{admin, download, web};
use relay::secret::Secret;
use relay::state::Shared;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const START_MS: i64 = 1_800_000_000_000;
pub(crate) const JWT_SECRET: &str = "a signing secret for tests, 32 letters long";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Public server functions of the pages behind the guard.
const PUBLIC: &[&str] = &["/web/fn/set_theme"];

pub(crate) struct House {
    pub(crate) shared: Shared,
    pub(crate) router: Router,
    pub(crate) lock: FolderLock,
    pub(crate) folder: TempDir,
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        let mut values = vec![("SWITCHYARD_DATA", data), ("JWT_SECRET", JWT_SECRET)];
        values.extend_from_slice(settings);
        let config = Config::from_values(&values).unwrap();
        let lock = FolderLock::take(folder.path()).unwrap();
        let shared = relay::start::open(config, Clock::fake(START_MS), &lock).await.unwrap();
        let routes = web::router(shared.clone())
            .merge(download::router(shared.clone()))
            .merge(admin::router(shared.clone()))
            .merge(pages());
        let router = Guard::new(shared.clone(), PUBLIC, nonce).protect(routes);
        Self { shared, router, lock, folder }
    }

    /// With an administrator called `admin`.
    pub(crate) async fn inhabited() -> Self {
        let house = Self::new().await;
        house.create_admin("admin", PASSWORD).await;
        house
    }

    pub(crate) fn operator(&self) -> Admin {
        local::by_lock(&self.lock)
    }

    pub(crate) async fn create_admin(&self, name: &str, password: &str) {
        let password = Secret::new(password);
        session::create_admin(&self.shared, &self.operator(), name, password).await.unwrap();
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Reply::read(response).await
    }

    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Reply {
        self.send(login(name, password, "192.0.2.1")).await
    }

    /// The token of a new session of `admin`.
    pub(crate) async fn token(&self) -> String {
        let reply = self.sign_in("admin", PASSWORD).await;
        reply.json()["token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn user(&self, token: &str) -> Reply {
        self.send(bearer("GET", "/web/auth/user", token, None)).await
    }

    pub(crate) async fn is_open(&self, token: &str) -> bool {
        self.user(token).await.status == StatusCode::OK
    }
}

impl Reply {
    async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Self { status: parts.status, headers: parts.headers, text }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The whole `set-cookie` line of that cookie.
    pub(crate) fn set_cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(SET_COOKIE).into_iter().map(|line| line.to_str().unwrap());
        lines.into_iter().find(|line| line.starts_with(&format!("{name}=")))
    }

    /// `name=value` of that cookie, as the browser sends it back.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.set_cookie(name)?.split(';').next()
    }
}

pub(crate) fn request(method: &str, path: &str) -> http::request::Builder {
    let peer: SocketAddr = "192.0.2.1:4000".parse().unwrap();
    Request::builder().method(method).uri(path).header("host", "localhost:3000").extension(ConnectInfo(peer))
}

pub(crate) fn login(name: &str, password: &str, from: &str) -> Request<Body> {
    let peer = SocketAddr::new(from.parse().unwrap(), 4000);
    let body = serde_json::json!({ "username": name, "password": password }).to_string();
    request("POST", "/web/auth/login")
        .header("content-type", "application/json")
        .extension(ConnectInfo(peer))
        .body(Body::from(body))
        .unwrap()
}

pub(crate) fn bearer(method: &str, path: &str, token: &str, body: Option<Value>) -> Request<Body> {
    let request = request(method, path).header("authorization", format!("Bearer {token}"));
    match body {
        Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
        None => request.body(Body::empty()),
    }
    .unwrap()
}

pub(crate) fn with_cookie(method: &str, path: &str, cookie: &str) -> Request<Body> {
    request(method, path).header(COOKIE, cookie).body(Body::empty()).unwrap()
}

fn nonce(extensions: &mut Extensions) -> String {
    extensions.insert(Nonce);
    "TheNonce".to_owned()
}

#[derive(Clone)]
struct Nonce;

/// What stands for the pages: each says who came in.
fn pages() -> Router {
    async fn page(admin: Option<Extension<Admin>>, nonce: Option<Extension<Nonce>>) -> String {
        assert!(nonce.is_some(), "the guard makes a nonce for each request");
        admin.map_or("nobody".to_owned(), |admin| admin.name().to_owned())
    }
    Router::new()
        .route("/web", get(page))
        .route("/web/setup", get(page))
        .route("/web/sign-in", get(page))
        .route("/web/keys", get(page))
        .route("/web/fn/create_key", post(page))
        .route("/web/fn/set_theme", post(page))
        .route("/pkg/switchyard.css", get(async || "css"))
}
