//! What can be taken out as workbooks. What one would get wrong: `list` takes every filter of the
//! project list, page and size left aside; the tables of a month take a month and a unit.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use gangmu_app::AppError;
use gangmu_app::domain::Period;
use gangmu_app::domain::organisation::Action;
use gangmu_app::exports::{ExportFile, MonthlyTable};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::download;
use super::imports::XLSX;
use super::organisation::unknown;
use super::projects::ListParams;
use super::{Asked, At};
use crate::list_query;
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(export_list))
        .routes(routes!(export_table))
}

/// The project list as a workbook, all its pages
///
/// At most 50,000 rows; `page` and `per_page` change nothing.
#[utoipa::path(get, path = "/api/v1/exports/list", tag = "exports", params(ListParams),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 422, description = "A parameter or word is not known, or there are too many rows")))]
async fn export_list(
    State(state): State<WebState>,
    Person(actor): Person,
    uri: Uri,
) -> Result<Response, Failure> {
    actor.grant(Action::Export)?;
    let params = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri)?;
    let query = list_query::read(&*state.app.reference().await?, &params)?;
    Ok(workbook(state.app.export_projects(&actor, &query).await?))
}

/// Which month and whose.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// 2025-12; the newest when absent.
    period: Option<String>,
    /// The unit's code; the top of one's scope when absent.
    unit: Option<String>,
}

/// A month's table as a workbook
///
/// `template`: the returns, to be typed in and imported again; `details`, `summaries`, `progress`:
/// the monthly dispatch tables in the official layouts.
#[utoipa::path(get, path = "/api/v1/exports/{kind}", tag = "exports",
    params(("kind" = String, Path, description = "template, details, summaries, progress"), Which),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn export_table(
    State(state): State<WebState>,
    Person(actor): Person,
    At(kind): At<String>,
    Asked(which): Asked<Which>,
) -> Result<Response, Failure> {
    actor.grant(Action::Export)?;
    let monthly = MonthlyTable::from_word(&kind);
    if monthly.is_none() && kind != "template" {
        return Err(AppError::NotFound { what: "page" }.into());
    }
    let period = period(&state, which.period.as_deref()).await?;
    let (app, unit) = (&state.app, which.unit.as_deref());
    let made = match monthly {
        Some(table) => app.export_monthly(&actor, table, period, unit).await?,
        None => app.export_template(&actor, period, unit).await?,
    };
    Ok(workbook(made))
}

/// The month asked for, else the newest there is.
async fn period(state: &WebState, asked: Option<&str>) -> Result<Period, Failure> {
    if let Some(text) = asked {
        return text.parse().map_err(|_| unknown("period", text).into());
    }
    let known = state.app.period_list().await?;
    let newest = known.first().ok_or(AppError::NotFound { what: "period" })?;
    super::wire::period(&newest.period)
}

fn workbook(made: ExportFile) -> Response {
    download(&made.name, XLSX, made.bytes)
}
