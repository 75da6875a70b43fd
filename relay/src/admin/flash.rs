//! What came of a form that the browser posted itself is shown on the page that comes next, once.

use super::Admin;
use crate::model::account::TestStep;
use crate::model::id::AccountId;
use crate::model::key::CreatedKey;
use crate::state::Shared;

/// Leaves keys just made.
pub fn leave_keys(shared: &Shared, admin: &Admin, keys: Vec<CreatedKey>) {
    if let Some(session) = &admin.session {
        shared.door.made_keys.leave(session.hash, keys, shared.clock.now_ms());
    }
}

/// Takes the keys that were left for this session, if any.
pub fn take_keys(shared: &Shared, admin: &Admin) -> Option<Vec<CreatedKey>> {
    let session = admin.session.as_ref()?;
    shared.door.made_keys.take(&session.hash, shared.clock.now_ms())
}

/// Leaves how a test of an account went.
pub fn leave_test(shared: &Shared, admin: &Admin, account: AccountId, steps: Vec<TestStep>) {
    if let Some(session) = &admin.session {
        shared.door.tests.leave(session.hash, (account, steps), shared.clock.now_ms());
    }
}

/// Takes how the test of that account went, if this session left one.
pub fn take_test(shared: &Shared, admin: &Admin, account: &AccountId) -> Option<Vec<TestStep>> {
    let session = admin.session.as_ref()?;
    let (tested, steps) = shared.door.tests.take(&session.hash, shared.clock.now_ms())?;
    (tested == *account).then_some(steps)
}

/// Leaves how a test of a proxy went.
pub fn leave_proxy_test(shared: &Shared, admin: &Admin, steps: Vec<TestStep>) {
    if let Some(session) = &admin.session {
        shared.door.proxy_tests.leave(session.hash, steps, shared.clock.now_ms());
    }
}

/// Takes how the test of a proxy went, if this session left one.
pub fn take_proxy_test(shared: &Shared, admin: &Admin) -> Option<Vec<TestStep>> {
    let session = admin.session.as_ref()?;
    shared.door.proxy_tests.take(&session.hash, shared.clock.now_ms())
}
