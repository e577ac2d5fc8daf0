//! Roll-ups and their course over the year.

use axum::extract::State;
use gangmu_app::domain::Period;
use gangmu_app::domain::metrics::Edition;
use gangmu_app::metrics::{By, LightHistory, Rollup, RollupQuery, RollupRow};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::organisation::unknown;
use super::{Asked, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(rollup))
        .routes(routes!(rollup_course))
        .routes(routes!(rollup_lights))
}

/// What to roll up.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct What {
    /// 2025-12; the newest when absent.
    period: Option<String>,
    /// The unit's code; the top of one's scope when absent.
    unit: Option<String>,
    /// unit (the default), department, industry, group, category, investor, stage.
    by: Option<String>,
    /// current (the default) or published.
    edition: Option<String>,
}

fn read_period(text: Option<&str>) -> Result<Option<Period>, Failure> {
    text.map(|text| text.parse().map_err(|_| unknown("period", text).into()))
        .transpose()
}

/// Figures of a unit, broken down
#[utoipa::path(get, path = "/api/v1/rollup", tag = "metrics", params(What),
    responses((status = 200, description = "The total and the rows it is made of", body = Rollup)))]
async fn rollup(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(what): Asked<What>,
) -> Result<Reply<Rollup>, Failure> {
    let by = what.by.as_deref().unwrap_or("unit");
    let edition = what.edition.as_deref().unwrap_or("current");
    let query = RollupQuery {
        period: read_period(what.period.as_deref())?,
        by: By::from_word(by).ok_or_else(|| unknown("by", by))?,
        edition: Edition::from_word(edition).ok_or_else(|| unknown("edition", edition))?,
        unit: what.unit,
    };
    Reply::ok(state.app.rollup(&actor, &query).await?)
}

/// Whose course.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// The last month, 2025-12.
    period: String,
    /// The unit's code; the top of one's scope when absent.
    unit: Option<String>,
}

/// The totals of a unit, month by month from January
#[utoipa::path(get, path = "/api/v1/rollup/course", tag = "metrics", params(Whose),
    responses((status = 200, description = "One row per month; `key` is the month", body = Vec<RollupRow>)))]
async fn rollup_course(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(whose): Asked<Whose>,
) -> Result<Reply<Vec<RollupRow>>, Failure> {
    let period = whose
        .period
        .parse()
        .map_err(|_| unknown("period", &whose.period))?;
    let unit = whose.unit.as_deref();
    Reply::ok(state.app.rollup_course(&actor, unit, period).await?)
}

/// Whose lights.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Lit {
    /// The last month, 2025-12; the newest when absent.
    period: Option<String>,
    /// The unit's code; the top of one's scope when absent.
    unit: Option<String>,
    /// unit (the default), department, industry, group, category, investor, stage.
    by: Option<String>,
}

/// The lights of the last twelve months, each with what lit it
///
/// A closed month is lit by what was published and by the rules of its last day.
#[utoipa::path(get, path = "/api/v1/rollup/lights", tag = "metrics", params(Lit),
    responses((status = 200, description = "The unit's own lights and those of what it is made of", body = LightHistory)))]
async fn rollup_lights(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(lit): Asked<Lit>,
) -> Result<Reply<LightHistory>, Failure> {
    let by = lit.by.as_deref().unwrap_or("unit");
    let query = RollupQuery {
        period: read_period(lit.period.as_deref())?,
        by: By::from_word(by).ok_or_else(|| unknown("by", by))?,
        edition: Edition::Current,
        unit: lit.unit,
    };
    Reply::ok(state.app.light_history(&actor, &query).await?)
}
