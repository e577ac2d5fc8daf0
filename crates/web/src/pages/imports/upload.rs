//! Taking the files of an import.

use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use gangmu_app::AppError;
use gangmu_app::imports::ImportPreview;

use super::Imports;
use crate::import_form::HandedIn;
use crate::pages::work;
use crate::server::{Answer, Visit};
use crate::view::Form;

pub(super) async fn upload(visit: Visit, multipart: Multipart) -> Answer {
    let mut handed = HandedIn::read(multipart).await?;
    match preview(&visit, &mut handed).await {
        Ok(preview) => {
            let to = format!("/imports/{}", preview.import_id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let typed = Form {
                errors: work::problems(&visit, error)?,
                values: handed.form.into_iter().collect(),
            };
            let html = visit.page(&Imports::load(&visit, typed).await?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
        }
    }
}

async fn preview(visit: &Visit, handed: &mut HandedIn) -> Result<ImportPreview, AppError> {
    let options = handed.options()?;
    let files = std::mem::take(&mut handed.files);
    visit
        .app
        .import_preview(&visit.actor, files, &options)
        .await
}
