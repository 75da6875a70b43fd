//! Where the axis has its lines.

/// About so many lines above the base.
const LINES: f64 = 4.0;

/// Even steps from zero to the first at or above `top`: 1, 2, 2.5 or 5 times a power of ten apart.
pub(crate) fn ticks(top: f64, whole: bool) -> Vec<f64> {
    if top <= 0.0 || !top.is_finite() {
        return vec![0.0];
    }
    let step = step(top / LINES, whole);
    let count = (top / step - 1e-9).ceil().max(1.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful")]
    let count = count as u32;
    (0..=count).map(|line| f64::from(line) * step).collect()
}

fn step(raw: f64, whole: bool) -> f64 {
    let power = 10_f64.powf(raw.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * power);
    let fits = |step: &f64| *step >= raw * (1.0 - 1e-9) && (!whole || (*step >= 1.0 && step.fract() == 0.0));
    steps.into_iter().find(fits).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn lines_are_at_round_amounts() {
        assert_eq!(ticks(11.2, false), [0.0, 5.0, 10.0, 15.0]);
        assert_eq!(ticks(8.0, false), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(ticks(0.9, false), [0.0, 0.25, 0.5, 0.75, 1.0]);
    }

    #[test]
    fn counts_have_whole_lines() {
        assert_eq!(ticks(1.0, true), [0.0, 1.0]);
        assert_eq!(ticks(9.0, true), [0.0, 5.0, 10.0]);
        assert_eq!(ticks(3.0, true), [0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn nothing_has_only_the_base() {
        assert_eq!(ticks(0.0, false), [0.0]);
    }
}
