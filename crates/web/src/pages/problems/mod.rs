//! Problems on pages: the ledger, one problem with its steps, raising one. What one would get wrong:
//! a person sees a problem by the projects it holds up or by having to do with it, so its page must
//! not lean on a project's card being visible. (问题销号)

mod list;
mod raise;
mod row;
mod samples;
mod show;

pub use list::{ProblemList, of_project};
pub use raise::NewProblem;
pub use row::{Held, Row, named, party};
pub use samples::rows as sample_rows;
pub use show::{ProblemPage, StepForm, StepRow, departments};

use axum::Router;
use axum::routing::{get, post};

use crate::server::WebState;

/// The addresses of the problems.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/problems", get(list::show).post(raise::raise))
        .route("/problems/ledger.xlsx", get(list::export))
        .route("/problems/new", get(raise::form))
        .route("/problems/{id}", get(show::show))
        .route("/problems/{id}/order.docx", get(show::order))
        .route("/problems/{id}/{act}", post(show::act))
        .route(
            "/projects/{id}/returns/{period}/problem",
            post(raise::from_return),
        )
}
