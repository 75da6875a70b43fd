//! A sliding window: what was used in the last so many minutes, to the millisecond.

use std::collections::VecDeque;

const MINUTE_MS: i64 = 60_000;
/// So many instants are told apart. Beyond that neighbours are taken together and count until the later one leaves:
/// the window is then a little stricter than it must be, never laxer.
const INSTANTS: usize = 10_000;

/// What was used at which instant, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Window {
    length_ms: i64,
    parts: VecDeque<(i64, u64)>,
    sum: u64,
}

impl Window {
    pub(super) fn new(minutes: u32) -> Self {
        Self { length_ms: i64::from(minutes) * MINUTE_MS, parts: VecDeque::new(), sum: 0 }
    }

    /// Adds what was used at an instant.
    pub(super) fn add(&mut self, at_ms: i64, amount: u64) {
        if amount == 0 {
            return;
        }
        self.sum = self.sum.saturating_add(amount);
        let place = self.parts.partition_point(|(instant, _)| *instant < at_ms);
        match self.parts.get_mut(place) {
            Some((instant, there)) if *instant == at_ms => *there = there.saturating_add(amount),
            _ => self.parts.insert(place, (at_ms, amount)),
        }
        if self.parts.len() > INSTANTS {
            self.thin_out();
        }
    }

    /// Takes back what was added for an instant. What has left it by then stays away, and what was taken together with a
    /// later instant stays in it: a neighbour's part is never touched.
    pub(super) fn take_back(&mut self, at_ms: i64, amount: u64) {
        let place = self.parts.partition_point(|(instant, _)| *instant < at_ms);
        if let Some((_, there)) = self.parts.get_mut(place).filter(|(instant, _)| *instant == at_ms) {
            let taken = amount.min(*there);
            *there -= taken;
            self.sum = self.sum.saturating_sub(taken);
        }
    }

    /// What is in it now.
    pub(super) fn used(&mut self, now_ms: i64) -> u64 {
        self.back_from_the_future(now_ms);
        while let Some((at_ms, amount)) = self.parts.front().copied() {
            if at_ms.saturating_add(self.length_ms) > now_ms {
                break;
            }
            self.sum = self.sum.saturating_sub(amount);
            self.parts.pop_front();
        }
        self.sum
    }

    /// When at most `most` will be in it, if nothing is added.
    pub(super) fn falls_to(&self, most: u64) -> Option<i64> {
        let mut left = self.sum;
        for (at_ms, amount) in &self.parts {
            left = left.saturating_sub(*amount);
            if left <= most {
                return Some(at_ms.saturating_add(self.length_ms));
            }
        }
        None
    }

    /// When its oldest part leaves it.
    pub(super) fn moves_at(&self) -> Option<i64> {
        let oldest = self.parts.iter().find(|(_, amount)| *amount > 0);
        oldest.map(|(at_ms, _)| at_ms.saturating_add(self.length_ms))
    }

    /// After the clock was set back, what was used in its future counts as used now: else it would stay too long.
    fn back_from_the_future(&mut self, now_ms: i64) {
        let mut early = 0;
        while let Some((_, amount)) = self.parts.pop_back_if(|(at_ms, _)| *at_ms > now_ms) {
            early += amount;
        }
        if early > 0 {
            self.parts.push_back((now_ms, early));
        }
    }

    fn thin_out(&mut self) {
        let mut parts = VecDeque::with_capacity(INSTANTS);
        let mut old = self.parts.drain(..);
        while let Some((at_ms, amount)) = old.next() {
            parts.push_back(match old.next() {
                Some((later_ms, more)) => (later_ms, amount.saturating_add(more)),
                None => (at_ms, amount),
            });
        }
        drop(old);
        self.parts = parts;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_the_window_is_gone_to_the_millisecond() {
        let mut window = Window::new(1);
        window.add(1_000, 5);
        window.add(31_000, 7);

        assert_eq!(window.used(60_999), 12);
        assert_eq!(window.falls_to(7), Some(61_000));
        assert_eq!(window.falls_to(6), Some(91_000));
        assert_eq!(window.used(61_000), 7);
        assert_eq!(window.moves_at(), Some(91_000));
        assert_eq!(window.used(91_000), 0);
    }

    #[test]
    fn what_comes_late_is_put_where_it_belongs() {
        let mut window = Window::new(1);
        window.add(5_000, 1);
        window.add(1_000, 2);
        window.add(5_000, 4);
        window.take_back(5_000, 1);

        assert_eq!((window.used(61_000), window.used(65_000)), (4, 0));
    }

    #[test]
    fn what_has_left_is_not_taken_back_from_what_is_still_there() {
        let mut window = Window::new(1);
        window.add(1_000, 1);
        window.add(5_000, 1);

        assert_eq!(window.used(61_000), 1);
        window.take_back(1_000, 1);

        assert_eq!(window.used(61_000), 1);
    }

    #[test]
    fn a_clock_set_back_keeps_nothing_for_longer_than_the_window() {
        let mut window = Window::new(1);
        window.add(1_000, 1);
        window.add(9_000_000, 2);

        assert_eq!(window.used(2_000), 3);
        assert_eq!((window.used(61_000), window.used(62_000)), (2, 0));
    }

    #[test]
    fn very_many_instants_count_a_little_longer_and_never_shorter() {
        let mut window = Window::new(1);
        for at_ms in 0..25_000 {
            window.add(at_ms, 1);
        }

        assert!(window.parts.len() <= INSTANTS);
        assert_eq!(window.used(59_999), 25_000);
        assert!((0..25_000).all(|at_ms: i64| window.used(60_000 + at_ms) >= 24_999 - at_ms.unsigned_abs()));
        assert_eq!(window.used(85_000), 0);
    }
}
