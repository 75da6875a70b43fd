//! Which account: how long sessions are remembered, calls wait, and limits are believed.

use std::time::Duration;

use super::ConfigError;
use super::read::duration;
use super::source::Source;

/// Choosing an account.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Longest wait for a place on an account.
    pub wait: Duration,
    /// Calls that may wait at once.
    pub queue: usize,
    /// A session is forgotten after this long without a call.
    pub affinity_ttl: Duration,
    /// Sessions remembered at once.
    pub affinity_max: usize,
    /// A longer cooldown is opened for one call after this long.
    pub probe: Duration,
    /// And again at least this often.
    pub probe_max: Duration,
}

pub(super) fn read(source: &Source) -> Result<Schedule, ConfigError> {
    let number = |text: &str| text.parse().ok();
    Ok(Schedule {
        wait: source.parse("schedule.wait", duration, "a time such as 30s")?,
        queue: source.parse("schedule.queue", number, "a number")?,
        affinity_ttl: source.parse("affinity.ttl", duration, "a time such as 1h")?,
        affinity_max: source.parse("affinity.max", number, "a number")?,
        probe: source.parse("cooldown.probe", duration, "a time such as 5m")?,
        probe_max: source.parse("cooldown.probe_max", duration, "a time such as 1h")?,
    })
}
