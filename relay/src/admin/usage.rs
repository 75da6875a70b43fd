//! Usage: sums over any stretch, split and narrowed as asked, and the books counted anew.
//!
//! Whatever is asked, the answer comes from the same sums: parts add up to the total, and the total is what the
//! dashboard, the key's own page, REST and the command line say of the same stretch.

mod labels;
mod span;

use std::collections::HashMap;

pub(super) use self::labels::Labels;
use self::span::Stretch;
pub use self::span::{bounds, named};
use super::{Admin, Error};
use crate::clock::Clock;
use crate::model::explore::{
    Exploration, MOST_DRAWN, Measure, Narrowing, Question, REST, Span, SplitBy, Step,
};
use crate::model::figure::{Share, Slice, Totals};
use crate::model::verify::Verification;
use crate::state::Shared;
use crate::store;
use crate::store::figure::{self, Ask, Dimension, Filter, Part};
use crate::store::retention;

/// Answers a question, the latest call included.
///
/// # Errors
/// The span is none (`from`, `to`), or the store fails.
pub async fn explore(shared: &Shared, admin: &Admin, question: &Question) -> Result<Exploration, Error> {
    drawing(shared, admin, question, MOST_DRAWN, None).await
}

/// The same with other than [`MOST_DRAWN`] parts in its slices, and slices of another width: by day or by hour.
///
/// # Errors
/// As for [`explore`].
pub(crate) async fn drawing(
    shared: &Shared,
    _admin: &Admin,
    question: &Question,
    drawn: usize,
    width: Option<SplitBy>,
) -> Result<Exploration, Error> {
    shared.books.caught_up().await;
    let hours_ms = retention::horizon(&shared.store).await?.hours_ms;
    let stretch = Stretch::of(&question.span, &shared.clock, hours_ms)?;
    let step = match width.unwrap_or(question.by) {
        SplitBy::Day => Step::Day,
        SplitBy::Hour if stretch.from_ms >= hours_ms => Step::Hour,
        _ => stretch.step,
    };
    let labels = Labels::read(shared).await?;
    // A stretch on the ends of hours must not be taken for whole days.
    let exact = if stretch.step == Step::Hour { "h" } else { "d" };
    let size = if step == Step::Hour { "h" } else { exact };
    let only =
        |size, from_ms, to_ms| narrowed(Filter::since(size, from_ms).before(to_ms), &question.only, &labels);
    let asks = [
        Ask::in_time(only(size, stretch.from_ms, stretch.to_ms), dimension(question.by)),
        Ask::whole(only(exact, stretch.before_ms, stretch.from_ms), None),
    ];
    let [mut in_time, before] = figure::ask(&shared.store, asks).await?;
    if step == Step::Day {
        in_time = by_day(in_time, &shared.clock, stretch.from_ms);
    }
    let total = figure::sum(&in_time);
    let in_time = labels.regrouped(in_time, question.by);
    let mut parts = match question.by {
        SplitBy::Day | SplitBy::Hour => by_time(&shared.clock, &in_time, step),
        _ => summed(&in_time, &labels, question.by),
    };
    if !matches!(question.by, SplitBy::Day | SplitBy::Hour) {
        order(&mut parts, question.measure);
    }
    Ok(Exploration {
        at_ms: shared.clock.now_ms(),
        time_zone: shared.clock.zone_name(),
        from_ms: stretch.from_ms,
        to_ms: stretch.to_ms,
        step,
        total,
        before: figure::sum(&before),
        slices: sliced(in_time, &parts, question.by, drawn),
        parts,
        overlaps: question.by == SplitBy::Tag,
    })
}

/// The instants at which a span begins and ends, which is not in it, milliseconds since 1970: the same for lists of calls as
/// for sums.
///
/// # Errors
/// The span is none (`from`, `to`), or the store fails.
pub async fn ends(shared: &Shared, _admin: &Admin, span: &Span) -> Result<(i64, i64), Error> {
    let hours_ms = retention::horizon(&shared.store).await?.hours_ms;
    let stretch = Stretch::of(span, &shared.clock, hours_ms)?;
    Ok((stretch.from_ms, stretch.to_ms))
}

/// Counts every sum anew from the records, with code that shares nothing with what wrote it, and tells what differs.
/// Sums whose records are forgotten are compared with one another.
///
/// # Errors
/// If the store fails. Differences are no error.
pub async fn verify(shared: &Shared, _admin: &Admin) -> Result<Verification, Error> {
    shared.books.caught_up().await;
    Ok(store::verify::verify(&shared.store, shared.clock.zone()).await?)
}

fn narrowed(filter: Filter, only: &Narrowing, labels: &Labels) -> Filter {
    let mut filter = filter;
    if let Some(key) = &only.key {
        filter = filter.of_key(key.clone());
    }
    if let Some(model) = &only.model {
        filter = filter.of_model(model.clone());
    }
    if let Some(account) = &only.account {
        filter = filter.of_account(account);
    }
    if let Some(outcome) = only.outcome {
        filter = filter.of_outcome(outcome);
    }
    if let Some(owner) = &only.owner {
        filter = filter.of_keys(labels.keys_of_owner(owner));
    }
    if let Some(tag) = &only.tag {
        filter = filter.of_keys(labels.keys_with_tag(tag));
    }
    filter
}

fn dimension(by: SplitBy) -> Option<Dimension> {
    match by {
        SplitBy::Model => Some(Dimension::Model),
        SplitBy::Key | SplitBy::Owner | SplitBy::Tag => Some(Dimension::Key),
        SplitBy::Account => Some(Dimension::Account),
        SplitBy::Outcome => Some(Dimension::Outcome),
        SplitBy::Day | SplitBy::Hour => None,
    }
}

/// Parts as the days that they are in; the first may begin in its middle. Days of a zone of before are put to those of
/// the present one that they begin in.
fn by_day(parts: Vec<Part>, clock: &Clock, from_ms: i64) -> Vec<Part> {
    let mut days: Vec<Part> = Vec::new();
    let mut places: HashMap<(i64, String), usize> = HashMap::new();
    let mut day_ms = (i64::MAX, i64::MIN);
    for part in parts {
        if !(day_ms.0..day_ms.1).contains(&part.at_ms) {
            day_ms = (clock.day_start_ms(part.at_ms, 0), clock.day_start_ms(part.at_ms, 1));
        }
        let at_ms = day_ms.0.max(from_ms);
        let place = *places.entry((at_ms, part.id.clone())).or_insert(days.len());
        match days.get_mut(place) {
            Some(day) => {
                day.totals += part.totals;
                day.last_ms = day.last_ms.max(part.last_ms);
            }
            None => days.push(Part { at_ms, ..part }),
        }
    }
    days
}

/// One part for each stretch of time; its id is its start, as `2026-11-24` or as an instant.
fn by_time(clock: &Clock, in_time: &[Part], step: Step) -> Vec<Share> {
    let share = |part: &Part| {
        let day = clock.day_name(part.at_ms);
        let (id, name) = match step {
            Step::Day => (day.clone(), day),
            Step::Hour => (Clock::rfc3339(part.at_ms), format!("{day} {}", clock.time_name(part.at_ms))),
        };
        Share { id, name, totals: part.totals }
    };
    in_time.iter().map(share).collect()
}

fn summed(in_time: &[Part], labels: &Labels, by: SplitBy) -> Vec<Share> {
    let mut sums: HashMap<&str, Totals> = HashMap::new();
    for part in in_time {
        *sums.entry(&part.id).or_default() += part.totals;
    }
    let share = |(id, totals): (&str, Totals)| Share { id: id.to_owned(), name: labels.name(id, by), totals };
    sums.into_iter().map(share).collect()
}

/// Largest first; what is equal by cost, tokens, requests and name in turn, so that an order is one.
fn order(parts: &mut [Share], measure: Measure) {
    parts.sort_by(|one, other| {
        let rank = |share: &Share| {
            let then = [Measure::Cost, Measure::Tokens, Measure::Requests].map(|then| then.of(&share.totals));
            (measure.of(&share.totals), then)
        };
        rank(other)
            .cmp(&rank(one))
            .then_with(|| one.name.cmp(&other.name))
            .then_with(|| one.id.cmp(&other.id))
    });
}

/// By time: what is not among the first parts goes into the rest.
fn sliced(in_time: Vec<Part>, parts: &[Share], by: SplitBy, most: usize) -> Vec<Slice> {
    let drawn: HashMap<&str, (usize, &str)> = parts
        .iter()
        .take(most)
        .enumerate()
        .map(|(at, share)| (share.id.as_str(), (at, share.name.as_str())))
        .collect();
    let is_time = matches!(by, SplitBy::Day | SplitBy::Hour);
    let mut slices: Vec<(i64, Vec<(usize, Share)>)> = Vec::new();
    for part in in_time {
        let (at, id, name) = match drawn.get(part.id.as_str()) {
            _ if is_time => (0, "", ""),
            Some((at, name)) => (*at, part.id.as_str(), *name),
            None => (most, REST, ""),
        };
        if slices.last().is_none_or(|(at_ms, _)| *at_ms != part.at_ms) {
            slices.push((part.at_ms, Vec::new()));
        }
        let Some((_, shares)) = slices.last_mut() else { continue };
        match shares.iter_mut().find(|(other, _)| *other == at) {
            Some((_, share)) => share.totals += part.totals,
            None => {
                shares.push((at, Share { id: id.to_owned(), name: name.to_owned(), totals: part.totals }))
            }
        }
    }
    let slice = |(at_ms, mut shares): (i64, Vec<(usize, Share)>)| {
        shares.sort_by_key(|(at, _)| *at);
        Slice { at_ms, parts: shares.into_iter().map(|(_, share)| share).collect() }
    };
    slices.into_iter().map(slice).collect()
}
