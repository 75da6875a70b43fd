//! What of the overview the address holds: range, split, measure. A view can be shared by its address.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use relay::model::figure::{GroupBy, Range, Totals};

use crate::room::OVERVIEW;

/// What a chart of use measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Measure {
    #[default]
    Cost,
    Tokens,
    Requests,
}

impl Measure {
    pub(crate) const ALL: [Self; 3] = [Self::Cost, Self::Tokens, Self::Requests];

    fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Tokens => "tokens",
            Self::Requests => "requests",
        }
    }

    /// Its part of a sum: dollars, tokens, requests.
    #[allow(clippy::cast_precision_loss, reason = "for display")]
    pub(crate) fn of(self, totals: &Totals) -> f64 {
        match self {
            Self::Cost => totals.cost.as_dollars(),
            Self::Tokens => totals.tokens.all() as f64,
            Self::Requests => totals.requests as f64,
        }
    }
}

pub(super) const RANGES: [Range; 4] = [Range::Hour, Range::Today, Range::Week, Range::Month];
pub(super) const GROUPS: [GroupBy; 3] = [GroupBy::Model, GroupBy::Key, GroupBy::Account];

/// The choices in the address. What it does not name, or names wrongly, is as by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) range: Range,
    pub(crate) group: GroupBy,
    pub(crate) measure: Measure,
}

impl View {
    /// The address of this view; what is as by default is left out.
    pub(super) fn href(self) -> String {
        let default = Self::default();
        let choices = [
            ("range", range_name(self.range), self.range != default.range),
            ("by", group_name(self.group), self.group != default.group),
            ("measure", self.measure.name(), self.measure != default.measure),
        ];
        let mut href = OVERVIEW.path.to_owned();
        for (name, value, chosen) in choices {
            if chosen {
                href.push(if href.contains('?') { '&' } else { '?' });
                href.push_str(&format!("{name}={value}"));
            }
        }
        href
    }

    fn from_names(range: &str, group: &str, measure: &str) -> Self {
        Self {
            range: RANGES.into_iter().find(|known| range_name(*known) == range).unwrap_or_default(),
            group: GROUPS.into_iter().find(|known| group_name(*known) == group).unwrap_or_default(),
            measure: Measure::ALL.into_iter().find(|known| known.name() == measure).unwrap_or_default(),
        }
    }
}

/// The view that the address asks for.
pub(super) fn use_view() -> Memo<View> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let get = |name| query.get_str(name).unwrap_or_default();
            View::from_names(get("range"), get("by"), get("measure"))
        })
    })
}

fn range_name(range: Range) -> &'static str {
    match range {
        Range::Hour => "hour",
        Range::Today => "today",
        Range::Week => "week",
        Range::Month => "month",
    }
}

fn group_name(group: GroupBy) -> &'static str {
    match group {
        GroupBy::Model => "model",
        GroupBy::Key => "key",
        GroupBy::Account => "account",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_differs_from_the_default() {
        let view = View { range: Range::Week, group: GroupBy::Model, measure: Measure::Tokens };

        assert_eq!(View::default().href(), "/web");
        assert_eq!(view.href(), "/web?range=week&measure=tokens");
        assert_eq!(View::from_names("week", "", "tokens"), view);
    }

    #[test]
    fn unknown_names_are_taken_as_the_default() {
        assert_eq!(View::from_names("century", "colour", "joy"), View::default());
    }
}
