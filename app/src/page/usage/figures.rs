//! What the stretch came to, against the stretch of the same length before it.

use leptos::prelude::*;
use relay::model::explore::{Exploration, Question};
use relay::model::money::Nanodollars;

use crate::address::request::Calls;
use crate::format;
use crate::moment;
use crate::part::change::Change;
use crate::part::quantity::{Money, Tokens};
use crate::preference::use_text;

/// The row of figures.
#[component]
pub(super) fn Figures(question: StoredValue<Question>, answer: StoredValue<Exploration>) -> impl IntoView {
    let text = use_text();
    let words = &text.usage;
    let (total, before) = answer.with_value(|answer| (answer.total, answer.before));
    let list = question.with_value(|question| {
        let only = question.only.clone();
        let is_listed = only.owner.is_none() && only.tag.is_none();
        is_listed.then(|| Calls { only, ..Calls::within(question.span.clone()) }.href())
    });
    let change = |now: f64, before: f64| view! { <Change pair=Signal::stored((now, before))/> };
    #[allow(clippy::cast_precision_loss, reason = "for display")]
    let float = |count: u64| count as f64;
    let each = i64::try_from(total.requests).ok().filter(|requests| *requests > 0);
    let cost_each = each.map(|requests| format::money_of_one(Nanodollars(total.cost.0 / requests)));
    let tokens_each = total.tokens.all().checked_div(total.requests);
    let cached = format::percent(float(total.tokens.cache_read), float(total.tokens.all()))
        .map(|percent| (text.dashboard.from_cache)(&format!("{percent}\u{202f}%")));
    let span = |ms: Option<u64>| ms.map_or_else(|| "–".to_owned(), |ms| moment::span(ms, text));
    let before_cost = (before.cost.0 > 0).then(|| (text.dashboard.from_before)(&format::money(before.cost)));
    let leading = |figure: AnyView| match list.clone() {
        Some(href) => view! { <a href=href>{figure}</a> }.into_any(),
        None => figure,
    };
    let unpriced = (total.unpriced > 0).then(|| {
        view! { <p class="small quiet">{(text.dashboard.unpriced)(&format::grouped(total.unpriced))}</p> }
    });
    view! {
        <dl class="figures" id="total">
            <div class="figure">
                <dt>{text.dashboard.list_price}</dt>
                <dd class="value"><a href="#parts"><Money amount=total.cost/></a></dd>
                <dd class="note">{change(total.cost.as_dollars(), before.cost.as_dollars())}" "{before_cost}</dd>
            </div>
            <div class="figure">
                <dt>{text.dashboard.requests}</dt>
                <dd class="value">{leading(format::grouped(total.requests).into_any())}</dd>
                <dd class="note">
                    {change(float(total.requests), float(before.requests))}" "
                    {(words.failed)(&format::grouped(total.failed))}
                </dd>
            </div>
            <div class="figure">
                <dt>{text.dashboard.tokens}</dt>
                <dd class="value"><a href="#parts"><Tokens count=total.tokens.all()/></a></dd>
                <dd class="note">
                    {change(float(total.tokens.all()), float(before.tokens.all()))}" "{cached}
                </dd>
            </div>
            <div class="figure">
                <dt>{words.per_request}</dt>
                <dd class="value">{cost_each.unwrap_or_else(|| "–".to_owned())}</dd>
                <dd class="note">{tokens_each.map(|tokens| (words.tokens_each)(&format::grouped(tokens)))}</dd>
            </div>
            <div class="figure">
                <dt>{words.first_byte}" "<span class="quiet">{words.in_the_mean}</span></dt>
                <dd class="value">{span(total.mean_first_byte_ms())}</dd>
                <dd class="note">{(words.whole_answer)(&span(total.mean_total_ms()))}</dd>
            </div>
        </dl>
        {unpriced}
    }
}
