//! One project, one card: everything known of it, what it lacks, what may be done with it, and how
//! it came to be so. What one would get wrong: with `as_of` it shows the past, and nothing may be
//! done in the past. (一项目一卡)

mod act;
mod action;
pub(crate) mod field;
mod files;
mod load;
mod samples;
mod story;

pub use action::{ActionForm, MergeChoice};
pub use field::{Line, choice, text_of};
pub use story::reason;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use gangmu_app::AppError;
use gangmu_app::domain::library::ProjectId;
use serde::Serialize;
use serde_json::Value as Json;

use super::common::{self, LightMark};
use super::{liaison, problems, winter};
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};
use crate::view::{Change, Form, Link, Query, Rate};

/// The card of a project.
#[derive(Clone, Debug, Serialize)]
pub struct ProjectPage {
    pub id: i64,
    pub name: String,
    pub code: Option<String>,
    pub trail: Vec<Link>,
    pub unit: String,
    pub department: Option<String>,
    pub stage: String,
    pub stage_since: String,
    pub suspended: bool,
    /// Which stages it has passed, is in, and has before it.
    pub steps: Vec<Step>,
    /// Who answers for it: each duty with those who hold it.
    pub duties: Vec<(String, Vec<liaison::Held>)>,
    pub may_assign: bool,
    /// What the record says of people where no assignment stands.
    pub people: Vec<Line>,
    pub as_of: Option<String>,
    pub today: String,
    pub money: Money,
    pub chart: Option<Json>,
    pub returns: Vec<ReturnRow>,
    pub excuses: Vec<ExcuseRow>,
    pub programmes: Vec<ProgrammeRow>,
    pub completeness: Rate,
    pub missing: Vec<String>,
    pub admission: Option<Admission>,
    pub groups: Vec<Group>,
    pub benefits: Vec<Benefit>,
    pub gate: Gate,
    pub actions: Vec<ActionLink>,
    pub form: Option<ActionForm>,
    pub typed: Form,
    pub files: Vec<File>,
    pub links: Vec<Related>,
    pub events: Vec<Event>,
    pub may_edit: bool,
    pub may_attach: bool,
    pub may_report: bool,
    /// What stands in its way, open ones first.
    pub problems: Vec<problems::Row>,
    /// For how many working days they held the project up.
    pub days_held: u32,
    pub may_raise: bool,
    /// What it does in winter; nothing of past days, or where there is none.
    pub winter: Option<winter::Brief>,
}

/// A stage on the way.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub stage: String,
    /// `done`, `here` or `ahead`.
    pub state: &'static str,
}

/// The head figures, of the newest return there is.
#[derive(Clone, Debug, Serialize)]
pub struct Money {
    pub total_investment: Option<i64>,
    pub funding: Vec<(String, i64)>,
    pub period: Option<String>,
    pub annual_plan: i64,
    pub month_investment: Option<i64>,
    pub year_to_date: i64,
    pub since_start: Option<i64>,
    pub completion: Rate,
    pub time: Rate,
    pub light: LightMark,
    pub light_start: Option<LightMark>,
    pub image_progress: String,
    pub problems: String,
}

/// How it stands to what makes a project a major one.
#[derive(Clone, Debug, Serialize)]
pub struct Admission {
    pub policy: String,
    pub least: i64,
    pub met: bool,
}

/// One month's return.
#[derive(Clone, Debug, Serialize)]
pub struct ReturnRow {
    pub period: String,
    pub status: String,
    pub month_investment: Option<i64>,
    pub year_to_date: i64,
    pub since_start: i64,
    pub completion: Rate,
    pub light: LightMark,
    /// As the month was published, where a correction has changed it.
    pub light_published: Option<LightMark>,
    pub light_start: Option<LightMark>,
    pub image_progress: String,
    pub problems: String,
}

/// A proper reason for being late.
#[derive(Clone, Debug, Serialize)]
pub struct ExcuseRow {
    pub kind: &'static str,
    pub reason: String,
    pub document_no: String,
    /// The first and the last month, 2025-07.
    pub from: String,
    pub to: String,
    /// RFC 3339.
    pub at: String,
    pub who: String,
    /// When, who and why it was taken back; none while it stands.
    pub end: Option<(String, String, String)>,
    /// The form that takes it back; empty where the person may not.
    pub take_back: String,
}

/// The project's place on a year's list.
#[derive(Clone, Debug, Serialize)]
pub struct ProgrammeRow {
    pub year: i16,
    pub category: String,
    pub annual_plan: i64,
    pub included: bool,
}

/// A part of the card.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub group: String,
    pub lines: Vec<Line>,
}

/// A benefit with its unit.
#[derive(Clone, Debug, Serialize)]
pub struct Benefit {
    pub metric: String,
    pub quantity: String,
    pub unit: String,
    pub note: String,
}

/// What the next stage asks for.
#[derive(Clone, Debug, Serialize)]
pub struct Gate {
    pub next: Option<String>,
    pub unmet: Vec<Unmet>,
}

/// A condition that does not hold, and who can meet it.
#[derive(Clone, Debug, Serialize)]
pub struct Unmet {
    pub text: String,
    /// Where it is met: the form's field, or the documents.
    pub href: String,
}

/// Something the person may do here.
#[derive(Clone, Debug, Serialize)]
pub struct ActionLink {
    pub word: &'static str,
    pub href: String,
    pub icon: &'static str,
}

/// A document or photo.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    pub seq: i64,
    pub photo: bool,
    pub name: String,
    pub size: String,
    pub who: String,
    pub added_at: String,
    pub href: String,
    /// Where removing it is posted; empty when the person may not.
    pub remove: String,
}

/// Another project it came from or went into.
#[derive(Clone, Debug, Serialize)]
pub struct Related {
    pub name: String,
    pub href: String,
    pub kind: String,
}

/// An entry of the timeline.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    pub at: String,
    pub on: String,
    pub who: String,
    pub kind: String,
    pub reason: String,
    pub document_no: String,
    pub changes: Vec<Change>,
    /// What it is about, where that has a page of its own; empty where it has none.
    pub href: String,
    /// The address of the project as it stood after that day.
    pub as_of: String,
}

/// The addresses of a project, but for uploads.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/projects/{id}", get(show))
        .route("/projects/{id}/act/{action}", post(act::act))
        .route("/projects/{id}/files/{seq}", get(files::read))
        .route("/projects/{id}/files/{seq}/remove", post(files::remove))
}

/// The address that takes documents and photos.
pub fn upload_routes() -> Router<WebState> {
    Router::new().route("/projects/{id}/files", post(files::add))
}

async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let query = common::query(&visit.here.path, visit.here.params.clone());
    let page = ProjectPage::load(&visit, ProjectId(id), &query).await?;
    visit.page(&page).await
}

/// The past day an address names.
pub fn day(query: &Query) -> Result<Option<jiff::civil::Date>, AppError> {
    query
        .get("as_of")
        .map(|text| {
            text.parse()
                .map_err(|_| AppError::NotFound { what: "date" })
        })
        .transpose()
}

impl Page for ProjectPage {
    const TEMPLATE: &'static str = "pages/project.html";

    fn samples() -> Vec<Self> {
        samples::all()
    }
}
