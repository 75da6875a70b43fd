//! Accounts as lists show them.

use std::sync::Arc;

use crate::admin::Error;
use crate::model::account::AccountRow;
use crate::model::figure::GroupBy;
use crate::schedule::account::Account;
use crate::state::Shared;
use crate::store::figure::{self, Filter, Part};

pub(in crate::admin) async fn rows(shared: &Shared) -> Result<Vec<AccountRow>, Error> {
    let now_ms = shared.clock.now_ms();
    let today = Filter::since("d", shared.clock.day_start_ms(now_ms, 0));
    let today = figure::by(&shared.store, today, GroupBy::Account).await?;
    let answered = figure::answered(&shared.store, shared.clock.day_start_ms(now_ms, 0)).await?;
    let ever = figure::by(&shared.store, Filter::since("d", 0), GroupBy::Account).await?;
    let bound = crate::store::key::bound_counts(&shared.store).await?;
    let groups = shared.accounts.groups();
    let row = |account: &Arc<Account>| {
        let of = |parts: &[Part]| parts.iter().find(|part| part.id == account.id.as_str()).cloned();
        let credential = account.credential();
        let tokens = credential.tokens();
        AccountRow {
            id: account.id.clone(),
            name: account.name.to_string(),
            kind: account.kind,
            base_url: account.base_url.to_string(),
            secret_hint: account.secret_hint.clone(),
            state: account.state(now_ms),
            cooldowns: account.cooldowns().rows(now_ms),
            windows: account.room().readings(now_ms),
            note: account.note.clone(),
            proxy: account.proxy.as_ref().map(|proxy| proxy.address.clone()),
            identity: Clone::clone(&account.identity()),
            project: account.project.clone(),
            token_ends_ms: tokens.and_then(|tokens| tokens.ends_ms),
            token_issued_ms: tokens.map(|tokens| tokens.issued_ms),
            priority: account.priority,
            weight: account.weight,
            concurrency: account.concurrency,
            groups: groups
                .iter()
                .filter(|group| group.accounts.contains(&account.id))
                .map(|group| group.id.clone())
                .collect(),
            in_flight: account.in_flight(),
            bound_keys: bound.get(&account.id).copied().unwrap_or(0),
            today: of(&today).map(|part| part.totals).unwrap_or_default(),
            answered: answered.get(account.id.as_str()).copied().unwrap_or_default(),
            created_ms: account.created_ms,
            last_used_ms: of(&ever).map(|part| part.last_ms),
        }
    };
    Ok(shared.accounts.all().iter().map(row).collect())
}
