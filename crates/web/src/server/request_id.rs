//! A number for each request, in the log, on fault pages and in problem documents, so that what a
//! person reads to the administrator leads to the line in the log.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

/// The number of the request being answered.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

static HEADER: HeaderName = HeaderName::from_static("x-request-id");
static COUNT: AtomicU64 = AtomicU64::new(1);
/// When the process started: tells apart the numbers of several processes and of restarts.
#[expect(
    clippy::disallowed_methods,
    reason = "tells restarts apart; nothing is dated by it"
)]
static STARTED: LazyLock<u64> = LazyLock::new(|| {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
});

/// Numbers a request and says the number in the answer.
pub async fn number_requests(mut request: Request, next: Next) -> Response {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let id = format!("{:x}-{:x}-{number}", *STARTED, std::process::id());
    let span =
        tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut answer = next.run(request).instrument(span.clone()).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(HEADER.clone(), value);
    }
    span.in_scope(|| tracing::debug!(status = answer.status().as_u16(), "answered"));
    answer
}
