//! What both roads share: one value, made at start, handed around as [`Shared`].

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::gate::door::Door;
use crate::secret::Secret;
use crate::secret::vault::{Pepper, Vault};
use crate::store::Store;

/// A running Switchyard.
pub struct Switchyard {
    /// Settings in force.
    pub config: Config,
    /// Time.
    pub clock: Clock,
    /// Nouns at rest.
    pub store: Store,
    /// Seals and opens credentials.
    pub vault: Vault,
    /// Hashes client keys.
    pub pepper: Pepper,
    /// Signs console sessions.
    pub jwt_secret: Secret,
    /// What the console's door remembers.
    pub door: Door,
}

/// A running Switchyard, shared.
pub type Shared = Arc<Switchyard>;
