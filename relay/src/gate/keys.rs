//! Every client key, in memory, found by its keyed hash. A miss costs as much as a hit.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::model::id::KeyId;
use crate::model::key::Binding;
use crate::store::key::StoredKey;

/// A key as the road knows it.
#[derive(Debug)]
pub struct Key {
    /// Identity.
    pub id: KeyId,
    /// Which accounts it may use.
    pub binding: Binding,
    /// When it was made, milliseconds since 1970.
    pub created_ms: i64,
    name: Mutex<String>,
    enabled: AtomicBool,
    in_flight: AtomicU32,
}

impl Key {
    fn new(stored: &StoredKey) -> Self {
        Self {
            id: stored.id.clone(),
            binding: stored.binding.clone(),
            created_ms: stored.created_ms,
            name: Mutex::new(stored.name.clone()),
            enabled: AtomicBool::new(stored.enabled),
            in_flight: AtomicU32::new(0),
        }
    }

    /// Its name now.
    pub fn name(&self) -> String {
        self.name.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Disabled keys are refused.
    pub fn is_enabled(&self) -> bool {
        self.enabled.load(Ordering::Relaxed)
    }

    /// Calls under way with it.
    pub fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Relaxed)
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
#[derive(Debug, Default)]
pub struct Keys {
    by_hash: ArcSwap<HashMap<[u8; 32], Arc<Key>>>,
    /// Changes are made one after another.
    change: Mutex<()>,
}

impl Keys {
    /// Loads all keys at start.
    pub fn load(&self, stored: &[StoredKey]) {
        let index = stored.iter().map(|key| (key.hash, Arc::new(Key::new(key)))).collect();
        self.by_hash.store(Arc::new(index));
    }

    /// The key of that hash.
    pub fn find(&self, hash: &[u8; 32]) -> Option<Arc<Key>> {
        self.by_hash.load().get(hash).cloned()
    }

    /// The key of that id.
    pub fn by_id(&self, id: &KeyId) -> Option<Arc<Key>> {
        self.by_hash.load().values().find(|key| key.id == *id).cloned()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.by_hash.load().len()
    }

    pub(crate) fn insert(&self, stored: &StoredKey) {
        self.change(|index| drop(index.insert(stored.hash, Arc::new(Key::new(stored)))));
    }

    pub(crate) fn remove(&self, id: &KeyId) {
        self.change(|index| index.retain(|_, key| key.id != *id));
    }

    pub(crate) fn rename(&self, id: &KeyId, name: &str) {
        if let Some(key) = self.by_id(id) {
            name.clone_into(&mut key.name.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    pub(crate) fn set_enabled(&self, id: &KeyId, enabled: bool) {
        if let Some(key) = self.by_id(id) {
            key.enabled.store(enabled, Ordering::Relaxed);
        }
    }

    fn change(&self, work: impl FnOnce(&mut HashMap<[u8; 32], Arc<Key>>)) {
        let _turn = self.change.lock().unwrap_or_else(PoisonError::into_inner);
        let mut index = HashMap::clone(&self.by_hash.load());
        work(&mut index);
        self.by_hash.store(Arc::new(index));
    }
}
