//! Takes the name section out of a WASM module: the splitter leaves it in chunks, where it is most of the weight.

use anyhow::{Context, Result, ensure};

const HEADER: usize = 8;
const CUSTOM: u8 = 0;

/// The same module without its custom section `name`.
pub(super) fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    ensure!(module.starts_with(b"\0asm"), "not a WASM module");
    let mut kept = module.get(..HEADER).context("the module has no version")?.to_vec();
    let mut rest = &module[HEADER..];
    while let Some((&id, after_id)) = rest.split_first() {
        let (size, body) = read_number(after_id)?;
        let payload = body.get(..size).context("a section ends beyond the module")?;
        let whole = &rest[..rest.len() - body.len() + size];
        if !(id == CUSTOM && is_named(payload, b"name")?) {
            kept.extend_from_slice(whole);
        }
        rest = &body[size..];
    }
    Ok(kept)
}

fn is_named(payload: &[u8], name: &[u8]) -> Result<bool> {
    let (length, text) = read_number(payload)?;
    Ok(text.get(..length) == Some(name))
}

/// An unsigned LEB128 number of at most 32 bits, and what follows it.
fn read_number(bytes: &[u8]) -> Result<(usize, &[u8])> {
    let mut value = 0_usize;
    for (index, &byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((value, &bytes[index + 1..]));
        }
    }
    anyhow::bail!("a number in the module has no end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_section_alone_is_taken_out() {
        let module = b"\0asm\x01\0\0\0\x00\x06\x04nameX\x01\x01\x00\x00\x06\x04nodeY\x00\x06\x04name\x7f";

        let stripped = without_names(module).unwrap();

        assert_eq!(stripped, b"\0asm\x01\0\0\0\x01\x01\x00\x00\x06\x04nodeY");
    }

    #[test]
    fn a_torn_module_is_refused() {
        assert!(without_names(b"\0asm\x01\0\0\0\x00\x09\x04name").is_err());
        assert!(without_names(b"<!doctype html>").is_err());
    }
}
