//! Usage by class, and how the cost came about: tokens times price is cost, class by class, for each attempt that was
//! charged. Nothing here is rounded.

use leptos::prelude::*;
use relay::model::money::Nanodollars;
use relay::model::price::{Breakdown, CostClass, CostLine};
use relay::model::request::{RequestDetail, Tried};
use relay::model::usage::Usage;

use crate::format;
use crate::part::share::Swatch;
use crate::part::sheet::Sheet;
use crate::preference::use_text;
use crate::text::Text;

/// The panel.
#[component]
pub(super) fn Cost(call: StoredValue<RequestDetail>) -> impl IntoView {
    let text = use_text();
    let words = &text.request;
    let (used, tokens, cost) = call.with_value(|call| {
        let used = call.attempts.iter().filter(|tried| tried.usage.tokens.all() > 0 || tried.cost.is_some());
        (used.cloned().collect::<Vec<_>>(), call.tokens.all(), call.cost)
    });
    if used.is_empty() {
        return view! { <Sheet id="cost" title=words.how_much class="major"><p class="none">{words.not_charged}</p></Sheet> }.into_any();
    }
    let several = used.len() > 1;
    let parts = used.into_iter().map(|tried| view! { <Charged tried several/> }).collect_view();
    let about = call.with_value(|call| call.attempts.iter().any(|tried| tried.usage.is_estimated()));
    let number = |word: &'static str| view! { <th scope="col" class="n">{word}</th> };
    let total = cost.map_or_else(|| "–".to_owned(), |cost| format!("${}", format::exact_money(cost)));
    view! {
        <Sheet id="cost" title=words.how_much class="major">
            <table class="table tight free bill">
                <thead>
                    <tr>
                        <th scope="col">{words.class}</th>
                        {number(text.request.tokens)}
                        {number(words.rate)}
                        {number(text.dashboard.cost)}
                    </tr>
                </thead>
                {parts}
                <tfoot>
                    <tr>
                        <th scope="row">{text.part.all}</th>
                        <td class="n">{about.then_some("≈\u{202f}")}{format::grouped(tokens)}</td>
                        <td class="n"></td>
                        <td class="n">{about.then_some("≈\u{202f}")}{total}</td>
                    </tr>
                </tfoot>
            </table>
        </Sheet>
    }
    .into_any()
}

/// One attempt's lines, and what its prices are.
#[component]
fn Charged(tried: Tried, several: bool) -> impl IntoView {
    let text = use_text();
    let heading = several.then(|| {
        view! { <tr class="group-row"><th scope="colgroup" colspan="4">{(text.detail.attempt)(tried.n)}</th></tr> }
    });
    let usage = tried.usage.clone();
    let rows = match &tried.breakdown {
        Some(breakdown) => {
            breakdown.lines.iter().map(|line| priced(*line, &usage, text).into_any()).collect::<Vec<_>>()
        }
        None => unpriced(&usage, tried.cost, text),
    };
    let notes = notes(&tried, text);
    view! {
        <tbody>
            {heading}
            {rows}
            <tr><td colspan="4" class="small quiet notes">{notes.join(" · ")}</td></tr>
        </tbody>
    }
}

/// A class's word and colour.
fn class_of(class: CostClass, text: &'static Text) -> (&'static str, &'static str) {
    match class {
        CostClass::CacheRead => ("class-read", text.dashboard.cache_read),
        CostClass::Input => ("class-input", text.dashboard.input),
        CostClass::InputAudio => ("class-input", text.request.audio),
        CostClass::CacheWrite5m => ("class-write-5m", text.dashboard.cache_write_5m),
        CostClass::CacheWrite1h => ("class-write-1h", text.dashboard.cache_write_1h),
        CostClass::Output => ("class-output", text.dashboard.output),
        CostClass::WebSearch => ("s0", text.request.searches),
    }
}

/// The class's count is an estimate.
fn is_estimated(class: CostClass, usage: &Usage) -> bool {
    match class {
        CostClass::Output => usage.output_estimated,
        CostClass::WebSearch => false,
        _ => usage.input_estimated,
    }
}

fn priced(line: CostLine, usage: &Usage, text: &'static Text) -> impl IntoView + use<> {
    let CostLine { class, count, rate, amount } = line;
    let (colour, name) = class_of(class, text);
    let estimate =
        is_estimated(class, usage).then(|| view! { <span class="quiet">" ≈ "{text.request.estimate}</span> });
    let rate = format!("${}", format::exact_money(Nanodollars(i64::try_from(rate).unwrap_or(i64::MAX))));
    let per = if class == CostClass::WebSearch { text.request.per_thousand } else { "" };
    view! {
        <tr>
            <th scope="row"><Swatch class=colour/>{name}{estimate}</th>
            <td class="n">{format::grouped(count)}</td>
            <td class="n quiet">{rate}" "{per}</td>
            <td class="n">"$"{format::exact_money(amount)}</td>
        </tr>
    }
}

/// Classes without prices: what was used is known all the same.
fn unpriced(usage: &Usage, cost: Option<Nanodollars>, text: &'static Text) -> Vec<AnyView> {
    let tokens = &usage.tokens;
    let classes = [
        (CostClass::CacheRead, tokens.cache_read),
        (CostClass::Input, tokens.input),
        (CostClass::CacheWrite5m, tokens.cache_write_5m),
        (CostClass::CacheWrite1h, tokens.cache_write_1h),
        (CostClass::Output, tokens.output),
    ];
    let row = |(class, count): (CostClass, u64)| {
        let (colour, name) = class_of(class, text);
        let estimate = is_estimated(class, usage)
            .then(|| view! { <span class="quiet">" ≈ "{text.request.estimate}</span> });
        view! {
            <tr>
                <th scope="row"><Swatch class=colour/>{name}{estimate}</th>
                <td class="n">{format::grouped(count)}</td>
                <td class="n quiet">"–"</td>
                <td class="n">"–"</td>
            </tr>
        }
        .into_any()
    };
    let used = classes.into_iter().filter(|(_, count)| *count > 0);
    let sum = cost.map(|cost| {
        view! {
            <tr>
                <th scope="row">{text.dashboard.cost}</th>
                <td class="n"></td>
                <td class="n"></td>
                <td class="n">"$"{format::exact_money(cost)}</td>
            </tr>
        }
        .into_any()
    });
    used.map(row).chain(sum).collect()
}

/// Which prices, and what changed them.
fn notes(tried: &Tried, text: &'static Text) -> Vec<String> {
    let words = &text.request;
    let mut notes = Vec::new();
    if let Some(Breakdown { entry, is_guess, is_own, tier, service_tier, factors, .. }) = &tried.breakdown {
        notes.push((words.priced_as)(entry));
        if *is_guess {
            notes.push(words.likely.to_owned());
        }
        if *is_own {
            notes.push(words.own_price.to_owned());
        }
        if let Some(above) = tier {
            notes.push((words.long_prompt)(&format::grouped(*above)));
        }
        if let Some(tier) = service_tier {
            notes.push((words.service_tier)(tier));
        }
        for (kind, millionths) in factors {
            notes.push((words.factor)(*kind, format::trimmed(&factor(*millionths))));
        }
    } else if tried.cost.is_none() {
        notes.push(words.no_price.to_owned());
    } else {
        notes.push(words.prices_gone.to_owned());
    }
    if tried.usage.thinking > 0 {
        notes.push((words.thinking)(&format::grouped(tried.usage.thinking)));
    }
    notes.extend(tried.price.as_ref().map(|version| (words.version)(version)));
    notes
}

/// `1.1` for 1,100,000 millionths.
fn factor(millionths: u64) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_is_told_without_empty_digits() {
        assert_eq!(format::trimmed(&factor(1_100_000)), "1.1");
        assert_eq!(format::trimmed(&factor(500_000)), "0.5");
        assert_eq!(format::trimmed(&factor(6_000_000)), "6");
    }
}
