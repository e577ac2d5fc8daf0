//! Taking the files of an import.

use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use gangmu_app::imports::ImportFile;

use super::{Imports, options};
use crate::pages::work::{self, Sent};
use crate::server::{Answer, Failure, Visit};
use crate::view::Form;

/// A profile joins at most a few files.
const MOST_FILES: usize = 4;

pub(super) async fn upload(visit: Visit, multipart: Multipart) -> Answer {
    let (files, form) = parts(multipart).await?;
    match visit
        .app
        .import_preview(&visit.actor, files, &options(&form))
        .await
    {
        Ok(preview) => {
            let to = format!("/imports/{}", preview.import_id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let typed = Form {
                errors: work::problems(&visit, error)?,
                values: form.into_iter().collect(),
            };
            let html = visit.page(&Imports::load(&visit, typed).await?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
        }
    }
}

async fn parts(mut multipart: Multipart) -> Result<(Vec<ImportFile>, Sent), Failure> {
    let (mut files, mut form) = (Vec::new(), Sent::new());
    while let Some(part) = multipart.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(ToOwned::to_owned) {
            // A file field that was left empty comes with an empty name.
            Some(file) if !file.is_empty() && files.len() < MOST_FILES => files.push(ImportFile {
                name: file,
                bytes: part.bytes().await?,
            }),
            Some(_) => {}
            None => form.push((name, part.text().await?)),
        }
    }
    Ok((files, form))
}
