//! Figures: sums over the books.

use leptos::prelude::*;
use relay::model::figure::{Dashboard, GroupBy, Range};

use super::error::ApiError;

/// Everything that the overview shows.
#[server(prefix = "/web/fn", endpoint = "dashboard")]
pub async fn get_dashboard(range: Range, group: GroupBy) -> Result<Dashboard, ApiError> {
    super::relay::dashboard(range, group).await
}
