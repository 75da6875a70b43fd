//! What the holder of a key may see of it. No administrator is needed: the key itself is the proof.
//!
//! Wrong keys slow down the place that they come from. The key is compared by its keyed hash and kept nowhere.

use std::collections::BTreeMap;

use super::Error;
use super::session::Visitor;
use crate::gate::caller;
use crate::gate::keys::Key;
use crate::gate::refusal::Unauthenticated;
use crate::gate::throttle::Bucket;
use crate::model::figure::{GroupBy, Share, Slice, Totals};
use crate::model::holder::HeldKey;
use crate::model::problem::Problem;
use crate::secret::Secret;
use crate::state::Shared;
use crate::store::figure::{self, Filter, Part};

/// A key as a browser brings it.
pub type KeyText = Secret;

/// The field that problems are told at.
const FIELD: &str = "key";
/// Days that are shown, today included.
const DAYS: i32 = 7;

/// The key of that text, with its latest call.
///
/// # Errors
/// It is no key, unknown, disabled or expired; [`Problem::SlowDown`] after several wrong ones; or the store fails.
pub async fn look(shared: &Shared, text: &KeyText, visitor: &Visitor) -> Result<HeldKey, Error> {
    let buckets = [Bucket::holder(visitor.address)];
    let refused = |problem| Error::field(FIELD, problem);
    let text = text.reveal().trim();
    if text.is_empty() {
        return Err(refused(Problem::Required));
    }
    let now_ms = shared.clock.now_ms();
    shared
        .door
        .throttle
        .admit(&buckets, now_ms)
        .map_err(|retry_after_s| refused(Problem::SlowDown { retry_after_s }))?;
    let hash = shared.pepper.hash(text.as_bytes());
    let found = if caller::is_key(text.as_bytes()) {
        shared.keys.find(&hash)
    } else {
        Err(Unauthenticated::Malformed)
    };
    let key = found.map_err(|cause| refused(problem(shared, &cause)))?;
    shared.door.throttle.forgive(&buckets);
    read(shared, &key, &hash).await
}

fn problem(shared: &Shared, cause: &Unauthenticated) -> Problem {
    let clock = &shared.clock;
    match cause {
        Unauthenticated::Missing | Unauthenticated::Malformed | Unauthenticated::Ambiguous => {
            Problem::NotAKey
        }
        Unauthenticated::Unknown => Problem::UnknownKey,
        Unauthenticated::Disabled => Problem::KeyDisabled,
        Unauthenticated::Expired { at_ms } => {
            Problem::KeyExpired { at: format!("{} {}", clock.day_name(*at_ms), clock.time_name(*at_ms)) }
        }
    }
}

/// All figures come from one reading, so that they add up.
async fn read(shared: &Shared, key: &Key, hash: &[u8; 32]) -> Result<HeldKey, Error> {
    shared.books.caught_up().await;
    let at_ms = shared.clock.now_ms();
    let day_ms = shared.clock.day_start_ms(at_ms, 0);
    let first_ms = shared.clock.day_start_ms(at_ms, 1 - DAYS);
    let mine = Filter::since("d", first_ms).of_key(key.id.clone());
    let parts = figure::by_time(&shared.store, mine, GroupBy::Model).await?;
    let (former_until_ms, limits) = (key.former_until_ms(hash), key.limits.clone());
    let today: Vec<&Part> = parts.iter().filter(|part| part.at_ms >= day_ms).collect();
    let mut sum = Totals::default();
    today.iter().for_each(|part| sum += part.totals);
    Ok(HeldKey {
        name: key.name(),
        at_ms,
        ends_ms: [key.expires_ms(), former_until_ms].into_iter().flatten().min(),
        is_former: former_until_ms.is_some(),
        limits,
        usage: key.live.usage(),
        last_ms: parts.iter().map(|part| part.last_ms).filter(|last_ms| *last_ms > 0).max(),
        today: sum,
        models: by_model(today),
        week: by_model(&parts),
        days: by_day(&parts),
    })
}

fn by_model<'a>(parts: impl IntoIterator<Item = &'a Part>) -> Vec<Share> {
    let mut sums: BTreeMap<&str, Totals> = BTreeMap::new();
    for part in parts {
        *sums.entry(&part.id).or_default() += part.totals;
    }
    let mut shares: Vec<_> = sums.into_iter().map(|(id, totals)| share(id, totals)).collect();
    shares.sort_by_key(|share| {
        std::cmp::Reverse((share.totals.cost, share.totals.tokens.all(), share.totals.requests))
    });
    shares
}

fn by_day(parts: &[Part]) -> Vec<Slice> {
    let mut days: Vec<Slice> = Vec::new();
    for part in parts {
        let own = share(&part.id, part.totals);
        match days.last_mut() {
            Some(day) if day.at_ms == part.at_ms => day.parts.push(own),
            _ => days.push(Slice { at_ms: part.at_ms, parts: vec![own] }),
        }
    }
    days
}

fn share(id: &str, totals: Totals) -> Share {
    Share { id: id.to_owned(), name: id.to_owned(), totals }
}
