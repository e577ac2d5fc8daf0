//! The HTTP server: what every request passes through, whatever it asks for. Handlers return
//! `Result<_, Failure>` and never word an error themselves; `refusal` turns it into a page or into
//! problem+json, by the address asked.

mod failure;
mod log_in;
mod person;
mod refusal;
mod request_id;
mod session;
mod told;
pub mod words;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use gangmu_app::App;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::{ConfigError, CsrfLayer};
use tower_http::timeout::TimeoutLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

pub use failure::{Answer, Failure};
pub use log_in::sign_in;
pub use person::{Person, SignedIn, Visit};
pub use refusal::{Problem, ProblemMessage};
pub use request_id::RequestId;
pub use told::refusal_lines;

use crate::pages::login::DemoAccount;
use crate::render::{RenderError, Templates};
use crate::{assets, headers};

/// The cookie that carries a session's key.
pub const SESSION_COOKIE: &str = "gangmu_session";
/// The largest request body of an ordinary route.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// The largest request body of an import or an attachment.
pub const UPLOAD_LIMIT: usize = 64 * 1024 * 1024;

/// How this server stands in its surroundings.
#[derive(Clone, Debug)]
pub struct Options {
    /// Cookies only over https: set it when people reach the server through https.
    pub secure: bool,
    /// Other origins that may post here: the public address, when a proxy rewrites `Host`.
    pub trusted_origins: Vec<String>,
    /// A session ends after so long without a request.
    pub idle: Duration,
    /// A session ends after so long in any case.
    pub longest: Duration,
    /// A request ends after so long; an upload gets ten times as much.
    pub patience: Duration,
    /// The data is invented, and every page says so.
    pub demonstration: bool,
    /// Log-ins shown on the log-in page of a demonstration.
    pub demo_accounts: Vec<DemoAccount>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            secure: false,
            trusted_origins: Vec::new(),
            idle: Duration::from_secs(2 * 60 * 60),
            longest: Duration::from_secs(12 * 60 * 60),
            patience: Duration::from_secs(60),
            demonstration: false,
            demo_accounts: Vec::new(),
        }
    }
}

/// What handlers work with; cheap to clone.
#[derive(Clone)]
pub struct WebState {
    /// The use cases.
    pub app: App,
    /// Templates and texts.
    pub templates: Templates,
    /// The server's options.
    pub options: Arc<Options>,
}

/// Why a server cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The templates or texts in the binary are broken.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A trusted origin is not one.
    #[error("a trusted origin cannot be used: {0}")]
    Origin(#[from] ConfigError),
    /// The socket failed.
    #[error("serving failed")]
    Io(#[from] std::io::Error),
}

impl WebState {
    /// Puts the state together.
    ///
    /// # Errors
    /// When the templates or texts in the binary are broken.
    pub fn new(app: App, options: Options) -> Result<Self, RenderError> {
        Ok(Self {
            app,
            templates: Templates::load()?,
            options: Arc::new(options),
        })
    }
}

/// Serves until `shutdown` completes; requests under way are finished first.
///
/// # Errors
/// When the binary's own parts are broken or the socket fails.
pub async fn serve(
    app: App,
    options: Options,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let router = router(WebState::new(app, options)?)?;
    axum::serve(listener, router)
        .with_graceful_shutdown(shutdown)
        .await?;
    Ok(())
}

/// Builds all routes with everything around them; tests call it in process.
///
/// # Errors
/// When a trusted origin is not one.
pub fn router(state: WebState) -> Result<Router, ServeError> {
    let patience = state.options.patience;
    let (api, api_uploads, _) = crate::api::routes();
    let ordinary = Router::new()
        .merge(log_in::routes())
        .merge(api)
        .merge(crate::pages::routes())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(time_limit(patience));
    let uploads = Router::new()
        .merge(crate::pages::upload_routes())
        .merge(api_uploads)
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT))
        .layer(time_limit(patience.saturating_mul(10)));
    let guarded = ordinary
        .merge(uploads)
        .fallback(refusal::no_such_page)
        .layer(cross_site(&state.options)?)
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(
            state.clone(),
            refusal::word_failures,
        ))
        .layer(session_layer(&state))
        .with_state(state);
    Ok(headers::secure(
        guarded
            .merge(assets::routes())
            .layer(CompressionLayer::new())
            .layer(middleware::from_fn(request_id::number_requests)),
    ))
}

fn time_limit(patience: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, patience)
}

/// Refuses requests that change something and come from another site, by `Sec-Fetch-Site` and
/// `Origin`: every browser of the last years says where a request comes from.
fn cross_site(options: &Options) -> Result<CsrfLayer, ConfigError> {
    options
        .trusted_origins
        .iter()
        .try_fold(CsrfLayer::new(), CsrfLayer::add_trusted_origin)
}

fn session_layer(state: &WebState) -> SessionManagerLayer<session::Sessions> {
    SessionManagerLayer::new(session::Sessions::new(
        state.app.clone(),
        Arc::clone(&state.options),
    ))
    .with_name(SESSION_COOKIE)
    .with_same_site(SameSite::Lax)
    .with_secure(state.options.secure)
    .with_expiry(Expiry::OnSessionEnd)
}
