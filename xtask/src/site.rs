//! Builds the console's site into `site/`: WASM with its glue and chunks, the style sheet, public files.
//!
//! The WASM takes four steps, all by libraries that the lock file pins: cargo, the splitter for lazy routes,
//! wasm-bindgen, and for a release the removal of names and compression. The finished folder replaces the old one
//! in one move, and is left alone while nothing that goes into it has changed.

mod compress;
mod module;
mod public;
mod section;
mod stamp;
pub(crate) mod style;

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// What the site is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// Quick to build, with names in stack traces.
    Development,
    /// Small, with `.br` and `.gz` beside each file or in its place.
    Release,
}

impl Purpose {
    /// The cargo profile that the WASM is built with.
    fn profile(self) -> &'static str {
        match self {
            Self::Development => "dev",
            Self::Release => "wasm-release",
        }
    }

    /// The folder in which cargo puts that profile's output.
    fn folder(self) -> &'static str {
        match self {
            Self::Development => "debug",
            Self::Release => "wasm-release",
        }
    }
}

/// Brings `site/` up to date.
pub(crate) fn build(workspace: &Workspace, purpose: Purpose) -> Result<()> {
    style::list(&workspace.root.join("style"))?;
    let compiled = module::compile(workspace, purpose)?;
    let site = workspace.root.join("site");
    let stamp = stamp::of(&workspace.root, &compiled, purpose)?;
    if stamp::matches(&site, stamp) {
        println!("The site is up to date.");
        return Ok(());
    }

    let started = Instant::now();
    let fresh = workspace.root.join("site.new");
    remove(&fresh)?;
    let pkg = fresh.join("pkg");
    fs::create_dir_all(&pkg)?;
    module::assemble(&compiled, &pkg, purpose)?;
    style::bundle(&workspace.root.join("style"), &pkg.join("switchyard.css"))?;
    public::copy(&workspace.root.join("public"), &fresh)?;
    if purpose == Purpose::Release {
        compress::beside(&fresh)?;
    }
    stamp::leave(&fresh, stamp)?;
    remove(&site)?;
    fs::rename(&fresh, &site)?;
    println!("The site is built ({:.1} s after compiling).", started.elapsed().as_secs_f64());
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// Every file below `folder`, sorted; none if the folder does not exist.
fn files_below(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files_below(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}
