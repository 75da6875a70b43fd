//! One connection that is kept alive from call to call.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::answer::{self, Trouble};
use crate::target::Target;

/// A place from which calls are made: a connection, opened when first needed and anew after trouble.
pub(crate) struct Connection {
    target: Arc<Target>,
    open: Option<Open>,
}

/// An open connection. Its task ends with it.
pub(crate) struct Open {
    pub(crate) sender: SendRequest<Full<Bytes>>,
    _driver: JoinSet<()>,
}

impl Open {
    /// Connects.
    ///
    /// # Errors
    /// When the connection is refused.
    pub(crate) async fn to(target: &Target) -> Result<Self, Trouble> {
        let tcp = TcpStream::connect(target.address).await?;
        tcp.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(tcp)).await?;
        let mut driver = JoinSet::new();
        driver.spawn(async move {
            // Whatever breaks a connection breaks the call on it, which says so.
            let _ = connection.await;
        });
        Ok(Self { sender, _driver: driver })
    }
}

impl Connection {
    /// Nothing is opened yet.
    pub(crate) fn new(target: Arc<Target>) -> Self {
        Self { target, open: None }
    }

    /// Makes one call and reads its answer to the end. Returns the bytes of its body.
    ///
    /// # Errors
    /// Whatever keeps the answer from being whole.
    pub(crate) async fn call(&mut self) -> Result<u64, Trouble> {
        let result = self.try_call().await;
        if result.is_err() {
            self.open = None;
        }
        result
    }

    async fn try_call(&mut self) -> Result<u64, Trouble> {
        let open = match self.open.take() {
            Some(open) => open,
            None => Open::to(&self.target).await?,
        };
        let sender = &mut self.open.insert(open).sender;
        sender.ready().await?;
        let response = sender.send_request(self.target.request()).await?;
        answer::read(response, self.target.form).await
    }
}
