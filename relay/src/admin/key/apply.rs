//! From the store to the road: what was changed at rest is put in force at once, and to the end, whatever becomes of
//! whoever asked for it.

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::admin::{Admin, Error};
use crate::gate::limit::{Live, before};
use crate::model::id::KeyId;
use crate::model::limit::KeyLimits;
use crate::model::live::LiveEvent;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::key::{self, StoredKey};

/// Does all of it, also if the asker goes.
pub(super) async fn to_the_end<T: Send + 'static>(
    shared: &Shared,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let (tell, told) = oneshot::channel();
    shared.tasks.spawn(async move {
        // Nobody may listen any more.
        let _ = tell.send(work.await);
    });
    told.await.unwrap_or(Err(Error::Store(StoreError::Closed)))
}

/// Changes keys; what they used stays counted as it is.
pub(super) async fn change(
    shared: &Shared,
    ids: Vec<KeyId>,
    work: impl Fn(&mut StoredKey) + Send + 'static,
) -> Result<Vec<StoredKey>, Error> {
    let relay = Arc::clone(shared);
    to_the_end(shared, async move {
        let changed = key::change(&relay.store, ids.clone(), work).await?;
        put_in_force(&relay, ids, |_| {}).await?;
        Ok(changed)
    })
    .await
}

/// Changes a key that gets other limits. What it used before counts towards them: the books are read for that, while
/// the key notes what ends in the meantime.
pub(super) async fn change_limits(
    shared: &Shared,
    id: KeyId,
    limits: KeyLimits,
    work: impl Fn(&mut StoredKey) + Send + 'static,
) -> Result<Vec<StoredKey>, Error> {
    let relay = Arc::clone(shared);
    to_the_end(shared, async move {
        let Some(key) = relay.keys.by_id(&id) else { return Ok(Vec::new()) };
        let live = Arc::clone(&key.live);
        live.begin_tape();
        relay.books.caught_up().await;
        let past = before::one(&relay.store, &relay.clock, &id, &limits).await;
        let changed = match past {
            Ok(past) => match key::change(&relay.store, vec![id.clone()], work).await {
                Ok(changed) => Ok((changed, past)),
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        let (changed, past) = changed.inspect_err(|_| live.end_tape())?;
        put_in_force(&relay, vec![id], move |stored| Live::set(&live, &stored.limits, past)).await?;
        Ok(changed)
    })
    .await
}

/// Deletes keys; their books stay.
pub(super) async fn delete(
    shared: &Shared,
    admin: &Admin,
    ids: Vec<KeyId>,
    end_streams: bool,
) -> Result<usize, Error> {
    let relay = Arc::clone(shared);
    let gone = to_the_end(shared, async move {
        let gone = key::delete(&relay.store, ids, relay.clock.now_ms()).await?;
        let keys: Vec<_> = gone.iter().filter_map(|id| relay.keys.by_id(id)).collect();
        relay.keys.remove(&gone);
        if end_streams {
            keys.iter().for_each(|key| key.live.streams.end_all());
        }
        relay.live.tell(LiveEvent::Keys);
        Ok(gone)
    })
    .await?;
    for id in &gone {
        tracing::info!(by = admin.name(), key = %id, "key deleted");
    }
    Ok(gone.len())
}

/// Ends the answers under way of keys that were just disabled.
pub(super) fn end_streams(shared: &Shared, ids: &[KeyId]) {
    for key in ids.iter().filter_map(|id| shared.keys.by_id(id)).filter(|key| !key.is_enabled()) {
        key.live.streams.end_all();
    }
}

/// Reads keys once more where nothing is written meanwhile, so that of two changes the later one is in force.
async fn put_in_force(
    shared: &Shared,
    ids: Vec<KeyId>,
    then: impl FnOnce(&StoredKey) + Send + 'static,
) -> Result<(), Error> {
    let relay = Arc::clone(shared);
    key::look(&shared.store, ids, move |stored| {
        relay.keys.replace(stored);
        if let Some(stored) = stored.first() {
            then(stored);
        }
    })
    .await?;
    shared.live.tell(LiveEvent::Keys);
    Ok(())
}
