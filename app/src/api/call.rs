//! Calls: lists of them, and each by itself.

use leptos::prelude::*;
use relay::model::figure::Totals;
use relay::model::id::CallId;
use relay::model::request::{RequestDetail, RequestPage};
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use super::error::ApiError;
use crate::address::request::Calls;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListedCalls {
    /// When it was read, milliseconds since 1970.
    pub at_ms: i64,
    /// The span's beginning, milliseconds since 1970; nothing if it has none.
    pub from_ms: Option<i64>,
    /// Its end, which is not in it.
    pub to_ms: Option<i64>,
    /// The rows.
    pub page: RequestPage,
    /// What the whole list comes to, where sums of it are kept.
    pub sum: Option<Totals>,
}

/// A page of calls.
#[server(prefix = "/web/fn", endpoint = "requests", input = Json)]
pub(crate) async fn list_calls(list: Calls) -> Result<ListedCalls, ApiError> {
    use relay::admin::{request, usage};
    use relay::model::explore::{Narrowing, Question, Span};
    use relay::model::request::{RequestFilter, RequestQuery};

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let (from_ms, to_ms) = match &list.span {
        Span::All => (None, None),
        span => {
            let (from_ms, to_ms) = super::relay::read(usage::ends(&shared, &admin, span).await)?;
            (Some(from_ms), Some(to_ms))
        }
    };
    let Narrowing { key, model, account, outcome, .. } = list.only.clone();
    // Sums are by attempt: only these two are of whole calls.
    let is_summed = list.find.is_empty() && model.is_none() && account.is_none() && outcome.is_none();
    let text = Some(list.find).filter(|text| !text.is_empty());
    let filter = RequestFilter { from_ms, to_ms, key, model, account, outcome, status: None, text };
    let after = Some(list.after).filter(|after| !after.is_empty());
    let query = RequestQuery { filter, sort: list.sort, after, limit: list.rows };
    let page = super::relay::read(request::list(&shared, &admin, &query).await)?;
    let question = Question { span: list.span, only: list.only, ..Question::default() };
    let sum = match is_summed {
        true => Some(super::relay::read(usage::explore(&shared, &admin, &question).await)?.total),
        false => None,
    };
    Ok(ListedCalls { at_ms: shared.clock.now_ms(), from_ms, to_ms, page, sum })
}

/// Everything that a call's own page shows, if the call is in the books.
#[server(prefix = "/web/fn", endpoint = "request_detail")]
pub async fn get_request(id: CallId) -> Result<Option<RequestDetail>, ApiError> {
    use relay::model::problem::Problem;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    match relay::admin::request::find(&shared, &admin, &id).await {
        Err(error) if error.for_person().problem == Problem::NotFound => Ok(None),
        read => super::relay::read(read).map(Some),
    }
}
