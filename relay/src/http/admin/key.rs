//! Client keys.

mod batch;
mod face;
mod given;

use std::time::Duration;

use axum::extract::{Extension, Path, Query, Request, State};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) use batch::{change as change_many, create as create_many, delete as delete_many};

use super::body::Fields;
use super::reply::{Refused, Reply, data, done};
use crate::admin::{Admin, key};
use crate::model::id::KeyId;
use crate::model::key::{CreatedKey, KeyChange, ManyKeys};
use crate::model::limit::Expiry;
use crate::state::Shared;

/// What a list can be narrowed by.
#[derive(Deserialize)]
pub(super) struct Narrowed {
    tag: Option<String>,
}

/// `GET /`.
pub(super) async fn list(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Query(narrowed): Query<Narrowed>,
) -> Reply {
    let tag = narrowed.tag.filter(|tag| !tag.is_empty()).map(|tag| tag.to_lowercase());
    let mut keys = key::list(&shared, &admin).await?;
    keys.retain(|key| tag.as_ref().is_none_or(|tag| key.about.tags.contains(tag)));
    Ok(data(keys.iter().map(|key| face::key(&shared, key)).collect::<Value>()))
}

/// `GET /tags`: every tag that a key has, each once.
pub(super) async fn tags(State(shared): State<Shared>, Extension(admin): Extension<Admin>) -> Reply {
    let keys = key::list(&shared, &admin).await?;
    let mut tags: Vec<_> = keys.into_iter().flat_map(|key| key.about.tags).collect();
    tags.sort_unstable();
    tags.dedup();
    Ok(data(Value::from(tags)))
}

/// `GET /{id}`.
pub(super) async fn find(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
) -> Reply {
    let key = key::find(&shared, &admin, &KeyId::new(id)).await?;
    Ok(data(face::key(&shared, &key)))
}

/// `POST /`. The key's text is in this answer alone.
pub(super) async fn create(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let made = key::create(&shared, &admin, given::new_key(&shared, &fields, "name")?).await?;
    Ok(data(shown_once(&shared, &admin, made).await?))
}

/// `PUT /{id}`: what is not named stays as it is.
pub(super) async fn change(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
    request: Request,
) -> Reply {
    let id = KeyId::new(id);
    let row = key::find(&shared, &admin, &id).await?;
    let fields = Fields::read(request).await?;
    key::update(&shared, &admin, &id, given::change(&fields, &row)?).await?;
    Ok(data(face::key(&shared, &key::find(&shared, &admin, &id).await?)))
}

/// `PATCH /{id}/expiration`: `{expiresAt}`, nothing for never, or `{activateNow: true}`.
pub(super) async fn expiration(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
    request: Request,
) -> Reply {
    let id = KeyId::new(id);
    let row = key::find(&shared, &admin, &id).await?;
    let fields = Fields::read(request).await?;
    let mut limits = row.limits;
    limits.expiry = match (fields.flag("activateNow")?, limits.expiry) {
        (Some(true), Some(Expiry::DaysAfterFirstUse(_))) => {
            let now_ms = shared.clock.now_ms();
            limits
                .expiry
                .and_then(|expiry| expiry.instant_ms(row.first_used_ms.or(Some(now_ms))))
                .map(Expiry::At)
        }
        (Some(true), expiry) => expiry,
        _ => given::instant(&fields, "expiresAt")?.map(Expiry::At),
    };
    key::update(&shared, &admin, &id, KeyChange { limits: Some(limits), ..KeyChange::default() }).await?;
    Ok(data(face::key(&shared, &key::find(&shared, &admin, &id).await?)))
}

/// `POST /{id}/rotate`: `{graceSeconds}`. The key's new text is in this answer alone.
pub(super) async fn rotate(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let grace = fields.number("graceSeconds")?.unwrap_or(0);
    let grace = u64::try_from(grace).map_err(|_| Refused::field("graceSeconds", "a number of seconds"))?;
    let made = key::rotate(&shared, &admin, &KeyId::new(id), Duration::from_secs(grace)).await?;
    Ok(data(shown_once(&shared, &admin, made).await?))
}

/// `DELETE /{id}`; its figures stay. `?endStreams=true` ends its calls under way.
pub(super) async fn delete(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
    Query(how): Query<How>,
) -> Reply {
    let what = ManyKeys::Delete { end_streams: how.end_streams };
    if key::many(&shared, &admin, vec![KeyId::new(id)], what).await? == 0 {
        return Err(Refused::missing());
    }
    Ok(done(json!({ "message": "key deleted" })))
}

/// How a key is revoked.
#[derive(Deserialize)]
pub(super) struct How {
    #[serde(default, rename = "endStreams")]
    end_streams: bool,
}

async fn shown_once(shared: &Shared, admin: &Admin, made: CreatedKey) -> Result<Value, Refused> {
    let row = key::find(shared, admin, &made.id).await?;
    let mut face = face::key(shared, &row);
    face["apiKey"] = json!(made.key);
    Ok(face)
}
