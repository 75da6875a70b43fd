//! What a script says of an account: its settings, its proxy, its tokens.

use super::body::Fields;
use super::noun::Noun;
use super::reply::Refused;
use crate::admin::sign_in::is_ticket;
use crate::model::account::{AccountSettings, Service};
use crate::model::id::GroupId;
use crate::model::proxy::{ProxyAddress, ProxyKind};
use crate::secret::Secret;

/// A proxy and its password; nothing where the script wants none.
pub(super) fn proxy(fields: &Fields) -> Result<Option<(ProxyAddress, Option<Secret>)>, Refused> {
    let Some(proxy) = fields.object("proxy")? else { return Ok(None) };
    let kind = proxy.text("type")?.unwrap_or_default();
    let kind = ProxyKind::from_name(&kind.to_ascii_lowercase())
        .ok_or_else(|| Refused::field("proxy.type", "socks5, http or https"))?;
    let port = proxy.number("port")?.and_then(|port| u16::try_from(port).ok());
    let port = port.ok_or_else(|| Refused::field("proxy.port", "a number from 1 to 65535"))?;
    let address = ProxyAddress {
        kind,
        host: proxy.text("host")?.unwrap_or_default(),
        port,
        username: proxy.text("username")?.unwrap_or_default(),
    };
    Ok(Some((address, proxy.secret("password")?)))
}

/// How an account is to be set: what the script does not name stays as it is in `base`. With the proxy's password.
pub(super) fn settings(
    fields: &Fields,
    base: AccountSettings,
) -> Result<(AccountSettings, Option<Secret>), Refused> {
    let mut settings = base;
    let (mut password, text) = (None, |name: &str| fields.text(name));
    if let Some(note) = text("description")? {
        settings.note = note;
    }
    if let Some(url) = text("apiUrl")?.or(text("baseUrl")?) {
        settings.base_url = url;
    }
    if fields.has("projectId") {
        settings.project = text("projectId")?.unwrap_or_default();
    }
    // What does not fit is out of range, which is for the admin road to say.
    let small = |number: i64| u8::try_from(number).unwrap_or(0);
    if let Some(priority) = fields.number("priority")? {
        settings.priority = small(priority);
    }
    if let Some(weight) = fields.number("weight")? {
        settings.weight = small(weight);
    }
    for name in ["maxConcurrency", "maxConcurrentTasks"].into_iter().filter(|name| fields.has(name)) {
        let most = fields.number(name)?.filter(|most| *most != 0);
        settings.concurrency = most.map(|most| u32::try_from(most).unwrap_or(u32::MAX));
    }
    if fields.has("proxy") {
        let (address, given) = proxy(fields)?.unzip();
        settings.proxy = address;
        password = given.flatten();
    }
    Ok((settings, password))
}

/// Tokens or a ticket, in any of the places where scripts put them.
pub(super) fn tokens(fields: &Fields, noun: &Noun) -> Result<Option<Secret>, Refused> {
    let (object, access, refresh) = match noun.service() {
        Service::Claude => ("claudeAiOauth", "accessToken", "refreshToken"),
        Service::Gemini => ("geminiOauth", "access_token", "refresh_token"),
    };
    if let Some(inner) = fields.object(object)? {
        let given = [inner.secret(access)?, inner.secret(refresh)?];
        let ticket = given.iter().flatten().find(|token| is_ticket(token.reveal())).cloned();
        return Ok(match given {
            [Some(_), _] => Some(ticket.unwrap_or_else(|| inner.to_secret())),
            [None, refresh] => ticket.or(refresh),
        });
    }
    Ok(fields.secret("refreshToken")?.or(fields.secret("accessToken")?))
}

/// The groups that an account is to be in; nothing where the script says nothing of groups.
pub(super) fn groups(fields: &Fields) -> Result<Option<Vec<GroupId>>, Refused> {
    let kind = fields.text("accountType")?;
    let one = fields.text("groupId")?.filter(|id| !id.is_empty());
    let ids = fields.texts("groupIds")?.or_else(|| one.map(|id| vec![id]));
    match (kind.as_deref(), ids) {
        (None | Some("group"), Some(ids)) if kind.is_none() || !ids.is_empty() => {
            Ok(Some(ids.into_iter().map(GroupId::new).collect()))
        }
        (None, _) => Ok(None),
        (Some("shared" | "dedicated"), _) => Ok(Some(Vec::new())),
        (Some("group"), _) => Err(Refused::field("groupId", "given for an account of type group")),
        (Some(_), _) => Err(Refused::field("accountType", "shared, dedicated or group")),
    }
}
