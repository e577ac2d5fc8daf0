//! One task: what it says, its indicators with their course and where they are going, and the forms
//! that write them. What one would get wrong: forms write the draft; what is in force is only read,
//! but for values that are handed in.

use axum::Form as Posted;
use axum::extract::Path;
use gangmu_app::AppError;
use gangmu_app::domain::Period;
use gangmu_app::domain::metrics::Measure;
use gangmu_app::domain::organisation::Action;
use gangmu_app::domain::pipeline::{Category, Stage};
use gangmu_app::domain::plans::{Metric, PlanId, Source};
use gangmu_app::domain::supervision::Rhythm;
use gangmu_app::plans::{IndicatorView, OfficeView, PlanView, TaskView};
use gangmu_app::supervision::TaskSupervisionView;
use serde::Serialize;
use serde_json::Value as Json;

use super::course;
use super::read;
use super::show::{Choices, asked, told};
use crate::i18n::{Message, Texts};
use crate::pages::common::{keyed, name};
use crate::pages::liaison::{self, Held};
use crate::pages::supervision;
use crate::pages::work::{Sent, sent};
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{Choice, Form};

/// A task's page.
#[derive(Clone, Debug, Serialize)]
pub struct TaskPage {
    pub plan: PlanView,
    pub task: TaskView,
    /// edit, indicator, shares, steps, value, remove; none for no form.
    pub form: Option<String>,
    /// The indicator a form is about; none for a new one.
    pub indicator: Option<IndicatorView>,
    pub choices: Choices,
    pub sources: Sources,
    /// Fields of a form that repeat: name, label and what stands in it.
    pub cells: Vec<Cell>,
    /// The same for quarters, beside those for months.
    pub quarters: Vec<Cell>,
    pub typed: Form,
    /// Boxes that are ticked.
    pub ticked: Vec<String>,
    pub today: String,
    pub may_write: bool,
    /// The pictures of its indicators' courses, in their order.
    pub courses: Vec<Option<Json>>,
    /// How it is supervised; none where its plan is not.
    pub watched: Option<TaskSupervisionView>,
    /// How often it may be reported on.
    pub rhythms: Vec<Choice>,
    /// Who answers for it today; none of a task that is only drafted.
    pub charges: Vec<Held>,
    pub may_assign: bool,
}

/// What an indicator's source is chosen from.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sources {
    pub kinds: Vec<Choice>,
    pub metrics: Vec<Choice>,
    /// `cut:member`.
    pub members: Vec<Choice>,
    pub directions: Vec<Choice>,
    /// Indicators of the plan above.
    pub above: Vec<Choice>,
    /// Indicators of this plan that a formula may name.
    pub own: Vec<Choice>,
    /// Measures a target may be broken down by.
    pub measures: Vec<Choice>,
}

/// A field of a form that repeats.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    pub name: String,
    pub label: String,
    pub value: String,
}

pub async fn show(visit: Visit, Path((id, task)): Path<(i64, u32)>) -> Answer {
    let opened = visit.here.get("do").map(str::to_owned);
    let key = visit.here.get("key").and_then(|text| text.parse().ok());
    let asked = asked(&visit, PlanId(id)).await?;
    let page = TaskPage::load(&visit, (PlanId(id), task), asked, opened, key, None).await?;
    visit.page(&page).await
}

pub async fn act(
    visit: Visit,
    Path((id, task, word)): Path<(i64, u32, String)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let (plan, key) = (PlanId(id), sent(&form, "key").parse().ok());
    let error = match perform(&visit, plan, task, &word, &form).await {
        Ok(next) => return visit.done(keyed("plans.done.", &word), &next).await,
        Err(error) => error,
    };
    let (status, errors) = told(&visit, error)?;
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let now = visit.app.plan_view(&visit.actor, plan, None).await?.row;
    let version = now.draft.then_some(now.version + 1);
    let opened = Some(word);
    let page = TaskPage::load(&visit, (plan, task), version, opened, key, Some(typed)).await?;
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = status;
    Ok(answer)
}

/// Does what a form asks for, and returns where to go next.
async fn perform(
    visit: &Visit,
    id: PlanId,
    task: u32,
    word: &str,
    form: &Sent,
) -> Result<String, AppError> {
    let (app, actor, edit) = (&visit.app, &visit.actor, read::edit(form));
    let key: Option<u32> = sent(form, "key").parse().ok();
    let indicator = key.ok_or(AppError::NotFound { what: "indicator" });
    let here = format!("/plans/{}/tasks/{task}", id.0);
    match word {
        "edit" => {
            let input = read::task(form)?;
            app.plan_task_put(actor, id, edit, Some(task), &input)
                .await?;
        }
        "remove" => {
            app.plan_task_remove(actor, id, edit, task).await?;
            return Ok(format!("/plans/{}?version=draft", id.0));
        }
        "move" => {
            let place = sent(form, "place").parse().unwrap_or(1);
            app.plan_task_move(actor, id, edit, task, place).await?;
        }
        "indicator" => {
            let input = read::indicator(form)?;
            app.plan_indicator_put(actor, id, edit, task, key, &input)
                .await?;
        }
        "indicator_remove" => {
            app.plan_indicator_remove(actor, id, edit, indicator?)
                .await?;
        }
        "shares" => {
            app.plan_shares_put(actor, id, edit, indicator?, &read::parts(form))
                .await?;
        }
        "rhythm" => {
            let edit = sent(form, "edit").parse().ok();
            let rhythm = match sent(form, "rhythm") {
                "" => None,
                word => Some(
                    Rhythm::from_word(word)
                        .ok_or_else(|| AppError::invalid("field.missing", "rhythm"))?,
                ),
            };
            app.supervision_task_rhythm_put(actor, id, task, edit, rhythm)
                .await?;
            return Ok(format!("{here}#supervision"));
        }
        "steps" => {
            app.plan_steps_put(actor, id, edit, indicator?, &read::steps(form))
                .await?;
        }
        _ => return Err(AppError::NotFound { what: "action" }),
    }
    Ok(format!("{here}?version=draft"))
}

impl TaskPage {
    pub(super) async fn load(
        visit: &Visit,
        (id, key): (PlanId, u32),
        version: Option<u32>,
        opened: Option<String>,
        indicator: Option<u32>,
        typed: Option<Form>,
    ) -> Result<Self, Failure> {
        let plan = visit.app.plan_view(&visit.actor, id, version).await?;
        let found = plan.tasks.iter().find(|task| task.key == key).cloned();
        let task = found.ok_or(AppError::NotFound { what: "task" })?;
        let writes = |word: &str| match word {
            "value" => !plan.is_draft,
            _ => plan.is_draft,
        };
        let form = opened.filter(|word| plan.may_write && writes(word));
        let one = task
            .indicators
            .iter()
            .find(|one| Some(one.key) == indicator);
        let one = one.cloned();
        let choices = match form.as_deref() {
            Some("edit" | "indicator" | "shares") => Choices::of_task(visit, &plan).await?,
            _ => Choices::default(),
        };
        let sources = match form.as_deref() {
            Some("indicator" | "shares") => Sources::load(visit, &plan).await?,
            _ => Sources::default(),
        };
        let cells = match (form.as_deref(), &one) {
            (Some("shares"), Some(one)) => shares(&choices, one, typed.as_ref()),
            (Some("steps"), Some(one)) => steps(&plan, one, typed.as_ref()),
            _ => Vec::new(),
        };
        let quarters = match (form.as_deref(), &one) {
            (Some("steps"), Some(one)) => quarters(visit.texts()?, &plan, one, typed.as_ref()),
            _ => Vec::new(),
        };
        let ticked = task.cooperating.iter().map(code).chain(
            task.takes_over
                .iter()
                .map(|above| format!("above:{}", above.task)),
        );
        let charges = match plan.is_draft {
            true => Vec::new(),
            false => liaison::of_task(visit, id, key).await?,
        };
        let texts = visit.texts()?;
        let drawn = |one| course::drawn(texts, &plan, one);
        let courses = task.indicators.iter().map(drawn).collect();
        Ok(Self {
            courses,
            ticked: ticked.collect(),
            may_assign: !plan.is_draft && visit.may(Action::Assign),
            charges,
            typed: typed.unwrap_or_else(|| begun(&task, form.as_deref(), one.as_ref())),
            may_write: plan.may_write && visit.may(Action::ManagePlan),
            today: visit.app.today().to_string(),
            watched: visit.app.supervision_of_task(&visit.actor, id, key).await?,
            rhythms: supervision::rhythms(texts),
            plan,
            task,
            form,
            indicator: one,
            choices,
            sources,
            cells,
            quarters,
        })
    }
}

/// An office as a box names it.
fn code(office: &OfficeView) -> String {
    match &office.department {
        Some(department) => format!("{}/{}", office.unit.code, department.code),
        None => office.unit.code.clone(),
    }
}

impl Sources {
    async fn load(visit: &Visit, plan: &PlanView) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let lang = texts.lang();
        let word = |family: &str, one: &str| words::word(texts, family, one);
        let reference = visit.app.reference().await?;
        let mut members = Vec::new();
        for one in ["government", "enterprise"] {
            members.push(Choice::new(
                format!("investor:{one}"),
                word("investor.", one),
            ));
        }
        for one in Category::ALL {
            let label = word("category.", one.word());
            members.push(Choice::new(format!("category:{}", one.word()), label));
        }
        for one in Stage::ACTIVE {
            let label = word("stage.", one.word());
            members.push(Choice::new(format!("stage:{}", one.word()), label));
        }
        let divisions = reference
            .industries
            .iter()
            .filter(|one| one.code.len() == 2);
        members.extend(divisions.map(|one| {
            let label = format!("{} {}", one.code, name(lang, &one.name, &one.name_en));
            Choice::new(format!("industry:{}", one.code), label)
        }));
        let above = match &plan.above {
            None => Vec::new(),
            Some(above) => {
                let id = PlanId(above.plan_id);
                let view = visit.app.plan_view(&visit.actor, id, None).await?;
                indicators(&view, "")
            }
        };
        Ok(Self {
            kinds: Source::WORDS
                .into_iter()
                .map(|one| Choice::new(one, word("plans.source.", one)))
                .collect(),
            metrics: Metric::all()
                .into_iter()
                .map(|one| Choice::new(one.word(), word("plans.metric.", one.word())))
                .collect(),
            members,
            directions: ["up", "down"]
                .into_iter()
                .map(|one| Choice::new(one, word("plans.direction.", one)))
                .collect(),
            above,
            own: indicators(plan, "#"),
            measures: [
                Measure::AnnualPlan,
                Measure::TotalInvestment,
                Measure::YearToDate,
                Measure::Projects,
                Measure::NewStarts,
            ]
            .into_iter()
            .map(|one| Choice::new(one.word(), word("measure.", one.word())))
            .collect(),
        })
    }
}

fn indicators(plan: &PlanView, sign: &str) -> Vec<Choice> {
    let all = plan.tasks.iter().flat_map(|task| &task.indicators);
    all.map(|one| {
        let label = format!("{} {} {}", one.name, one.target, one.unit);
        Choice::new(format!("{sign}{}", one.key), label)
    })
    .collect()
}

/// A field per office that may have a part of a target; those that have one come first.
fn shares(choices: &Choices, one: &IndicatorView, typed: Option<&Form>) -> Vec<Cell> {
    let cell = |of: &str, label: &str, value: &str| {
        let name = format!("share:{of}");
        let again = typed.and_then(|typed| typed.values.get(&name));
        Cell {
            label: label.to_owned(),
            value: again.cloned().unwrap_or_else(|| value.to_owned()),
            name,
        }
    };
    let given = |of: &str| one.shares.iter().find(|share| code(&share.office) == of);
    let mut cells: Vec<Cell> = choices
        .offices
        .iter()
        .map(|office| {
            let value = given(&office.value).map_or("", |share| share.amount.as_str());
            cell(&office.value, &office.label, value)
        })
        .collect();
    let others = one.shares.iter().filter(|share| {
        let of = code(&share.office);
        choices.offices.iter().all(|office| office.value != of)
    });
    cells.extend(others.map(|share| {
        let of = code(&share.office);
        cell(&of, &share.office.unit.name, &share.amount)
    }));
    cells
}

/// The months of the plan up to the day an indicator is due.
fn months(plan: &PlanView, one: &IndicatorView) -> Vec<Period> {
    let month = |day: &str| day.parse().ok().and_then(Period::of);
    let (Some(mut at), Some(last)) = (month(&plan.row.from), month(&one.due)) else {
        return Vec::new();
    };
    let mut months = Vec::new();
    while at <= last && months.len() < 120 {
        months.push(at);
        at = at.next();
    }
    months
}

/// A field per month of the plan up to the day an indicator is due.
fn steps(plan: &PlanView, one: &IndicatorView, typed: Option<&Form>) -> Vec<Cell> {
    let cell = |at: Period| {
        let name = format!("step:{at}");
        let own = one.steps.iter().find(|step| step.period == at.to_string());
        let again = typed.and_then(|typed| typed.values.get(&name));
        let stands = own.map_or("", |step| step.amount.as_str());
        Cell {
            label: at.to_string(),
            value: again.cloned().unwrap_or_else(|| stands.to_owned()),
            name,
        }
    };
    months(plan, one).into_iter().map(cell).collect()
}

/// A field per quarter those months lie in, named by its first month.
fn quarters(
    texts: &Texts,
    plan: &PlanView,
    one: &IndicatorView,
    typed: Option<&Form>,
) -> Vec<Cell> {
    let quarter = |at: &Period| (at.year(), (at.month() - 1) / 3 + 1);
    let mut firsts = months(plan, one);
    firsts.dedup_by_key(|at| quarter(at));
    let cell = |at: Period| {
        let name = format!("quarter:{at}");
        let (year, n) = quarter(&at);
        let label = Message::new("plans.quarter")
            .with("year", year.to_string())
            .with("n", i64::from(n));
        let again = typed.and_then(|typed| typed.values.get(&name));
        Cell {
            label: texts.message(&label),
            value: again.cloned().unwrap_or_default(),
            name,
        }
    };
    firsts.into_iter().map(cell).collect()
}

/// What a form begins with.
fn begun(task: &TaskView, form: Option<&str>, one: Option<&IndicatorView>) -> Form {
    match (form, one) {
        (Some("edit"), _) => Form::default()
            .value(
                "group",
                task.group.as_ref().map_or("", |one| one.code.as_str()),
            )
            .value("title", task.title.clone())
            .value("body", task.body.clone())
            .value("outcome", task.outcome.clone())
            .value("lead", task.lead.unit.code.clone())
            .value(
                "lead_department",
                task.lead
                    .department
                    .as_ref()
                    .map_or("", |one| one.code.as_str()),
            )
            .value("due", task.due.clone()),
        (Some("indicator"), None) => Form::default()
            .value("due", task.due.clone())
            .value("weight", "10")
            .value("direction", "up")
            .value("source", "reported"),
        (Some("indicator"), Some(one)) => of_indicator(one),
        (Some("steps"), _) => Form::default().value("way", "hand"),
        (Some("shares"), _) => Form::default()
            .value("way", "hand")
            .value("measure", "annual_plan"),
        _ => Form::default(),
    }
}

fn of_indicator(one: &IndicatorView) -> Form {
    let source = &one.source;
    let member = match source.cut.as_str() {
        "" => String::new(),
        cut => format!("{cut}:{}", source.member),
    };
    let code = |unit: &Option<gangmu_app::library::UnitView>| {
        unit.as_ref()
            .map_or_else(String::new, |one| one.code.clone())
    };
    Form::default()
        .value("key", one.key.to_string())
        .value("name", one.name.clone())
        .value("unit", one.unit.clone())
        .value("baseline", one.baseline.clone().unwrap_or_default())
        .value("target", one.target.clone())
        .value("due", one.due.clone())
        .value("direction", one.direction)
        .value("weight", one.weight.to_string())
        .value("source", source.kind)
        .value("metric", source.metric.clone())
        .value("of_unit", code(&source.unit))
        .value(
            "of_department",
            source
                .department
                .as_ref()
                .map_or_else(String::new, |one| one.code.clone()),
        )
        .value("member", member)
        .value("formula", source.formula.clone())
        .value(
            "carries",
            one.carries.map_or_else(String::new, |key| key.to_string()),
        )
}
