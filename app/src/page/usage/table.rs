//! The parts in figures, each with the way to what it is made of, and their sum.

use leptos::prelude::*;
use relay::model::explore::{Exploration, Measure, Narrowing, Question, Span, SplitBy};
use relay::model::figure::{Share, Totals};
use relay::model::id::{AccountId, KeyId};
use relay::model::outcome::Outcome;

use super::chart::{colour, name_of};
use crate::address::request::Calls;
use crate::address::usage::explorer;
use crate::format;
use crate::moment;
use crate::part::fold::Fold;
use crate::part::icon::Icon;
use crate::part::palette::use_palette;
use crate::part::quantity::{Money, Tokens};
use crate::part::share::{Swatch, series_class};
use crate::part::sheet::Sheet;
use crate::preference::use_text;

/// More rows than this help nobody; the rest is one row, and in the downloads.
const MOST_ROWS: usize = 200;
const HOUR_MS: i64 = 3_600_000;

/// The table.
#[component]
pub(super) fn Parts(question: StoredValue<Question>, answer: StoredValue<Exploration>) -> impl IntoView {
    let text = use_text();
    let words = &text.usage;
    let by = question.with_value(|question| question.by);
    let (parts, total, overlaps) =
        answer.with_value(|answer| (answer.parts.clone(), answer.total, answer.overlaps));
    let counted = |share: &Share| share.totals.is_used() || share.totals.failed > 0;
    let parts: Vec<_> = parts.into_iter().filter(counted).collect();
    let (count, rest) = (parts.len().min(MOST_ROWS), parts.iter().skip(MOST_ROWS));
    let mut others = Totals::default();
    rest.for_each(|share| others += share.totals);
    let left_out = parts.len() - count;
    let row = move |share: Share| view! { <Part share question answer/> };
    let others = (left_out > 0).then(|| {
        view! { <tr class="dim"><th scope="row" class="full">{(words.more_rows)(left_out)}</th><Cells totals=others total/></tr> }
    });
    let note = if overlaps { words.overlaps } else { "" };
    view! {
        <Sheet id="parts" title=(words.by)(by) note=Signal::stored(note.to_owned())>
            <table class="table stack usage">
                <thead><tr><Heads question/></tr></thead>
                <tbody>{parts.into_iter().take(MOST_ROWS).map(row).collect_view()}{others}</tbody>
                <tfoot><tr><th scope="row" class="full">{(words.all_of)(by)}</th><Cells totals=total total/></tr></tfoot>
            </table>
            <Fold rows=count/>
        </Sheet>
    }
}

/// The heads; each orders by what it names.
#[component]
fn Heads(question: StoredValue<Question>) -> impl IntoView {
    let text = use_text();
    let words = &text.usage;
    let (by, chosen) = question.with_value(|question| (question.by, question.measure));
    let is_by_time = matches!(by, SplitBy::Day | SplitBy::Hour);
    let head = |measure: Measure, word: &'static str, class: &'static str| {
        let href = question.with_value(|question| explorer(&Question { measure, ..question.clone() }));
        let is_sorted = chosen == measure && !is_by_time;
        view! {
            <th scope="col" class=class aria-sort=is_sorted.then_some("descending")>
                <a href=href>{word}{is_sorted.then(|| view! { <Icon name="fall"/> })}</a>
            </th>
        }
    };
    view! {
        <th scope="col">{(words.split_name)(by)}</th>
        {head(Measure::Requests, text.dashboard.requests, "n")}
        {head(Measure::Failed, (words.measure_name)(Measure::Failed), "n wide")}
        {head(Measure::Input, text.dashboard.input, "n wide")}
        {head(Measure::CacheWrite, words.cache_write, "n wide")}
        {head(Measure::CacheRead, text.dashboard.cache_read, "n wide")}
        {head(Measure::Output, text.dashboard.output, "n wide")}
        {head(Measure::Tokens, text.dashboard.all_tokens, "n")}
        {head(Measure::FirstByte, words.first_byte, "n wide")}
        {head(Measure::Cost, text.dashboard.cost, "n")}
        <th scope="col" class="n wide">{words.share}</th>
    }
}

#[component]
fn Part(share: Share, question: StoredValue<Question>, answer: StoredValue<Exploration>) -> impl IntoView {
    let text = use_text();
    let by = question.with_value(|question| question.by);
    let total = answer.with_value(|answer| answer.total);
    let name = name_of(&share, by, text);
    let href = question.with_value(|question| made_of(question, &share));
    let named = match href {
        Some(href) => view! { <a class="plain" href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let class = series_class(colour(use_palette(), by, &share.id));
    let swatch = (!matches!(by, SplitBy::Day | SplitBy::Hour)).then(|| view! { <Swatch class/> });
    view! {
        <tr>
            <th scope="row" class="full">{swatch}{named}</th>
            <Cells totals=share.totals total/>
        </tr>
    }
}

/// Where the calls are that make a part up: the list of them, or for owners and tags their keys.
fn made_of(question: &Question, share: &Share) -> Option<String> {
    let Question { span, only, .. } = question.clone();
    let (id, has_owner) = (share.id.clone(), only.owner.is_some() || only.tag.is_some());
    let list =
        |only: Narrowing, span: Span| (!has_owner).then(|| Calls { only, ..Calls::within(span) }.href());
    let keys = |only: Narrowing| {
        Some(explorer(&Question { by: SplitBy::Key, only, span: span.clone(), ..question.clone() }))
    };
    match question.by {
        SplitBy::Key => list(Narrowing { key: Some(KeyId::new(id)), ..only }, span),
        SplitBy::Model if id.is_empty() => None,
        SplitBy::Model => list(Narrowing { model: Some(id), ..only }, span),
        SplitBy::Account if id.is_empty() => None,
        SplitBy::Account => list(Narrowing { account: Some(AccountId::new(id)), ..only }, span),
        SplitBy::Outcome => list(Narrowing { outcome: Outcome::from_name(&id), ..only }, span),
        SplitBy::Owner => keys(Narrowing { owner: Some(id), ..only }),
        SplitBy::Tag if id.is_empty() => None,
        SplitBy::Tag => keys(Narrowing { tag: Some(id), ..only }),
        SplitBy::Day => list(only, Span::Days { from: id.clone(), to: id }),
        SplitBy::Hour => {
            let from_ms = moment::instant_ms(&id)?;
            list(only, Span::Instants { from_ms, to_ms: from_ms + HOUR_MS })
        }
    }
}

#[component]
fn Cells(totals: Totals, total: Totals) -> impl IntoView {
    let text = use_text();
    let tokens = |count: u64| match count {
        0 => "–".into_any(),
        count => view! { <Tokens count=count/> }.into_any(),
    };
    let failed = if totals.failed == 0 { "–".to_owned() } else { format::grouped(totals.failed) };
    let first_byte = totals.mean_first_byte_ms().map_or_else(|| "–".to_owned(), |ms| moment::span(ms, text));
    #[allow(clippy::cast_precision_loss, reason = "for display")]
    let share = match total.cost.0 {
        0 => format::percent(totals.tokens.all() as f64, total.tokens.all() as f64),
        _ => format::percent(totals.cost.as_dollars(), total.cost.as_dollars()),
    };
    let share = share.map_or_else(|| "–".to_owned(), |percent| format!("{percent}\u{202f}%"));
    let classes = totals.tokens;
    let cost = match (totals.cost.0, totals.unpriced) {
        (0, unpriced) if unpriced > 0 => view! { <span title=text.request.no_price>"–"</span> }.into_any(),
        _ => view! { <Money amount=totals.cost/> }.into_any(),
    };
    view! {
        <td class="n" data-label=text.dashboard.requests>{format::grouped(totals.requests)}</td>
        <td class="n wide">{failed}</td>
        <td class="n wide">{tokens(classes.input)}</td>
        <td class="n wide">{tokens(classes.cache_write())}</td>
        <td class="n wide">{tokens(classes.cache_read)}</td>
        <td class="n wide">{tokens(classes.output)}</td>
        <td class="n" data-label=text.dashboard.tokens>{tokens(classes.all())}</td>
        <td class="n wide">{first_byte}</td>
        <td class="n" data-label=text.dashboard.cost><b>{cost}</b></td>
        <td class="n quiet wide">{share}</td>
    }
}
