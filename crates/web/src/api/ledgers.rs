//! Ledgers handed in as tables: what adopting one would do row by row, then all of it or nothing.
//!
//! What one would get wrong: handing in changes nothing; the proposal is made afresh each time, and
//! who adopts it names the stamp of what they saw.

use axum::extract::{FromRequest as _, Multipart, Request, State};
use gangmu_app::AppError;
use gangmu_app::ledgers::{Ledger, LedgerCounts, LedgerFileView, LedgerImportView, LedgerStatus};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::organisation::unknown;
use super::{Asked, At, Body, Reply};
use crate::import_form::HandedIn;
use crate::pages::ledgers::read_form;
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(adopt))
}

/// The route that takes files.
pub fn upload_routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(hand_in))
}

/// Rows on a page where nothing else is asked for.
const PER_PAGE: i64 = 100;

/// A form with one table and how it is to be read.
#[derive(ToSchema)]
#[schema(as = LedgerTable)]
#[expect(dead_code, reason = "documents what read_form reads")]
struct TableForm {
    /// .xlsx, .xls, .csv or .docx; the kind is found by the content.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Duties: on whose side they stand where their column names no level; a unit's code.
    unit: Option<String>,
    /// Duties: whether whoever holds one is relieved by another name.
    relieve: Option<bool>,
    /// Winters: the year the season begins in; this winter's when absent.
    season: Option<i16>,
}

/// Which rows of a proposal.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Rows {
    /// new, changed, unchanged, left_out or refused; all of them when absent.
    show: Option<String>,
    /// From 1.
    page: Option<i64>,
    /// At most 500; 100 when absent.
    per_page: Option<i64>,
}

fn ledger(word: &str) -> Result<Ledger, AppError> {
    Ledger::from_word(word).ok_or(AppError::NotFound { what: "ledger" })
}

/// Hand a ledger in and see what adopting it would do
///
/// Nothing is changed yet. `table` is `problems`, `liaison` or `winter`. At most 16 MB; columns are found by their heads. The
/// answer has the first 100 rows; the others are read page by page.
#[utoipa::path(post, path = "/api/v1/ledgers/{table}/imports", tag = "imports", params(("table" = String, Path)),
    request_body(content = TableForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The proposal, row by row", body = LedgerImportView),
        (status = 422, description = "The file cannot be used")))]
async fn hand_in(
    State(state): State<WebState>,
    Person(actor): Person,
    At(table): At<String>,
    request: Request,
) -> Result<Reply<LedgerImportView>, Failure> {
    let ledger = ledger(&table)?;
    let form = Multipart::from_request(request, &state).await?;
    let handed = HandedIn::read(form).await?;
    let known = |name: &str| ["unit", "relieve", "season"].contains(&name);
    if let Some((name, _)) = handed.form.iter().find(|(name, _)| !known(name)) {
        return Err(AppError::invalid("field.unknown", name).into());
    }
    let (options, file) = read_form(ledger, handed)?;
    let made = state.app.ledger_preview(&actor, &options, file).await?;
    Reply::created(made.paged(None, 1, PER_PAGE))
}

/// One's own newest files of a ledger
#[utoipa::path(get, path = "/api/v1/ledgers/{table}/imports", tag = "imports", params(("table" = String, Path)),
    responses((status = 200, description = "At most 50, newest first", body = [LedgerFileView])))]
async fn list(
    State(state): State<WebState>,
    Person(actor): Person,
    At(table): At<String>,
) -> Result<Reply<Vec<LedgerFileView>>, Failure> {
    let ledger = ledger(&table)?;
    Reply::ok(state.app.ledger_import_list(&actor, ledger).await?)
}

/// What adopting a ledger would do, against what is there now
#[utoipa::path(get, path = "/api/v1/ledgers/{table}/imports/{import}", tag = "imports",
    params(("table" = String, Path), ("import" = i64, Path), Rows),
    responses((status = 200, description = "The proposal with a page of its rows", body = LedgerImportView)))]
async fn show(
    State(state): State<WebState>,
    Person(actor): Person,
    At((table, import)): At<(String, i64)>,
    Asked(rows): Asked<Rows>,
) -> Result<Reply<LedgerImportView>, Failure> {
    let ledger = ledger(&table)?;
    let known = |word: String| LedgerStatus::from_word(&word).ok_or_else(|| unknown("show", &word));
    let show = rows.show.map(known).transpose()?;
    let per_page = rows.per_page.unwrap_or(PER_PAGE).clamp(1, 500);
    let made = state.app.ledger_import_get(&actor, ledger, import).await?;
    Reply::ok(made.paged(show, rows.page.unwrap_or(1), per_page))
}

/// Which proposal is adopted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LedgerAdoption)]
struct Adoption {
    /// The stamp of the proposal that was looked at.
    stamp: String,
}

/// Adopt a ledger: every row or none
#[utoipa::path(post, path = "/api/v1/ledgers/{table}/imports/{import}/adopt", tag = "imports",
    params(("table" = String, Path), ("import" = i64, Path)), request_body = Adoption,
    responses((status = 200, description = "What it did", body = LedgerCounts),
        (status = 409, description = "Adopted already, or it proposes something else now"),
        (status = 422, description = "Some rows cannot be adopted")))]
async fn adopt(
    State(state): State<WebState>,
    Person(actor): Person,
    At((table, import)): At<(String, i64)>,
    Body(asked): Body<Adoption>,
) -> Result<Reply<LedgerCounts>, Failure> {
    let ledger = ledger(&table)?;
    let seen = Some(asked.stamp.as_str());
    let done = state.app.ledger_adopt(&actor, ledger, import, seen);
    Reply::ok(done.await?)
}
