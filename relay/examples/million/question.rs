//! What the console asks, each question several times.

use std::future::Future;
use std::time::Instant;

use relay::admin::request::{find, list};
use relay::admin::usage::explore;
use relay::admin::{Admin, figure, key};
use relay::model::explore::{Measure, Narrowing, Question, Span, SplitBy};
use relay::model::figure::{GroupBy, Range};
use relay::model::outcome::Outcome;
use relay::model::request::{RequestFilter, RequestQuery, RequestSort};
use relay::state::Shared;

use crate::Failed;

const REPETITIONS: usize = 9;

/// Asks everything, and prints the slowest of each kind in milliseconds.
pub(crate) async fn all(shared: &Shared, admin: &Admin) -> Result<(), Failed> {
    let first = list(shared, admin, &RequestQuery::default()).await?.rows.into_iter().next();
    let first = first.ok_or("no call in the books")?;
    let (key_id, account) = (first.key.clone(), first.account.clone());
    let mut slowest = Slowest::new("dashboard_ms");
    for range in [Range::Hour, Range::Today, Range::Week, Range::Month] {
        for group in [GroupBy::Model, GroupBy::Key, GroupBy::Account] {
            let asked = format!("{range:?} by {group:?}");
            slowest.ask(&asked, || figure::dashboard(shared, admin, range, group)).await?;
        }
    }
    slowest.print();
    let mut slowest = Slowest::new("explorer_ms");
    let narrowings = [
        Narrowing::default(),
        Narrowing { key: Some(key_id.clone()), ..Narrowing::default() },
        Narrowing { model: Some(first.model.clone()), ..Narrowing::default() },
        Narrowing { account: account.clone(), ..Narrowing::default() },
        Narrowing { outcome: Some(Outcome::UpstreamError), ..Narrowing::default() },
    ];
    for span in [Span::Hours24, Span::Days7, Span::Days30, Span::All] {
        for by in SplitBy::ALL {
            for only in &narrowings {
                let question =
                    Question { span: span.clone(), by, measure: Measure::Cost, only: only.clone() };
                slowest.ask(&format!("{question:?}"), || explore(shared, admin, &question)).await?;
            }
        }
    }
    slowest.print();
    let filters = [
        RequestFilter::default(),
        RequestFilter { key: Some(key_id), ..RequestFilter::default() },
        RequestFilter { model: Some(first.model), ..RequestFilter::default() },
        RequestFilter { account, ..RequestFilter::default() },
        RequestFilter { outcome: Some(Outcome::UpstreamError), ..RequestFilter::default() },
        RequestFilter { outcome: Some(Outcome::Ok), ..RequestFilter::default() },
        RequestFilter { status: Some(429), ..RequestFilter::default() },
        RequestFilter { text: Some("key 199".to_owned()), ..RequestFilter::default() },
        RequestFilter { text: Some("budget".to_owned()), ..RequestFilter::default() },
        RequestFilter { text: Some("nowhere to be found".to_owned()), ..RequestFilter::default() },
        RequestFilter { from_ms: Some(first.at_ms - 86_400_000), ..RequestFilter::default() },
        RequestFilter { to_ms: Some(first.at_ms - 40 * 86_400_000), ..RequestFilter::default() },
    ];
    requests(shared, admin, &filters).await?;
    let mut slowest = Slowest::new("request_ms");
    slowest.ask("one request", || find(shared, admin, &first.id)).await?;
    slowest.print();
    let mut slowest = Slowest::new("keys_ms");
    slowest.ask("keys", || key::list(shared, admin)).await?;
    slowest.print();
    Ok(())
}

/// The first page and the one after it, in every order.
async fn requests(shared: &Shared, admin: &Admin, filters: &[RequestFilter]) -> Result<(), Failed> {
    let mut slowest = Slowest::new("requests_ms");
    for filter in filters {
        for sort in RequestSort::ALL {
            let mut query = RequestQuery { filter: filter.clone(), sort, after: None, limit: 50 };
            slowest.ask(&format!("{query:?}"), || list(shared, admin, &query)).await?;
            query.after = list(shared, admin, &query).await?.next;
            if query.after.is_some() {
                slowest.ask(&format!("{query:?}"), || list(shared, admin, &query)).await?;
            }
        }
    }
    slowest.print();
    Ok(())
}

struct Slowest {
    name: &'static str,
    ms: f64,
    what: String,
}

impl Slowest {
    fn new(name: &'static str) -> Self {
        Self { name, ms: 0.0, what: String::new() }
    }

    async fn ask<T, E, F>(&mut self, what: &str, ask: impl Fn() -> F) -> Result<(), Failed>
    where
        E: Into<Failed>,
        F: Future<Output = Result<T, E>>,
    {
        let mut took = Vec::new();
        for _ in 0..REPETITIONS {
            let begun = Instant::now();
            ask().await.map_err(Into::into)?;
            took.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        took.sort_by(f64::total_cmp);
        let median = took[took.len() / 2];
        if median > 25.0 {
            eprintln!("{:8.1} ms {what}", median);
        }
        if median > self.ms {
            (self.ms, self.what) = (median, what.to_owned());
        }
        Ok(())
    }

    fn print(&self) {
        eprintln!("slowest: {}", self.what);
        println!("{} {:.2}", self.name, self.ms);
    }
}
