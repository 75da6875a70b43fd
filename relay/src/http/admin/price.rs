//! Prices: the list, the operator's own, and the past priced anew. Rates are in dollars, as exact decimal texts.

use axum::extract::{Extension, Query, Request, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Fields;
use super::reply::{Refused, Reply, data, done};
use crate::admin::usage::bounds;
use crate::admin::{Admin, Error, price};
use crate::clock::Clock;
use crate::model::price::{ClassPrices, NewOverride, PriceOverride, PriceRow};
use crate::state::Shared;

/// Which prices of the operator's own.
#[derive(Deserialize)]
pub(super) struct Which {
    model: Option<String>,
    from: Option<String>,
}

/// `GET /models/pricing`.
pub(super) async fn list(State(shared): State<Shared>, Extension(admin): Extension<Admin>) -> Reply {
    let list = price::list(&shared, &admin).await?;
    let models = list.rows.iter().map(row).collect::<Value>();
    Ok(data(json!({ "version": list.version, "models": models })))
}

/// `PUT /models/pricing`: sets prices of the operator's own for a model, from an instant on.
pub(super) async fn set(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let from = fields.text("from")?;
    let given = NewOverride {
        model: fields.text("model")?.unwrap_or_default(),
        from_ms: instant(&shared, from.as_deref())?,
        input: fields.text("input")?,
        input_audio: fields.text("inputAudio")?,
        output: fields.text("output")?,
        cache_write_5m: fields.text("cacheWrite5m")?,
        cache_write_1h: fields.text("cacheWrite1h")?,
        cache_read: fields.text("cacheRead")?,
        web_search: fields.text("webSearch")?,
    };
    Ok(data(own(&price::set(&shared, &admin, given).await?)))
}

/// `DELETE /models/pricing?model=…&from=…`: removes them, or those alone that begin then.
pub(super) async fn unset(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Query(which): Query<Which>,
) -> Reply {
    let from_ms = instant(&shared, which.from.as_deref())?;
    price::unset(&shared, &admin, &which.model.unwrap_or_default(), from_ms).await?;
    Ok(done(json!({ "message": "the list's prices hold again" })))
}

/// `POST /models/pricing/reprice`: gives the records of a stretch the prices in force, each at its own instant.
pub(super) async fn reprice(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let fields = Fields::read(request).await?;
    let (since, until) = (fields.text("since")?, fields.text("until")?);
    let (since_ms, until_ms) = bounds(&shared.clock, since.as_deref(), until.as_deref())?;
    let since_ms = since_ms.ok_or_else(|| Refused::field("since", "given"))?;
    let until_ms = until_ms.unwrap_or_else(|| shared.clock.now_ms() + 1);
    let repriced = price::reprice(&shared, &admin, since_ms, until_ms).await?;
    Ok(data(json!({
        "version": repriced.version,
        "since": Clock::rfc3339(repriced.since_ms),
        "until": Clock::rfc3339(repriced.until_ms),
        "records": repriced.records,
        "changed": repriced.changed,
        "costBeforeNanodollars": repriced.before,
        "costAfterNanodollars": repriced.after,
    })))
}

fn instant(shared: &Shared, from: Option<&str>) -> Result<Option<i64>, Error> {
    Ok(bounds(&shared.clock, from, None)?.0)
}

fn row(row: &PriceRow) -> Value {
    let tiers = row.tiers.iter().map(|tier| with(json!({ "above": tier.above }), &tier.prices));
    let next = row.next.as_ref();
    let next = next.map(|(from_ms, prices)| with(json!({ "from": Clock::rfc3339(*from_ms) }), prices));
    let mut face = with(json!({ "model": row.model, "aliases": row.aliases }), &row.now);
    face["tiers"] = tiers.collect();
    face["next"] = next.into();
    face["overrides"] = row.overrides.iter().map(own).collect();
    face
}

fn own(own: &PriceOverride) -> Value {
    with(json!({ "model": own.model, "from": Clock::rfc3339(own.from_ms) }), &own.prices)
}

/// With the prices that are set.
fn with(mut face: Value, prices: &ClassPrices) -> Value {
    let classes = [
        ("input", prices.input),
        ("inputAudio", prices.input_audio),
        ("output", prices.output),
        ("cacheWrite5m", prices.cache_write_5m),
        ("cacheWrite1h", prices.cache_write_1h),
        ("cacheRead", prices.cache_read),
        ("webSearch", prices.web_search),
    ];
    for (name, rate) in classes {
        if let Some(rate) = rate {
            face[name] = dollars(rate).into();
        }
    }
    face
}

/// Without zeros at the end.
fn dollars(rate: u64) -> String {
    let text = format!("{}.{:09}", rate / 1_000_000_000, rate % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
