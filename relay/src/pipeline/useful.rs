//! Which of several errors a client gets: the most useful one, not the last.

use std::time::Duration;

use super::held::Held;
use crate::gate::refusal::{Refusal, Shortage};
use crate::provider::anthropic::verdict::Mark;

/// When an account in trouble is worth another try, where nobody knows.
const SHORTLY: Duration = Duration::from_secs(10);

/// What the client would get for a failure.
pub(super) struct Useful {
    pub(super) rank: Rank,
    /// Upstream's, 0 if it gave none.
    pub(super) status: u16,
    /// A reply that the client may see as it came; else the relay's own words.
    pub(super) held: Option<Held>,
    pub(super) refusal: Refusal,
}

/// The most useful first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Limited for so many milliseconds: the earliest reset is the best to know.
    Limited(i64),
    Overloaded,
    Failed,
    Unreachable,
    /// Trouble of the account's own credential: never shown as the client's.
    Hidden,
}

impl Useful {
    /// A reply that the client may see.
    pub(super) fn reply(rank: Rank, held: Held, cause: String) -> Self {
        let status = held.reply.status.as_u16();
        Self { rank, status, held: Some(held), refusal: Refusal::Unreachable { cause } }
    }

    /// Trouble of the account's own.
    pub(super) fn hidden(status: u16, mark: Mark, cause: &str) -> Self {
        let cause = format!("the account is out: {cause}");
        // What a person must cure is not better in a moment.
        let retry_after = (mark != Mark::Park).then_some(SHORTLY);
        let refusal = Refusal::NoAccount { shortage: Shortage::Out, retry_after, cause };
        Self { rank: Rank::Hidden, status, held: None, refusal }
    }

    /// No account was left, whatever the ones that were tried said.
    pub(super) fn refused(refusal: Refusal) -> Self {
        let rank = match &refusal {
            Refusal::NoAccount { shortage: Shortage::Limited, retry_after, .. } => {
                let wait_ms = retry_after.and_then(|wait| i64::try_from(wait.as_millis()).ok());
                Rank::Limited(wait_ms.unwrap_or(i64::MAX))
            }
            Refusal::NoAccount { shortage: Shortage::Overloaded(_), .. } => Rank::Overloaded,
            Refusal::NoAccount { shortage: Shortage::Busy, .. } => Rank::Unreachable,
            _ => Rank::Hidden,
        };
        Self { rank, status: 0, held: None, refusal }
    }

    /// The more useful of two; the earlier, if they are alike.
    pub(super) fn or(earlier: Option<Self>, later: Self) -> Self {
        match earlier {
            Some(earlier) if earlier.rank <= later.rank => earlier,
            _ => later,
        }
    }
}
