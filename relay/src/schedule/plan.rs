//! The order in which accounts are tried, and why: a value made of the present state, which changes nothing.

use std::cmp::Reverse;
use std::sync::Arc;

use super::Ask;
use super::account::{Account, OutOfService};
use super::catalogue::Catalogue;
use super::cooldown::Standing;
use super::pool::Pool;
use crate::model::cooldown::CooldownCause;
use crate::model::decision::{Considered, Decision, MOST_CONSIDERED, Reason, Ruling};
use crate::model::id::AccountId;

/// Windows that are spent alike to so many basis points are as good as each other.
const SAME_ROOM: u32 = 200;
/// An account that failed so often in a row comes after all others, whatever its priority, and keeps no session.
const AILING: u32 = 2;

/// Every account that a call could use if all were well, best first.
#[derive(Debug)]
pub struct Plan {
    /// In order.
    pub seats: Vec<Seat>,
    /// What put the first one first.
    pub reason: Reason,
}

/// One account of a plan.
#[derive(Debug)]
pub struct Seat {
    /// Which one.
    pub account: Arc<Account>,
    /// What it was found to be.
    pub ruling: Ruling,
    rank: Rank,
}

/// Lower is better; the first difference decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    shelf: Shelf,
    is_not_own: bool,
    is_ailing: bool,
    priority: u8,
    is_no_try: bool,
    is_troubled: bool,
    spent: u32,
    load: u32,
    draw: Reverse<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Shelf {
    #[default]
    Able,
    Busy,
    Out,
}

impl Plan {
    /// Looks at every account for a call that has tried some already.
    pub fn make(pool: &Pool, catalogue: &Catalogue, ask: &Ask<'_>, tried: &[AccountId], now_ms: i64) -> Self {
        let all = pool.all();
        let mut seats: Vec<_> = all
            .iter()
            .filter(|account| ask.road.suits(account.kind) && pool.is_bound(account, ask.binding))
            .map(|account| Seat::take(account, ask, tried, now_ms))
            .collect();
        if seats.len() > 1 {
            rule_out_by_model(&mut seats, catalogue, ask);
            let own = ask.own(pool, now_ms);
            seats.iter_mut().for_each(|seat| seat.rank(ask, own.as_ref(), now_ms));
            seats.sort_by_key(|seat| seat.rank);
        }
        let reason = reason(&seats);
        Self { seats, reason }
    }

    /// Those that can be tried now, best first.
    pub fn able(&self) -> impl Iterator<Item = &Arc<Account>> {
        self.on(Shelf::Able)
    }

    /// Those that have no place now, and nothing else against them.
    pub fn busy(&self) -> impl Iterator<Item = &Arc<Account>> {
        self.on(Shelf::Busy)
    }

    /// When the first of those that are out by themselves may serve again, milliseconds since 1970.
    pub fn next_end_ms(&self) -> Option<i64> {
        let ends = self.seats.iter().filter_map(|seat| match seat.ruling {
            Ruling::Limited { until_ms } | Ruling::Overloaded { until_ms } => Some(until_ms),
            _ => None,
        });
        ends.min()
    }

    fn on(&self, shelf: Shelf) -> impl Iterator<Item = &Arc<Account>> {
        self.seats.iter().filter(move |seat| seat.shelf() == shelf).map(|seat| &seat.account)
    }

    /// For the record: the winner first, then the others in their order.
    pub fn decision(&self, winner: Option<&AccountId>, waited_ms: u32) -> Decision {
        let is_winner = |seat: &&Seat| Some(&seat.account.id) == winner;
        let is_first = self.seats.first().is_some_and(|seat| is_winner(&seat));
        let rest = self.seats.iter().filter(|seat| !is_winner(seat));
        let seats = self.seats.iter().filter(is_winner).chain(rest);
        let considered =
            |seat: &Seat| Considered { account: seat.account.id.clone(), ruling: seat.ruling.clone() };
        Decision {
            reason: if winner.is_some() && !is_first { Reason::Place } else { self.reason },
            considered: seats.take(MOST_CONSIDERED).map(considered).collect(),
            more: u32::try_from(self.seats.len().saturating_sub(MOST_CONSIDERED)).unwrap_or(u32::MAX),
            waited_ms,
        }
    }
}

impl Seat {
    fn take(account: &Arc<Account>, ask: &Ask<'_>, tried: &[AccountId], now_ms: i64) -> Self {
        let ruling = if tried.contains(&account.id) { Ruling::Tried } else { ruling(account, ask, now_ms) };
        Self { account: Arc::clone(account), ruling, rank: Rank::default() }
    }

    fn shelf(&self) -> Shelf {
        match self.ruling {
            Ruling::Able | Ruling::Troubled { .. } | Ruling::Trying => Shelf::Able,
            Ruling::Busy => Shelf::Busy,
            _ => Shelf::Out,
        }
    }

    fn rank(&mut self, ask: &Ask<'_>, own: Option<&AccountId>, now_ms: i64) {
        let (account, shelf) = (&self.account, self.shelf());
        self.rank.shelf = shelf;
        if shelf == Shelf::Out {
            return;
        }
        let strikes = if let Ruling::Troubled { strikes } = self.ruling { strikes } else { 0 };
        let is_ailing = strikes >= AILING;
        self.rank = Rank {
            shelf,
            is_not_own: is_ailing || own != Some(&account.id),
            is_ailing,
            priority: account.priority,
            is_no_try: self.ruling != Ruling::Trying,
            is_troubled: strikes > 0,
            spent: account.room().spent(ask.family(), now_ms).unwrap_or(0) / SAME_ROOM,
            load: account.in_flight().saturating_mul(100) / u32::from(account.weight.max(1)),
            draw: Reverse(ask.draw.suits(&account.id, account.weight).to_bits()),
        };
    }
}

fn ruling(account: &Account, ask: &Ask<'_>, now_ms: i64) -> Ruling {
    match account.out_of_service() {
        Some(OutOfService::Paused) => return Ruling::Paused,
        Some(OutOfService::Parked) => return Ruling::Parked,
        Some(OutOfService::NeedsSignIn) => return Ruling::NeedsSignIn,
        None => {}
    }
    if account.has_stale_token(now_ms) {
        return Ruling::Stale;
    }
    let standing = account.cooldowns().standing(ask.family(), now_ms);
    match standing {
        Standing::Out { until_ms, cause: CooldownCause::Limit } => Ruling::Limited { until_ms },
        Standing::Out { until_ms, .. } => Ruling::Overloaded { until_ms },
        _ if account.slots().is_full() => Ruling::Busy,
        Standing::HalfOpen => Ruling::Trying,
        Standing::Open { strikes: 0 } => Ruling::Able,
        Standing::Open { strikes } => Ruling::Troubled { strikes },
    }
}

/// Where one is known to offer the model, those that are known not to are left out: a refusal of theirs would be no
/// use to anybody. Lists name some models by their dates alone, so a beginning in common is enough.
fn rule_out_by_model(seats: &mut [Seat], catalogue: &Catalogue, ask: &Ask<'_>) {
    if catalogue.is_empty() {
        return;
    }
    let plain =
        |model: &str| model.strip_prefix("models/").unwrap_or(model).trim_end_matches("-latest").to_owned();
    let asked = plain(ask.model);
    let offers = |seat: &Seat| {
        let offers = catalogue.known(&seat.account.id, ask.service).filter(|offers| !offers.is_empty())?;
        let is_it = |id: &str| id.starts_with(&*asked) || asked.starts_with(id);
        Some(offers.iter().any(|offer| is_it(&plain(&offer.id))))
    };
    let known: Vec<_> = seats.iter().map(offers).collect();
    if known.contains(&Some(true)) {
        for (seat, _) in seats.iter_mut().zip(known).filter(|(_, offers)| *offers == Some(false)) {
            seat.ruling = Ruling::NoModel;
        }
    }
}

/// What the first one has before the second.
fn reason(seats: &[Seat]) -> Reason {
    let (first, second) = match seats {
        [first, ..] if first.shelf() != Shelf::Able => return Reason::None,
        [first, second, ..] if second.shelf() == Shelf::Able => (&first.rank, &second.rank),
        [_, ..] => return Reason::Only,
        [] => return Reason::None,
    };
    if first.is_not_own != second.is_not_own {
        Reason::Session
    } else if first.is_ailing != second.is_ailing {
        Reason::Health
    } else if first.priority != second.priority {
        Reason::Priority
    } else if first.is_no_try != second.is_no_try {
        Reason::Try
    } else if first.is_troubled != second.is_troubled {
        Reason::Health
    } else if first.spent != second.spent {
        Reason::Room
    } else if first.load != second.load {
        Reason::Load
    } else {
        Reason::Draw
    }
}
