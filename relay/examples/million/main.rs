//! Measures questions to books of a million calls. Makes the calls up, folds them as the product does, asks what the
//! console asks, and prints what each took; `cargo xtask bench` puts that into docs/performance.md.
//!
//! `million [CALLS]`, in a folder of its own that goes with it. Every figure is the slowest question of its kind, each
//! by the median of its repetitions.
#![cfg(feature = "ssr")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "figures are what it is for")]

mod question;
mod record;

use std::error::Error;
use std::time::Instant;

use relay::admin::{Admin, account, key, local};
use relay::clock::Clock;
use relay::config::Config;
use relay::folder::FolderLock;
use relay::model::account::{AccountKind, NewAccount};
use relay::model::key::NewKey;
use relay::model::request::{RequestFilter, RequestSort};
use relay::state::Shared;

use record::Crowd;

/// What may be wrong.
type Failed = Box<dyn Error + Send + Sync>;

const CALLS: u32 = 1_000_000;
const KEYS: usize = 200;
const ACCOUNTS: usize = 12;
/// Records that are entered before the fold is waited for: the journal stays small.
const BATCH: u32 = 50_000;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let calls = std::env::args().nth(1).map_or(Ok(CALLS), |calls| calls.parse())?;
    let folder = tempfile::tempdir()?;
    let lock = FolderLock::take(folder.path())?;
    let data = folder.path().to_str().ok_or("a folder without a name")?;
    let values = [("SWITCHYARD_DATA", data), ("JWT_SECRET", "no secret: nobody signs in here, and it ends")];
    let clock = Clock::fake_in("Europe/Berlin", record::NOW_MS)?;
    let shared = relay::start::open(Config::from_values(&values)?, clock, &lock).await?;
    let admin = local::by_lock(&lock);
    let crowd = crowd(&shared, &admin).await?;
    let took = fill(&shared, crowd, calls).await;
    println!("fold_per_s {:.0}", f64::from(calls) / took);
    question::all(&shared, &admin).await?;
    download(&shared, &admin).await?;
    let begun = Instant::now();
    let found = relay::admin::usage::verify(&shared, &admin).await?;
    if !found.is_clean() {
        return Err(format!("the books do not add up: {:?}", found.differences.first()).into());
    }
    println!("verify_s {:.2}", begun.elapsed().as_secs_f64());
    shared.tasks.stop().await;
    Ok(())
}

async fn crowd(shared: &Shared, admin: &Admin) -> Result<Crowd, Failed> {
    let mut crowd = Crowd::default();
    for at in 0..KEYS {
        crowd.keys.push(key::create(shared, admin, NewKey::new(format!("key {at}"))).await?.id);
    }
    for at in 0..ACCOUNTS {
        let new = NewAccount::new(format!("account {at}"), AccountKind::Sandbox);
        crowd.accounts.push(account::create(shared, admin, new, None).await?.id);
    }
    Ok(crowd)
}

/// Seconds until all of it was in the books.
async fn fill(shared: &Shared, mut crowd: Crowd, calls: u32) -> f64 {
    let begun = Instant::now();
    let prices = shared.ledger.prices.load();
    for at in 0..calls {
        for record in crowd.call(at, calls, &prices) {
            // Without a journal there is nothing to measure.
            if let Err(error) = shared.ledger.journal.append_settled(&record) {
                eprintln!("{error}");
            }
        }
        if at % BATCH == BATCH - 1 {
            shared.books.caught_up().await;
        }
    }
    shared.books.caught_up().await;
    begun.elapsed().as_secs_f64()
}

/// Every call as a download gives it, and what that adds to the memory of the process at most.
async fn download(shared: &Shared, admin: &Admin) -> Result<(), Failed> {
    let before = resident()?;
    let (mut rows, mut bytes, mut most) = (0_usize, 0_usize, before);
    let begun = Instant::now();
    let mut walk =
        relay::admin::request::Walk::begin(shared, admin, RequestFilter::default(), RequestSort::Newest)
            .await?;
    while let Some(page) = walk.next().await? {
        let mut csv = String::new();
        page.iter().for_each(|row| relay::model::csv::request(&mut csv, row));
        rows += page.len();
        bytes += csv.len();
        most = most.max(resident()?);
    }
    let took = begun.elapsed().as_secs_f64();
    eprintln!("{rows} rows, {bytes} bytes");
    println!("download_s {took:.2}");
    println!("download_bytes {}", most.saturating_sub(before));
    Ok(())
}

/// Bytes.
fn resident() -> Result<u64, Failed> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}
