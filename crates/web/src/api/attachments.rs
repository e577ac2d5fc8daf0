//! Documents and photos. What comes back is always a download under a plain type: nothing that was
//! uploaded is ever shown as a page of ours.

use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use gangmu_app::AppError;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::library::Upload;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{At, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(add))
        .routes(routes!(read, remove))
}

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents the form")]
struct FileForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The number of what was added.
#[derive(Serialize, ToSchema)]
struct Added {
    seq: i64,
}

/// Add a document or photo
///
/// At most 32 MB; PDF, pictures, Word and Excel files. The type is found by the content.
#[utoipa::path(post, path = "/api/v1/projects/{project}/attachments", tag = "library", params(("project" = i64, Path)),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Added", body = Added), (status = 413, description = "Too large")))]
async fn add(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    request: Request,
) -> Result<Reply<Added>, Failure> {
    let upload = read_upload(request, &state).await?;
    let seq = state
        .app
        .attachment_add(&actor, ProjectId(project), upload)
        .await?;
    Reply::created(Added { seq })
}

/// Reads the form's `file`.
///
/// # Errors
/// When there is none, or it is larger than the server takes.
pub async fn read_upload(request: Request, state: &WebState) -> Result<Upload, Failure> {
    let mut form = Multipart::from_request(request, state).await?;
    while let Some(field) = form.next_field().await? {
        if field.name() == Some("file") {
            let file_name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await?;
            return Ok(Upload { file_name, bytes });
        }
    }
    Err(AppError::invalid("field.missing", "file").into())
}

/// Download an attachment
#[utoipa::path(get, path = "/api/v1/projects/{project}/attachments/{seq}", tag = "library",
    params(("project" = i64, Path), ("seq" = i64, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream")))]
async fn read(
    State(state): State<WebState>,
    Person(actor): Person,
    At((project, seq)): At<(i64, i64)>,
) -> Result<Response, Failure> {
    let (attachment, bytes) = state
        .app
        .attachment_read(&actor, ProjectId(project), seq)
        .await?;
    Ok(download(
        &attachment.file_name,
        &attachment.media_type,
        bytes,
    ))
}

/// The media type of a .docx.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Answers with a file to be saved, never shown.
#[must_use]
pub fn download(file_name: &str, media_type: &str, bytes: Bytes) -> Response {
    let mut answer = (StatusCode::OK, bytes).into_response();
    let headers = answer.headers_mut();
    let plain = HeaderValue::from_static("application/octet-stream");
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_str(media_type).unwrap_or(plain),
    );
    let encoded: String = file_name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment")),
    );
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    answer
}

/// Take an attachment off a project
#[utoipa::path(delete, path = "/api/v1/projects/{project}/attachments/{seq}", tag = "library",
    params(("project" = i64, Path), ("seq" = i64, Path)),
    responses((status = 204, description = "Taken off; the event stays")))]
async fn remove(
    State(state): State<WebState>,
    Person(actor): Person,
    At((project, seq)): At<(i64, i64)>,
) -> Result<StatusCode, Failure> {
    state
        .app
        .attachment_remove(&actor, ProjectId(project), seq)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
