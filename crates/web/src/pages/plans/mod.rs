//! Plans on pages: the list, one plan, one task with its indicators, who covers what, two versions
//! side by side. What one would get wrong: pages show the app's views as they are, names in both
//! languages; the template chooses. (实施方案、工作方案)

mod course;
mod cover;
mod import;
mod list;
mod read;
mod samples;
mod show;
mod task;
mod value;

pub use cover::{ComparePage, CoverPage};
pub use import::{PlanImportPage, PlanImportPreview};
pub use list::{DutyPage, PlanList};
pub use read::{day, office};
pub use show::{NewPlanPage, PlanPage};
pub use task::TaskPage;

use axum::Router;
use axum::routing::{get, post};

use crate::server::WebState;

/// The addresses of the plans.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/plans", get(list::show).post(show::create))
        .route("/plans/new", get(show::new))
        .route("/plans/ledger.xlsx", get(list::export))
        .route("/plans/duties", get(list::duties))
        .route("/plans/duties.xlsx", get(list::export_duties))
        .route("/plans/{id}", get(show::show))
        .route("/plans/{id}/cover", get(cover::cover))
        .route("/plans/{id}/cover.xlsx", get(cover::workbook_of_cover))
        .route("/plans/{id}/compare", get(cover::compare))
        .route("/plans/{id}/table.xlsx", get(cover::table))
        .route("/plans/{id}/table.docx", get(cover::document))
        .route("/plans/{id}/acts/{act}", post(show::act))
        .route("/plans/{id}/import", get(import::form))
        .route("/plans/{id}/imports/{import}", get(import::show))
        .route("/plans/{id}/imports/{import}/adopt", post(import::adopt))
        .route(
            "/plans/{id}/evidence/{indicator}/{value}/{file}",
            get(value::file),
        )
        .route("/plans/{id}/tasks/{task}", get(task::show))
        .route("/plans/{id}/tasks/{task}/{act}", post(task::act))
}

/// The addresses that take files.
pub fn upload_routes() -> Router<WebState> {
    Router::new()
        .route("/plans/{id}/imports", post(import::upload))
        .route("/plans/{id}/tasks/{task}/value", post(value::hand_in))
}
