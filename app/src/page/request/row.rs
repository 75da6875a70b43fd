//! A call as a row, the same on the overview and in the list.

use leptos::prelude::*;
use relay::model::explore::SplitBy;
use relay::model::request::RequestRow;

use crate::address::account;
use crate::address::request::{Calls, one};
use crate::format;
use crate::moment::{self, Civil, use_clock};
use crate::part::badge::{Badge, Tone};
use crate::part::palette::Palette;
use crate::part::quantity::Tokens;
use crate::part::share::{Swatch, series_class};
use crate::part::state::outcome;
use crate::preference::{use_preference, use_text};

/// The heads of such rows.
#[component]
pub(crate) fn CallHeads() -> impl IntoView {
    let text = &use_text().dashboard;
    let number = |word: &'static str| view! { <th scope="col" class="n">{word}</th> };
    view! {
        <th scope="col">{text.time}</th>
        <th scope="col">{text.key}</th>
        <th scope="col">{text.model}</th>
        <th scope="col" class="wide">{text.account}</th>
        <th scope="col">{text.outcome}</th>
        {number(text.tokens)}
        {number(text.cost)}
        <th scope="col" class="n wide">{text.first_byte}</th>
        {number(text.total)}
    }
}

/// The row.
#[component]
pub(crate) fn CallRow(
    request: RequestRow,
    palette: Palette,
    /// In a list: times have their day, and key and model lead to the same list narrowed to them.
    #[prop(optional)]
    list: Option<StoredValue<Calls>>,
) -> impl IntoView {
    let text = use_text();
    let zone = use_preference().zone;
    let (tone, word) = outcome(&request, text);
    let cause = request.cause.clone().unwrap_or_default();
    let title = cause.clone();
    let exact = moment::exact(request.at_ms, &zone, text);
    let time = match list {
        Some(_) => moment::brief_with_seconds(request.at_ms, use_clock().now_ms_untracked(), &zone, text),
        None => Civil::at(request.at_ms, &zone).clock_with_seconds(),
    };
    let (key, model) = (request.key.clone(), request.model.clone());
    let key = narrowing(list, request.key_name.clone(), |list| list.narrowed(|only| only.key = Some(key)));
    let shown = narrowing(list, model.clone(), |list| list.narrowed(|only| only.model = Some(model)));
    let colour = series_class(palette.colour(SplitBy::Model, &request.model));
    let about = request.estimated.then_some("≈\u{202f}");
    let estimated = request.estimated.then_some(text.dashboard.estimated);
    let tokens = match request.tokens.all() {
        0 => "–".into_any(),
        count => view! { {about}<Tokens count=count/> }.into_any(),
    };
    let cost = request.cost.map_or_else(|| "–".to_owned(), format::money_of_one);
    let first_byte = request.first_byte_ms.map_or_else(|| "–".to_owned(), |ms| moment::span(ms.into(), text));
    let account = match (request.account.clone(), request.account_name.clone()) {
        (Some(id), Some(name)) if list.is_some() => {
            view! { <a class="plain" href=account::one(&id)>{name}</a> }.into_any()
        }
        (_, Some(name)) => name.into_any(),
        (_, None) => view! { <span class="quiet">{text.dashboard.none}</span> }.into_any(),
    };
    let sandbox = request.sandbox.then(|| {
        view! { " "<Badge tone=Tone::Sandbox word=text.state.sandbox title=text.state.sandbox_why/> }
    });
    let label = &text.dashboard;
    view! {
        <tr>
            <td>
                <a class="plain" href=one(&request.id)>
                    <time datetime=moment::machine(request.at_ms) title=exact>{time}</time>
                </a>
            </td>
            <th scope="row" class="half">{key}</th>
            <td class="half"><Swatch class=colour/>{shown}</td>
            <td class="wide">{account}{sandbox}</td>
            <td title=title>
                <Badge tone word=word/>
                " "
                <span class="quiet small">{cause}</span>
            </td>
            <td class="n" data-label=label.tokens title=estimated>{tokens}</td>
            <td class="n" data-label=label.cost><b>{cost}</b></td>
            <td class="n wide">{first_byte}</td>
            <td class="n" data-label=label.total>{moment::span(request.total_ms.into(), text)}</td>
        </tr>
    }
}

/// A name, in a list as the way to the list of it alone.
fn narrowing(
    list: Option<StoredValue<Calls>>,
    name: String,
    narrow: impl FnOnce(&Calls) -> Calls,
) -> AnyView {
    match list {
        Some(list) => {
            let href = list.with_value(|list| narrow(list).href());
            view! { <a class="plain" href=href>{name}</a> }.into_any()
        }
        None => name.into_any(),
    }
}
