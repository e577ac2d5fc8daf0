//! Building through winter on pages: the ledger with what winters add to the first quarter, and a
//! project's winter. What one would get wrong: one form is open at a time, named in the address, so
//! that everything works without a script. (冬季施工)

mod list;
mod quarter;
mod samples;
mod show;

pub use list::{UnitRow, WinterList, season_name};
pub use quarter::Quarter;
pub use samples::{brief as sample_brief, quarter as sample_quarter};
pub use show::{Brief, WinterPageView, of_project};

use axum::Router;
use axum::routing::{get, post};

use crate::server::WebState;

/// The addresses of the winters.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/winter", get(list::show))
        .route("/winter/ledger.xlsx", get(list::export))
        .route("/projects/{id}/winter", get(show::show))
        .route("/projects/{id}/winter/{act}", post(show::act))
}
