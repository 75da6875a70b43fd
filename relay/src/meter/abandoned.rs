//! The record of an attempt whose process died: what its opening says, and an estimate that is marked as one.

use super::cost::price;
use crate::journal::Opened;
use crate::model::outcome::Outcome;
use crate::model::usage::{Tokens, Usage};
use crate::price::Table;
use crate::store::attempt::{Attempt, Charge};

/// Settles an attempt that was opened and never settled. Its prompt is taken as sent; what came back is not known.
pub fn abandoned(prices: &Table, opened: Opened) -> Attempt {
    let is_metered = opened.endpoint.is_metered();
    let tokens = Tokens { input: opened.prompt_guess, ..Tokens::default() };
    let usage =
        Usage { tokens, input_estimated: is_metered, output_estimated: is_metered, ..Usage::default() };
    let mut record = Attempt {
        call: opened.call,
        n: opened.n,
        last: true,
        accepted: true,
        at_ms: opened.at_ms,
        key: opened.key,
        account: Some(opened.account),
        endpoint: opened.endpoint,
        asked: opened.asked,
        model: None,
        stream: opened.stream,
        sandbox: opened.sandbox,
        status: 0,
        outcome: Outcome::Abandoned,
        cause: Some("the relay's process ended while the attempt was open".to_owned()),
        usage,
        cost: None,
        price: None,
        surplus: Charge::default(),
        first_byte_ms: None,
        total_ms: 0,
        decision: None,
    };
    price(prices, &mut record);
    record.surplus = opened.reserved.unwrap_or_default().beyond(record.charged());
    record
}
