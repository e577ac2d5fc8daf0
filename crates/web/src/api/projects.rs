//! The project library: finding, entering, editing, looking back.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use gangmu_app::domain::library::{ProjectId, ProjectRecord};
use gangmu_app::domain::organisation::UserId;
use gangmu_app::library::{Edits, ListPage, ProjectEdit, ProjectView, TwinView};
use gangmu_app::{AppError, Message};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{AsOf, Asked, At, Body, Reply, fields};
use crate::list_query;
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(twins))
        .routes(routes!(show, edit))
        .routes(routes!(assign))
}

/// Filters, order and page of a list. "One of" is written with commas.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what list_query::read reads")]
pub(super) struct ListParams {
    /// 2025-12; the newest when absent.
    period: Option<String>,
    /// The unit's code; the whole of one's scope when absent.
    unit: Option<String>,
    /// Only the unit's own projects, none of the units below (本级).
    own: Option<bool>,
    /// Only the projects on the list in the period, placed as they were then.
    on_list: Option<bool>,
    /// Stages.
    stage: Option<String>,
    /// The year's categories.
    category: Option<String>,
    /// Industry divisions, or sections for all of theirs; none for those without.
    industry: Option<String>,
    /// Headings of the report grouping in use, each for its divisions.
    group: Option<String>,
    /// government, enterprise, none.
    investor: Option<String>,
    /// Departments by their codes; none for those without.
    department: Option<String>,
    /// Statuses of the period's return.
    status: Option<String>,
    /// started, start_overdue, at_work, not_at_work, completed, not_reported, awaiting_review: all must hold.
    facet: Option<String>,
    /// A light.
    light: Option<String>,
    /// Every word must occur in name, code or owner.
    q: Option<String>,
    /// Only suspended ones.
    suspended: Option<bool>,
    /// entered, name, unit, total_investment, annual_plan, year_to_date, gap, completeness; `-` before it for largest first.
    sort: Option<String>,
    /// From 1.
    page: Option<i64>,
    /// At most 500; 50 when absent.
    per_page: Option<i64>,
}

/// Projects with the figures of a month, and the totals of all pages
#[utoipa::path(get, path = "/api/v1/projects", tag = "library", params(ListParams),
    responses((status = 200, description = "A page of the list", body = ListPage), (status = 422, description = "A parameter or word is not known")))]
async fn list(
    State(state): State<WebState>,
    Person(actor): Person,
    uri: Uri,
) -> Result<Reply<ListPage>, Failure> {
    let params = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri)?;
    let query = list_query::read(&*state.app.reference().await?, &params)?;
    Reply::ok(state.app.project_list(&actor, &query).await?)
}

/// A new project.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewProject {
    /// Values by field; texts as typed, or as the API prints them.
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    document_no: String,
    /// You have looked at the likely twins: this is another project.
    #[serde(default)]
    not_a_twin: bool,
}

/// The number of what was made.
#[derive(Serialize, ToSchema)]
struct MadeProject {
    project_id: i64,
}

/// Enter a project as a concept
#[utoipa::path(post, path = "/api/v1/projects", tag = "library", request_body = NewProject,
    responses((status = 201, description = "Entered", body = MadeProject), (status = 422, description = "Values are wrong, or a likely twin exists")))]
async fn create(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(new): Body<NewProject>,
) -> Result<Reply<MadeProject>, Failure> {
    let edit = ProjectEdit {
        fields: fields::read(&*state.app.reference().await?, &new.fields)?,
        reason: new.reason,
        document_no: new.document_no,
        not_a_twin: new.not_a_twin,
    };
    let id = state.app.project_create(&actor, &edit).await?;
    Reply::created(MadeProject { project_id: id.0 })
}

/// What a new project is going to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sketch {
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    /// The project itself, when it exists already.
    except: Option<i64>,
}

/// Likely twins of what is being typed
#[utoipa::path(post, path = "/api/v1/projects/twins", tag = "library", request_body = Sketch,
    responses((status = 200, description = "The most alike first", body = Vec<TwinView>)))]
async fn twins(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(sketch): Body<Sketch>,
) -> Result<Reply<Vec<TwinView>>, Failure> {
    let edits = fields::read(&*state.app.reference().await?, &sketch.fields)?;
    let record = record_of(edits)?;
    let except = sketch.except.map(ProjectId);
    Reply::ok(state.app.project_twins(&actor, &record, except).await?)
}

fn record_of(edits: Edits) -> Result<ProjectRecord, AppError> {
    let mut record = ProjectRecord::default();
    let mut messages = Vec::new();
    for (field, value) in edits {
        if let Err(problem) = record.set(field, value) {
            let code = format!("field.{}", problem.code());
            messages.push(Message::new(code, field.word(), []));
        }
    }
    if messages.is_empty() {
        Ok(record)
    } else {
        Err(AppError::Invalid { messages })
    }
}

/// One project: record, timeline, lists, returns
#[utoipa::path(get, path = "/api/v1/projects/{project}", tag = "library", params(("project" = i64, Path), AsOf),
    responses((status = 200, description = "The project", body = ProjectView)))]
async fn show(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Asked(asked): Asked<AsOf>,
) -> Result<Reply<ProjectView>, Failure> {
    let id = ProjectId(project);
    Reply::ok(state.app.project_view(&actor, id, asked.as_of).await?)
}

/// A change of a project.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    /// The version it was made from.
    version: i64,
    /// Values by field; null clears, fields not named stay.
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    document_no: String,
}

/// Edit a project
#[utoipa::path(patch, path = "/api/v1/projects/{project}", tag = "library", params(("project" = i64, Path)),
    request_body = Change, responses((status = 200, description = "The project as it is now", body = ProjectView),
        (status = 409, description = "Somebody else changed it meanwhile; `current` is the project as it is now")))]
async fn edit(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(change): Body<Change>,
) -> Result<Reply<ProjectView>, Failure> {
    let id = ProjectId(project);
    let edit = ProjectEdit {
        fields: fields::read(&*state.app.reference().await?, &change.fields)?,
        reason: change.reason,
        document_no: change.document_no,
        not_a_twin: false,
    };
    let version = Some(change.version);
    match state.app.project_edit(&actor, id, version, &edit).await {
        Ok(_) => Reply::ok(state.app.project_view(&actor, id, None).await?),
        Err(error @ AppError::Changed { .. }) => {
            let current = state.app.project_view(&actor, id, None).await?;
            Err(Failure::from(error).with("current", current))
        }
        Err(error) => Err(error.into()),
    }
}

/// Who reports.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reporter {
    /// The user's number; null for nobody.
    user_id: Option<i64>,
}

/// Name who reports for a project
#[utoipa::path(put, path = "/api/v1/projects/{project}/reporter", tag = "library", params(("project" = i64, Path)),
    request_body = Reporter, responses((status = 204, description = "Named")))]
async fn assign(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(reporter): Body<Reporter>,
) -> Result<StatusCode, Failure> {
    let user = reporter.user_id.map(UserId);
    state
        .app
        .project_assign(&actor, ProjectId(project), user)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
