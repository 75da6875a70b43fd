//! Failures on the way, made with real sockets: each names who is to blame.

use std::net::SocketAddr;
use std::time::Duration;

use relay::provider::anthropic::oauth::refresh;
use relay::provider::oauth::GrantError;
use relay::provider::transport::{Cause, CauseKind, cause};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{builder, client, config, secret};

const PASSWORD: &str = "pass-that-nobody-sees";

/// A peer that answers the n-th thing it reads with the n-th of `answers`, and then ends.
async fn peer(answers: &'static [&'static [u8]]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(speak(stream, answers));
        }
    });
    address
}

async fn speak(mut stream: TcpStream, answers: &[&[u8]]) {
    let mut buffer = [0; 4096];
    for answer in answers {
        if stream.read(&mut buffer).await.is_err() || stream.write_all(answer).await.is_err() {
            return;
        }
    }
    // What was written must arrive whole, so the other side closes first.
    let _ = stream.shutdown().await;
    while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}

/// A port on which nobody listens.
async fn closed() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// The cause of a failure to reach `url` through a proxy with that scheme and address.
async fn through(scheme: &str, proxy: SocketAddr, url: &str) -> Cause {
    let proxy = reqwest::Proxy::all(format!("{scheme}://user:{PASSWORD}@{proxy}")).unwrap();
    let error = builder().proxy(proxy).build().unwrap().get(url).send().await.unwrap_err();
    let cause = cause(&error);
    assert!(!format!("{cause} {cause:?}").contains(PASSWORD), "{cause:?}");
    cause
}

async fn direct(url: &str) -> Cause {
    cause(&client().get(url).send().await.unwrap_err())
}

const FAR: &str = "https://api.example.com/";

#[tokio::test]
async fn without_a_proxy_the_provider_is_named() {
    let refused = direct(&format!("http://{}/", closed().await)).await;
    assert_eq!(refused.kind, CauseKind::Connect);
    assert_eq!(refused.to_string(), "no connection to the provider: Connection refused");
    assert!(!refused.was_sent);

    assert_eq!(direct("http://nobody.invalid/").await.kind, CauseKind::Resolve);

    let plain = peer(&[b"HTTP/1.1 400 Bad Request\r\n\r\n"]).await;
    assert_eq!(direct(&format!("https://{plain}/")).await.kind, CauseKind::Tls);
    let silent = peer(&[b""]).await;
    assert_eq!(direct(&format!("https://{silent}/")).await.kind, CauseKind::Tls);
}

#[tokio::test]
async fn a_connection_that_breaks_off_may_have_carried_the_request() {
    let address = peer(&[b""]).await;

    let cause = direct(&format!("http://{address}/")).await;

    assert_eq!(cause.kind, CauseKind::Dropped);
    assert!(cause.was_sent);
}

#[tokio::test]
async fn silence_is_told_from_a_drop() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());

    let error = client().get(url).timeout(Duration::from_millis(20)).send().await.unwrap_err();

    assert_eq!(cause(&error).kind, CauseKind::Timeout);
    assert_eq!(
        cause(&error).behind("socks5://p:1").to_string(),
        "no answer in time through the proxy socks5://p:1"
    );
}

#[tokio::test]
async fn a_socks_proxy_that_is_down_is_named() {
    for url in [FAR, "http://api.example.com/"] {
        let down = through("socks5h", closed().await, url).await;

        assert_eq!(down.kind, CauseKind::ProxyDown, "{down:?}");
        assert_eq!(
            down.behind("socks5://p:1").to_string(),
            "the proxy socks5://p:1 cannot be reached: Connection refused"
        );
    }
}

#[tokio::test]
async fn a_socks_proxy_that_refuses_the_password_is_named() {
    let refuses = peer(&[b"\x05\x02", b"\x01\x01"]).await;
    let takes_none = peer(&[b"\x05\xff"]).await;

    for proxy in [refuses, takes_none] {
        let cause = through("socks5h", proxy, FAR).await;

        assert_eq!(cause.kind, CauseKind::ProxyPassword, "{cause:?}");
        assert!(cause.is_proxy());
    }
}

#[tokio::test]
async fn a_socks_proxy_that_cannot_reach_the_provider_is_told_from_one_that_is_down() {
    let refuses = peer(&[b"\x05\x02", b"\x01\x00", b"\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"]).await;
    let other = peer(&[b"HTTP/1.1 400 Bad Request\r\n\r\n"]).await;
    let breaks = peer(&[b"\x05\x02", b""]).await;

    assert_eq!(through("socks5h", refuses, FAR).await.kind, CauseKind::ProxyRefused);
    assert_eq!(through("socks5h", other, FAR).await.kind, CauseKind::ProxyDown);
    assert_eq!(through("socks5h", breaks, FAR).await.kind, CauseKind::ProxyDown);
}

#[tokio::test]
async fn an_http_proxy_says_what_it_refuses() {
    let password = peer(&[b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"]).await;
    let gateway = peer(&[b"HTTP/1.1 502 Bad Gateway\r\n\r\n"]).await;
    let breaks = peer(&[b""]).await;

    assert_eq!(through("http", password, FAR).await.kind, CauseKind::ProxyPassword);
    assert_eq!(through("http", gateway, FAR).await.kind, CauseKind::ProxyRefused);
    assert_eq!(through("http", breaks, FAR).await.kind, CauseKind::ProxyDown);
    assert_eq!(through("http", closed().await, FAR).await.kind, CauseKind::ProxyDown);
}

#[tokio::test]
async fn an_https_proxy_without_tls_is_the_proxys_fault() {
    for url in [FAR, "http://api.example.com/"] {
        let plain = peer(&[b"HTTP/1.1 400 Bad Request\r\n\r\n"]).await;

        assert_eq!(through("https", plain, url).await.kind, CauseKind::ProxyDown);
    }
}

#[tokio::test]
async fn without_a_tunnel_who_knows_the_proxy_names_it() {
    let down = through("http", closed().await, "http://api.example.com/").await;

    assert_eq!(down.behind("http://p:1").kind, CauseKind::ProxyDown);
}

#[tokio::test]
async fn a_407_without_a_tunnel_is_the_proxys_and_not_the_providers() {
    let address = peer(&[b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"]).await;
    let proxy = reqwest::Proxy::all(format!("http://user:{PASSWORD}@{address}")).unwrap();
    let client = builder().proxy(proxy).build().unwrap();
    let config = config(&[("SWITCHYARD_ANTHROPIC_TOKEN_URL", "http://api.example.com/token")]).anthropic;

    let error = refresh(&client, &config, &secret("r")).await.unwrap_err().behind("http://p:1");

    assert_eq!(error.name(), "proxy");
    let words = "the proxy http://p:1 refuses the user name or password: it answered 407";
    assert_eq!(error.to_string(), words);
}

#[tokio::test]
async fn a_lost_answer_is_told_from_a_provider_that_was_never_reached() {
    let half = peer(&[b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"access_token\":\"a\","]).await;
    for (address, name) in [(peer(&[b""]).await, "lost"), (half, "lost"), (closed().await, "unreachable")] {
        let url = format!("http://{address}/token");
        let config = config(&[("SWITCHYARD_ANTHROPIC_TOKEN_URL", &url)]).anthropic;

        let error: GrantError = refresh(&client(), &config, &secret("r")).await.unwrap_err();

        assert_eq!(error.name(), name, "{error}");
        assert!(!error.is_permanent());
    }
}
