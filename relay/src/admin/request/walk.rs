//! A list of calls from its beginning to its end, for downloads.

use super::page;
use crate::admin::usage::Labels;
use crate::admin::{Admin, Error};
use crate::model::request::{RequestFilter, RequestQuery, RequestRow, RequestSort};
use crate::state::Shared;

/// Calls that are read at a time.
const AT_A_TIME: u32 = 500;

/// Reads a list a bounded number of calls at a time. Between two reads it holds nothing but its place.
pub struct Walk {
    shared: Shared,
    labels: Labels,
    query: RequestQuery,
    is_over: bool,
}

impl Walk {
    /// A list of the calls that have come by now, the latest included.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn begin(
        shared: &Shared,
        _admin: &Admin,
        mut filter: RequestFilter,
        sort: RequestSort,
    ) -> Result<Self, Error> {
        shared.books.caught_up().await;
        // A list that grows while it is read would not end.
        let end_ms = shared.clock.now_ms() + 1;
        filter.to_ms = Some(filter.to_ms.map_or(end_ms, |to_ms| to_ms.min(end_ms)));
        let labels = Labels::read(shared).await?;
        let query = RequestQuery { filter, sort, after: None, limit: 0 };
        Ok(Self { shared: shared.clone(), labels, query, is_over: false })
    }

    /// The next calls; nothing at the end.
    ///
    /// # Errors
    /// The filter's text is too long, or the store fails.
    pub async fn next(&mut self) -> Result<Option<Vec<RequestRow>>, Error> {
        if self.is_over {
            return Ok(None);
        }
        let page = page(&self.shared, &self.labels, &self.query, AT_A_TIME).await?;
        self.is_over = page.next.is_none();
        self.query.after = page.next;
        Ok(Some(page.rows))
    }
}
