//! From settings to a running Switchyard: the data folder, its secrets, the store, the journal, the tasks.

mod rotate;
mod secrets;

use std::sync::Arc;

use http::HeaderValue;

use crate::admin;
use crate::clock::Clock;
use crate::config::Config;
use crate::folder::{FolderError, FolderLock};
use crate::gate::body::BodyMemory;
use crate::gate::door::Door;
use crate::gate::keys::Keys;
use crate::gate::limit::before;
use crate::gate::sign_ins::SignIns;
use crate::journal::books::{Asks, Books};
use crate::journal::{Folder, Journal, JournalError};
use crate::live::Hub;
use crate::meter::abandoned::abandoned;
use crate::meter::guard::Ledger;
use crate::price::{Prices, Table, TableError};
use crate::provider::outbound::Outbound;
use crate::schedule::catalogue::Catalogue;
use crate::schedule::pool::Pool;
use crate::secret::vault::{Pepper, Vault, VaultError};
use crate::state::{Shared, Switchyard, Tasks, sealed};
use crate::store::chore::{self, Chores};
use crate::store::{Store, StoreError, account, attempt, group, key, price, standing, token, zone};
use crate::task::{fold, pulse, quota, refresh, reprice, sweep};

pub use rotate::{Rotated, rotate};

/// The store's file in the data folder.
const STORE: &str = "switchyard.db";

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file in the data folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The secrets file was edited by hand, or is missing while the store is not empty.
    #[error("{0}")]
    Secrets(String),
    /// An account's secret does not open.
    #[error("the secret of account {name} does not open: {cause}")]
    Sealed {
        /// The account.
        name: String,
        /// Why.
        cause: VaultError,
    },
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The price file is not one.
    #[error(transparent)]
    Prices(#[from] TableError),
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Opens everything in a data folder that is already locked, and starts the background tasks. What a killed process
/// left in the journal is in the books when this returns.
///
/// # Errors
/// See [`StartError`].
pub async fn open(config: Config, clock: Clock, lock: &FolderLock) -> Result<Shared, StartError> {
    let store = Store::open(&lock.path(STORE))?;
    let secrets = secrets::load(&config, lock, &store).await?;
    let vault = Vault::new(&secrets.encryption_key);
    let pepper = Pepper::new(&secrets::pepper(&store, &vault).await?);
    let prices = Prices::new(match &config.price_file {
        Some(file) => Table::with_file(file)?,
        None => Table::embedded(),
    });
    zone::settle(&store, &clock).await?;
    price::put_in_force(&store, prices.clone()).await?;
    let journal = open_journal(&config, lock, &store, &prices.load()).await?;
    let (books, asks) = Books::new(journal.clone());
    let (chores, queue) = Chores::new();
    let via = format!("1.1 switchyard-{}", &hex::encode(pepper.hash(b"via"))[..12]);
    let relay = Arc::new(Switchyard {
        keys: Keys::new(clock.clone()),
        accounts: Pool::new(&config.schedule),
        ledger: Ledger { journal, prices },
        books,
        live: Arc::new(Hub::default()),
        body_memory: BodyMemory::new(config.limits.body_memory),
        outbound: Outbound::new(&config.relay),
        catalogue: Catalogue::default(),
        chores,
        tasks: Tasks::default(),
        via: HeaderValue::from_str(&via).unwrap_or(HeaderValue::from_static("1.1 switchyard")),
        started_ms: clock.now_ms(),
        door: Door::default(),
        sign_ins: SignIns::default(),
        config,
        clock,
        store,
        vault,
        pepper,
        jwt_secret: secrets.jwt,
    });
    load(&relay).await?;
    run_tasks(&relay, asks, queue).await?;
    relay.books.caught_up().await;
    // The limits of keys begin with what the books hold, the last records of a killed process in them.
    let keys = key::all(&relay.store).await?;
    relay.keys.load(&keys, before::all(&relay.store, &relay.clock, &keys).await?);
    Ok(relay)
}

async fn open_journal(
    config: &Config,
    lock: &FolderLock,
    store: &Store,
    prices: &Table,
) -> Result<Journal, StartError> {
    let folder = lock.path("journal");
    let folded = attempt::watermark(store).await?;
    let failed = |cause| FolderError::Unusable { path: folder.display().to_string(), cause };
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let (journal, interrupted) = Journal::open(&folder, folded, config.journal_sync)?;
    for opened in interrupted {
        journal.append_settled(&abandoned(prices, opened))?;
    }
    Ok(journal)
}

async fn load(relay: &Shared) -> Result<(), StartError> {
    let now_ms = relay.clock.now_ms();
    let cooldowns = standing::cooldowns(&relay.store, now_ms).await?;
    let windows = standing::windows(&relay.store, now_ms).await?;
    for stored in account::all(&relay.store).await? {
        let name = stored.name.clone();
        let token = token::find(&relay.store, stored.id.clone()).await?;
        let account = sealed::open(relay, &stored, token.as_ref())
            .map_err(|cause| StartError::Sealed { name, cause })?;
        account.cooldowns().restore(cooldowns.get(&account.id).map_or(&[], Vec::as_slice));
        account.room().read(windows.get(&account.id).map_or(&[], Vec::as_slice), 0, now_ms);
        relay.accounts.insert(account);
    }
    relay.accounts.set_groups(group::all(&relay.store).await?);
    let live = Arc::clone(&relay.live);
    let look = move |recent: &_| live.add(std::slice::from_ref(recent), now_ms);
    Ok(attempt::each_since(&relay.store, now_ms - 30 * 60_000, look).await?)
}

/// All background work, in one table.
async fn run_tasks(relay: &Shared, asks: Asks, queue: chore::Queue) -> Result<(), StartError> {
    let folder = Folder::new(relay.ledger.journal.clone(), relay.store.clone(), relay.clock.clone()).await?;
    let (live, store, clock) = (Arc::clone(&relay.live), relay.store.clone(), relay.clock.clone());
    let names = Arc::downgrade(relay);
    let tell: fold::Tell = Box::new(move |new| {
        if let Some(relay) = names.upgrade() {
            admin::figure::tell(&relay, new);
        }
    });
    let stop = || relay.tasks.token();
    relay.tasks.spawn(fold::run(folder, asks, Arc::clone(&live), clock.clone(), tell, stop()));
    relay.tasks.spawn(chore::run(queue, store.clone(), stop()));
    relay.tasks.spawn(pulse::run(live, store.clone(), clock.clone(), stop()));
    relay.tasks.spawn(refresh::run(Arc::downgrade(relay), stop()));
    relay.tasks.spawn(quota::run(Arc::downgrade(relay), stop()));
    relay.tasks.spawn(reprice::run(Arc::downgrade(relay), stop()));
    relay.tasks.spawn(sweep::run(store, clock, relay.config.books, relay.config.session.idle, stop()));
    Ok(())
}
