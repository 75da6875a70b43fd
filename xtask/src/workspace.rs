//! Where things are: the checkout, the build caches outside of it, and what the builds leave there.
//!
//! Promises that nothing is built inside the checkout but `site/` and `dist/`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The folders that every step works with.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Tools that were installed for this project alone.
    pub(crate) cache: PathBuf,
    /// Server, tests and tools are built here.
    pub(crate) target: PathBuf,
    /// The WASM half is built here, so that features and flags of the two never fight over one folder.
    pub(crate) wasm_target: PathBuf,
}

impl Workspace {
    /// Reads the places from the environment: `CARGO_TARGET_DIR`, else `XDG_CACHE_HOME`, else `HOME`.
    pub(crate) fn discover() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask lies in no workspace")?.to_path_buf();
        let cache = cache_folder()?.join("switchyard");
        let target = match env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty()) {
            Some(folder) => env::current_dir()?.join(folder),
            None => cache.join("target"),
        };
        let mut wasm_target = target.clone().into_os_string();
        wasm_target.push("-wasm");
        Ok(Self { root, cache, target, wasm_target: wasm_target.into() })
    }

    /// The debug build of the binary `name`.
    pub(crate) fn debug_binary(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// The release build of the binary `name`.
    pub(crate) fn release_binary(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name)
    }

    /// Cargo, building server, tests and tools.
    pub(crate) fn cargo(&self) -> Command {
        self.cargo_into(&self.target)
    }

    /// Cargo, building the WASM half.
    pub(crate) fn wasm_cargo(&self) -> Command {
        self.cargo_into(&self.wasm_target)
    }

    /// A command that runs in the checkout.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    fn cargo_into(&self, target: &Path) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", target);
        command
    }
}

fn cache_folder() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
        return Ok(folder.into());
    }
    let home = env::var_os("HOME").context("neither XDG_CACHE_HOME nor HOME is set")?;
    Ok(Path::new(&home).join(".cache"))
}
