//! Joint approval on pages: a project's case, the officer's work, what was sent up, the ledgers.
//! What one would get wrong: a person sees a case by the project's place or by handling a matter in
//! it, so the case page must not lean on the project's card being visible. (三级联审联批)

mod act;
mod case;
mod catalogue;
mod catalogue_matter;
mod fit;
mod form;
mod lanes;
mod letters;
mod list;
mod matter;
pub mod record;
mod samples;
pub mod shelf;
pub mod sittings;

pub use case::CasePage;
pub use catalogue::CataloguePage;
pub use fit::FitPage;
pub use form::{ActForm, Paper};
pub use lanes::Lanes;
pub use letters::Letters;
pub use list::MatterList;
pub use matter::{Clock, Due, MatterRow, Past, department};

use axum::Router;
use axum::routing::{get, post};

use crate::server::WebState;

/// The addresses of the approvals.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route(
            "/projects/{id}/approvals",
            get(case::show).post(case::create),
        )
        .route(
            "/projects/{id}/approvals/fit",
            get(fit::show).post(fit::fit),
        )
        .route("/projects/{id}/approvals/{matter}/{act}", post(act::act))
        .route("/projects/{id}/approvals/shelf", get(shelf::show))
        .route("/approvals", get(list::work))
        .route("/approvals/forwarding", get(list::forwarding))
        .route("/approvals/ledgers", get(list::ledgers))
        .route("/approvals/ledgers/{kind}", get(list::ledger))
        .route(
            "/approvals/letters",
            get(letters::show).post(letters::write),
        )
        .route(
            "/approvals/catalogue",
            get(catalogue::show).post(catalogue::change),
        )
        .route("/approvals/letters/{unit}/{year}/{seq}", get(letters::file))
        .merge(record::routes())
        .merge(sittings::routes())
}
