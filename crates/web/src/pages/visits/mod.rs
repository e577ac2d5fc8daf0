//! Visits to a project: notes on the way, visits, dispatches on the site, and what came of them.
//! What one would get wrong: everything works without a script; a place is typed, or filled in by
//! the telephone where it may (`place.ts`). (走访、现场调度)

mod form;
mod samples;
mod show;

pub use form::VisitForm;
pub use show::{ProjectVisits, VisitPage, VisitRow};

use axum::Router;
use axum::routing::{get, post};

use crate::server::WebState;

/// The addresses of visits, but for recording one.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/projects/{id}/visits", get(show::list))
        .route("/projects/{id}/visits/new", get(form::form))
        .route("/visits/ledger.xlsx", get(show::export))
        .route("/visits/{id}", get(show::show))
        .route("/visits/{id}/record.docx", get(show::record))
}

/// The address that takes a visit with its photos.
pub fn upload_routes() -> Router<WebState> {
    Router::new().route("/projects/{id}/visits", post(form::record))
}
