//! Dispatch meetings: series, agendas, resolutions, holding one.
//!
//! What one would get wrong: resolutions and series are read by the same readers as the pages' forms.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::meetings::{MeetingView, MeetingsView};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::{DOCX, download};
use super::{At, Body, Reply};
use crate::pages::meetings::{resolution_of, series_of};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(meetings, series))
        .routes(routes!(prepare))
        .routes(routes!(end))
        .routes(routes!(meeting))
        .routes(routes!(agenda))
        .routes(routes!(minutes))
        .routes(routes!(rebuild))
        .routes(routes!(put_off))
        .routes(routes!(cancel))
        .routes(routes!(agenda_add))
        .routes(routes!(agenda_drop))
        .routes(routes!(resolve))
        .routes(routes!(hold))
}

/// The series and the newest meetings
#[utoipa::path(get, path = "/api/v1/meetings", tag = "meetings",
    responses((status = 200, description = "Within reach", body = MeetingsView)))]
async fn meetings(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Reply<MeetingsView>, Failure> {
    Reply::ok(state.app.meetings(&actor).await?)
}

/// A series of meetings.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSeries {
    title: String,
    /// The code of the unit; it is about the projects there and below.
    unit: String,
    /// Which of them: `department:` or `chain:` with a code, `holder:` with a user's number; all when
    /// absent.
    #[serde(default)]
    about: String,
    /// daily, weekly, `ten_day`, monthly, quarterly.
    rhythm: String,
    /// The day of the first meeting; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    first: Option<Date>,
}

/// What was made.
#[derive(Serialize, ToSchema)]
struct SeriesMade {
    series_id: i64,
}

/// Add a series of meetings
#[utoipa::path(post, path = "/api/v1/meetings", tag = "meetings", request_body = NewSeries,
    responses((status = 201, description = "Added", body = SeriesMade)))]
async fn series(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(asked): Body<NewSeries>,
) -> Result<Reply<SeriesMade>, Failure> {
    let first = asked.first.map_or_else(String::new, |day| day.to_string());
    let pairs = [
        ("title", asked.title),
        ("unit", asked.unit),
        ("about", asked.about),
        ("rhythm", asked.rhythm),
        ("first", first),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value)).to_vec();
    let series_id = state.app.series_add(&actor, &series_of(&pairs)?).await?;
    Reply::created(SeriesMade { series_id })
}

/// A meeting that was prepared.
#[derive(Serialize, ToSchema)]
struct Prepared {
    meeting_id: i64,
}

/// Prepare the next meeting of a series: its agenda builds itself
#[utoipa::path(post, path = "/api/v1/meetings/series/{series}/prepare", tag = "meetings", params(("series" = i64, Path)),
    responses((status = 201, description = "Prepared", body = Prepared),
        (status = 422, description = "One waits to be held already")))]
async fn prepare(
    State(state): State<WebState>,
    Person(actor): Person,
    At(series): At<i64>,
) -> Result<Reply<Prepared>, Failure> {
    let meeting_id = state.app.meeting_prepare(&actor, series).await?;
    Reply::created(Prepared { meeting_id })
}

/// End a series
#[utoipa::path(post, path = "/api/v1/meetings/series/{series}/end", tag = "meetings", params(("series" = i64, Path)),
    responses((status = 204, description = "No further meeting will be prepared")))]
async fn end(
    State(state): State<WebState>,
    Person(actor): Person,
    At(series): At<i64>,
) -> Result<StatusCode, Failure> {
    state.app.series_end(&actor, series).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A meeting: its agenda, what it agreed, what became of the last
#[utoipa::path(get, path = "/api/v1/meetings/{meeting}", tag = "meetings", params(("meeting" = i64, Path)),
    responses((status = 200, description = "The meeting", body = MeetingView)))]
async fn meeting(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<Reply<MeetingView>, Failure> {
    Reply::ok(state.app.meeting_view(&actor, id).await?)
}

/// The agenda of a meeting
#[utoipa::path(get, path = "/api/v1/meetings/{meeting}/agenda.docx", tag = "meetings", params(("meeting" = i64, Path)),
    responses((status = 200, description = "A document", content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
async fn agenda(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<Response, Failure> {
    let made = state.app.meeting_agenda(&actor, id).await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

/// Build the agenda of a meeting that is being prepared again
///
/// What somebody put on it or dropped stays so.
#[utoipa::path(post, path = "/api/v1/meetings/{meeting}/rebuild", tag = "meetings", params(("meeting" = i64, Path)),
    responses((status = 204, description = "Built")))]
async fn rebuild(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<StatusCode, Failure> {
    state.app.agenda_rebuild(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Another day for a meeting.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Moved {
    /// The version that was looked at.
    version: i64,
    /// Today or later.
    #[schema(value_type = String, format = Date)]
    on: Date,
}

/// Move a meeting that is being prepared to another day
#[utoipa::path(post, path = "/api/v1/meetings/{meeting}/move", tag = "meetings", params(("meeting" = i64, Path)),
    request_body = Moved, responses((status = 204, description = "Moved"), (status = 409, description = "Changed meanwhile")))]
async fn put_off(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Body(asked): Body<Moved>,
) -> Result<StatusCode, Failure> {
    let app = &state.app;
    app.meeting_move(&actor, id, asked.version, asked.on)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why a meeting is not held.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CalledOff {
    /// The version that was looked at.
    version: i64,
    reason: String,
}

/// Cancel a meeting that is being prepared
#[utoipa::path(post, path = "/api/v1/meetings/{meeting}/cancel", tag = "meetings", params(("meeting" = i64, Path)),
    request_body = CalledOff, responses((status = 204, description = "Cancelled"),
        (status = 409, description = "Changed meanwhile"), (status = 422, description = "Something was agreed already")))]
async fn cancel(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Body(asked): Body<CalledOff>,
) -> Result<StatusCode, Failure> {
    let app = &state.app;
    app.meeting_cancel(&actor, id, asked.version, &asked.reason)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The minutes of a meeting that was held
#[utoipa::path(get, path = "/api/v1/meetings/{meeting}/minutes.docx", tag = "meetings", params(("meeting" = i64, Path)),
    responses((status = 200, description = "A document", content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
async fn minutes(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<Response, Failure> {
    let made = state.app.meeting_minutes(&actor, id).await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

/// A project to put on an agenda.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewItem {
    project_id: i64,
    reason: String,
}

/// Put a project on the agenda of a meeting that is being prepared
#[utoipa::path(post, path = "/api/v1/meetings/{meeting}/agenda", tag = "meetings", params(("meeting" = i64, Path)),
    request_body = NewItem, responses((status = 204, description = "On it")))]
async fn agenda_add(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Body(asked): Body<NewItem>,
) -> Result<StatusCode, Failure> {
    let project = ProjectId(asked.project_id);
    state
        .app
        .agenda_add(&actor, id, project, &asked.reason)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Drop a project from the agenda of a meeting that is being prepared
#[utoipa::path(delete, path = "/api/v1/meetings/{meeting}/agenda/{project}", tag = "meetings",
    params(("meeting" = i64, Path), ("project" = i64, Path)),
    responses((status = 204, description = "Off it")))]
async fn agenda_drop(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, project)): At<(i64, i64)>,
) -> Result<StatusCode, Failure> {
    let project = ProjectId(project);
    state.app.agenda_drop(&actor, id, project).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A resolution of a meeting.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewResolution {
    /// What is to be done.
    body: String,
    /// The project on the agenda it is about; none when absent.
    #[serde(default)]
    project_id: Option<i64>,
    /// task, problem, matter; task when absent.
    #[serde(default)]
    becomes: String,
    /// The code of the matter.
    #[serde(default)]
    matter: String,
    /// The code of the office's unit; absent for the project's owner, and for the office that has
    /// the matter.
    #[serde(default)]
    unit: Option<String>,
    /// The office's department; the commission when absent.
    #[serde(default)]
    department_id: Option<i64>,
    #[schema(value_type = String, format = Date)]
    due_on: Date,
}

/// The resolution that was made.
#[derive(Serialize, ToSchema)]
struct Resolved {
    resolution_id: i64,
}

/// Record a resolution; what it becomes is made at once
#[utoipa::path(post, path = "/api/v1/meetings/{meeting}/resolutions", tag = "meetings", params(("meeting" = i64, Path)),
    request_body = NewResolution, responses((status = 201, description = "Recorded", body = Resolved)))]
async fn resolve(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Body(asked): Body<NewResolution>,
) -> Result<Reply<Resolved>, Failure> {
    let number = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
    let party = match (&asked.unit, asked.becomes.as_str()) {
        (None, "matter") => "",
        (None, _) => "owner",
        _ => "office",
    };
    let pairs = [
        ("instruction", asked.body),
        ("project", number(asked.project_id)),
        ("becomes", asked.becomes),
        ("matter", asked.matter),
        ("party", party.to_owned()),
        ("unit", asked.unit.unwrap_or_default()),
        ("department", number(asked.department_id)),
        ("due_on", asked.due_on.to_string()),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value)).to_vec();
    let reference = state.app.reference().await?;
    let input = resolution_of(&reference, &pairs)?;
    let resolution_id = state.app.meeting_resolve(&actor, id, &input).await?;
    Reply::created(Resolved { resolution_id })
}

/// What stands in the minutes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Held {
    /// The version that was looked at.
    version: i64,
    /// The day; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    /// Posts, not names.
    attendees: String,
    /// A paragraph a line.
    #[serde(default)]
    summary: String,
}

/// Record that a meeting was held
#[utoipa::path(post, path = "/api/v1/meetings/{meeting}/hold", tag = "meetings", params(("meeting" = i64, Path)),
    request_body = Held, responses((status = 204, description = "Recorded"), (status = 409, description = "Changed meanwhile")))]
async fn hold(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Body(asked): Body<Held>,
) -> Result<StatusCode, Failure> {
    let said = (asked.attendees.as_str(), asked.summary.as_str());
    state
        .app
        .meeting_hold(&actor, id, asked.version, asked.on, said)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
