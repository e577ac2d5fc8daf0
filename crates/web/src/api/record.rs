//! What the record of approvals teaches: times, what-if, the process, event logs. What one would get
//! wrong: lengths are working days, and `until` is the first day that no longer counts.

use axum::extract::State;
use axum::response::Response;
use gangmu_app::AppError;
use gangmu_app::approvals::{
    Asked as Change, By, ProcessView, RecordQuery, TimingView, View, WhatIfView,
};
use gangmu_app::domain::approvals::MatterGroup;
use gangmu_app::event_logs::LogFormat;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::download;
use super::organisation::unknown;
use super::{Asked, At, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(timing))
        .routes(routes!(process))
        .routes(routes!(what_if))
        .routes(routes!(log))
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
    /// The first day that counts.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The first day that no longer does.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// What the rows are, or what a case is.
    by: Option<String>,
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
            from: self.from,
            until: self.until,
        })
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
    let by = |word: &String| By::from_word(word).ok_or_else(|| unknown("by", word));
    let by = part.by.as_ref().map(by).transpose()?.unwrap_or_default();
    Reply::ok(
        state
            .app
            .approval_timing(&actor, &part.query()?, by)
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
            .approval_process(&actor, &part.query()?, view)
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
