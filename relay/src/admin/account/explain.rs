//! Why this account: what would happen to a call now, by the very code that would choose, and what was chosen before.

use uuid::Uuid;

use super::missing;
use crate::admin::{Admin, Error};
use crate::model::account::Service;
use crate::model::explanation::{Candidate, Choice, Explanation, Outlook, Question, Weighed};
use crate::model::id::{AccountId, CallId, KeyId};
use crate::model::key::Binding;
use crate::model::problem::Problem;
use crate::schedule::plan::{Plan, Seat};
use crate::schedule::session::{Session, SessionId};
use crate::schedule::shortage;
use crate::schedule::{Ask, Suits};
use crate::state::Shared;
use crate::store::{attempt, figure};

/// Says which account a call would get now, and why. Changes nothing, and sends nothing.
///
/// # Errors
/// No model is named, or there is no such key.
pub fn explain(shared: &Shared, _admin: &Admin, question: &Question) -> Result<Explanation, Error> {
    if question.model.trim().is_empty() {
        return Err(Error::field("model", Problem::Required));
    }
    let (id, binding) = match &question.key {
        Some(id) => {
            let key = shared.keys.by_id(id).ok_or_else(|| Error::field("key", Problem::NotFound))?;
            (key.id.clone(), key.binding.clone())
        }
        None => (KeyId::new(""), Binding::Any),
    };
    let session = Session::named(&id, None, question.session.as_deref());
    let service = service_of(question.model.trim());
    let ask = Ask {
        service,
        road: &service as &dyn Suits,
        binding: &binding,
        model: question.model.trim(),
        session,
        draw: session.map_or_else(|| SessionId::from(Uuid::now_v7()), |session| session.id),
        first: None,
    };
    Ok(told(shared, &ask))
}

/// How the account of a call was chosen. Nothing if the call is not listed any more, or was refused before that.
///
/// # Errors
/// The id is none, or the store fails.
pub async fn choice(shared: &Shared, _admin: &Admin, call: &CallId) -> Result<Option<Choice>, Error> {
    let call: Uuid = call.as_str().parse().map_err(|_| missing())?;
    shared.books.caught_up().await;
    let Some(decision) = attempt::decision(&shared.store, call).await? else { return Ok(None) };
    let (_, names) = figure::names(&shared.store).await?;
    let name = |id: &AccountId| names.get(id.as_str()).cloned().unwrap_or_default();
    let accounts = decision.considered.into_iter().map(|considered| Weighed {
        name: name(&considered.account),
        id: considered.account,
        ruling: considered.ruling,
    });
    Ok(Some(Choice {
        reason: decision.reason,
        accounts: accounts.collect(),
        more: decision.more,
        waited_ms: decision.waited_ms,
    }))
}

fn told(shared: &Shared, ask: &Ask<'_>) -> Explanation {
    let now_ms = shared.clock.now_ms();
    let plan = Plan::make(&shared.accounts, &shared.catalogue, ask, &[], now_ms);
    let outlook = match (plan.able().next(), plan.busy().next()) {
        (Some(_), _) => Outlook::Goes,
        (None, Some(_)) => Outlook::Waits,
        (None, None) => refused(&plan, ask, now_ms),
    };
    Explanation {
        model: ask.model.to_owned(),
        service: ask.service,
        family: ask.family().to_owned(),
        reason: plan.reason,
        outlook,
        session_account: ask.own(&shared.accounts, now_ms),
        accounts: plan.seats.iter().map(|seat| candidate(seat, ask, now_ms)).collect(),
    }
}

fn refused(plan: &Plan, ask: &Ask<'_>, now_ms: i64) -> Outlook {
    let refusal = shortage::refusal(plan, ask, now_ms);
    Outlook::Refused {
        status: refusal.status().as_u16(),
        message: refusal.to_string(),
        cause: refusal.cause(),
        retry_after_s: refusal.retry_after().map(|wait| wait.as_secs().max(1)),
    }
}

fn candidate(seat: &Seat, ask: &Ask<'_>, now_ms: i64) -> Candidate {
    let account = &seat.account;
    Candidate {
        id: account.id.clone(),
        name: account.name.to_string(),
        kind: account.kind,
        ruling: seat.ruling.clone(),
        words: account.cooldowns().out(ask.family(), now_ms).map(|(_, words)| words),
        priority: account.priority,
        weight: account.weight,
        in_flight: account.in_flight(),
        concurrency: account.concurrency,
        spent: account.room().spent(ask.family(), now_ms),
    }
}

/// Whose model it is, by its name: what is not known to be Google's is asked of Anthropic.
fn service_of(model: &str) -> Service {
    let name = model.strip_prefix("models/").unwrap_or(model);
    let is_google =
        ["gemini", "gemma", "learnlm", "text-embedding", "embedding-", "tunedModels/", "imagen", "veo"]
            .iter()
            .any(|prefix| name.starts_with(prefix));
    if is_google { Service::Gemini } else { Service::Claude }
}
