//! Attempts: one account after another until one answers, all before the first byte reaches the client.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::call::Call;
use super::held::Held;
use super::judge::{Judged, judge, judge_event};
use super::send::send;
use crate::gate::refusal::Refusal;
use crate::journal::JournalError;
use crate::meter::guard::Meter;
use crate::meter::watch::Form;
use crate::model::account::Service;
use crate::model::outcome::Outcome;
use crate::provider::anthropic::verdict::{Mark, Verdict};
use crate::provider::google::verdict::Scope;
use crate::provider::reply::{Reply, SendError};
use crate::schedule::pool::{Account, AccountLease};
use crate::state::Shared;
use crate::store::account::Parked;
use crate::token;

/// How long an account that failed without a word on until when is tried last.
const TROUBLED_MS: i64 = 10_000;
/// Time for an error's body.
const ERROR_BODY: Duration = Duration::from_secs(10);

/// A reply on its way to the client.
pub(super) struct Answer {
    pub(super) held: Held,
    pub(super) meter: Meter,
    pub(super) lease: AccountLease,
}

/// An attempt under way.
struct On {
    meter: Meter,
    lease: AccountLease,
}

/// An attempt after which another account may do better.
struct Failed {
    meter: Meter,
    lease: AccountLease,
    error: Useful,
    /// The provider did not take this version of the account's tokens: with newer ones it may do.
    stale: Option<i64>,
}

/// What the client would get for a failure, the most useful first.
struct Useful {
    rank: Rank,
    /// Upstream's, 0 if it gave none.
    status: u16,
    /// A reply that the client may see as it came; else the relay's own words.
    held: Option<Held>,
    refusal: Refusal,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Limited until then: the earliest reset is the best to know.
    Limited(i64),
    Overloaded,
    Failed,
    Unreachable,
    /// Trouble of the account's own credential: never shown as the client's.
    Hidden,
}

enum Tried {
    Answer(Box<Answer>),
    Failed(Box<Failed>),
}

/// Tries the candidates in their order until one answers.
pub(super) async fn first_answer(
    relay: &Shared,
    call: &Call,
    candidates: Vec<Arc<Account>>,
) -> Result<Answer, Refusal> {
    let mut best: Option<Useful> = None;
    let mut latest: Option<(Meter, AccountLease)> = None;
    let mut candidates = candidates.into_iter();
    let mut again = None;
    for n in 1..=relay.config.relay.tries {
        let may_renew = again.is_none();
        let Some(account) = again.take().or_else(|| candidates.next()) else { break };
        if let Some((meter, _)) = &mut latest {
            meter.is_followed();
        }
        drop(latest.take());
        match attempt(relay, call, n, Arc::clone(&account), may_renew).await? {
            Tried::Answer(answer) => return Ok(*answer),
            Tried::Failed(failed) => {
                if let Some(version) = failed.stale {
                    again = token::renew(relay, &account, version).await.is_ok().then_some(account);
                }
                latest = Some((failed.meter, failed.lease));
                best = Some(match best {
                    Some(best) if best.rank <= failed.error.rank => best,
                    _ => failed.error,
                });
            }
        }
    }
    conclude(best, latest)
}

/// Nothing is left: the client gets the most useful error, not the last one.
fn conclude(best: Option<Useful>, latest: Option<(Meter, AccountLease)>) -> Result<Answer, Refusal> {
    let nothing = || Refusal::NoAccount { retry_after: None, cause: "no account was tried".to_owned() };
    let (Some(best), Some((mut meter, lease))) = (best, latest) else { return Err(nothing()) };
    meter.close_failed();
    match best.held {
        Some(held) => Ok(Answer { held, meter, lease }),
        None => Err(best.refusal),
    }
}

async fn attempt(
    relay: &Shared,
    call: &Call,
    n: u8,
    account: Arc<Account>,
    may_renew: bool,
) -> Result<Tried, Refusal> {
    let lease = AccountLease::new(account, relay.clock.now_ms());
    let no_journal = |error: JournalError| Refusal::NoJournal { cause: error.to_string() };
    let mut meter = Meter::open(&relay.ledger, &call.facts, n, lease.account()).map_err(no_journal)?;
    if let Err(error) = meter.opened().await {
        let refusal = no_journal(error);
        meter.fail(refusal.status().as_u16(), Outcome::Rejected, refusal.cause());
        return Err(refusal);
    }
    let mut on = On { meter, lease };
    let account = on.lease.account();
    if let Err(stale) = token::ready(relay, account).await {
        let cause = stale.to_string();
        let useful = Useful::hidden(0, Mark::None, &cause);
        return Ok(failed(relay, on, (Mark::None, Scope::Account), cause, useful));
    }
    let version = account.credential().tokens().filter(|_| may_renew).map(|tokens| tokens.version);
    on.meter.sent();
    let reply = send(relay, call, account).await;
    on.meter.answered();
    Ok(match reply {
        Err(error) => unreachable(relay, on, &error),
        Ok(reply) if reply.status.is_success() => begin(relay, on, reply).await,
        Ok(reply) if reply.status == StatusCode::UNAUTHORIZED && version.is_some() => {
            stale(relay, on, reply, version).await
        }
        Ok(reply) => refused(relay, on, reply).await,
    })
}

/// Upstream accepted. A stream's start is held back for a moment, so that an error in it can still be switched.
async fn begin(relay: &Shared, on: On, reply: Reply) -> Tried {
    let On { mut meter, lease } = on;
    meter.accept(reply.status.as_u16(), &reply.headers);
    let mut held = Held::new(reply);
    if matches!(meter.form(), (Form::Stream | Form::Array, false)) {
        held.peek(&mut meter, relay.config.relay.peek).await;
    }
    let judge = |error| judge_event(meter.service(), error, &held.readable(), relay.clock.now_ms());
    let judged = held.error().map(judge);
    let Some(Judged { verdict: Verdict::Next { mark, shows }, scope, cause, is_overload }) = judged else {
        return Tried::Answer(Box::new(Answer { held, meter, lease }));
    };
    let rank = match mark {
        Mark::Cool(until_ms) => Rank::Limited(until_ms),
        _ if is_overload => Rank::Overloaded,
        _ => Rank::Failed,
    };
    let useful = match shows {
        true => Useful::reply(rank, held, cause.clone()),
        false => Useful::hidden(held.reply.status.as_u16(), mark, &cause),
    };
    failed(relay, On { meter, lease }, (mark, scope), cause, useful)
}

/// Upstream answered with an error: the client's own is delivered at once, others are for the next account to cure.
async fn refused(relay: &Shared, on: On, reply: Reply) -> Tried {
    let mut held = Held::new(reply);
    held.read(ERROR_BODY).await;
    let status = held.reply.status;
    let now_ms = relay.clock.now_ms();
    let service = on.meter.service();
    let Judged { verdict, scope, cause, is_overload } =
        judge(service, status, &held.reply.headers, &held.readable(), now_ms);
    let Verdict::Next { mark, shows } = verdict else {
        let On { mut meter, lease } = on;
        meter.fail(status.as_u16(), Outcome::Rejected, cause);
        meter.close_failed();
        return Tried::Answer(Box::new(Answer { held, meter, lease }));
    };
    let rank = match (mark, status.as_u16()) {
        (Mark::Cool(until_ms), _) => Rank::Limited(until_ms),
        _ if is_overload => Rank::Overloaded,
        (_, 429) => Rank::Limited(i64::MAX),
        _ => Rank::Failed,
    };
    if let (Mark::Cool(until_ms), Service::Gemini) = (mark, service) {
        held.suggest_wait(until_ms - now_ms);
    }
    let useful = if shows {
        Useful::reply(rank, held, cause.clone())
    } else {
        Useful::hidden(status.as_u16(), mark, &cause)
    };
    failed(relay, on, (mark, scope), cause, useful)
}

/// Upstream did not take the account's token, which newer ones may cure: the account is not blamed yet.
async fn stale(relay: &Shared, on: On, reply: Reply, version: Option<i64>) -> Tried {
    let mut held = Held::new(reply);
    held.read(ERROR_BODY).await;
    let (reply, now_ms) = (&held.reply, relay.clock.now_ms());
    let Judged { cause, .. } =
        judge(on.meter.service(), reply.status, &reply.headers, &held.readable(), now_ms);
    let useful = Useful::hidden(reply.status.as_u16(), Mark::None, &cause);
    match failed(relay, on, (Mark::None, Scope::Account), cause, useful) {
        Tried::Failed(failed) => Tried::Failed(Box::new(Failed { stale: version, ..*failed })),
        answer @ Tried::Answer(_) => answer,
    }
}

fn unreachable(relay: &Shared, on: On, error: &SendError) -> Tried {
    let cause = error.to_string();
    let refusal = match error {
        SendError::Silent(_) => Refusal::Silent { cause: cause.clone() },
        _ => Refusal::Unreachable { cause: cause.clone() },
    };
    let useful = Useful { rank: Rank::Unreachable, status: 0, held: None, refusal };
    failed(relay, on, (Mark::Troubled, Scope::Account), cause, useful)
}

impl Useful {
    fn reply(rank: Rank, held: Held, cause: String) -> Self {
        let status = held.reply.status.as_u16();
        Self { rank, status, held: Some(held), refusal: Refusal::Unreachable { cause } }
    }

    fn hidden(status: u16, mark: Mark, cause: &str) -> Self {
        let cause = format!("the account is out: {cause}");
        // What a person must cure is not better in a moment.
        let retry_after = (mark != Mark::Park).then_some(Duration::from_millis(TROUBLED_MS.unsigned_abs()));
        Self { rank: Rank::Hidden, status, held: None, refusal: Refusal::NoAccount { retry_after, cause } }
    }
}

/// Ends an attempt that failed: the account is marked, the meter told, the most useful error kept.
fn failed(relay: &Shared, on: On, mark: (Mark, Scope), cause: String, error: Useful) -> Tried {
    let On { mut meter, lease } = on;
    note(relay, lease.account(), mark, &cause, error.status);
    meter.fail(error.status, Outcome::UpstreamError, cause);
    Tried::Failed(Box::new(Failed { meter, lease, error, stale: None }))
}

/// What a failure means for the account from now on.
fn note(relay: &Shared, account: &Arc<Account>, (mark, scope): (Mark, Scope), cause: &str, status: u16) {
    if account.is_sandbox() {
        // Its errors were asked for by the prompt: they say nothing of an account.
        return;
    }
    let now_ms = relay.clock.now_ms();
    match mark {
        Mark::None => {}
        Mark::Troubled => account.trouble(now_ms + TROUBLED_MS),
        // Another model's calls may be welcome.
        Mark::Cool(until_ms) if scope == Scope::Model => account.trouble(until_ms),
        Mark::Cool(until_ms) => {
            account.cool(until_ms, cause.to_owned());
            tracing::warn!(account = %account.name, until_ms, cause, "account cools down");
        }
        Mark::Park => {
            let needs_sign_in = account.kind.is_oauth() && status == StatusCode::UNAUTHORIZED.as_u16();
            let parked = Parked { since_ms: now_ms, cause: cause.to_owned(), needs_sign_in };
            account.set_parked(Some(parked.clone()));
            relay.chores.park(account.id.clone(), parked);
            tracing::error!(account = %account.name, cause, "account is parked until a person acts");
        }
    }
    if matches!(mark, Mark::Cool(_) | Mark::Park) {
        relay.live.tell(crate::model::live::LiveEvent::Accounts);
    }
}
