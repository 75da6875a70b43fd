//! An account's window: how much of it is used, how much will be at today's pace, how much of its time is gone.

use leptos::prelude::*;
use relay::model::window::{WindowName, WindowReading, WindowStatus};

use crate::format;
use crate::moment::{self, use_clock};
use crate::preference::{use_preference, use_text};
use crate::text::Text;

const HOUR_MS: f64 = 3_600_000.0;
/// Too early in a window its pace says nothing.
const PACE_FROM: f64 = 0.05;

/// What a window's line shows; parts of one.
#[derive(Clone, Debug, PartialEq)]
struct Drawn {
    used: f64,
    /// At its reset, if it goes on like this.
    ahead: Option<f64>,
    gone: Option<f64>,
    tone: &'static str,
}

/// Windows under one another.
#[component]
pub(crate) fn Windows(
    #[prop(into)] readings: Signal<Vec<WindowReading>>,
    /// The account gets no calls: what is shown is as it was.
    #[prop(into)]
    idle: Signal<bool>,
) -> impl IntoView {
    let line = move |window: WindowName| {
        let sought = window.clone();
        let reading = Memo::new(move |_| {
            readings.with(|readings| readings.iter().find(|reading| reading.window == sought).cloned())
        });
        view! { <Window window reading idle/> }
    };
    let names = move || {
        readings.with(|readings| readings.iter().map(|reading| reading.window.clone()).collect::<Vec<_>>())
    };
    view! { <For each=names key=WindowName::clone children=line/> }
}

#[component]
fn Window(window: WindowName, reading: Memo<Option<WindowReading>>, idle: Signal<bool>) -> impl IntoView {
    let text = use_text();
    let (clock, zone) = (use_clock(), use_preference().zone);
    let name = (text.detail.window_name)(&window);
    let drawn = Memo::new(move |_| {
        let now_ms = clock.now_ms();
        reading.with(|reading| reading.as_ref().map(|reading| drawn(reading, idle.get(), now_ms)))
    });
    let percent = move || drawn.with(|drawn| drawn.as_ref().map_or(0.0, |drawn| 100.0 * drawn.used));
    let note = move || {
        let now_ms = clock.now_ms();
        let brief = |at_ms: i64| moment::brief(at_ms, now_ms, &zone, text);
        let resets_ms = reading.with(|reading| reading.as_ref().and_then(|reading| reading.resets_ms));
        drawn.with(|drawn| drawn.as_ref().map(|drawn| said(drawn, resets_ms, now_ms, brief, text)))
    };
    let tone = move || drawn.with(|drawn| drawn.as_ref().map_or("", |drawn| drawn.tone));
    let label = (text.detail.window_of)(&name);
    view! {
        <div class="window">
            <span>{name}</span>
            <span
                class=move || format!("track {}", tone())
                role="meter"
                aria-label=label
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || format!("{:.0}", percent())
            >
                {move || drawn.get().map(track)}
            </span>
            <span class="n">{move || format!("{:.0}", percent())}<small class="unit">"\u{202f}%"</small></span>
            <span class=move || format!("note {}", tone())>{note}</span>
        </div>
    }
}

/// The line itself: a hairline with its stop, the used part, dashes to where it will be, a flag where time is.
fn track(drawn: Drawn) -> impl IntoView {
    let at = |part: f64| format!("{:.1}", 1000.0 * part.clamp(0.0, 1.0));
    let ahead = drawn.ahead.filter(|ahead| *ahead > drawn.used);
    let ahead =
        ahead.map(|ahead| view! { <path class="ahead" d=format!("M{} 7H{}", at(drawn.used), at(ahead))/> });
    let gone = drawn.gone.map(|gone| view! { <path class="gone" d=format!("M{} 1V13", at(gone))/> });
    view! {
        <svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">
            <path class="base" d="M0 7H1000M200 5V9M400 5V9M600 5V9M800 5V9"/>
            <rect class="used" y="4.5" width=at(drawn.used) height="5"/>
            {ahead}
            {gone}
            <path class="stop" d="M1000 1V13"/>
        </svg>
    }
}

fn drawn(reading: &WindowReading, idle: bool, now_ms: i64) -> Drawn {
    let is_rejected = reading.status == Some(WindowStatus::Rejected);
    let used = reading.used.map_or(f64::from(u8::from(is_rejected)), |points| f64::from(points) / 10_000.0);
    let gone = gone(reading, now_ms);
    let ahead = gone.filter(|gone| *gone >= PACE_FROM).map(|gone| used / gone);
    let is_near =
        reading.status == Some(WindowStatus::AllowedWarning) || ahead.is_some_and(|ahead| ahead >= 1.0);
    let tone = match used {
        _ if idle => "idle",
        used if used >= 1.0 || is_rejected => "full",
        used if is_near && used >= 0.25 => "near",
        _ => "",
    };
    Drawn { used, ahead: ahead.filter(|_| !idle), gone: gone.filter(|_| !idle), tone }
}

/// How much of its time is gone; nothing if its length or its end is not known.
#[allow(clippy::cast_precision_loss, reason = "parts of days in milliseconds")]
fn gone(reading: &WindowReading, now_ms: i64) -> Option<f64> {
    let left_ms = (reading.resets_ms? - now_ms).max(0) as f64;
    Some((1.0 - left_ms / (f64::from(reading.window.hours()) * HOUR_MS)).clamp(0.0, 1.0))
}

fn said(
    drawn: &Drawn,
    resets_ms: Option<i64>,
    now_ms: i64,
    brief: impl Fn(i64) -> String,
    text: &Text,
) -> String {
    let text_of = &text.detail;
    let Some(resets_ms) = resets_ms else {
        return if drawn.tone == "full" { text_of.full } else { text_of.no_reset }.to_owned();
    };
    let reset = brief(resets_ms);
    match (drawn.tone, drawn.ahead, drawn.gone) {
        ("full", ..) => (text_of.full_until)(&reset),
        ("near", Some(ahead), Some(gone)) if ahead > 1.0 => {
            let out_ms = runs_out_ms(drawn.used, gone, resets_ms, now_ms);
            let before = u64::try_from(resets_ms - out_ms).unwrap_or_default();
            (text_of.runs_out)(&brief(out_ms), &moment::span(before.max(60_000), text))
        }
        (_, Some(ahead), _) => {
            let percent = format::percent(ahead, 1.0).unwrap_or_default();
            (text_of.at_reset)(&percent, &reset)
        }
        _ => (text_of.resets)(&reset),
    }
}

/// When it is full at its pace so far: as much time again for what is left as was gone for what is used.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "parts of days in milliseconds"
)]
fn runs_out_ms(used: f64, gone: f64, resets_ms: i64, now_ms: i64) -> i64 {
    if gone >= 1.0 || used <= 0.0 {
        return resets_ms;
    }
    let gone_ms = (resets_ms - now_ms) as f64 * gone / (1.0 - gone);
    now_ms + (gone_ms * (1.0 - used) / used).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;

    fn reading(used: u32, left_minutes: i64) -> WindowReading {
        WindowReading {
            window: WindowName::FiveHour,
            used: Some(used),
            resets_ms: Some(NOW_MS + left_minutes * 60_000),
            status: None,
        }
    }

    #[test]
    fn a_window_used_faster_than_time_goes_is_near_its_end_and_says_when() {
        let reading = reading(8_000, 150);
        let drawn = drawn(&reading, false, NOW_MS);

        assert_eq!(drawn.tone, "near");
        assert_eq!(drawn.gone, Some(0.5));
        assert_eq!(
            runs_out_ms(drawn.used, 0.5, NOW_MS + 150 * 60_000, NOW_MS),
            NOW_MS + 37 * 60_000 + 30_000
        );
    }

    #[test]
    fn a_full_window_is_full_and_an_idle_one_has_no_pace() {
        assert_eq!(drawn(&reading(10_000, 60), false, NOW_MS).tone, "full");
        let idle = drawn(&reading(4_000, 60), true, NOW_MS);
        assert_eq!((idle.tone, idle.ahead), ("idle", None));
    }

    #[test]
    fn a_window_just_begun_has_no_pace_yet() {
        assert_eq!(drawn(&reading(100, 295), false, NOW_MS).ahead, None);
    }
}
