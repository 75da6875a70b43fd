//! Groups of accounts.

use axum::extract::{Extension, Path, Query, Request, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Fields;
use super::face::{self, Gallery};
use super::noun::{CLAUDE, GEMINI, Noun};
use super::reply::{Refused, Reply, data, done};
use crate::admin::{Admin, account, group};
use crate::model::account::{AccountRow, Service};
use crate::model::id::{AccountId, GroupId};
use crate::state::Shared;

/// What a list can be narrowed by.
#[derive(Deserialize)]
pub(super) struct Narrowed {
    platform: Option<String>,
}

/// `GET /`. A group without accounts has no platform, and is in every list.
pub(super) async fn list(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Query(narrowed): Query<Narrowed>,
) -> Reply {
    let groups = group::list(&shared, &admin).await?;
    let groups = groups.iter().map(|group| face::group(&shared, group));
    let fits = |group: &Value| match (narrowed.platform.as_deref(), group["platform"].as_str()) {
        (None | Some("all"), _) | (_, None) => true,
        (Some(wanted), Some(own)) => wanted == own,
    };
    Ok(data(groups.filter(fits).collect::<Value>()))
}

/// `GET /{id}`.
pub(super) async fn find(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
) -> Reply {
    let group = group::find(&shared, &admin, &GroupId::new(id)).await?;
    Ok(data(face::group(&shared, &group)))
}

/// `POST /`.
pub(super) async fn create(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let name = fields.text("name")?.unwrap_or_default();
    let accounts = members_of(&fields)?.unwrap_or_default();
    let group = group::put(&shared, &admin, None, &name, accounts).await?;
    Ok(data(face::group(&shared, &group)))
}

/// `PUT /{id}`: what is not named stays as it is.
pub(super) async fn change(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
    request: Request,
) -> Reply {
    let group = group::find(&shared, &admin, &GroupId::new(id)).await?;
    let fields = Fields::read(request).await?;
    let name = fields.text("name")?.unwrap_or(group.name);
    let accounts = members_of(&fields)?.unwrap_or(group.accounts);
    let group = group::put(&shared, &admin, Some(group.id), &name, accounts).await?;
    Ok(data(face::group(&shared, &group)))
}

/// `DELETE /{id}`; not while keys are bound to it.
pub(super) async fn delete(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
) -> Reply {
    group::delete(&shared, &admin, &GroupId::new(id)).await?;
    Ok(done(json!({ "message": "group deleted" })))
}

/// `GET /{id}/members`.
pub(super) async fn members(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
) -> Reply {
    let group = group::find(&shared, &admin, &GroupId::new(id)).await?;
    let rows = account::list(&shared, &admin).await?;
    let gallery = Gallery::open(&shared, &admin).await?;
    let rows = rows.iter().filter(|row| group.accounts.contains(&row.id));
    Ok(data(rows.map(|row| gallery.account(row, noun_of(row))).collect::<Value>()))
}

fn noun_of(row: &AccountRow) -> &'static Noun {
    if row.kind.serves(Service::Claude) { &CLAUDE } else { &GEMINI }
}

fn members_of(fields: &Fields) -> Result<Option<Vec<AccountId>>, Refused> {
    let ids = fields.texts("members")?.or(fields.texts("accountIds")?);
    Ok(ids.map(|ids| ids.into_iter().map(AccountId::new).collect()))
}
