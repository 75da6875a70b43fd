//! `switchyard serve`: from settings to a server that answers, and from a signal to a clean end.

mod announce;
mod quickstart;
mod signal;

use std::io::ErrorKind;
use std::net::SocketAddr;

use relay::clock::Clock;
use relay::config::Config;
use relay::folder::FolderLock;
use relay::http::client_router;
use relay::http::serve::Patience;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::command::{Reply, Serving};
use crate::console;
use crate::control::Control;
use crate::failure::Failure;
use crate::reach::{self, Found};
use crate::telemetry;
use signal::Signals;

/// Serves until a signal says to stop.
///
/// # Errors
/// Whatever keeps it from starting.
pub(crate) fn run(quickstart: bool) -> Result<(), Failure> {
    let config = Config::load()?;
    let _telemetry = telemetry::start(&config.log)?;
    raise_open_files();
    refuse_huge_pages();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::because("cannot start", &error))?;
    runtime.block_on(serve(config, quickstart))
}

async fn serve(config: Config, quickstart: bool) -> Result<(), Failure> {
    let signals = Signals::listen().map_err(|error| Failure::because("cannot listen for signals", &error))?;
    let clock = Clock::system(config.time_zone.as_deref()).map_err(Failure::new)?;
    let lock = take_folder(&config).await?;
    let shared = relay::start::open(config, clock, &lock).await?;
    let listener = listen(shared.config.server.listen).await?;
    let control = Control::listen(&shared.config.data, &lock)
        .map_err(|error| Failure::because("cannot listen on the local socket", &error))?;
    let serving = Serving { address: announce::address(&listener)? };
    announce::announce(&shared, &lock, &serving, quickstart).await?;
    let (stop, now) = (CancellationToken::new(), CancellationToken::new());
    let patience =
        Patience { headers: shared.config.server.header_timeout, grace: shared.config.shutdown_grace };
    let router = client_router(shared.clone()).merge(console::router(&shared, &stop));
    let clients = relay::http::serve::serve(listener, router, patience, stop.clone(), now.clone());
    let commands = control.serve(shared.clone(), serving, &stop, &now);
    tokio::select! {
        ((), commands) = async { tokio::join!(clients, commands) } => {
            commands.map_err(|error| Failure::because("the local socket broke", &error))?;
        }
        () = signals.run(&stop, &now) => {}
    }
    shared.tasks.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Takes the data folder; a command that has it for a moment is waited for, a server is not.
async fn take_folder(config: &Config) -> Result<FolderLock, Failure> {
    let data = config.data.display();
    match reach::find(config, &crate::command::Command::Status).await? {
        Found::Ours(lock) => Ok(lock),
        Found::Done(Ok(Reply::Status(status))) => Err(Failure::new(format!(
            "{data} is in use by the Switchyard that runs at {} (process {})",
            status.address.unwrap_or_default(),
            status.pid.unwrap_or_default()
        ))
        .hint("stop that one, or set SWITCHYARD_DATA to another folder")),
        Found::Done(_) => Err(Failure::new(format!("{data} is in use by another Switchyard"))
            .hint("stop that one, or set SWITCHYARD_DATA to another folder")),
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => Failure::new(format!("{address} is taken by another program"))
            .hint("stop that one, or set PORT to another port (0 takes a free one)"),
        ErrorKind::AddrNotAvailable => Failure::new(format!("this machine has no address {}", address.ip()))
            .hint("set HOST to one that it has, or to 0.0.0.0 for all"),
        ErrorKind::PermissionDenied => {
            Failure::new(format!("this user may not listen on {address}")).hint("set PORT to one above 1023")
        }
        _ => Failure::because(&format!("cannot listen on {address}"), &error),
    })
}

/// Each stream takes two descriptors, and the usual soft limit is 1024: takes what the system allows.
fn raise_open_files() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
    {
        tracing::warn!(%error, "cannot raise the limit of open files");
    }
}

/// A huge page makes two megabytes resident for the first byte that is used of them, which half doubles the memory of
/// a thousand streams and gains no measurable speed. The allocator does not ask for them; this is for systems that give
/// them unasked.
fn refuse_huge_pages() {
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::debug!(%error, "the system may use huge pages");
    }
}
