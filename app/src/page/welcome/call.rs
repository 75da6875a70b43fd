//! The last stop: what to run, and what came of it.

use leptos::prelude::*;
use relay::model::account::AccountKind;
use relay::model::request::RequestRow;

use super::Way;
use crate::format;
use crate::live::Standing;
use crate::live::use_live;
use crate::moment::{self, Civil, use_clock};
use crate::part::badge::Badge;
use crate::part::quantity::Tokens;
use crate::part::secret::Snippets;
use crate::part::state::outcome;
use crate::preference::{use_preference, use_text};

/// What stands for a key that is not at hand.
const ANY_KEY: &str = "cr_…";
const SANDBOX_MODEL: &str = "claude-sandbox-1";
const REAL_MODEL: &str = "claude-haiku-4-5";

/// A model that these accounts have, for a first call.
pub(crate) fn first_model(sandbox: bool) -> &'static str {
    if sandbox { SANDBOX_MODEL } else { REAL_MODEL }
}

/// Waits for the first call.
#[component]
pub(super) fn Call(way: Way) -> impl IntoView {
    let text = &use_text().welcome;
    let zone = use_preference().zone;
    let since = Civil::at(use_clock().now_ms_untracked(), &zone).clock_with_seconds();
    let live = use_live();
    let is_still = Memo::new(move |_| matches!(live.standing(), Standing::Still { .. }));
    let snippets = move || {
        let key = way.made.get().map_or_else(|| ANY_KEY.to_owned(), |made| made.key);
        let (address, sandbox) = way.stops.shown.with(|stops| {
            let only_sandbox = stops.accounts.iter().all(|account| account.kind == AccountKind::Sandbox);
            (stops.address.clone(), only_sandbox)
        });
        view! { <Snippets name="program" address key model=first_model(sandbox)/> }
    };
    let waiting = move || match is_still.get() {
        true => view! { <p class="quiet">{text.without_wasm}</p> }.into_any(),
        false => view! {
            <span class="live">{text.waiting}</span>
            <p class="quiet">{(text.since)(&since)}</p>
        }
        .into_any(),
    };
    view! {
        {snippets}
        <div class="signal" role="status"><div>{waiting}</div></div>
    }
}

/// The first call, as it came.
#[component]
pub(super) fn Arrived(request: RequestRow) -> impl IntoView {
    let text = use_text();
    let zone = use_preference().zone;
    let (tone, word) = outcome(&request, text);
    let time = Civil::at(request.at_ms, &zone).clock_with_seconds();
    let by = request.account_name.clone().map(|account| (text.welcome.by)(&account));
    let first_byte = request.first_byte_ms.map_or_else(|| "–".to_owned(), |ms| moment::span(ms.into(), text));
    let cost = request.cost.map_or_else(|| "$0.00".to_owned(), format::money_of_one);
    let timed = |span: String| match span.split_once('\u{202f}') {
        Some((number, unit)) => {
            view! { {number.to_owned()} <small>{format!("\u{202f}{unit}")}</small> }.into_any()
        }
        None => span.into_any(),
    };
    let figure = |label: &'static str, value: AnyView| {
        view! { <div class="figure"><dt>{label}</dt><dd class="value">{value}</dd></div> }
    };
    let words = &text.dashboard;
    view! {
        <div class="signal" role="status">
            <div>
                <Badge tone word=word/>
                <time datetime=moment::machine(request.at_ms)>{(text.welcome.arrived)(&time)}</time>
                <p><b>{request.model.clone()}</b> " " {by} " " {request.cause.clone()}</p>
            </div>
        </div>
        <dl class="figures">
            {figure(words.first_byte, timed(first_byte))}
            {figure(words.total, timed(moment::span(request.total_ms.into(), text)))}
            {figure(words.tokens, view! { <Tokens count=request.tokens.all()/> }.into_any())}
            {figure(words.cost, cost.into_any())}
        </dl>
    }
}
