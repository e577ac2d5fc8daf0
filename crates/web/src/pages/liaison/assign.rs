//! Setting somebody for the projects that were ticked. What one would get wrong: all of them are
//! set or none; what stands against it names each project.

use axum::Form as Posted;
use gangmu_app::domain::liaison::Duty;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::liaison::CandidateView;
use serde::Serialize;

use crate::assignments;
use crate::i18n::{Message, Texts};
use crate::pages::common::{form_errors, refused, unit_name};
use crate::pages::problems::departments;
use crate::pages::work::{self, Sent};
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{Choice, Form};

/// The form.
#[derive(Clone, Debug, Serialize)]
pub struct NewAssignment {
    pub projects: Vec<Project>,
    pub duties: Vec<Choice>,
    pub units: Vec<Choice>,
    pub people: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub today: String,
    pub typed: Form,
}

/// A project to set somebody for.
#[derive(Clone, Debug, Serialize)]
pub struct Project {
    pub id: i64,
    pub name: String,
    pub unit: String,
}

pub async fn form(visit: Visit) -> Answer {
    let ids = assignments::projects(&visit.here.params);
    let mut typed = Form::default();
    for name in ["duty", "unit"] {
        if let Some(value) = visit.here.get(name) {
            typed = typed.value(name, value);
        }
    }
    let page = NewAssignment::load(&visit, &ids, typed).await?;
    visit.page(&page).await
}

pub async fn assign(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    let ids = assignments::projects(&form);
    let reference = visit.app.reference().await?;
    let done = match assignments::read(&reference, &form) {
        Ok(input) => visit.app.assign(&visit.actor, &input).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(n) => {
            let next = match ids.as_slice() {
                [one] => format!("/projects/{one}/responsibility"),
                _ => "/liaison".to_owned(),
            };
            let n = i64::try_from(n).unwrap_or(i64::MAX);
            let message = Message::new("liaison.assigned").with("n", n);
            visit.done(message, &next).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let typed = Form {
                values: form.into_iter().collect(),
                errors,
            };
            let page = NewAssignment::load(&visit, &ids, typed).await?;
            refused(&visit, &page).await
        }
    }
}

impl NewAssignment {
    async fn load(visit: &Visit, ids: &[i64], typed: Form) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let people = visit.app.assign_candidates(&visit.actor).await?;
        let mut projects = Vec::with_capacity(ids.len());
        for id in ids {
            let view = visit
                .app
                .responsibility(&visit.actor, ProjectId(*id), None)
                .await?;
            projects.push(Project {
                id: *id,
                name: view.project_name,
                unit: unit_name(texts.lang(), &view.unit),
            });
        }
        let duty = |duty: &Duty| {
            let label = words::word(texts, "liaison.duty.", duty.word());
            Choice::new(duty.word(), label)
        };
        let reference = visit.app.reference().await?;
        Ok(Self {
            projects,
            duties: Duty::ALL.iter().map(duty).collect(),
            units: work::units(visit).await?,
            people: people.iter().map(|one| person(texts, one)).collect(),
            departments: departments(visit, &reference),
            today: visit.app.today().to_string(),
            typed,
        })
    }
}

/// Somebody to choose: how they are named, where and what their post is.
pub fn person(texts: &Texts, view: &CandidateView) -> Choice {
    let unit = unit_name(texts.lang(), &view.unit);
    let role = words::word(texts, "role.", view.role);
    Choice::new(
        view.user_id.to_string(),
        format!("{} · {unit} · {role}", view.name),
    )
}
