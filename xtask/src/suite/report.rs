//! The table at the end of a test run.

use std::fmt::Write as _;
use std::time::Duration;

use super::count::Count;

/// How one suite went.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) count: Count,
    pub(super) took: Duration,
    pub(super) remark: &'static str,
}

/// All suites' counts.
pub(super) fn total(rows: &[Row]) -> Count {
    let mut total = Count::default();
    for row in rows {
        total += row.count;
    }
    total
}

/// A line a suite, in columns.
pub(super) fn table(rows: &[Row]) -> String {
    let mut table = format!("{:<15}{:>8}{:>8}{:>10}\n", "suite", "passed", "failed", "seconds");
    for row in rows {
        let Count { passed, failed } = row.count;
        let seconds = row.took.as_secs_f64();
        let remark = if row.remark.is_empty() && failed > 0 { "failed" } else { row.remark };
        let line = format!("{:<15}{passed:>8}{failed:>8}{seconds:>10.1}  {remark}", row.name);
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_suite_and_what_went_wrong() {
        let row = |name, passed, failed, remark| Row {
            name,
            count: Count { passed, failed },
            took: Duration::from_millis(1500),
            remark,
        };
        let rows = [row("format", 1, 0, ""), row("tests", 200, 2, ""), row("browser", 0, 1, "ran no test")];

        assert_eq!(total(&rows), Count { passed: 201, failed: 3 });
        assert_eq!(
            table(&rows),
            "suite            passed  failed   seconds\n\
             format                1       0       1.5\n\
             tests               200       2       1.5  failed\n\
             browser               0       1       1.5  ran no test\n"
        );
    }
}
