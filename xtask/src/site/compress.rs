//! Writes `.br` and `.gz` beside files that get smaller by it. Of WASM only these are left: the site is part of the
//! binary, and a client that takes neither is served from the `.gz`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Result, anyhow};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Formats that are text or code; fonts and pictures are compressed by themselves.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];

/// Below this many bytes a header costs more than the compression saves.
const SMALLEST: usize = 512;

const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 22;

/// Compresses what lies below `folder`, on all cores.
pub(super) fn beside(folder: &Path) -> Result<()> {
    let mut files = super::files_below(folder)?;
    files.retain(|path| is_compressible(path));
    thread::scope(|scope| {
        let jobs: Vec<_> = files.iter().map(|file| scope.spawn(|| compress(file))).collect();
        jobs.into_iter().try_for_each(|job| job.join().map_err(|_| anyhow!("a compressor panicked"))?)
    })
}

fn is_compressible(path: &Path) -> bool {
    path.extension().is_some_and(|extension| COMPRESSIBLE.iter().any(|known| extension == *known))
}

fn compress(file: &Path) -> Result<()> {
    let plain = fs::read(file)?;
    if plain.len() < SMALLEST {
        return Ok(());
    }
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 1 << 16, BROTLI_QUALITY, BROTLI_WINDOW);
    brotli.write_all(&plain)?;
    keep_if_smaller(&beside_of(file, ".br"), &brotli.into_inner(), &plain)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&plain)?;
    let gzip = gzip.finish()?;
    keep_if_smaller(&beside_of(file, ".gz"), &gzip, &plain)?;
    if gzip.len() < plain.len() && file.extension().is_some_and(|extension| extension == "wasm") {
        fs::remove_file(file)?;
    }
    Ok(())
}

fn keep_if_smaller(target: &Path, compressed: &[u8], plain: &[u8]) -> Result<()> {
    if compressed.len() < plain.len() {
        fs::write(target, compressed)?;
    }
    Ok(())
}

fn beside_of(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
