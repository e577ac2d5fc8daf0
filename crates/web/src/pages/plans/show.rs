//! One plan: its tasks and what they come to, its versions, the plans under it; its head and its
//! life. One form is open at a time, named in the address, so that everything works without script.

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use gangmu_app::domain::organisation::{Action, UnitPath};
use gangmu_app::domain::plans::{PlanId, PlanKind, Rules};
use gangmu_app::plans::{Adoption, PlanView, TaskView};
use gangmu_app::{AppError, Reference};
use serde::Serialize;

use super::read;
use crate::i18n::{Lang, Message};
use crate::pages::common::{form_errors, keyed, name, refused};
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{Choice, FieldError, Form};

/// A plan's page.
#[derive(Clone, Debug, Serialize)]
pub struct PlanPage {
    pub plan: PlanView,
    /// The flaws of the draft in words, each beside where it is.
    pub flaws: Vec<(String, Message)>,
    /// adopt, head, withdraw, task, `leave_out`, drop; none for no form.
    pub form: Option<String>,
    pub choices: Choices,
    pub typed: Form,
    pub today: String,
    pub may_export: bool,
    /// The version shown, as the address carries it; empty for the one in force.
    pub asked: String,
    /// Whether it is under supervision.
    pub supervised: bool,
    /// The groups there are tasks under, each with how many.
    pub groups: Vec<(Choice, usize)>,
    /// The group the tasks are narrowed to; empty for all.
    pub group: String,
    /// How many tasks there are without the group.
    pub all_tasks: usize,
}

/// A new plan's page.
#[derive(Clone, Debug, Serialize)]
pub struct NewPlanPage {
    pub choices: Choices,
    pub typed: Form,
}

/// What the forms choose from.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Choices {
    pub kinds: Vec<Choice>,
    pub units: Vec<Choice>,
    /// Departments by code.
    pub departments: Vec<Choice>,
    pub parents: Vec<Choice>,
    pub groups: Vec<Choice>,
    /// Offices a task may charge besides its lead: `unit` or `unit/department`.
    pub offices: Vec<Choice>,
    /// Tasks of the plan above: key and title.
    pub above: Vec<Choice>,
}

/// The departments of a unit, by code.
fn departments(lang: Lang, reference: &Reference, at: &UnitPath) -> Vec<Choice> {
    let all = reference.departments_at(at).into_iter();
    all.map(|one| {
        let label = name(lang, &one.short_name, &one.name_en);
        Choice::new(one.code, label)
    })
    .collect()
}

impl Choices {
    /// Reads what the head of a plan chooses from.
    pub async fn of_head(visit: &Visit) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let lang = texts.lang();
        let kind =
            |one: &PlanKind| Choice::new(one.word(), words::word(texts, "plans.kind.", one.word()));
        let reference = visit.app.reference().await?;
        let plans = visit.app.plan_titles(&visit.actor, None).await?;
        Ok(Self {
            kinds: PlanKind::ALL.iter().map(kind).collect(),
            units: work::units(visit).await?,
            departments: departments(lang, &reference, &visit.actor.unit()),
            parents: plans
                .into_iter()
                .map(|(id, title)| Choice::new(id.to_string(), title))
                .collect(),
            ..Self::default()
        })
    }

    /// Reads what a task of a plan chooses from.
    pub async fn of_task(visit: &Visit, plan: &PlanView) -> Result<Self, Failure> {
        let mut choices = Self::of_head(visit).await?;
        let lang = visit.texts()?.lang();
        let reference = visit.app.reference().await?;
        choices.groups = reference
            .plans
            .groups
            .iter()
            .map(|one| {
                let (text, text_en) = reference.plans.path(&one.code);
                Choice::new(one.code.clone(), name(lang, &text, &text_en))
            })
            .collect();
        let own = &plan.row.office.unit;
        if let Some(unit) = reference.unit_by_code(&own.code) {
            let named = |code: &str, zh: &str, en: &str| Choice::new(code, name(lang, zh, en));
            choices
                .offices
                .push(named(&unit.code, &unit.short_name, &unit.name_en));
            for below in reference.children(&unit.path) {
                let one = named(&below.code, &below.short_name, &below.name_en);
                choices.offices.push(one);
            }
            choices.departments = departments(lang, &reference, &unit.path);
            let departments = choices.departments.clone().into_iter();
            choices.offices.extend(
                departments
                    .map(|one| Choice::new(format!("{}/{}", unit.code, one.value), one.label)),
            );
        }
        if let Some(above) = &plan.above {
            let id = PlanId(above.plan_id);
            let above = visit.app.plan_view(&visit.actor, id, None).await?;
            choices.above = above
                .tasks
                .iter()
                .map(|one| {
                    Choice::new(one.key.to_string(), format!("{} {}", one.number, one.title))
                })
                .collect();
        }
        Ok(choices)
    }
}

pub async fn new(visit: Visit) -> Answer {
    let today = visit.app.today();
    let year = today.year();
    let mine = visit.actor.posts().first();
    let unit = mine.map_or("", |post| post.unit.codes().last().unwrap_or_default());
    let mut typed = Form::default()
        .value("office", unit)
        .value("kind", "work")
        .value("from", format!("{year}-01-01"))
        .value("until", format!("{year}-12-31"));
    if let Some(parent) = visit.here.get("parent") {
        typed = typed.value("parent", parent);
    }
    let page = NewPlanPage {
        choices: Choices::of_head(&visit).await?,
        typed,
    };
    visit.page(&page).await
}

pub async fn create(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    let made = match read::head(&form) {
        Ok(input) => visit.app.plan_create(&visit.actor, &input).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(id) => {
            let next = format!("/plans/{}", id.0);
            visit.done(Message::new("plans.done.created"), &next).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let page = NewPlanPage {
                choices: Choices::of_head(&visit).await?,
                typed: Form {
                    values: form.into_iter().collect(),
                    errors,
                },
            };
            refused(&visit, &page).await
        }
    }
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let opened = visit.here.get("do").map(str::to_owned);
    let page = PlanPage::load(&visit, PlanId(id), opened, None).await?;
    visit.page(&page).await
}

pub async fn act(
    visit: Visit,
    Path((id, word)): Path<(i64, String)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let error = match perform(&visit, PlanId(id), &word, &form).await {
        Ok(next) => return visit.done(keyed("plans.done.", &word), &next).await,
        Err(error) => error,
    };
    let (status, errors) = told(&visit, error)?;
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let page = PlanPage::load(&visit, PlanId(id), Some(word), Some(typed)).await?;
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = status;
    Ok(answer)
}

/// What is wrong with a form, and with which status its page is shown again.
pub fn told(visit: &Visit, error: AppError) -> Result<(StatusCode, Vec<FieldError>), Failure> {
    Ok(match error {
        AppError::Changed { .. } => {
            let message = Message::new("plans.meanwhile");
            let field = String::new();
            (StatusCode::CONFLICT, vec![FieldError { field, message }])
        }
        other => (StatusCode::UNPROCESSABLE_ENTITY, form_errors(visit, other)?),
    })
}

/// Does what a form asks for, and returns where to go next.
async fn perform(visit: &Visit, id: PlanId, word: &str, form: &Sent) -> Result<String, AppError> {
    let (app, actor, edit) = (&visit.app, &visit.actor, read::edit(form));
    let here = format!("/plans/{}", id.0);
    match word {
        "revise" => {
            app.plan_revise(actor, id, edit).await?;
            let version = app.plan_view(actor, id, None).await?.row.version + 1;
            return Ok(format!("{here}?version={version}"));
        }
        "drop" => {
            app.plan_drop(actor, id, edit).await?;
            return Ok(match app.plan_view(actor, id, None).await {
                Ok(_) => here,
                Err(_) => "/plans".to_owned(),
            });
        }
        "adopt" => {
            let adoption = Adoption {
                on: read::day(form, "on")?,
                document_no: sent(form, "document_no").to_owned(),
                reason: sent(form, "reason").to_owned(),
            };
            app.plan_adopt(actor, id, edit, &adoption).await?;
        }
        "withdraw" => {
            app.plan_withdraw(actor, id, edit, sent(form, "reason"))
                .await?;
        }
        "head" => {
            app.plan_head_put(actor, id, edit, &read::head(form)?)
                .await?;
        }
        "task" => {
            let key = app
                .plan_task_put(actor, id, edit, None, &read::task(form)?)
                .await?;
            return Ok(format!("{here}/tasks/{key}?version=draft"));
        }
        "leave_out" => {
            let task = sent(form, "task").parse().unwrap_or_default();
            app.plan_leave_out(actor, id, edit, task, sent(form, "reason"))
                .await?;
            return Ok(format!("{here}?version=draft#above"));
        }
        _ => return Err(AppError::NotFound { what: "action" }),
    }
    Ok(here)
}

/// Reads which version an address asks for: a number, or the draft.
pub async fn asked(visit: &Visit, id: PlanId) -> Result<Option<u32>, AppError> {
    match visit.here.get("version").filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some("draft") => {
            let now = visit.app.plan_view(&visit.actor, id, None).await?;
            Ok(Some(match now.row.draft {
                true => now.row.version + 1,
                false => now.row.version,
            }))
        }
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| AppError::NotFound { what: "version" }),
    }
}

impl PlanPage {
    async fn load(
        visit: &Visit,
        id: PlanId,
        opened: Option<String>,
        typed: Option<Form>,
    ) -> Result<Self, Failure> {
        let mut version = asked(visit, id).await?;
        // A form of the draft shows the draft.
        let of_draft = ["adopt", "task", "head", "leave_out", "drop"];
        if version.is_none()
            && opened
                .as_deref()
                .is_some_and(|word| of_draft.contains(&word))
        {
            let now = visit.app.plan_view(&visit.actor, id, None).await?;
            version = now.row.draft.then_some(now.row.version + 1);
        }
        let mut plan = visit.app.plan_view(&visit.actor, id, version).await?;
        let texts = visit.texts()?;
        let rules = &visit.app.reference().await?.plans;
        let groups = grouped(rules, &plan, texts.lang());
        let all_tasks = plan.tasks.len();
        let group = visit.here.get("group").unwrap_or_default().to_owned();
        if !group.is_empty() {
            let own = |task: &TaskView| task.group.as_ref().map_or("", |one| &one.code).to_owned();
            plan.tasks
                .retain(|task| rules.is_within(&own(task), &group));
        }
        let flaw = |one: &gangmu_app::plans::FlawView| {
            (
                one.place.clone(),
                words::message(texts, one.code, &one.params),
            )
        };
        let form = opened.filter(|_| plan.may_write);
        let choices = match form.as_deref() {
            Some("head") => Choices::of_head(visit).await?,
            Some("task") => Choices::of_task(visit, &plan).await?,
            _ => Choices::default(),
        };
        let typed = typed.unwrap_or_else(|| begun(&plan, form.as_deref()));
        Ok(Self {
            flaws: plan.flaws.iter().map(flaw).collect(),
            form,
            choices,
            typed,
            today: visit.app.today().to_string(),
            may_export: visit.may(Action::Export),
            asked: version.map_or_else(String::new, |one| one.to_string()),
            supervised: visit.app.supervision_is(&visit.actor, id).await?,
            groups,
            group,
            all_tasks,
            plan,
        })
    }
}

/// The groups that tasks of a plan lie under, in the order of the rules.
fn grouped(rules: &Rules, plan: &PlanView, lang: Lang) -> Vec<(Choice, usize)> {
    let codes: Vec<&str> = plan
        .tasks
        .iter()
        .filter_map(|task| task.group.as_ref())
        .map(|one| one.code.as_str())
        .collect();
    let counted = rules.groups.iter().map(|group| {
        let n = codes
            .iter()
            .filter(|code| rules.is_within(code, &group.code));
        let label = name(lang, &group.text, &group.text_en);
        (Choice::new(group.code.clone(), label), n.count())
    });
    counted.filter(|(_, n)| *n > 0).collect()
}

/// What a form begins with.
fn begun(plan: &PlanView, form: Option<&str>) -> Form {
    let row = &plan.row;
    match form {
        Some("head") => {
            let parent = row.parent.map_or_else(String::new, |one| one.to_string());
            Form::default()
                .value("title", row.title.clone())
                .value("from", row.from.clone())
                .value("until", row.until.clone())
                .value("parent", parent)
        }
        Some("task") => Form::default()
            .value("lead", row.office.unit.code.clone())
            .value(
                "lead_department",
                row.office
                    .department
                    .as_ref()
                    .map_or_else(String::new, |one| one.code.clone()),
            )
            .value("due", row.until.clone()),
        _ => Form::default(),
    }
}
