//! Who answers for which project: the list, the load, setting and ending it, the workbook.
//!
//! What one would get wrong: an assignment is read by the same reader as the page's form.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangmu_app::AppError;
use gangmu_app::domain::liaison::{About, Duty};
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::UserId;
use gangmu_app::liaison::{
    ChainsView, HeldWord, LiaisonPage, LiaisonQuery, LoadView, ResponsibilityView,
};
use gangmu_app::metrics::light_from_word;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::download;
use super::imports::XLSX;
use super::organisation::unknown;
use super::{AsOf, Asked, At, Body, Reply};
use crate::assignments;
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(list, assign))
        .routes(routes!(ledger))
        .routes(routes!(load))
        .routes(routes!(load_workbook))
        .routes(routes!(of_project))
        .routes(routes!(end))
        .routes(routes!(chains))
        .routes(routes!(chains_workbook))
        .routes(routes!(charge))
        .routes(routes!(charge_end))
}

/// Which projects.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// all, held, vacant; all when absent.
    held: Option<String>,
    /// leader, `lead_unit`, resident, `owner_contact`, `service_team`; leader when absent.
    duty: Option<String>,
    /// Only what this person holds.
    user: Option<i64>,
    /// Only projects of this unit or below: its code.
    unit: Option<String>,
    /// Only this light.
    light: Option<String>,
    /// Only projects that an open problem holds up.
    troubled: Option<bool>,
    /// Only names, codes or owners that hold this.
    q: Option<String>,
    /// From 1.
    page: Option<i64>,
}

impl Wanted {
    fn query(self) -> Result<LiaisonQuery, Failure> {
        fn known<T>(
            name: &str,
            word: Option<&str>,
            read: impl Fn(&str) -> Option<T>,
        ) -> Result<Option<T>, Failure> {
            word.map(|word| read(word).ok_or_else(|| unknown(name, word).into()))
                .transpose()
        }
        let held = known("held", self.held.as_deref(), HeldWord::from_word)?;
        Ok(LiaisonQuery {
            held: held.unwrap_or_default(),
            duty: known("duty", self.duty.as_deref(), Duty::from_word)?,
            light: known("light", self.light.as_deref(), light_from_word)?,
            troubled: self.troubled.unwrap_or_default(),
            user: self.user.map(UserId),
            unit: self.unit,
            text: self.q,
            page: self.page.unwrap_or(1),
            per_page: 0,
        })
    }
}

/// Projects in hand with who answers for each, the largest first
#[utoipa::path(get, path = "/api/v1/liaison", tag = "liaison", params(Wanted),
    responses((status = 200, description = "A page of 50", body = LiaisonPage)))]
async fn list(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<Wanted>,
) -> Result<Reply<LiaisonPage>, Failure> {
    Reply::ok(state.app.liaison_page(&actor, &asked.query()?).await?)
}

/// The list as a workbook, all its pages
#[utoipa::path(get, path = "/api/v1/liaison/ledger.xlsx", tag = "liaison", params(Wanted),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn ledger(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<Wanted>,
) -> Result<Response, Failure> {
    let made = state.app.export_liaison(&actor, &asked.query()?).await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// Whose load.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LoadOf {
    /// leader, `lead_unit`, resident, `owner_contact`, `service_team`; leader when absent.
    duty: Option<String>,
    /// Only projects of this unit or below: its code.
    unit: Option<String>,
}

impl LoadOf {
    fn duty(&self) -> Result<Duty, Failure> {
        match self.duty.as_deref() {
            None => Ok(Duty::Leader),
            Some(word) => Duty::from_word(word).ok_or_else(|| unknown("duty", word).into()),
        }
    }
}

/// How much each leader carries: projects, investment, red lights, problems
#[utoipa::path(get, path = "/api/v1/liaison/load", tag = "liaison", params(LoadOf),
    responses((status = 200, description = "Each holder", body = LoadView)))]
async fn load(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<LoadOf>,
) -> Result<Reply<LoadView>, Failure> {
    let (unit, duty) = (asked.unit.as_deref(), asked.duty()?);
    Reply::ok(state.app.leader_load(&actor, unit, duty).await?)
}

/// How much each leader carries, as a workbook
#[utoipa::path(get, path = "/api/v1/liaison/load.xlsx", tag = "liaison", params(LoadOf),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn load_workbook(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<LoadOf>,
) -> Result<Response, Failure> {
    let (unit, duty) = (asked.unit.as_deref(), asked.duty()?);
    let made = state.app.export_load(&actor, unit, duty).await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// Who answers for a project, and who did
#[utoipa::path(get, path = "/api/v1/projects/{project}/assignments", tag = "liaison", params(("project" = i64, Path), AsOf),
    responses((status = 200, description = "Who answers", body = ResponsibilityView)))]
async fn of_project(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Asked(asked): Asked<AsOf>,
) -> Result<Reply<ResponsibilityView>, Failure> {
    let project = ProjectId(project);
    let view = state.app.responsibility(&actor, project, asked.as_of);
    Reply::ok(view.await?)
}

/// Somebody to answer for some projects.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAssignment {
    /// All of them are set, or none.
    #[serde(default)]
    projects: Vec<i64>,
    /// leader, `lead_unit`, resident, `owner_contact`, `service_team`.
    duty: String,
    /// The code of the unit on whose side it stands: the projects' own or one above.
    unit: String,
    /// A person with a post in that unit.
    #[serde(default)]
    user_id: Option<i64>,
    /// A department of that unit, for offices; the commission when absent.
    #[serde(default)]
    department_id: Option<i64>,
    /// A post or team that does not log in.
    #[serde(default)]
    named: String,
    /// The first day; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day; without end when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// Whether whoever holds the duty is relieved on the day before.
    #[serde(default)]
    relieve: bool,
    #[serde(default)]
    reason: String,
}

impl NewAssignment {
    /// The same as the page's form would send it.
    fn pairs(&self) -> Vec<(String, String)> {
        let day = |on: Option<Date>| on.map_or_else(String::new, |on| on.to_string());
        let number = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
        let relieve = if self.relieve { "true" } else { "" };
        let single = [
            ("duty", self.duty.clone()),
            ("unit", self.unit.clone()),
            ("user", number(self.user_id)),
            ("department", number(self.department_id)),
            ("named", self.named.clone()),
            ("from", day(self.from)),
            ("to", day(self.to)),
            ("relieve", relieve.to_owned()),
            ("reason", self.reason.clone()),
        ];
        let single = single.map(|(name, value)| (name.to_owned(), value));
        let projects = self.projects.iter();
        let projects = projects.map(|id| ("project".to_owned(), id.to_string()));
        single.into_iter().chain(projects).collect()
    }
}

/// How many projects were set.
#[derive(Serialize, ToSchema)]
struct AssignedTo {
    projects: usize,
}

/// Set who answers for projects
#[utoipa::path(post, path = "/api/v1/liaison", tag = "liaison", request_body = NewAssignment,
    responses((status = 201, description = "Set for all of them", body = AssignedTo),
        (status = 422, description = "What stands against it, for each project; nothing was set")))]
async fn assign(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(asked): Body<NewAssignment>,
) -> Result<Reply<AssignedTo>, Failure> {
    let reference = state.app.reference().await?;
    let input = assignments::read(&reference, &asked.pairs())?;
    let projects = state.app.assign(&actor, &input).await?;
    Reply::created(AssignedTo { projects })
}

/// The end of an assignment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct End {
    /// Its last day; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// End an assignment; it stays in the history
#[utoipa::path(post, path = "/api/v1/projects/{project}/assignments/{assignment}/end", tag = "liaison",
    params(("project" = i64, Path), ("assignment" = i64, Path)),
    request_body = End, responses((status = 204, description = "Ended")))]
async fn end(
    State(state): State<WebState>,
    Person(actor): Person,
    At((project, assignment)): At<(i64, i64)>,
    Body(asked): Body<End>,
) -> Result<StatusCode, Failure> {
    let project = ProjectId(project);
    state
        .app
        .assignment_end(&actor, project, assignment, asked.to)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whose chains.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ChainsOf {
    /// Only projects of this unit or below: its code.
    unit: Option<String>,
}

/// The industrial chains, their projects and who answers for each
#[utoipa::path(get, path = "/api/v1/liaison/chains", tag = "liaison", params(ChainsOf),
    responses((status = 200, description = "The chains in the order of the grouping", body = ChainsView)))]
async fn chains(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<ChainsOf>,
) -> Result<Reply<ChainsView>, Failure> {
    Reply::ok(state.app.chains(&actor, asked.unit.as_deref()).await?)
}

/// The chains as a workbook
#[utoipa::path(get, path = "/api/v1/liaison/chains.xlsx", tag = "liaison", params(ChainsOf),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn chains_workbook(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<ChainsOf>,
) -> Result<Response, Failure> {
    let made = state.app.export_chains(&actor, asked.unit.as_deref());
    let made = made.await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// A chain or a task; projects have their own addresses.
fn about(text: &str) -> Result<About, AppError> {
    About::from_text(text)
        .filter(|about| about.project().is_none())
        .ok_or(AppError::NotFound { what: "chain" })
}

/// Set who answers for a chain, `chain:CODE`, or a task of a plan, `task:PLAN:KEY`
///
/// The projects of the body are not looked at.
#[utoipa::path(post, path = "/api/v1/liaison/about/{about}", tag = "liaison", params(("about" = String, Path)),
    request_body = NewAssignment, responses((status = 204, description = "Set"),
        (status = 422, description = "What stands against it; nothing was set")))]
async fn charge(
    State(state): State<WebState>,
    Person(actor): Person,
    At(text): At<String>,
    Body(asked): Body<NewAssignment>,
) -> Result<StatusCode, Failure> {
    let about = about(&text)?;
    let reference = state.app.reference().await?;
    let input = assignments::read(&reference, &asked.pairs())?;
    state.app.charge(&actor, &about, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End what somebody answers for that is no project; it stays in the history
#[utoipa::path(post, path = "/api/v1/liaison/about/{about}/{assignment}/end", tag = "liaison",
    params(("about" = String, Path), ("assignment" = i64, Path)),
    request_body = End, responses((status = 204, description = "Ended")))]
async fn charge_end(
    State(state): State<WebState>,
    Person(actor): Person,
    At((text, assignment)): At<(String, i64)>,
    Body(asked): Body<End>,
) -> Result<StatusCode, Failure> {
    let about = about(&text)?;
    state
        .app
        .charge_end(&actor, &about, assignment, asked.to)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
