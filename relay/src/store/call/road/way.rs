//! One way through the calls: an index, a condition that it answers, and whatever else is checked on it.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use uuid::Uuid;

use crate::model::outcome::Outcome;
use crate::model::request::{RequestFilter, RequestSort};
use crate::store::StoreError;
use crate::store::call::place::Place;
use crate::store::call::{Listing, Named};

const MODEL: &str = "coalesce(model, asked)";
const TOKENS: &str = "input + output + cache_write_5m + cache_write_1h + cache_read";

/// What of a text is checked on a way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    /// The way itself is what the text means.
    Nothing,
    Cause,
    Anything,
}

pub(super) struct Way {
    /// None for the key of the table.
    index: Option<&'static str>,
    only: Option<(&'static str, Value)>,
    text: Text,
}

impl Way {
    pub(super) fn whole(index: &'static str) -> Self {
        Self { index: Some(index), only: None, text: Text::Nothing }
    }

    fn on(index: &'static str, column: &'static str, value: impl Into<Value>) -> Self {
        Self { index: Some(index), only: Some((column, value.into())), text: Text::Nothing }
    }

    pub(super) fn by_key(id: &str) -> Self {
        Self::on("call_key", "key_id", id.to_owned())
    }

    pub(super) fn by_account(id: &str) -> Self {
        Self::on("attempt_account", "account_id", id.to_owned())
    }

    pub(super) fn by_model(name: &str) -> Self {
        Self::on("call_model", MODEL, name.to_owned())
    }

    pub(super) fn by_failure(outcome: Outcome) -> Self {
        Self::on("call_failed", "outcome", outcome.name().to_owned())
    }

    pub(super) fn by_call(call: Uuid) -> Self {
        let only = Some(("call", call.as_bytes().to_vec().into()));
        Self { index: None, only, text: Text::Nothing }
    }

    pub(super) fn checking_cause(self) -> Self {
        Self { text: Text::Cause, ..self }
    }

    pub(super) fn checking_text(self) -> Self {
        Self { text: Text::Anything, ..self }
    }

    /// Places along it, in order: as many as a page has and one more.
    pub(super) fn places(&self, read: &Connection, listing: &Listing) -> Result<Vec<Place>, StoreError> {
        let value = value(listing.sort);
        let mut wanted = Wanted::default();
        self.conditions(&mut wanted, listing);
        let index = self.index.map_or(String::new(), |index| format!("INDEXED BY {index}"));
        let order = if listing.sort == RequestSort::Oldest { "ASC" } else { "DESC" };
        let order = format!("ORDER BY {value} {order}, call {order}, n {order} LIMIT {}", listing.limit + 1);
        let clause = wanted.clauses.join(" AND ");
        let query = format!("SELECT {value}, call, n FROM attempt {index} WHERE {clause} {order}");
        let place = |row: &Row<'_>| {
            Ok(Place { value: row.get(0)?, call: Uuid::from_bytes(row.get(1)?), n: row.get(2)? })
        };
        let mut statement = read.prepare_cached(&query)?;
        let places = statement.query_map(params_from_iter(wanted.values), place)?;
        Ok(places.collect::<Result<_, _>>()?)
    }

    fn conditions(&self, wanted: &mut Wanted, listing: &Listing) {
        let filter = &listing.filter;
        // Word for word what the indexes are limited to, or they could not be used.
        wanted.that("last AND endpoint <> 'count_tokens'", []);
        if self.index == Some("call_failed") {
            wanted.that("outcome <> 'ok'", []);
        }
        if let Some((column, value)) = &self.only {
            wanted.is(column, value.clone());
        }
        for (column, value) in equal(filter) {
            if self.only.as_ref().is_none_or(|(only, _)| *only != column) {
                wanted.is(column, value);
            }
        }
        wanted.between(listing);
        if let Some(text) = &filter.text {
            match self.text {
                Text::Nothing => {}
                Text::Cause => wanted.cause(text),
                Text::Anything => wanted.text(text, &listing.named),
            }
        }
    }
}

fn value(sort: RequestSort) -> &'static str {
    match sort {
        RequestSort::Newest | RequestSort::Oldest => "at_ms",
        RequestSort::Cost => "coalesce(cost, -1)",
        RequestSort::Tokens => TOKENS,
        RequestSort::Duration => "total_ms",
    }
}

fn equal(filter: &RequestFilter) -> Vec<(&'static str, Value)> {
    let text = |text: &str| Value::from(text.to_owned());
    let key = filter.key.as_ref().map(|key| ("key_id", text(key.as_str())));
    let account = filter.account.as_ref().map(|account| ("account_id", text(account.as_str())));
    let model = filter.model.as_ref().map(|model| (MODEL, text(model)));
    let outcome = filter.outcome.map(|outcome| ("outcome", text(outcome.name())));
    let status = filter.status.map(|status| ("status", i64::from(status).into()));
    [key, account, model, outcome, status].into_iter().flatten().collect()
}

/// Conditions and the values in them.
#[derive(Default)]
struct Wanted {
    clauses: Vec<String>,
    values: Vec<Value>,
}

impl Wanted {
    fn that(&mut self, clause: &str, values: impl IntoIterator<Item = Value>) {
        self.clauses.push(clause.to_owned());
        self.values.extend(values);
    }

    fn is(&mut self, column: &str, value: Value) {
        self.that(&format!("{column} = ?"), [value]);
    }

    /// Within the time asked for, and beyond the end of the page before. Of two bounds on the same side only the
    /// nearer one is given, or the index might be read from the other.
    fn between(&mut self, listing: &Listing) {
        let (filter, sort) = (&listing.filter, listing.sort);
        let after = listing.after.as_ref();
        if let Some(from_ms) = filter.from_ms.filter(|_| after.is_none() || sort != RequestSort::Oldest) {
            self.that("at_ms >= ?", [from_ms.into()]);
        }
        if let Some(to_ms) = filter.to_ms.filter(|_| after.is_none() || sort != RequestSort::Newest) {
            self.that("at_ms < ?", [to_ms.into()]);
        }
        if let Some(after) = after {
            let value = value(sort);
            let beyond = if sort == RequestSort::Oldest { '>' } else { '<' };
            let place =
                [after.value.into(), after.call.as_bytes().to_vec().into(), i64::from(after.n).into()];
            self.that(&format!("{value} {beyond}= ?"), [after.value.into()]);
            self.that(&format!("({value}, call, n) {beyond} (?, ?, ?)"), place);
        }
    }

    fn cause(&mut self, text: &str) {
        self.that("cause LIKE ? ESCAPE '\\'", [like(text).into()]);
    }

    fn text(&mut self, text: &str, named: &Named) {
        let mut any = vec!["cause LIKE ? ESCAPE '\\'".to_owned()];
        self.values.push(like(text).into());
        for (column, ids) in
            [("key_id", &named.keys), ("account_id", &named.accounts), (MODEL, &named.models)]
        {
            if !ids.is_empty() {
                any.push(format!("{column} IN ({})", vec!["?"; ids.len()].join(", ")));
                self.values.extend(ids.iter().cloned().map(Value::from));
            }
        }
        if let Ok(call) = Uuid::try_parse(text.trim()) {
            any.push("call = ?".to_owned());
            self.values.push(call.as_bytes().to_vec().into());
        }
        self.clauses.push(format!("({})", any.join(" OR ")));
    }
}

/// Anywhere in a text; what has a meaning in a pattern stands for itself.
fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.trim().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
