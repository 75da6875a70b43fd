//! Owns the client's side of a proxied connection: counts what goes back, and breaks off where it is told to.
//! Promises that exactly as many bytes as the limit says have gone back when it breaks off.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::proxy::books::Open;

/// A meter, which the proxy starts when its own part of the conversation is over.
pub(super) struct Meter {
    open: Arc<Open>,
    running: AtomicBool,
    back: AtomicU64,
    /// Bytes that may go back; `u64::MAX` is any number.
    limit: AtomicU64,
}

impl Meter {
    /// From now on what goes back comes from the target.
    pub(super) fn start(&self) {
        let limit = self.open.0.limit().unwrap_or(u64::MAX);
        self.back.store(0, Ordering::SeqCst);
        self.limit.store(limit, Ordering::SeqCst);
        self.running.store(true, Ordering::SeqCst);
        self.open.0.note(|books| books.reached += 1);
    }

    /// How many of so many bytes may be written.
    fn allowed(&self, wanted: usize) -> io::Result<usize> {
        if !self.running.load(Ordering::SeqCst) {
            return Ok(wanted);
        }
        let left = self.limit.load(Ordering::SeqCst).saturating_sub(self.back.load(Ordering::SeqCst));
        if left == 0 && wanted > 0 {
            self.running.store(false, Ordering::SeqCst);
            self.limit.store(0, Ordering::SeqCst);
            self.open.0.note(|books| books.cut += 1);
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(wanted.min(usize::try_from(left).unwrap_or(usize::MAX)))
    }

    fn wrote(&self, bytes: usize) {
        if self.running.load(Ordering::SeqCst) {
            self.back.fetch_add(bytes as u64, Ordering::SeqCst);
            self.open.0.note(|books| books.bytes_back += bytes as u64);
        }
    }
}

/// A client's socket with a meter.
pub(super) struct Metered<S> {
    socket: S,
    meter: Arc<Meter>,
}

impl<S> Metered<S> {
    pub(super) fn new(socket: S, open: Arc<Open>) -> Self {
        let (running, back, limit) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(u64::MAX));
        Self { socket, meter: Arc::new(Meter { open, running, back, limit }) }
    }

    pub(super) fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let metered = self.get_mut();
        let allowed = metered.meter.allowed(buf.len())?;
        let written = Pin::new(&mut metered.socket).poll_write(cx, buf.get(..allowed).unwrap_or(buf));
        if let Poll::Ready(Ok(bytes)) = written {
            metered.meter.wrote(bytes);
        }
        written
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(cx)
    }
}
