//! Ten thousand calls over ten accounts whose windows fill: the scheduler itself, with a provider that counts each call
//! when it ends and tells in whole percents.

use std::collections::{HashMap, VecDeque};

use relay::clock::Clock;
use relay::config::Config;
use relay::model::account::{AccountKind, AccountSettings, Service};
use relay::model::id::{AccountId, KeyId};
use relay::model::identity::Identity;
use relay::model::key::Binding;
use relay::model::window::{WindowName, WindowReading, WindowStatus};
use relay::provider::credential::Credential;
use relay::schedule::account::{Account, Opened};
use relay::schedule::catalogue::Catalogue;
use relay::schedule::lease::AccountLease;
use relay::schedule::pool::Pool;
use relay::schedule::session::{Session, SessionId};
use relay::schedule::{Ask, Trail, acquire};
use relay::store::account::StoredAccount;
use rstest::rstest;
use tokio::time::Instant;
use uuid::Uuid;

const NOW_MS: i64 = 1_795_528_800_000;
const ACCOUNTS: usize = 10;
const CALLS: u32 = 10_000;

fn pool() -> Pool {
    let config = Config::from_values(&[("SWITCHYARD_DATA", "/nowhere")]).unwrap();
    let pool = Pool::new(&config.schedule);
    for n in 0..ACCOUNTS {
        let stored = StoredAccount {
            id: AccountId::new(format!("account {n}")),
            name: format!("account {n}"),
            kind: AccountKind::ClaudeOauth,
            secret: String::new(),
            secret_hint: String::new(),
            settings: AccountSettings::default(),
            proxy_password: String::new(),
            identity: Identity::default(),
            paused_ms: None,
            parked_ms: None,
            parked_cause: None,
            needs_sign_in: false,
            created_ms: NOW_MS,
        };
        let opened = Opened { base_url: String::new(), credential: Credential::None, proxy: None };
        pool.insert(Account::new(&stored, opened, &pool));
    }
    pool
}

/// What the provider knows.
struct World {
    pool: Pool,
    catalogue: Catalogue,
    clock: Clock,
    /// In hundredths of a basis point.
    spent: HashMap<AccountId, u32>,
    in_flight: VecDeque<(AccountLease, u32)>,
}

impl World {
    fn new(spent: impl Fn(usize) -> u32) -> Self {
        let pool = pool();
        let of = |(n, account): (usize, &std::sync::Arc<Account>)| (account.id.clone(), spent(n) * 100);
        let spent = pool.all().iter().enumerate().map(of).collect();
        Self {
            pool,
            catalogue: Catalogue::default(),
            clock: Clock::fake(NOW_MS),
            spent,
            in_flight: VecDeque::new(),
        }
    }

    async fn begin(&mut self, session: Option<Session>, cost: u32) {
        let ask = Ask {
            service: Service::Claude,
            road: &Service::Claude,
            binding: &Binding::Any,
            model: "claude-opus-4-5",
            session,
            draw: session.map_or_else(|| SessionId::from(Uuid::now_v7()), |session| session.id),
            first: None,
        };
        let mut trail = Trail::new(Instant::now());
        let leased = acquire(&self.pool, &self.catalogue, &self.clock, &ask, &mut trail).await.unwrap();
        if let Some(session) = session.filter(|_| leased.binds) {
            self.pool.bind(session.id, &leased.lease.account().id, NOW_MS);
        }
        self.in_flight.push_back((leased.lease, cost));
    }

    fn end(&mut self) {
        let Some((lease, cost)) = self.in_flight.pop_front() else { return };
        let account = lease.account().clone();
        let spent = self.spent.get_mut(&account.id).unwrap();
        *spent += cost;
        let reading = WindowReading {
            window: WindowName::FiveHour,
            used: Some(*spent / 10_000 * 100),
            resets_ms: Some(NOW_MS + 3_600_000),
            status: Some(WindowStatus::Allowed),
        };
        account.room().read(&[reading], account.in_flight(), NOW_MS);
    }

    /// The fullest and the emptiest window, in percent.
    fn extremes(&self) -> (u32, u32) {
        let spent = || self.spent.values().map(|spent| spent / 10_000);
        (spent().max().unwrap(), spent().min().unwrap())
    }
}

#[rstest]
#[tokio::test]
async fn ten_accounts_end_within_five_points_of_each_other(
    #[values(1, 10, 100, 300)] at_once: usize,
    #[values(|_| 0, |n: usize| u32::try_from(n).unwrap() * 300)] begins: fn(usize) -> u32,
    #[values(None, Some(1), Some(10))] calls_of_a_session: Option<u32>,
) {
    let mut world = World::new(begins);
    let key = KeyId::new("a key");

    for n in 0..CALLS {
        if world.in_flight.len() >= at_once {
            world.end();
        }
        // Mean 6 basis points, so that 1,000 calls spend some 60 percent; some calls spend fifteen times as much.
        let cost = if n % 19 == 0 { 4_000 } else { 400 };
        let session =
            calls_of_a_session.map(|calls| Session { id: SessionId::of(&key, &(n / calls)), is_kept: true });
        world.begin(session, cost).await;
    }
    while !world.in_flight.is_empty() {
        world.end();
    }

    let (most, least) = world.extremes();
    assert!(most - least <= 5, "{:?}", world.spent);
}
