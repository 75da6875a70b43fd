//! Admission of a call that was read: what its key's limits are told of it.

use std::sync::Arc;

use super::road::Road;
use crate::gate::admission::{self, Admission, Rules};
use crate::gate::limit::estimate::Known;
use crate::gate::limit::worst::Body;
use crate::gate::refusal::Refusal;
use crate::meter::guard::Facts;
use crate::state::Shared;
use crate::store::attempt::Endpoint;
use crate::wire::google::bound;

/// Lets a call pass, or says which limit is in its way. A call of a key with limits counts from now on, not from its
/// first byte: its upload and its wait for a place may have taken long.
pub(super) async fn admit(
    relay: &Shared,
    road: &Road,
    facts: &mut Facts,
    body: &[u8],
) -> Result<Admission, Refusal> {
    let key = Arc::clone(&facts.key);
    note_first_use(relay, facts);
    if !facts.endpoint.is_metered() {
        let admission = admission::admit_free(&key, &facts.model)?;
        facts.stream_end = Some(Arc::clone(&admission.stream));
        return Ok(admission);
    }
    let prices = relay.ledger.prices.load();
    let rules = Rules { prices: &prices, budget: relay.config.limits.budget };
    let known = Known {
        service: road.service(),
        model: &facts.model,
        body_length: facts.body_length as u64,
        max_output: match road {
            _ if key.limits.counts_nothing() => None,
            Road::Claude { .. } => facts.max_output,
            Road::Gemini { .. } => bound::max_output(body, false),
            Road::CodeAssist(_) => bound::max_output(body, true),
        },
        without_output: facts.endpoint == Endpoint::Embeddings,
        is_free: is_sandboxed(relay, facts),
        at_ms: relay.clock.now_ms(),
    };
    let body = match road {
        Road::Claude { .. } => Body::Anthropic(body),
        Road::Gemini { .. } => Body::Gemini(body),
        Road::CodeAssist(_) => Body::CodeAssist(body),
    };
    let (admission, reserved) = admission::admit(rules, &key, &known, body).await?;
    facts.stream_end = Some(Arc::clone(&admission.stream));
    if let Some(reserved) = reserved {
        facts.at_ms = reserved.at_ms;
        facts.reserved = Some(reserved);
    }
    Ok(admission)
}

fn is_sandboxed(relay: &Shared, facts: &Facts) -> bool {
    let account = facts.key.binding.account().and_then(|id| relay.accounts.find(id));
    account.is_some_and(|account| account.is_sandbox())
}

fn note_first_use(relay: &Shared, facts: &Facts) {
    let live = &facts.key.live;
    if live.is_first_use(facts.at_ms) && !relay.chores.first_use(facts.key.id.clone(), facts.at_ms) {
        live.forget_first_use();
    }
}
