//! Joint sittings on pages: the list, the call over one project or many, the sitting with its
//! opinions and decisions, the sheet for paper. What one would get wrong: nothing here decides who
//! agrees; a department's silence is read by the use case. (联审会)

mod call;
mod list;
mod samples;
mod show;

pub use call::CallPage;
pub use list::SittingList;
pub use show::{SittingPage, SittingSheet};

use axum::Router;
use axum::routing::{get, post};

use crate::server::WebState;

/// The addresses of the sittings.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/approvals/sittings", get(list::show))
        .route("/approvals/sittings/new", get(call::show).post(call::call))
        .route("/approvals/sittings/{id}", get(show::show))
        .route("/approvals/sittings/{id}/sheet", get(show::sheet))
        .route("/approvals/sittings/{id}/opinions", post(show::say))
        .route("/approvals/sittings/{id}/close", post(show::close))
}
