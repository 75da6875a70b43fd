//! Figures and calls as files, for whoever administers: routes that a page can link to and a script can fetch.
//!
//! A list of calls is read a bounded number at a time, as fast as the client takes it: however long it is, memory stays
//! small, and neither a lock nor a reader of the store is held between two reads. If something fails in the middle, or
//! the session ends, the connection breaks: what is cut never looks whole.

mod calls;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

use self::calls::Calls;
use super::web::rescue;
use crate::admin::request::Walk;
use crate::admin::usage::{bounds, explore, named};
use crate::admin::{Admin, Error};
use crate::clock::Clock;
use crate::model::csv;
use crate::model::explore::{Measure, Narrowing, Question, SplitBy};
use crate::model::id::{AccountId, KeyId};
use crate::model::outcome::Outcome;
use crate::model::request::{RequestFilter, RequestSort};
use crate::state::Shared;

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

/// All routes under `/web/download`. To be put behind [`Guard`](super::guard::Guard).
pub fn router(shared: Shared) -> Router {
    let usage = |format| get(move |shared, admin, asked| usage(format, shared, admin, asked));
    let requests = |format| get(move |shared, admin, asked| requests(format, shared, admin, asked));
    Router::new()
        .route("/web/download/usage.csv", usage(Format::Csv))
        .route("/web/download/usage.json", usage(Format::Json))
        .route("/web/download/requests.csv", requests(Format::Csv))
        .route("/web/download/requests.json", requests(Format::Json))
        .with_state(shared)
}

/// What can be asked for; an empty value is none.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    since: String,
    until: String,
    by: String,
    measure: String,
    sort: String,
    key: String,
    model: String,
    account: String,
    owner: String,
    tag: String,
    outcome: String,
    status: String,
    text: String,
}

async fn usage(
    format: Format,
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Query(asked): Query<Asked>,
) -> Response {
    let answer = async {
        let question = asked.question(&shared.clock)?;
        Ok::<_, Wrong>(explore(&shared, &admin, &question).await?)
    };
    let body = match (answer.await, format) {
        (Err(wrong), _) => return wrong.into_response(),
        (Ok(answer), Format::Csv) => csv::usage(&answer).into(),
        (Ok(answer), Format::Json) => serde_json::to_vec(&answer).unwrap_or_default(),
    };
    file("usage", format, &shared.clock, Body::from(body))
}

async fn requests(
    format: Format,
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Query(asked): Query<Asked>,
) -> Response {
    let begun = async {
        let (filter, sort) = asked.list(&shared.clock)?;
        let walk = Walk::begin(&shared, &admin, filter, sort).await?;
        Ok::<_, Wrong>(Calls::begin(&shared, &admin, walk, format).await?)
    };
    match begun.await {
        Ok(calls) => file("requests", format, &shared.clock, Body::from_stream(calls.into_stream())),
        Err(wrong) => wrong.into_response(),
    }
}

fn file(name: &str, format: Format, clock: &Clock, body: Body) -> Response {
    let (extension, kind) = match format {
        Format::Csv => ("csv", "text/csv; charset=utf-8"),
        Format::Json => ("json", "application/json"),
    };
    let day = clock.day_name(clock.now_ms());
    let disposition = format!("attachment; filename=\"switchyard-{name}-{day}.{extension}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], body).into_response()
}

impl Asked {
    fn question(self, clock: &Clock) -> Result<Question, Wrong> {
        Ok(Question {
            span: named(clock, given(&self.since), given(&self.until))?,
            by: word("by", &self.by, SplitBy::from_name)?.unwrap_or_default(),
            measure: word("measure", &self.measure, Measure::from_name)?.unwrap_or_default(),
            only: Narrowing {
                outcome: word("outcome", &self.outcome, Outcome::from_name)?,
                key: text(self.key).map(KeyId::new),
                model: text(self.model),
                account: text(self.account).map(AccountId::new),
                // As in the explorer's address, `-` is of keys without one.
                owner: text(self.owner).map(|owner| if owner == "-" { String::new() } else { owner }),
                tag: text(self.tag),
            },
        })
    }

    fn list(self, clock: &Clock) -> Result<(RequestFilter, RequestSort), Wrong> {
        let (from_ms, to_ms) = bounds(clock, given(&self.since), given(&self.until))?;
        let filter = RequestFilter {
            from_ms,
            to_ms,
            outcome: word("outcome", &self.outcome, Outcome::from_name)?,
            status: word("status", &self.status, |status| status.parse().ok())?,
            key: text(self.key).map(KeyId::new),
            model: text(self.model),
            account: text(self.account).map(AccountId::new),
            text: text(self.text),
        };
        Ok((filter, word("sort", &self.sort, RequestSort::from_name)?.unwrap_or_default()))
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn text(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn word<T>(field: &'static str, word: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Wrong> {
    given(word).map(|word| read(word).ok_or(Wrong::Word(field))).transpose()
}

/// Why there is no file.
enum Wrong {
    /// A field has none of the words that it can have.
    Word(&'static str),
    /// What the admin road met.
    Met(Error),
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Met(error)
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        match self {
            Self::Met(error) => rescue::explain(&error),
            Self::Word(field) => {
                let message = format!("{field} has a value that it cannot have; docs/routes.md lists them");
                rescue::refusal(StatusCode::BAD_REQUEST, "bad_request", &message)
            }
        }
    }
}
