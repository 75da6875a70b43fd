//! Which models each account offers, by its own word: asked when first needed, asked again when old, and never twice
//! at once for one account.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::value::RawValue;
use tokio::sync::OnceCell;

use crate::model::account::Service;
use crate::model::id::AccountId;

/// An answer is asked for again after this long.
const FRESH_MS: i64 = 10 * 60_000;

/// One model as its account described it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// The provider's own description, byte for byte.
    pub raw: Arc<RawValue>,
}

/// What an account offers.
pub type Offers = Arc<Vec<Offer>>;

/// The answers of all accounts. Bounded by the number of accounts.
#[derive(Default)]
pub struct Catalogue(Mutex<HashMap<(AccountId, Service), Arc<Slot>>>);

struct Slot {
    asked_ms: i64,
    answer: OnceCell<Offers>,
    before: Option<Offers>,
}

impl Catalogue {
    /// What an account offers of a service: the answer in hand, or the one that `ask` brings; the last good one if that fails.
    ///
    /// # Errors
    /// What `ask` met, if there never was an answer.
    pub async fn offers<E, F>(
        &self,
        id: &AccountId,
        service: Service,
        now_ms: i64,
        ask: F,
    ) -> Result<Offers, E>
    where
        F: Future<Output = Result<Offers, E>>,
    {
        let slot = self.slot(id, service, now_ms);
        match slot.answer.get_or_try_init(|| ask).await {
            Ok(offers) => Ok(Arc::clone(offers)),
            Err(error) => slot.before.clone().ok_or(error),
        }
    }

    /// What an account offers of a service, as far as it was ever asked.
    pub fn known(&self, id: &AccountId, service: Service) -> Option<Offers> {
        let slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.get(&(id.clone(), service))?;
        slot.answer.get().cloned().or_else(|| slot.before.clone())
    }

    /// Whether no account was ever asked.
    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn slot(&self, id: &AccountId, service: Service, now_ms: i64) -> Arc<Slot> {
        let of = (id.clone(), service);
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let old = slots.get(&of);
        if let Some(slot) = old.filter(|slot| now_ms < slot.asked_ms + FRESH_MS) {
            return Arc::clone(slot);
        }
        let before = old.and_then(|slot| slot.answer.get().cloned().or_else(|| slot.before.clone()));
        let slot = Arc::new(Slot { asked_ms: now_ms, answer: OnceCell::new(), before });
        slots.insert(of, Arc::clone(&slot));
        slot
    }
}
