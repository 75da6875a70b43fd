//! The attempts as tracks: a switch leads from one to the next, the thick part is the answer.

use leptos::prelude::*;
use relay::model::outcome::Outcome;
use relay::model::request::{RequestDetail, Tried};

use crate::address::account::one;
use crate::moment;
use crate::part::badge::Badge;
use crate::part::chart::scale::ticks;
use crate::part::sheet::Sheet;
use crate::part::state::attempt_tone;
use crate::preference::use_text;
use crate::text::Text;

/// The panel; nothing where no attempt was made.
#[component]
pub(super) fn Waterfall(call: StoredValue<RequestDetail>) -> impl IntoView {
    let text = use_text();
    let tries =
        call.with_value(|call| call.attempts.iter().filter(|tried| tried.n > 0).cloned().collect::<Vec<_>>());
    let Some(end_ms) = tries.iter().map(|tried| tried.total_ms).max() else { return ().into_any() };
    let marks = ticks(f64::from(end_ms.max(1)), true);
    let top = marks.last().copied().unwrap_or(1.0).max(1.0);
    let count = tries.len();
    let note = (text.request.attempts_sum)(count);
    let mesh: Vec<f64> = marks.iter().map(|mark| 1000.0 * mark / top).collect();
    let row = |(place, tried): (usize, Tried)| {
        let is_last = place + 1 == count;
        view! { <Track tried top mesh=mesh.clone() is_last call/> }
    };
    let rows = tries.into_iter().enumerate().map(row).collect_view();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds of one call")]
    let mark = |mark: &f64| view! { <span>{moment::span(mark.round() as u64, text)}</span> };
    view! {
        <Sheet id="waterfall" title=text.request.waterfall note=Signal::stored(note)>
            <div class="waterfall">
                {rows}
                <div class="x" aria-hidden="true">{marks.iter().map(mark).collect_view()}</div>
            </div>
        </Sheet>
    }
    .into_any()
}

#[component]
fn Track(
    tried: Tried,
    /// The end of the axis, milliseconds.
    top: f64,
    mesh: Vec<f64>,
    is_last: bool,
    call: StoredValue<RequestDetail>,
) -> impl IntoView {
    let text = use_text();
    let id = tried.account.clone();
    let name = id.as_ref().and_then(|id| call.with_value(|call| call.names.get(id).cloned()));
    let account = match (id, name) {
        (Some(id), Some(name)) => view! { <a class="plain" href=one(&id)>{name}</a> }.into_any(),
        _ => text.request.gone_account.into_any(),
    };
    let reason = tried.decision.as_ref().map(|decision| (text.request.reason)(decision.reason));
    let status = if tried.status == 0 { "–".to_owned() } else { tried.status.to_string() };
    let tone = attempt_tone(tried.outcome, tried.last);
    let said = said(&tried, text);
    let then = (text.detail.then)(tried.outcome, tried.last);
    view! {
        <div class="who"><b>{account}</b><span class="quiet">{reason}</span></div>
        <div class="yard">
            <svg viewBox="0 0 1000 56" preserveAspectRatio="none" aria-hidden="true">
                {drawn(&tried, top, &mesh, is_last)}
            </svg>
        </div>
        <div class="said"><span><Badge tone word=status/>" "{said}</span><span class="quiet">{then}</span></div>
    }
}

/// When what happened, in words.
fn said(tried: &Tried, text: &'static Text) -> String {
    let span = |ms: u32| moment::span(ms.into(), text);
    match (&tried.cause, tried.first_byte_ms) {
        (Some(cause), _) => format!("{cause}, {}", span(tried.total_ms - tried.begun_ms)),
        (None, Some(first_ms)) => {
            (text.request.first_byte_at)(&span(first_ms), &span(tried.total_ms.saturating_sub(first_ms)))
        }
        (None, None) => span(tried.total_ms - tried.begun_ms),
    }
}

fn drawn(tried: &Tried, top: f64, mesh: &[f64], is_last: bool) -> impl IntoView + use<> {
    let at = |ms: u32| format!("{:.1}", 1000.0 * f64::from(ms) / top);
    let (begun, end) = (at(tried.begun_ms), at(tried.total_ms));
    let line = |class: &'static str, d: String| view! { <path class=class d=d/> };
    let mut parts: Vec<_> = mesh.iter().map(|x| line("mesh", format!("M{x:.1} 0V56"))).collect();
    parts.push(line("rail", "M0 28H1000".to_owned()));
    if tried.n > 1 {
        parts.push(line("lead", format!("M{begun} 0V28")));
    }
    let is_failed = matches!(tried.outcome, Outcome::UpstreamError | Outcome::Rejected | Outcome::Abandoned);
    match tried.first_byte_ms {
        Some(first_ms) if !is_failed => {
            parts.push(line("wait", format!("M{begun} 28H{}", at(first_ms))));
            parts.push(line("flow", format!("M{} 28H{end}", at(first_ms))));
        }
        _ if is_failed => parts.push(line("fail", format!("M{begun} 28H{end}"))),
        _ => parts.push(line("wait", format!("M{begun} 28H{end}"))),
    }
    if tried.outcome != Outcome::Ok {
        parts.push(line("stop", format!("M{end} 20V36")));
    }
    if !is_last {
        parts.push(line("lead", format!("M{end} 28V56")));
    }
    parts
}
