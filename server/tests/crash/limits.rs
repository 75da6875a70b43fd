//! Limits of a key after `kill -9`: what is used of them is what the books say, to the token and the nano-dollar.

use std::process::Command;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use relay::model::outcome::Outcome;
use relay::store::attempt::Attempt;
use serde_json::Value;
use upstream::Behaviour;

use crate::binary::{Home, Server};
use crate::load::{Load, Numbers};

const KILLS: u64 = 8;
const SEED: u64 = 6;

fn limited(home: &Home, words: &[&str]) {
    let mut command: Command = home.command("keys update load --clear-limits");
    let output = command.args(words).output().expect("the binary");
    assert!(output.status.success(), "{output:?}");
}

/// What is used of each limit, and that nothing is reserved.
async fn used(server: &Server) -> Vec<u64> {
    let info = server.key_info().await;
    let limits: &Vec<Value> = info["limits"]["used"].as_array().expect("limits");
    assert!(limits.iter().all(|limit| limit["reserved"] == 0), "{limits:?}");
    limits.iter().map(|limit| limit["used"].as_u64().expect("a number")).collect()
}

fn sums(books: &[Attempt]) -> (u64, u64) {
    let charged = books.iter().map(Attempt::charged);
    charged.fold((0, 0), |(tokens, cost), charge| (tokens + charge.tokens, cost + charge.cost))
}

async fn killed(home: &Home) -> Vec<u64> {
    let pace = Duration::from_millis(3);
    home.upstream.script("sk-a", Behaviour::ok().events(14).delay(pace).interval(pace).gzip());
    let (mut rng, numbers) = (StdRng::seed_from_u64(SEED), Numbers::default());
    for turn in 0..KILLS {
        let server = home.serve().await;
        let load = Load::start(&server, &home.key, &numbers, SEED + turn);
        tokio::time::sleep(Duration::from_millis(rng.random_range(30..250))).await;
        server.kill().await;
        load.end().await;
    }
    let server = home.serve().await;
    let used = used(&server).await;
    server.stop().await;
    used
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn budgets_after_kills_are_what_the_books_say() {
    let home = Home::new().await;
    home.account("sk-a");
    limited(
        &home,
        &[
            "--limit",
            "tokens 1G/total",
            "--limit",
            "cost 100000/total",
            "--limit",
            "tokens 1G/2h",
            "--limit",
            "requests 1G/2h",
        ],
    );

    let used = killed(&home).await;

    let books = home.books().await;
    let (tokens, cost) = sums(&books);
    let requests = books.iter().filter(|attempt| attempt.last && attempt.n > 0).count() as u64;
    assert!(books.iter().any(|attempt| attempt.outcome == Outcome::Abandoned));
    assert!(tokens > 0 && cost > 0);
    assert_eq!(used, [tokens, cost, tokens, requests]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strict_budgets_keep_what_killed_calls_had_reserved() {
    let home = Home::new().await;
    home.account("sk-a");
    limited(&home, &["--budget", "strict", "--limit", "tokens 300k/total", "--limit", "cost 100/total"]);

    let used = killed(&home).await;

    let books = home.books().await;
    let (tokens, cost) = sums(&books);
    assert_eq!(used, [tokens, cost]);
    assert!(tokens <= 300_000, "{tokens}");
    let abandoned = books.iter().filter(|attempt| attempt.outcome == Outcome::Abandoned);
    assert!(
        abandoned.clone().count() > 0 && abandoned.clone().all(|attempt| attempt.charged().tokens > 1_000)
    );
    // What the provider has sent is never more than what is charged.
    let billed = home.upstream.wait_for(upstream::Books::is_quiet).await.totals.billed;
    assert!(billed.input + billed.output <= tokens, "{billed:?} {tokens}");
}
