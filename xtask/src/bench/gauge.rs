//! What the kernel says a process has used.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// `USER_HZ`, in which the kernel tells times: 100 on every architecture that Linux runs on today (proc(5)).
const TICKS_PER_SECOND: u64 = 100;

/// Processor time of all threads so far, those that have ended included.
pub(super) fn processor_time(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("a measured process is gone")?;
    let ticks = ticks(&stat).context("/proc/PID/stat reads otherwise than proc(5) says")?;
    Ok(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
}

/// `utime` and `stime`, fields 14 and 15. The name in field 2 is in brackets and may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// `VmRSS`: bytes of a process in memory, the binary's own pages included.
pub(super) fn resident(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("a measured process is gone")?;
    let kibibytes = kibibytes(&status).context("/proc/PID/status reads otherwise than proc(5) says")?;
    Ok(kibibytes * 1024.0)
}

fn kibibytes(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "42 (a) b) S 1 2 3 4 5 6 7 8 9 10 120 30 0 0 20 0 3 0 99 1 2";

        assert_eq!(ticks(stat), Some(150));
    }

    #[test]
    fn resident_memory_is_found_among_the_rest() {
        assert_eq!(kibibytes("Name:\tx\nVmHWM:\t  99 kB\nVmRSS:\t   1234 kB\n"), Some(1234.0));
    }
}
