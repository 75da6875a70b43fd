//! Finding what a person means: an id, or a name.

use relay::admin::{self, Admin, Error};
use relay::model::account::AccountRow;
use relay::model::group::GroupRow;
use relay::model::key::KeyRow;
use relay::model::problem::Problem;
use relay::state::Shared;

/// The key of that id or name.
pub(super) async fn key(shared: &Shared, admin: &Admin, id: &str) -> Result<KeyRow, Error> {
    let keys = admin::key::list(shared, admin).await?;
    one(keys, id, "key", |key| (key.id.as_str(), &key.name))
}

/// The account of that id or name.
pub(super) async fn account(shared: &Shared, admin: &Admin, id: &str) -> Result<AccountRow, Error> {
    let accounts = admin::account::list(shared, admin).await?;
    one(accounts, id, "account", |account| (account.id.as_str(), &account.name))
}

/// The group of that id or name.
pub(super) async fn group(shared: &Shared, admin: &Admin, id: &str) -> Result<GroupRow, Error> {
    let groups = admin::group::list(shared, admin).await?;
    one(groups, id, "group", |group| (group.id.as_str(), &group.name))
}

fn one<T>(rows: Vec<T>, wanted: &str, noun: &str, face: impl Fn(&T) -> (&str, &str)) -> Result<T, Error> {
    let is_id = rows.iter().any(|row| face(row).0 == wanted);
    let means = |row: &T| if is_id { face(row).0 == wanted } else { face(row).1 == wanted };
    let mut found = rows.into_iter().filter(means);
    match (found.next(), found.count()) {
        (Some(row), 0) => Ok(row),
        (None, _) => Err(Error::field(&format!("{noun} {wanted}"), Problem::NotFound)),
        (Some(_), others) => Err(Error::whole(Problem::Conflict {
            why: format!("{} {noun}s are named {wanted}: give the id of the one you mean", others + 1),
        })),
    }
}
