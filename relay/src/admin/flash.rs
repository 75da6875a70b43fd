//! A key made without WASM is shown on the page that comes next, once.

use super::Admin;
use crate::model::key::CreatedKey;
use crate::state::Shared;

/// Leaves a key for the next page of this session.
pub fn leave(shared: &Shared, admin: &Admin, key: CreatedKey) {
    if let Some(session) = &admin.session {
        shared.door.flashes.leave(session.hash, key, shared.clock.now_ms());
    }
}

/// Takes the key that was left for this session, if any.
pub fn take(shared: &Shared, admin: &Admin) -> Option<CreatedKey> {
    let session = admin.session.as_ref()?;
    shared.door.flashes.take(&session.hash, shared.clock.now_ms())
}
