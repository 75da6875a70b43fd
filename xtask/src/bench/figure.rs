//! What was measured, and what counts of it.

use std::collections::BTreeMap;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Metric {
    /// Small messages a second.
    MessageRate,
    /// Microseconds of processor time per small message.
    MessageCpu,
    /// Streams a second.
    StreamRate,
    /// Microseconds of processor time per stream.
    StreamCpu,
    /// Microseconds added to the median latency.
    LatencyMedian,
    /// Microseconds added to the 99th percentile.
    LatencyTail,
    /// Bytes of memory per open stream.
    StreamMemory,
    /// Bytes of memory at rest.
    Idle,
    /// Milliseconds from start to the first 200, on a folder with data.
    Start,
    /// The same on an empty folder, where secrets and store are made first.
    FirstStart,
    /// Bytes of the binary.
    Binary,
    /// Bytes of the WASM that the console's first page loads, compressed.
    Wasm,
    /// Milliseconds of the slowest dashboard over a million calls.
    Dashboard,
    /// Milliseconds of the slowest question of usage.
    Explorer,
    /// Milliseconds of the slowest page of a list of calls.
    Requests,
    /// Calls a second that come from the journal into the books.
    Fold,
    /// Seconds until a million calls are written as CSV.
    Download,
    /// Bytes of memory that this takes at most.
    DownloadMemory,
    /// Seconds until all sums are counted anew.
    Verify,
}

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Relay,
    Nginx,
}

impl Side {
    /// Its name for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Relay => "Switchyard",
            Self::Nginx => "nginx",
        }
    }
}

/// All samples, in the order of the rounds.
#[derive(Debug, Default)]
pub(super) struct Figures(BTreeMap<(Metric, Side), Vec<f64>>);

impl Figures {
    /// Takes in a sample.
    pub(super) fn add(&mut self, metric: Metric, side: Side, sample: f64) {
        self.0.entry((metric, side)).or_default().push(sample);
    }

    /// The median of the rounds, if it was measured.
    pub(super) fn median(&self, metric: Metric, side: Side) -> Option<f64> {
        median(self.samples(metric, side).to_vec())
    }

    /// The median of the rounds' ratios to nginx, each of two runs that followed each other.
    pub(super) fn ratio(&self, metric: Metric) -> Option<f64> {
        let sides = [Side::Relay, Side::Nginx].map(|side| self.samples(metric, side));
        median(sides[0].iter().zip(sides[1]).map(|(relay, nginx)| relay / nginx).collect())
    }

    fn samples(&self, metric: Metric, side: Side) -> &[f64] {
        self.0.get(&(metric, side)).map(Vec::as_slice).unwrap_or_default()
    }
}

fn median(mut samples: Vec<f64>) -> Option<f64> {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_counts_and_ratios_are_taken_within_a_round() {
        let mut figures = Figures::default();
        for (relay, nginx) in [(30.0, 10.0), (90.0, 30.0), (40.0, 20.0)] {
            figures.add(Metric::MessageCpu, Side::Relay, relay);
            figures.add(Metric::MessageCpu, Side::Nginx, nginx);
        }

        assert_eq!(figures.median(Metric::MessageCpu, Side::Relay), Some(40.0));
        assert_eq!(figures.ratio(Metric::MessageCpu), Some(3.0));
        assert_eq!(figures.median(Metric::Idle, Side::Relay), None);
    }
}
