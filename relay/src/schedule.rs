//! Which account: those able to serve a call, in the order in which they are tried, and the wait where all are busy.
//!
//! First the account that served the conversation before, then by priority, by trouble in the last seconds, by the room
//! in the windows, by calls under way over weight; among equals by rendezvous. Bound keys get their account or group or
//! nothing. [`plan`] decides and changes nothing; [`acquire`] takes.

pub mod account;
pub mod affinity;
pub mod catalogue;
pub mod cooldown;
pub mod family;
pub mod lease;
pub mod plan;
pub mod pool;
pub mod queue;
pub mod renewal;
pub mod room;
pub mod session;
pub mod shortage;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::clock::Clock;
use crate::gate::refusal::Refusal;
use crate::model::account::{AccountKind, Service};
use crate::model::decision::{Decision, Ruling};
use crate::model::id::AccountId;
use crate::model::key::Binding;
use account::Account;
use catalogue::Catalogue;
use lease::AccountLease;
use plan::Plan;
use pool::Pool;
use queue::{Slot, Turn, Waited};
use session::{Session, SessionId};

/// Whoever waits looks at the other accounts so often, at the least and at the most.
const LONGEST_LOOK: Duration = Duration::from_secs(3_600);
const SHORTEST_LOOK: Duration = Duration::from_millis(100);

/// Says which kinds of account can serve a call at all.
pub trait Suits: Sync {
    /// Whether accounts of a kind can.
    fn suits(&self, kind: AccountKind) -> bool;
}

impl Suits for Service {
    fn suits(&self, kind: AccountKind) -> bool {
        kind.serves(*self)
    }
}

/// What a call asks for, as far as choosing goes.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// Whose models.
    pub service: Service,
    /// Which kinds of account can do what is asked.
    pub road: &'a dyn Suits,
    /// Which accounts the key may use.
    pub binding: &'a Binding,
    /// The model.
    pub model: &'a str,
    /// The conversation, where more than one account could serve it.
    pub session: Option<Session>,
    /// Settles what is alike.
    pub draw: SessionId,
    /// To be tried before all others.
    pub first: Option<&'a AccountId>,
}

impl Ask<'_> {
    /// The model's family.
    pub fn family(&self) -> &str {
        family::of(self.service, self.model)
    }

    /// The account that has served the conversation.
    pub(crate) fn own(&self, pool: &Pool, now_ms: i64) -> Option<AccountId> {
        let kept = || self.session.filter(|session| session.is_kept);
        self.first.cloned().or_else(|| pool.affinity.find(kept()?.id, now_ms))
    }
}

/// How far a call has come.
pub struct Trail {
    /// Accounts that have failed it.
    pub tried: Vec<AccountId>,
    /// Nothing more is begun after this.
    pub until: Instant,
    turn: Turn,
    waited: Duration,
}

impl Trail {
    /// At its beginning.
    pub fn new(until: Instant) -> Self {
        Self { tried: Vec::new(), until, turn: Turn::default(), waited: Duration::ZERO }
    }
}

/// An account that a call has got.
pub struct Leased {
    /// The call under way on it.
    pub lease: AccountLease,
    /// Why this one.
    pub decision: Decision,
    /// The account is the conversation's from now on, if it answers: there was a choice, and its own one is not merely
    /// busy.
    pub binds: bool,
}

/// Why a call has got none.
#[derive(Debug)]
pub struct Refused {
    /// For the client.
    pub refusal: Refusal,
    /// What ruled out each.
    pub decision: Decision,
}

/// Gets the best account that can take a call now; waits for a place where all that could are merely busy.
///
/// # Errors
/// None can serve, or none had a place in time.
pub async fn acquire(
    pool: &Pool,
    catalogue: &Catalogue,
    clock: &Clock,
    ask: &Ask<'_>,
    trail: &mut Trail,
) -> Result<Leased, Box<Refused>> {
    let end = trail.until.min(Instant::now() + pool.longest_wait);
    loop {
        let now_ms = clock.now_ms();
        let plan = Plan::make(pool, catalogue, ask, &trail.tried, now_ms);
        // Nobody steps in front of those who wait.
        if pool.waiting() == 0
            && let Some(lease) = plan.able().find_map(|account| account.lease(ask.family(), now_ms))
        {
            return Ok(leased(&plan, lease, ask, pool, trail, now_ms));
        }
        let wanted: Vec<_> =
            plan.able().chain(plan.busy()).map(|account| Arc::clone(account.slots())).collect();
        if wanted.is_empty() {
            return Err(Box::new(shortage::refused(&plan, ask, trail, now_ms)));
        }
        let begun = Instant::now();
        let look_again = begun + until_next_end(&plan, now_ms);
        let waited = pool.queue.wait(&mut trail.turn, wanted, end.min(look_again)).await;
        trail.waited += begun.elapsed();
        match waited {
            Waited::LookAgain => {}
            Waited::TooLong if look_again < end => {}
            Waited::Slot(slot) => {
                let now_ms = clock.now_ms();
                if let Some(lease) = take(&plan, slot, ask.family(), now_ms) {
                    return Ok(leased(&plan, lease, ask, pool, trail, now_ms));
                }
            }
            Waited::TooLong | Waited::Full => {
                let refused = shortage::refused(&plan, ask, trail, clock.now_ms());
                return Err(Box::new(refused));
            }
        }
    }
}

/// The lease on the account whose place was waited for, unless that cannot serve any more.
fn take(plan: &Plan, slot: Slot, family: &str, now_ms: i64) -> Option<AccountLease> {
    let is_its = |account: &&Arc<Account>| slot.is_of(account.slots());
    let account = plan.able().chain(plan.busy()).find(is_its)?.clone();
    let is_in = account.out_of_service().is_none();
    is_in.then(|| account.lease_with(slot, family, now_ms)).flatten()
}

/// The time until an account that is limited may serve again: whoever waits for another one looks again then.
fn until_next_end(plan: &Plan, now_ms: i64) -> Duration {
    let left = plan.next_end_ms().and_then(|end_ms| u64::try_from(end_ms - now_ms).ok());
    left.map_or(LONGEST_LOOK, Duration::from_millis).clamp(SHORTEST_LOOK, LONGEST_LOOK)
}

fn leased(
    plan: &Plan,
    lease: AccountLease,
    ask: &Ask<'_>,
    pool: &Pool,
    trail: &Trail,
    now_ms: i64,
) -> Leased {
    let decision = plan.decision(Some(&lease.account().id), millis(trail.waited));
    let own = ask.own(pool, now_ms);
    let is_busy = |seat: &plan::Seat| Some(&seat.account.id) == own.as_ref() && seat.ruling == Ruling::Busy;
    let binds = ask.session.is_some() && plan.seats.len() > 1 && !plan.seats.iter().any(is_busy);
    Leased { lease, decision, binds }
}

fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
