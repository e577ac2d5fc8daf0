//! Who answers for which project: the list, the load of each leader, setting it for many at once,
//! and one project's history. What one would get wrong: a list is a form without effect; ticking
//! projects leads to the form that sets somebody for them, so that everything works without a
//! script. (包联、专人负责)

mod assign;
mod chains;
mod list;
mod load;
mod project;
mod row;
mod samples;

pub use assign::{NewAssignment, person};
pub use chains::{Chains, Charge, NewCharge, Sum, charge, href as about_href, of_task};
pub use list::LiaisonList;
pub use load::LoadPage;
pub use project::ResponsibilityPage;
pub use row::{Held, held_by_duty};
pub use samples::duties as sample_duties;

use axum::Router;
use axum::routing::{get, post};

use crate::server::WebState;

/// The addresses of the assignments.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/liaison", get(list::show).post(assign::assign))
        .route("/liaison/ledger.xlsx", get(list::export))
        .route("/liaison/load", get(load::show))
        .route("/liaison/load.xlsx", get(load::export))
        .route("/liaison/chains", get(chains::show))
        .route("/liaison/chains.xlsx", get(chains::export))
        .route(
            "/liaison/about/{about}",
            get(chains::form).post(chains::set),
        )
        .route("/liaison/about/{about}/{assignment}/end", post(chains::end))
        .route("/liaison/new", get(assign::form))
        .route("/projects/{id}/responsibility", get(project::show))
        .route(
            "/projects/{id}/responsibility/{assignment}/end",
            post(project::end),
        )
}
