//! Accounts: list, show, add, change, delete.

use axum::extract::{Extension, Path, Query, Request, State};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::body::Fields;
use super::face::Gallery;
use super::given;
use super::noun::Noun;
use super::reply::{Refused, Reply, data, done};
use crate::admin::account::{self, Change, Given};
use crate::admin::{Admin, group, sign_in};
use crate::model::account::{AccountRow, AccountSettings, AccountState, NewAccount};
use crate::model::id::{AccountId, GroupId};
use crate::secret::Secret;
use crate::state::Shared;

/// What a list can be narrowed by.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Narrowed {
    platform: Option<String>,
    group_id: Option<String>,
}

/// `GET /`.
pub(super) async fn list(
    State((shared, noun)): State<Desk>,
    Extension(admin): Extension<Admin>,
    Query(narrowed): Query<Narrowed>,
) -> Reply {
    let is_other = |platform: &String| platform != "all" && platform != noun.platform;
    if narrowed.platform.as_ref().is_some_and(is_other) {
        return Ok(data(json!([])));
    }
    let in_group = |row: &AccountRow| match narrowed.group_id.as_deref() {
        None | Some("all") => true,
        Some("ungrouped") => row.groups.is_empty(),
        Some(id) => row.groups.iter().any(|group| group.as_str() == id),
    };
    let rows = account::list(&shared, &admin).await?;
    let gallery = Gallery::open(&shared, &admin).await?;
    let rows = rows.iter().filter(|row| noun.means(row) && in_group(row));
    Ok(data(rows.map(|row| gallery.account(row, noun)).collect::<Value>()))
}

/// `GET /{id}`.
pub(super) async fn find(
    State((shared, noun)): State<Desk>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
) -> Reply {
    let row = one(&shared, &admin, noun, &id).await?;
    Ok(data(Gallery::open(&shared, &admin).await?.account(&row, noun)))
}

/// `POST /`: by tokens, by a ticket for tokens, or by an API key.
pub(super) async fn create(
    State((shared, noun)): State<Desk>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let name = fields.text("name")?.unwrap_or_default();
    let (settings, password) = given::settings(&fields, AccountSettings::default())?;
    let groups = known_groups(&shared, &admin, &fields).await?;
    let (tokens, key) = (given::tokens(&fields, noun)?, fields.secret("apiKey")?);
    let row = match (noun.signed_in, tokens, key) {
        (Some(kind), Some(tokens), None) => {
            let new = NewAccount { name, kind, settings };
            sign_in::paste(&shared, &admin, new, &tokens, password).await?
        }
        (Some(_), None, None) => {
            let message =
                "give the tokens of a sign-in (claudeAiOauth, geminiOauth or refreshToken) or an apiKey";
            return Err(Refused::with(StatusCode::BAD_REQUEST, "required", message));
        }
        (_, _, secret) => {
            let new = NewAccount { name, kind: noun.by_key, settings };
            let given = Given { secret, proxy_password: password, tokens: None };
            account::create(&shared, &admin, new, given).await?
        }
    };
    if let Some(groups) = groups {
        group::set_of(&shared, &admin, &row.id, &groups).await?;
    }
    let row = switched(&shared, &admin, row, &fields).await?;
    Ok(data(face(&shared, &admin, noun, &row.id).await?))
}

/// `PUT /{id}`: what is not named stays as it is.
pub(super) async fn change(
    State((shared, noun)): State<Desk>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
    request: Request,
) -> Reply {
    let row = one(&shared, &admin, noun, &id).await?;
    let fields = Fields::read(request).await?;
    let base = account::settings(&shared, &admin, &row.id).await?;
    let (settings, proxy_password) = given::settings(&fields, base)?;
    let groups = known_groups(&shared, &admin, &fields).await?;
    let tokens: Option<Secret> = given::tokens(&fields, noun)?.filter(|_| row.kind.is_oauth());
    let change = Change { name: fields.text("name")?, settings: Some(settings) };
    let given = Given { secret: fields.secret("apiKey")?, proxy_password, tokens: None };
    let mut row = account::update(&shared, &admin, &row.id, change, given).await?;
    if let Some(tokens) = tokens {
        row = sign_in::paste_into(&shared, &admin, &row.id, &tokens).await?;
    }
    if let Some(groups) = groups {
        group::set_of(&shared, &admin, &row.id, &groups).await?;
    }
    let row = switched(&shared, &admin, row, &fields).await?;
    let face = face(&shared, &admin, noun, &row.id).await?;
    Ok(done(json!({ "message": "account changed", "data": face })))
}

/// `DELETE /{id}`; not while keys are bound to it.
pub(super) async fn delete(
    State((shared, noun)): State<Desk>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
) -> Reply {
    let row = one(&shared, &admin, noun, &id).await?;
    account::delete(&shared, &admin, &row.id).await?;
    Ok(done(json!({ "message": "account deleted", "unboundKeys": 0 })))
}

/// The account of that id, if it is one of these.
pub(super) async fn one(
    shared: &Shared,
    admin: &Admin,
    noun: &Noun,
    id: &str,
) -> Result<AccountRow, Refused> {
    let row = account::find(shared, admin, &AccountId::new(id)).await?;
    if noun.means(&row) { Ok(row) } else { Err(Refused::missing()) }
}

/// The account as it is in the end: its groups may have changed since its row was read.
async fn face(shared: &Shared, admin: &Admin, noun: &Noun, id: &AccountId) -> Result<Value, Refused> {
    let row = account::find(shared, admin, id).await?;
    Ok(Gallery::open(shared, admin).await?.account(&row, noun))
}

/// Groups are looked for before anything is done.
async fn known_groups(
    shared: &Shared,
    admin: &Admin,
    fields: &Fields,
) -> Result<Option<Vec<GroupId>>, Refused> {
    let groups = given::groups(fields)?;
    for id in groups.iter().flatten() {
        group::find(shared, admin, id).await.map_err(|_| Refused::field("groupId", "the id of a group"))?;
    }
    Ok(groups)
}

/// Pauses or resumes, if the script says so.
async fn switched(
    shared: &Shared,
    admin: &Admin,
    row: AccountRow,
    fields: &Fields,
) -> Result<AccountRow, Refused> {
    let (active, schedulable) = (fields.flag("isActive")?, fields.flag("schedulable")?);
    let is_paused = matches!(row.state, AccountState::Paused { .. });
    match [active, schedulable] {
        [None, None] => Ok(row),
        wanted if wanted.contains(&Some(false)) => Ok(account::pause(shared, admin, &row.id).await?),
        _ if is_paused => Ok(account::resume(shared, admin, &row.id).await?),
        _ => Ok(row),
    }
}
