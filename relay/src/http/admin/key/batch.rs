//! Several keys at once.

use axum::extract::{Extension, Request, State};
use serde_json::{Value, json};

use super::super::body::Fields;
use super::super::reply::{Refused, Reply, data};
use super::{face, given};
use crate::admin::{Admin, key};
use crate::model::id::KeyId;
use crate::model::key::ManyKeys;
use crate::state::Shared;

/// `POST /batch`: `{baseName, count, …}`. The keys' texts are in this answer alone.
pub(in crate::http::admin) async fn create(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let count = fields.number("count")?.and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
    let new = given::new_key(&shared, &fields, "baseName")?;
    let made = key::create_many(&shared, &admin, new, count).await?;
    let rows = key::list(&shared, &admin).await?;
    let shown = made.iter().filter_map(|made| {
        let mut face = face::key(&shared, rows.iter().find(|row| row.id == made.id)?);
        face["apiKey"] = json!(made.key);
        Some(face)
    });
    Ok(data(shown.collect::<Value>()))
}

/// `PUT /batch`: `{keyIds, updates}`. Each key is changed by itself; which were not is in the answer.
pub(in crate::http::admin) async fn change(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let ids = ids(&fields)?;
    let updates = fields.object("updates")?.ok_or_else(|| Refused::field("updates", "an object"))?;
    let rows = key::list(&shared, &admin).await?;
    let (mut changed, mut errors) = (0, Vec::new());
    for id in ids {
        let Some(row) = rows.iter().find(|row| row.id == id) else {
            errors.push(json!({ "keyId": id, "error": "there is no such key" }));
            continue;
        };
        match key::update(&shared, &admin, &id, given::change(&updates, row)?).await {
            Ok(()) => changed += 1,
            Err(error) => errors.push(json!({ "keyId": id, "error": error.for_person().to_string() })),
        }
    }
    Ok(data(json!({ "successCount": changed, "failedCount": errors.len(), "errors": errors })))
}

/// `DELETE /batch`: `{keyIds}`, and `endStreams` if their calls under way are to end.
pub(in crate::http::admin) async fn delete(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let ids = ids(&fields)?;
    let end_streams = fields.flag("endStreams")?.unwrap_or(false);
    let asked = ids.len();
    let deleted = key::many(&shared, &admin, ids, ManyKeys::Delete { end_streams }).await?;
    Ok(data(json!({ "successCount": deleted, "failedCount": asked - deleted, "errors": [] })))
}

fn ids(fields: &Fields) -> Result<Vec<KeyId>, Refused> {
    let ids = fields.texts("keyIds")?.filter(|ids| !ids.is_empty());
    let mut ids = ids.ok_or_else(|| Refused::field("keyIds", "a list of ids"))?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids.into_iter().map(KeyId::new).collect())
}
