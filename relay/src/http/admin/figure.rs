//! Figures in the original's words. All of them come from what the explorer answers, so they agree with it.

mod asked;
mod row;
mod system;

use axum::extract::{Extension, Path, Query, State};
use serde_json::{Map, Value, json};

pub(super) use self::asked::Asked;
use self::row::{costs, dollars, model, point};
use super::reply::{Refused, Reply, data, done};
use crate::admin::usage::{drawing, explore};
use crate::admin::{Admin, key, usage as books};
use crate::clock::Clock;
use crate::http::own::{Averages, Sums};
use crate::model::explore::{Exploration, Measure, Narrowing, Question, Span, SplitBy, Step};
use crate::model::figure::{GroupBy, Slice, Totals};
use crate::model::id::KeyId;
use crate::state::Shared;
use crate::store::figure::{self, Ask, Filter, Part};

pub(super) use system::dashboard;

/// How many keys are named as the largest.
const TOP_KEYS: usize = 10;
const HOUR_MS: i64 = 3_600_000;

/// `GET /usage-stats`: every key's use in all, today and this month.
pub(super) async fn usage_stats(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Query(asked): Query<Asked>,
) -> Reply {
    let period = asked.period().unwrap_or("daily");
    let keys = key::list(&shared, &admin).await?;
    let now_ms = shared.clock.now_ms();
    let (day_ms, month_ms) = (shared.clock.day_start_ms(now_ms, 0), shared.clock.month_start_ms(now_ms));
    let since = |from_ms| Ask::whole(Filter::since("d", from_ms), Some(GroupBy::Key.into()));
    let sums = figure::ask(&shared.store, [since(0), since(day_ms), since(month_ms)]).await?;
    let of = |parts: &[Part], id: &KeyId| {
        parts.iter().find(|part| part.id == id.as_str()).map(|part| part.totals).unwrap_or_default()
    };
    let stats = keys.iter().map(|key| {
        let [total, daily, monthly] = sums.each_ref().map(|parts| of(parts, &key.id));
        let usage = json!({
            "total": Sums::from(total),
            "daily": Sums::from(daily),
            "monthly": Sums::from(monthly),
            "averages": Averages::of(&total, now_ms - key.created_ms),
        });
        json!({ "keyId": key.id, "keyName": key.name, "usage": usage })
    });
    Ok(data(json!({ "period": period, "stats": stats.collect::<Value>() })))
}

/// `GET /model-stats`: by model, dearest first.
pub(super) async fn model_stats(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Query(asked): Query<Asked>,
) -> Reply {
    let span = asked.span(&shared.clock, "daily")?;
    let answer = by_model(&shared, &admin, span, Narrowing::default()).await?;
    Ok(data(models(&shared, &answer, asked.period().unwrap_or("daily"))))
}

/// `GET /api-keys/{id}/model-stats`: of one key.
pub(super) async fn key_model_stats(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Reply {
    let id = KeyId::new(id);
    if shared.keys.by_id(&id).is_none() {
        return Err(Refused::missing());
    }
    let period = asked.period().unwrap_or("monthly");
    let only = Narrowing { key: Some(id), ..Narrowing::default() };
    let answer = by_model(&shared, &admin, asked.span(&shared.clock, "monthly")?, only).await?;
    Ok(done(json!({ "data": models(&shared, &answer, period), "period": period })))
}

/// `GET /usage-costs`: what it cost, in all and by model.
pub(super) async fn usage_costs(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Query(asked): Query<Asked>,
) -> Reply {
    let span = asked.span(&shared.clock, "all")?;
    let answer = by_model(&shared, &admin, span, Narrowing::default()).await?;
    let period = asked.period().unwrap_or("all");
    Ok(data(json!({
        "period": period,
        "totalCosts": costs(answer.total.cost),
        "unpricedRequests": answer.total.unpriced,
        "modelCosts": models(&shared, &answer, period),
    })))
}

/// `GET /usage-trend`: by day or hour, times without use among them.
pub(super) async fn usage_trend(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Query(asked): Query<Asked>,
) -> Reply {
    let (span, by) = asked.trend(&shared.clock)?;
    let question = Question { span, by, ..Question::default() };
    let answer = explore(&shared, &admin, &question).await?;
    let points = columns(&shared.clock, &answer);
    let points = points.map(|(at_ms, slice)| {
        let totals = slice.map(total).unwrap_or_default();
        point(&shared.clock, at_ms, answer.step, &totals)
    });
    Ok(done(json!({ "data": points.collect::<Value>(), "granularity": by.name() })))
}

/// `GET /api-keys-usage-trend`: the same by key.
pub(super) async fn key_usage_trend(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    Query(asked): Query<Asked>,
) -> Reply {
    let (span, granularity) = asked.trend(&shared.clock)?;
    let measure = if asked.metric() == Some("requests") { Measure::Requests } else { Measure::Tokens };
    let question = Question { span, by: SplitBy::Key, measure, only: Narrowing::default() };
    let answer = drawing(&shared, &admin, &question, usize::MAX, Some(granularity)).await?;
    let points = columns(&shared.clock, &answer).map(|(at_ms, slice)| {
        let keys = slice.into_iter().flat_map(|slice| &slice.parts).map(|part| {
            let (totals, cost) = (&part.totals, part.totals.cost);
            let face = json!({
                "name": part.name,
                "tokens": totals.tokens.all(),
                "requests": totals.requests,
                "cost": dollars(cost),
                "costNanodollars": cost,
            });
            (part.id.clone(), face)
        });
        let mut point = row::instant(&shared.clock, at_ms, answer.step);
        point["apiKeys"] = Value::Object(keys.collect::<Map<_, _>>());
        point
    });
    Ok(done(json!({
        "data": points.collect::<Value>(),
        "granularity": granularity.name(),
        "topApiKeys": answer.parts.iter().take(TOP_KEYS).map(|part| &part.id).collect::<Vec<_>>(),
        "totalApiKeys": answer.parts.len(),
    })))
}

/// `GET /usage-verify`: whether the sums are what the records say.
pub(super) async fn verify(State(shared): State<Shared>, Extension(admin): Extension<Admin>) -> Reply {
    let found = books::verify(&shared, &admin).await?;
    Ok(data(json!({ "clean": found.is_clean(), "verification": found })))
}

async fn by_model(
    shared: &Shared,
    admin: &Admin,
    span: Span,
    only: Narrowing,
) -> Result<Exploration, Refused> {
    let question = Question { span, by: SplitBy::Model, measure: Measure::Cost, only };
    Ok(explore(shared, admin, &question).await?)
}

/// Models that were used; what was refused is under none.
fn models(shared: &Shared, answer: &Exploration, period: &str) -> Value {
    let prices = shared.ledger.prices.load();
    let used = answer.parts.iter().filter(|part| part.totals.is_used());
    used.map(|part| model(&prices, part, period, answer.at_ms)).collect()
}

/// Each column of a chart up to now, with what there is in it.
fn columns<'a>(
    clock: &'a Clock,
    answer: &'a Exploration,
) -> impl Iterator<Item = (i64, Option<&'a Slice>)> + 'a {
    let next = move |at_ms: &i64| match answer.step {
        Step::Day => Some(clock.day_start_ms(*at_ms, 1)),
        Step::Hour => Some(at_ms + HOUR_MS),
    };
    let first = answer.slices.first().map_or(answer.to_ms, |slice| slice.at_ms);
    let first = if answer.from_ms == 0 { first } else { answer.from_ms };
    let end_ms = answer.to_ms.min(answer.at_ms + 1);
    let starts = std::iter::successors(Some(first), next).take_while(move |at_ms| *at_ms < end_ms);
    starts.map(|at_ms| (at_ms, answer.slices.iter().find(|slice| slice.at_ms == at_ms)))
}

fn total(slice: &Slice) -> Totals {
    let mut totals = Totals::default();
    slice.parts.iter().for_each(|part| totals += part.totals);
    totals
}
