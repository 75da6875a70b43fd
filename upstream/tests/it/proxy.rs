//! Proxies: who may use them, what they are asked for, and how they fail.

use reqwest::{Certificate, Client, Response};
use serde_json::{Value, json};
use upstream::{Behaviour, Gate, Options, Proxy, ProxyFault, ProxyOptions, Upstream};

use crate::sign_in::read;
use crate::{STREAM, WHOLE, start};

async fn started(options: ProxyOptions) -> Proxy {
    Proxy::start(options).await.expect("a proxy")
}

/// A client of a proxy by its URL, which trusts its authority and the upstream's.
fn client(proxy: &Proxy, url: &str, upstream: &Upstream) -> Client {
    let pems = [proxy.ca_pem(), upstream.ca_pem()].into_iter().flatten();
    let trusted = pems.map(|pem| Certificate::from_pem(pem.as_bytes()).expect("a certificate"));
    let mut builder = Client::builder().proxy(reqwest::Proxy::all(url).expect("a proxy's URL"));
    if proxy.ca_pem().is_some() || upstream.ca_pem().is_some() {
        builder = builder.tls_certs_only(trusted);
    }
    builder.build().expect("a client")
}

/// Asks for a message at a name that only a proxy can resolve.
async fn ask(client: &Client, upstream: &Upstream, body: &'static str) -> reqwest::Result<Response> {
    let scheme = if upstream.ca_pem().is_some() { "https" } else { "http" };
    client
        .post(format!("{scheme}://anthropic.test:{}/v1/messages", upstream.address().port()))
        .header("x-api-key", "sk-ant-api03-good")
        .header("anthropic-version", "2023-06-01")
        .body(body)
        .send()
        .await
}

fn kinds() -> [ProxyOptions; 3] {
    [ProxyOptions::socks5(), ProxyOptions::http(), ProxyOptions::https()]
}

#[tokio::test]
async fn every_kind_of_proxy_resolves_the_name_and_carries_plain_requests_and_tls() {
    for upstream in [start().await, Upstream::start(Options::new().tls()).await.expect("an upstream")] {
        for options in kinds() {
            let proxy = started(options.password("user", "word")).await;
            let client = client(&proxy, &proxy.url(), &upstream);

            let answer = ask(&client, &upstream, STREAM).await.expect("an answer");
            assert!(answer.text().await.expect("a body").contains("message_stop"));

            let books = proxy.books();
            assert_eq!(books.hosts, [format!("anthropic.test:{}", upstream.address().port())]);
            assert_eq!((books.connections, books.reached, books.users), (1, 1, vec!["user".to_owned()]));
            assert!(books.bytes_back > 1000);
            drop(client);
            proxy.wait_for(|books| books.open == 0).await;
        }
    }
}

#[tokio::test]
async fn a_wrong_password_or_none_is_refused_and_counted() {
    let upstream = Upstream::start(Options::new().tls()).await.expect("an upstream");
    for options in kinds() {
        let proxy = started(options.password("user", "word")).await;
        for login in ["user:wrong@", ""] {
            let url = proxy.url().replace("user:word@", login);
            assert!(ask(&client(&proxy, &url, &upstream), &upstream, WHOLE).await.is_err());
        }
        assert_eq!((proxy.books().refused_passwords, proxy.books().reached), (2, 0));
    }
    assert_eq!(upstream.books().totals.requests, 0);
}

#[tokio::test]
async fn a_proxy_fails_as_it_is_told_and_works_again() {
    let upstream = Upstream::start(Options::new().tls()).await.expect("an upstream");
    for options in kinds() {
        let proxy = started(options).await;
        for fault in [ProxyFault::RefusePassword, ProxyFault::RefuseConnect, ProxyFault::Close] {
            proxy.fault(fault);
            assert!(
                ask(&client(&proxy, &proxy.url(), &upstream), &upstream, WHOLE).await.is_err(),
                "{fault:?}"
            );
        }
        proxy.fault(ProxyFault::None);
        let answer = ask(&client(&proxy, &proxy.url(), &upstream), &upstream, WHOLE).await;
        assert_eq!(answer.expect("an answer").status(), 200);
        assert_eq!((proxy.books().refused_passwords, proxy.books().refused_connects), (1, 1));
    }
}

#[tokio::test]
async fn what_hangs_is_open_until_it_is_cut() {
    let upstream = start().await;
    let proxy = started(ProxyOptions::socks5()).await;
    proxy.fault(ProxyFault::Hang);

    let (client, at) = (client(&proxy, &proxy.url(), &upstream), upstream.url());
    let request = tokio::spawn(async move { client.get(at).send().await.is_err() });
    proxy.wait_for(|books| books.open == 1).await;
    proxy.cut();

    assert!(request.await.expect("a task"));
    assert_eq!(proxy.wait_for(|books| books.open == 0).await.cut, 1);
}

#[tokio::test]
async fn a_proxy_dies_in_mid_flight_on_command_and_serves_whoever_comes_after() {
    let upstream = start().await;
    for options in kinds() {
        let proxy = started(options).await;
        let gate = Gate::new();
        upstream.script("sk-ant-api03-good", Behaviour::ok().gated(&gate).times(1).then(Behaviour::ok()));
        let client = client(&proxy, &proxy.url(), &upstream);
        let mut answer = ask(&client, &upstream, STREAM).await.expect("an answer");
        gate.send_next().await;
        answer.chunk().await.expect("a chunk");

        proxy.cut();

        assert!(answer.bytes().await.is_err());
        assert_eq!(ask(&client, &upstream, WHOLE).await.expect("an answer").status(), 200);
        assert_eq!(proxy.books().cut, 1);
    }
}

#[tokio::test]
async fn a_proxy_dies_after_as_many_bytes_as_it_is_told() {
    let upstream = start().await;
    for options in kinds() {
        let proxy = started(options).await;
        proxy.die_after(Some(900));

        let answer = ask(&client(&proxy, &proxy.url(), &upstream), &upstream, STREAM).await;
        let body = async { answer?.bytes().await }.await;

        assert!(body.is_err());
        let books = proxy.wait_for(|books| books.open == 0).await;
        assert_eq!((books.bytes_back, books.cut), (900, 1));
    }
}

#[tokio::test]
async fn a_stopped_proxy_refuses_connections_and_its_port_can_be_taken_again() {
    let upstream = start().await;
    let proxy = started(ProxyOptions::http()).await;
    let (client, port) = (client(&proxy, &proxy.url(), &upstream), proxy.address().port());

    proxy.stop().await;
    assert!(ask(&client, &upstream, WHOLE).await.is_err());

    let _again = started(ProxyOptions::http().port(port)).await;
    assert_eq!(ask(&client, &upstream, WHOLE).await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_host_can_be_led_to_an_address() {
    let upstream = start().await;
    let proxy = started(ProxyOptions::socks5().route("api.example.com", upstream.address())).await;
    let client = client(&proxy, &proxy.url(), &upstream);

    let answer = client.get("http://api.example.com/v1/models").send().await.expect("an answer");

    assert_eq!(answer.status(), 401);
    assert_eq!(proxy.books().hosts, ["api.example.com:80"]);
}

#[tokio::test]
async fn a_program_outside_starts_proxies_and_breaks_them() {
    let upstream = start().await;
    let outside = Client::new();
    let url = |path: &str| format!("{}/_proxies{path}", upstream.url());

    let new = json!({"kind": "http", "user": "u", "password": "w"});
    let (_, made) = read(outside.post(url("")).json(&new).send().await).await;
    let address = made["url"].as_str().expect("a URL");
    let proxied =
        Client::builder().proxy(reqwest::Proxy::all(address).expect("a URL")).build().expect("a client");
    assert_eq!(ask(&proxied, &upstream, WHOLE).await.expect("an answer").status(), 200);
    let fault = json!({"fault": "refuse_connect"});
    let (_, told) = read(outside.post(url("/1")).json(&fault).send().await).await;
    assert_eq!((&told["books"]["reached"], &told["id"]), (&1.into(), &1.into()));
    assert_eq!(ask(&proxied, &upstream, WHOLE).await.expect("an answer").status(), 502);
    let listed: Value = outside.get(url("")).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(listed[0]["books"]["refused_connects"], 1);
    assert_eq!(outside.delete(url("/1")).send().await.expect("an answer").status(), 204);
    assert!(ask(&proxied, &upstream, WHOLE).await.is_err());
}
