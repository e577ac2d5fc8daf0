//! What the record of approvals teaches: times, what-if, the process, event logs. What one would get
//! wrong: lengths are working days, and `until` is the first day that no longer counts.

use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use gangmu_app::AppError;
use gangmu_app::approvals::{
    Among, Asked as Change, By, ProcessView, RecordQuery, TimedPage, TimingView, View, WhatIfView,
};
use gangmu_app::domain::approvals::MatterGroup;
use gangmu_app::event_logs::{Drawn, LogAnalysis, LogFormat};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::download;
use super::imports::XLSX;
use super::organisation::unknown;
use super::{Asked, At, Reply};
use crate::i18n::Lang;
use crate::import_form::HandedIn;
use crate::pages::approvals::record::{log_options, log_refused};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(timing))
        .routes(routes!(timing_matters))
        .routes(routes!(timing_table))
        .routes(routes!(process))
        .routes(routes!(what_if))
        .routes(routes!(log))
}

/// The route that takes logs.
pub fn upload_routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(analyse))
}

/// Which part of the record.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Part {
    /// The unit's code; the top of one's scope when absent.
    unit: Option<String>,
    /// initiation, `land_planning`, assessment, construction, acceptance.
    group: Option<String>,
    /// A matter's code.
    matter: Option<String>,
    /// A lead department's code.
    department: Option<String>,
    /// The code of the unit whose office decides or has it; of the times only.
    office: Option<String>,
    /// The first day that counts.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The first day that no longer does.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// What the rows are, or what a case is.
    by: Option<String>,
    /// Of the matters behind the times only: all, decided, refused, open, `open_late`,
    /// `promise_missed`, `law_missed`, returned.
    among: Option<String>,
    /// Of the matters behind the times only: from 1.
    page: Option<i64>,
}

impl Part {
    fn query(&self) -> Result<RecordQuery, AppError> {
        let group =
            |word: &String| MatterGroup::from_word(word).ok_or_else(|| unknown("group", word));
        Ok(RecordQuery {
            unit: self.unit.clone(),
            group: self.group.as_ref().map(group).transpose()?,
            item: self.matter.clone(),
            department: self.department.clone(),
            office: self.office.clone(),
            from: self.from,
            until: self.until,
        })
    }

    fn by(&self) -> Result<By, AppError> {
        let by = |word: &String| By::from_word(word).ok_or_else(|| unknown("by", word));
        Ok(self.by.as_ref().map(by).transpose()?.unwrap_or_default())
    }

    fn view(&self) -> Result<View, AppError> {
        let view = |word: &String| View::from_word(word).ok_or_else(|| unknown("by", word));
        let view = self.by.as_ref().map(view).transpose()?;
        Ok(view.unwrap_or_default())
    }
}

/// How long matters take, by matter, department, unit or office
#[utoipa::path(get, path = "/api/v1/approvals/timing", tag = "approvals", params(Part),
    responses((status = 200, description = "Working days, rates, limits elsewhere", body = TimingView)))]
async fn timing(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(part): Asked<Part>,
) -> Result<Reply<TimingView>, Failure> {
    let by = part.by()?;
    Reply::ok(
        state
            .app
            .approval_timing(&actor, &part.query()?, by)
            .await?,
    )
}

/// How long matters take, as a workbook
#[utoipa::path(get, path = "/api/v1/approvals/timing.xlsx", tag = "approvals", params(Part),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn timing_table(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(part): Asked<Part>,
) -> Result<Response, Failure> {
    let (app, by) = (&state.app, part.by()?);
    let made = app.export_timing(&actor, &part.query()?, by).await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// The matters behind the times, those that took longest first
#[utoipa::path(get, path = "/api/v1/approvals/timing/matters", tag = "approvals", params(Part),
    responses((status = 200, description = "A page of matters", body = TimedPage)))]
async fn timing_matters(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(part): Asked<Part>,
) -> Result<Reply<TimedPage>, Failure> {
    let among = |word: &String| Among::from_word(word).ok_or_else(|| unknown("among", word));
    let among = part.among.as_ref().map(among).transpose()?;
    let (app, page) = (&state.app, part.page.unwrap_or(1));
    Reply::ok(
        app.approval_timing_matters(&actor, &part.query()?, among.unwrap_or_default(), page)
            .await?,
    )
}

/// The process as it was: what followed what, by matters or by projects
#[utoipa::path(get, path = "/api/v1/approvals/process", tag = "approvals", params(Part),
    responses((status = 200, description = "Counts and working days", body = ProcessView)))]
async fn process(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(part): Asked<Part>,
) -> Result<Reply<ProcessView>, Failure> {
    let view = part.view()?;
    Reply::ok(
        state
            .app
            .approval_process(&actor, &part.query()?, view, Drawn::Usual)
            .await?,
    )
}

/// What to try.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Trial {
    /// The unit's code; the top of one's scope when absent.
    unit: Option<String>,
    /// The code of the matter that is cut, or no longer waits.
    matter: Option<String>,
    /// By how many working days; 1 when absent.
    days: Option<u32>,
    /// The code of the matter it no longer waits for; then nothing is cut.
    beside: Option<String>,
}

/// What a change would do to the starts of all running projects, and which change frees most
#[utoipa::path(get, path = "/api/v1/approvals/what-if", tag = "approvals", params(Trial),
    responses((status = 200, description = "Working days and investment", body = WhatIfView)))]
async fn what_if(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(trial): Asked<Trial>,
) -> Result<Reply<WhatIfView>, Failure> {
    let days = trial.days.unwrap_or(1);
    let change = Change::read(trial.matter.as_deref(), trial.beside.as_deref(), days);
    let app = &state.app;
    Reply::ok(
        app.approval_what_if(&actor, trial.unit.as_deref(), 1, change.as_ref())
            .await?,
    )
}

/// The acts of one's cases as an event log: xes, xes.gz, jsonocel
#[utoipa::path(get, path = "/api/v1/approvals/logs/{format}", tag = "approvals", params(("format" = String, Path), Part),
    responses((status = 200, description = "The file", content_type = "application/octet-stream")))]
async fn log(
    State(state): State<WebState>,
    Person(actor): Person,
    At(format): At<String>,
    Asked(part): Asked<Part>,
) -> Result<Response, Failure> {
    let format = LogFormat::of_name(&format!("log.{format}"));
    let format = format.ok_or(AppError::NotFound { what: "page" })?;
    let (app, view) = (&state.app, part.view()?);
    let made = app
        .approval_log(&actor, &part.query()?, view, format)
        .await?;
    Ok(download(
        &made.name,
        "application/octet-stream",
        made.bytes.into(),
    ))
}

/// A form with a log and what to analyse it by.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what import_form reads")]
struct LogForm {
    /// XES, XES in gzip, CSV or OCEL 2.0 JSON.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The case attribute with the deadline; `deadline` where there is one.
    deadline: Option<String>,
    /// The case attribute with the end; `enddate` where there is one, else the last event.
    closed: Option<String>,
    /// The type of objects that are cases, in an OCEL log with several.
    object: Option<String>,
    /// Draw only steps that came up so often in a hundred cases.
    rare: Option<u32>,
}

/// Analyse somebody else's event log
///
/// Lengths are milliseconds. At most 64 MB, 256 MB unpacked; neither file nor result is kept.
#[utoipa::path(post, path = "/api/v1/approvals/logs/analysis", tag = "approvals",
    request_body(content = LogForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "What it teaches", body = LogAnalysis),
        (status = 413, description = "Too large"), (status = 422, description = "It is no log, or lacks what was named")))]
async fn analyse(
    State(state): State<WebState>,
    Person(actor): Person,
    headers: HeaderMap,
    request: Request,
) -> Result<Reply<LogAnalysis>, Failure> {
    let form = Multipart::from_request(request, &state).await?;
    let mut handed = HandedIn::read(form).await?;
    let file = handed.files.drain(..).next();
    let file = file.ok_or_else(|| AppError::invalid("field.missing", "file"))?;
    let options = log_options(&handed.form)?;
    let found = state.app.log_analyse(&actor, file.bytes, options).await?;
    let lang = Lang::from_headers(&headers);
    Reply::ok(found.map_err(|error| log_refused(&error, lang))?)
}
