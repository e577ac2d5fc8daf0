//! One project: who answers for it, who did, and ending an assignment.

use axum::Form as Posted;
use axum::extract::Path;
use gangmu_app::domain::library::ProjectId;
use serde::Serialize;

use super::row::{Held, held, held_by_duty};
use crate::assignments;
use crate::i18n::Message;
use crate::pages::common::{form_errors, refused, unit_name};
use crate::pages::work::Sent;
use crate::server::{Answer, Failure, Visit};
use crate::view::Form;

/// Who answers for a project, and who did.
#[derive(Clone, Debug, Serialize)]
pub struct ResponsibilityPage {
    pub id: i64,
    pub name: String,
    pub unit: String,
    pub today: String,
    pub duties: Vec<(String, Vec<Held>)>,
    pub others: Vec<Held>,
    pub may_assign: bool,
    pub typed: Form,
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let page = ResponsibilityPage::load(&visit, id, Form::default()).await?;
    visit.page(&page).await
}

pub async fn end(
    visit: Visit,
    Path((id, assignment)): Path<(i64, i64)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let mut wrong = Vec::new();
    let last = assignments::day(&form, "to", &mut wrong);
    let done = match wrong.is_empty() {
        true => {
            let project = ProjectId(id);
            visit
                .app
                .assignment_end(&visit.actor, project, assignment, last)
                .await
        }
        false => Err(gangmu_app::AppError::Invalid { messages: wrong }),
    };
    match done {
        Ok(()) => {
            let next = format!("/projects/{id}/responsibility");
            visit.done(Message::new("liaison.ended"), &next).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let typed = Form {
                errors,
                ..Form::default()
            };
            let page = ResponsibilityPage::load(&visit, id, typed).await?;
            refused(&visit, &page).await
        }
    }
}

impl ResponsibilityPage {
    async fn load(visit: &Visit, id: i64, typed: Form) -> Result<Self, Failure> {
        let view = visit
            .app
            .responsibility(&visit.actor, ProjectId(id), None)
            .await?;
        let texts = visit.texts()?;
        Ok(Self {
            id,
            unit: unit_name(texts.lang(), &view.unit),
            today: view.as_of,
            duties: held_by_duty(texts, &view.standing),
            others: view.others.iter().map(|one| held(texts, one)).collect(),
            may_assign: view.may_assign,
            name: view.project_name,
            typed,
        })
    }
}
