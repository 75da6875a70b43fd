//! Measures a release build of Switchyard beside nginx, and writes the table in docs/performance.md.
//!
//! Relay and nginx share one core, the load and the fake provider the other. All runs are interleaved, three times,
//! and the medians count. It promises that a figure counts only if every answer behind it was whole and in the relay's
//! books as the provider billed it. It never compares with a run of another time or machine.

mod books;
mod figure;
mod gauge;
mod http;
mod loader;
mod machine;
mod nginx;
mod program;
mod provider;
mod relay;
mod round;
mod table;

use std::path::Path;
use std::{env, fs, process};

use anyhow::{Context, Result};

use self::figure::{Figures, Metric, Side};
use self::loader::Loader;
use self::machine::Cores;
use self::provider::Provider;
use self::relay::Install;
use self::round::Bench;
use crate::workspace::Workspace;
use crate::{server, setup};

const ROUNDS: u32 = 3;

/// Builds, unless told that it is done already, and measures. Whether every bound is kept.
pub(crate) fn run(workspace: &Workspace, as_built: bool) -> Result<bool> {
    let cores = machine::cores()?;
    let nginx = setup::nginx()?;
    if !as_built {
        build(workspace)?;
    }
    let machine = machine::describe(&nginx)?;
    // From here on, whatever is started without a word about cores belongs to the load.
    machine::stay_on(cores.load)?;
    let folder = Folder::make()?;
    println!("Measuring takes about five minutes. {machine}");
    let figures = measure(workspace, &nginx, cores, &folder.0)?;
    let table = table::table(&figures, &machine);
    table::write(&workspace.root, &table.text)?;
    println!("\n{}", table.text);
    for missed in &table.missed {
        println!("Missed: {missed}.");
    }
    Ok(table.missed.is_empty())
}

fn build(workspace: &Workspace) -> Result<()> {
    server::release(workspace)?;
    println!("Building the load and the fake provider.");
    crate::process::run(workspace.cargo().args(["build", "--release", "--package", "upstream", "--bins"]))?;
    println!("Building what fills the books with a million calls.");
    let example =
        ["build", "--release", "--package", "relay", "--features", "ssr", "--example", books::PROGRAM];
    crate::process::run(workspace.cargo().args(example))
}

fn measure(workspace: &Workspace, nginx: &Path, cores: Cores, folder: &Path) -> Result<Figures> {
    let binary = workspace.root.join("dist/switchyard");
    let install = Install::new(&binary, folder.join("data"), cores.relay)?;
    let provider = Provider::start(&workspace.release_binary("upstream"))?;
    let mut figures = Figures::default();
    figures.add(Metric::Binary, Side::Relay, size(&binary)?);
    figures.add(Metric::Wasm, Side::Relay, size(&workspace.root.join("site/pkg/switchyard.wasm.br"))?);
    let (first, keys) = install.first_start(&provider)?;
    figures.add(Metric::FirstStart, Side::Relay, first.as_secs_f64() * 1e3);
    let loader = Loader::new(workspace.release_binary("load"));
    let bench = Bench { install, keys, provider, loader, nginx, folder, cores };
    for round in 1..=ROUNDS {
        println!("Round {round} of {ROUNDS}.");
        bench.round(&mut figures)?;
    }
    books::measure(workspace, &mut figures)?;
    Ok(figures)
}

#[expect(clippy::cast_precision_loss, reason = "no file has 2^52 bytes")]
fn size(file: &Path) -> Result<f64> {
    let about = fs::metadata(file)
        .with_context(|| format!("{} is missing; run this without --as-built", file.display()))?;
    Ok(about.len() as f64)
}

/// A folder for the relay's data and nginx's files, which goes with it.
struct Folder(std::path::PathBuf);

impl Folder {
    fn make() -> Result<Self> {
        let folder = env::temp_dir().join(format!("switchyard-bench-{}", process::id()));
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is in the folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}
