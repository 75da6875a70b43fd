//! What a run found, as JSON.

use std::time::Duration;

use serde::Serialize;

use crate::answer::Trouble;

/// Adds up answers while a run goes on.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    latencies: Vec<Duration>,
    bytes: u64,
    failed: u64,
    trouble: Option<String>,
}

/// What a run found.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Answers that were whole.
    intact: u64,
    /// Calls without a whole answer.
    failed: u64,
    /// What was wrong with the first of those.
    trouble: Option<String>,
    /// Bytes of all whole bodies.
    bytes: u64,
    /// How long the run took.
    seconds: f64,
    /// Whole answers per second.
    per_second: f64,
    /// Median time to the end of the answer, in microseconds.
    p50_us: f64,
    /// 99 of 100 were faster, in microseconds.
    p99_us: f64,
}

impl Tally {
    /// Counts one answer, which took so long.
    pub(crate) fn add(&mut self, answer: Result<u64, Trouble>, latency: Duration) {
        match answer {
            Ok(bytes) => {
                self.bytes += bytes;
                self.latencies.push(latency);
            }
            Err(trouble) => {
                self.failed += 1;
                self.trouble.get_or_insert_with(|| trouble.to_string());
            }
        }
    }

    /// Both together.
    pub(crate) fn merge(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.bytes += other.bytes;
        self.failed += other.failed;
        if self.trouble.is_none() {
            self.trouble = other.trouble;
        }
    }

    /// The sum of a run that took so long.
    #[expect(clippy::cast_precision_loss, reason = "a count of answers is far below 2^52")]
    pub(crate) fn report(mut self, took: Duration) -> Report {
        self.latencies.sort_unstable();
        let seconds = took.as_secs_f64();
        let intact = self.latencies.len();
        Report {
            intact: intact as u64,
            failed: self.failed,
            trouble: self.trouble,
            bytes: self.bytes,
            seconds,
            per_second: if seconds > 0.0 { intact as f64 / seconds } else { 0.0 },
            p50_us: micros(quantile(&self.latencies, 50)),
            p99_us: micros(quantile(&self.latencies, 99)),
        }
    }
}

fn quantile(sorted: &[Duration], percent: usize) -> Duration {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
