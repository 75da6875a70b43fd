//! Owns SOCKS5: method, user and password, `CONNECT`, and the tunnel after it.

use fast_socks5::server::{Socks5ServerProtocol, SocksServerError, states};
use fast_socks5::util::target_addr::TargetAddr;
use fast_socks5::{ReplyError, Socks5Command};
use tokio::net::TcpStream;

use crate::proxy::meter::Metered;
use crate::proxy::{Desk, ProxyFault};

type Client = Metered<TcpStream>;

/// Serves a client until either side leaves.
pub(super) async fn serve(client: Client, desk: Desk) {
    // A client that leaves or speaks no SOCKS5 is nobody's business: the books have what it got to.
    let _ = talk(client, &desk).await;
}

async fn talk(client: Client, desk: &Desk) -> Result<(), SocksServerError> {
    let meter = client.meter();
    let let_in = authenticate(client, desk).await;
    if matches!(
        let_in,
        Err(SocksServerError::AuthenticationRejected | SocksServerError::AuthMethodUnacceptable(_))
    ) {
        desk.ledger.note(|books| books.refused_passwords += 1);
    }
    let (protocol, command, target) = let_in?.read_command().await?;
    if command != Socks5Command::TCPConnect {
        return protocol.reply_error(&ReplyError::CommandNotSupported).await;
    }
    let (host, port) = match target {
        TargetAddr::Ip(address) => (address.ip().to_string(), address.port()),
        TargetAddr::Domain(name, port) => (name, port),
    };
    desk.ledger.note(|books| books.hosts.push(format!("{host}:{port}")));
    if desk.ledger.fault() == ProxyFault::RefuseConnect {
        desk.ledger.note(|books| books.refused_connects += 1);
        return protocol.reply_error(&ReplyError::ConnectionRefused).await;
    }
    let Ok(mut target) = desk.reach.connect(&host, port).await else {
        desk.ledger.note(|books| books.failed_connects += 1);
        return protocol.reply_error(&ReplyError::HostUnreachable).await;
    };
    let mut client = protocol.reply_success(([127, 0, 0, 1], port).into()).await?;
    meter.start();
    // It ends in an error whenever one side is broken off.
    let _ = tokio::io::copy_bidirectional(&mut client, &mut target).await;
    Ok(())
}

async fn authenticate(
    client: Client,
    desk: &Desk,
) -> Result<Socks5ServerProtocol<Client, states::Authenticated>, SocksServerError> {
    let refuses = desk.ledger.fault() == ProxyFault::RefusePassword;
    if desk.login.is_none() && !refuses {
        return Socks5ServerProtocol::accept_no_auth(client).await;
    }
    let check = |user: String, password: String| {
        let right = desk.login.as_ref().is_some_and(|login| *login == (user.clone(), password));
        (right && !refuses).then(|| desk.ledger.note(|books| books.users.push(user)))
    };
    let (protocol, _) = Socks5ServerProtocol::accept_password_auth(client, check).await?;
    Ok(protocol)
}
