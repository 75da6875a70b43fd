//! `--quickstart`: on an empty store a sandbox account and a key bound to it, and a curl line that works. The key is
//! kept in a file of its owner's until somebody deletes the file or the key.

use std::io;
use std::path::Path;

use relay::admin::{Admin, account, key};
use relay::folder::{FolderLock, write_private};
use relay::model::account::{AccountKind, NewAccount};
use relay::model::key::{Binding, CreatedKey, NewKey};
use relay::state::Shared;

use crate::failure::Failure;

const FILE: &str = "quickstart-key";
const ACCOUNT: &str = "sandbox";
const KEY: &str = "quickstart";
const BODY: &str = r#"{"model":"claude-sandbox-1","max_tokens":1024,"stream":true,"messages":[{"role":"user","content":"Hello, Switchyard"}]}"#;

/// Makes account and key if the store is empty; gives the lines to print.
///
/// # Errors
/// If the store fails or the key's file cannot be read or written.
pub(super) async fn prepare(
    shared: &Shared,
    admin: &Admin,
    lock: &FolderLock,
    address: &str,
) -> Result<String, Failure> {
    let path = lock.path(FILE);
    let keys = key::list(shared, admin).await?;
    let failed = |error: io::Error| Failure::because(&format!("cannot use {}", path.display()), &error);
    if keys.is_empty() && account::list(shared, admin).await?.is_empty() {
        let created = create(shared, admin).await?;
        write_private(&path, &format!("{}\n", created.key)).map_err(failed)?;
        let shown = format!("  Key      {}  (shown this once, answered by the sandbox)\n", created.key);
        return Ok(shown + &curl(&path, address)?);
    }
    match std::fs::read_to_string(&path) {
        Ok(text) if keys.iter().any(|key| text.starts_with(&key.prefix)) => curl(&path, address),
        // The key was deleted: what the file holds opens nothing.
        Ok(_) => std::fs::remove_file(&path).map(|()| String::new()).map_err(failed),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(failed(error)),
    }
}

async fn create(shared: &Shared, admin: &Admin) -> Result<CreatedKey, Failure> {
    let account = NewAccount::new(ACCOUNT, AccountKind::Sandbox);
    let account = account::create(shared, admin, account, None).await?;
    let new = NewKey::new(KEY).bound(Binding::Account(account.id));
    Ok(key::create(shared, admin, new).await?)
}

/// One line to paste into a shell, whatever folder it is in. It reads the key, so that it shows none.
fn curl(path: &Path, address: &str) -> Result<String, Failure> {
    let path = std::path::absolute(path)
        .map_err(|error| Failure::because("cannot tell where the key is", &error))?;
    let file = path.display().to_string().replace('\'', r"'\''");
    Ok(format!(
        "\nTry it:\n\n  curl -N {address}/api/v1/messages -H \"x-api-key: $(cat '{file}')\" \
         -H 'content-type: application/json' -d '{BODY}'\n"
    ))
}
