//! Lines to stderr by a thread of their own, through a bounded channel.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// Lines that may wait.
const QUEUE: usize = 4096;
/// How long the end of the program waits for a stderr that takes nothing.
const FLUSH_MAX: Duration = Duration::from_secs(1);

enum Message {
    Line(Vec<u8>),
    Flush(SyncSender<()>),
}

/// Where a log line goes.
#[derive(Clone)]
pub(super) struct LineWriter {
    lines: SyncSender<Message>,
    lost: Arc<AtomicU64>,
}

/// Waits, when dropped, until what was logged is written.
pub(super) struct Flush(SyncSender<Message>);

impl LineWriter {
    /// Starts the thread; it ends with the last writer.
    pub(super) fn start() -> (Self, Flush) {
        let (lines, queue) = sync_channel(QUEUE);
        let lost = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lost);
        let thread = std::thread::Builder::new().name("log".to_owned());
        // Without a thread the queue is gone, and lines with it: no reason not to serve.
        let _ = thread.spawn(move || write_all(&queue, &counted));
        (Self { lines: lines.clone(), lost }, Flush(lines))
    }
}

fn write_all(queue: &Receiver<Message>, lost: &AtomicU64) {
    let mut stderr = io::stderr();
    while let Ok(message) = queue.recv() {
        // Nobody is left to be told that stderr is gone.
        match message {
            Message::Line(line) => drop(stderr.write_all(&line)),
            Message::Flush(done) => drop(done.send(())),
        }
        let left_out = lost.swap(0, Ordering::Relaxed);
        if left_out > 0 {
            drop(writeln!(stderr, "{left_out} log lines were left out: stderr was too slow"));
        }
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        let (done, wait) = sync_channel(1);
        if self.0.try_send(Message::Flush(done)).is_ok() {
            let _ = wait.recv_timeout(FLUSH_MAX);
        }
    }
}

impl<'a> MakeWriter<'a> for LineWriter {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { text: Vec::new(), writer: self.clone() }
    }
}

/// One line, sent when it is dropped.
pub(super) struct Line {
    text: Vec<u8>,
    writer: LineWriter,
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let line = std::mem::take(&mut self.text);
        if !line.is_empty() && self.writer.lines.try_send(Message::Line(line)).is_err() {
            self.writer.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}
