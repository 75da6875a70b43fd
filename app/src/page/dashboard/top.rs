//! Who and what uses most today.

use leptos::prelude::*;
use relay::model::explore::{Measure, Narrowing, Span, SplitBy};
use relay::model::figure::{Share as Part, Totals};
use relay::model::id::KeyId;

use super::board::Figures;
use crate::address::request::Calls;
use crate::address::usage::today_by;
use crate::format;
use crate::part::palette::Palette;
use crate::part::quantity::{Money, Tokens};
use crate::part::share::Share;
use crate::part::sheet::Sheet;
use crate::preference::use_text;
use crate::room::KEYS;

/// Keys, largest first.
#[component]
pub(super) fn TopKeys(figures: Figures) -> impl IntoView {
    let text = &use_text().dashboard;
    let parts = Memo::new(move |_| figures.shown.with(|shown| used(&shown.top_keys)));
    let link = ViewFn::from(move || view! { <a class="small" href=KEYS.path>{text.all_keys}</a> });
    view! {
        <Sheet id="top-keys" title=text.top_keys tools=link>
            <Top figures parts head=text.key colour=Callback::new(|_: String| 0) narrow=of_key/>
        </Sheet>
    }
}

/// Models, largest first.
#[component]
pub(super) fn TopModels(figures: Figures, palette: Palette) -> impl IntoView {
    let text = &use_text().dashboard;
    let parts = Memo::new(move |_| figures.shown.with(|shown| used(&shown.top_models)));
    let colour = Callback::new(move |id: String| palette.colour(SplitBy::Model, &id));
    let href = today_by(SplitBy::Model, Measure::Cost);
    let link =
        ViewFn::from(move || view! { <a class="small" href=href.clone()>{use_text().frame.usage}</a> });
    view! {
        <Sheet id="top-models" title=text.top_models tools=link>
            <Top figures parts head=text.model colour narrow=of_model/>
        </Sheet>
    }
}

#[component]
fn Top(
    figures: Figures,
    parts: Memo<Vec<Part>>,
    head: &'static str,
    colour: Callback<String, u8>,
    /// To one of the parts.
    narrow: fn(&str) -> Narrowing,
) -> impl IntoView {
    let text = &use_text().dashboard;
    let today = Memo::new(move |_| figures.shown.with(|shown| shown.today));
    let rows = move || {
        let parts = parts.get();
        let named = parts.iter().filter(|part| !part.id.is_empty());
        let largest = named.map(size).fold(0.0, f64::max);
        let row = |part: Part| {
            if part.id.is_empty() {
                return view! { <tr class="dim"><th scope="row">{text.others}</th>{cells(part.totals)}</tr> }
                    .into_any();
            }
            let href = Calls { only: narrow(&part.id), ..Calls::within(Span::Today) }.href();
            let share = if largest > 0.0 { size(&part) / largest } else { 0.0 };
            view! {
                <tr>
                    <th scope="row">
                        <a class="plain" href=href>{part.name}</a>
                        <Share part=share series=colour.run(part.id)/>
                    </th>
                    {cells(part.totals)}
                </tr>
            }
            .into_any()
        };
        parts.into_iter().map(row).collect_view()
    };
    let number = |word: &'static str| view! { <th scope="col" class="n">{word}</th> };
    view! {
        <table class="table tight free">
            <thead>
                <tr>
                    <th scope="col">{head}</th>
                    {number(text.requests)}
                    {number(text.tokens)}
                    {number(text.cost)}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <tfoot><tr><th scope="row">{text.today}</th>{move || cells(today.get())}</tr></tfoot>
        </table>
    }
}

fn of_key(id: &str) -> Narrowing {
    Narrowing { key: Some(KeyId::new(id)), ..Narrowing::default() }
}

fn of_model(id: &str) -> Narrowing {
    Narrowing { model: Some(id.to_owned()), ..Narrowing::default() }
}

fn cells(totals: Totals) -> impl IntoView {
    view! {
        <td class="n">{format::grouped(totals.requests)}</td>
        <td class="n"><Tokens count=totals.tokens.all()/></td>
        <td class="n"><Money amount=totals.cost/></td>
    }
}

/// Refusals alone are no use.
fn used(parts: &[Part]) -> Vec<Part> {
    parts.iter().filter(|part| part.totals.is_used()).cloned().collect()
}

/// By cost; where nothing costs (a sandbox, models without a price), by tokens.
#[allow(clippy::cast_precision_loss, reason = "for display")]
fn size(part: &Part) -> f64 {
    let cost = part.totals.cost.as_dollars();
    if cost > 0.0 { cost } else { part.totals.tokens.all() as f64 * 1e-12 }
}
