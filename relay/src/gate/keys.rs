//! Every client key, in memory, found by its keyed hash. A miss costs as much as a hit.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use super::limit::Live;
use super::limit::live::Before;
use super::refusal::Unauthenticated;
use crate::clock::Clock;
use crate::model::id::KeyId;
use crate::model::key::Binding;
use crate::model::limit::KeyLimits;
use crate::store::key::{Former, StoredKey};

/// A key as the road knows it. Another takes its place when it is changed; calls under way go on with the one that
/// they began with, and count towards the same limits.
#[derive(Debug)]
pub struct Key {
    /// Identity.
    pub id: KeyId,
    /// Which accounts it may use.
    pub binding: Binding,
    /// When it was made, milliseconds since 1970.
    pub created_ms: i64,
    /// What it may do, and how much of it.
    pub limits: KeyLimits,
    /// How far that is used.
    pub live: Arc<Live>,
    name: String,
    hash: [u8; 32],
    former: Option<Former>,
    enabled: bool,
    in_flight: Arc<AtomicU32>,
}

impl Key {
    fn new(stored: &StoredKey, live: Arc<Live>, in_flight: Arc<AtomicU32>) -> Self {
        Self {
            id: stored.id.clone(),
            binding: stored.binding.clone(),
            created_ms: stored.created_ms,
            limits: stored.limits.clone(),
            live,
            name: stored.name.clone(),
            hash: stored.hash,
            former: stored.former,
            enabled: stored.enabled,
            in_flight,
        }
    }

    /// Its name now.
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// Disabled keys are refused.
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Calls under way with it.
    pub fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// When it ends, if that is known yet, milliseconds since 1970.
    pub fn expires_ms(&self) -> Option<i64> {
        self.limits.expiry.and_then(|expiry| expiry.instant_ms(self.live.first_used_ms()))
    }

    /// Until when the text of that hash is taken, if it is the key's former one, milliseconds since 1970.
    pub(crate) fn former_until_ms(&self, hash: &[u8; 32]) -> Option<i64> {
        self.former.filter(|former| former.hash == *hash).map(|former| former.until_ms)
    }

    /// Whether it may be used now, found by that hash.
    fn check(&self, hash: &[u8; 32], now_ms: i64) -> Result<(), Unauthenticated> {
        let is_former = self.hash != *hash;
        if is_former && self.former.is_none_or(|former| former.until_ms <= now_ms) {
            return Err(Unauthenticated::Unknown);
        }
        if !self.enabled {
            return Err(Unauthenticated::Disabled);
        }
        match self.expires_ms() {
            Some(at_ms) if at_ms <= now_ms => Err(Unauthenticated::Expired { at_ms }),
            _ => Ok(()),
        }
    }
}

/// A call under way with a key; ends when dropped.
#[derive(Debug)]
pub struct KeyLease(Arc<Key>);

impl KeyLease {
    /// Counts a call.
    pub fn new(key: Arc<Key>) -> Self {
        key.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(key)
    }

    /// The key.
    pub fn key(&self) -> &Key {
        &self.0
    }
}

impl Drop for KeyLease {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The index of all keys.
#[derive(Debug)]
pub struct Keys {
    index: ArcSwap<Index>,
    clock: Clock,
    /// Changes are made one after another.
    change: Mutex<()>,
}

#[derive(Clone, Debug, Default)]
struct Index {
    by_hash: HashMap<[u8; 32], Arc<Key>>,
    by_id: HashMap<KeyId, Arc<Key>>,
}

impl Keys {
    /// None yet.
    pub fn new(clock: Clock) -> Self {
        Self { index: ArcSwap::default(), clock, change: Mutex::new(()) }
    }

    /// Loads all keys at start, with what each was used for.
    pub fn load(&self, stored: &[StoredKey], mut before: HashMap<KeyId, Before>) {
        self.change(|index| {
            for stored in stored {
                let mut before = before.remove(&stored.id).unwrap_or_default();
                before.first_used_ms = stored.first_used_ms;
                index.put(self.key(stored, before));
            }
        });
    }

    /// The key of that hash, if it may be used now.
    ///
    /// # Errors
    /// There is none, or why it may not.
    pub fn find(&self, hash: &[u8; 32]) -> Result<Arc<Key>, Unauthenticated> {
        let key = self.index.load().by_hash.get(hash).cloned().ok_or(Unauthenticated::Unknown)?;
        key.check(hash, self.clock.now_ms())?;
        Ok(key)
    }

    /// The key of that id.
    pub fn by_id(&self, id: &KeyId) -> Option<Arc<Key>> {
        self.index.load().by_id.get(id).cloned()
    }

    /// All of them.
    pub fn all(&self) -> Vec<Arc<Key>> {
        self.index.load().by_id.values().cloned().collect()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.index.load().by_id.len()
    }

    /// Adds keys just made.
    pub(crate) fn insert(&self, stored: &[StoredKey]) {
        self.change(|index| {
            for stored in stored {
                index.put(self.key(stored, Before::default()));
            }
        });
    }

    /// Puts changed keys in the place of those that there were. Limits of theirs are for [`Live::set`].
    pub(crate) fn replace(&self, stored: &[StoredKey]) {
        self.change(|index| {
            for stored in stored {
                if let Some(key) = index.by_id.get(&stored.id).cloned() {
                    if stored.enabled {
                        key.live.streams.reopen();
                    }
                    index.remove(&key);
                    index.put(Key::new(stored, Arc::clone(&key.live), Arc::clone(&key.in_flight)));
                }
            }
        });
    }

    pub(crate) fn remove(&self, ids: &[KeyId]) {
        self.change(|index| {
            for id in ids {
                if let Some(key) = index.by_id.get(id).cloned() {
                    index.remove(&key);
                }
            }
        });
    }

    fn key(&self, stored: &StoredKey, before: Before) -> Key {
        let live = Arc::new(Live::new(self.clock.clone(), &stored.limits, before));
        Key::new(stored, live, Arc::default())
    }

    fn change(&self, work: impl FnOnce(&mut Index)) {
        let _turn = self.change.lock().unwrap_or_else(PoisonError::into_inner);
        let mut index = Index::clone(&self.index.load());
        work(&mut index);
        self.index.store(Arc::new(index));
    }
}

impl Index {
    fn put(&mut self, key: Key) {
        let key = Arc::new(key);
        self.by_hash.insert(key.hash, Arc::clone(&key));
        if let Some(former) = key.former {
            self.by_hash.insert(former.hash, Arc::clone(&key));
        }
        self.by_id.insert(key.id.clone(), key);
    }

    fn remove(&mut self, key: &Key) {
        self.by_hash.retain(|_, other| other.id != key.id);
        self.by_id.remove(&key.id);
    }
}
