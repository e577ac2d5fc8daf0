//! Moves in the pipeline, and the pipeline at a glance.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::pipeline::{Exit, Stage};
use gangmu_app::pipeline::{Move, Part, PipelineView};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::organisation::unknown;
use super::{Asked, At, Body, Reply};
use crate::i18n::Lang;
use crate::server::{Failure, Person, WebState, words};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(pipeline))
        .routes(routes!(gate))
        .routes(routes!(stage))
        .routes(routes!(withdraw))
        .routes(routes!(suspend))
        .routes(routes!(resume))
        .routes(routes!(split))
        .routes(routes!(merge))
}

/// The words that go with a move.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Because {
    /// The day it counts from; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    #[serde(default)]
    reason: String,
    /// The document that says so.
    #[serde(default)]
    document_no: String,
}

impl From<Because> for Move {
    fn from(because: Because) -> Self {
        Self {
            on: because.on,
            reason: because.reason,
            document_no: because.document_no,
        }
    }
}

/// Of which unit, since when.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Since {
    /// The unit's code; the top of one's scope when absent.
    unit: Option<String>,
    /// The flow is counted from the day after; three months ago when absent.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
}

/// Stages, flow, ageing, and what must start by the end of next quarter
#[utoipa::path(get, path = "/api/v1/pipeline", tag = "pipeline", params(Since),
    responses((status = 200, description = "The pipeline of the unit", body = PipelineView)))]
async fn pipeline(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(since): Asked<Since>,
) -> Result<Reply<PipelineView>, Failure> {
    let unit = since.unit.as_deref();
    Reply::ok(state.app.pipeline_view(&actor, unit, since.from).await?)
}

/// A condition that does not hold yet.
#[derive(Serialize, ToSchema)]
struct UnmetCondition {
    code: String,
    /// The fields that would meet it.
    fields: Vec<&'static str>,
    /// The role that can meet it.
    who: &'static str,
    text: String,
}

/// What the next stage still asks for
#[utoipa::path(get, path = "/api/v1/projects/{project}/gate", tag = "pipeline", params(("project" = i64, Path)),
    responses((status = 200, description = "Every unmet condition; empty when the way is open", body = Vec<UnmetCondition>)))]
async fn gate(
    State(state): State<WebState>,
    lang: Lang,
    Person(actor): Person,
    At(project): At<i64>,
) -> Result<Reply<Vec<UnmetCondition>>, Failure> {
    let unmet = state.app.gate_check(&actor, ProjectId(project)).await?;
    let texts = state.templates.texts(lang);
    Reply::ok(
        unmet
            .into_iter()
            .map(|one| {
                let who = one.who.word();
                let message =
                    |texts| words::message(texts, &format!("gate.{}", one.code), &[who.to_owned()]);
                UnmetCondition {
                    text: texts.map_or_else(String::new, |t| t.message(&message(t))),
                    fields: one.fields.iter().map(|field| field.word()).collect(),
                    who,
                    code: one.code,
                }
            })
            .collect(),
    )
}

/// Where to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ToStage {
    /// The next stage, or the one before with a reason.
    to: String,
    #[serde(default)]
    because: Because,
}

/// Move a project to another stage
#[utoipa::path(post, path = "/api/v1/projects/{project}/stage", tag = "pipeline", params(("project" = i64, Path)),
    request_body = ToStage, responses((status = 204, description = "Moved"), (status = 422, description = "Every unmet condition and who can meet it")))]
async fn stage(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(asked): Body<ToStage>,
) -> Result<StatusCode, Failure> {
    let to = Stage::from_word(&asked.to).ok_or_else(|| unknown("to", &asked.to))?;
    let because = asked.because.into();
    state
        .app
        .stage_move(&actor, ProjectId(project), to, &because)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How it leaves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Leaving {
    /// cancelled or moved_out.
    exit: String,
    #[serde(default)]
    because: Because,
}

/// Take a project out of the pipeline and off its lists
#[utoipa::path(post, path = "/api/v1/projects/{project}/withdraw", tag = "pipeline", params(("project" = i64, Path)),
    request_body = Leaving, responses((status = 204, description = "Out")))]
async fn withdraw(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(asked): Body<Leaving>,
) -> Result<StatusCode, Failure> {
    let exit = Exit::from_word(&asked.exit).ok_or_else(|| unknown("exit", &asked.exit))?;
    let because = asked.because.into();
    state
        .app
        .withdraw(&actor, ProjectId(project), exit, &because)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Suspend a project
#[utoipa::path(post, path = "/api/v1/projects/{project}/suspend", tag = "pipeline", params(("project" = i64, Path)),
    request_body = Because, responses((status = 204, description = "Suspended")))]
async fn suspend(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    let id = ProjectId(project);
    state
        .app
        .set_suspended(&actor, id, true, &because.into())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a suspended project up again
#[utoipa::path(post, path = "/api/v1/projects/{project}/resume", tag = "pipeline", params(("project" = i64, Path)),
    request_body = Because, responses((status = 204, description = "Taken up")))]
async fn resume(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    let id = ProjectId(project);
    state
        .app
        .set_suspended(&actor, id, false, &because.into())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A split into parts whose shares are the whole.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Splitting {
    parts: Vec<PartBody>,
    #[serde(default)]
    because: Because,
}

/// One part of a split, in yuan.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PartBody {
    name: String,
    total_investment: i64,
    since_start: i64,
    year_to_date: i64,
    annual_plan: i64,
}

/// The projects that came out.
#[derive(Serialize, ToSchema)]
struct Parts {
    project_ids: Vec<i64>,
}

/// Split a project
#[utoipa::path(post, path = "/api/v1/projects/{project}/split", tag = "pipeline", params(("project" = i64, Path)),
    request_body = Splitting, responses((status = 201, description = "Split", body = Parts)))]
async fn split(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(asked): Body<Splitting>,
) -> Result<Reply<Parts>, Failure> {
    let parts: Vec<Part> = asked
        .parts
        .into_iter()
        .map(|part| Part {
            name: part.name,
            total: Yuan(part.total_investment),
            since_start: Yuan(part.since_start),
            year_to_date: Yuan(part.year_to_date),
            plan: Yuan(part.annual_plan),
        })
        .collect();
    let because = asked.because.into();
    let ids = state
        .app
        .split(&actor, ProjectId(project), &parts, &because)
        .await?;
    Reply::created(Parts {
        project_ids: ids.into_iter().map(|id| id.0).collect(),
    })
}

/// What is merged into the project.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Merging {
    others: Vec<i64>,
    #[serde(default)]
    because: Because,
}

/// Merge other projects into one
#[utoipa::path(post, path = "/api/v1/projects/{project}/merge", tag = "pipeline", params(("project" = i64, Path)),
    request_body = Merging, responses((status = 204, description = "Merged")))]
async fn merge(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(asked): Body<Merging>,
) -> Result<StatusCode, Failure> {
    let others: Vec<ProjectId> = asked.others.into_iter().map(ProjectId).collect();
    let because = asked.because.into();
    state
        .app
        .merge(&actor, ProjectId(project), &others, &because)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
