//! Many streams that are open at once. How long they last is the target's business: it paces them.

use std::sync::Arc;
use std::time::Instant;

use http::StatusCode;
use http_body_util::BodyExt;
use serde::Serialize;
use tokio::io::{AsyncReadExt, stdin};
use tokio::sync::mpsc::{self, Sender};
use tokio::task::JoinSet;

use crate::Failure;
use crate::answer::{Check, Trouble};
use crate::connection::Open;
use crate::report::{Report, Tally};
use crate::target::Target;

/// Streams that are open, or have been.
pub(crate) struct Held {
    begun: Instant,
    streams: JoinSet<Result<u64, Trouble>>,
}

/// How many streams have begun. It is printed when no further one will.
#[derive(Debug, Serialize)]
pub(crate) struct Begun {
    open: usize,
}

/// How they ended.
#[derive(Debug, Serialize)]
pub(crate) struct Ended {
    /// Streams that had ended before standard input allowed it: then not all were open at once.
    ended_early: usize,
    #[serde(flatten)]
    report: Report,
}

/// Opens so many streams and waits until each has brought its first bytes, or never will.
pub(crate) async fn open(target: Arc<Target>, count: usize) -> (Held, Begun) {
    let begun = Instant::now();
    let mut streams = JoinSet::new();
    let (first, mut firsts) = mpsc::channel(count.max(1));
    for _ in 0..count {
        // One after the other: a burst would overrun the target's queue of connections.
        let connection = Open::to(&target).await;
        let (target, first) = (Arc::clone(&target), first.clone());
        streams.spawn(async move { stream(connection?, &target, first).await });
    }
    drop(first);
    let mut open = 0;
    while firsts.recv().await.is_some() {
        open += 1;
    }
    (Held { begun, streams }, Begun { open })
}

impl Held {
    /// Waits until standard input says something or ends, and then for the streams' ends.
    ///
    /// # Errors
    /// If a stream's task panicked or standard input cannot be read.
    pub(crate) async fn finish(mut self) -> Result<Ended, Failure> {
        let mut tally = Tally::default();
        let mut told = [0];
        let mut input = stdin();
        let word = input.read(&mut told);
        tokio::pin!(word);
        let mut ended_early = 0;
        loop {
            tokio::select! {
                read = &mut word => {
                    read?;
                    break;
                }
                Some(ended) = self.streams.join_next() => {
                    ended_early += 1;
                    tally.add(ended?, self.begun.elapsed());
                }
            }
        }
        while let Some(ended) = self.streams.join_next().await {
            tally.add(ended?, self.begun.elapsed());
        }
        Ok(Ended { ended_early, report: tally.report(self.begun.elapsed()) })
    }
}

/// One stream from its request to its end; `first` is told when it has begun.
async fn stream(mut connection: Open, target: &Target, first: Sender<()>) -> Result<u64, Trouble> {
    connection.sender.ready().await?;
    let response = connection.sender.send_request(target.request()).await?;
    if response.status() != StatusCode::OK {
        return Err(Trouble::Status(response.status()));
    }
    let mut check = Check::new(target.form);
    let mut first = Some(first);
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            check.feed(&data);
            if let Some(first) = first.take() {
                // The channel has room for all, and its other end waits for all.
                let _ = first.send(()).await;
            }
        }
    }
    check.finish()
}
