//! The audit trail.

use axum::extract::State;
use gangmu_app::AuditView;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(audit))
}

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only what was done to this: `project:17`, `period:2025-12`, `user:3`.
    #[serde(default)]
    subject: String,
    /// Pages of 100 rows, from 1.
    page: Option<i64>,
}

/// Who did what, newest first
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(Which),
    responses((status = 200, description = "A page of rows", body = Vec<AuditView>)))]
async fn audit(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(which): Asked<Which>,
) -> Result<Reply<Vec<AuditView>>, Failure> {
    let page = which.page.unwrap_or(1);
    Reply::ok(state.app.audit_list(&actor, &which.subject, page).await?)
}
