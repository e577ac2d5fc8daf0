//! Joint approval: cases, acts, an officer's work, what was sent up, the ledgers.
//!
//! What one would get wrong: an act is read by the same reader as the page's form, and the version
//! it names is the matter's, not the case's.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::AppError;
use gangmu_app::approvals::{
    CaseInput, CaseView, CatalogueView, LedgerKind, RatesView, ShelfView, WorkPage, WorkQuery,
};
use gangmu_app::domain::approvals::{ActKind, DecisionLevel, Phase, Route, light_from_word};
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::DepartmentId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::organisation::unknown;
use super::{AsOf, Asked, At, Body, Reply};
use crate::acts;
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(case, case_create))
        .routes(routes!(shelf))
        .routes(routes!(act))
        .routes(routes!(work))
        .routes(routes!(forwarding))
        .routes(routes!(ledger))
        .routes(routes!(rates))
        .routes(routes!(catalogue))
}

/// A project's approval case
#[utoipa::path(get, path = "/api/v1/projects/{project}/approvals", tag = "approvals", params(("project" = i64, Path), AsOf),
    responses((status = 200, description = "The matters with their clocks", body = CaseView)))]
async fn case(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Asked(asked): Asked<AsOf>,
) -> Result<Reply<CaseView>, Failure> {
    let view = state
        .app
        .case_view(&actor, ProjectId(project), asked.as_of)
        .await?;
    Reply::ok(view)
}

/// How a case is made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCase {
    /// approval, verification, filing; what the project's record says when absent.
    #[serde(default)]
    route: Option<String>,
}

/// Make a project's approval case
#[utoipa::path(post, path = "/api/v1/projects/{project}/approvals", tag = "approvals", params(("project" = i64, Path)),
    request_body = NewCase, responses((status = 204, description = "Made"), (status = 409, description = "It has one already")))]
async fn case_create(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(asked): Body<NewCase>,
) -> Result<StatusCode, Failure> {
    let read = |word: &String| Route::from_word(word).ok_or_else(|| unknown("route", word));
    let route = asked.route.as_ref().map(read).transpose()?;
    state
        .app
        .case_create(&actor, ProjectId(project), CaseInput { route })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The papers of a project, each handed in or produced once
#[utoipa::path(get, path = "/api/v1/projects/{project}/approvals/shelf", tag = "approvals", params(("project" = i64, Path)),
    responses((status = 200, description = "The shelf", body = ShelfView)))]
async fn shelf(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
) -> Result<Reply<ShelfView>, Failure> {
    Reply::ok(state.app.case_shelf(&actor, ProjectId(project)).await?)
}

/// An act on a matter; each kind takes its own fields.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acting {
    /// receive, `ask_correction`, correct, accept, `accept_deferred`, `hand_in`, suspend, resume,
    /// extend, forward, preliminary, grant, refuse, deliver, `void_preliminary`, exempt, require,
    /// adjust, strike.
    act: String,
    /// The version of the matter that was looked at.
    version: i64,
    /// The day it counts from; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    /// All defects at once.
    #[serde(default)]
    defects: Vec<String>,
    /// Codes of the papers that are missing.
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    promised_on: Option<Date>,
    #[serde(default)]
    promise: String,
    /// The code of the paper handed in.
    #[serde(default)]
    material: String,
    /// A special procedure.
    #[serde(default)]
    procedure: String,
    /// Its bound, such as `working 60`.
    #[serde(default)]
    bound: String,
    /// The limit that is made longer: statutory, promised.
    #[serde(default)]
    limit: String,
    /// By how many of its days; for adjust, the promised limit in working days.
    #[serde(default)]
    days: Option<u32>,
    /// A post.
    #[serde(default)]
    approver: String,
    #[serde(default)]
    reason: String,
    /// The legal ground of a refusal.
    #[serde(default)]
    ground: String,
    #[serde(default)]
    document_no: String,
    /// Who leads from now on.
    #[serde(default)]
    department_id: Option<i64>,
    /// The number of the act that is struck out.
    #[serde(default)]
    seq: Option<u32>,
    /// Codes of the papers that came with an application; all that it needs when empty.
    #[serde(default)]
    papers: Vec<String>,
    /// The number of the project's attachment that the paper is.
    #[serde(default)]
    attachment: Option<i64>,
}

impl Acting {
    /// The same as the page's form would send it.
    fn pairs(&self) -> Vec<(String, String)> {
        let number = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
        let day = |on: Option<Date>| on.map_or_else(String::new, |on| on.to_string());
        let single = [
            ("version", self.version.to_string()),
            ("on", day(self.on)),
            ("defects", self.defects.join("\n")),
            ("promised_on", day(self.promised_on)),
            ("promise", self.promise.clone()),
            ("material", self.material.clone()),
            ("procedure", format!("{} {}", self.procedure, self.bound)),
            ("limit", self.limit.clone()),
            ("days", number(self.days.map(i64::from))),
            ("approver", self.approver.clone()),
            ("reason", self.reason.clone()),
            ("ground", self.ground.clone()),
            ("document_no", self.document_no.clone()),
            ("department", number(self.department_id)),
            ("seq", number(self.seq.map(i64::from))),
            ("attachment", number(self.attachment)),
        ];
        let mut pairs: Vec<(String, String)> = Vec::new();
        pairs.extend(single.map(|(name, value)| (name.to_owned(), value)));
        for (name, codes) in [("missing", &self.missing), ("papers", &self.papers)] {
            pairs.extend(codes.iter().map(|code| (name.to_owned(), code.clone())));
        }
        pairs
    }
}

/// The matter as it is now.
#[derive(Serialize, ToSchema)]
struct Acted {
    /// Its new version.
    version: i64,
}

/// Act on a matter
#[utoipa::path(post, path = "/api/v1/projects/{project}/approvals/{matter}/acts", tag = "approvals",
    params(("project" = i64, Path), ("matter" = String, Path)), request_body = Acting,
    responses((status = 200, description = "Recorded", body = Acted), (status = 409, description = "Not what is to be done now, or changed meanwhile")))]
async fn act(
    State(state): State<WebState>,
    Person(actor): Person,
    At((project, matter)): At<(i64, String)>,
    Body(asked): Body<Acting>,
) -> Result<Reply<Acted>, Failure> {
    let kind = ActKind::from_word(&asked.act).ok_or_else(|| unknown("act", &asked.act))?;
    let reference = state.app.reference().await?;
    let input = acts::read(&reference, kind, &asked.pairs())?;
    let project = ProjectId(project);
    let version = state.app.item_act(&actor, project, &matter, &input).await?;
    Reply::ok(Acted { version })
}

/// Which matters.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Matters of offices below one's own too.
    below: Option<bool>,
    /// Only this phase; everything open when absent.
    phase: Option<String>,
    /// Only this matter.
    matter: Option<String>,
    /// Only what this level decides: banner, league, region, nation.
    level: Option<String>,
    /// Only matters of this department.
    department_id: Option<i64>,
    /// Only what is due before this day.
    #[param(value_type = Option<String>, format = Date)]
    due_before: Option<Date>,
    /// Only what shows this light today: red, yellow, paused, green, off.
    light: Option<String>,
    /// From 1.
    page: Option<i64>,
}

/// The matters of one's own offices, the most urgent first
#[utoipa::path(get, path = "/api/v1/approvals", tag = "approvals", params(Wanted),
    responses((status = 200, description = "A page of 50", body = WorkPage)))]
async fn work(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<Wanted>,
) -> Result<Reply<WorkPage>, Failure> {
    let phase = |word: &String| Phase::from_word(word).ok_or_else(|| unknown("phase", word));
    let level =
        |word: &String| DecisionLevel::from_word(word).ok_or_else(|| unknown("level", word));
    let light = |word: &String| light_from_word(word).ok_or_else(|| unknown("light", word));
    let query = WorkQuery {
        below: asked.below.unwrap_or(false),
        phases: asked.phase.iter().map(phase).collect::<Result<_, _>>()?,
        items: asked.matter.into_iter().collect(),
        level: asked.level.as_ref().map(level).transpose()?,
        department: asked.department_id.map(DepartmentId),
        due_before: asked.due_before,
        light: asked.light.as_ref().map(light).transpose()?,
        page: asked.page.unwrap_or(1),
    };
    Reply::ok(state.app.approval_work(&actor, &query).await?)
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageOf {
    /// From 1.
    page: Option<i64>,
}

/// What waits to be sent up, and what was sent up and waits to be accepted
#[utoipa::path(get, path = "/api/v1/approvals/forwarding", tag = "approvals", params(PageOf),
    responses((status = 200, description = "A page of 50", body = WorkPage)))]
async fn forwarding(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<PageOf>,
) -> Result<Reply<WorkPage>, Failure> {
    let page = asked.page.unwrap_or(1);
    Reply::ok(state.app.approval_forwarding(&actor, page).await?)
}

/// One of the three ledgers
#[utoipa::path(get, path = "/api/v1/approvals/ledgers/{ledger}", tag = "approvals", params(("ledger" = String, Path), PageOf),
    responses((status = 200, description = "A page of 50", body = WorkPage)))]
async fn ledger(
    State(state): State<WebState>,
    Person(actor): Person,
    At(kind): At<String>,
    Asked(asked): Asked<PageOf>,
) -> Result<Reply<WorkPage>, Failure> {
    let kind = LedgerKind::from_word(&kind).ok_or(AppError::NotFound { what: "page" })?;
    let page = asked.page.unwrap_or(1);
    Reply::ok(state.app.approval_ledger(&actor, kind, page).await?)
}

/// How far the cases of one's scope are
#[utoipa::path(get, path = "/api/v1/approvals/rates", tag = "approvals",
    responses((status = 200, description = "By project and by matter", body = RatesView)))]
async fn rates(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Reply<RatesView>, Failure> {
    Reply::ok(state.app.approval_rates(&actor).await?)
}

/// The catalogue new cases are made under
#[utoipa::path(get, path = "/api/v1/approvals/catalogue", tag = "approvals",
    responses((status = 200, description = "Matters, templates, materials, rules", body = CatalogueView)))]
async fn catalogue(
    State(state): State<WebState>,
    Person(_actor): Person,
) -> Result<Reply<CatalogueView>, Failure> {
    Reply::ok(state.app.approval_catalogue().await?)
}
