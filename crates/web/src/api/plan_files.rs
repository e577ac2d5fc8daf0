//! Files of plans: tables handed in for a draft, and what proves a value that was handed in.
//!
//! What one would get wrong: handing a table in changes nothing; what it would make of the draft is
//! read afresh each time it is asked for, and adopting takes all of it or nothing.

use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::response::Response;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::imports::ImportFile;
use gangmu_app::library::Upload;
use gangmu_app::plans::{PlanImportOutcome, PlanImportRow, PlanImportView, ValueInput};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::{download, read_upload};
use super::{At, Body, Reply};
use crate::import_form::HandedIn;
use crate::pages::plans::day;
use crate::pages::work::sent;
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(imports))
        .routes(routes!(import))
        .routes(routes!(adopt))
        .routes(routes!(evidence))
}

/// The routes that take files.
pub fn upload_routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(hand_in))
        .routes(routes!(prove))
}

/// A form with one table.
#[derive(ToSchema)]
#[schema(as = PlanTable)]
#[expect(dead_code, reason = "documents the form")]
struct TableForm {
    /// .docx, .xlsx, .xls or .csv; the kind is found by the content.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Hand a table of tasks in and see what adopting it would make of the draft
///
/// Nothing is changed yet. At most 16 MB; columns are found by their heads.
#[utoipa::path(post, path = "/api/v1/plans/{plan}/imports", tag = "plans", params(("plan" = i64, Path)),
    request_body(content = TableForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The proposal, task by task", body = PlanImportView),
        (status = 409, description = "Nothing is being written"),
        (status = 422, description = "The file cannot be used")))]
async fn hand_in(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
    request: Request,
) -> Result<Reply<PlanImportView>, Failure> {
    let Upload { file_name, bytes } = read_upload(request, &state).await?;
    let file = ImportFile {
        name: file_name,
        bytes,
    };
    let made = state.app.plan_import_preview(&actor, PlanId(id), file);
    Reply::created(made.await?)
}

/// The tables that were handed in for a plan, newest first
#[utoipa::path(get, path = "/api/v1/plans/{plan}/imports", tag = "plans", params(("plan" = i64, Path)),
    responses((status = 200, description = "At most 50", body = [PlanImportRow])))]
async fn imports(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<Reply<Vec<PlanImportRow>>, Failure> {
    Reply::ok(state.app.plan_import_list(&actor, PlanId(id)).await?)
}

/// What adopting a table would make of the draft as it is now
#[utoipa::path(get, path = "/api/v1/plans/{plan}/imports/{import}", tag = "plans",
    params(("plan" = i64, Path), ("import" = i64, Path)),
    responses((status = 200, description = "The proposal, task by task", body = PlanImportView)))]
async fn import(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, import)): At<(i64, i64)>,
) -> Result<Reply<PlanImportView>, Failure> {
    Reply::ok(
        state
            .app
            .plan_import_get(&actor, PlanId(id), import)
            .await?,
    )
}

/// On which edit a table is adopted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanImportAdoption)]
struct Adoption {
    /// The edit of the plan that was looked at.
    edit: i64,
}

/// Write a table into the draft: all of it or nothing
#[utoipa::path(post, path = "/api/v1/plans/{plan}/imports/{import}/adopt", tag = "plans",
    params(("plan" = i64, Path), ("import" = i64, Path)), request_body = Adoption,
    responses((status = 200, description = "What it did", body = PlanImportOutcome),
        (status = 409, description = "Adopted already, nothing is being written, or changed meanwhile"),
        (status = 422, description = "Some tasks cannot be read")))]
async fn adopt(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, import)): At<(i64, i64)>,
    Body(asked): Body<Adoption>,
) -> Result<Reply<PlanImportOutcome>, Failure> {
    let edit = Some(asked.edit);
    let done = state
        .app
        .plan_import_adopt(&actor, PlanId(id), import, edit);
    Reply::ok(done.await?)
}

/// A value with the files that prove it.
#[derive(ToSchema)]
#[schema(as = PlanProof)]
#[expect(dead_code, reason = "documents the form")]
struct ProofForm {
    /// In the indicator's unit, as a decimal text.
    value: String,
    /// The day it was true, 2025-11-30; today when absent.
    on: Option<String>,
    /// What proves it, in words; may be absent where files do.
    evidence: Option<String>,
    /// PDF, pictures, Word and Excel files; repeat the field.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// The value that was handed in.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanProved)]
struct Proved {
    /// Counts the values of the indicator.
    value: i64,
}

/// Hand a value in together with the files that prove it
#[utoipa::path(post, path = "/api/v1/plans/{plan}/indicators/{indicator}/proofs", tag = "plans",
    params(("plan" = i64, Path), ("indicator" = u32, Path)),
    request_body(content = ProofForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Handed in", body = Proved),
        (status = 409, description = "The indicator is computed, or the plan is not in force"),
        (status = 413, description = "Too large")))]
async fn prove(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, indicator)): At<(i64, u32)>,
    request: Request,
) -> Result<Reply<Proved>, Failure> {
    let form = Multipart::from_request(request, &state).await?;
    let HandedIn { files, form } = HandedIn::read(form).await?;
    let on = day(&form, "on")?;
    let upload = |file: ImportFile| Upload {
        file_name: file.name,
        bytes: file.bytes,
    };
    let input = ValueInput {
        on,
        value: sent(&form, "value").to_owned(),
        evidence: sent(&form, "evidence").to_owned(),
        files: files.into_iter().map(upload).collect(),
    };
    let made = state
        .app
        .plan_value_put(&actor, PlanId(id), indicator, input);
    Reply::created(Proved { value: made.await? })
}

/// A file that proves a value
#[utoipa::path(get, path = "/api/v1/plans/{plan}/indicators/{indicator}/proofs/{value}/{file}", tag = "plans",
    params(("plan" = i64, Path), ("indicator" = u32, Path), ("value" = i64, Path), ("file" = i64, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream")))]
async fn evidence(
    State(state): State<WebState>,
    Person(actor): Person,
    At((id, indicator, value, file)): At<(i64, u32, i64, i64)>,
) -> Result<Response, Failure> {
    let place = (indicator, value, file);
    let found = state.app.plan_evidence_read(&actor, PlanId(id), place);
    let (row, bytes) = found.await?;
    Ok(download(&row.file_name, &row.media_type, bytes))
}
