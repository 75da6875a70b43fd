//! The attempts in their order, each with the reply and what became of the call.

use leptos::prelude::*;
use relay::model::request::{RequestDetail, Tried};

use crate::address::account::one;
use crate::moment;
use crate::part::badge::Badge;
use crate::part::sheet::Sheet;
use crate::part::state::attempt_tone;
use crate::preference::use_text;

/// The table.
#[component]
pub(super) fn Attempts(call: StoredValue<RequestDetail>) -> impl IntoView {
    let text = use_text();
    let rows = call.with_value(|call| call.attempts.clone());
    let note = (text.request.attempts_sum)(rows.iter().filter(|tried| tried.n > 0).count());
    let row = move |tried: Tried| view! { <Row tried call/> };
    view! {
        <Sheet id="attempts" title=text.request.attempts note=Signal::stored(note)>
            <table class="table free stack attempts">
                <thead>
                    <tr>
                        <th scope="col">{text.request.account}</th>
                        <th scope="col">{text.detail.status}</th>
                        <th scope="col">{text.detail.verdict}</th>
                        <th scope="col" class="n">{text.request.until}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </Sheet>
    }
}

#[component]
fn Row(tried: Tried, call: StoredValue<RequestDetail>) -> impl IntoView {
    let text = use_text();
    let name = tried.account.as_ref().and_then(|id| call.with_value(|call| call.names.get(id).cloned()));
    let account = match (&tried.account, name) {
        (Some(id), Some(name)) => view! { <a href=one(id)>{name}</a> }.into_any(),
        _ => view! { <span class="quiet">{text.request.no_account}</span> }.into_any(),
    };
    let status = if tried.status == 0 { "–".to_owned() } else { tried.status.to_string() };
    let reply = tried.cause.unwrap_or_else(|| match tried.outcome {
        relay::model::outcome::Outcome::Ok => text.detail.complete.to_owned(),
        outcome => (text.state.outcome)(outcome).to_owned(),
    });
    view! {
        <tr>
            <th scope="row" class="half"><span class="name">{account}</span></th>
            <td><Badge tone=attempt_tone(tried.outcome, tried.last) word=status/></td>
            <td class="full">
                <span class="name">
                    <span>{reply}</span>
                    <small>{(text.detail.then)(tried.outcome, tried.last)}</small>
                </span>
            </td>
            <td class="n" data-label=text.request.until>{moment::span(tried.total_ms.into(), text)}</td>
        </tr>
    }
}
