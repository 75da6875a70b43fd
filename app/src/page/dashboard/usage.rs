//! Use over time: stacked by model, key or account; by cost, tokens or requests.

mod draw;

use leptos::prelude::*;
use relay::model::explore::{self, Question, Span};
use relay::model::figure::{GroupBy, Range};
use relay::model::money::Nanodollars;

use super::board::Figures;
use super::view::{GROUPS, Measure, View};
use crate::address::usage::explorer;
use crate::format;
use crate::part::chart::OverTime;
use crate::part::palette::{Palette, split_of};
use crate::part::segment::{Choice, Segment};
use crate::part::sheet::Sheet;
use crate::preference::{use_preference, use_text};
use crate::text::Language;

/// Below so many dollars in all, a chart shows fractions of a cent.
const SMALL_COST: f64 = 1.0;

/// The panel.
#[component]
pub(super) fn UsagePanel(figures: Figures, palette: Palette) -> impl IntoView {
    let text = use_text();
    let preference = use_preference();
    let view = figures.drawn;
    // The measure needs no fetch, so the address alone decides on it.
    let measure = Memo::new(move |_| figures.view.get().measure);
    let title = Signal::derive(move || (text.dashboard.usage_title)(measure.get(), view.get().range));
    let chart = Memo::new(move |_| {
        let view = View { measure: measure.get(), ..view.get() };
        figures.shown.with(|shown| draw::draw(shown, view, palette, &preference))
    });
    // One number of digits in the whole chart.
    let is_small = Memo::new(move |_| chart.with(|chart| chart.sum() < SMALL_COST));
    let amount = Callback::new(move |value| match measure.get() {
        Measure::Cost if is_small.get() => format::money_of_one(dollars(value)),
        Measure::Cost => format::cents(dollars(value)),
        measure => amount(measure, value, text.language),
    });
    let empty = move || {
        let is_used = figures.shown.with(|shown| shown.shares.iter().any(|share| share.totals.is_used()));
        if is_used { text.dashboard.nothing_priced } else { text.dashboard.nothing_used }
    };
    let tick = Callback::new(move |value| tick(measure.get(), value, text.language));
    view! {
        <Sheet
            id="use"
            title=title
            class="major"
            tools=ViewFn::from(move || view! { <Switches view=figures.view/> })
        >
            <OverTime chart amount tick empty=Signal::derive(empty)/>
        </Sheet>
    }
}

#[component]
fn Switches(view: Memo<View>) -> impl IntoView {
    let text = &use_text().dashboard;
    let group = |group: GroupBy| Choice {
        word: match group {
            GroupBy::Model => text.model,
            GroupBy::Key => text.key,
            GroupBy::Account => text.account,
        },
        href: Signal::derive(move || View { group, ..view.get() }.href()),
        chosen: Signal::derive(move || view.get().group == group),
    };
    let measure = |measure: Measure| Choice {
        word: match measure {
            Measure::Cost => text.cost,
            Measure::Tokens => text.tokens,
            Measure::Requests => text.requests,
        },
        href: Signal::derive(move || View { measure, ..view.get() }.href()),
        chosen: Signal::derive(move || view.get().measure == measure),
    };
    view! {
        <Segment label=text.split_by choices=GROUPS.map(group).to_vec()/>
        <Segment label=text.measure choices=Measure::ALL.map(measure).to_vec()/>
        <a class="small" href=move || explored(view.get())>{use_text().frame.usage}</a>
    }
}

/// The same in the explorer, as far as it can ask for it.
fn explored(view: View) -> String {
    let span = match view.range {
        Range::Hour => Span::Hours24,
        Range::Today => Span::Today,
        Range::Week => Span::Days7,
        Range::Month => Span::Days30,
    };
    let measure = match view.measure {
        Measure::Cost => explore::Measure::Cost,
        Measure::Tokens => explore::Measure::Tokens,
        Measure::Requests => explore::Measure::Requests,
    };
    explorer(&Question { span, by: split_of(view.group), measure, ..Question::default() })
}

/// A sum of a measure in words.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "back from a sum of such")]
fn amount(measure: Measure, value: f64, language: Language) -> String {
    match measure {
        Measure::Cost => format::money(dollars(value)),
        Measure::Tokens => format::short(value, language).text(),
        Measure::Requests => format::grouped(value.round() as u64),
    }
}

#[allow(clippy::cast_possible_truncation, reason = "back from a sum of such")]
fn dollars(value: f64) -> Nanodollars {
    Nanodollars((value * 1e9).round() as i64)
}

/// A line of the axis in words, without digits that say nothing.
fn tick(measure: Measure, value: f64, language: Language) -> String {
    match measure {
        Measure::Cost => format!("${}", format::trimmed(&format!("{value:.6}"))),
        Measure::Tokens | Measure::Requests => {
            let short = format::short(value, language);
            format::Quantity { number: format::trimmed(&short.number).to_owned(), ..short }.text()
        }
    }
}
