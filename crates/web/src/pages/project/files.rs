//! Documents and photos: adding, looking at, removing. What one would get wrong: a file is shown
//! in the browser only when it is a picture or a PDF; anything else is handed over as a download.

use axum::body::Body;
use axum::extract::{Multipart, Path};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use gangmu_app::AppError;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::library::Upload;

use super::ProjectPage;
use crate::i18n::Message;
use crate::pages::common::{form_errors, refused};
use crate::server::{Answer, Visit};
use crate::view::{Form, Query};

/// Adds each file of the form; stops at the first that is refused and says which.
pub async fn add(visit: Visit, Path(id): Path<i64>, mut parts: Multipart) -> Answer {
    let id = ProjectId(id);
    let mut added = 0_i64;
    while let Some(part) = parts.next_field().await? {
        if part.name() != Some("file") {
            continue;
        }
        let file_name = part.file_name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await?;
        if file_name.is_empty() && bytes.is_empty() {
            continue;
        }
        let upload = Upload { file_name, bytes };
        if let Err(error) = visit.app.attachment_add(&visit.actor, id, upload).await {
            return again(&visit, id, error).await;
        }
        added += 1;
    }
    if added == 0 {
        return again(&visit, id, AppError::invalid("attachment.empty", "file")).await;
    }
    let done = Message::new("project.done.attach").with("n", added);
    visit.done(done, &format!("/projects/{}#files", id.0)).await
}

/// Hands a file over.
pub async fn read(visit: Visit, Path((id, seq)): Path<(i64, i64)>) -> Answer {
    let (attachment, bytes) = visit
        .app
        .attachment_read(&visit.actor, ProjectId(id), seq)
        .await?;
    let shown =
        attachment.media_type.starts_with("image/") || attachment.media_type == "application/pdf";
    let how = if shown { "inline" } else { "attachment" };
    let name = encoded(&attachment.file_name);
    let head = [
        (CONTENT_TYPE, attachment.media_type),
        (
            CONTENT_DISPOSITION,
            format!("{how}; filename*=UTF-8''{name}"),
        ),
        // The content under a number never changes, but who may see it does.
        (CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((head, Body::from(bytes)).into_response())
}

/// Removes a file; its name stays on the timeline.
pub async fn remove(
    visit: Visit,
    Path((id, seq)): Path<(i64, i64)>,
) -> Result<Response, crate::server::Failure> {
    visit
        .app
        .attachment_remove(&visit.actor, ProjectId(id), seq)
        .await?;
    visit
        .done(
            Message::new("project.done.detach"),
            &format!("/projects/{id}#files"),
        )
        .await
}

async fn again(visit: &Visit, id: ProjectId, error: AppError) -> Answer {
    let errors = form_errors(visit, error)?;
    let query = Query::new(format!("/projects/{}", id.0), &[]);
    let mut page = ProjectPage::load(visit, id, &query).await?;
    page.typed = Form {
        errors,
        ..Form::default()
    };
    refused(visit, &page).await
}

/// Percent-encodes a name for the header.
fn encoded(name: &str) -> String {
    Query::new("", &[("", name)])
        .href()
        .trim_start_matches(['?', '='])
        .to_owned()
}
