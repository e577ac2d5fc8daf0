//! Importing tables: hand in and see what adopting would change, then adopt all of it or nothing.
//!
//! What one would get wrong: a preview is read afresh against the library every time it is asked
//! for, so it can say something else than when the file came in. An import is its owner's alone.

use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use gangmu_app::Language;
use gangmu_app::imports::{ImportOutcome, ImportPreview, ImportView, RowStatus};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::download;
use super::organisation::unknown;
use super::{Asked, At, Reply};
use crate::i18n::Lang;
use crate::import_form::HandedIn;
use crate::server::{Failure, Person, WebState};

/// The media type of the workbooks we write.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(list_imports))
        .routes(routes!(show_import))
        .routes(routes!(adopt_import))
        .routes(routes!(annotated_import))
}

/// The route that takes files.
pub fn upload_routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(hand_in))
}

/// Rows on a page where nothing else is asked for.
const PER_PAGE: i64 = 100;

/// Which rows of a preview.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Rows {
    /// new, changed, unchanged or refused; all of them when absent.
    show: Option<String>,
    /// From 1.
    page: Option<i64>,
    /// At most 500; 100 when absent.
    per_page: Option<i64>,
}

/// A form with up to four files and how they are to be read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what import_form reads")]
struct ImportForm {
    /// The table (.xlsx, .xls, .csv), then the files its profile joins; repeat the field.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
    /// A shipped profile (pnrr, worldbank) or a saved one.
    profile: Option<String>,
    /// The code of the unit that rows without a place belong to.
    unit: Option<String>,
    /// Take the rows onto this year's list.
    year: Option<i16>,
    /// The category of rows that name none: new_start, continuing, preparation, completion.
    category: Option<String>,
    /// Save monthly figures as drafts of this period, 2025-12.
    period: Option<String>,
    /// The unit of money where the file names none: 元, 万元 (when absent) or 亿元.
    money_unit: Option<String>,
    /// What a column is to be taken for; one field per column, named by its letters.
    #[schema(rename = "column.A")]
    column: Option<String>,
}

/// Hand in a table and see what adopting it would change
///
/// Nothing is changed yet. At most 32 MB and four files; the kind is found by the content. The
/// answer has the first 100 rows; the others are read page by page.
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The preview, row by row", body = ImportPreview),
        (status = 413, description = "Too large"), (status = 422, description = "The file or an option cannot be used")))]
async fn hand_in(
    State(state): State<WebState>,
    Person(actor): Person,
    request: Request,
) -> Result<Reply<ImportPreview>, Failure> {
    let form = Multipart::from_request(request, &state).await?;
    let handed = HandedIn::read(form).await?;
    handed.only_known()?;
    let options = handed.options()?;
    let preview = state.app.import_preview(&actor, handed.files, &options);
    Reply::created(preview.await?.paged(None, 1, PER_PAGE))
}

/// One's own newest imports
#[utoipa::path(get, path = "/api/v1/imports", tag = "imports",
    responses((status = 200, description = "At most 50, newest first", body = Vec<ImportView>)))]
async fn list_imports(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Reply<Vec<ImportView>>, Failure> {
    Reply::ok(state.app.import_list(&actor).await?)
}

/// What adopting an import would change, against the library as it is now
#[utoipa::path(get, path = "/api/v1/imports/{import}", tag = "imports", params(("import" = i64, Path), Rows),
    responses((status = 200, description = "The preview with a page of its rows", body = ImportPreview)))]
async fn show_import(
    State(state): State<WebState>,
    Person(actor): Person,
    At(import): At<i64>,
    Asked(rows): Asked<Rows>,
) -> Result<Reply<ImportPreview>, Failure> {
    let known = |word: String| RowStatus::from_word(&word).ok_or_else(|| unknown("show", &word));
    let show = rows.show.map(known).transpose()?;
    let per_page = rows.per_page.unwrap_or(PER_PAGE).clamp(1, 500);
    let preview = state.app.import_get(&actor, import).await?;
    Reply::ok(preview.paged(show, rows.page.unwrap_or(1), per_page))
}

/// Adopt an import: every row or none
#[utoipa::path(post, path = "/api/v1/imports/{import}/adopt", tag = "imports", params(("import" = i64, Path)),
    responses((status = 200, description = "What it did", body = ImportOutcome),
        (status = 409, description = "It was adopted already, or a project was changed meanwhile"),
        (status = 422, description = "Some rows cannot be adopted")))]
async fn adopt_import(
    State(state): State<WebState>,
    Person(actor): Person,
    At(import): At<i64>,
) -> Result<Reply<ImportOutcome>, Failure> {
    Reply::ok(state.app.import_adopt(&actor, import).await?)
}

/// The table with a comment on every bad cell, in the language asked for
#[utoipa::path(get, path = "/api/v1/imports/{import}/annotated", tag = "imports", params(("import" = i64, Path)),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn annotated_import(
    State(state): State<WebState>,
    Person(actor): Person,
    At(import): At<i64>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let language = match Lang::from_headers(&headers) {
        Lang::ZhCn => Language::Chinese,
        Lang::En => Language::English,
    };
    let made = state.app.import_annotated(&actor, import, language).await?;
    Ok(download(&made.0, XLSX, made.1))
}
