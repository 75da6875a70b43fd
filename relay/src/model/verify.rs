//! What came of counting the books anew.

use serde::{Deserialize, Serialize};

/// Most differences that are listed.
pub const MOST_LISTED: usize = 10_000;

/// The sums, compared with what the records say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Records that were counted.
    pub records: u64,
    /// Sums that were compared with the records, by minute, hour and day.
    pub compared: u64,
    /// Sums of times whose records are forgotten, in whole or in part. They were only compared with each other.
    pub beyond: u64,
    /// Before this instant records may be forgotten, milliseconds since 1970.
    pub records_from_ms: i64,
    /// The zone in which days begin.
    pub time_zone: String,
    /// What does not agree, at most [`MOST_LISTED`].
    pub differences: Vec<Difference>,
    /// How many more there are.
    pub more: u64,
}

impl Verification {
    /// Everything agrees.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }
}

/// One figure of one sum that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The sum's stretch: `minute`, `hour` or `day`.
    pub size: String,
    /// Its start, milliseconds since 1970.
    pub at_ms: i64,
    /// What it is of, such as `key K, account A, model M, outcome ok`, or `all`.
    pub of: String,
    /// The figure: `requests`, `input`, `cost` and so on.
    pub figure: String,
    /// What the sum says.
    pub kept: i64,
    /// What it should be.
    pub counted: i64,
}
