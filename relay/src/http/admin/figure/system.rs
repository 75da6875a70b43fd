//! What the original's dashboard shows.

use axum::extract::{Extension, State};
use serde_json::{Value, json};

use crate::admin::{Admin, account, key};
use crate::http::admin::reply::{Reply, data};
use crate::http::own::Averages;
use crate::model::account::{AccountKind, AccountRow, AccountState, Service};
use crate::model::figure::Totals;
use crate::model::key::KeyRow;
use crate::state::Shared;
use crate::store::figure::{self, Ask, Filter};

/// `GET /dashboard`.
pub(in crate::http::admin) async fn dashboard(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
) -> Reply {
    let keys = key::list(&shared, &admin).await?;
    let accounts = account::list(&shared, &admin).await?;
    let now_ms = shared.clock.now_ms();
    let day_ms = shared.clock.day_start_ms(now_ms, 0);
    let since = |from_ms| Ask::whole(Filter::since("d", from_ms), None);
    let sums = figure::ask(&shared.store, [since(0), since(day_ms)]).await?;
    let [ever, today] = sums.map(|parts| figure::sum(&parts));
    let oldest_ms = keys.iter().map(|key| key.created_ms).min().unwrap_or(now_ms);
    let averages = Averages::of(&ever, now_ms - oldest_ms);
    Ok(data(json!({
        "overview": overview(&keys, &accounts, &ever),
        "recentActivity": activity(&keys, &today, day_ms),
        "systemAverages": averages,
        "systemHealth": {
            "redisConnected": shared.store.is_alive().await,
            "claudeAccountsHealthy": able(&accounts, Service::Claude) > 0,
            "geminiAccountsHealthy": able(&accounts, Service::Gemini) > 0,
            "uptime": (now_ms - shared.started_ms).max(0) / 1_000,
        },
    })))
}

fn overview(keys: &[KeyRow], accounts: &[AccountRow], ever: &Totals) -> Value {
    let tokens = &ever.tokens;
    json!({
        "totalApiKeys": keys.len(),
        "activeApiKeys": keys.iter().filter(|key| key.enabled).count(),
        "totalClaudeAccounts": of(accounts, Service::Claude).count(),
        "activeClaudeAccounts": able(accounts, Service::Claude),
        "rateLimitedClaudeAccounts": cooling(accounts, Service::Claude),
        "totalGeminiAccounts": of(accounts, Service::Gemini).count(),
        "activeGeminiAccounts": able(accounts, Service::Gemini),
        "rateLimitedGeminiAccounts": cooling(accounts, Service::Gemini),
        "totalTokensUsed": tokens.all(),
        "totalRequestsUsed": ever.requests,
        "totalInputTokensUsed": tokens.input,
        "totalOutputTokensUsed": tokens.output,
        "totalCacheCreateTokensUsed": tokens.cache_write(),
        "totalCacheReadTokensUsed": tokens.cache_read,
        "totalAllTokensUsed": tokens.all(),
        "totalCost": ever.cost.as_dollars(),
        "totalCostNanodollars": ever.cost,
    })
}

fn activity(keys: &[KeyRow], today: &Totals, day_ms: i64) -> Value {
    let tokens = &today.tokens;
    json!({
        "apiKeysCreatedToday": keys.iter().filter(|key| key.created_ms >= day_ms).count(),
        "requestsToday": today.requests,
        "failedToday": today.failed,
        "tokensToday": tokens.all(),
        "inputTokensToday": tokens.input,
        "outputTokensToday": tokens.output,
        "cacheCreateTokensToday": tokens.cache_write(),
        "cacheReadTokensToday": tokens.cache_read,
        "costToday": today.cost.as_dollars(),
        "costTodayNanodollars": today.cost,
    })
}

/// Sandboxes serve nobody but those bound to them.
fn of(accounts: &[AccountRow], service: Service) -> impl Iterator<Item = &AccountRow> {
    let is_one =
        move |account: &&AccountRow| account.kind != AccountKind::Sandbox && account.kind.serves(service);
    accounts.iter().filter(is_one)
}

fn able(accounts: &[AccountRow], service: Service) -> usize {
    of(accounts, service).filter(|account| account.state == AccountState::Able).count()
}

fn cooling(accounts: &[AccountRow], service: Service) -> usize {
    of(accounts, service).filter(|account| matches!(account.state, AccountState::Cooling { .. })).count()
}
