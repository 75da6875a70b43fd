//! Numbers as people read them: three digits and a unit, the exact elsewhere.
//!
//! The same on server and browser to the letter, so that hydration finds what it expects.

use relay::model::money::Nanodollars;

use crate::text::Language;

/// A number and its unit, which is shown fainter and after a narrow space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quantity {
    pub(crate) number: String,
    pub(crate) unit: &'static str,
}

impl Quantity {
    /// In one piece.
    pub(crate) fn text(&self) -> String {
        if self.unit.is_empty() {
            self.number.clone()
        } else {
            format!("{}\u{202f}{}", self.number, self.unit)
        }
    }
}

const THOUSANDS: &[(f64, &str)] = &[(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
const MYRIADS: &[(f64, &str)] = &[(1e8, "亿"), (1e4, "万")];

/// To three digits with k, M, G; in Chinese by 万 and 亿.
pub(crate) fn short(value: f64, language: Language) -> Quantity {
    let scale = match language {
        Language::En => THOUSANDS,
        Language::Zh => MYRIADS,
    };
    // Half a unit of the last digit below a step already rounds up to it.
    let step = scale.iter().find(|(size, _)| value >= size * 0.9995);
    match step {
        Some((size, unit)) => Quantity { number: three_digits(value / size), unit },
        None => Quantity { number: grouped(value.round() as u64), unit: "" },
    }
}

/// Tokens, to three digits.
#[allow(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(crate) fn tokens(count: u64, language: Language) -> Quantity {
    short(count as f64, language)
}

/// Three digits: `0.52`, `9.86`, `17.3`, `331`. Whole from 100 up.
pub(crate) fn three_digits(value: f64) -> String {
    if value >= 99.95 {
        format!("{value:.0}")
    } else if value >= 9.995 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// Without zeros at the end that say nothing: `2.50` is `2.5`.
pub(crate) fn trimmed(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

/// A rate: one digit behind the point while it is small.
pub(crate) fn rate(value: f64) -> String {
    if value == 0.0 || value >= 99.95 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// `4,185`.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A sum of money: cents, but four digits below ten cents, so that a small use is not nothing.
pub(crate) fn money(amount: Nanodollars) -> String {
    if amount.0 == 0 || amount.0.unsigned_abs() >= 99_995_000 { cents(amount) } else { money_of_one(amount) }
}

/// What one call cost: four digits, six below a hundredth of a cent.
pub(crate) fn money_of_one(amount: Nanodollars) -> String {
    let dollars = amount.as_dollars();
    if amount.0 == 0 {
        "$0".to_owned()
    } else if amount.0.unsigned_abs() < 100_000 {
        format!("${dollars:.6}")
    } else {
        format!("${dollars:.4}")
    }
}

/// A sum of money to the nano-dollar, with cents at least and no more digits than it has; without a currency.
pub(crate) fn exact_money(amount: Nanodollars) -> String {
    let nanos = amount.0.unsigned_abs();
    let sign = if amount.0 < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
    let cut = text.trim_end_matches('0').len().max(text.len() - 7);
    text[..cut].to_owned()
}

/// A sum of money in cents, whatever its size.
pub(crate) fn cents(amount: Nanodollars) -> String {
    let cents = (amount.0.unsigned_abs() + 5_000_000) / 10_000_000;
    let sign = if amount.0 < 0 { "-" } else { "" };
    format!("{sign}${}.{:02}", grouped(cents / 100), cents % 100)
}

/// Whole percent, one digit below ten: `91`, `0.5`.
pub(crate) fn percent(part: f64, whole: f64) -> Option<String> {
    if whole <= 0.0 {
        return None;
    }
    let percent = 100.0 * part / whole;
    Some(if percent == 0.0 || percent >= 9.95 { format!("{percent:.0}") } else { format!("{percent:.1}") })
}

/// How much more (or, negative, less) than before, in percent; nothing if there was nothing before.
pub(crate) fn change(now: f64, before: f64) -> Option<f64> {
    (before > 0.0).then(|| 100.0 * (now - before) / before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_three_digits_and_a_unit() {
        let text = |count| tokens(count, Language::En).text();

        assert_eq!(text(0), "0");
        assert_eq!(text(999), "999");
        assert_eq!(text(1_000), "1.00\u{202f}k");
        assert_eq!(text(12_345), "12.3\u{202f}k");
        assert_eq!(text(660_208), "660\u{202f}k");
        assert_eq!(text(999_700), "1.00\u{202f}M");
        assert_eq!(text(185_756_329), "186\u{202f}M");
    }

    #[test]
    fn tokens_in_chinese_go_by_myriads() {
        let text = |count| tokens(count, Language::Zh).text();

        assert_eq!(text(9_994), "9,994");
        assert_eq!(text(12_345), "1.23\u{202f}万");
        assert_eq!(text(185_756_329), "1.86\u{202f}亿");
    }

    #[test]
    fn money_is_cents_unless_it_is_less_than_ten_of_them() {
        assert_eq!(money(Nanodollars(0)), "$0.00");
        assert_eq!(money(Nanodollars(86_024_999_999)), "$86.02");
        assert_eq!(money(Nanodollars(1_234_567_891_000)), "$1,234.57");
        assert_eq!(money(Nanodollars(41_300_000)), "$0.0413");
        assert_eq!(money(Nanodollars(21_000)), "$0.000021");
    }

    #[test]
    fn exact_money_keeps_cents_and_drops_empty_digits() {
        assert_eq!(exact_money(Nanodollars(86_020_000_000)), "86.02");
        assert_eq!(exact_money(Nanodollars(21_500)), "0.0000215");
        assert_eq!(exact_money(Nanodollars(0)), "0.00");
    }

    #[test]
    fn percent_of_nothing_is_nothing() {
        assert_eq!(percent(1.0, 0.0), None);
        assert_eq!(percent(1.0, 194.0).as_deref(), Some("0.5"));
        assert_eq!(percent(91.2, 100.0).as_deref(), Some("91"));
    }
}
