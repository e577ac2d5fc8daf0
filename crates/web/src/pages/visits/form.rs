//! The form of a visit: one line and a photo for a note; who was there, what stands in the way and
//! who does what until when for a dispatch on the site.

use axum::extract::{Multipart, Path};
use gangmu_app::AppError;
use gangmu_app::domain::liaison::VisitKind;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::library::Upload;
use serde::Serialize;

use crate::i18n::Message;
use crate::pages::common::{form_errors, refused};
use crate::pages::problems::departments;
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, Form};
use crate::visits;

/// The form.
#[derive(Clone, Debug, Serialize)]
pub struct VisitForm {
    pub id: i64,
    pub name: String,
    /// `note`, `visit` or `on_site`.
    pub kind: String,
    pub today: String,
    pub rows: Vec<usize>,
    pub units: Vec<Choice>,
    pub departments: Vec<Choice>,
    /// Where one goes when it is recorded.
    pub next: String,
    pub typed: Form,
}

pub async fn form(visit: Visit, Path(id): Path<i64>) -> Answer {
    let kind = visit.here.get("kind").unwrap_or("note").to_owned();
    if VisitKind::from_word(&kind).is_none() {
        return Err(AppError::NotFound { what: "page" }.into());
    }
    let next = next(visit.here.get("next").unwrap_or_default()).to_owned();
    let typed = Form::default().value("on", visit.app.today().to_string());
    let page = VisitForm::load(&visit, id, kind, next, typed).await?;
    visit.page(&page).await
}

pub async fn record(visit: Visit, Path(id): Path<i64>, parts: Multipart) -> Answer {
    let (form, photos) = work::with_files(parts).await?;
    match perform(&visit, id, &form, photos).await {
        Ok(made) => {
            let next = match next(sent(&form, "next")) {
                "" => format!("/visits/{made}"),
                next => next.to_owned(),
            };
            visit.done(Message::new("visits.recorded"), &next).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let kind = sent(&form, "kind").to_owned();
            let next = next(sent(&form, "next")).to_owned();
            let typed = Form {
                values: form.into_iter().collect(),
                errors,
            };
            let page = VisitForm::load(&visit, id, kind, next, typed).await?;
            refused(&visit, &page).await
        }
    }
}

async fn perform(
    visit: &Visit,
    id: i64,
    form: &Sent,
    photos: Vec<Upload>,
) -> Result<i64, AppError> {
    let reference = visit.app.reference().await?;
    let mut input = visits::read(&reference, form, visit.app.today())?;
    input.photos = photos;
    let project = ProjectId(id);
    visit.app.visit_record(&visit.actor, project, input).await
}

/// The one page besides its own that a note leads back to.
fn next(asked: &str) -> &str {
    if asked == "/my" { asked } else { "" }
}

impl VisitForm {
    async fn load(
        visit: &Visit,
        id: i64,
        kind: String,
        next: String,
        typed: Form,
    ) -> Result<Self, Failure> {
        let reference = visit.app.reference().await?;
        let view = visit
            .app
            .responsibility(&visit.actor, ProjectId(id), None)
            .await?;
        Ok(Self {
            id,
            name: view.project_name,
            kind,
            today: visit.app.today().to_string(),
            rows: (1..=visits::ROWS).collect(),
            units: work::units(visit).await?,
            departments: departments(visit, &reference),
            next,
            typed,
        })
    }
}
