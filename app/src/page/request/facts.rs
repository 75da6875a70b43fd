//! How the call ended, who made it, and what it came to.

use leptos::prelude::*;
use relay::model::request::RequestDetail;

use crate::format;
use crate::moment;
use crate::part::badge::Ground;
use crate::part::copy::Copy;
use crate::part::figure::Figure;
use crate::part::sheet::Sheet;
use crate::part::state::outcome_of;
use crate::preference::{use_preference, use_text};
use crate::room::KEYS;

/// Head, figures, facts.
#[component]
pub(super) fn Facts(call: StoredValue<RequestDetail>) -> impl IntoView {
    let text = use_text();
    let zone = use_preference().zone;
    let call = call.get_value();
    let Some(last) = call.attempts.last().cloned() else { return ().into_any() };
    let (tone, word) = outcome_of(last.outcome, last.n, text);
    let about = if call.attempts.iter().any(|tried| tried.usage.is_estimated()) { "≈\u{202f}" } else { "" };
    let tokens = format!("{about}{}", format::tokens(call.tokens.all(), text.language).text());
    let cost = call.cost.map_or_else(|| "–".to_owned(), format::money_of_one);
    let span = |ms: Option<u32>| ms.map_or_else(|| "–".to_owned(), |ms| moment::span(ms.into(), text));
    let answered = last.model.clone().unwrap_or_else(|| "–".to_owned());
    let how = if call.stream { text.request.streamed } else { text.request.whole };
    let id = call.id.to_string();
    let none = || Signal::stored(String::new());
    view! {
        <div class="title">
            <div class="badges">
                <Ground tone=Signal::stored(tone) word=word/>
                <span class="mono quiet">{id.clone()}</span>
                <Copy content=id bare=true/>
            </div>
        </div>
        <dl class="figures level">
            <Figure label=text.request.cost value=Signal::stored(cost) note=none() href="#attempts"/>
            <Figure label=text.request.tokens value=Signal::stored(tokens) note=none() href="#attempts"/>
            <Figure
                label=text.request.first_byte
                value=Signal::stored(span(last.first_byte_ms))
                note=none()
                href="#attempts"
            />
            <Figure
                label=text.request.total
                value=Signal::stored(span(Some(last.total_ms)))
                note=none()
                href="#attempts"
            />
        </dl>
        <Sheet id="call" title=text.request.call>
            <dl class="facts">
                <dt>{text.request.when}</dt><dd>{moment::exact(call.at_ms, &zone, text)}</dd>
                <dt>{text.request.key}</dt><dd><a href=KEYS.path>{call.key_name}</a></dd>
                <dt>{text.request.asked}</dt><dd class="mono">{call.asked}</dd>
                <dt>{text.request.answered}</dt><dd class="mono">{answered}</dd>
                <dt>{text.request.how}</dt><dd>{how}</dd>
            </dl>
        </Sheet>
    }
    .into_any()
}
