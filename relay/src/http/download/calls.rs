//! A list of calls as the body of a response, read as it is taken.

use bytes::Bytes;
use futures_core::Stream;

use super::Format;
use crate::admin::request::Walk;
use crate::admin::{Admin, Error, session};
use crate::model::csv;
use crate::model::request::RequestRow;
use crate::state::Shared;

/// After so many reads it is asked whether the session is still open.
const READS_BETWEEN_CHECKS: u32 = 16;

/// Why a list was cut.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cut {
    #[error(transparent)]
    Failed(#[from] Error),
    #[error("the session has ended")]
    SignedOut,
    #[error("a call cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
}

/// What is to come of it.
pub(super) struct Calls {
    shared: Shared,
    admin: Admin,
    walk: Walk,
    format: Format,
    first: Option<Vec<RequestRow>>,
    reads: u32,
    is_over: bool,
}

impl Calls {
    /// With the first calls, so that what is wrong with the question is told before anything is sent.
    pub(super) async fn begin(
        shared: &Shared,
        admin: &Admin,
        mut walk: Walk,
        format: Format,
    ) -> Result<Self, Error> {
        let first = Some(walk.next().await?.unwrap_or_default());
        let (shared, admin) = (shared.clone(), admin.clone());
        Ok(Self { shared, admin, walk, format, first, reads: 0, is_over: false })
    }

    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Bytes, Cut>> + Send + 'static {
        futures_util::stream::try_unfold(self, |mut calls| async move {
            let piece = calls.next().await.inspect_err(|cut| {
                tracing::warn!(%cut, "a download was cut");
            })?;
            Ok(piece.map(|piece| (piece, calls)))
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Cut> {
        if self.is_over {
            return Ok(None);
        }
        if let Some(first) = self.first.take() {
            let head = if self.format == Format::Csv { csv::REQUESTS } else { "[\n" };
            return self.piece(head, &first, true).map(Some);
        }
        self.reads += 1;
        if self.reads.is_multiple_of(READS_BETWEEN_CHECKS)
            && !session::is_open(&self.shared, &self.admin).await?
        {
            return Err(Cut::SignedOut);
        }
        if let Some(rows) = self.walk.next().await? {
            return self.piece("", &rows, false).map(Some);
        }
        self.is_over = true;
        Ok(Some(Bytes::from_static(if self.format == Format::Csv { b"" } else { b"\n]\n" })))
    }

    fn piece(&self, head: &str, rows: &[RequestRow], is_first: bool) -> Result<Bytes, Cut> {
        let mut piece = head.to_owned();
        for (at, row) in rows.iter().enumerate() {
            match self.format {
                Format::Csv => csv::request(&mut piece, row),
                Format::Json => {
                    piece.push_str(if is_first && at == 0 { "" } else { ",\n" });
                    piece.push_str(&serde_json::to_string(row)?);
                }
            }
        }
        Ok(piece.into())
    }
}
