//! What a start prints on stdout: where the console is, and how to go on from there.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use relay::admin::local::by_lock;
use relay::admin::{account, setup};
use relay::folder::FolderLock;
use relay::state::Shared;
use tokio::net::TcpListener;

use super::quickstart;
use crate::command::Serving;
use crate::failure::Failure;
use crate::output;

/// Where programs on this machine reach the listener, without a slash at the end.
///
/// # Errors
/// If the listener has no address.
pub(super) fn address(listener: &TcpListener) -> Result<String, Failure> {
    let address =
        listener.local_addr().map_err(|error| Failure::because("the listener has no address", &error))?;
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    Ok(format!("http://{}", SocketAddr::new(ip, address.port())))
}

/// Prints it.
///
/// # Errors
/// If the store fails or stdout cannot be written.
pub(super) async fn announce(
    shared: &Shared,
    lock: &FolderLock,
    serving: &Serving,
    with_quickstart: bool,
) -> Result<(), Failure> {
    let admin = by_lock(lock);
    let mut text = format!("Switchyard {} is ready.\n\n", env!("CARGO_PKG_VERSION"));
    let public = shared.config.server.public_url.as_ref().unwrap_or(&serving.address);
    let _ = writeln!(text, "  Console  {public}/web");
    let link = setup::announce(shared, public).await;
    if let Some(link) = link.map_err(|error| Failure::because("cannot make the set-up link", &error))? {
        let _ = writeln!(text, "  Set-up   {}  (makes the first administrator, works once)", link.reveal());
    }
    if with_quickstart {
        text.push_str(&quickstart::prepare(shared, &admin, lock, &serving.address).await?);
    } else if account::list(shared, &admin).await?.is_empty() {
        text.push_str(
            "\nThere is no account yet: add one in the console, or with `switchyard accounts add`.\n",
        );
    }
    output::print(&(text + "\n"))
}
