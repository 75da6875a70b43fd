//! How names of models are compared.

const PROVIDERS: [&str; 5] = ["models/", "anthropic/", "google/", "gemini/", "openai/"];

const SEPARATORS: [char; 4] = ['-', '.', ':', '@'];

/// The name in the spelling of the table: lower case, without the provider and a client's `[1m]`, and with `-`
/// for `@` in front of a date.
pub(super) fn normalised(model: &str) -> String {
    let lower = model.trim().to_lowercase();
    let mut name = lower.as_str();
    while let Some(rest) = PROVIDERS.iter().find_map(|provider| name.strip_prefix(provider)) {
        name = rest;
    }
    let name = name.strip_suffix("[1m]").unwrap_or(name);
    match name.rsplit_once('@') {
        Some((model, date)) if date_length(date) == Some(date.len()) => format!("{model}-{date}"),
        _ => name.to_owned(),
    }
}

/// The beginnings of a name that end where one of its parts ends, longest first, each with what follows it.
pub(super) fn beginnings(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts =
        name.rmatch_indices(SEPARATORS).map(|(at, separator)| (&name[..at], &name[at + separator.len()..]));
    std::iter::once((name, "")).chain(parts)
}

/// What the rest of a name behind a listed beginning means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing, a date or `latest`: the same model.
    Version,
    /// Some variant: likely the same price.
    Variant,
    /// A number that is no date: a different model.
    OtherModel,
}

impl Rest {
    pub(super) fn of(rest: &str) -> Self {
        if rest.is_empty() || rest == "latest" {
            return Self::Version;
        }
        match date_length(rest) {
            Some(length) if length == rest.len() => Self::Version,
            Some(_) => Self::Variant,
            None if rest.starts_with(|first: char| first.is_ascii_digit()) => Self::OtherModel,
            None => Self::Variant,
        }
    }
}

/// The length of the date that a text begins with, if it is followed by nothing or a separator: `20250929`,
/// `2025-09-29`, or `05-20` as Google dates its previews.
fn date_length(text: &str) -> Option<usize> {
    ["yyyymmdd", "yyyy-mm-dd", "mm-dd"].into_iter().map(str::len).find(|length| {
        text.get(..*length).is_some_and(is_date)
            && text[*length..].chars().next().is_none_or(|next| SEPARATORS.contains(&next))
    })
}

fn is_date(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let day_of_year = |month: &str, day: &str| {
        digits(month) && digits(day) && ("01"..="12").contains(&month) && ("01"..="31").contains(&day)
    };
    match (text.len(), text.as_bytes()) {
        (8, _) => text.starts_with("20") && digits(text) && day_of_year(&text[4..6], &text[6..]),
        (10, [.., b'-', _, _, b'-', _, _]) => {
            text.starts_with("20") && digits(&text[..4]) && day_of_year(&text[5..7], &text[8..])
        }
        (5, [_, _, b'-', _, _]) => day_of_year(&text[..2], &text[3..]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_makes_no_difference() {
        for name in ["Claude-Opus-4-5", "anthropic/claude-opus-4-5", "models/anthropic/claude-opus-4-5[1m]"] {
            assert_eq!(normalised(name), "claude-opus-4-5", "{name}");
        }
        assert_eq!(normalised("claude-opus-4-5@20251101"), "claude-opus-4-5-20251101");
        assert_eq!(normalised("claude-opus-4-5@default"), "claude-opus-4-5@default");
    }

    #[test]
    fn only_dates_are_versions() {
        for (rest, expected) in [
            ("", Rest::Version),
            ("latest", Rest::Version),
            ("20250929", Rest::Version),
            ("2025-09-29", Rest::Version),
            ("05-20", Rest::Version),
            ("20250929-v1:0", Rest::Variant),
            ("preview", Rest::Variant),
            ("9", Rest::OtherModel),
            ("20259929", Rest::OtherModel),
            ("5-20250929", Rest::OtherModel),
            ("0125", Rest::OtherModel),
            ("é0-20", Rest::Variant),
        ] {
            assert_eq!(Rest::of(rest), expected, "{rest}");
        }
    }
}
