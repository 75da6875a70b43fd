//! `kill -9` under load, again and again, on one folder.

use std::collections::HashMap;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use relay::model::outcome::Outcome;
use upstream::{Behaviour, Script};

use crate::account::Accounts;
use crate::binary::{Home, begin};
use crate::load::{Load, Numbers, Sort};

const KILLS: u64 = 50;
const SEED: u64 = 4;

/// A script that goes round for as long as anybody asks.
fn round(turn: impl Fn() -> Script) -> Script {
    (0..500).fold(turn(), |script, _| script.then(turn()))
}

fn script(home: &Home) {
    let answer = || {
        let pace = Duration::from_millis(3);
        Behaviour::ok().events(14).delay(pace).interval(pace).gzip()
    };
    home.upstream.script("sk-steady", answer());
    home.upstream.script("sk-full", round(|| Behaviour::overloaded().times(1).then(answer().times(4))));
    home.upstream.script("sk-torn", round(|| answer().times(1).then(answer().cut_after_bytes(900).times(1))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn usage_is_exact_whenever_it_is_killed() {
    let home = Home::new().await;
    let secrets = ["sk-steady", "sk-full", "sk-torn"];
    let ids: HashMap<_, _> = secrets.map(|secret| (secret.to_owned(), home.account(secret))).into();
    script(&home);
    let mut rng = StdRng::seed_from_u64(SEED);
    let (numbers, mut calls) = (Numbers::default(), Vec::new());

    for turn in 0..KILLS {
        if turn % 5 == 4 {
            // In the middle of its start, while it replays what the last one left.
            let mut child = begin(home.command("serve"));
            tokio::time::sleep(Duration::from_millis(rng.random_range(1..120))).await;
            child.kill().await.expect("a kill");
        }
        let server = home.serve().await;
        let load = Load::start(&server, &home.key, &numbers, SEED + turn);
        tokio::time::sleep(Duration::from_millis(rng.random_range(30..250))).await;
        server.kill().await;
        calls.extend(load.end().await);
    }
    let server = home.serve().await;
    let totals = server.totals().await;
    server.stop().await;

    let upstream = home.upstream.wait_for(upstream::Books::is_quiet).await;
    let books = home.books().await;
    let accounts = Accounts { calls: &calls, upstream: &upstream, books: &books, ids: &ids };
    accounts.check_received();
    accounts.check_seen();
    accounts.check_rest();
    accounts.check_sums(&totals);
    for sort in [Sort::Stream, Sort::Json, Sort::Gzip] {
        assert!(accounts.whole(sort) > 50, "{sort:?}: {}", accounts.whole(sort));
    }
    for outcome in [Outcome::Abandoned, Outcome::ClientGone, Outcome::UpstreamCut, Outcome::UpstreamError] {
        assert!(accounts.ended(outcome) > 10, "{outcome:?}: {}", accounts.ended(outcome));
    }
    assert!(
        books.iter().any(|attempt| attempt.n == 2 && attempt.outcome == Outcome::Ok),
        "no account stood in"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_start_can_be_killed_at_any_time() {
    let mut rng = StdRng::seed_from_u64(SEED);
    let home = Home::new().await;

    for _ in 0..4 {
        std::fs::remove_dir_all(home.data()).expect("a folder to remove");
        for _ in 0..3 {
            let mut child = begin(home.command("serve"));
            tokio::time::sleep(Duration::from_millis(rng.random_range(1..100))).await;
            child.kill().await.expect("a kill");
        }
        let server = home.serve().await;
        assert_eq!(server.health().await, 200);
        server.stop().await;
    }
}
