use axum::body::Body;
use http::header::{ACCEPT, AUTHORIZATION, COOKIE};
use http::{Request, StatusCode};

use crate::house::{House, PASSWORD, Reply, login, request, with_cookie};

/// Every route that changes something.
const CHANGES: [&str; 6] = [
    "/web/auth/login",
    "/web/auth/logout",
    "/web/auth/refresh",
    "/web/auth/change-password",
    "/web/fn/create_key",
    "/web/fn/set_theme",
];

async fn cookie(house: &House) -> String {
    house.sign_in("admin", PASSWORD).await.cookie("switchyard_session").unwrap().to_owned()
}

async fn get(house: &House, path: &str) -> Reply {
    house.send(request("GET", path).header(ACCEPT, "text/html").body(Body::empty()).unwrap()).await
}

fn post(path: &str, cookie: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut builder = request("POST", path).header(COOKIE, cookie);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn without_a_session_pages_redirect_and_functions_say_401() {
    let house = House::inhabited().await;

    assert_eq!(get(&house, "/web").await.header("location"), "/web/sign-in");
    assert_eq!(get(&house, "/web/keys").await.header("location"), "/web/sign-in?next=/web/keys");
    assert_eq!(get(&house, "/web/no/such/page").await.status, StatusCode::SEE_OTHER);
    for path in ["/web/fn/create_key", "/web/fn/no_such_function"] {
        let reply = house.send(request("POST", path).body(Body::empty()).unwrap()).await;
        assert_eq!(
            (reply.status, reply.json()["error"].as_str()),
            (StatusCode::UNAUTHORIZED, Some("signed_out"))
        );
    }
    for path in ["/web/auth/user", "/web/live"] {
        let reply = house.send(request("GET", path).body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn only_the_listed_paths_are_open_and_only_as_they_are_written() {
    let house = House::inhabited().await;

    for path in ["/web/setup", "/web/sign-in", "/pkg/switchyard.css"] {
        assert_eq!(get(&house, path).await.status, StatusCode::OK, "{path}");
    }
    for path in
        ["/web/sign-in/", "/web/sign-in/../keys", "/web/%73ign-in", "/web/setup/keys", "/web/sign-in;/keys"]
    {
        assert_ne!(get(&house, path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn whoever_is_signed_in_is_led_past_the_sign_in() {
    let house = House::inhabited().await;
    let cookie = cookie(&house).await;

    let reply = house.send(with_cookie("GET", "/web/sign-in", &cookie)).await;

    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/web"));
}

#[tokio::test]
async fn a_form_posted_without_a_session_leads_to_sign_in() {
    let house = House::inhabited().await;

    let form =
        request("POST", "/web/fn/create_key").header(ACCEPT, "text/html,*/*").body(Body::empty()).unwrap();
    let reply = house.send(form).await;

    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/web/sign-in"));
}

#[tokio::test]
async fn what_another_site_sends_changes_nothing() {
    let house = House::inhabited().await;
    let cookie = cookie(&house).await;

    for path in CHANGES {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:3000")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://localhost:3001")],
            &[("origin", "http://localhost:3000.evil.example")],
            &[("origin", "null")],
            &[("origin", "")],
            &[],
        ] {
            let reply = house.send(post(path, &cookie, headers)).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert_eq!(reply.json()["error"], "cross_origin");
        }
    }
    let page = house.send(with_cookie("GET", "/web/keys", &cookie)).await;
    assert_eq!(page.text, "admin", "the session is still open");
}

#[tokio::test]
async fn what_our_own_pages_send_goes_through() {
    let house = House::inhabited().await;
    let cookie = cookie(&house).await;

    for headers in [[("sec-fetch-site", "same-origin")], [("origin", "http://localhost:3000")]] {
        let reply = house.send(post("/web/fn/create_key", &cookie, &headers)).await;
        assert_eq!((reply.status, reply.text.as_str()), (StatusCode::OK, "admin"));
    }
}

#[tokio::test]
async fn behind_a_proxy_the_public_address_is_our_own() {
    let house = House::with(&[("SWITCHYARD_PUBLIC_URL", "https://relay.example/")]).await;
    house.create_admin("admin", PASSWORD).await;
    let reply = house.sign_in("admin", PASSWORD).await;
    let line = reply.set_cookie("__Host-switchyard_session").unwrap();
    assert!(line.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure"), "{line}");
    let cookie = reply.cookie("__Host-switchyard_session").unwrap();

    let own = house.send(post("/web/fn/create_key", cookie, &[("origin", "https://relay.example")])).await;
    let other = house.send(post("/web/fn/create_key", cookie, &[("origin", "http://relay.example")])).await;

    assert_eq!((own.status, other.status), (StatusCode::OK, StatusCode::FORBIDDEN));
}

#[tokio::test]
async fn a_script_signs_in_and_works_without_any_browser_s_headers() {
    let house = House::inhabited().await;
    let token = house.token().await;

    let request = request("POST", "/web/fn/create_key").header(AUTHORIZATION, format!("bearer {token}"));
    let reply = house.send(request.body(Body::empty()).unwrap()).await;

    assert_eq!((reply.status, reply.text.as_str()), (StatusCode::OK, "admin"));
}

#[tokio::test]
async fn a_form_of_another_type_cannot_sign_anyone_in() {
    let house = House::inhabited().await;

    let mut form = login("admin", PASSWORD, "192.0.2.1");
    form.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    let reply = house.send(form).await;

    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn every_answer_carries_the_policy() {
    let house = House::inhabited().await;
    let policy = "default-src 'none'; script-src 'self' 'nonce-TheNonce' 'wasm-unsafe-eval'; \
                  style-src 'self' 'nonce-TheNonce'; connect-src 'self'; img-src 'self' data:; font-src 'self'; \
                  manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let refused = post("/web/auth/logout", &cookie(&house).await, &[]);

    for reply in [get(&house, "/web/sign-in").await, get(&house, "/web").await, house.send(refused).await] {
        assert_eq!(reply.header("content-security-policy"), policy);
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("x-frame-options"), "DENY");
        assert_eq!(reply.header("referrer-policy"), "same-origin");
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("access-control-allow-origin"), "");
    }
}
