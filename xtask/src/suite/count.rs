//! How many tests passed and failed, read from what the runners print.

use std::fmt;
use std::ops::AddAssign;

use anyhow::{Context, Result};
use serde_json::Value;

/// Tests that ran. Skipped ones are not among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Count {
    /// A check that either holds or does not.
    pub(super) fn of_check(holds: bool) -> Self {
        Self { passed: u64::from(holds), failed: u64::from(!holds) }
    }

    /// One failure.
    pub(super) fn failed() -> Self {
        Self::of_check(false)
    }

    /// Whether nothing ran.
    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// From nextest's summary: `Summary [ 1.2s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped`.
///
/// What ran and did not pass has failed, whatever the runner calls it. `None` without a summary.
pub(super) fn from_nextest(text: &str) -> Option<Count> {
    let (_, summary) =
        text.lines().rev().find_map(|line| line.trim_start().strip_prefix("Summary ["))?.split_once(']')?;
    let (run, results) = summary.split_once(" run:")?;
    // An interrupted run says `3/12 tests`: what did not run has failed too.
    let planned = run.split_whitespace().next()?.rsplit('/').next()?.parse::<u64>().ok()?;
    let passed =
        results.split(',').find_map(|result| result.trim().split_once(" passed")?.0.parse::<u64>().ok())?;
    Some(Count { passed, failed: planned.saturating_sub(passed) })
}

/// From libtest's lines, one a binary: `test result: ok. 3 passed; 0 failed; 0 ignored; …`. `None` without any.
pub(super) fn from_libtest(text: &str) -> Option<Count> {
    let mut total: Option<Count> = None;
    for result in text.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        let of = |word: &str| -> Option<u64> {
            result.split(['.', ';']).find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
        };
        let count = total.get_or_insert_default();
        *count += Count { passed: of("passed")?, failed: of("failed")? };
    }
    total
}

/// From Playwright's JSON report. A test that passed at the second try only has failed.
pub(super) fn from_playwright(report: &str) -> Result<Count> {
    let report: Value = serde_json::from_str(report).context("the browser tests' report is no JSON")?;
    let figure =
        |name: &str| report["stats"][name].as_u64().with_context(|| format!("the report lacks {name}"));
    let broken = report["errors"].as_array().map_or(0, |errors| errors.len() as u64);
    Ok(Count { passed: figure("expected")?, failed: figure("unexpected")? + figure("flaky")? + broken })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nextest_ran_and_did_not_pass_has_failed() {
        let text = "PASS a\n------\n     Summary [   0.123s] 12 tests run: 9 passed (1 slow, 1 flaky), 1 failed, 1 exec failed, 1 timed out, 2 skipped\n FAIL b";

        assert_eq!(from_nextest(text), Some(Count { passed: 9, failed: 3 }));
    }

    #[test]
    fn what_an_interrupted_run_left_out_has_failed() {
        let text = "     Summary [   0.1s] 3/12 tests run: 2 passed, 1 failed, 0 skipped";

        assert_eq!(from_nextest(text), Some(Count { passed: 2, failed: 10 }));
    }

    #[test]
    fn a_single_test_is_read_too() {
        let text = "     Summary [   0.1s] 1 test run: 1 passed, 0 skipped";

        assert_eq!(from_nextest(text), Some(Count { passed: 1, failed: 0 }));
    }

    #[test]
    fn output_without_a_summary_gives_no_count() {
        assert_eq!(from_nextest("error: could not compile `relay`"), None);
        assert_eq!(from_libtest("error: could not compile `relay`"), None);
    }

    #[test]
    fn libtest_results_of_all_binaries_are_added_up() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";

        assert_eq!(from_libtest(text), Some(Count { passed: 5, failed: 4 }));
    }

    #[test]
    fn flaky_browser_tests_have_failed() {
        let report = r#"{"errors":[],"stats":{"expected":4,"unexpected":1,"flaky":2,"skipped":3}}"#;

        assert_eq!(from_playwright(report).unwrap(), Count { passed: 4, failed: 3 });
    }

    #[test]
    fn a_report_that_is_none_is_an_error() {
        assert!(from_playwright("").is_err());
        assert!(from_playwright("{}").is_err());
    }
}
