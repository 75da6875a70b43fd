//! What goes on now: rates over the last minutes, streams under way, what went wrong, how fast answers begin.

use leptos::prelude::*;
use relay::model::explore::{Measure, Span, SplitBy};
use relay::model::figure::{Minute, Now};

use super::board::Figures;
use crate::address::request::Calls;
use crate::address::usage::today_by;
use crate::format;
use crate::moment::{self, Civil, use_clock};
use crate::part::figure::Figure;
use crate::part::sheet::Sheet;
use crate::part::spark::Spark;
use crate::preference::{use_preference, use_text};
use crate::room::ACCOUNTS;

/// Rates are over so many minutes, the running one included: steady enough to read, quick enough to follow.
const RATE_MINUTES: usize = 5;

/// The panel.
#[component]
pub(super) fn NowPanel(figures: Figures) -> impl IntoView {
    let text = use_text();
    let now = Memo::new(move |_| figures.shown.with(|shown| shown.now.clone()));
    let minutes = move |take: fn(&Minute) -> Option<f64>| {
        Signal::derive(move || now.with(|now| now.minutes.iter().map(take).collect::<Vec<_>>()))
    };
    view! {
        <Sheet id="now" title=text.dashboard.now note=text.dashboard.last_30_minutes>
            <dl class="figures">
                <Rate figures now minutes=minutes(|minute| Some(f64::from(minute.requests)))/>
                <TokenRate figures now minutes=minutes(|minute| Some(as_float(minute.tokens)))/>
                <Streams now/>
                <Failures now minutes=minutes(|minute| Some(f64::from(minute.failed)))/>
                <FirstByte now minutes=minutes(|minute| minute.first_byte_p50_ms.map(f64::from))/>
            </dl>
        </Sheet>
    }
}

#[component]
fn Rate(figures: Figures, now: Memo<Now>, minutes: Signal<Vec<Option<f64>>>) -> impl IntoView {
    let text = &use_text().dashboard;
    let zone = use_preference().zone;
    let value = move || format::rate(per_minute(&minutes.get(), figures.shown.with(|shown| shown.at_ms)));
    let note = move || {
        let peak = now.with(|now| now.minutes.iter().max_by_key(|minute| minute.requests).copied());
        let Some(peak) = peak.filter(|peak| peak.requests > 0) else { return String::new() };
        (text.peak)(&format::grouped(peak.requests.into()), &Civil::at(peak.at_ms, &zone).clock())
    };
    view! {
        <Figure
            label=text.requests
            value=Signal::derive(value)
            unit=text.per_minute
            note=Signal::derive(note)
            href=Calls::within(Span::Today).href()
        >
            <Spark values=minutes/>
        </Figure>
    }
}

#[component]
fn TokenRate(figures: Figures, now: Memo<Now>, minutes: Signal<Vec<Option<f64>>>) -> impl IntoView {
    let text = use_text();
    let rate = Memo::new(move |_| {
        format::short(per_minute(&minutes.get(), figures.shown.with(|shown| shown.at_ms)), text.language)
    });
    let note = move || {
        let (all, read) = now.with(|now| {
            let sum = |take: fn(&Minute) -> u64| now.minutes.iter().map(take).sum::<u64>();
            (sum(|minute| minute.tokens), sum(|minute| minute.cache_read))
        });
        let percent = format::percent(as_float(read), as_float(all));
        percent.map(|percent| (text.dashboard.from_cache)(&format!("{percent}\u{202f}%"))).unwrap_or_default()
    };
    let unit = move || rate.with(|rate| format!("{}{}", rate.unit, text.dashboard.per_minute));
    view! {
        <Figure
            label=text.dashboard.tokens
            value=Signal::derive(move || rate.with(|rate| rate.number.clone()))
            unit=Signal::derive(unit)
            note=Signal::derive(note)
            href=today_by(SplitBy::Model, Measure::Tokens)
        >
            <Spark values=minutes/>
        </Figure>
    }
}

#[component]
fn Streams(now: Memo<Now>) -> impl IntoView {
    let (text, clock) = (use_text(), use_clock());
    let oldest = Memo::new(move |_| now.with(|now| now.oldest_open_ms));
    let note = move || match oldest.get() {
        Some(since_ms) => {
            let seconds = (clock.now_ms() - since_ms).max(0).unsigned_abs() / 1000;
            (text.dashboard.oldest)(&moment::span(seconds.max(1) * 1000, text))
        }
        None => text.dashboard.no_stream.to_owned(),
    };
    view! {
        <Figure
            label=text.dashboard.streams_open
            value=Signal::derive(move || format::grouped(now.with(|now| now.streams_open).into()))
            note=Signal::derive(note)
            href=ACCOUNTS.path
        />
    }
}

#[component]
fn Failures(now: Memo<Now>, minutes: Signal<Vec<Option<f64>>>) -> impl IntoView {
    let text = &use_text().dashboard;
    let sums = Memo::new(move |_| {
        now.with(|now| {
            let sum = |take: fn(&Minute) -> u32| now.minutes.iter().map(take).map(u64::from).sum::<u64>();
            let failed = sum(|minute| minute.failed);
            (failed, failed + sum(|minute| minute.requests))
        })
    });
    let value = move || {
        let (failed, all) = sums.get();
        format::percent(as_float(failed), as_float(all)).unwrap_or_else(|| "–".to_owned())
    };
    let note = move || {
        let (failed, all) = sums.get();
        (text.of_requests)(&format::grouped(failed), &format::grouped(all))
    };
    let unit = move || if sums.get().1 > 0 { "%".to_owned() } else { String::new() };
    view! {
        <Figure
            label=text.refused_or_failed
            value=Signal::derive(value)
            unit=Signal::derive(unit)
            note=Signal::derive(note)
            href=today_by(SplitBy::Outcome, Measure::Failed)
        >
            <Spark values=minutes/>
        </Figure>
    }
}

#[component]
fn FirstByte(now: Memo<Now>, minutes: Signal<Vec<Option<f64>>>) -> impl IntoView {
    let text = use_text();
    let value = move || match now.with(|now| now.first_byte_p50_ms) {
        Some(p50) => moment::span(p50.into(), text),
        None => "–".to_owned(),
    };
    let note = move || match now.with(|now| now.first_byte_p95_ms) {
        Some(p95) => (text.dashboard.p95)(&moment::span(p95.into(), text)),
        None => text.dashboard.no_answer.to_owned(),
    };
    // The unit belongs to the number here: it changes with its size.
    let number = move || value().split('\u{202f}').next().unwrap_or_default().to_owned();
    let unit = move || value().split('\u{202f}').nth(1).unwrap_or_default().to_owned();
    view! {
        <Figure
            label=text.dashboard.first_byte_p50
            value=Signal::derive(number)
            unit=Signal::derive(unit)
            note=Signal::derive(note)
            href=today_by(SplitBy::Hour, Measure::FirstByte)
        >
            <Spark values=minutes/>
        </Figure>
    }
}

/// The mean of the last minutes; the running one counts for as much of it as is over.
fn per_minute(minutes: &[Option<f64>], at_ms: i64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "below a minute")]
    let running = (at_ms.rem_euclid(60_000) as f64 / 60_000.0).max(0.05);
    let taken = minutes.len().min(RATE_MINUTES);
    let sum: f64 = minutes.iter().rev().take(taken).flatten().sum();
    #[allow(clippy::cast_precision_loss, reason = "a handful")]
    let whole = taken.saturating_sub(1) as f64;
    sum / (whole + running)
}

#[allow(clippy::cast_precision_loss, reason = "for display")]
fn as_float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::per_minute;

    #[test]
    fn the_running_minute_counts_for_what_is_over_of_it() {
        let minutes = [Some(100.0), Some(6.0), Some(6.0), Some(6.0), Some(6.0), Some(3.0)];

        let rate = per_minute(&minutes, 30_000);

        assert!((rate - 6.0).abs() < 1e-9, "{rate}");
    }
}
