//! Figures for the console's first screen, and what it is told as it happens.

use super::usage::Labels;
use super::{Admin, Error, account, request};
use crate::model::explore::SplitBy;
use crate::model::figure::{Dashboard, GroupBy, Range, Share, Slice, Trouble};
use crate::model::id::AccountId;
use crate::model::live::LiveEvent;
use crate::model::request::{RequestQuery, RequestRow};
use crate::state::{Shared, Switchyard};
use crate::store::attempt::{self, Attempt};
use crate::store::call::Call;
use crate::store::figure::{self, Ask, Dimension, Filter, Part};

const HOUR_MS: i64 = 3_600_000;
const RECENT: u32 = 12;
const TOP: usize = 5;

/// Everything that the first screen shows, with the latest call in it.
///
/// # Errors
/// If the store fails.
pub async fn dashboard(
    shared: &Shared,
    _admin: &Admin,
    range: Range,
    group: GroupBy,
) -> Result<Dashboard, Error> {
    shared.books.caught_up().await;
    let at_ms = shared.clock.now_ms();
    let day_ms = shared.clock.day_start_ms(at_ms, 0);
    let names = Labels::read(shared).await?;
    let (size, from_ms) = span(shared, range, at_ms);
    let yesterday_ms = shared.clock.day_start_ms(at_ms, -1);
    let same_time_ms = yesterday_ms + (at_ms - day_ms);
    // Its last hour by minutes, so that yesterday ends at the same time of day.
    let last_hour_ms = same_time_ms - (at_ms - day_ms) % HOUR_MS;
    let range = Filter::since(size, from_ms);
    let today = Filter::since("d", day_ms);
    let asks = [
        Ask::whole(range.clone(), Some(group.into())),
        Ask::in_time(range, Some(group.into())),
        Ask::whole(today.clone(), Some(Dimension::Key)),
        Ask::whole(today, Some(Dimension::Model)),
        Ask::whole(Filter::since("h", yesterday_ms).before(last_hour_ms), None),
        Ask::whole(Filter::since("m", last_hour_ms).before(same_time_ms), None),
    ];
    let [shares, slices, keys, models, hours, minutes] = figure::ask(&shared.store, asks).await?;
    let mut yesterday = figure::sum(&hours);
    yesterday += figure::sum(&minutes);
    Ok(Dashboard {
        at_ms,
        time_zone: shared.clock.zone_name(),
        now: shared.live.now(at_ms),
        today: figure::sum(&keys),
        yesterday,
        shares: shares.into_iter().map(|part| share(&names, part, group)).collect(),
        slices: sliced(slices, &names, group),
        top_keys: top(keys, &names, GroupBy::Key),
        top_models: top(models, &names, GroupBy::Model),
        accounts: account::rows(shared).await?,
        recent: request::page(shared, &names, &RequestQuery::default(), RECENT).await?.rows,
        trouble: trouble(shared, &names, day_ms).await?,
    })
}

/// Tells the console of calls that just came into the books.
pub(crate) fn tell(shared: &Switchyard, new: &[Attempt]) {
    if !shared.live.has_listeners() {
        return;
    }
    for attempt in new.iter().filter(|attempt| attempt.last && attempt.endpoint.is_metered()) {
        let key = shared.keys.by_id(&attempt.key);
        let key_name = key.map(|key| key.name()).unwrap_or_default();
        let account_name = attempt.account.as_ref().and_then(|id| shared.accounts.find(id));
        let call = Call { last: attempt.clone(), tokens: attempt.usage.tokens, cost: attempt.cost };
        let row = RequestRow {
            key_name,
            account_name: account_name.map(|account| account.name.to_string()),
            ..request::row(&Labels::default(), call)
        };
        shared.live.tell(LiveEvent::Request(Box::new(row)));
    }
}

fn share(names: &Labels, part: Part, group: GroupBy) -> Share {
    let by = match group {
        GroupBy::Model => SplitBy::Model,
        GroupBy::Key => SplitBy::Key,
        GroupBy::Account => SplitBy::Account,
    };
    Share { name: names.name(&part.id, by), id: part.id, totals: part.totals }
}

fn span(shared: &Shared, range: Range, at_ms: i64) -> (&'static str, i64) {
    match range {
        Range::Hour => ("m", at_ms - HOUR_MS),
        Range::Today => ("h", shared.clock.day_start_ms(at_ms, 0)),
        Range::Week => ("d", shared.clock.day_start_ms(at_ms, -6)),
        Range::Month => ("d", shared.clock.day_start_ms(at_ms, -29)),
    }
}

fn sliced(parts: Vec<Part>, names: &Labels, group: GroupBy) -> Vec<Slice> {
    let mut slices: Vec<Slice> = Vec::new();
    for part in parts {
        let at_ms = part.at_ms;
        let share = share(names, part, group);
        match slices.last_mut() {
            Some(slice) if slice.at_ms == at_ms => slice.parts.push(share),
            _ => slices.push(Slice { at_ms, parts: vec![share] }),
        }
    }
    slices
}

/// The largest, and one more for all the rest: what is shown adds up.
fn top(parts: Vec<Part>, names: &Labels, group: GroupBy) -> Vec<Share> {
    let mut shares: Vec<_> = parts.into_iter().map(|part| share(names, part, group)).collect();
    if shares.len() > TOP {
        let mut rest =
            Share { id: String::new(), name: String::new(), totals: crate::model::figure::Totals::default() };
        for share in shares.drain(TOP..) {
            rest.totals += share.totals;
        }
        shares.push(rest);
    }
    shares
}

async fn trouble(shared: &Shared, names: &Labels, since_ms: i64) -> Result<Vec<Trouble>, Error> {
    let causes = attempt::trouble(&shared.store, since_ms).await?;
    let named = causes.into_iter().map(|cause| Trouble {
        account: cause.account.as_ref().map(AccountId::as_str).and_then(|id| names.account(id)),
        cause: cause.cause,
        times: cause.times,
        recovered: cause.recovered,
        last_ms: cause.last_ms,
    });
    Ok(named.collect())
}
