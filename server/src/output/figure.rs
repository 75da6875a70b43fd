//! Usage, prices, and the books counted anew, as tables for people.

use relay::model::csv;
use relay::model::explore::SplitBy;
use relay::model::figure::{Share, Totals};
use relay::model::price::{ClassPrices, PriceList, PriceOverride, PriceRow, Repriced};
use relay::model::verify::{Difference, Verification};

use super::table::render;
use super::word;
use crate::command::usage::Used;

/// Differences that are shown; all of them are in the JSON.
const SHOWN: usize = 20;

/// Usage, part by part, with the sum.
pub(super) fn usage(used: &Used) -> String {
    let exploration = &used.exploration;
    if used.csv {
        return csv::usage(exploration);
    }
    let row = |part: &Share| totals(label(part, used.by), &part.totals);
    let total = totals("total".to_owned(), &exploration.total);
    let head = [
        used.by.name(),
        "requests",
        "failed",
        "input",
        "output",
        "cache written",
        "cache read",
        "tokens",
        "cost",
        "unpriced",
    ];
    let table = render(&head, exploration.parts.iter().map(row).chain([total]));
    let (from, to) = (word::instant(exploration.from_ms), word::instant(exploration.to_ms));
    let overlaps = if exploration.overlaps { "\nKeys with several tags are in several parts.\n" } else { "" };
    format!("{table}\nFrom {from} to {to}; days begin in {}.\n{overlaps}", exploration.time_zone)
}

fn label(part: &Share, by: SplitBy) -> String {
    match (part.name.as_str(), by) {
        ("", SplitBy::Model) => "(no answer)".to_owned(),
        ("", _) if part.id.is_empty() => "(none)".to_owned(),
        ("", _) => part.id.clone(),
        (name, _) => name.to_owned(),
    }
}

fn totals(label: String, totals: &Totals) -> Vec<String> {
    let tokens = &totals.tokens;
    vec![
        label,
        totals.requests.to_string(),
        totals.failed.to_string(),
        tokens.input.to_string(),
        tokens.output.to_string(),
        tokens.cache_write().to_string(),
        tokens.cache_read.to_string(),
        tokens.all().to_string(),
        word::dollars(totals.cost),
        totals.unpriced.to_string(),
    ]
}

/// What came of counting anew.
pub(super) fn verification(found: &Verification) -> String {
    let beyond = match found.beyond {
        0 => String::new(),
        beyond => {
            format!(" The records of {beyond} older sums are forgotten; those were held against one another.")
        }
    };
    let head = format!("{} records, {} sums compared.{beyond}", found.records, found.compared);
    if found.is_clean() {
        return format!("{head}\nThe books add up.\n");
    }
    let row = |difference: &Difference| {
        vec![
            difference.size.clone(),
            word::instant(difference.at_ms),
            difference.of.clone(),
            difference.figure.clone(),
            difference.kept.to_string(),
            difference.counted.to_string(),
        ]
    };
    let rows = found.differences.iter().take(SHOWN).map(row);
    let table = render(&["sum", "from", "of", "figure", "kept", "counted"], rows);
    let all = found.differences.len() as u64 + found.more;
    format!("{head}\n\n{table}\n{all} figures differ.\n")
}

/// All prices.
pub(super) fn prices(list: &PriceList) -> String {
    let row = |row: &PriceRow| {
        let own = match row.overrides.len() {
            0 => String::new(),
            count => format!("{count} of your own"),
        };
        let mut cells = vec![row.model.clone()];
        cells.extend(classes(&row.now).map(rate));
        cells.push(own);
        cells
    };
    let head =
        ["model", "input", "audio", "output", "write 5 m", "write 1 h", "cache read", "1000 searches", ""];
    let table = render(&head, list.rows.iter().map(row));
    format!("{table}\nDollars per million tokens, for short prompts. Version {}.\n", list.version)
}

/// Prices of the operator's own.
pub(super) fn price(own: &PriceOverride) -> String {
    let from = word::instant(own.from_ms);
    if own.prices.is_empty() {
        return format!("From {from} on {} has the list's prices.\n", own.model);
    }
    let names =
        ["input", "audio", "output", "cache written for 5 m", "for 1 h", "cache read", "1000 searches"];
    let set = classes(&own.prices).into_iter().zip(names);
    let set = set.filter(|(rate, _)| rate.is_some()).map(|(price, name)| format!("{name} {}", rate(price)));
    format!("From {from} on {} costs: {}.\n", own.model, set.collect::<Vec<_>>().join(", "))
}

/// What pricing the past anew came to.
pub(super) fn repriced(done: &Repriced) -> String {
    format!(
        "{} records, {} with another cost now: {} before, {} after.\n",
        done.records,
        done.changed,
        word::dollars(done.before),
        word::dollars(done.after)
    )
}

fn classes(prices: &ClassPrices) -> [Option<u64>; 7] {
    [
        prices.input,
        prices.input_audio,
        prices.output,
        prices.cache_write_5m,
        prices.cache_write_1h,
        prices.cache_read,
        prices.web_search,
    ]
}

/// In dollars, without zeros at the end.
fn rate(rate: Option<u64>) -> String {
    let Some(rate) = rate else { return "–".to_owned() };
    let text = format!("{}.{:09}", rate / 1_000_000_000, rate % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
