//! Reading a request's body: bounded in size, in memory over all calls, and in time.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::refusal::Refusal;
use crate::config::Limits;

/// Uploads may be slow for so long before their rate counts.
const GRACE: Duration = Duration::from_secs(10);
/// A refused body is read on up to this, so that the client gets to read the answer rather than a reset.
const DRAIN_BYTES: usize = 1 << 20;
const DRAIN_TIME: Duration = Duration::from_secs(1);
/// A body that is too large is read on up to so many times the limit.
const DRAIN_LARGE: usize = 4;
/// Memory is counted in steps of so many bytes, the semaphore's permits being 32-bit.
const STEP: usize = 1 << 10;

/// The bytes of all request bodies in memory.
#[derive(Debug)]
pub struct BodyMemory(Arc<Semaphore>);

impl BodyMemory {
    /// A budget of so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / STEP).min(Semaphore::MAX_PERMITS))))
    }

    fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Refusal> {
        let steps = u32::try_from(bytes.div_ceil(STEP)).map_err(|_| Refusal::NoBodyMemory)?;
        Arc::clone(&self.0).try_acquire_many_owned(steps).map_err(|_| Refusal::NoBodyMemory)
    }
}

/// A body, and its share of the memory for as long as it is kept.
#[derive(Debug)]
pub struct Kept {
    /// The bytes as they came.
    pub bytes: Bytes,
    _share: OwnedSemaphorePermit,
}

/// Reads the whole body.
///
/// # Errors
/// [`Refusal::CodedBody`], [`Refusal::TooLarge`], [`Refusal::TooSlow`], [`Refusal::BodyCut`] or
/// [`Refusal::NoBodyMemory`].
pub async fn read(
    headers: &HeaderMap,
    mut body: Body,
    memory: &BodyMemory,
    limits: &Limits,
) -> Result<Kept, Refusal> {
    if is_coded(headers) {
        drain(body).await;
        return Err(Refusal::CodedBody);
    }
    let declared = declared_length(headers);
    if declared.is_some_and(|length| length > limits.body) {
        drain_large(body, limits).await;
        return Err(Refusal::TooLarge { limit: limits.body });
    }
    let mut share = match memory.take(declared.unwrap_or(0)) {
        Ok(share) => share,
        Err(refusal) => {
            drain(body).await;
            return Err(refusal);
        }
    };
    let mut pace = Pace::new(limits.body_rate);
    let mut whole = Whole::new(declared);
    while let Some(chunk) = pace.next(&mut body).await? {
        if whole.len() + chunk.len() > limits.body {
            drain_large(body, limits).await;
            return Err(Refusal::TooLarge { limit: limits.body });
        }
        let over = (whole.len() + chunk.len()).saturating_sub(share.num_permits() * STEP);
        if over > 0 {
            share.merge(memory.take(over)?);
        }
        whole.push(chunk);
    }
    Ok(Kept { bytes: whole.finish(), _share: share })
}

/// Reads a refused body on for a moment and throws it away.
pub async fn drain(body: Body) {
    drain_up_to(body, DRAIN_BYTES, DRAIN_TIME).await;
}

async fn drain_large(body: Body, limits: &Limits) {
    drain_up_to(body, limits.body.saturating_mul(DRAIN_LARGE), GRACE).await;
}

async fn drain_up_to(mut body: Body, most: usize, time: Duration) {
    let end = Instant::now() + time;
    let mut read = 0;
    while read < most {
        match timeout_at(end, body.frame()).await {
            Ok(Some(Ok(frame))) => read += frame.data_ref().map_or(0, Bytes::len),
            _ => return,
        }
    }
}

fn is_coded(headers: &HeaderMap) -> bool {
    let is_identity = |value: &HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity");
    headers.get_all(CONTENT_ENCODING).iter().any(|value| !value.is_empty() && !is_identity(value))
}

fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The pieces of a body: one piece is taken as it is, several are put together once.
struct Whole {
    first: Bytes,
    rest: Option<BytesMut>,
    declared: Option<usize>,
}

impl Whole {
    fn new(declared: Option<usize>) -> Self {
        Self { first: Bytes::new(), rest: None, declared }
    }

    fn len(&self) -> usize {
        self.rest.as_ref().map_or(self.first.len(), BytesMut::len)
    }

    fn push(&mut self, chunk: Bytes) {
        if let Some(rest) = &mut self.rest {
            rest.extend_from_slice(&chunk);
        } else if self.first.is_empty() {
            self.first = chunk;
        } else {
            let mut whole =
                BytesMut::with_capacity(self.declared.unwrap_or(0).max(self.first.len() + chunk.len()));
            whole.extend_from_slice(&self.first);
            whole.extend_from_slice(&chunk);
            self.first = Bytes::new();
            self.rest = Some(whole);
        }
    }

    fn finish(self) -> Bytes {
        self.rest.map_or(self.first, BytesMut::freeze)
    }
}

/// The least speed of an upload.
struct Pace {
    begun: Instant,
    bytes: u64,
    rate: u64,
}

impl Pace {
    fn new(rate: u64) -> Self {
        Self { begun: Instant::now(), bytes: 0, rate }
    }

    async fn next(&mut self, body: &mut Body) -> Result<Option<Bytes>, Refusal> {
        let earned = self.bytes.checked_div(self.rate).unwrap_or(u64::from(u32::MAX));
        let end = self.begun + GRACE + Duration::from_secs(earned);
        loop {
            let frame = timeout_at(end, body.frame()).await.map_err(|_| Refusal::TooSlow)?;
            let Some(frame) = frame.transpose().map_err(|_| Refusal::BodyCut)? else { return Ok(None) };
            // Trailers carry nothing that the relay needs.
            if let Ok(data) = frame.into_data() {
                self.bytes += data.len() as u64;
                return Ok(Some(data));
            }
        }
    }
}
