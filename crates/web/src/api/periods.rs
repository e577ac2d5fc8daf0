//! Months: opening, closing, how far everybody is, who is late.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::AppError;
use gangmu_app::dispatch::{LateView, PeriodView, UnitProgress};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::period;
use super::{Asked, At, Body, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(periods, period_open))
        .routes(routes!(period_close))
        .routes(routes!(period_reopen))
        .routes(routes!(progress))
        .routes(routes!(late))
        .routes(routes!(chase))
}

/// Which unit.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct InUnit {
    /// The unit's code; the whole of one's scope when absent.
    pub unit: Option<String>,
}

/// All periods, newest first
#[utoipa::path(get, path = "/api/v1/periods", tag = "dispatch",
    responses((status = 200, description = "The periods", body = Vec<PeriodView>)))]
async fn periods(
    State(state): State<WebState>,
    Person(_actor): Person,
) -> Result<Reply<Vec<PeriodView>>, Failure> {
    Reply::ok(state.app.period_list().await?)
}

/// A month to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPeriod {
    /// 2025-12.
    period: String,
}

/// Open a month
#[utoipa::path(post, path = "/api/v1/periods", tag = "dispatch", request_body = NewPeriod,
    responses((status = 201, description = "Opened: every project on the year's list owes a return", body = PeriodView)))]
async fn period_open(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(new): Body<NewPeriod>,
) -> Result<Reply<PeriodView>, Failure> {
    let period = new
        .period
        .parse()
        .map_err(|_| super::organisation::unknown("period", &new.period))?;
    state.app.period_open(&actor, period).await?;
    let all = state.app.period_list().await?;
    let opened = all.into_iter().find(|one| one.period == new.period);
    Reply::created(opened.ok_or(AppError::NotFound { what: "period" })?)
}

/// Close a month for a unit and all below it
///
/// Closing it for the region freezes the figures as published.
#[utoipa::path(post, path = "/api/v1/periods/{period}/close", tag = "dispatch", params(("period" = String, Path), InUnit),
    responses((status = 204, description = "Closed")))]
async fn period_close(
    State(state): State<WebState>,
    Person(actor): Person,
    At(at): At<String>,
    Asked(asked): Asked<InUnit>,
) -> Result<StatusCode, Failure> {
    let unit = asked.unit.as_deref();
    state.app.period_close(&actor, period(&at)?, unit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why a unit's month is opened again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reopening {
    /// The unit's code; it lies below one's own.
    unit: String,
    /// What the unit is told.
    reason: String,
}

/// Give a month back to a unit that has closed it for itself
///
/// For a level above the unit, while the region has not closed the month. The unit gets a notice.
#[utoipa::path(post, path = "/api/v1/periods/{period}/reopen", tag = "dispatch", params(("period" = String, Path)), request_body = Reopening,
    responses((status = 204, description = "Open again")))]
async fn period_reopen(
    State(state): State<WebState>,
    Person(actor): Person,
    At(at): At<String>,
    Body(asked): Body<Reopening>,
) -> Result<StatusCode, Failure> {
    state
        .app
        .period_reopen(&actor, period(&at)?, &asked.unit, &asked.reason)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How far the unit and those directly below are
#[utoipa::path(get, path = "/api/v1/periods/{period}/progress", tag = "dispatch", params(("period" = String, Path), InUnit),
    responses((status = 200, description = "One row per unit", body = Vec<UnitProgress>)))]
async fn progress(
    State(state): State<WebState>,
    Person(actor): Person,
    At(at): At<String>,
    Asked(asked): Asked<InUnit>,
) -> Result<Reply<Vec<UnitProgress>>, Failure> {
    let unit = asked.unit.as_deref();
    Reply::ok(
        state
            .app
            .period_progress(&actor, period(&at)?, unit)
            .await?,
    )
}

/// The projects whose returns have not been handed in
#[utoipa::path(get, path = "/api/v1/periods/{period}/late", tag = "dispatch", params(("period" = String, Path), InUnit),
    responses((status = 200, description = "The projects", body = Vec<LateView>)))]
async fn late(
    State(state): State<WebState>,
    Person(actor): Person,
    At(at): At<String>,
    Asked(asked): Asked<InUnit>,
) -> Result<Reply<Vec<LateView>>, Failure> {
    let unit = asked.unit.as_deref();
    Reply::ok(state.app.late_list(&actor, period(&at)?, unit).await?)
}

/// How many were chased.
#[derive(Serialize, ToSchema)]
struct Chased {
    notices: usize,
}

/// Chase late returns
#[utoipa::path(post, path = "/api/v1/periods/{period}/chase", tag = "dispatch", params(("period" = String, Path), InUnit),
    responses((status = 200, description = "Sent", body = Chased)))]
async fn chase(
    State(state): State<WebState>,
    Person(actor): Person,
    At(at): At<String>,
    Asked(asked): Asked<InUnit>,
) -> Result<Reply<Chased>, Failure> {
    let unit = asked.unit.as_deref();
    let notices = state.app.chase(&actor, period(&at)?, unit).await?;
    Reply::ok(Chased { notices })
}
