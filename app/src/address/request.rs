//! Addresses of calls: the list with what it is narrowed to, and each call's own page.

use relay::model::explore::{Narrowing, Span};
use relay::model::id::CallId;
use relay::model::request::RequestSort;
use serde::{Deserialize, Serialize};

use super::Address;
use super::usage::{narrowing_of, span_of, with_narrowing, with_span};
use crate::room::REQUESTS;

/// The page of one call.
pub(crate) fn one(id: &CallId) -> String {
    format!("{}/{}", REQUESTS.path, Address::encoded(id.as_str()))
}

/// How many rows a page may have; the first is usual.
pub(crate) const ROWS: [u16; 4] = [50, 25, 100, 200];

/// A list of calls, as its address has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Calls {
    pub(crate) span: Span,
    /// Of key, account, model and outcome.
    pub(crate) only: Narrowing,
    pub(crate) find: String,
    pub(crate) sort: RequestSort,
    /// Where the page before ended; empty for the first.
    pub(crate) after: String,
    pub(crate) rows: u16,
}

impl Default for Calls {
    fn default() -> Self {
        let (only, sort) = (Narrowing::default(), RequestSort::default());
        Self { span: Span::All, only, find: String::new(), sort, after: String::new(), rows: ROWS[0] }
    }
}

impl Calls {
    /// Of a span.
    pub(crate) fn within(span: Span) -> Self {
        Self { span, ..Self::default() }
    }

    /// The first page of the list that is narrowed otherwise.
    pub(crate) fn narrowed(&self, change: impl FnOnce(&mut Narrowing)) -> Self {
        let mut changed = Self { after: String::new(), ..self.clone() };
        change(&mut changed.only);
        changed
    }

    pub(crate) fn href(&self) -> String {
        let usual = Self::default();
        let address = with_span(Address::new(REQUESTS.path).with("q", &self.find), &self.span, &usual.span);
        let sort = if self.sort == usual.sort { "" } else { self.sort.name() };
        let rows = if self.rows == usual.rows { String::new() } else { self.rows.to_string() };
        with_narrowing(address, &self.only)
            .with("sort", sort)
            .with("rows", &rows)
            .with("after", &self.after)
            .text()
    }

    /// Where the whole list is had as a file, `csv` or `json`, between two instants.
    pub(crate) fn download(&self, format: &str, from_ms: Option<i64>, to_ms: Option<i64>) -> String {
        let instant = |at_ms: Option<i64>| at_ms.map(|at_ms| at_ms.to_string()).unwrap_or_default();
        let address = Address::new(&format!("/web/download/requests.{format}")).with("text", &self.find);
        let address = address.with("since", &instant(from_ms)).with("until", &instant(to_ms));
        with_narrowing(address.with("sort", self.sort.name()), &self.only).text()
    }

    pub(crate) fn from_query<'a>(get: impl Fn(&'static str) -> &'a str) -> Self {
        let usual = Self::default();
        let rows = get("rows").parse().ok().filter(|rows| ROWS.contains(rows));
        Self {
            span: span_of(&get, usual.span),
            only: Narrowing { owner: None, tag: None, ..narrowing_of(&get) },
            find: get("q").to_owned(),
            sort: RequestSort::from_name(get("sort")).unwrap_or_default(),
            after: get("after").to_owned(),
            rows: rows.unwrap_or(usual.rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use relay::model::id::KeyId;
    use relay::model::outcome::Outcome;

    use super::*;

    #[test]
    fn a_list_is_found_again_by_its_address() {
        let only =
            Narrowing { key: Some(KeyId::new("k")), outcome: Some(Outcome::Ok), ..Narrowing::default() };
        let list = Calls {
            span: Span::Today,
            only,
            find: "opus".to_owned(),
            sort: RequestSort::Cost,
            after: "x".to_owned(),
            rows: 100,
        };
        let address = "/web/requests?q=opus&range=today&key=k&outcome=ok&sort=cost&rows=100&after=x";
        let (_, query) = address.split_once('?').unwrap_or_default();
        let get = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(found, _)| *found == name).map_or("", |(_, value)| value)
        };

        assert_eq!(list.href(), address);
        assert_eq!(Calls::from_query(get), list);
        assert_eq!(Calls::default().href(), "/web/requests");
        assert_eq!(list.narrowed(|only| only.key = None).after, "");
    }
}
