//! The built web assets, embedded in the binary. Names in the manifest carry a hash of their
//! content and may be cached for ever; anything else must be asked for again.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web-assets/dist"]
struct Dist;

/// Plain name to hashed name, from `manifest.json`.
#[derive(Clone, Debug, Default)]
pub struct Manifest(BTreeMap<String, String>);

impl Manifest {
    /// Reads the embedded manifest; empty when the assets were not built.
    pub fn load() -> Self {
        Dist::get("manifest.json")
            .and_then(|file| serde_json::from_slice(&file.data).ok())
            .map_or_else(Self::default, Self)
    }

    /// The address of an asset: hashed when built, plain (and then not found) otherwise.
    pub fn href(&self, name: &str) -> String {
        format!("/assets/{}", self.0.get(name).map_or(name, String::as_str))
    }

    fn is_hashed(&self, file: &str) -> bool {
        self.0.values().any(|hashed| hashed == file)
    }
}

/// Serves `/assets/…`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let manifest = Manifest::load();
    Router::new().route(
        "/assets/{*path}",
        get(
            move |Path(path): Path<String>, headers: HeaderMap| async move {
                serve(&manifest, &path, &headers)
            },
        ),
    )
}

fn serve(manifest: &Manifest, path: &str, headers: &HeaderMap) -> Response {
    let Some(file) = Dist::get(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = etag(&file.metadata.sha256_hash());
    let caching = if manifest.is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| {
        known
            .split(',')
            .any(|one| one.trim().trim_start_matches("W/") == tag)
    }) {
        return (
            StatusCode::NOT_MODIFIED,
            [(ETAG, tag), (CACHE_CONTROL, caching.to_owned())],
        )
            .into_response();
    }
    let head = [
        (CONTENT_TYPE, content_type(path).to_owned()),
        (ETAG, tag),
        (CACHE_CONTROL, caching.to_owned()),
    ];
    (head, file.data).into_response()
}

fn etag(hash: &[u8]) -> String {
    let hex: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{hex}\"")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
