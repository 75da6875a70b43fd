//! States of accounts and outcomes of calls, as shape, word and detail. Every page says them the same way.

use relay::model::account::{AccountKind, AccountState};
use relay::model::outcome::Outcome;
use relay::model::request::RequestRow;

use super::badge::Tone;
use crate::moment;
use crate::text::Text;

/// Shape and word of an account's state.
pub(crate) fn account_state(state: &AccountState, text: &'static Text) -> (Tone, &'static str) {
    match state {
        AccountState::Able => (Tone::Ok, text.state.able),
        AccountState::Cooling { .. } => (Tone::Notice, text.state.cooling),
        AccountState::Parked { .. } => (Tone::Bad, text.state.parked),
        AccountState::NeedsSignIn { .. } => (Tone::Bad, text.state.needs_sign_in),
        AccountState::Paused { .. } => (Tone::Paused, text.state.paused),
    }
}

/// Since or until when; empty for an account that is able.
pub(crate) fn account_detail(state: &AccountState, now_ms: i64, zone: &str, text: &Text) -> String {
    let brief = |at_ms: i64| moment::brief(at_ms, now_ms, zone, text);
    match state {
        AccountState::Able => String::new(),
        AccountState::Cooling { until_ms, .. } => (text.state.until)(&brief(*until_ms)),
        AccountState::Parked { since_ms, .. }
        | AccountState::NeedsSignIn { since_ms, .. }
        | AccountState::Paused { since_ms } => (text.state.since)(&brief(*since_ms)),
    }
}

/// Shape and word of a call's outcome; a delivered one that took several attempts says so.
pub(crate) fn outcome(request: &RequestRow, text: &'static Text) -> (Tone, String) {
    outcome_of(request.outcome, request.attempts, text)
}

/// The same of an outcome after so many attempts.
pub(crate) fn outcome_of(outcome: Outcome, attempts: u8, text: &'static Text) -> (Tone, String) {
    let tone = match outcome {
        Outcome::Ok if attempts > 1 => {
            return (Tone::Notice, (text.state.switches)(attempts - 1));
        }
        Outcome::Ok => Tone::Ok,
        Outcome::ClientGone | Outcome::Rejected => Tone::Off,
        Outcome::UpstreamCut | Outcome::Abandoned => Tone::Warn,
        Outcome::UpstreamError => Tone::Bad,
    };
    (tone, (text.state.outcome)(outcome).to_owned())
}

/// The shape of one attempt, which may not have been the call's last.
pub(crate) fn attempt_tone(outcome: Outcome, last: bool) -> Tone {
    match outcome {
        Outcome::Ok => Tone::Ok,
        Outcome::ClientGone | Outcome::Rejected => Tone::Off,
        Outcome::UpstreamCut | Outcome::Abandoned => Tone::Warn,
        Outcome::UpstreamError if last => Tone::Bad,
        Outcome::UpstreamError => Tone::Notice,
    }
}

/// What a kind is called.
pub(crate) fn kind_name(kind: AccountKind, text: &crate::text::Text) -> &'static str {
    match kind {
        AccountKind::ClaudeOauth => text.state.claude_oauth,
        AccountKind::ClaudeApiKey => text.state.claude_api_key,
        AccountKind::GeminiOauth => text.state.gemini_oauth,
        AccountKind::GeminiApiKey => text.state.gemini_api_key,
        AccountKind::Sandbox => text.state.sandbox,
    }
}
