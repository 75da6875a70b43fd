//! Attempts: one account after another until one answers, all before the first byte reaches the client.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use rand::RngExt;
use tokio::time::{Instant, sleep};

use super::call::Call;
use super::held::Held;
use super::judge::{Judged, judge, judge_event};
use super::note::{self, Fall};
use super::send::send;
use super::useful::{Rank, Useful};
use crate::gate::refusal::Refusal;
use crate::journal::JournalError;
use crate::meter::guard::Meter;
use crate::meter::watch::Form;
use crate::model::account::Service;
use crate::model::id::AccountId;
use crate::model::outcome::Outcome;
use crate::provider::anthropic::verdict::{Mark, Verdict};
use crate::provider::reply::{Reply, SendError};
use crate::schedule::account::Account;
use crate::schedule::lease::AccountLease;
use crate::schedule::{Leased, Trail, acquire};
use crate::state::Shared;
use crate::token;

/// Time for an error's body.
const ERROR_BODY: Duration = Duration::from_secs(10);

/// A reply on its way to the client.
pub(super) struct Answer {
    pub(super) held: Held,
    pub(super) meter: Meter,
    /// The account that answered; none for an error that was kept while others were tried.
    pub(super) lease: Option<AccountLease>,
}

/// An attempt under way.
struct On<'a> {
    relay: &'a Shared,
    call: &'a Call,
    meter: Meter,
    lease: AccountLease,
    /// The conversation is the account's, if it answers.
    binds: bool,
}

/// An attempt after which another account may do better.
struct Failed {
    meter: Meter,
    error: Useful,
    /// The provider did not take this version of the account's tokens: with newer ones it may do.
    stale: Option<i64>,
    /// The same account may do better in a moment: nothing was said of when, and nothing was answered.
    is_passing: bool,
}

enum Tried {
    Answer(Box<Answer>),
    Failed(Box<Failed>),
}

impl Tried {
    fn failed(failed: Failed) -> Self {
        Self::Failed(Box::new(failed))
    }
}

/// What the attempts so far have come to.
struct Course {
    trail: Trail,
    best: Option<Useful>,
    latest: Option<Meter>,
    /// The account whose tokens were renewed for this call: it is tried again, once.
    renewed: Option<AccountId>,
    /// All failures were passing ones, and no second round was made.
    may_go_round: bool,
}

/// Tries accounts, the best first, until one answers. If none can serve at all, that is in the books.
pub(super) async fn first_answer(relay: &Shared, call: &Call) -> Result<Answer, Refusal> {
    let mut course = Course {
        trail: Trail::new(call.deadline),
        best: None,
        latest: None,
        renewed: None,
        may_go_round: !relay.config.relay.backoff.is_zero(),
    };
    let mut n = 1;
    while n <= relay.config.relay.tries && (n == 1 || Instant::now() < call.deadline) {
        if course.latest.as_ref().is_some_and(|meter| !meter.may_go_on()) {
            break;
        }
        let Some(leased) = course.next(relay, call).await? else { break };
        if let Some(mut meter) = course.latest.take() {
            meter.is_followed();
        }
        let account = Arc::clone(leased.lease.account());
        let may_renew = course.renewed.as_ref() != Some(&account.id);
        match attempt(relay, call, n, leased, may_renew).await? {
            Tried::Answer(answer) => return Ok(*answer),
            Tried::Failed(failed) => course.fell(relay, &account, *failed).await,
        }
        n += 1;
    }
    course.conclude()
}

impl Course {
    /// The best account that is left, waited for if need be. Nothing if there is none, and some have been tried.
    async fn next(&mut self, relay: &Shared, call: &Call) -> Result<Option<Leased>, Refusal> {
        loop {
            let ask = call.ask_first(self.renewed.as_ref());
            let gone = self.best.is_none().then(|| Gone { relay, call });
            let leased =
                acquire(&relay.accounts, &relay.catalogue, &relay.clock, &ask, &mut self.trail).await;
            if let Some(gone) = gone {
                std::mem::forget(gone);
            }
            match leased {
                Ok(leased) => return Ok(Some(leased)),
                Err(refused) if self.best.is_none() => {
                    call.record(relay, &refused.refusal, refused.decision);
                    return Err(refused.refusal);
                }
                Err(_) if self.goes_round(relay).await => {}
                Err(refused) => {
                    let error = Useful::refused(refused.refusal);
                    self.best = Some(Useful::or(self.best.take(), error));
                    return Ok(None);
                }
            }
        }
    }

    async fn fell(&mut self, relay: &Shared, account: &Arc<Account>, failed: Failed) {
        match failed.stale {
            Some(version) if token::renew(relay, account, version).await.is_ok() => {
                self.renewed = Some(account.id.clone());
            }
            _ => self.trail.tried.push(account.id.clone()),
        }
        self.may_go_round &= failed.is_passing;
        self.latest = Some(failed.meter);
        self.best = Some(Useful::or(self.best.take(), failed.error));
    }

    /// Where all that were tried are overloaded or out of reach, they are tried once more, after a pause. False if it
    /// would be of no use, or too late.
    async fn goes_round(&mut self, relay: &Shared) -> bool {
        let pause = relay.config.relay.backoff.mul_f64(rand::rng().random_range(0.5..1.5));
        if !self.may_go_round || Instant::now() + pause >= self.trail.until {
            return false;
        }
        self.may_go_round = false;
        self.trail.tried.clear();
        sleep(pause).await;
        true
    }

    /// Nothing is left: the client gets the most useful error, not the last one.
    fn conclude(self) -> Result<Answer, Refusal> {
        let nothing = || Refusal::Silent { cause: "there was no time for an attempt".to_owned() };
        let (Some(best), Some(mut meter)) = (self.best, self.latest) else { return Err(nothing()) };
        meter.close_failed();
        match best.held {
            Some(held) => Ok(Answer { held, meter, lease: None }),
            None => Err(best.refusal),
        }
    }
}

/// Keeps in the books that a client left while its call waited for a place.
struct Gone<'a> {
    relay: &'a Shared,
    call: &'a Call,
}

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        self.call.record_gone(self.relay);
    }
}

async fn attempt(
    relay: &Shared,
    call: &Call,
    n: u8,
    leased: Leased,
    may_renew: bool,
) -> Result<Tried, Refusal> {
    let Leased { lease, decision, binds } = leased;
    let no_journal = |error: JournalError| Refusal::NoJournal { cause: error.to_string() };
    let mut meter = Meter::open(&relay.ledger, &call.facts, n, lease.account()).map_err(no_journal)?;
    meter.decided(decision);
    if let Err(error) = meter.opened().await {
        let refusal = no_journal(error);
        meter.fail(refusal.status().as_u16(), Outcome::Rejected, refusal.cause());
        return Err(refusal);
    }
    let mut on = On { relay, call, meter, lease, binds };
    let account = on.lease.account();
    if let Err(stale) = token::ready(relay, account).await {
        let cause = stale.to_string();
        let useful = Useful::hidden(0, Mark::None, &cause);
        return Ok(Tried::failed(on.failed(&Fall::silence(Mark::None, &cause), useful)));
    }
    let version = account.credential().tokens().filter(|_| may_renew).map(|tokens| tokens.version);
    let patience = relay.config.relay.idle.min(call.deadline.duration_since(Instant::now()));
    on.meter.sent();
    let reply = send(relay, call, account, patience).await;
    on.meter.answered();
    let reply = match reply {
        Err(error) => return Ok(on.unreachable(&error)),
        Ok(reply) => reply,
    };
    note::windows(relay, call, on.lease.account(), &reply.headers);
    Ok(match reply.status {
        status if status.is_success() => on.begin(reply).await,
        StatusCode::UNAUTHORIZED if version.is_some() => on.stale(reply, version).await,
        _ => on.refused(reply).await,
    })
}

impl On<'_> {
    /// Upstream accepted. A stream's start is held back for a moment, so that an error in it can still be switched.
    async fn begin(mut self, reply: Reply) -> Tried {
        self.meter.accept(reply.status.as_u16(), &reply.headers);
        let mut held = Held::new(reply);
        if matches!(self.meter.form(), (Form::Stream | Form::Array, false)) {
            held.peek(&mut self.meter, self.relay.config.relay.peek).await;
        }
        let (service, now_ms) = (self.meter.service(), self.relay.clock.now_ms());
        let judged = held.error().map(|error| judge_event(service, error, &held.readable(), now_ms));
        let Some(judged) = judged.filter(|judged| judged.verdict != Verdict::Deliver) else {
            note::answered(self.relay, self.call, &self.lease, self.binds);
            return self.answer(held);
        };
        let rank = match judged.verdict {
            Verdict::Next { mark: Mark::Cool(until_ms), .. } => self.limited(until_ms),
            _ if judged.is_overload => Rank::Overloaded,
            _ => Rank::Failed,
        };
        self.fell(held, rank, &judged)
    }

    /// Upstream answered with an error: the client's own is delivered at once, others are for the next account to cure.
    async fn refused(mut self, reply: Reply) -> Tried {
        let (mut held, judged) = self.judged(reply).await;
        let status = held.reply.status.as_u16();
        let Verdict::Next { mark, .. } = judged.verdict else {
            self.meter.fail(status, Outcome::Rejected, judged.cause);
            self.meter.close_failed();
            return self.answer(held);
        };
        let rank = match (mark, status) {
            (Mark::Cool(until_ms), 429) => self.limited(until_ms),
            _ if judged.is_overload => Rank::Overloaded,
            (_, 429) => Rank::Limited(i64::MAX),
            _ => Rank::Failed,
        };
        if let (Mark::Cool(until_ms), Service::Gemini) = (mark, self.meter.service()) {
            held.suggest_wait(until_ms - self.relay.clock.now_ms());
        }
        self.fell(held, rank, &judged)
    }

    /// Upstream did not take the account's token, which newer ones may cure: the account is not blamed yet.
    async fn stale(self, reply: Reply, version: Option<i64>) -> Tried {
        let (held, Judged { cause, .. }) = self.judged(reply).await;
        let useful = Useful::hidden(held.reply.status.as_u16(), Mark::None, &cause);
        let failed = self.failed(&Fall::silence(Mark::None, &cause), useful);
        Tried::failed(Failed { stale: version, ..failed })
    }

    fn unreachable(mut self, error: &SendError) -> Tried {
        let cause = error.to_string();
        if matches!(error, SendError::Connect(_)) {
            self.meter.never_reached();
        }
        let (refusal, is_passing) = match error {
            SendError::Silent(_) => (Refusal::Silent { cause: cause.clone() }, false),
            _ => (Refusal::Unreachable { cause: cause.clone() }, true),
        };
        let useful = Useful { rank: Rank::Unreachable, status: 0, held: None, refusal };
        let failed = self.failed(&Fall::silence(Mark::Troubled, &cause), useful);
        Tried::failed(Failed { is_passing, ..failed })
    }

    async fn judged(&self, reply: Reply) -> (Held, Judged) {
        let mut held = Held::new(reply);
        held.read(ERROR_BODY).await;
        let (reply, now_ms) = (&held.reply, self.relay.clock.now_ms());
        let service = self.meter.service();
        let judged = judge(service, reply.status, &reply.headers, &held.readable(), now_ms);
        (held, judged)
    }

    fn limited(&self, until_ms: i64) -> Rank {
        Rank::Limited((until_ms - self.relay.clock.now_ms()).max(0))
    }

    fn answer(self, held: Held) -> Tried {
        Tried::Answer(Box::new(Answer { held, meter: self.meter, lease: Some(self.lease) }))
    }

    /// A reply after which another account may do better.
    fn fell(self, held: Held, rank: Rank, judged: &Judged) -> Tried {
        let status = held.reply.status.as_u16();
        let fall = Fall::of(judged, status);
        let is_passing =
            fall.mark == Mark::Troubled && judged.is_overload && !self.lease.account().is_sandbox();
        let useful = match judged.verdict {
            Verdict::Next { shows: false, mark } => Useful::hidden(status, mark, &judged.cause),
            _ => Useful::reply(rank, held, judged.cause.clone()),
        };
        Tried::failed(Failed { is_passing, ..self.failed(&fall, useful) })
    }

    /// Ends an attempt that failed: the account is marked, the meter told, the most useful error kept.
    fn failed(mut self, fall: &Fall<'_>, error: Useful) -> Failed {
        note::failed(self.relay, self.call, &self.lease, fall);
        self.meter.fail(error.status, Outcome::UpstreamError, fall.cause.to_owned());
        Failed { meter: self.meter, error, stale: None, is_passing: false }
    }
}
