//! How hard a password is to guess, roughly: to show while it is typed. What is refused is the server's to say.

use std::collections::BTreeSet;

/// Shortest password that is taken.
pub(crate) const SHORTEST: usize = 10;

/// How hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// Refused: too short, or the name.
    Refused,
    /// Taken, and soon guessed.
    Weak,
    /// Holds for a while.
    Fair,
    /// Holds.
    Strong,
    /// Holds for ever.
    VeryStrong,
}

impl Strength {
    /// Of a password for an administrator of that name.
    pub(crate) fn of(password: &str, name: &str) -> Self {
        let lower = password.to_lowercase();
        let letters: Vec<char> = lower.chars().collect();
        if letters.len() < SHORTEST || is_name(&lower, name) {
            return Self::Refused;
        }
        let distinct = letters.iter().collect::<BTreeSet<_>>().len();
        let steps = letters.windows(2).filter(|pair| is_step(pair[0], pair[1])).count();
        // What a guesser gets for nothing: runs, repeats, and words that everybody uses.
        let worth = letters.len()
            - steps
            - if COMMON.iter().any(|word| lower.contains(word)) { 6 } else { 0 }.min(letters.len() - steps);
        match (worth.min(distinct + distinct / 2), distinct) {
            (..8, _) | (_, ..5) => Self::Weak,
            (..12, _) => Self::Fair,
            (..16, _) => Self::Strong,
            _ => Self::VeryStrong,
        }
    }

    /// Of four quarters.
    pub(crate) fn quarters(self) -> usize {
        match self {
            Self::Refused => 0,
            Self::Weak => 1,
            Self::Fair => 2,
            Self::Strong => 3,
            Self::VeryStrong => 4,
        }
    }
}

/// Whether it is the name, as the server compares them.
pub(crate) fn is_name(password: &str, name: &str) -> bool {
    password.to_lowercase() == name.trim().to_lowercase()
}

const COMMON: [&str; 10] = [
    "password",
    "passwort",
    "qwerty",
    "letmein",
    "welcome",
    "switchyard",
    "iloveyou",
    "admin",
    "monkey",
    "dragon",
];

/// The same again, or the next one: `aa`, `ab`, `98`.
fn is_step(a: char, b: char) -> bool {
    a == b
        || (u32::from(a).abs_diff(u32::from(b)) == 1
            && a.is_ascii_alphanumeric()
            && b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::Strength;

    #[test]
    fn what_the_server_refuses_is_said_so() {
        assert_eq!(Strength::of("", "admin"), Strength::Refused);
        assert_eq!(Strength::of("xk29!pQ_z", "admin"), Strength::Refused);
        assert_eq!(Strength::of("Administrator", "administrator "), Strength::Refused);
    }

    #[test]
    fn runs_repeats_and_common_words_are_weak() {
        for weak in ["1234567890", "aaaaaaaaaaaaaaaa", "password123", "abcdefghijklm", "qwerty12345"] {
            assert_eq!(Strength::of(weak, "admin"), Strength::Weak, "{weak}");
        }
    }

    #[test]
    fn four_plain_words_do_well() {
        assert_eq!(Strength::of("buffer stop plum 41", "admin"), Strength::Strong);
        assert!(Strength::of("horse battery", "admin") >= Strength::Fair);
    }
}
