//! Points and spans of time as text: in the server's time zone, the same on server and browser.
//!
//! The server knows the zone's rules from jiff, the browser from `Intl`. What goes on by itself ("3 min ago")
//! follows one [`Clock`].

use leptos::prelude::*;

use crate::text::Text;

/// A point in time as a wall clock in some zone shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i16,
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
}

impl Civil {
    /// `14:32`.
    pub(crate) fn clock(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// `14:32:05`.
    pub(crate) fn clock_with_seconds(&self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }

    /// What a wall clock in the zone shows; in UTC if the zone is unknown.
    #[cfg(feature = "ssr")]
    pub(crate) fn at(at_ms: i64, zone: &str) -> Self {
        use jiff::Timestamp;
        use jiff::tz::TimeZone;

        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let at = zone.to_datetime(Timestamp::from_millisecond(at_ms).unwrap_or_default());
        Self {
            year: at.year(),
            month: at.month().unsigned_abs(),
            day: at.day().unsigned_abs(),
            hour: at.hour().unsigned_abs(),
            minute: at.minute().unsigned_abs(),
            second: at.second().unsigned_abs(),
        }
    }

    /// What a wall clock in the zone shows; in UTC if the zone is unknown.
    #[cfg(not(feature = "ssr"))]
    pub(crate) fn at(at_ms: i64, zone: &str) -> Self {
        browser::civil(at_ms, zone)
    }
}

/// Midnight of the day, as the zone counts it.
pub(crate) fn day_start(at_ms: i64, zone: &str) -> i64 {
    const DAY_MS: i64 = 86_400_000;
    let since_midnight = |at_ms: i64| {
        let at = Civil::at(at_ms, zone);
        (i64::from(at.hour) * 3600 + i64::from(at.minute) * 60 + i64::from(at.second)) * 1000
    };
    let start = at_ms.div_euclid(1000) * 1000 - since_midnight(at_ms);
    // Where the clock was changed since, this is an hour beside midnight: after it, or before it.
    match since_midnight(start) {
        after if after < DAY_MS / 2 => start - after,
        before => start + DAY_MS - before,
    }
}

/// The midnights of so many days up to today, earliest first.
pub(crate) fn day_starts(at_ms: i64, days: i64, zone: &str) -> Vec<i64> {
    const HOUR_MS: i64 = 3_600_000;
    let today_ms = day_start(at_ms, zone);
    // From noon to noon it is a day, give or take the hour of a changed clock.
    (0..days).rev().map(|back| day_start(today_ms + (12 - 24 * back) * HOUR_MS, zone)).collect()
}

/// The day as addresses and forms have it: `2026-11-24`.
pub(crate) fn day_name(at_ms: i64, zone: &str) -> String {
    let at = Civil::at(at_ms, zone);
    format!("{:04}-{:02}-{:02}", at.year, at.month, at.day)
}

/// The instant that an RFC 3339 text names.
#[cfg(feature = "ssr")]
pub(crate) fn instant_ms(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

/// The instant that an RFC 3339 text names.
#[cfg(not(feature = "ssr"))]
#[allow(clippy::cast_possible_truncation, reason = "whole milliseconds")]
pub(crate) fn instant_ms(text: &str) -> Option<i64> {
    let at_ms = js_sys::Date::parse(text);
    at_ms.is_finite().then_some(at_ms as i64)
}

/// The ISO form in UTC, for `datetime` attributes.
pub(crate) fn machine(at_ms: i64) -> String {
    let at = Civil::at(at_ms, "UTC");
    format!("{:04}-{:02}-{:02}T{}Z", at.year, at.month, at.day, at.clock_with_seconds())
}

/// As people type it into a field: a day where it is one's beginning in the zone, else an instant in UTC.
pub(crate) fn typed(at_ms: i64, zone: &str) -> String {
    if day_start(at_ms, zone) != at_ms {
        return machine(at_ms);
    }
    let at = Civil::at(at_ms, zone);
    format!("{:04}-{:02}-{:02}", at.year, at.month, at.day)
}

/// Date and time with its zone: what stands behind a short time.
pub(crate) fn exact(at_ms: i64, zone: &str, text: &Text) -> String {
    let at = Civil::at(at_ms, zone);
    format!("{}:{:02} {zone}", (text.time.date)(&at), at.second)
}

/// The time of day today, with the day before it otherwise.
pub(crate) fn brief(at_ms: i64, now_ms: i64, zone: &str, text: &Text) -> String {
    let (at, now) = (Civil::at(at_ms, zone), Civil::at(now_ms, zone));
    let same_day = (at.year, at.month, at.day) == (now.year, now.month, now.day);
    if same_day { at.clock() } else { format!("{} {}", (text.time.day)(&at), at.clock()) }
}

/// The same to the second.
pub(crate) fn brief_with_seconds(at_ms: i64, now_ms: i64, zone: &str, text: &Text) -> String {
    format!("{}:{:02}", brief(at_ms, now_ms, zone, text), Civil::at(at_ms, zone).second)
}

/// How long ago, in one unit.
pub(crate) fn ago(at_ms: i64, now_ms: i64, text: &Text) -> String {
    let seconds = (now_ms - at_ms).max(0) / 1000;
    let time = &text.time;
    let span = match seconds {
        0..10 => return time.now.to_owned(),
        10..60 => (time.seconds)(&seconds.to_string()),
        60..3600 => (time.minutes)(seconds / 60),
        3600..86_400 => (time.hours)(seconds / 3600),
        _ => (time.days)(seconds / 86_400),
    };
    (time.ago)(&span)
}

/// A span: milliseconds below a second, then seconds to three digits, then minutes.
#[allow(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(crate) fn span(milliseconds: u64, text: &Text) -> String {
    let seconds = i64::try_from(milliseconds / 1000).unwrap_or(i64::MAX);
    match milliseconds {
        0..1000 => (text.time.milliseconds)(milliseconds),
        1000..60_000 => (text.time.seconds)(&crate::format::three_digits(milliseconds as f64 / 1000.0)),
        60_000..3_600_000 => (text.time.minutes_seconds)(seconds / 60, seconds % 60),
        _ => (text.time.hours)(seconds / 3600),
    }
}

/// The present, once a second in the browser; on the server the moment of the page.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    now_ms: RwSignal<i64>,
}

impl Clock {
    /// Starts it for everything below.
    pub(crate) fn provide() {
        let now_ms = RwSignal::new(now_ms());
        provide_context(Self { now_ms });
        Effect::new(move || {
            let tick = std::time::Duration::from_secs(1);
            if let Ok(timer) = set_interval_with_handle(move || now_ms.set(self::now_ms()), tick) {
                on_cleanup(move || timer.clear());
            }
        });
    }

    /// Milliseconds since 1970; whoever reads it is told again each second.
    pub(crate) fn now_ms(self) -> i64 {
        self.now_ms.get()
    }

    /// The same, once.
    pub(crate) fn now_ms_untracked(self) -> i64 {
        self.now_ms.get_untracked()
    }
}

/// The clock of this page view.
pub(crate) fn use_clock() -> Clock {
    expect_context::<Clock>()
}

/// The present, milliseconds since 1970.
#[cfg(feature = "ssr")]
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The present, milliseconds since 1970.
#[cfg(not(feature = "ssr"))]
#[allow(clippy::cast_possible_truncation, reason = "whole milliseconds")]
pub(crate) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

#[cfg(not(feature = "ssr"))]
mod browser {
    use std::cell::RefCell;

    use js_sys::{Array, Date, Function, Intl, Object, Reflect};
    use wasm_bindgen::JsValue;

    use super::Civil;

    thread_local! {
        /// Making a formatter takes longer than using it a hundred times; a page shows one or two zones.
        static FORMATTERS: RefCell<Vec<(String, Function)>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn civil(at_ms: i64, zone: &str) -> Civil {
        #[allow(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
        let date = Date::new(&JsValue::from_f64(at_ms as f64));
        let text = formatter(zone).call1(&JsValue::UNDEFINED, &date).ok().and_then(|text| text.as_string());
        parse(&text.unwrap_or_default())
    }

    fn formatter(zone: &str) -> Function {
        FORMATTERS.with_borrow_mut(|known| {
            if let Some((_, formatter)) = known.iter().find(|(name, _)| name == zone) {
                return formatter.clone();
            }
            let formatter = make(zone).or_else(|_| make("UTC")).unwrap_or_default();
            known.push((zone.to_owned(), formatter.clone()));
            formatter
        })
    }

    /// `sv-SE` writes numbers alone, largest first: `2026-11-24 14:32:05`.
    fn make(zone: &str) -> Result<Function, JsValue> {
        let options = Object::new();
        for (name, value) in [
            ("timeZone", zone),
            ("hourCycle", "h23"),
            ("year", "numeric"),
            ("month", "2-digit"),
            ("day", "2-digit"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
        ] {
            Reflect::set(&options, &name.into(), &value.into())?;
        }
        // The typed constructor panics on an unknown zone; this one gives the error back.
        let constructor =
            Reflect::get(&Reflect::get(&js_sys::global(), &"Intl".into())?, &"DateTimeFormat".into())?;
        let arguments = Array::of2(&"sv-SE".into(), &options);
        let formatter = Reflect::construct(constructor.unchecked_ref::<Function>(), &arguments)?;
        Ok(formatter.unchecked_into::<Intl::DateTimeFormat>().format())
    }

    fn parse(text: &str) -> Civil {
        let mut numbers =
            text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<i16>().ok());
        let year = numbers.next().unwrap_or(1970);
        let mut next = || numbers.next().and_then(|number| u8::try_from(number).ok()).unwrap_or_default();
        Civil { year, month: next(), day: next(), hour: next(), minute: next(), second: next() }
    }

    use wasm_bindgen::JsCast as _;
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::text::Language;

    const AT: i64 = 1_795_527_125_000;

    #[test]
    fn a_moment_is_shown_in_the_zone_that_is_asked_for() {
        assert_eq!(Civil::at(AT, "UTC").clock_with_seconds(), "13:32:05");
        assert_eq!(Civil::at(AT, "Europe/Berlin").clock(), "14:32");
        assert_eq!(Civil::at(AT, "Nowhere/Land").clock(), "13:32");
        assert_eq!(machine(AT), "2026-11-24T13:32:05Z");
    }

    #[test]
    fn a_day_starts_at_its_midnight_also_when_the_clock_was_changed_since() {
        let hour_ms = 3_600_000;
        assert_eq!(day_start(AT, "Europe/Berlin"), 1_795_474_800_000);

        // 29 March 2026: 02:00 became 03:00; 25 October 2026: 03:00 became 02:00.
        let spring = 1_774_738_800_000;
        assert_eq!(day_start(spring + 11 * hour_ms, "Europe/Berlin"), spring);
        let autumn = 1_792_879_200_000;
        assert_eq!(day_start(autumn + 11 * hour_ms, "Europe/Berlin"), autumn);
    }

    #[test]
    fn spans_are_milliseconds_then_seconds_then_minutes() {
        let text = Language::En.text();

        assert_eq!(span(840, text), "840\u{202f}ms");
        assert_eq!(span(1_120, text), "1.12\u{202f}s");
        assert_eq!(span(38_000, text), "38.0\u{202f}s");
        assert_eq!(span(192_000, text), "3\u{202f}min 12\u{202f}s");
    }

    #[test]
    fn what_was_just_now_is_said_so() {
        let text = Language::En.text();

        assert_eq!(ago(AT, AT + 4_000, text), "just now");
        assert_eq!(ago(AT, AT + 120_000, text), "2\u{202f}min ago");
    }
}
