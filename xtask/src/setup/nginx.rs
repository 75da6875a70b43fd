//! nginx, beside which the bench measures.

use std::path::{Path, PathBuf};
use std::{env, iter};

use anyhow::{Context, Result};

use super::system;

/// Where Debian puts it, which is not in the `PATH` of users without rights.
const FOLDER: &str = "/usr/sbin";

/// Where nginx is; it is installed first if need be.
pub(crate) fn nginx() -> Result<PathBuf> {
    if let Some(program) = find() {
        return Ok(program);
    }
    system::install(&["nginx-light"], "Measuring")?;
    find().context("nginx-light is installed, but there is no nginx")
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(iter::once(PathBuf::from(FOLDER)));
    folders.map(|folder| folder.join("nginx")).find(|program| Path::is_file(program))
}
