//! `switchyard secrets rotate`: a new encryption key, on a folder that no server holds.

use relay::config::Config;
use relay::secret::Secret;
use relay::start::Rotated;

use crate::command::Command;
use crate::failure::Failure;
use crate::output;
use crate::reach::{self, Found};

/// Seals everything under a new key and says what is to be done next.
///
/// # Errors
/// If a server runs, or whatever kept it from being done; nothing is changed then.
pub(crate) fn run(new_key: Option<String>, json: bool) -> Result<(), Failure> {
    let config = Config::load()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::because("cannot start", &error))?;
    let rotated = runtime.block_on(rotate(config, new_key))?;
    output::rotated(rotated, json)
}

async fn rotate(config: Config, new_key: Option<String>) -> Result<Rotated, Failure> {
    if config.secrets.encryption_key.is_some() && new_key.is_none() {
        return Err(Failure::usage("ENCRYPTION_KEY is given from outside, so the new one must be, too").hint(
            "make one (openssl rand -hex 32), keep it, pipe it in with --new-key-stdin, and give it in the old one's \
             place from then on",
        ));
    }
    let lock = match reach::find(&config, &Command::Status).await? {
        Found::Ours(lock) => lock,
        Found::Done(_) => {
            return Err(Failure::new("a server runs on this folder and has the key in use")
                .hint("stop it, run this command, and start it again"));
        }
    };
    Ok(relay::start::rotate(&config, &lock, new_key.map(Secret::new)).await?)
}
