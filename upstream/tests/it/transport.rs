//! What it speaks.

use reqwest::{Certificate, Client, Version};
use upstream::{Behaviour, Ending, Options, Upstream};

use crate::{STREAM, WHOLE, ask, ask_with};

fn trusting(upstream: &Upstream) -> Client {
    let ca =
        Certificate::from_pem(upstream.ca_pem().expect("an authority").as_bytes()).expect("a certificate");
    Client::builder().tls_certs_only([ca]).build().expect("a client")
}

#[tokio::test]
async fn tls_speaks_http_2_to_clients_that_trust_its_authority() {
    let upstream = Upstream::start(Options::new().tls()).await.expect("an upstream");

    let answer = ask_with(&trusting(&upstream), &upstream, "sk-ant-api03-good", STREAM)
        .send()
        .await
        .expect("an answer");

    assert_eq!(answer.version(), Version::HTTP_2);
    assert!(answer.text().await.expect("a body").contains("message_stop"));
    assert!(ask(&upstream, "sk-ant-api03-good", WHOLE).send().await.is_err());
}

#[tokio::test]
async fn h2c_is_spoken_by_prior_knowledge() {
    let upstream = Upstream::start(Options::new().h2c()).await.expect("an upstream");
    let client = Client::builder().http2_prior_knowledge().build().expect("a client");

    let answer = ask_with(&client, &upstream, "sk-ant-api03-good", WHOLE).send().await.expect("an answer");

    assert_eq!(answer.version(), Version::HTTP_2);
}

#[tokio::test]
async fn in_http_2_a_cut_ends_one_stream_and_leaves_the_connection() {
    let upstream = Upstream::start(Options::new().tls()).await.expect("an upstream");
    upstream.script("sk-a", Behaviour::ok().cut_after(4));
    let client = trusting(&upstream);

    let answer = ask_with(&client, &upstream, "sk-a", STREAM).send().await.expect("an answer");
    assert!(answer.bytes().await.is_err());
    ask_with(&client, &upstream, "sk-ant-api03-good", WHOLE).send().await.expect("an answer");

    let books = upstream.wait_for(|books| books.is_quiet()).await;
    assert_eq!(books.exchanges[0].ending, Ending::Cut);
    assert_eq!(books.exchanges[0].pieces_sent, 4);
    assert_eq!(books.totals.connections, 1);
}

#[tokio::test]
async fn one_http_2_connection_carries_as_many_streams_as_it_may() {
    let upstream = Upstream::start(Options::new().tls().max_streams(3)).await.expect("an upstream");
    upstream.script("sk-c", Behaviour::ok().interval(std::time::Duration::from_millis(1)));
    let client = trusting(&upstream);
    ask_with(&client, &upstream, "sk-ant-api03-good", WHOLE).send().await.expect("an answer");

    let requests: Vec<_> =
        (0..12).map(|_| tokio::spawn(ask_with(&client, &upstream, "sk-c", STREAM).send())).collect();
    for request in requests {
        let answer = request.await.expect("a task").expect("an answer");
        assert!(answer.text().await.expect("a body").contains("message_stop"));
    }

    let totals = upstream.books().totals;
    assert_eq!((totals.complete, totals.peak, totals.connections), (13, 3, 1));
}

#[tokio::test]
async fn in_http_2_a_client_that_leaves_a_stream_is_noticed() {
    let upstream = Upstream::start(Options::new().tls()).await.expect("an upstream");
    upstream.script("sk-b", Behaviour::ok().stall_after(2));
    let client = trusting(&upstream);

    let answer = ask_with(&client, &upstream, "sk-b", STREAM).send().await.expect("an answer");
    drop(answer);

    let books = upstream.wait_for(|books| books.is_quiet()).await;
    assert_eq!(books.exchanges[0].ending, Ending::Left);
}

#[tokio::test]
async fn a_stopped_upstream_refuses_connections_and_its_port_can_be_taken_again() {
    let upstream = Upstream::start(Options::new()).await.expect("an upstream");
    let port = upstream.address().port();

    upstream.stop().await;
    assert!(ask(&upstream, "sk-ant-api03-good", WHOLE).send().await.is_err());

    let again = Upstream::start(Options::new().port(port)).await.expect("the port");
    assert_eq!(ask(&again, "sk-ant-api03-good", WHOLE).send().await.expect("an answer").status(), 200);
}
