//! Single calls.

use leptos::prelude::*;
use relay::model::id::CallId;
#[cfg(feature = "ssr")]
use relay::model::problem::Problem;
use relay::model::request::RequestDetail;

use super::error::ApiError;

/// Everything that a call's own page shows, if the call is in the books.
#[server(prefix = "/web/fn", endpoint = "request_detail")]
pub async fn get_request(id: CallId) -> Result<Option<RequestDetail>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    match relay::admin::request::find(&shared, &admin, &id).await {
        Err(error) if error.for_person().problem == Problem::NotFound => Ok(None),
        read => super::relay::read(read).map(Some),
    }
}
