//! What a key's calls are usually like: the base of what the next one reserves.

use crate::model::account::Service;

/// Tokens in a thousand bytes of a body before anything was measured.
const FIRST_DENSITY: u64 = 250;
/// A measured density is believed within these bounds: a body of pictures has few tokens, none has more than bytes.
const DENSITIES: std::ops::RangeInclusive<u64> = 20..=1_000;
/// Each call changes an average by so much of the difference.
const SHARE: u64 = 8;

/// Averages over the latest calls of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Tokens in a thousand bytes of a body, of Claude's dialect and of Google's.
    densities: [u64; 2],
    /// Tokens of output; none without history.
    output: Option<u64>,
}

/// What one call that was answered to its end teaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Whose dialect.
    pub service: Service,
    /// The body's length in bytes.
    pub body_length: u64,
    /// Tokens of the whole prompt.
    pub prompt: u64,
    /// Tokens of output.
    pub output: u64,
}

impl Habits {
    /// Of a key whose calls had so many tokens of output on average; none if it has had no calls.
    pub fn new(output: Option<u64>) -> Self {
        Self { densities: [FIRST_DENSITY; 2], output }
    }

    /// Takes a call in.
    pub fn learn(&mut self, lesson: &Lesson) {
        self.output = Some(self.output.map_or(lesson.output, |output| nearer(output, lesson.output)));
        if let Some(density) = lesson.prompt.saturating_mul(1_000).checked_div(lesson.body_length) {
            let known = &mut self.densities[index(lesson.service)];
            *known = nearer(*known, density.clamp(*DENSITIES.start(), *DENSITIES.end()));
        }
    }

    /// Tokens that a body of that length is likely to be.
    pub fn prompt(&self, service: Service, body_length: u64) -> u64 {
        body_length.saturating_mul(self.densities[index(service)]).div_ceil(1_000)
    }

    /// Tokens of output that a call is likely to have.
    pub fn output(&self) -> Option<u64> {
        self.output
    }
}

impl Default for Habits {
    fn default() -> Self {
        Self::new(None)
    }
}

fn index(service: Service) -> usize {
    match service {
        Service::Claude => 0,
        Service::Gemini => 1,
    }
}

/// Rounded up, so that small averages move as well.
fn nearer(known: u64, new: u64) -> u64 {
    known.saturating_mul(SHARE - 1).saturating_add(new).div_ceil(SHARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_move_towards_what_is_measured() {
        let mut habits = Habits::default();
        assert_eq!((habits.prompt(Service::Claude, 4_000), habits.output()), (1_000, None));

        for _ in 0..60 {
            habits.learn(&Lesson { service: Service::Claude, body_length: 1_000, prompt: 300, output: 700 });
        }

        assert_eq!((habits.prompt(Service::Claude, 1_000), habits.output()), (300, Some(700)));
        assert_eq!(habits.prompt(Service::Gemini, 1_000), 250);
    }

    #[test]
    fn no_body_has_more_tokens_than_bytes() {
        let mut habits = Habits::default();
        for _ in 0..100 {
            habits.learn(&Lesson { service: Service::Gemini, body_length: 10, prompt: 1 << 40, output: 0 });
        }

        assert_eq!((habits.prompt(Service::Gemini, 10), habits.output()), (10, Some(0)));
    }
}
