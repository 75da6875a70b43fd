//! A line the size of a word. What it shows is said in the figure beside it.

use std::fmt::Write as _;

use leptos::prelude::*;

/// A sparkline; a gap where nothing was measured.
#[component]
pub(crate) fn Spark(
    /// Oldest first.
    #[prop(into)]
    values: Signal<Vec<Option<f64>>>,
    /// In a table row.
    #[prop(optional)]
    inline: bool,
) -> impl IntoView {
    let paths = Memo::new(move |_| values.with(|values| paths(values)));
    view! {
        <svg
            class=if inline { "spark inline" } else { "spark" }
            viewBox="0 0 100 24"
            preserveAspectRatio="none"
            aria-hidden="true"
        >
            <path class="area" d=move || paths.with(|paths| paths.area.clone())/>
            <path d=move || paths.with(|paths| paths.line.clone())/>
            <path class="dot" d=move || paths.with(|paths| paths.dot.clone())/>
        </svg>
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Paths {
    line: String,
    area: String,
    dot: String,
}

#[allow(clippy::cast_precision_loss, reason = "a few dozen points")]
fn paths(values: &[Option<f64>]) -> Paths {
    let top = values.iter().flatten().copied().fold(0.0_f64, f64::max);
    let step = 100.0 / values.len().saturating_sub(1).max(1) as f64;
    let mut paths = Paths::default();
    let mut last = None;
    for (index, value) in values.iter().enumerate() {
        let Some(value) = value else {
            close(&mut paths.area, last.take());
            continue;
        };
        let x = index as f64 * step;
        let y = if top > 0.0 { 22.0 - 20.0 * value / top } else { 22.0 };
        // Writing into a String cannot fail.
        if last.is_none() {
            let _ = write!(paths.line, "M{x:.1} {y:.1}");
            let _ = write!(paths.area, "M{x:.1} 24L{x:.1} {y:.1}");
        } else {
            let _ = write!(paths.line, "L{x:.1} {y:.1}");
            let _ = write!(paths.area, "L{x:.1} {y:.1}");
        }
        last = Some(x);
        paths.dot = format!("M{x:.1} {y:.1}h0");
    }
    close(&mut paths.area, last);
    paths
}

fn close(area: &mut String, last: Option<f64>) {
    if let Some(x) = last {
        let _ = write!(area, "L{x:.1} 24z");
    }
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn a_gap_breaks_the_line() {
        let drawn = paths(&[Some(1.0), None, Some(2.0)]);

        assert_eq!(drawn.line, "M0.0 12.0M100.0 2.0");
        assert_eq!(drawn.dot, "M100.0 2.0h0");
    }

    #[test]
    fn nothing_at_all_is_a_flat_line() {
        assert_eq!(paths(&[Some(0.0), Some(0.0)]).line, "M0.0 22.0L100.0 22.0");
        assert_eq!(paths(&[]).line, "");
    }
}
