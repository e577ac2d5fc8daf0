//! Doing something with a matter: asks the app, and shows the case again with everything that is
//! wrong with the form.

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use gangmu_app::AppError;
use gangmu_app::domain::approvals::ActKind;
use gangmu_app::domain::library::ProjectId;

use super::case::{CasePage, Opened};
use crate::acts;
use crate::i18n::Message;
use crate::pages::common::{form_errors, keyed};
use crate::pages::work::Sent;
use crate::server::{Answer, Visit};
use crate::view::{FieldError, Form};

/// Takes the form of an act.
pub async fn act(
    visit: Visit,
    Path((id, matter, word)): Path<(i64, String, String)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let project = ProjectId(id);
    match perform(&visit, project, &matter, &word, &form).await {
        Ok(()) => {
            let done = keyed("approvals.done.", &word);
            let next = format!("/projects/{id}/approvals#matter-{matter}");
            visit.done(done, &next).await
        }
        Err(error) => {
            let (status, errors) = match error {
                AppError::Changed { .. } => (StatusCode::CONFLICT, vec![changed()]),
                other => (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    form_errors(&visit, other)?,
                ),
            };
            let opened = Opened {
                matter,
                word,
                typed: Form {
                    values: form.into_iter().collect(),
                    errors,
                },
            };
            let page = CasePage::load(&visit, project, None, Some(opened)).await?;
            let mut answer = visit.page(&page).await?;
            *answer.status_mut() = status;
            Ok(answer)
        }
    }
}

fn changed() -> FieldError {
    FieldError {
        field: String::new(),
        message: Message::new("approvals.changed"),
    }
}

async fn perform(
    visit: &Visit,
    project: ProjectId,
    matter: &str,
    word: &str,
    form: &Sent,
) -> Result<(), AppError> {
    let kind = ActKind::from_word(word).ok_or(AppError::NotFound { what: "action" })?;
    let reference = visit.app.reference().await?;
    let input = acts::read(&reference, kind, form)?;
    visit
        .app
        .item_act(&visit.actor, project, matter, &input)
        .await?;
    Ok(())
}
