//! Years' lists: adopting, adjusting, and the bridge between two dates.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::AppError;
use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::metrics::Carried;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::pipeline::{BridgeView, NewEntry};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::organisation::unknown;
use super::pipeline::Because;
use super::{Asked, At, Body, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(programmes, adopt))
        .routes(routes!(adjust))
        .routes(routes!(bridge))
}

/// A year's list.
#[derive(Serialize, ToSchema)]
struct ProgrammeView {
    year: i16,
    name: String,
    adopted_on: String,
    document_no: String,
}

/// All years' lists
#[utoipa::path(get, path = "/api/v1/programmes", tag = "programmes",
    responses((status = 200, description = "The lists", body = Vec<ProgrammeView>)))]
async fn programmes(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Reply<Vec<ProgrammeView>>, Failure> {
    let years = state.app.programme_years(&actor).await?;
    Reply::ok(
        years
            .into_iter()
            .map(|programme| ProgrammeView {
                year: programme.year,
                name: programme.name,
                adopted_on: programme.adopted_on.to_string(),
                document_no: programme.document_no,
            })
            .collect(),
    )
}

/// A project's place on a year's list.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EntryBody {
    /// new_start, continuing, preparation, completion.
    category: String,
    /// Yuan.
    annual_plan: i64,
    /// Twelve amounts that add up to the annual plan; an even spread when absent.
    #[serde(default)]
    monthly_plan: Option<Vec<i64>>,
}

impl EntryBody {
    fn read(&self) -> Result<NewEntry, AppError> {
        let months = |plan: &Vec<i64>| {
            let yuan: Vec<Yuan> = plan.iter().copied().map(Yuan).collect();
            <[Yuan; 12]>::try_from(yuan)
                .map_err(|_| AppError::invalid("pipeline.months_not_whole", "monthly_plan"))
        };
        Ok(NewEntry {
            category: Category::from_word(&self.category)
                .ok_or_else(|| unknown("category", &self.category))?,
            plan: Yuan(self.annual_plan),
            monthly_plan: self.monthly_plan.as_ref().map(months).transpose()?,
            carried: Carried::default(),
        })
    }
}

/// A list to be adopted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Adopting {
    year: i16,
    name: String,
    entries: Vec<ProjectEntry>,
    #[serde(default)]
    because: Because,
}

/// A project with its place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProjectEntry {
    project_id: i64,
    entry: EntryBody,
}

/// Adopt a year's list
#[utoipa::path(post, path = "/api/v1/programmes", tag = "programmes", request_body = Adopting,
    responses((status = 204, description = "Adopted"), (status = 409, description = "The year has a list already")))]
async fn adopt(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(asked): Body<Adopting>,
) -> Result<StatusCode, Failure> {
    let mut entries = Vec::with_capacity(asked.entries.len());
    for one in &asked.entries {
        entries.push((ProjectId(one.project_id), one.entry.read()?));
    }
    let because = asked.because.into();
    state
        .app
        .programme_adopt(&actor, asked.year, &asked.name, &entries, &because)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An adjustment of a list.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Adjusting {
    /// The project's place from now on; null lets it go.
    entry: Option<EntryBody>,
    /// Needs a reason.
    because: Because,
}

/// Take a project in, change its plan, or let it go
#[utoipa::path(put, path = "/api/v1/programmes/{year}/projects/{project}", tag = "programmes",
    params(("year" = i16, Path), ("project" = i64, Path)), request_body = Adjusting,
    responses((status = 204, description = "Adjusted")))]
async fn adjust(
    State(state): State<WebState>,
    Person(actor): Person,
    At((year, project)): At<(i16, i64)>,
    Body(asked): Body<Adjusting>,
) -> Result<StatusCode, Failure> {
    let entry = asked.entry.as_ref().map(EntryBody::read).transpose()?;
    let (id, because) = (ProjectId(project), asked.because.into());
    state
        .app
        .programme_adjust(&actor, year, id, entry.as_ref(), &because)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Between which days, of which unit.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Between {
    /// The opening is at this day's end.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[param(value_type = String, format = Date)]
    to: Date,
    /// The unit's code; the whole of one's scope when absent.
    unit: Option<String>,
}

/// The bridge of a list between two days, line by line
#[utoipa::path(get, path = "/api/v1/programmes/{year}/bridge", tag = "programmes", params(("year" = i16, Path), Between),
    responses((status = 200, description = "Opening, changes, closing", body = BridgeView)))]
async fn bridge(
    State(state): State<WebState>,
    Person(actor): Person,
    At(year): At<i16>,
    Asked(between): Asked<Between>,
) -> Result<Reply<BridgeView>, Failure> {
    let unit = between.unit.as_deref();
    let view = state
        .app
        .programme_bridge(&actor, year, unit, between.from, between.to)
        .await?;
    Reply::ok(view)
}
