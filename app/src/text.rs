//! The words of the console, typed: a translation that is missing does not compile.
//!
//! [`shape`] says which words there are, [`en`] and [`zh`] have them. Parts and pages hold no words of their own.

mod en;
pub(crate) mod shape;
mod zh;

use serde::{Deserialize, Serialize};

pub(crate) use shape::Text;

/// The languages of the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl Language {
    pub(crate) const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The tag in `lang` attributes, cookies and headers.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// The language of a tag; region and script do not matter.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The chosen one, else the first that `accept-language` prefers and we have.
    #[cfg(any(feature = "ssr", test))]
    pub(crate) fn choose(chosen: &str, accepted: &str) -> Self {
        if let Some(language) = Self::from_tag(chosen) {
            return language;
        }
        let mut wishes: Vec<(f32, &str)> = accepted
            .split(',')
            .filter_map(|wish| {
                let (tag, parameter) = wish.split_once(';').unwrap_or((wish, ""));
                let weight = parameter.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse);
                weight.ok().map(|weight| (weight, tag))
            })
            .collect();
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
        wishes.into_iter().find_map(|(_, tag)| Self::from_tag(tag)).unwrap_or_default()
    }

    pub(crate) fn text(self) -> &'static Text {
        match self {
            Self::En => &en::TEXT,
            Self::Zh => &zh::TEXT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_cookie_wins_over_the_browser() {
        assert_eq!(Language::choose("zh", "en-GB,en;q=0.9"), Language::Zh);
    }

    #[test]
    fn the_browser_s_first_known_wish_is_taken_by_weight() {
        assert_eq!(Language::choose("", "de, en;q=0.3, zh-TW;q=0.8"), Language::Zh);
        assert_eq!(Language::choose("fr", "en-US"), Language::En);
    }

    #[test]
    fn without_a_wish_it_is_english() {
        assert_eq!(Language::choose("", ""), Language::En);
        assert_eq!(Language::choose("", "fr;q=x, *"), Language::En);
    }
}
