//! The WASM module: compiled by cargo, split at lazy routes, given its JavaScript glue.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use super::{Purpose, section};
use crate::process;
use crate::workspace::Workspace;

/// The name that Leptos' pages ask for; `LEPTOS_OUTPUT_NAME` of `.cargo/config.toml` must say the same.
const NAME: &str = "switchyard";

/// The name under which Leptos imports the splitter's loader.
const LOADER: &str = "./__wasm_split.______________________.js";

/// The name under which Leptos looks for what to preload with a lazy route.
const MANIFEST: &str = "__wasm_split_manifest.json";

/// Compiles `frontend` and says where the module lies.
pub(super) fn compile(workspace: &Workspace, purpose: Purpose) -> Result<PathBuf> {
    // The splitter needs relocations. The flag goes to the last crate only: in RUSTFLAGS it would rebuild everything.
    process::run(
        workspace
            .wasm_cargo()
            .args(["rustc", "--package", "frontend", "--lib", "--crate-type", "cdylib"])
            .args(["--target", "wasm32-unknown-unknown", "--profile", purpose.profile()])
            .args(["--", "-Clink-args=--emit-relocs"]),
    )?;
    let folder = workspace.wasm_target.join("wasm32-unknown-unknown").join(purpose.folder());
    Ok(folder.join("frontend.wasm"))
}

/// Writes main module, chunks, glue and manifest into `pkg`.
pub(super) fn assemble(compiled: &Path, pkg: &Path, purpose: Purpose) -> Result<()> {
    let bytes = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let main = pkg.join("main.wasm");
    let chunks = split(&bytes, pkg, &main)?;
    bind(&main, pkg, purpose)?;
    fs::remove_file(&main)?;
    fs::rename(pkg.join(format!("{NAME}_bg.wasm")), pkg.join(format!("{NAME}.wasm")))?;
    if purpose == Purpose::Release {
        for chunk in chunks {
            fs::write(&chunk, section::without_names(&fs::read(&chunk)?)?)?;
        }
    }
    Ok(())
}

fn split(bytes: &[u8], pkg: &Path, main: &Path) -> Result<Vec<PathBuf>> {
    let main_module = format!("./{NAME}.js");
    let mut options = wasm_split_cli_support::Options::new(bytes);
    options.output_dir = pkg;
    options.main_out_path = main;
    options.main_module = &main_module;
    options.link_name = LOADER;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("cannot split the module: {error:?}"))?;
    // Sorted, so that the same source gives the same bytes.
    let manifest: std::collections::BTreeMap<_, _> = split.prefetch_map.iter().collect();
    fs::write(pkg.join(MANIFEST), serde_json::to_vec(&manifest)?)?;
    Ok(split.split_modules)
}

fn bind(main: &Path, pkg: &Path, purpose: Purpose) -> Result<()> {
    Bindgen::new()
        .input_path(main)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(purpose == Purpose::Release)
        .generate(pkg)
        .context("cannot write the module's JavaScript glue")
}
