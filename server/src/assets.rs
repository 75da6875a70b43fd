//! The console's site: `/pkg/*` (WASM, glue, style) and the public files beside it.
//!
//! A release carries the site inside the binary; a debug build reads the checkout's `site/`, from whatever folder it
//! runs in. Promises the right type for each name, `.br` or `.gz` to whoever accepts it, the plain bytes to others
//! though only a `.gz` be stored, and a 304 to whoever has it already. Never serves hidden files, and nothing outside
//! of the site.

use std::collections::HashMap;
use std::io::Read as _;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::read::GzDecoder;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use leptos::WasmSplitManifest;
use leptos::prelude::ArcStoredValue;

/// Names stay the same from build to build, so a copy is asked about before each use; the answer is mostly a 304.
const CACHE_POLICY: &str = "no-cache";

/// The loader that the splitter of `cargo xtask site` leaves for lazy routes.
const CHUNK_LOADER: &str = "__wasm_split.______________________.js";

/// What to preload with which lazy route, written by the same splitter.
const CHUNK_MANIFEST: &str = "pkg/__wasm_split_manifest.json";

/// A file of the site as it is stored, perhaps compressed.
struct Asset {
    body: Bytes,
    /// Unquoted; changes whenever the bytes do.
    tag: String,
}

/// Routes for `/pkg/*` and for each public file that the site has now.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let public = site::names().into_iter().filter(|name| !name.starts_with("pkg/") && is_servable(name));
    public.fold(Router::new().route("/pkg/{*file}", get(serve)), |router, name| {
        router.route(&format!("/{name}"), get(serve))
    })
}

/// What pages preload with their lazy routes; `None` before the site was built.
pub(crate) fn chunk_manifest() -> Option<WasmSplitManifest> {
    let chunks: HashMap<String, Vec<String>> =
        serde_json::from_slice(&site::find(CHUNK_MANIFEST)?.body).ok()?;
    Some(WasmSplitManifest(ArcStoredValue::new(("/pkg".to_owned(), chunks, CHUNK_LOADER.to_owned()))))
}

async fn serve(OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    respond(uri.path().trim_start_matches('/'), &headers, site::find)
}

fn respond(name: &str, request: &HeaderMap, find: impl Fn(&str) -> Option<Asset>) -> Response {
    let Some((asset, coding)) = is_servable(name).then(|| choose(name, request, find)).flatten() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut headers = HeaderMap::new();
    let tag = format!("\"{}\"", asset.tag);
    let is_known = is_known(request, &tag);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(CACHE_POLICY));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.extend(HeaderValue::try_from(tag).map(|tag| (ETAG, tag)));
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    (headers, Body::from(asset.body)).into_response()
}

/// Compressed copies and the chunk manifest's neighbours are served under their plain name only, hidden files never.
fn is_servable(name: &str) -> bool {
    let is_plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains('\\');
    name.split('/').all(is_plain) && !name.ends_with(".br") && !name.ends_with(".gz")
}

fn choose(
    name: &str,
    request: &HeaderMap,
    find: impl Fn(&str) -> Option<Asset>,
) -> Option<(Asset, Option<&'static str>)> {
    for (coding, suffix) in [("br", "br"), ("gzip", "gz")] {
        if accepts(request, coding)
            && let Some(asset) = find(&format!("{name}.{suffix}"))
        {
            return Some((asset, Some(coding)));
        }
    }
    let plain = find(name).or_else(|| unpacked(&find(&format!("{name}.gz"))?));
    plain.map(|asset| (asset, None))
}

/// The plain file of which only the compressed copy is stored. No browser asks for it so.
fn unpacked(packed: &Asset) -> Option<Asset> {
    let mut plain = Vec::new();
    GzDecoder::new(&*packed.body).read_to_end(&mut plain).ok()?;
    Some(Asset { body: plain.into(), tag: format!("{}-plain", packed.tag) })
}

/// Whether the request lists the coding with a weight above zero (RFC 9110, 12.5.3).
fn accepts(request: &HeaderMap, coding: &str) -> bool {
    let lists = request.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|entry| {
        let (name, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(coding) && weight.unwrap_or(1.0) > 0.0
    })
}

/// Whether the client has these bytes; the comparison is the weak one (RFC 9110, 13.1.2).
fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let lists = request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*")
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(not(debug_assertions))]
mod site {
    //! The site inside the binary.

    use std::borrow::Cow;
    use std::fmt::Write as _;

    use axum::body::Bytes;
    use rust_embed::Embed;

    use super::Asset;

    /// Bytes of the hash that go into a tag: enough that two builds never share one.
    const TAG_BYTES: usize = 12;

    #[derive(Embed)]
    #[folder = "../site/"]
    #[allow_missing = true]
    struct Site;

    pub(super) fn find(name: &str) -> Option<Asset> {
        let file = Site::get(name)?;
        let mut tag = String::with_capacity(2 * TAG_BYTES);
        for byte in &file.metadata.sha256_hash()[..TAG_BYTES] {
            let _ = write!(tag, "{byte:02x}");
        }
        let body = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        Some(Asset { body, tag })
    }

    pub(super) fn names() -> Vec<String> {
        Site::iter().map(Cow::into_owned).collect()
    }
}

#[cfg(debug_assertions)]
mod site {
    //! The site in the checkout that this binary was built from.

    use std::fs;
    use std::path::Path;
    use std::time::UNIX_EPOCH;

    use axum::body::Bytes;

    use super::Asset;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../site");

    pub(super) fn find(name: &str) -> Option<Asset> {
        let path = Path::new(FOLDER).join(name);
        let body = Bytes::from(fs::read(&path).ok()?);
        let changed = fs::metadata(&path).and_then(|about| about.modified()).ok()?;
        let age = changed.duration_since(UNIX_EPOCH).ok()?;
        Some(Asset { tag: format!("{:x}-{:x}", age.as_nanos(), body.len()), body })
    }

    pub(super) fn names() -> Vec<String> {
        let mut names = Vec::new();
        collect(Path::new(FOLDER), "", &mut names);
        names
    }

    fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{name}/"), names);
            } else {
                names.push(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str) -> Option<Asset> {
        if name == "pkg/c.wasm.gz" {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut gzip, b"plain").unwrap();
            return Some(Asset { body: gzip.finish().unwrap().into(), tag: "c".to_owned() });
        }
        let known = ["pkg/a.js", "pkg/a.js.br", "pkg/a.js.gz", "pkg/b.wasm", "pkg/.stamp", "../secret"];
        known
            .contains(&name)
            .then(|| Asset { body: Bytes::from(name.to_owned()), tag: name.replace('/', "-") })
    }

    fn ask(name: &str, header: http::HeaderName, value: &'static str) -> Response {
        respond(name, &HeaderMap::from_iter([(header, HeaderValue::from_static(value))]), find)
    }

    fn header(response: &Response, name: http::HeaderName) -> Option<&str> {
        response.headers().get(name).and_then(|value| value.to_str().ok())
    }

    #[test]
    fn brotli_is_preferred_where_it_is_accepted() {
        let response = ask("pkg/a.js", ACCEPT_ENCODING, "gzip, deflate, br, zstd");

        assert_eq!(header(&response, CONTENT_ENCODING), Some("br"));
        assert_eq!(header(&response, CONTENT_TYPE), Some("text/javascript; charset=utf-8"));
    }

    #[test]
    fn a_coding_of_weight_zero_is_not_chosen() {
        let response = ask("pkg/a.js", ACCEPT_ENCODING, "br;q=0, gzip;q=0.5");

        assert_eq!(header(&response, CONTENT_ENCODING), Some("gzip"));
    }

    #[test]
    fn without_a_compressed_copy_the_plain_file_is_served() {
        let response = ask("pkg/b.wasm", ACCEPT_ENCODING, "br");

        assert_eq!(header(&response, CONTENT_ENCODING), None);
        assert_eq!(header(&response, CONTENT_TYPE), Some("application/wasm"));
    }

    #[tokio::test]
    async fn a_file_that_is_stored_compressed_alone_is_served_plain_to_whoever_takes_no_coding() {
        let plain = ask("pkg/c.wasm", ACCEPT_ENCODING, "identity");
        let coded = ask("pkg/c.wasm", ACCEPT_ENCODING, "gzip");

        assert_eq!(header(&coded, CONTENT_ENCODING), Some("gzip"));
        assert_eq!(header(&plain, CONTENT_ENCODING), None);
        assert_ne!(header(&plain, ETAG), header(&coded, ETAG));
        assert_eq!(axum::body::to_bytes(plain.into_body(), 100).await.unwrap(), "plain");
    }

    #[test]
    fn a_known_tag_is_answered_by_not_modified() {
        let response = ask("pkg/b.wasm", IF_NONE_MATCH, "\"old\", W/\"pkg-b.wasm\"");

        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(header(&response, ETAG), Some("\"pkg-b.wasm\""));
    }

    #[test]
    fn each_coding_has_its_own_tag() {
        let plain = ask("pkg/a.js", ACCEPT_ENCODING, "identity");
        let coded = ask("pkg/a.js", ACCEPT_ENCODING, "br");

        assert_ne!(header(&plain, ETAG), header(&coded, ETAG));
    }

    #[test]
    fn hidden_files_and_ways_out_of_the_site_are_not_found() {
        for name in
            ["pkg/.stamp", "../secret", "pkg/../../secret", "pkg/a.js.br", "pkg//a.js", "pkg/missing.js"]
        {
            let response = respond(name, &HeaderMap::new(), find);

            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }
}
