//! Where in a list a page ends.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::model::request::RequestSort;

/// A call's place in an order: by what it is ordered by, then by its identity. Calls that come later do not move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub(super) value: i64,
    pub(super) call: Uuid,
    pub(super) n: u8,
}

/// A text that is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the end of a page")]
pub struct NoPlace;

impl Place {
    /// Before or after another in that order.
    pub(super) fn compare(&self, other: &Self, sort: RequestSort) -> Ordering {
        let ascending = (self.value, self.call, self.n).cmp(&(other.value, other.call, other.n));
        if sort == RequestSort::Oldest { ascending } else { ascending.reverse() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.value, self.call.simple(), self.n)
    }
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(NoPlace);
        let value = part()?.parse().map_err(|_| NoPlace)?;
        let call = Uuid::try_parse(part()?).map_err(|_| NoPlace)?;
        let n = part()?.parse().map_err(|_| NoPlace)?;
        if parts.next().is_some() { Err(NoPlace) } else { Ok(Self { value, call, n }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_being_written_and_nothing_else_is_one() {
        let place = Place { value: -1, call: Uuid::from_u128(7), n: 2 };

        assert_eq!(place.to_string().parse(), Ok(place));
        for text in [
            "",
            "1",
            "1.2.3",
            "1.00000000000000000000000000000007.2.3",
            "x.00000000000000000000000000000007.2",
        ] {
            assert_eq!(text.parse::<Place>(), Err(NoPlace), "{text}");
        }
    }
}
