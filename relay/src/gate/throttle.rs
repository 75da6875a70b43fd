//! Wrong passwords slow down: the next try from the same place has to wait, longer each time.
//!
//! Tries are counted before they are checked, so that many at once gain nothing. A browser that signed in before
//! carries a device mark and is counted by that alone: whatever strangers try, they cannot slow down the people who
//! belong here. Bounded: the tallies that matter least go first.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use crate::secret::vault::digest;

const FREE: u32 = 3;
const FORGET_MS: i64 = 15 * 60 * 1000;
const MOST: usize = 4096;

/// What tries are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bucket {
    kind: Kind,
    of: [u8; 32],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Address,
    Name,
    Device,
    Session,
    Holder,
}

impl Bucket {
    /// Tries from one address; of IPv6, from one /64.
    pub fn address(address: IpAddr) -> Self {
        Self { kind: Kind::Address, of: place(address) }
    }

    /// Client keys that are tried on their own page, from one address; of IPv6, from one /64.
    pub fn holder(address: IpAddr) -> Self {
        Self { kind: Kind::Holder, of: place(address) }
    }

    /// Tries for one name, known or not.
    pub fn name(name: &str) -> Self {
        Self { kind: Kind::Name, of: digest(name.to_lowercase().as_bytes()) }
    }

    /// Tries from one browser that signed in before.
    pub fn device(device: &str) -> Self {
        Self { kind: Kind::Device, of: digest(device.as_bytes()) }
    }

    /// Tries of the present password within one session.
    pub fn session(hash: [u8; 32]) -> Self {
        Self { kind: Kind::Session, of: hash }
    }

    /// Whether it counts a browser that signed in before.
    pub fn is_device(self) -> bool {
        self.kind == Kind::Device
    }

    /// The longest wait, in milliseconds. By name it is short: it is the one that others can cause.
    fn longest_ms(self) -> i64 {
        match self.kind {
            Kind::Name => 8_000,
            Kind::Address | Kind::Device | Kind::Session | Kind::Holder => 32_000,
        }
    }
}

fn place(address: IpAddr) -> [u8; 32] {
    let folded = match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    };
    digest(folded.to_string().as_bytes())
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    tries: u32,
    next_ms: i64,
    last_ms: i64,
}

/// Tallies of tries, in memory.
#[derive(Debug, Default)]
pub struct Throttle {
    tallies: Mutex<HashMap<Bucket, Tally>>,
}

impl Throttle {
    /// Lets one try through and counts it, or says how many seconds it is too early.
    ///
    /// # Errors
    /// Seconds to wait, at least 1. A refused try is not counted.
    pub fn admit(&self, buckets: &[Bucket], now_ms: i64) -> Result<(), u32> {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        tallies.retain(|_, tally| now_ms - tally.last_ms < FORGET_MS);
        let known = |bucket: &Bucket| tallies.get(bucket).copied().unwrap_or_default();
        let wait_ms = buckets.iter().map(|bucket| known(bucket).next_ms - now_ms).max().unwrap_or(0);
        if wait_ms > 0 {
            return Err(u32::try_from((wait_ms + 999) / 1000).unwrap_or(u32::MAX));
        }
        for bucket in buckets {
            let tally = tallies.entry(*bucket).or_default();
            tally.tries = tally.tries.saturating_add(1);
            tally.last_ms = now_ms;
            tally.next_ms = now_ms + delay_ms(tally.tries).min(bucket.longest_ms());
        }
        if tallies.len() > MOST {
            let least = tallies.iter().min_by_key(|(_, tally)| (tally.tries, tally.last_ms));
            if let Some(least) = least.map(|(bucket, _)| *bucket) {
                tallies.remove(&least);
            }
        }
        Ok(())
    }

    /// Forgets the tries of someone who proved to be right.
    pub fn forgive(&self, buckets: &[Bucket]) {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        for bucket in buckets {
            tallies.remove(bucket);
        }
    }
}

/// Nothing after the first three, then 1 s, 2 s, 4 s ….
fn delay_ms(tries: u32) -> i64 {
    match tries.checked_sub(FREE) {
        None => 0,
        Some(over) => 1000 << over.min(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(throttle: &Throttle, bucket: Bucket, now_ms: i64) -> Option<u32> {
        throttle.admit(&[bucket], now_ms).err()
    }

    #[test]
    fn the_wait_grows_and_ends_at_a_bound() {
        let throttle = Throttle::default();
        let bucket = Bucket::address("203.0.113.7".parse().unwrap());
        let mut now_ms = 0;
        let mut waits = Vec::new();

        for _ in 0..10 {
            let start_ms = now_ms;
            while throttle.admit(&[bucket], now_ms).is_err() {
                now_ms += 1000;
            }
            waits.push((now_ms - start_ms) / 1000);
        }

        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 32]);
    }

    #[test]
    fn many_tries_at_once_gain_nothing() {
        let throttle = Throttle::default();
        let bucket = Bucket::name("admin");

        let let_through = (0..100).filter(|_| throttle.admit(&[bucket], 0).is_ok()).count();

        assert_eq!(let_through, 3);
    }

    #[test]
    fn a_name_is_the_same_in_any_case_and_an_address_in_any_form() {
        let throttle = Throttle::default();

        for name in ["admin", "Admin", "ADMIN"] {
            throttle.admit(&[Bucket::name(name)], 0).unwrap();
        }

        assert!(wait(&throttle, Bucket::name("aDMIN"), 0).is_some());
        assert_eq!(
            Bucket::address("2001:db8::1".parse().unwrap()),
            Bucket::address("2001:db8::ffff".parse().unwrap())
        );
        assert_eq!(
            Bucket::address("::ffff:192.0.2.1".parse().unwrap()),
            Bucket::address("192.0.2.1".parse().unwrap())
        );
    }

    #[test]
    fn a_flood_of_names_leaves_the_busiest_tally_in_place() {
        let throttle = Throttle::default();
        let target = Bucket::name("admin");
        while throttle.admit(&[target], 0).is_ok() {}

        for n in 0..2 * MOST {
            throttle.admit(&[Bucket::name(&format!("nobody {n}"))], 0).unwrap();
        }

        assert!(wait(&throttle, target, 0).is_some());
        assert!(throttle.tallies.lock().unwrap().len() <= MOST);
    }
}
