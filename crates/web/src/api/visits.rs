//! A person's own projects, visits, and what was agreed there or in a meeting.
//!
//! What one would get wrong: photos are added to the project as attachments; a visit recorded here
//! has none of its own.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangmu_app::domain::liaison::KeepAct;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::liaison::{
    DeskView, ResolutionPage, ResolutionPart, ResolutionView, VisitQuery, VisitRecord, VisitView,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::download;
use super::imports::XLSX;
use super::organisation::unknown;
use super::{Asked, At, Body, DOCX, Reply};
use crate::server::{Failure, Person, WebState};
use crate::visits;

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(desk))
        .routes(routes!(seen))
        .routes(routes!(of_project, record))
        .routes(routes!(visits_workbook))
        .routes(routes!(visit))
        .routes(routes!(sheet))
        .routes(routes!(resolutions))
        .routes(routes!(resolutions_workbook))
        .routes(routes!(resolution))
        .routes(routes!(act))
}

/// Which page of what changed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DeskAsked {
    /// The page of what changed, from 1.
    changes: Option<i64>,
}

/// My projects by light, what changed since I looked, what is asked of me
#[utoipa::path(get, path = "/api/v1/desk", tag = "liaison", params(DeskAsked),
    responses((status = 200, description = "The projects one answers for", body = DeskView)))]
async fn desk(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<DeskAsked>,
) -> Result<Reply<DeskView>, Failure> {
    let changes = asked.changes.unwrap_or(1);
    Reply::ok(state.app.desk(&actor, changes).await?)
}

/// How far one has looked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeenUntil {
    /// In milliseconds since 1970: what the page called its instant.
    at: i64,
}

/// Note what changed as seen
#[utoipa::path(post, path = "/api/v1/desk/seen", tag = "liaison", request_body = SeenUntil,
    responses((status = 204, description = "Noted")))]
async fn seen(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(asked): Body<SeenUntil>,
) -> Result<StatusCode, Failure> {
    state.app.desk_seen(&actor, asked.at).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The visits to a project, newest first
#[utoipa::path(get, path = "/api/v1/projects/{project}/visits", tag = "liaison", params(("project" = i64, Path)),
    responses((status = 200, description = "At most 200", body = [VisitView])))]
async fn of_project(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
) -> Result<Reply<Vec<VisitView>>, Failure> {
    let project = ProjectId(project);
    Reply::ok(state.app.visits_of_project(&actor, project).await?)
}

/// What an office is told to do.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Instruction {
    body: String,
    /// The code of the office's unit; absent for the project's owner.
    #[serde(default)]
    unit: Option<String>,
    /// The office's department; the commission when absent.
    #[serde(default)]
    department_id: Option<i64>,
    #[schema(value_type = String, format = Date)]
    due_on: Date,
}

/// A visit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVisit {
    /// note, visit, `on_site`; note when absent.
    #[serde(default)]
    kind: String,
    body: String,
    /// The day; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    #[serde(default)]
    place: String,
    /// Degrees, such as 122.26.
    #[serde(default)]
    longitude: String,
    #[serde(default)]
    latitude: String,
    /// Posts, not names.
    #[serde(default)]
    attendees: String,
    /// Each becomes a problem.
    #[serde(default)]
    problems: Vec<String>,
    #[serde(default)]
    instructions: Vec<Instruction>,
}

impl NewVisit {
    /// The same as the page's form would send it.
    fn pairs(&self) -> Vec<(String, String)> {
        let on = self.on.map_or_else(String::new, |on| on.to_string());
        let single = [
            ("kind", self.kind.clone()),
            ("body", self.body.clone()),
            ("on", on),
            ("place", self.place.clone()),
            ("longitude", self.longitude.clone()),
            ("latitude", self.latitude.clone()),
            ("attendees", self.attendees.clone()),
        ];
        let mut pairs: Vec<(String, String)> = single
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec();
        for problem in &self.problems {
            pairs.push(("problem".to_owned(), problem.clone()));
        }
        for (one, n) in self.instructions.iter().zip(1..) {
            let party = match one.unit {
                Some(_) => "office",
                None => "owner",
            };
            let department = one.department_id;
            for (name, value) in [
                ("instruction", one.body.clone()),
                ("party", party.to_owned()),
                ("unit", one.unit.clone().unwrap_or_default()),
                (
                    "department",
                    department.map_or_else(String::new, |id| id.to_string()),
                ),
                ("due_on", one.due_on.to_string()),
            ] {
                pairs.push((format!("{name}-{n}"), value));
            }
        }
        pairs
    }
}

/// The visit that was recorded.
#[derive(Serialize, ToSchema)]
struct Recorded {
    visit_id: i64,
}

/// Record a visit with the problems and instructions that came of it; all of it or nothing
#[utoipa::path(post, path = "/api/v1/projects/{project}/visits", tag = "liaison", params(("project" = i64, Path)),
    request_body = NewVisit, responses((status = 201, description = "Recorded", body = Recorded)))]
async fn record(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(asked): Body<NewVisit>,
) -> Result<Reply<Recorded>, Failure> {
    let reference = state.app.reference().await?;
    let input = visits::read(&reference, &asked.pairs(), state.app.today())?;
    let project = ProjectId(project);
    let visit_id = state.app.visit_record(&actor, project, input).await?;
    Reply::created(Recorded { visit_id })
}

/// A visit with what came of it
#[utoipa::path(get, path = "/api/v1/visits/{visit}", tag = "liaison", params(("visit" = i64, Path)),
    responses((status = 200, description = "The visit", body = VisitRecord)))]
async fn visit(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<Reply<VisitRecord>, Failure> {
    Reply::ok(state.app.visit_view(&actor, id).await?)
}

/// Which visits.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct VisitsOf {
    /// Only projects of this unit or below: its code.
    unit: Option<String>,
    /// Only from this day.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Only until this day.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<Date>,
}

/// The visits to all projects one may see, newest first, as a workbook
#[utoipa::path(get, path = "/api/v1/visits/ledger.xlsx", tag = "liaison", params(VisitsOf),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn visits_workbook(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<VisitsOf>,
) -> Result<Response, Failure> {
    let query = VisitQuery {
        unit: asked.unit,
        from: asked.from,
        until: asked.until,
    };
    let made = state.app.export_visits(&actor, &query).await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// The record of a visit as a document, as it was made
#[utoipa::path(get, path = "/api/v1/visits/{visit}/record.docx", tag = "liaison", params(("visit" = i64, Path)),
    responses((status = 200, description = "A document", content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
async fn sheet(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<Response, Failure> {
    let made = state.app.visit_sheet(&actor, id).await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

/// Which part of what was agreed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Part {
    /// open, mine, unkept, reported, all; open when absent.
    part: Option<String>,
    /// From 1.
    page: Option<i64>,
}

/// Which part of what was agreed, all its pages.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WholePart {
    /// open, mine, unkept, reported, all; open when absent.
    part: Option<String>,
}

fn part(word: Option<&str>) -> Result<ResolutionPart, Failure> {
    match word {
        None => Ok(ResolutionPart::Open),
        Some(word) => ResolutionPart::from_word(word).ok_or_else(|| unknown("part", word).into()),
    }
}

/// What was agreed at visits and in meetings, the most urgent first
#[utoipa::path(get, path = "/api/v1/resolutions", tag = "liaison", params(Part),
    responses((status = 200, description = "A page of 50", body = ResolutionPage)))]
async fn resolutions(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<Part>,
) -> Result<Reply<ResolutionPage>, Failure> {
    let part = part(asked.part.as_deref())?;
    let page = asked.page.unwrap_or(1);
    Reply::ok(state.app.resolution_page(&actor, part, page).await?)
}

/// What was agreed as a workbook, all its pages
#[utoipa::path(get, path = "/api/v1/resolutions/ledger.xlsx", tag = "liaison", params(WholePart),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn resolutions_workbook(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<WholePart>,
) -> Result<Response, Failure> {
    let part = part(asked.part.as_deref())?;
    let made = state.app.export_resolutions(&actor, part).await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// Something agreed
#[utoipa::path(get, path = "/api/v1/resolutions/{resolution}", tag = "liaison", params(("resolution" = i64, Path)),
    responses((status = 200, description = "What was agreed and where it stands", body = ResolutionView)))]
async fn resolution(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<Reply<ResolutionView>, Failure> {
    Reply::ok(state.app.resolution_view(&actor, id).await?)
}

/// A step.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeepStep {
    /// report, confirm, `send_back`, drop.
    act: String,
    /// The version that was looked at.
    version: i64,
    /// Must say something, unless it is confirmed.
    #[serde(default)]
    text: String,
}

/// Something agreed as it is now.
#[derive(Serialize, ToSchema)]
struct KeptAt {
    /// Its new version.
    version: i64,
}

/// Report, confirm, send back or drop something agreed
#[utoipa::path(post, path = "/api/v1/resolutions/{resolution}/acts", tag = "liaison", params(("resolution" = i64, Path)),
    request_body = KeepStep, responses((status = 200, description = "Recorded", body = KeptAt),
        (status = 409, description = "Changed meanwhile")))]
async fn act(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Body(asked): Body<KeepStep>,
) -> Result<Reply<KeptAt>, Failure> {
    let act = KeepAct::from_word(&asked.act).ok_or_else(|| unknown("act", &asked.act))?;
    let version = Some(asked.version);
    let done = state
        .app
        .resolution_act(&actor, id, version, act, &asked.text);
    Reply::ok(KeptAt {
        version: done.await?,
    })
}
