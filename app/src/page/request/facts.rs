//! How the call ended, who made it, and what it came to.

use leptos::prelude::*;
use relay::model::request::RequestDetail;

use crate::address::request::Calls;
use crate::format;
use crate::moment;
use crate::part::badge::Ground;
use crate::part::copy::Copy;
use crate::part::figure::Figure;
use crate::part::sheet::Sheet;
use crate::part::state::outcome_of;
use crate::preference::{use_preference, use_text};

/// How it ended, and the figures.
#[component]
pub(super) fn Head(call: StoredValue<RequestDetail>) -> impl IntoView {
    let text = use_text();
    let call = call.get_value();
    let Some(last) = call.attempts.last().cloned() else { return ().into_any() };
    let (tone, word) = outcome_of(last.outcome, last.n, text);
    let about = if call.attempts.iter().any(|tried| tried.usage.is_estimated()) { "≈\u{202f}" } else { "" };
    let tokens = format!("{about}{}", format::tokens(call.tokens.all(), text.language).text());
    let cost = call.cost.map_or_else(|| "–".to_owned(), format::money_of_one);
    let span = |ms: Option<u32>| ms.map_or_else(|| "–".to_owned(), |ms| moment::span(ms.into(), text));
    let id = call.id.to_string();
    let exact = call.cost.map(|cost| (text.request.exactly)(&format::exact_money(cost))).unwrap_or_default();
    let of_them = (text.request.out_and_read)(
        &format::grouped(call.tokens.output),
        &format::tokens(call.tokens.cache_read, text.language).text(),
    );
    let lost = match last.begun_ms {
        0 => String::new(),
        begun_ms => (text.request.lost)(&moment::span(begun_ms.into(), text)),
    };
    view! {
        <div class="title">
            <div class="badges">
                <Ground tone=Signal::stored(tone) word=word/>
                <span class="mono quiet">{id.clone()}</span>
                <Copy content=id bare=true/>
            </div>
        </div>
        <dl class="figures level">
            <Figure label=text.request.cost value=Signal::stored(cost) note=Signal::stored(exact) href="#cost"/>
            <Figure label=text.request.tokens value=Signal::stored(tokens) note=Signal::stored(of_them) href="#cost"/>
            <Figure
                label=text.request.first_byte
                value=Signal::stored(span(last.first_byte_ms))
                note=Signal::stored(lost)
                href="#waterfall"
            />
            <Figure
                label=text.request.total
                value=Signal::stored(span(Some(last.total_ms)))
                note=Signal::stored(String::new())
                href="#waterfall"
            />
        </dl>
    }
    .into_any()
}

/// Who made it, and what was asked.
#[component]
pub(super) fn Facts(call: StoredValue<RequestDetail>) -> impl IntoView {
    let text = use_text();
    let zone = use_preference().zone;
    let call = call.get_value();
    let answered = call.attempts.last().and_then(|last| last.model.clone());
    let answered = answered.unwrap_or_else(|| "–".to_owned());
    let how = if call.stream { text.request.streamed } else { text.request.whole };
    let by_key = Calls::default().narrowed(|only| only.key = Some(call.key.clone())).href();
    view! {
        <Sheet id="call" title=text.request.call class="minor">
            <dl class="facts">
                <dt>{text.request.when}</dt><dd>{moment::exact(call.at_ms, &zone, text)}</dd>
                <dt>{text.request.key}</dt><dd><a href=by_key>{call.key_name}</a></dd>
                <dt>{text.request.asked}</dt><dd class="mono">{call.asked}</dd>
                <dt>{text.request.answered}</dt><dd class="mono">{answered}</dd>
                <dt>{text.request.endpoint}</dt><dd class="mono">{call.endpoint}</dd>
                <dt>{text.request.how}</dt><dd>{how}</dd>
            </dl>
        </Sheet>
    }
}
