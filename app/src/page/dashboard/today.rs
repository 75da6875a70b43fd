//! Today: cost and requests against yesterday by the same time, tokens by class.

use leptos::prelude::*;
use relay::model::explore::{Measure, Span, SplitBy};
use relay::model::figure::Totals;

use super::board::Figures;
use crate::address::request::Calls;
use crate::address::usage::today_by;
use crate::format;
use crate::moment::Civil;
use crate::part::change::Change;
use crate::part::quantity::{Money, Tokens};
use crate::part::share::{Split, Swatch};
use crate::part::sheet::Sheet;
use crate::preference::{use_preference, use_text};

type Part = (&'static str, &'static str, fn(&Totals) -> u64);

/// The panel.
#[component]
pub(super) fn TodayPanel(figures: Figures) -> impl IntoView {
    let text = &use_text().dashboard;
    let zone = use_preference().zone;
    let today = Memo::new(move |_| figures.shown.with(|shown| shown.today));
    let parts: [Part; 5] = [
        ("class-read", text.cache_read, |totals| totals.tokens.cache_read),
        ("class-input", text.input, |totals| totals.tokens.input),
        ("class-write-5m", text.cache_write_5m, |totals| totals.tokens.cache_write_5m),
        ("class-write-1h", text.cache_write_1h, |totals| totals.tokens.cache_write_1h),
        ("class-output", text.output, |totals| totals.tokens.output),
    ];
    let note = Signal::derive(move || {
        let at_ms = figures.shown.with(|shown| shown.at_ms);
        (text.against_yesterday)(&Civil::at(at_ms, &zone).clock())
    });
    #[allow(clippy::cast_precision_loss, reason = "for display")]
    let bars = move || parts.map(|(class, _, take)| (class, take(&today.get()) as f64)).to_vec();
    let row = move |(class, name, take): Part| {
        view! {
            <div>
                <dt><Swatch class=class/>{name}</dt>
                <dd><Tokens count=Signal::derive(move || take(&today.get()))/></dd>
            </div>
        }
    };
    let unpriced = move || {
        let calls = today.get().unpriced;
        (calls > 0).then(|| view! { <p class="small quiet">{(text.unpriced)(&format::grouped(calls))}</p> })
    };
    view! {
        <Sheet id="today" title=text.today note class="minor">
            <Sums figures today/>
            <Split parts=Signal::derive(bars)/>
            <dl class="parts">
                {parts.map(row).into_iter().collect_view()}
                <div class="sum">
                    <dt>{text.all_tokens}</dt>
                    <dd>
                        <a class="plain" href=today_by(SplitBy::Model, Measure::Tokens)>
                            <Tokens count=Signal::derive(move || today.get().tokens.all())/>
                        </a>
                    </dd>
                </div>
            </dl>
            {unpriced}
        </Sheet>
    }
}

/// The two sums, each with its change.
#[component]
fn Sums(figures: Figures, today: Memo<Totals>) -> impl IntoView {
    let text = &use_text().dashboard;
    let yesterday = Memo::new(move |_| figures.shown.with(|shown| shown.yesterday));
    let cost = move || (today.get().cost.as_dollars(), yesterday.get().cost.as_dollars());
    #[allow(clippy::cast_precision_loss, reason = "for display")]
    let requests = move || (today.get().requests as f64, yesterday.get().requests as f64);
    let before = move || {
        let before = yesterday.get().cost;
        (before.0 > 0).then(|| (text.from_before)(&format::money(before)))
    };
    view! {
        <dl class="figures level">
            <div class="figure hero">
                <dt>{text.list_price}</dt>
                <dd class="value">
                    <a href=today_by(SplitBy::Model, Measure::Cost)><Money amount=Signal::derive(move || today.get().cost)/></a>
                </dd>
                <dd class="note"><Change pair=Signal::derive(cost)/>" "{before}</dd>
            </div>
            <div class="figure">
                <dt>{text.requests}</dt>
                <dd class="value"><a href=Calls::within(Span::Today).href()>{move || format::grouped(today.get().requests)}</a></dd>
                <dd class="note"><Change pair=Signal::derive(requests)/></dd>
            </div>
        </dl>
    }
}
