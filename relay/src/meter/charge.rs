//! What an attempt is charged to its key's limits: what the books say it used, and under strict limits all that was
//! reserved where nobody told what it used.

use super::guard::Facts;
use crate::gate::limit::habit::Lesson;
use crate::gate::limit::{Amount, Past};
use crate::model::outcome::Outcome;
use crate::store::attempt::{Attempt, Charge, Endpoint};

/// What strict limits keep of a call for which nobody told what it used.
pub(super) fn reserved(facts: &Facts) -> Option<Charge> {
    let strict = facts.reserved?.strict?;
    Some(Charge { tokens: strict.tokens, cost: strict.cost })
}

/// What is charged beyond what the record says.
pub(super) fn surplus(facts: &Facts, record: &Attempt, is_known: bool) -> Charge {
    match reserved(facts) {
        Some(reserved) if !is_known => reserved.beyond(record.charged()),
        _ => Charge::default(),
    }
}

/// Tells the key's limits that an attempt ended. Does nothing for what counts towards none.
pub(super) fn settle(facts: &Facts, record: &Attempt) {
    if !record.endpoint.is_metered() {
        return;
    }
    let charge = record.charged();
    let past = Past {
        call: record.call,
        n: record.n,
        at_ms: record.at_ms,
        model: booked_under(record).to_owned(),
        amount: Amount { requests: u64::from(record.last), tokens: charge.tokens, cost: charge.cost },
    };
    let hold = facts.reserved.map(|reserved| reserved.hold);
    facts.key.live.settle(past, hold, lesson(facts, record).as_ref());
}

/// The model under which the sums hold it.
fn booked_under(record: &Attempt) -> &str {
    if record.accepted { record.shown_model() } else { "" }
}

/// Only an answer that came whole says what calls of this key are like.
fn lesson(facts: &Facts, record: &Attempt) -> Option<Lesson> {
    let usage = &record.usage;
    let is_whole = record.outcome == Outcome::Ok && !usage.input_estimated && !usage.output_estimated;
    (is_whole && record.endpoint == Endpoint::Messages).then(|| Lesson {
        service: facts.dialect.service(),
        body_length: facts.body_length as u64,
        prompt: usage.tokens.prompt(),
        output: usage.tokens.output,
    })
}
