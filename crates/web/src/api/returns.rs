//! Monthly returns: the grid's rows, drafts, submitting, correcting.
//!
//! A save names the version it was made from. When somebody else saved meanwhile the answer is 409
//! with the row as it is now (`current`); when checks stop a submission, 422 with `findings`.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::dispatch::{
    CorrectionView, Filing, FindingView, GridRow, KeptDates, ReturnEventView, TypedReturn,
};
use gangmu_app::domain::dispatch::{Figures, SiteStatus};
use gangmu_app::domain::library::{FundingSource, ProjectId};
use gangmu_app::domain::{Period, Yuan};
use gangmu_app::library::ListQuery;
use gangmu_app::metrics::RatioView;
use gangmu_app::{Actor, AppError, Message};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::periods::InUnit;
use super::wire::period;
use super::{Asked, At, Body, Reply};
use crate::i18n::{Lang, Texts};
use crate::pages::common::name;
use crate::server::{Failure, Person, WebState, words};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(grid, file_batch))
        .routes(routes!(row, save))
        .routes(routes!(submit))
        .routes(routes!(correct))
        .routes(routes!(events))
}

const MOST_TEXT: usize = 4_000;

/// What a reporter types into a return, made from the version they saw.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TypedBody {
    /// The version it was made from.
    version: i64,
    /// Investment in the month, yuan; null for nothing typed.
    month_investment: Option<i64>,
    /// Money that came in during the month by source, yuan.
    #[serde(default)]
    funds: BTreeMap<String, i64>,
    /// not_started, working, stopped, completed; empty for none.
    #[serde(default)]
    site_status: Option<String>,
    /// When works began, if this month; absent leaves it as it is, null or empty clears it.
    #[serde(default, deserialize_with = "present")]
    started_on: Option<Option<String>>,
    /// When it went into operation, if this month; absent leaves it as it is.
    #[serde(default, deserialize_with = "present")]
    finished_on: Option<Option<String>>,
    /// Progress in words.
    #[serde(default)]
    image_progress: String,
    /// Problems in words.
    #[serde(default)]
    problems: String,
    /// Why a figure is negative.
    #[serde(default)]
    correction_reason: String,
    /// Explanations of warnings, by the check's word.
    #[serde(default)]
    explanations: BTreeMap<String, String>,
}

/// Tells "absent" from "null".
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

impl TypedBody {
    /// Says which dates were not named.
    fn kept(&self) -> KeptDates {
        KeptDates {
            started_on: self.started_on.is_none(),
            finished_on: self.finished_on.is_none(),
        }
    }

    /// Reads what was typed for a return.
    fn returned(&self, project: ProjectId) -> Result<TypedReturn, AppError> {
        Ok(TypedReturn {
            project,
            version: self.version,
            figures: self.figures(None)?,
            kept: self.kept(),
        })
    }

    /// Reads what was typed; dates that were not named stay as `before` has them.
    fn figures(&self, before: Option<&GridRow>) -> Result<Figures, AppError> {
        let mut messages = Vec::new();
        let mut wrong = |code: &str, field: &str, found: String| {
            messages.push(Message::new(code, field, [found]));
        };
        let mut funds = BTreeMap::new();
        for (word, yuan) in &self.funds {
            match FundingSource::from_word(word) {
                Some(source) => {
                    funds.insert(source, Yuan(*yuan));
                }
                None => wrong("field.unknown_word", "funds", word.clone()),
            }
        }
        let status = self.site_status.as_deref().filter(|word| !word.is_empty());
        let site_status = status.and_then(SiteStatus::from_word);
        if let (Some(word), None) = (status, site_status) {
            wrong("field.unknown_word", "site_status", word.to_owned());
        }
        let mut date = |typed: &Option<Option<String>>, kept: &Option<String>, field: &str| {
            let text = typed
                .as_ref()
                .unwrap_or(kept)
                .as_deref()
                .unwrap_or_default();
            let day = text.parse::<Date>().ok();
            if day.is_none() && !text.is_empty() {
                wrong("field.not_a_date", field, text.to_owned());
            }
            day
        };
        let kept = |of: fn(&GridRow) -> &Option<String>| before.and_then(|row| of(row).clone());
        let (start, finish) = (kept(|row| &row.started_on), kept(|row| &row.finished_on));
        let started_on = date(&self.started_on, &start, "started_on");
        let finished_on = date(&self.finished_on, &finish, "finished_on");
        for (field, text) in [
            ("image_progress", &self.image_progress),
            ("problems", &self.problems),
            ("correction_reason", &self.correction_reason),
        ] {
            if text.chars().count() > MOST_TEXT {
                wrong("field.too_long", field, MOST_TEXT.to_string());
            }
        }
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        Ok(Figures {
            month: self.month_investment.map(Yuan),
            funds,
            site_status,
            started_on,
            finished_on,
            image_progress: self.image_progress.clone(),
            problems: self.problems.clone(),
            correction_reason: self.correction_reason.clone(),
            explanations: self.explanations.clone(),
        })
    }
}

/// The version somebody saw.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Seen {
    version: i64,
}

/// A row of the grid with the sentences of what was found.
#[derive(Serialize, ToSchema)]
struct Row {
    #[serde(flatten)]
    row: GridRow,
    /// What was found, as long as the month is open.
    findings: Vec<Finding>,
}

/// Something the checks found.
#[derive(Serialize, ToSchema)]
struct Finding {
    #[serde(flatten)]
    finding: FindingView,
    /// What to tell a person, in the language asked for.
    message: String,
}

/// The grid of a month.
#[derive(Serialize, ToSchema)]
struct Grid {
    /// 2025-12.
    period: String,
    /// The day returns are due.
    due_on: String,
    closed: bool,
    /// The year's share that has passed.
    time_progress: RatioView,
    rows: Vec<Row>,
}

impl Row {
    fn new(texts: &Texts, mut row: GridRow) -> Self {
        row.unit_name = name(texts.lang(), &row.unit_name, &row.unit_name_en);
        let findings = findings(texts, &row);
        Self { row, findings }
    }
}

fn findings(texts: &Texts, row: &GridRow) -> Vec<Finding> {
    let found = row.findings.iter().cloned();
    found
        .map(|finding| Finding {
            message: words::finding(texts, finding.code, &finding.amounts),
            finding,
        })
        .collect()
}

fn texts(state: &WebState, lang: Lang) -> Result<&Texts, Failure> {
    let texts = state.templates.texts(lang);
    texts.ok_or_else(|| AppError::state("internal").into())
}

/// Returns a failure with what the grid needs to go on: the row as it is now, or its findings.
pub(super) async fn explained(
    state: &WebState,
    lang: Lang,
    actor: &Actor,
    period: Period,
    id: ProjectId,
    error: AppError,
) -> Failure {
    let (changed, invalid) = (
        matches!(error, AppError::Changed { .. }),
        matches!(error, AppError::Invalid { .. }),
    );
    let failure = Failure::from(error);
    if !changed && !invalid {
        return failure;
    }
    match (
        state.app.grid_row(actor, period, id).await,
        texts(state, lang),
    ) {
        (Ok(row), Ok(texts)) if changed => failure.with("current", Row::new(texts, row)),
        (Ok(row), Ok(texts)) => failure.with("findings", findings(texts, &row)),
        _ => failure,
    }
}

/// The returns of a month, at most 500
#[utoipa::path(get, path = "/api/v1/periods/{period}/returns", tag = "dispatch", params(("period" = String, Path), InUnit),
    responses((status = 200, description = "The grid: the month and its rows", body = Grid)))]
async fn grid(
    State(state): State<WebState>,
    lang: Lang,
    Person(actor): Person,
    At(at): At<String>,
    Asked(asked): Asked<InUnit>,
) -> Result<Reply<Grid>, Failure> {
    let filter = ListQuery::default().filter;
    let unit = asked.unit.as_deref();
    let grid = state.app.grid(&actor, period(&at)?, unit, &filter).await?;
    let texts = texts(&state, lang)?;
    let rows = grid.rows.into_iter();
    Reply::ok(Grid {
        period: grid.period,
        due_on: grid.due_on,
        closed: grid.closed,
        time_progress: grid.time_progress,
        rows: rows.map(|row| Row::new(texts, row)).collect(),
    })
}

/// Several returns at once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Batch {
    /// `draft` or `submit`.
    filing: String,
    returns: Vec<BatchReturn>,
}

/// One of several returns.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchReturn {
    project_id: i64,
    figures: TypedBody,
}

/// File several returns, all of them or none
#[utoipa::path(post, path = "/api/v1/periods/{period}/returns", tag = "dispatch", params(("period" = String, Path)),
    request_body = Batch, responses((status = 204, description = "Filed"), (status = 409, description = "One was changed meanwhile; nothing was filed")))]
async fn file_batch(
    State(state): State<WebState>,
    Person(actor): Person,
    At(at): At<String>,
    Body(batch): Body<Batch>,
) -> Result<StatusCode, Failure> {
    let period = period(&at)?;
    let filing = match batch.filing.as_str() {
        "draft" => Filing::Draft,
        "submit" => Filing::Submit,
        other => return Err(super::organisation::unknown("filing", other).into()),
    };
    let mut typed = Vec::with_capacity(batch.returns.len());
    for one in &batch.returns {
        typed.push(one.figures.returned(ProjectId(one.project_id))?);
    }
    state
        .app
        .returns_file(&actor, period, typed, filing)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One return
#[utoipa::path(get, path = "/api/v1/projects/{project}/returns/{period}", tag = "dispatch",
    params(("project" = i64, Path), ("period" = String, Path)),
    responses((status = 200, description = "What was typed, what is derived, what was found", body = Row)))]
async fn row(
    State(state): State<WebState>,
    lang: Lang,
    Person(actor): Person,
    At((project, at)): At<(i64, String)>,
) -> Result<Reply<Row>, Failure> {
    let row = state
        .app
        .grid_row(&actor, period(&at)?, ProjectId(project))
        .await?;
    Reply::ok(Row::new(texts(&state, lang)?, row))
}

/// Save a return as a draft
#[utoipa::path(put, path = "/api/v1/projects/{project}/returns/{period}", tag = "dispatch",
    params(("project" = i64, Path), ("period" = String, Path)), request_body = TypedBody,
    responses((status = 200, description = "Saved: the row as it is now", body = Row),
        (status = 409, description = "Somebody else saved meanwhile; `current` is the row as it is now")))]
async fn save(
    State(state): State<WebState>,
    lang: Lang,
    Person(actor): Person,
    At((project, at)): At<(i64, String)>,
    Body(typed): Body<TypedBody>,
) -> Result<Reply<Row>, Failure> {
    let (period, id) = (period(&at)?, ProjectId(project));
    let typed = typed.returned(id)?;
    match state.app.return_save(&actor, period, typed).await {
        Ok(row) => Reply::ok(Row::new(texts(&state, lang)?, row)),
        Err(error) => Err(explained(&state, lang, &actor, period, id, error).await),
    }
}

/// Hand a saved return in
#[utoipa::path(post, path = "/api/v1/projects/{project}/returns/{period}/submit", tag = "dispatch",
    params(("project" = i64, Path), ("period" = String, Path)), request_body = Seen,
    responses((status = 200, description = "Handed in: the row as it is now", body = Row),
        (status = 409, description = "Somebody else saved meanwhile; `current` is the row as it is now"),
        (status = 422, description = "Checks stop it; `findings` says which")))]
async fn submit(
    State(state): State<WebState>,
    lang: Lang,
    Person(actor): Person,
    At((project, at)): At<(i64, String)>,
    Body(seen): Body<Seen>,
) -> Result<Reply<Row>, Failure> {
    let (period, id) = (period(&at)?, ProjectId(project));
    let saved = state.app.grid_row(&actor, period, id).await?;
    let typed = TypedReturn {
        project: id,
        version: seen.version,
        figures: stored_figures(&saved),
        kept: KeptDates::default(),
    };
    let filed = state
        .app
        .returns_file(&actor, period, vec![typed], Filing::Submit)
        .await;
    match filed {
        Ok(()) => {
            let row = state.app.grid_row(&actor, period, id).await?;
            Reply::ok(Row::new(texts(&state, lang)?, row))
        }
        Err(error) => Err(explained(&state, lang, &actor, period, id, error).await),
    }
}

/// Returns the figures a row was saved with.
fn stored_figures(row: &GridRow) -> Figures {
    let date = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    Figures {
        month: row.month_investment.map(Yuan),
        funds: row
            .funds
            .iter()
            .filter_map(|(word, yuan)| Some((FundingSource::from_word(word)?, Yuan(*yuan))))
            .collect(),
        site_status: row.site_status.and_then(SiteStatus::from_word),
        started_on: date(&row.started_on),
        finished_on: date(&row.finished_on),
        image_progress: row.image_progress.clone(),
        problems: row.problems.clone(),
        correction_reason: row.correction_reason.clone(),
        explanations: row.explanations.clone(),
    }
}

/// Correct a figure of a closed month
///
/// The published figures stay; the answer says what the correction changes in them.
#[utoipa::path(post, path = "/api/v1/projects/{project}/returns/{period}/correct", tag = "dispatch",
    params(("project" = i64, Path), ("period" = String, Path)), request_body = TypedBody,
    responses((status = 200, description = "Corrected", body = CorrectionView), (status = 409, description = "Changed meanwhile; `current` is the row as it is now")))]
async fn correct(
    State(state): State<WebState>,
    lang: Lang,
    Person(actor): Person,
    At((project, at)): At<(i64, String)>,
    Body(typed): Body<TypedBody>,
) -> Result<Reply<CorrectionView>, Failure> {
    let (period, id) = (period(&at)?, ProjectId(project));
    let before = state.app.grid_row(&actor, period, id).await?;
    let figures = typed.figures(Some(&before))?;
    let seen = (id, typed.version);
    match state
        .app
        .return_correct(&actor, period, seen, figures)
        .await
    {
        Ok(view) => Reply::ok(view),
        Err(error) => Err(explained(&state, lang, &actor, period, id, error).await),
    }
}

/// What was done to a return
#[utoipa::path(get, path = "/api/v1/projects/{project}/returns/{period}/events", tag = "dispatch",
    params(("project" = i64, Path), ("period" = String, Path)),
    responses((status = 200, description = "The events in order", body = Vec<ReturnEventView>)))]
async fn events(
    State(state): State<WebState>,
    Person(actor): Person,
    At((project, at)): At<(i64, String)>,
) -> Result<Reply<Vec<ReturnEventView>>, Failure> {
    let id = ProjectId(project);
    Reply::ok(state.app.return_events(&actor, period(&at)?, id).await?)
}
