//! Why this account? For each attempt: which accounts there were, what ruled each out, and what made the winner win.

use leptos::prelude::*;
use relay::model::decision::{Considered, Decision, Ruling};
use relay::model::request::RequestDetail;

use crate::address::account::one;
use crate::moment;
use crate::part::badge::{Badge, Tone};
use crate::part::sheet::Sheet;
use crate::preference::{use_preference, use_text};

/// One list an attempt.
#[component]
pub(super) fn Why(call: StoredValue<RequestDetail>) -> impl IntoView {
    let text = &use_text().request;
    let decided: Vec<_> = call.with_value(|call| {
        let decided = call.attempts.iter().filter_map(|tried| Some((tried.n, tried.decision.clone()?)));
        decided.collect()
    });
    let lists = match decided.is_empty() {
        true => view! { <p class="none">{text.no_decision}</p> }.into_any(),
        false => decided
            .into_iter()
            .map(|(n, decision)| view! { <Choice n decision call/> })
            .collect_view()
            .into_any(),
    };
    view! { <Sheet id="why" title=text.why>{lists}</Sheet> }
}

#[component]
fn Choice(n: u8, decision: Decision, call: StoredValue<RequestDetail>) -> impl IntoView {
    let whole = use_text();
    let text = &whole.request;
    let waited = (decision.waited_ms > 0)
        .then(|| format!(" {}", (text.waited)(&moment::span(decision.waited_ms.into(), whole))));
    let title = if n == 0 { text.refused.to_owned() } else { (whole.detail.attempt)(n) };
    let more = (decision.more > 0).then(|| view! { <p class="small quiet">{(text.more)(decision.more)}</p> });
    let rows = decision.considered.into_iter().enumerate();
    let row = move |(place, considered): (usize, Considered)| view! { <Row place considered call/> };
    view! {
        <div class="group">
            <h3 class="first-big">{title}</h3>
            <p>{(text.reason)(decision.reason)}{waited}</p>
            <table class="table tight free stack">
                <thead>
                    <tr>
                        <th scope="col">{text.account}</th>
                        <th scope="col">{text.found}</th>
                    </tr>
                </thead>
                <tbody>{rows.map(row).collect_view()}</tbody>
            </table>
            {more}
        </div>
    }
}

#[component]
fn Row(place: usize, considered: Considered, call: StoredValue<RequestDetail>) -> impl IntoView {
    let text = use_text();
    let zone = use_preference().zone;
    let at_ms = call.with_value(|call| call.at_ms);
    let Considered { account, ruling } = considered;
    let name = call.with_value(|call| call.names.get(&account).cloned());
    let name = name.unwrap_or_else(|| text.request.gone_account.to_owned());
    let time = match &ruling {
        Ruling::Limited { until_ms } | Ruling::Overloaded { until_ms } => {
            moment::brief(*until_ms, at_ms, &zone, text)
        }
        _ => String::new(),
    };
    let word = (text.request.ruling)(&ruling, &time);
    let tone = match ruling {
        Ruling::Able if place == 0 => Tone::Ok,
        Ruling::Able => Tone::Off,
        Ruling::Troubled { .. } | Ruling::Busy | Ruling::Tried => Tone::Warn,
        Ruling::Trying | Ruling::Limited { .. } | Ruling::Overloaded { .. } => Tone::Notice,
        Ruling::NoModel => Tone::Off,
        Ruling::Parked | Ruling::NeedsSignIn | Ruling::Stale => Tone::Bad,
        Ruling::Paused => Tone::Paused,
    };
    view! {
        <tr>
            <th scope="row" class="half"><span class="name"><a href=one(&account)>{name}</a></span></th>
            <td class="half"><Badge tone word/></td>
        </tr>
    }
}
