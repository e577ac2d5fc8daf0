//! Problems: the ledger, one problem with its steps, raising, the next step, the workbook.
//!
//! What one would get wrong: a step is read by the same reader as the page's form; what is left out
//! of it (deadlines) is filled in by the rules.

use axum::extract::State;
use axum::response::Response;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::problems::{ActKind, Origin};
use gangmu_app::problems::{
    LedgerPage, ProblemQuery, ProblemRowView, ProblemView, RaiseInput, RulesView, Standing,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::download;
use super::imports::XLSX;
use super::organisation::unknown;
use super::{AsOf, Asked, At, Body, DOCX, Reply, wire};
use crate::server::{Failure, Person, WebState};
use crate::steps;

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(ledger, raise))
        .routes(routes!(workbook))
        .routes(routes!(rules))
        .routes(routes!(problem))
        .routes(routes!(order))
        .routes(routes!(step))
        .routes(routes!(of_project))
        .routes(routes!(of_return))
}

/// Which part of the ledger.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// open, mine, late, waiting, `struck_off`, all; open when absent.
    standing: Option<String>,
    /// Only what holds up projects of this unit or below: its code.
    unit: Option<String>,
    /// Only this kind.
    kind: Option<String>,
    /// Only what is coordinated on this level.
    level: Option<String>,
    /// Only titles that hold this.
    q: Option<String>,
    /// From 1.
    page: Option<i64>,
}

impl Wanted {
    fn query(self) -> Result<ProblemQuery, Failure> {
        let standing = match self.standing.as_deref() {
            None => Standing::Open,
            Some(word) => Standing::from_word(word).ok_or_else(|| unknown("standing", word))?,
        };
        Ok(ProblemQuery {
            standing,
            unit: self.unit,
            kind: self.kind,
            level: self.level,
            project: None,
            text: self.q,
            page: self.page.unwrap_or(1),
        })
    }
}

/// The ledger of problems, the most urgent first
#[utoipa::path(get, path = "/api/v1/problems", tag = "problems", params(Wanted),
    responses((status = 200, description = "A page of 50", body = LedgerPage)))]
async fn ledger(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<Wanted>,
) -> Result<Reply<LedgerPage>, Failure> {
    Reply::ok(state.app.problem_ledger(&actor, &asked.query()?).await?)
}

/// The ledger as a workbook, all its pages
#[utoipa::path(get, path = "/api/v1/problems/ledger.xlsx", tag = "problems", params(Wanted),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn workbook(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<Wanted>,
) -> Result<Response, Failure> {
    let made = state.app.export_problems(&actor, &asked.query()?).await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// Kinds, grades and levels of problems
#[utoipa::path(get, path = "/api/v1/problems/rules", tag = "problems",
    responses((status = 200, description = "The rules of today", body = RulesView)))]
async fn rules(
    State(state): State<WebState>,
    Person(_actor): Person,
) -> Result<Reply<RulesView>, Failure> {
    Reply::ok(state.app.problem_rules().await?)
}

/// A problem with its steps
#[utoipa::path(get, path = "/api/v1/problems/{problem}", tag = "problems", params(("problem" = i64, Path), AsOf),
    responses((status = 200, description = "The problem", body = ProblemView)))]
async fn problem(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Asked(asked): Asked<AsOf>,
) -> Result<Reply<ProblemView>, Failure> {
    Reply::ok(state.app.problem_view(&actor, id, asked.as_of).await?)
}

/// Which time it was handed over.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrderOf {
    /// The number of the step; the newest when absent.
    step: Option<u32>,
}

/// What handed a problem over, as a document that says what the step said
#[utoipa::path(get, path = "/api/v1/problems/{problem}/order.docx", tag = "problems", params(("problem" = i64, Path), OrderOf),
    responses((status = 200, description = "A document", content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (status = 422, description = "It has not been handed over yet")))]
async fn order(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Asked(asked): Asked<OrderOf>,
) -> Result<Response, Failure> {
    let made = state.app.problem_order(&actor, id, asked.step).await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

/// A project that is held up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HeldUp {
    project_id: i64,
    /// The matter of its case; the project as a whole when absent.
    #[serde(default)]
    matter: String,
}

/// A problem to raise.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewProblem {
    title: String,
    #[serde(default)]
    body: String,
    /// A code of the rules; told from the words when absent.
    #[serde(default)]
    kind: String,
    /// The first is where it is raised.
    holds_up: Vec<HeldUp>,
    /// The day it counts from; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
}

/// The problem that was made.
#[derive(Serialize, ToSchema)]
struct Raised {
    problem_id: i64,
}

/// Raise a problem
#[utoipa::path(post, path = "/api/v1/problems", tag = "problems", request_body = NewProblem,
    responses((status = 201, description = "Raised", body = Raised)))]
async fn raise(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(asked): Body<NewProblem>,
) -> Result<Reply<Raised>, Failure> {
    let matter = asked.holds_up.first().map(|one| one.matter.clone());
    let input = RaiseInput {
        title: asked.title,
        body: asked.body,
        kind: asked.kind,
        holds_up: asked
            .holds_up
            .into_iter()
            .map(|one| (ProjectId(one.project_id), one.matter))
            .collect(),
        origin: match matter.filter(|code| !code.is_empty()) {
            Some(code) => Origin::Approval(code),
            None => Origin::Direct,
        },
        on: asked.on,
    };
    let problem_id = state.app.problem_raise(&actor, &input).await?;
    Reply::created(Raised { problem_id })
}

/// A step; each kind takes its own fields.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Step {
    /// accept, decline, `hand_over`, progress, answer, `send_back`, verify, `strike_off`,
    /// `ask_extension`, extend, `refuse_extension`, escalate, wait, resume.
    act: String,
    /// The version of the problem that was looked at.
    version: i64,
    /// The day it counts from; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    grade: String,
    /// office or owner.
    #[serde(default)]
    party: String,
    /// The office's unit: a code.
    #[serde(default)]
    unit: String,
    /// The office's department; the commission when absent.
    #[serde(default)]
    department_id: Option<i64>,
    /// Departments of the same unit that help.
    #[serde(default)]
    assisting: Vec<i64>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<Date>,
    #[serde(default)]
    demand: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    measures: String,
    #[serde(default)]
    result: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    finding: String,
    #[serde(default)]
    remark: String,
    /// A post.
    #[serde(default)]
    approver: String,
    #[serde(default)]
    policy: String,
}

impl Step {
    /// The same as the page's form would send it.
    fn pairs(&self) -> Vec<(String, String)> {
        let day = |on: Option<Date>| on.map_or_else(String::new, |on| on.to_string());
        let number = |n: &i64| n.to_string();
        let single = [
            ("version", self.version.to_string()),
            ("on", day(self.on)),
            ("kind", self.kind.clone()),
            ("grade", self.grade.clone()),
            ("party", self.party.clone()),
            ("unit", self.unit.clone()),
            (
                "department",
                self.department_id.as_ref().map_or_else(String::new, number),
            ),
            ("due_on", day(self.due_on)),
            ("demand", self.demand.clone()),
            ("text", self.text.clone()),
            ("measures", self.measures.clone()),
            ("result", self.result.clone()),
            ("reason", self.reason.clone()),
            ("finding", self.finding.clone()),
            ("remark", self.remark.clone()),
            ("approver", self.approver.clone()),
            ("policy", self.policy.clone()),
        ];
        let single = single.map(|(name, value)| (name.to_owned(), value));
        let assisting = self.assisting.iter().map(number);
        let assisting = assisting.map(|id| ("assisting".to_owned(), id));
        single.into_iter().chain(assisting).collect()
    }
}

/// The problem as it is now.
#[derive(Serialize, ToSchema)]
struct Stepped {
    /// Its new version.
    version: i64,
}

/// Take the next step of a problem
#[utoipa::path(post, path = "/api/v1/problems/{problem}/acts", tag = "problems", params(("problem" = i64, Path)),
    request_body = Step, responses((status = 200, description = "Recorded", body = Stepped),
        (status = 409, description = "Not what is to be done now, or changed meanwhile")))]
async fn step(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Body(asked): Body<Step>,
) -> Result<Reply<Stepped>, Failure> {
    let kind = ActKind::from_word(&asked.act).ok_or_else(|| unknown("act", &asked.act))?;
    let reference = state.app.reference().await?;
    let input = steps::read(&reference, kind, &asked.pairs())?;
    let version = state.app.problem_act(&actor, id, &input).await?;
    Reply::ok(Stepped { version })
}

/// The problems that hold up a project, open ones first
#[utoipa::path(get, path = "/api/v1/projects/{project}/problems", tag = "problems", params(("project" = i64, Path), AsOf),
    responses((status = 200, description = "The problems", body = [ProblemRowView])))]
async fn of_project(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Asked(asked): Asked<AsOf>,
) -> Result<Reply<Vec<ProblemRowView>>, Failure> {
    let (id, as_of) = (ProjectId(project), asked.as_of);
    let found = state.app.problems_of_project(&actor, id, as_of).await?;
    Reply::ok(found)
}

/// Make a problem of what a return says stands in the way
///
/// The same return makes one problem; asked again, its number comes back.
#[utoipa::path(post, path = "/api/v1/projects/{project}/returns/{period}/problem", tag = "problems",
    params(("project" = i64, Path), ("period" = String, Path)),
    responses((status = 200, description = "The problem", body = Raised), (status = 409, description = "The return names none")))]
async fn of_return(
    State(state): State<WebState>,
    Person(actor): Person,
    At((project, period)): At<(i64, String)>,
) -> Result<Reply<Raised>, Failure> {
    let period = wire::period(&period)?;
    let made = state
        .app
        .problem_from_return(&actor, ProjectId(project), period);
    let problem_id = made.await?;
    Reply::ok(Raised { problem_id })
}
