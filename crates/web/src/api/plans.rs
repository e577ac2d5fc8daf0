//! Plans: the list, one plan, its tasks and indicators, who covers what, versions, the tables.
//!
//! What one would get wrong: everything that is written goes into the draft; only adopting brings it
//! into force. Each change names the edit of the plan that was looked at.

use axum::extract::State;
use axum::response::Response;
use gangmu_app::domain::Period;
use gangmu_app::domain::metrics::Measure;
use gangmu_app::domain::plans::{PlanId, PlanKind, PlanState};
use gangmu_app::plans::{
    Adoption, ComparedView, CoverView, DutiesPage, IndicatorInput, NewPlan, OfficeInput, Parts,
    PlanQuery, PlanView, PlansPage, SourceInput, StepsBy, TaskInput, ValueInput,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::DOCX;
use super::attachments::download;
use super::imports::XLSX;
use super::organisation::unknown;
use super::{Asked, At, Body, Reply, wire};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(duties))
        .routes(routes!(ledger))
        .routes(routes!(ledger_of_duties))
        .routes(routes!(plan))
        .routes(routes!(cover))
        .routes(routes!(compare))
        .routes(routes!(table))
        .routes(routes!(document))
        .routes(routes!(act))
        .routes(routes!(add_task))
        .routes(routes!(put_task, remove_task))
        .routes(routes!(add_indicator))
        .routes(routes!(put_indicator, remove_indicator))
        .routes(routes!(put_shares))
        .routes(routes!(put_steps))
        .routes(routes!(hand_in))
}

/// Which plans.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WantedPlans {
    /// Only plans of this unit or below: its code.
    unit: Option<String>,
    /// implementation, work or annual.
    kind: Option<String>,
    /// draft, adopted or withdrawn.
    state: Option<String>,
    /// Only those that hang under this plan.
    parent: Option<i64>,
    /// Only titles that hold this.
    q: Option<String>,
    /// From 1.
    page: Option<i64>,
}

/// The plans of one's own unit, of those below and of those above
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans", params(WantedPlans),
    responses((status = 200, description = "A page of 50", body = PlansPage)))]
async fn list(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<WantedPlans>,
) -> Result<Reply<PlansPage>, Failure> {
    Reply::ok(state.app.plan_page(&actor, &asked.query()?).await?)
}

impl WantedPlans {
    fn query(self) -> Result<PlanQuery, Failure> {
        let kind = self.kind.as_deref();
        let kind = kind.map(|word| PlanKind::from_word(word).ok_or_else(|| unknown("kind", word)));
        let stands = self.state.as_deref();
        let stands =
            stands.map(|word| PlanState::from_word(word).ok_or_else(|| unknown("state", word)));
        Ok(PlanQuery {
            kind: kind.transpose()?,
            state: stands.transpose()?,
            unit: self.unit,
            parent: self.parent.map(PlanId),
            text: self.q,
            page: self.page.unwrap_or(1),
        })
    }
}

/// The list as a workbook, all its pages
#[utoipa::path(get, path = "/api/v1/plans/ledger.xlsx", tag = "plans", params(WantedPlans),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn ledger(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<WantedPlans>,
) -> Result<Response, Failure> {
    let made = state.app.export_plan_list(&actor, &asked.query()?).await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// The tasks that charge one's own office, as a workbook
#[utoipa::path(get, path = "/api/v1/plans/duties.xlsx", tag = "plans",
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn ledger_of_duties(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Response, Failure> {
    let made = state.app.export_plan_duties(&actor).await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// Which page of duties.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WantedDuties {
    /// The page, from 1.
    page: Option<i64>,
}

/// The tasks in force that charge one's own office, the most urgent first
#[utoipa::path(get, path = "/api/v1/plans/duties", tag = "plans", params(WantedDuties),
    responses((status = 200, description = "A page of 50", body = DutiesPage)))]
async fn duties(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<WantedDuties>,
) -> Result<Reply<DutiesPage>, Failure> {
    let page = asked.page.unwrap_or(1);
    Reply::ok(state.app.plan_duties(&actor, page).await?)
}

/// An office.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanOffice)]
struct Office {
    /// The unit: a code or a name only one has.
    unit: String,
    /// The department: a code or name; the unit as a whole when absent.
    #[serde(default)]
    department: String,
}

impl From<Office> for OfficeInput {
    fn from(office: Office) -> Self {
        Self {
            unit: office.unit,
            department: office.department,
        }
    }
}

/// A plan to be begun.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPlan)]
struct Begun {
    /// implementation, work or annual.
    kind: String,
    office: Office,
    /// The plan it hangs under; it must be in force.
    #[serde(default)]
    parent: Option<i64>,
    title: String,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    until: Date,
}

/// The plan that was made.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanMade)]
struct Made {
    plan_id: i64,
}

/// Begin a plan
#[utoipa::path(post, path = "/api/v1/plans", tag = "plans", request_body = Begun,
    responses((status = 201, description = "An empty draft", body = Made)))]
async fn create(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(asked): Body<Begun>,
) -> Result<Reply<Made>, Failure> {
    let kind = PlanKind::from_word(&asked.kind).ok_or_else(|| unknown("kind", &asked.kind))?;
    let input = NewPlan {
        kind,
        office: asked.office.into(),
        parent: asked.parent.map(PlanId),
        title: asked.title,
        from: Some(asked.from),
        until: Some(asked.until),
    };
    let id = state.app.plan_create(&actor, &input).await?;
    Reply::created(Made { plan_id: id.0 })
}

/// Which version.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WantedVersion {
    /// The version in force when absent, or the draft before there is one.
    version: Option<u32>,
}

/// A plan with its tasks and what they stand at
#[utoipa::path(get, path = "/api/v1/plans/{plan}", tag = "plans", params(("plan" = i64, Path), WantedVersion),
    responses((status = 200, description = "The plan", body = PlanView)))]
async fn plan(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Asked(asked): Asked<WantedVersion>,
) -> Result<Reply<PlanView>, Failure> {
    let view = state.app.plan_view(&actor, PlanId(id), asked.version);
    Reply::ok(view.await?)
}

/// Who covers what of a plan
#[utoipa::path(get, path = "/api/v1/plans/{plan}/cover", tag = "plans", params(("plan" = i64, Path)),
    responses((status = 200, description = "Its tasks and targets beside the plans under it", body = CoverView)))]
async fn cover(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<Reply<CoverView>, Failure> {
    Reply::ok(state.app.plan_cover(&actor, PlanId(id)).await?)
}

/// What changed from one version to another
#[utoipa::path(get, path = "/api/v1/plans/{plan}/versions/{from}/{to}", tag = "plans",
    params(("plan" = i64, Path), ("from" = u32, Path), ("to" = u32, Path)),
    responses((status = 200, description = "The differences", body = [ComparedView])))]
async fn compare(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, from, to)): At<(i64, u32, u32)>,
) -> Result<Reply<Vec<ComparedView>>, Failure> {
    let rows = state.app.plan_compare(&actor, PlanId(id), from, to);
    Reply::ok(rows.await?)
}

/// A plan as its table
#[utoipa::path(get, path = "/api/v1/plans/{plan}/table.xlsx", tag = "plans", params(("plan" = i64, Path), WantedVersion),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn table(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Asked(asked): Asked<WantedVersion>,
) -> Result<Response, Failure> {
    let made = state
        .app
        .export_plan(&actor, PlanId(id), asked.version)
        .await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// A plan as its table in a document
#[utoipa::path(get, path = "/api/v1/plans/{plan}/table.docx", tag = "plans", params(("plan" = i64, Path), WantedVersion),
    responses((status = 200, description = "A document", content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
async fn document(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Asked(asked): Asked<WantedVersion>,
) -> Result<Response, Failure> {
    let made = state
        .app
        .export_plan_document(&actor, PlanId(id), asked.version);
    let made = made.await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

/// A step in a plan's life.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanAct)]
struct Act {
    /// revise, drop, adopt, withdraw or `leave_out`.
    act: String,
    /// The edit of the plan that was looked at.
    edit: i64,
    /// For adopt: the day; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    /// For adopt.
    #[serde(default)]
    document_no: String,
    /// For adopt from the second version on, for withdraw and `leave_out`.
    #[serde(default)]
    reason: String,
    /// For `leave_out`: the task of the plan above.
    #[serde(default)]
    task: u32,
}

/// The plan as it is now.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanActed)]
struct Acted {
    /// What was done.
    act: String,
}

/// Take a step in a plan's life
#[utoipa::path(post, path = "/api/v1/plans/{plan}/acts", tag = "plans", params(("plan" = i64, Path)),
    request_body = Act, responses((status = 200, description = "Done", body = Acted),
        (status = 409, description = "Not to be done now, or changed meanwhile")))]
async fn act(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Body(asked): Body<Act>,
) -> Result<Reply<Acted>, Failure> {
    let (app, id, edit) = (&state.app, PlanId(id), Some(asked.edit));
    match asked.act.as_str() {
        "revise" => app.plan_revise(&actor, id, edit).await?,
        "drop" => app.plan_drop(&actor, id, edit).await?,
        "adopt" => {
            let adoption = Adoption {
                on: asked.on,
                document_no: asked.document_no,
                reason: asked.reason,
            };
            app.plan_adopt(&actor, id, edit, &adoption).await?;
        }
        "withdraw" => {
            app.plan_withdraw(&actor, id, edit, &asked.reason).await?;
        }
        "leave_out" => {
            app.plan_leave_out(&actor, id, edit, asked.task, &asked.reason)
                .await?;
        }
        other => return Err(unknown("act", other).into()),
    }
    Reply::ok(Acted { act: asked.act })
}

/// A task of a draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanTask)]
struct Task {
    /// The edit of the plan that was looked at.
    edit: i64,
    #[serde(default)]
    group: String,
    title: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    outcome: String,
    lead: Office,
    #[serde(default)]
    cooperating: Vec<Office>,
    #[schema(value_type = String, format = Date)]
    due: Date,
    /// Tasks of the plan above: their keys.
    #[serde(default)]
    takes_over: Vec<u32>,
}

impl Task {
    fn input(self) -> TaskInput {
        TaskInput {
            group: self.group,
            title: self.title,
            body: self.body,
            outcome: self.outcome,
            lead: self.lead.into(),
            cooperating: self.cooperating.into_iter().map(Into::into).collect(),
            due: Some(self.due),
            takes_over: self.takes_over,
        }
    }
}

/// What was written.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanKey)]
struct Key {
    /// Its key in the plan.
    key: u32,
}

/// Add a task to a draft
#[utoipa::path(post, path = "/api/v1/plans/{plan}/tasks", tag = "plans", params(("plan" = i64, Path)),
    request_body = Task, responses((status = 201, description = "Added", body = Key),
        (status = 409, description = "Nothing is being written, or changed meanwhile")))]
async fn add_task(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    Body(asked): Body<Task>,
) -> Result<Reply<Key>, Failure> {
    let (id, edit, input) = (PlanId(id), Some(asked.edit), asked.input());
    let made = state.app.plan_task_put(&actor, id, edit, None, &input);
    let key = made.await?;
    Reply::created(Key { key })
}

/// Write a task of a draft
#[utoipa::path(put, path = "/api/v1/plans/{plan}/tasks/{task}", tag = "plans",
    params(("plan" = i64, Path), ("task" = u32, Path)), request_body = Task,
    responses((status = 200, description = "Written", body = Key),
        (status = 409, description = "Nothing is being written, or changed meanwhile")))]
async fn put_task(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, task)): At<(i64, u32)>,
    Body(asked): Body<Task>,
) -> Result<Reply<Key>, Failure> {
    let (id, edit, input) = (PlanId(id), Some(asked.edit), asked.input());
    let made = state
        .app
        .plan_task_put(&actor, id, edit, Some(task), &input);
    let key = made.await?;
    Reply::ok(Key { key })
}

/// Which edit.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Edit {
    /// The edit of the plan that was looked at.
    edit: i64,
}

/// Take a task out of a draft
#[utoipa::path(delete, path = "/api/v1/plans/{plan}/tasks/{task}", tag = "plans",
    params(("plan" = i64, Path), ("task" = u32, Path), Edit),
    responses((status = 200, description = "Removed", body = Key),
        (status = 409, description = "Nothing is being written, or changed meanwhile")))]
async fn remove_task(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, task)): At<(i64, u32)>,
    Asked(asked): Asked<Edit>,
) -> Result<Reply<Key>, Failure> {
    let edit = Some(asked.edit);
    let made = state.app.plan_task_remove(&actor, PlanId(id), edit, task);
    made.await?;
    Reply::ok(Key { key: task })
}

/// Where a value comes from.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanSource)]
struct Source {
    /// linked, derived or reported.
    kind: String,
    #[serde(default)]
    metric: String,
    /// The plan's own unit when absent.
    #[serde(default)]
    unit: String,
    #[serde(default)]
    department: String,
    /// industry, category, investor or stage.
    #[serde(default)]
    cut: String,
    #[serde(default)]
    member: String,
    #[serde(default)]
    formula: String,
}

/// An indicator of a draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanIndicator)]
struct Indicator {
    /// The edit of the plan that was looked at.
    edit: i64,
    name: String,
    unit: String,
    #[serde(default)]
    baseline: String,
    /// In its unit, as a decimal text.
    target: String,
    /// The task's day when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<Date>,
    /// up or down.
    #[serde(default)]
    direction: String,
    #[serde(default)]
    weight: u32,
    #[serde(default)]
    source: Source,
    /// The indicator of the plan above whose target it carries a part of.
    #[serde(default)]
    carries: Option<u32>,
}

impl Indicator {
    fn input(self) -> IndicatorInput {
        IndicatorInput {
            name: self.name,
            unit: self.unit,
            baseline: self.baseline,
            target: self.target,
            due: self.due,
            direction: self.direction,
            weight: self.weight,
            source: SourceInput {
                kind: self.source.kind,
                metric: self.source.metric,
                unit: self.source.unit,
                department: self.source.department,
                cut: self.source.cut,
                member: self.source.member,
                formula: self.source.formula,
            },
            takes_over: self.carries,
        }
    }
}

/// Add an indicator to a task of a draft
#[utoipa::path(post, path = "/api/v1/plans/{plan}/tasks/{task}/indicators", tag = "plans",
    params(("plan" = i64, Path), ("task" = u32, Path)), request_body = Indicator,
    responses((status = 201, description = "Added", body = Key),
        (status = 409, description = "Nothing is being written, or changed meanwhile")))]
async fn add_indicator(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, task)): At<(i64, u32)>,
    Body(asked): Body<Indicator>,
) -> Result<Reply<Key>, Failure> {
    let (id, edit, input) = (PlanId(id), Some(asked.edit), asked.input());
    let made = state
        .app
        .plan_indicator_put(&actor, id, edit, task, None, &input);
    let key = made.await?;
    Reply::created(Key { key })
}

/// Write an indicator of a draft
#[utoipa::path(put, path = "/api/v1/plans/{plan}/tasks/{task}/indicators/{indicator}", tag = "plans",
    params(("plan" = i64, Path), ("task" = u32, Path), ("indicator" = u32, Path)),
    request_body = Indicator, responses((status = 200, description = "Written", body = Key),
        (status = 409, description = "Nothing is being written, or changed meanwhile")))]
async fn put_indicator(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, task, indicator)): At<(i64, u32, u32)>,
    Body(asked): Body<Indicator>,
) -> Result<Reply<Key>, Failure> {
    let (id, edit, input) = (PlanId(id), Some(asked.edit), asked.input());
    let made = state
        .app
        .plan_indicator_put(&actor, id, edit, task, Some(indicator), &input);
    let key = made.await?;
    Reply::ok(Key { key })
}

/// Take an indicator out of a draft
#[utoipa::path(delete, path = "/api/v1/plans/{plan}/tasks/{task}/indicators/{indicator}", tag = "plans",
    params(("plan" = i64, Path), ("task" = u32, Path), ("indicator" = u32, Path), Edit),
    responses((status = 200, description = "Removed", body = Key),
        (status = 409, description = "Nothing is being written, or changed meanwhile")))]
async fn remove_indicator(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, _task, indicator)): At<(i64, u32, u32)>,
    Asked(asked): Asked<Edit>,
) -> Result<Reply<Key>, Failure> {
    let edit = Some(asked.edit);
    let made = state
        .app
        .plan_indicator_remove(&actor, PlanId(id), edit, indicator);
    made.await?;
    Reply::ok(Key { key: indicator })
}

/// An office's part of a target.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanPart)]
struct Part {
    office: Office,
    /// In the indicator's unit, as a decimal text.
    amount: String,
}

/// What is to be reached by the end of a month.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanStep)]
struct StepTarget {
    /// 2025-03.
    period: String,
    /// In the indicator's unit, as a decimal text.
    amount: String,
}

/// How a target is broken down by office.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanShares)]
struct ByOffice {
    /// The edit of the plan that was looked at.
    edit: i64,
    /// hand, units, departments or none.
    way: String,
    /// For units and departments: the measure to go by.
    #[serde(default)]
    measure: String,
    /// For hand.
    #[serde(default)]
    parts: Vec<Part>,
}

/// Break a target down by office
#[utoipa::path(put, path = "/api/v1/plans/{plan}/indicators/{indicator}/shares", tag = "plans",
    params(("plan" = i64, Path), ("indicator" = u32, Path)), request_body = ByOffice,
    responses((status = 200, description = "Written", body = Key),
        (status = 409, description = "Nothing is being written, or changed meanwhile")))]
async fn put_shares(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, indicator)): At<(i64, u32)>,
    Body(asked): Body<ByOffice>,
) -> Result<Reply<Key>, Failure> {
    let measure =
        || Measure::from_word(&asked.measure).ok_or_else(|| unknown("measure", &asked.measure));
    let parts = match asked.way.as_str() {
        "units" => Parts::Units(measure()?),
        "departments" => Parts::Departments(measure()?),
        "none" => Parts::None,
        "hand" => Parts::ByHand(
            asked
                .parts
                .into_iter()
                .map(|part| (part.office.into(), part.amount))
                .collect(),
        ),
        other => return Err(unknown("way", other).into()),
    };
    let (id, edit) = (PlanId(id), Some(asked.edit));
    let made = state
        .app
        .plan_shares_put(&actor, id, edit, indicator, &parts);
    made.await?;
    Reply::ok(Key { key: indicator })
}

/// How a target is broken down by month.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanSteps)]
struct ByMonth {
    /// The edit of the plan that was looked at.
    edit: i64,
    /// hand, even, quarters, `even_quarters`, `last_year` or none.
    way: String,
    /// For hand: what is to be reached by the end of months. For quarters: a month of each and how
    /// much comes in it alone; all of it has to be the target.
    #[serde(default)]
    steps: Vec<StepTarget>,
}

/// Break a target down by month
#[utoipa::path(put, path = "/api/v1/plans/{plan}/indicators/{indicator}/steps", tag = "plans",
    params(("plan" = i64, Path), ("indicator" = u32, Path)), request_body = ByMonth,
    responses((status = 200, description = "Written", body = Key),
        (status = 409, description = "Nothing is being written, or changed meanwhile")))]
async fn put_steps(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, indicator)): At<(i64, u32)>,
    Body(asked): Body<ByMonth>,
) -> Result<Reply<Key>, Failure> {
    let by = match asked.way.as_str() {
        "even" => StepsBy::Even,
        "quarters" => StepsBy::QuartersByHand(typed_steps(asked.steps)?),
        "even_quarters" => StepsBy::EvenQuarters,
        "last_year" => StepsBy::LastYear,
        "none" => StepsBy::None,
        "hand" => StepsBy::ByHand(typed_steps(asked.steps)?),
        other => return Err(unknown("way", other).into()),
    };
    let (id, edit) = (PlanId(id), Some(asked.edit));
    let made = state.app.plan_steps_put(&actor, id, edit, indicator, &by);
    made.await?;
    Reply::ok(Key { key: indicator })
}

fn typed_steps(steps: Vec<StepTarget>) -> Result<Vec<(Period, String)>, Failure> {
    let typed = steps
        .into_iter()
        .map(|step| Ok((wire::period(&step.period)?, step.amount)));
    typed.collect()
}

/// A value to hand in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanValue)]
struct Value {
    /// The day it was true; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    /// In the indicator's unit, as a decimal text.
    value: String,
    /// What proves it.
    evidence: String,
}

/// Hand a value in for a reported indicator
#[utoipa::path(post, path = "/api/v1/plans/{plan}/indicators/{indicator}/values", tag = "plans",
    params(("plan" = i64, Path), ("indicator" = u32, Path)), request_body = Value,
    responses((status = 201, description = "Handed in", body = Key),
        (status = 409, description = "The indicator is computed, or the plan is not in force")))]
async fn hand_in(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, indicator)): At<(i64, u32)>,
    Body(asked): Body<Value>,
) -> Result<Reply<Key>, Failure> {
    let input = ValueInput {
        on: asked.on,
        value: asked.value,
        evidence: asked.evidence,
        files: Vec::new(),
    };
    let made = state
        .app
        .plan_value_put(&actor, PlanId(id), indicator, input);
    made.await?;
    Reply::created(Key { key: indicator })
}
