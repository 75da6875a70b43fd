//! What both roads share: one value, made at start, handed around as [`Shared`].

pub(crate) mod sealed;
mod tasks;

use std::sync::Arc;

use http::header::VIA;
use http::{HeaderMap, HeaderValue};

use crate::clock::Clock;
use crate::config::Config;
use crate::gate::body::BodyMemory;
use crate::gate::door::Door;
use crate::gate::keys::Keys;
use crate::gate::sign_ins::SignIns;
use crate::journal::books::Books;
use crate::live::Hub;
use crate::meter::guard::Ledger;
use crate::provider::outbound::Outbound;
use crate::provider::{anthropic, google};
use crate::schedule::catalogue::Catalogue;
use crate::schedule::pool::Pool;
use crate::secret::Secret;
use crate::secret::vault::{Pepper, Vault};
use crate::store::Store;
use crate::store::chore::Chores;

pub use tasks::Tasks;

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
    /// Sign-ins to providers on their way.
    pub sign_ins: SignIns,
    /// Every client key.
    pub keys: Keys,
    /// Every account.
    pub accounts: Pool,
    /// Attempts, opened and settled, and what they are priced with.
    pub ledger: Ledger,
    /// Makes figures wait until they hold the latest call.
    pub books: Books,
    /// What goes on now.
    pub live: Arc<Hub>,
    /// Bytes of request bodies in memory.
    pub body_memory: BodyMemory,
    /// Connections to providers.
    pub outbound: Outbound,
    /// Which models the accounts offer.
    pub catalogue: Catalogue,
    /// Small writes that the road leaves to a task.
    pub chores: Chores,
    /// Background work.
    pub tasks: Tasks,
    /// Names this install in `via`.
    pub(crate) via: HeaderValue,
    /// When it started, milliseconds since 1970.
    pub started_ms: i64,
}

/// A running Switchyard, shared.
pub type Shared = Arc<Switchyard>;

impl Switchyard {
    /// The `via` for an address that is not the provider's own: a relay pointed at itself would go round for ever.
    pub(crate) fn via(&self, base_url: &str) -> Option<&HeaderValue> {
        let own = [anthropic::DEFAULT_URL, google::API_URL, google::CODE_ASSIST_URL];
        (!own.contains(&base_url)).then_some(&self.via)
    }

    /// Whether a request has passed this very install before.
    pub(crate) fn is_loop(&self, headers: &HeaderMap) -> bool {
        headers.get_all(VIA).iter().any(|via| {
            let hops = via.as_bytes().split(|byte| *byte == b',');
            hops.map(<[u8]>::trim_ascii).any(|hop| hop == self.via.as_bytes())
        })
    }
}
