//! What addresses of lists and figures hold: a span, what they are narrowed to, and for the explorer how it is split.

use relay::model::explore::{Measure, Narrowing, Question, Span, SplitBy};
use relay::model::id::{AccountId, KeyId};
use relay::model::outcome::Outcome;

use super::Address;
use crate::room::USAGE;

/// Stands for what has no name: keys without an owner, calls that no model answered.
const NONE: &str = "-";

/// Spans that have a name of their own.
pub(crate) const SPANS: [Span; 6] =
    [Span::Hours24, Span::Today, Span::Days7, Span::Days30, Span::Month, Span::All];

/// The name of a span in addresses; none for one that is given by its ends.
pub(crate) fn span_name(span: &Span) -> &'static str {
    match span {
        Span::Hours24 => "24h",
        Span::Today => "today",
        Span::Days7 => "7d",
        Span::Days30 => "30d",
        Span::Month => "month",
        Span::All => "all",
        Span::Days { .. } | Span::Instants { .. } => "",
    }
}

/// Adds a span, unless it is the usual one.
pub(crate) fn with_span(address: Address, span: &Span, usual: &Span) -> Address {
    match span {
        span if span == usual => address,
        Span::Days { from, to } => address.with("from", from).with("to", to),
        Span::Instants { from_ms, to_ms } => {
            address.with("from", &from_ms.to_string()).with("to", &to_ms.to_string())
        }
        named => address.with("range", span_name(named)),
    }
}

/// A span as fields of a form.
pub(crate) fn span_pairs(span: &Span) -> Vec<(&'static str, String)> {
    match span {
        Span::Days { from, to } => vec![("from", from.clone()), ("to", to.clone())],
        Span::Instants { from_ms, to_ms } => vec![("from", from_ms.to_string()), ("to", to_ms.to_string())],
        named => vec![("range", span_name(named).to_owned())],
    }
}

/// The span that an address names; the usual one if it names none, or none that there is.
pub(crate) fn span_of<'a>(get: &impl Fn(&'static str) -> &'a str, usual: Span) -> Span {
    let (from, to) = (get("from"), get("to"));
    if is_day(from) && is_day(to) && from <= to {
        return Span::Days { from: from.to_owned(), to: to.to_owned() };
    }
    if let (Ok(from_ms), Ok(to_ms)) = (from.parse(), to.parse())
        && from_ms < to_ms
    {
        return Span::Instants { from_ms, to_ms };
    }
    let name = get("range");
    SPANS.into_iter().find(|span| span_name(span) == name).unwrap_or(usual)
}

/// `2026-11-24`, with a month and a day that there are.
fn is_day(text: &str) -> bool {
    let numbers: Vec<Option<i64>> = text.split('-').map(|part| part.parse().ok()).collect();
    let [Some(year), Some(month), Some(day)] = numbers[..] else { return false };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    text.len() == 10 && text.is_ascii() && (1..=days).contains(&day)
}

/// What figures are narrowed to, as fields of a form; empty where they are not.
pub(crate) fn narrowing_pairs(only: &Narrowing) -> Vec<(&'static str, String)> {
    let named = |text: &Option<String>| match text.as_deref() {
        None => String::new(),
        Some("") => NONE.to_owned(),
        Some(text) => text.to_owned(),
    };
    vec![
        ("key", only.key.as_ref().map_or("", KeyId::as_str).to_owned()),
        ("account", only.account.as_ref().map_or("", AccountId::as_str).to_owned()),
        ("model", named(&only.model)),
        ("outcome", only.outcome.map_or("", Outcome::name).to_owned()),
        ("owner", named(&only.owner)),
        ("tag", only.tag.clone().unwrap_or_default()),
    ]
}

/// Adds what figures are narrowed to.
pub(crate) fn with_narrowing(address: Address, only: &Narrowing) -> Address {
    narrowing_pairs(only).iter().fold(address, |address, (name, value)| address.with(name, value))
}

/// What an address narrows figures to.
pub(crate) fn narrowing_of<'a>(get: &impl Fn(&'static str) -> &'a str) -> Narrowing {
    let given = |name| Some(get(name)).filter(|value| !value.is_empty());
    let named = |name| given(name).map(|value| if value == NONE { String::new() } else { value.to_owned() });
    Narrowing {
        key: given("key").map(KeyId::new),
        model: named("model"),
        account: given("account").map(AccountId::new),
        outcome: Outcome::from_name(get("outcome")),
        owner: named("owner"),
        tag: given("tag").map(str::to_owned),
    }
}

/// The explorer's address for a question; what is as by default is left out.
pub(crate) fn explorer(question: &Question) -> String {
    let usual = Question::default();
    let by = if question.by == usual.by { "" } else { question.by.name() };
    let measure = if question.measure == usual.measure { "" } else { question.measure.name() };
    let address = with_span(Address::new(USAGE.path), &question.span, &usual.span);
    with_narrowing(address.with("by", by).with("measure", measure), &question.only).text()
}

/// The explorer's address for today's figures.
pub(crate) fn today_by(by: SplitBy, measure: Measure) -> String {
    explorer(&Question { span: Span::Today, by, measure, ..Question::default() })
}

/// Where figures are had as a file: `usage` as `csv` or `json`.
pub(crate) fn download(what: &str, format: &str, question: &Question) -> String {
    let (since, until) = match &question.span {
        Span::Days { from, to } => (from.clone(), to.clone()),
        Span::Instants { from_ms, to_ms } => (from_ms.to_string(), to_ms.to_string()),
        named => (span_name(named).to_owned(), String::new()),
    };
    let address =
        Address::new(&format!("/web/download/{what}.{format}")).with("since", &since).with("until", &until);
    let (by, measure) = (question.by.name(), question.measure.name());
    with_narrowing(address.with("by", by).with("measure", measure), &question.only).text()
}

/// The question that an address asks.
pub(crate) fn question_of<'a>(get: impl Fn(&'static str) -> &'a str) -> Question {
    Question {
        span: span_of(&get, Span::default()),
        by: SplitBy::from_name(get("by")).unwrap_or_default(),
        measure: Measure::from_name(get("measure")).unwrap_or_default(),
        only: narrowing_of(&get),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> Question {
        let (_, query) = address.split_once('?').unwrap_or_default();
        question_of(|name| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(found, _)| *found == name).map_or("", |(_, value)| value)
        })
    }

    #[test]
    fn every_question_is_found_again_by_its_address() {
        let days = Span::Days { from: "2026-02-28".to_owned(), to: "2026-03-01".to_owned() };
        let only = Narrowing {
            key: Some(KeyId::new("k")),
            owner: Some(String::new()),
            outcome: Some(Outcome::Rejected),
            ..Narrowing::default()
        };
        for (question, address) in [
            (Question::default(), "/web/usage"),
            (
                Question { span: Span::All, by: SplitBy::Hour, ..Question::default() },
                "/web/usage?range=all&by=hour",
            ),
            (
                Question { span: days, measure: Measure::FirstByte, only, ..Question::default() },
                "/web/usage?from=2026-02-28&to=2026-03-01&measure=first_byte&key=k&outcome=rejected&owner=-",
            ),
            (
                Question { span: Span::Instants { from_ms: 1, to_ms: 2 }, ..Question::default() },
                "/web/usage?from=1&to=2",
            ),
        ] {
            assert_eq!(explorer(&question), address);
            assert_eq!(of(address), question);
        }
    }

    #[test]
    fn what_there_is_not_is_taken_as_the_default() {
        for address in [
            "/web/usage?range=century&by=joy&measure=luck",
            "/web/usage?from=2026-02-29&to=2026-03-01",
            "/web/usage?from=2026-03-02&to=2026-03-01",
            "/web/usage?from=2&to=1",
        ] {
            assert_eq!(of(address), Question::default(), "{address}");
        }
    }
}
