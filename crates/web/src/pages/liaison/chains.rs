//! The industrial chains with their projects and who answers for each; the form that sets somebody
//! for a chain or a task. What one would get wrong: which projects a chain has follows from their
//! industries, so every figure leads to the list of those industries. (产业链、链长)

use axum::Form as Posted;
use axum::extract::Path;
use gangmu_app::AppError;
use gangmu_app::domain::liaison::{About, Duty};
use gangmu_app::domain::organisation::Action;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::liaison::{AboutView, ChainView};
use serde::Serialize;

use super::assign::person;
use super::row::{Held, held, held_by_duty};
use crate::assignments::{self, day};
use crate::i18n::{Message, Texts};
use crate::pages::common::{form_errors, name, refused};
use crate::pages::imports::workbook;
use crate::pages::problems::departments;
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{Choice, Form, Query};

/// The chains.
#[derive(Clone, Debug, Serialize)]
pub struct Chains {
    pub query: Query,
    pub units: Vec<Choice>,
    pub today: String,
    /// What the grouping is called; empty when there is none.
    pub grouping: String,
    pub rows: Vec<Row>,
    pub may_assign: bool,
    pub may_export: bool,
}

/// A chain.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub projects: i64,
    /// In yuan.
    pub investment: i64,
    pub red: i64,
    /// The projects, and those with a red light.
    pub href: String,
    pub red_href: String,
    pub duties: Vec<(String, Vec<Held>)>,
    pub others: Vec<Held>,
}

/// The form that sets somebody for a chain or a task.
#[derive(Clone, Debug, Serialize)]
pub struct NewCharge {
    /// As the address has it.
    pub about: String,
    pub name: String,
    pub back: String,
    pub standing: Vec<Held>,
    pub duties: Vec<Choice>,
    pub units: Vec<Choice>,
    pub people: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub today: String,
    pub typed: Form,
}

/// Somebody's charge, on their page.
#[derive(Clone, Debug, Serialize)]
pub struct Charge {
    pub kind: String,
    pub name: String,
    pub href: String,
    pub duty: String,
    pub unit: String,
    pub from: String,
    /// What the chain comes to; none for a task.
    pub chain: Option<Sum>,
}

/// The projects of a chain on one unit's side.
#[derive(Clone, Debug, Serialize)]
pub struct Sum {
    pub projects: i64,
    /// In yuan.
    pub investment: i64,
    pub red: i64,
    /// The projects, and those with a red light.
    pub href: String,
    pub red_href: String,
}

pub async fn export(visit: Visit) -> Answer {
    let unit = visit.here.get("unit").filter(|code| !code.is_empty());
    let made = visit.app.export_chains(&visit.actor, unit).await?;
    Ok(workbook(&made.name, made.bytes))
}

pub async fn show(visit: Visit) -> Answer {
    let unit = visit.here.get("unit").filter(|code| !code.is_empty());
    let found = visit.app.chains(&visit.actor, unit).await?;
    let texts = visit.texts()?;
    let grouping = found.grouping.as_ref();
    let page = Chains {
        query: visit.here.clone(),
        units: work::units(&visit).await?,
        today: found.day.clone(),
        grouping: grouping.map_or_else(String::new, |one| {
            name(texts.lang(), &one.name, &one.name_en)
        }),
        rows: found
            .chains
            .iter()
            .map(|one| row(texts, one, unit.unwrap_or_default()))
            .collect(),
        may_assign: found.may_assign,
        may_export: visit.may(Action::Export),
    };
    visit.page(&page).await
}

/// The list of the projects in hand that some industries have in a unit.
fn projects(divisions: &[String], unit: &str) -> Query {
    let stages = ["concept", "reserve", "preparation", "implementation"];
    let mut params: Vec<(&str, &str)> = stages.iter().map(|one| ("stage", *one)).collect();
    params.extend(divisions.iter().map(|one| ("industry", one.as_str())));
    Query::new("/projects", &params).with("unit", unit)
}

fn row(texts: &Texts, view: &ChainView, unit: &str) -> Row {
    let list = projects(&view.divisions, unit);
    Row {
        code: view.chain.code.clone(),
        name: name(texts.lang(), &view.chain.name, &view.chain.name_en),
        projects: view.projects,
        investment: view.total_investment,
        red: view.red,
        red_href: list.with("light", "red").href(),
        href: list.href(),
        duties: held_by_duty(texts, &view.standing),
        others: view.others.iter().map(|one| held(texts, one)).collect(),
    }
}

/// Reads what the address is about; a project has its own pages.
fn about(text: &str) -> Result<About, AppError> {
    About::from_text(text)
        .filter(|about| about.project().is_none())
        .ok_or(AppError::NotFound { what: "page" })
}

/// Where it stands.
fn place(about: &About) -> String {
    match about {
        About::Task { plan, task } => format!("/plans/{}/tasks/{task}", plan.0),
        _ => "/liaison/chains".to_owned(),
    }
}

pub async fn form(visit: Visit, Path(text): Path<String>) -> Answer {
    let page = NewCharge::load(&visit, &about(&text)?, Form::default()).await?;
    visit.page(&page).await
}

pub async fn set(visit: Visit, Path(text): Path<String>, Posted(form): Posted<Sent>) -> Answer {
    let about = about(&text)?;
    let reference = visit.app.reference().await?;
    let done = match assignments::read(&reference, &form) {
        Ok(input) => visit.app.charge(&visit.actor, &about, &input).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let next = place(&about);
            visit.done(Message::new("liaison.charged"), &next).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let typed = Form {
                values: form.into_iter().collect(),
                errors,
            };
            let page = NewCharge::load(&visit, &about, typed).await?;
            refused(&visit, &page).await
        }
    }
}

pub async fn end(
    visit: Visit,
    Path((text, id)): Path<(String, i64)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let about = about(&text)?;
    let mut wrong = Vec::new();
    let last = day(&form, "to", &mut wrong);
    let done = match wrong.is_empty() {
        true => visit.app.charge_end(&visit.actor, &about, id, last).await,
        false => Err(AppError::Invalid { messages: wrong }),
    };
    match done {
        Ok(()) => {
            let next = place(&about);
            visit
                .done(Message::new("liaison.charge_ended"), &next)
                .await
        }
        Err(error) => {
            let typed = Form {
                values: [("ends".to_owned(), sent(&form, "to").to_owned())].into(),
                errors: form_errors(&visit, error)?,
            };
            let page = NewCharge::load(&visit, &about, typed).await?;
            refused(&visit, &page).await
        }
    }
}

impl NewCharge {
    async fn load(visit: &Visit, about: &About, typed: Form) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let (called, standing) = match about {
            About::Task { plan, task } => {
                let view = visit.app.plan_view(&visit.actor, *plan, None).await?;
                let found = view.tasks.iter().find(|one| one.key == *task);
                let title = found.map(|one| one.title.clone());
                let held = visit
                    .app
                    .charges_of_task(&visit.actor, *plan, *task)
                    .await?;
                (title, held)
            }
            _ => {
                let found = visit.app.chains(&visit.actor, None).await?;
                let text = about.text();
                let code = text.split_once(':').map_or("", |(_, code)| code);
                let chain = found.chains.into_iter().find(|one| one.chain.code == code);
                chain.map_or((None, Vec::new()), |one| {
                    let called = name(texts.lang(), &one.chain.name, &one.chain.name_en);
                    (Some(called), one.standing)
                })
            }
        };
        let called = called.ok_or(AppError::NotFound { what: "page" })?;
        let people = visit.app.assign_candidates(&visit.actor).await?;
        let duty = |duty: &Duty| {
            let label = words::word(texts, "liaison.duty.", duty.word());
            Choice::new(duty.word(), label)
        };
        let reference = visit.app.reference().await?;
        let standing = standing.iter().filter(|one| one.standing);
        Ok(Self {
            about: about.text(),
            name: called,
            back: place(about),
            standing: standing.map(|one| held(texts, one)).collect(),
            duties: Duty::ALL.iter().map(duty).collect(),
            units: work::units(visit).await?,
            people: people.iter().map(|one| person(texts, one)).collect(),
            departments: departments(visit, &reference),
            today: visit.app.today().to_string(),
            typed,
        })
    }
}

/// Who answers for a task today.
pub async fn of_task(visit: &Visit, plan: PlanId, task: u32) -> Result<Vec<Held>, Failure> {
    let texts = visit.texts()?;
    let found = visit.app.charges_of_task(&visit.actor, plan, task).await?;
    let standing = found.iter().filter(|one| one.standing);
    Ok(standing.map(|one| held(texts, one)).collect())
}

/// Words what somebody answers for.
pub fn charge(texts: &Texts, view: &gangmu_app::liaison::ChargeView) -> Charge {
    let held = held(texts, &view.held);
    Charge {
        kind: view.about.kind.to_owned(),
        name: name(texts.lang(), &view.about.name, &view.about.name_en),
        href: href(&view.about),
        duty: held.duty,
        unit: held.unit,
        from: held.from,
        chain: view.chain.as_ref().map(|one| {
            let list = projects(&one.divisions, &one.unit_code);
            Sum {
                projects: one.projects,
                investment: one.total_investment,
                red: one.red,
                red_href: list.with("light", "red").href(),
                href: list.href(),
            }
        }),
    }
}

/// Where a chain or task stands.
pub fn href(view: &AboutView) -> String {
    match (view.plan_id, view.task) {
        (Some(plan), Some(task)) => format!("/plans/{plan}/tasks/{task}"),
        _ => format!("/liaison/chains#{}", view.code),
    }
}
