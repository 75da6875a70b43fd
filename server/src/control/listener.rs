//! The server's end of the socket.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, State};
use axum::routing::post;
use axum::serve::IncomingStream;
use axum::{Json, Router};
use http::StatusCode;
use relay::admin::local::by_peer;
use relay::folder::FolderLock;
use relay::state::Shared;
use tokio::net::UnixListener;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::address::Address;
use super::{FILE, PATH};
use crate::command::{Command, Reply, Serving, execute};
use crate::failure::Failure;

/// The socket, listening.
pub(crate) struct Control {
    listener: UnixListener,
    _address: Address,
}

/// Who is at the other end.
#[derive(Clone, Copy, Debug)]
struct Peer {
    uid: Option<u32>,
}

impl Connected<IncomingStream<'_, UnixListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, UnixListener>) -> Self {
        Self { uid: stream.io().peer_cred().ok().map(|peer| peer.uid()) }
    }
}

impl Control {
    /// Listens in a data folder that is ours.
    ///
    /// # Errors
    /// If the file system refuses.
    pub(crate) fn listen(data: &Path, lock: &FolderLock) -> io::Result<Self> {
        let file = lock.path(FILE);
        // Ours is the lock, so nobody listens on what lies there.
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let address = Address::of(data)?;
        let listener = UnixListener::bind(address.path())?;
        std::fs::set_permissions(&file, Permissions::from_mode(0o600))?;
        Ok(Self { listener, _address: address })
    }

    /// Does what it is told, until `stop` is cancelled and what was begun is done, or `now` is.
    ///
    /// # Errors
    /// If the socket breaks.
    pub(crate) async fn serve(
        self,
        shared: Shared,
        serving: Serving,
        stop: &CancellationToken,
        now: &CancellationToken,
    ) -> io::Result<()> {
        let router = Router::new().route(PATH, post(command)).with_state((shared, serving));
        let service = router.into_make_service_with_connect_info::<Peer>();
        let served =
            axum::serve(self.listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
        tokio::select! {
            served = served => served,
            () = now.cancelled() => Ok(()),
        }
    }
}

async fn command(
    State((shared, serving)): State<(Shared, Serving)>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Json(command): Json<Command>,
) -> Result<Json<Result<Reply, Failure>>, StatusCode> {
    let admin = peer.uid.and_then(by_peer).ok_or(StatusCode::FORBIDDEN)?;
    let (told, ended) = oneshot::channel();
    let relay = shared.clone();
    // What was begun goes on to its end when the command line is gone.
    shared.tasks.spawn(async move {
        let done = execute(&relay, &admin, Some(&serving), command).await;
        // Whoever waited may be gone.
        drop(told.send(done));
    });
    let done = ended.await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Json(done.map_err(|error| {
        if !matches!(error, relay::admin::Error::Problem(_)) {
            tracing::error!(%error, "a command failed");
        }
        error.for_person().into()
    })))
}
