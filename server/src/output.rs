//! What a command prints on stdout: tables for people, JSON for scripts.

mod explanation;
mod figure;
mod key;
mod table;
mod word;

use std::io::{self, Write};

use relay::config::Effective;
use relay::model::account::AccountRow;
use relay::model::key::CreatedKey;
use relay::start::Rotated;
use serde::Serialize;

use crate::command::{Grouped, Reply, Tested, Unset};
use crate::failure::Failure;

/// Prints a reply.
///
/// # Errors
/// If stdout cannot be written, or the reply is an account's test that failed, or books that do not add up.
pub(crate) fn reply(reply: &Reply, json: bool) -> Result<(), Failure> {
    print(&if json { reply_json(reply)? } else { reply_text(reply) })?;
    match reply {
        Reply::Tested(Tested { passed: false, name, .. }) => {
            Err(Failure::new(format!("account {name} cannot serve")))
        }
        Reply::Verified(found) if !found.is_clean() => Err(Failure::new("the books do not add up")),
        _ => Ok(()),
    }
}

/// Prints the settings in force.
///
/// # Errors
/// If stdout cannot be written.
pub(crate) fn settings(settings: &[Effective], json: bool) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Shown<'a> {
        name: &'a str,
        env: &'a str,
        value: &'a str,
        origin: &'a str,
    }
    let shown = settings.iter().map(|effective| Shown {
        name: effective.setting.name,
        env: effective.setting.env,
        value: &effective.shown,
        origin: effective.origin,
    });
    print(&if json { to_json(&shown.collect::<Vec<_>>())? } else { table::settings(settings) })
}

/// Prints what came of another encryption key.
///
/// # Errors
/// If stdout cannot be written.
pub(crate) fn rotated(Rotated { sealed, is_given }: Rotated, json: bool) -> Result<(), Failure> {
    if json {
        let kept = if is_given { "outside" } else { "secrets.env" };
        return print(&to_json(&serde_json::json!({ "sealed": sealed, "key": kept }))?);
    }
    let next = if is_given {
        "Set ENCRYPTION_KEY to the new key where the old one stands now, before you start the server."
    } else {
        "The new key is in secrets.env in the data folder. Backups made before need the old one."
    };
    print(&format!(
        "{sealed} secrets are sealed under the new key; the old one opens none of them.\n{next}\n"
    ))
}

/// Writes to stdout. A reader that has gone (`| head`) is no error.
///
/// # Errors
/// If stdout cannot be written for another reason.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::because("cannot write to standard output", &error))
        }
        _ => Ok(()),
    }
}

fn reply_json(reply: &Reply) -> Result<String, Failure> {
    match reply {
        Reply::Administrator(named) => to_json(named),
        Reply::CreatedKey(key) => to_json(key),
        Reply::CreatedKeys { keys, .. } => to_json(keys),
        Reply::Key(key) | Reply::KeyShown(key) => to_json(key),
        Reply::Keys(keys) => to_json(keys),
        Reply::Account(account) => to_json(account),
        Reply::Accounts(accounts) => to_json(accounts),
        Reply::Explained(explanation) => to_json(explanation),
        Reply::Shown(shown) => to_json(shown),
        Reply::Tested(tested) => to_json(tested),
        Reply::SignIn(begun) => to_json(begun),
        Reply::NotYet(problem) => to_json(problem),
        Reply::Group(group) => to_json(group),
        Reply::Groups(groups) => to_json(groups),
        Reply::Usage(used) if used.csv => Ok(figure::usage(used)),
        Reply::Usage(used) => to_json(&used.exploration),
        Reply::Verified(found) => to_json(found),
        Reply::Prices(list) => to_json(list),
        Reply::Price(own) => to_json(own),
        Reply::Unset(unset) => to_json(unset),
        Reply::Repriced(done) => to_json(done),
        Reply::Deleted(deleted) => to_json(deleted),
        Reply::Status(status) => to_json(status),
    }
}

fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    let json = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::because("the answer cannot be written as JSON", &error))?;
    Ok(json + "\n")
}

fn reply_text(reply: &Reply) -> String {
    match reply {
        Reply::Administrator(named) => format!("Done: {} can sign in with this password.\n", named.username),
        Reply::CreatedKey(CreatedKey { id, name, key }) => {
            format!("Key {name} ({id}), shown this once:\n\n{key}\n")
        }
        Reply::CreatedKeys { keys, csv } => key::created(keys, *csv),
        Reply::KeyShown(row) => key::shown(row),
        Reply::Key(key) => {
            format!("Key {} ({}) is {}.\n", key.name, key.id, word::enabled(key.enabled))
        }
        Reply::Keys(keys) => table::keys(keys),
        Reply::Account(account) => account_text(account),
        Reply::Accounts(accounts) => table::accounts(accounts),
        Reply::Explained(explanation) => explanation::text(explanation),
        Reply::Shown(shown) => table::shown(shown),
        Reply::Tested(tested) => table::test(tested),
        Reply::SignIn(begun) => format!("{}\n", begun.url),
        Reply::NotYet(problem) => format!("{problem}\n"),
        Reply::Group(Grouped { group, names }) => {
            let members = if names.is_empty() { "no account".to_owned() } else { names.join(", ") };
            format!("Group {} ({}): {members}.\n", group.name, group.id)
        }
        Reply::Groups(groups) => table::groups(groups),
        Reply::Usage(used) => figure::usage(used),
        Reply::Verified(found) => figure::verification(found),
        Reply::Prices(list) => figure::prices(list),
        Reply::Price(own) => figure::price(own),
        Reply::Unset(Unset { model, .. }) => {
            format!("Prices of your own of {model} are removed; the list's hold again.\n")
        }
        Reply::Repriced(done) => figure::repriced(done),
        Reply::Deleted(deleted) => {
            format!("{} ({}) is deleted; its figures stay.\n", deleted.name, deleted.id)
        }
        Reply::Status(status) => table::status(status),
    }
}

fn account_text(account: &AccountRow) -> String {
    format!("Account {} ({}): {}.\n", account.name, account.id, word::state(&account.state))
}
