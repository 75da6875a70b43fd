//! Exact decimals: prices and factors as integers of a fixed small unit.

/// Nano-dollars per million tokens, or per thousand searches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub u64);

/// A multiple, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor(pub u64);

impl Rate {
    /// Decimals of a dollar that are kept.
    const DECIMALS: u32 = 9;
    /// A million dollars: prices beyond are mistakes, and would overflow sums.
    const HIGHEST: u64 = 1_000_000 * 1_000_000_000;

    /// A price in dollars as JSON writes it. Nothing if it is negative, not a number, beyond a million dollars,
    /// or finer than a nano-dollar.
    pub fn read(json: &str) -> Option<Self> {
        scaled(json, Self::DECIMALS).filter(|rate| *rate <= Self::HIGHEST).map(Self)
    }
}

impl Factor {
    /// How many make one.
    pub const UNIT: u64 = 1_000_000;
    const DECIMALS: u32 = 6;
    const HIGHEST: u64 = 1_000 * Self::UNIT;

    /// A factor as JSON writes it. Nothing if it is negative, not a number, beyond 1000, or finer than a millionth.
    pub(super) fn read(json: &str) -> Option<Self> {
        scaled(json, Self::DECIMALS).filter(|factor| *factor <= Self::HIGHEST).map(Self)
    }
}

/// `json × 10^decimals`, if that is a whole number that fits.
fn scaled(json: &str, decimals: u32) -> Option<u64> {
    let (mantissa, exponent) = match json.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (json, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut digits = 0_u64;
    for digit in whole.bytes().chain(fraction.bytes()) {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        digits = digits.checked_mul(10)?.checked_add(digit)?;
    }
    if whole.is_empty() || digits == 0 {
        return (!whole.is_empty()).then_some(0);
    }
    let shift = i32::try_from(decimals)
        .ok()?
        .checked_add(exponent)?
        .checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = 10_u64.checked_pow(shift.unsigned_abs())?;
    if shift >= 0 {
        return digits.checked_mul(power);
    }
    digits.is_multiple_of(power).then(|| digits / power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        for (json, expected) in [
            ("3", Some(3_000_000_000)),
            ("0.01875", Some(18_750_000)),
            ("22.50", Some(22_500_000_000)),
            ("3e-06", Some(3_000)),
            ("1.5E+1", Some(15_000_000_000)),
            ("10e-1", Some(1_000_000_000)),
            ("0", Some(0)),
            ("0.000", Some(0)),
            ("0.000000001", Some(1)),
            ("0.0000000001", None),
            ("1000000", Some(Rate::HIGHEST)),
            ("1000000.1", None),
            ("1e30", None),
            ("1e-30", None),
            ("-1", None),
            ("\"3\"", None),
            ("null", None),
            ("", None),
        ] {
            assert_eq!(Rate::read(json), expected.map(Rate), "{json}");
        }
    }

    #[test]
    fn factors_are_exact() {
        assert_eq!(Factor::read("1.1"), Some(Factor(1_100_000)));
        assert_eq!(Factor::read("2.0"), Some(Factor(2_000_000)));
        assert_eq!(Factor::read("1000.1"), None);
    }
}
