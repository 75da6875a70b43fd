//! In which order keys are listed.

use std::cmp::Ordering;

use relay::model::key::KeyRow;

use super::status::nearest_part;

/// What a list is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum By {
    /// When they were made, newest first.
    #[default]
    Made,
    Name,
    Limit,
    Requests,
    Tokens,
    Cost,
    LastUsed,
}

impl By {
    const ALL: [Self; 7] =
        [Self::Made, Self::Name, Self::Limit, Self::Requests, Self::Tokens, Self::Cost, Self::LastUsed];

    fn name(self) -> &'static str {
        match self {
            Self::Made => "",
            Self::Name => "name",
            Self::Limit => "limit",
            Self::Requests => "requests",
            Self::Tokens => "tokens",
            Self::Cost => "cost",
            Self::LastUsed => "used",
        }
    }
}

/// An order: names from A on, everything else with the most first, or the other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) by: By,
    pub(super) reversed: bool,
}

impl Sort {
    /// The name in an address: `cost`, or `-cost` the other way round.
    pub(super) fn name(self) -> String {
        let mark = if self.reversed { "-" } else { "" };
        format!("{mark}{}", self.by.name())
    }

    /// The order of that name; the usual one if there is none.
    pub(super) fn from_name(name: &str) -> Self {
        let (plain, reversed) = name.strip_prefix('-').map_or((name, false), |plain| (plain, true));
        let by = By::ALL.into_iter().find(|by| by.name() == plain);
        by.map_or_else(Self::default, |by| Self { by, reversed })
    }

    /// What a column's head leads to: its order, or the other way round if it is that already.
    pub(super) fn next(self, by: By) -> Self {
        Self { by, reversed: self.by == by && !self.reversed }
    }

    /// For `aria-sort` on a column's head.
    pub(super) fn mark(self, by: By) -> Option<&'static str> {
        let goes_up = (by == By::Name) != self.reversed;
        (self.by == by).then_some(if goes_up { "ascending" } else { "descending" })
    }

    /// Puts keys into the order. Those that are equal stay as they are: newest first.
    pub(super) fn order(self, keys: &mut [&KeyRow]) {
        keys.sort_by(|one, other| {
            let order = self.compare(one, other);
            if self.reversed { order.reverse() } else { order }
        });
    }

    fn compare(self, one: &KeyRow, other: &KeyRow) -> Ordering {
        match self.by {
            By::Made => other.created_ms.cmp(&one.created_ms),
            By::Name => one.name.to_lowercase().cmp(&other.name.to_lowercase()),
            By::Limit => nearest_part(other).total_cmp(&nearest_part(one)),
            By::Requests => other.today.requests.cmp(&one.today.requests),
            By::Tokens => other.today.tokens.all().cmp(&one.today.tokens.all()),
            By::Cost => other.today.cost.0.cmp(&one.today.cost.0),
            By::LastUsed => other.last_used_ms.cmp(&one.last_used_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_press_turns_the_order_round() {
        let cost = Sort::default().next(By::Cost);

        assert_eq!((cost.name().as_str(), cost.mark(By::Cost)), ("cost", Some("descending")));
        assert_eq!((cost.next(By::Cost).name().as_str(), cost.mark(By::Name)), ("-cost", None));
        assert_eq!(cost.next(By::Cost).next(By::Cost), cost);
        assert_eq!(cost.next(By::Name).mark(By::Name), Some("ascending"));
        assert_eq!(Sort::from_name("-cost"), cost.next(By::Cost));
        assert_eq!(Sort::from_name("nonsense"), Sort::default());
    }
}
