//! One round: relay and nginx started afresh, their memory, their processor time, their latency, one beside the other.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::figure::{Figures, Metric, Side};
use super::gauge;
use super::loader::{Loader, Report, Target};
use super::machine::Cores;
use super::nginx::Nginx;
use super::provider::Provider;
use super::relay::{Install, Keys, PROMPT, Relay, SLOW};

const WARM_UP: u32 = 2_000;
const MESSAGES: u32 = 30_000;
const STREAMS: u32 = 4_000;
/// Streams that are open at once.
pub(super) const OPEN: u32 = 1_000;
/// Messages a second of the open loop, and how many.
pub(super) const RATE: u32 = 400;
const PACED: u32 = 2_000;

/// Until a process that was just started counts as idle.
const REST: Duration = Duration::from_secs(3);
/// How long streams stay open until memory is read.
const HELD: Duration = Duration::from_secs(3);

/// What all rounds share.
pub(super) struct Bench<'a> {
    pub(super) install: Install,
    pub(super) keys: Keys,
    pub(super) provider: Provider,
    pub(super) loader: Loader,
    pub(super) nginx: &'a Path,
    pub(super) folder: &'a Path,
    pub(super) cores: Cores,
}

/// One of the two under measurement.
struct Subject<'a> {
    side: Side,
    pid: u32,
    url: String,
    /// The credentials for answers that come at once and for streams that last.
    prompt: &'a str,
    slow: &'a str,
    relay: Option<&'a Relay>,
}

impl Subject<'_> {
    fn target<'a>(&'a self, key: &'a str) -> Target<'a> {
        Target { url: &self.url, key }
    }
}

impl Bench<'_> {
    /// Measures everything once.
    pub(super) fn round(&self, figures: &mut Figures) -> Result<()> {
        let relay = self.install.start()?;
        let nginx = Nginx::start(self.nginx, self.folder, &self.provider, self.cores.relay)?;
        figures.add(Metric::Start, Side::Relay, relay.started_in.as_secs_f64() * 1e3);
        let subjects = [
            Subject {
                side: Side::Relay,
                pid: relay.pid(),
                url: relay.url(),
                prompt: &self.keys.prompt,
                slow: &self.keys.slow,
                relay: Some(&relay),
            },
            Subject {
                side: Side::Nginx,
                pid: nginx.pid(),
                url: nginx.url(),
                prompt: PROMPT,
                slow: SLOW,
                relay: None,
            },
        ];
        thread::sleep(REST);
        for subject in &subjects {
            self.memory(subject, figures)?;
        }
        for subject in &subjects {
            self.loader.messages(&subject.target(subject.prompt), WARM_UP)?;
        }
        let [messages, streams] = [Metric::MessageCpu, Metric::StreamCpu].map(|metric| {
            subjects
                .iter()
                .map(|subject| self.processor_time(subject, metric, figures))
                .collect::<Result<Vec<_>>>()
        });
        same_bytes(&messages?)?;
        same_bytes(&streams?)?;
        self.latency(&subjects, figures)
    }

    /// Memory at rest and with many streams open. The process is fresh: what grows only once counts too.
    fn memory(&self, subject: &Subject<'_>, figures: &mut Figures) -> Result<()> {
        let idle = gauge::resident(subject.pid)?;
        figures.add(Metric::Idle, subject.side, idle);
        self.checked(subject, subject.slow, || {
            let held = self.loader.hold(&subject.target(subject.slow), OPEN)?;
            thread::sleep(HELD);
            let full = gauge::resident(subject.pid)?;
            figures.add(Metric::StreamMemory, subject.side, (full - idle) / f64::from(OPEN));
            held.finish()
        })?;
        Ok(())
    }

    /// Processor time per answer, and how many a second. Returns the bytes of an answer.
    #[expect(clippy::cast_precision_loss, reason = "counts of answers are far below 2^52")]
    fn processor_time(&self, subject: &Subject<'_>, metric: Metric, figures: &mut Figures) -> Result<u64> {
        let before = gauge::processor_time(subject.pid)?;
        let target = subject.target(subject.prompt);
        let report = self.checked(subject, subject.prompt, || match metric {
            Metric::StreamCpu => self.loader.streams(&target, STREAMS),
            _ => self.loader.messages(&target, MESSAGES),
        })?;
        let used = gauge::processor_time(subject.pid)? - before;
        figures.add(metric, subject.side, used.as_secs_f64() * 1e6 / report.answers as f64);
        let rate = if metric == Metric::StreamCpu { Metric::StreamRate } else { Metric::MessageRate };
        figures.add(rate, subject.side, report.per_second);
        Ok(report.bytes / report.answers)
    }

    /// What each adds to the provider's own latency at a fixed rate.
    fn latency(&self, subjects: &[Subject<'_>], figures: &mut Figures) -> Result<()> {
        let url = format!("{}/v1/messages", self.provider.url());
        let direct = self.loader.paced(&Target { url: &url, key: PROMPT }, RATE, PACED)?;
        for subject in subjects {
            let through = self.checked(subject, subject.prompt, || {
                self.loader.paced(&subject.target(subject.prompt), RATE, PACED)
            })?;
            figures.add(Metric::LatencyMedian, subject.side, through.p50 - direct.p50);
            figures.add(Metric::LatencyTail, subject.side, through.p99 - direct.p99);
        }
        Ok(())
    }

    /// Runs a load; if it goes through the relay, waits for its books and compares them with the provider's.
    fn checked(
        &self,
        subject: &Subject<'_>,
        key: &str,
        load: impl FnOnce() -> Result<Report>,
    ) -> Result<Report> {
        let named = || format!("load on {}", subject.side.name());
        let Some(relay) = subject.relay else { return load().with_context(named) };
        let (billed, booked) = (self.provider.billed()?, relay.billed(key)?);
        let report = load().with_context(named)?;
        let booked = relay.billed(key)? - booked;
        let billed = self.provider.billed()? - billed;
        if booked != billed || booked.answers != report.answers {
            bail!(
                "the client has {} answers, the relay's books {booked:?}, the provider's {billed:?}",
                report.answers
            );
        }
        Ok(report)
    }
}

/// The same answers came both ways.
fn same_bytes(lengths: &[u64]) -> Result<()> {
    match lengths {
        [relay, nginx] if relay != nginx => {
            bail!("an answer has {relay} bytes through the relay and {nginx} through nginx")
        }
        _ => Ok(()),
    }
}
