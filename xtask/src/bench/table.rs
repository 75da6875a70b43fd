//! The table of docs/performance.md: what is shown, in which unit, and what is required.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::figure::{Figures, Metric, Side};

const DOCUMENT: &str = "docs/performance.md";
const BEGIN: &str = "<!-- bench: what follows is written by `make bench` -->\n";
const END: &str = "<!-- bench: end -->\n";

/// A table, and what it shows to be worse than required.
pub(super) struct Table {
    pub(super) text: String,
    pub(super) missed: Vec<String>,
}

/// A row.
struct Row {
    metric: Metric,
    what: &'static str,
    unit: Unit,
    bound: Bound,
}

#[derive(Clone, Copy)]
enum Unit {
    PerSecond,
    Microseconds,
    Milliseconds,
    Seconds,
    Kibibytes,
    Kilobytes,
    Megabytes,
}

/// What is required.
#[derive(Clone, Copy)]
enum Bound {
    None,
    /// At most, in the row's unit.
    Most(f64),
    /// At most so many times what nginx needs.
    Ratio(f64),
}

const ROWS: [Row; 19] = [
    row(Metric::MessageCpu, "CPU per small message", Unit::Microseconds, Bound::Ratio(4.0)),
    row(Metric::StreamCpu, "CPU per stream of 40 events", Unit::Microseconds, Bound::Ratio(3.0)),
    row(Metric::MessageRate, "small messages per second", Unit::PerSecond, Bound::None),
    row(Metric::StreamRate, "streams of 40 events per second", Unit::PerSecond, Bound::None),
    row(Metric::LatencyMedian, "added latency at 400 messages/s, median", Unit::Microseconds, Bound::None),
    row(
        Metric::LatencyTail,
        "added latency at 400 messages/s, 99th percentile",
        Unit::Microseconds,
        Bound::None,
    ),
    row(Metric::StreamMemory, "memory per open stream, at 1,000", Unit::Kibibytes, Bound::Most(64.0)),
    row(Metric::Idle, "memory at rest", Unit::Megabytes, Bound::Most(40.0)),
    row(Metric::Start, "start to first 200", Unit::Milliseconds, Bound::Most(300.0)),
    row(Metric::FirstStart, "the same on an empty data folder", Unit::Milliseconds, Bound::Most(300.0)),
    row(Metric::Binary, "binary, console included", Unit::Megabytes, Bound::Most(30.0)),
    row(Metric::Wasm, "console's first WASM, brotli", Unit::Kilobytes, Bound::Most(400.0)),
    row(Metric::Dashboard, "1,000,000 calls: dashboard", Unit::Milliseconds, Bound::Most(100.0)),
    row(Metric::Explorer, "1,000,000 calls: question of usage", Unit::Milliseconds, Bound::Most(100.0)),
    row(Metric::Requests, "1,000,000 calls: page of requests", Unit::Milliseconds, Bound::Most(50.0)),
    row(Metric::Fold, "1,000,000 calls: into the books", Unit::PerSecond, Bound::None),
    row(Metric::Verify, "1,000,000 calls: counted anew", Unit::Seconds, Bound::None),
    row(Metric::Download, "1,000,000 calls: all of them as CSV", Unit::Seconds, Bound::None),
    row(Metric::DownloadMemory, "memory that this takes", Unit::Megabytes, Bound::Most(16.0)),
];

const fn row(metric: Metric, what: &'static str, unit: Unit, bound: Bound) -> Row {
    Row { metric, what, unit, bound }
}

impl Unit {
    fn of(self, value: f64) -> f64 {
        match self {
            Self::PerSecond | Self::Microseconds | Self::Milliseconds | Self::Seconds => value,
            Self::Kibibytes => value / 1024.0,
            Self::Kilobytes => value / 1e3,
            Self::Megabytes => value / 1e6,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::PerSecond => "/s",
            Self::Microseconds => "µs",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Kibibytes => "KiB",
            Self::Kilobytes => "KB",
            Self::Megabytes => "MB",
        }
    }

    fn show(self, value: f64) -> String {
        let value = self.of(value);
        let digits = usize::from(value.abs() < 100.0);
        format!("{value:.digits$} {}", self.name())
    }
}

impl Row {
    /// The requirement in words, and whether it is kept. What was not measured keeps none.
    fn judge(&self, figures: &Figures) -> (String, bool) {
        let worst = |bound: f64, value: Option<f64>| value.is_some_and(|value| value <= bound);
        match self.bound {
            Bound::None => (String::new(), true),
            Bound::Most(bound) => {
                let value = figures.median(self.metric, Side::Relay).map(|value| self.unit.of(value));
                (format!("≤ {bound} {}", self.unit.name()), worst(bound, value))
            }
            Bound::Ratio(bound) => (format!("≤ {bound} ×"), worst(bound, figures.ratio(self.metric))),
        }
    }
}

/// Writes the figures down.
pub(super) fn table(figures: &Figures, machine: &str) -> Table {
    let mut text =
        "| | Switchyard | nginx | ratio | required |\n| --- | --: | --: | --: | --: |\n".to_owned();
    let mut missed = Vec::new();
    for row in &ROWS {
        let shown = |side| {
            let value = figures.median(row.metric, side);
            value.map_or_else(String::new, |value| row.unit.show(value))
        };
        let (relay, nginx) = (shown(Side::Relay), shown(Side::Nginx));
        let ratio = match row.metric {
            // A difference of two latencies can be next to nothing: its ratio says nothing.
            Metric::LatencyMedian | Metric::LatencyTail => None,
            metric => figures.ratio(metric),
        };
        let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2} ×"));
        let (required, is_kept) = row.judge(figures);
        if !is_kept {
            missed.push(format!("{}: {relay} {ratio}, required {required}", row.what));
        }
        let mark = if is_kept { "" } else { " **missed**" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {} | {relay} | {nginx} | {ratio} | {required}{mark} |", row.what);
    }
    let _ = writeln!(text, "\n{machine}");
    Table { text, missed }
}

/// Puts the table into the document, in place of the last one.
pub(super) fn write(root: &Path, table: &str) -> Result<()> {
    let path = root.join(DOCUMENT);
    let document = fs::read_to_string(&path).with_context(|| format!("cannot read {DOCUMENT}"))?;
    let document =
        replaced(&document, table).with_context(|| format!("{DOCUMENT} has no place for a table"))?;
    Ok(fs::write(&path, document)?)
}

fn replaced(document: &str, table: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(message_cpu: f64) -> Figures {
        let mut figures = Figures::default();
        for row in &ROWS {
            figures.add(row.metric, Side::Relay, 1.0);
            figures.add(row.metric, Side::Nginx, 1.0);
        }
        for _ in 0..2 {
            figures.add(Metric::MessageCpu, Side::Relay, message_cpu);
            figures.add(Metric::MessageCpu, Side::Nginx, 10.0);
        }
        figures
    }

    #[test]
    fn a_bound_that_is_kept_is_not_reported_and_one_that_is_missed_is() {
        assert!(table(&figures(40.0), "").missed.is_empty());
        assert_eq!(
            table(&figures(41.0), "").missed,
            ["CPU per small message: 41.0 µs 4.10 ×, required ≤ 4 ×"]
        );
    }

    #[test]
    fn what_was_not_measured_is_missed() {
        assert_eq!(table(&Figures::default(), "").missed.len(), 12);
    }

    #[test]
    fn a_table_takes_the_place_of_the_last_one_and_nothing_else() {
        let document = format!("above\n{BEGIN}old\n{END}below\n");

        assert_eq!(replaced(&document, "new\n"), Some(format!("above\n{BEGIN}\nnew\n\n{END}below\n")));
        assert_eq!(replaced("nothing", "new\n"), None);
    }
}
