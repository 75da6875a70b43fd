//! Figures for the console's first screen, and what it is told as it happens.

use std::collections::HashMap;

use super::{Admin, Error, account};
use crate::model::figure::{Dashboard, GroupBy, Range, Share, Slice, Trouble};
use crate::model::id::{AccountId, CallId};
use crate::model::live::LiveEvent;
use crate::model::request::RequestRow;
use crate::state::{Shared, Switchyard};
use crate::store::attempt::{self, Attempt};
use crate::store::figure::{self, Filter, Part};

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
    let names = Names::read(shared).await?;
    let (size, from_ms) = span(shared, range, at_ms);
    let shares = figure::by(&shared.store, Filter::since(size, from_ms), group).await?;
    let slices = figure::by_time(&shared.store, Filter::since(size, from_ms), group).await?;
    let today = Filter::since("d", day_ms);
    let yesterday_ms = shared.clock.day_start_ms(at_ms, -1);
    let same_time_ms = yesterday_ms + (at_ms - day_ms);
    // Its last hour by minutes, so that yesterday ends at the same time of day.
    let last_hour_ms = same_time_ms - (at_ms - day_ms) % HOUR_MS;
    let hours = Filter::since("h", yesterday_ms).before(last_hour_ms);
    let minutes = Filter::since("m", last_hour_ms).before(same_time_ms);
    let mut yesterday = figure::totals(&shared.store, hours).await?;
    yesterday += figure::totals(&shared.store, minutes).await?;
    Ok(Dashboard {
        at_ms,
        time_zone: shared.clock.zone_name(),
        now: shared.live.now(at_ms),
        today: figure::totals(&shared.store, today.clone()).await?,
        yesterday,
        shares: shares.into_iter().map(|part| names.share(part, group)).collect(),
        slices: sliced(slices, &names, group),
        top_keys: top(figure::by(&shared.store, today.clone(), GroupBy::Key).await?, &names, GroupBy::Key),
        top_models: top(figure::by(&shared.store, today, GroupBy::Model).await?, &names, GroupBy::Model),
        accounts: account::rows(shared).await?,
        recent: recent(shared, &names).await?,
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
        let row =
            row(attempt.clone(), key_name, account_name.map(|account| account.name.to_string()), attempt.n);
        shared.live.tell(LiveEvent::Request(Box::new(row)));
    }
}

/// Names of keys and accounts, deleted ones too: their books stay.
struct Names {
    keys: HashMap<String, String>,
    accounts: HashMap<String, String>,
}

impl Names {
    async fn read(shared: &Shared) -> Result<Self, Error> {
        let (keys, accounts) = figure::names(&shared.store).await?;
        Ok(Self { keys, accounts })
    }

    fn share(&self, part: Part, group: GroupBy) -> Share {
        let name = match group {
            GroupBy::Model => part.id.clone(),
            GroupBy::Key => self.keys.get(&part.id).cloned().unwrap_or_default(),
            GroupBy::Account => self.account(&part.id).unwrap_or_default(),
        };
        Share { id: part.id, name, totals: part.totals }
    }

    fn key(&self, id: &str) -> String {
        self.keys.get(id).cloned().unwrap_or_default()
    }

    fn account(&self, id: &str) -> Option<String> {
        self.accounts.get(id).cloned()
    }
}

fn span(shared: &Shared, range: Range, at_ms: i64) -> (&'static str, i64) {
    match range {
        Range::Hour => ("m", at_ms - HOUR_MS),
        Range::Today => ("h", shared.clock.day_start_ms(at_ms, 0)),
        Range::Week => ("d", shared.clock.day_start_ms(at_ms, -6)),
        Range::Month => ("d", shared.clock.day_start_ms(at_ms, -29)),
    }
}

fn sliced(parts: Vec<Part>, names: &Names, group: GroupBy) -> Vec<Slice> {
    let mut slices: Vec<Slice> = Vec::new();
    for part in parts {
        let at_ms = part.at_ms;
        let share = names.share(part, group);
        match slices.last_mut() {
            Some(slice) if slice.at_ms == at_ms => slice.parts.push(share),
            _ => slices.push(Slice { at_ms, parts: vec![share] }),
        }
    }
    slices
}

/// The largest, and one more for all the rest: what is shown adds up.
fn top(parts: Vec<Part>, names: &Names, group: GroupBy) -> Vec<Share> {
    let mut shares: Vec<_> = parts.into_iter().map(|part| names.share(part, group)).collect();
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

async fn recent(shared: &Shared, names: &Names) -> Result<Vec<RequestRow>, Error> {
    let calls = attempt::latest(&shared.store, RECENT).await?;
    let rows = calls.into_iter().map(|(attempt, attempts)| {
        let key_name = names.key(attempt.key.as_str());
        let account_name = attempt.account.as_ref().and_then(|id| names.account(id.as_str()));
        row(attempt, key_name, account_name, attempts)
    });
    Ok(rows.collect())
}

async fn trouble(shared: &Shared, names: &Names, since_ms: i64) -> Result<Vec<Trouble>, Error> {
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

fn row(attempt: Attempt, key_name: String, account_name: Option<String>, attempts: u8) -> RequestRow {
    RequestRow {
        id: CallId::new(attempt.call.to_string()),
        at_ms: attempt.at_ms,
        key_name,
        account_name,
        model: attempt.shown_model().to_owned(),
        key: attempt.key,
        account: attempt.account,
        stream: attempt.stream,
        outcome: attempt.outcome,
        status: attempt.status,
        cause: attempt.cause,
        attempts,
        tokens: attempt.usage.tokens,
        estimated: attempt.usage.input_estimated || attempt.usage.output_estimated,
        cost: attempt.cost,
        sandbox: attempt.sandbox,
        first_byte_ms: attempt.first_byte_ms,
        total_ms: attempt.total_ms,
    }
}
