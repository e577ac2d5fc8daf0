//! Supervision: the plans, rounds with their figures, items, missed reports, letters.
//!
//! What one would get wrong: a report names the version of the plan and the number of acts on the item
//! that were read; acts with files stand in `supervision_files`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangmu_app::domain::Period;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::domain::supervision::{
    ActKind, Item, LetterAct, LetterActKind, LetterKind, LetterState, Rhythm, State as Stands,
};
use gangmu_app::plans::OfficeInput;
use gangmu_app::supervision::{
    BulletinView, CheckInput, ItemView, LetterActInput, LetterDetail, LettersPage, LettersQuery,
    LinesQuery, MissedPage, MissedQuery, NewLetter, ReportInput, SupervisedPage, SupervisionInput,
    VerifyInput, Wanted,
};
use gangmu_app::{AppError, Message};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::download;
use super::imports::XLSX;
use super::organisation::unknown;
use super::{Asked, At, Body, Reply};
use crate::api::DOCX;
use crate::pages::plans::office as office_of;
use crate::pages::work::period;
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(put))
        .routes(routes!(put_task))
        .routes(routes!(missed))
        .routes(routes!(missed_workbook))
        .routes(routes!(letters))
        .routes(routes!(letter))
        .routes(routes!(letter_file))
        .routes(routes!(letter_act))
        .routes(routes!(round))
        .routes(routes!(table))
        .routes(routes!(bulletin))
        .routes(routes!(close))
        .routes(routes!(write))
        .routes(routes!(item))
        .routes(routes!(act))
}

/// Plans under supervision, with how their newest rounds stand
#[utoipa::path(get, path = "/api/v1/supervision", tag = "supervision",
    responses((status = 200, description = "Within reach", body = SupervisedPage)))]
async fn list(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Reply<SupervisedPage>, Failure> {
    Reply::ok(state.app.supervision_page(&actor).await?)
}

/// How a plan is supervised.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupervisionBody {
    /// The edit that was read, zero for a plan that was not supervised; not compared when absent.
    #[serde(default)]
    edit: Option<i64>,
    /// monthly or quarterly.
    rhythm: String,
    /// The first month with a round: 2026-01.
    since: String,
    /// The last one; the plan's last month when absent.
    #[serde(default)]
    until: Option<String>,
}

/// How often a task is reported on.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SupervisionTaskRhythm)]
struct TaskRhythmBody {
    /// The edit that was read; not compared when absent.
    #[serde(default)]
    edit: Option<i64>,
    /// monthly or quarterly; as often as the plan's others when absent.
    #[serde(default)]
    rhythm: Option<String>,
}

/// Say how often one task of a plan is reported on
#[utoipa::path(put, path = "/api/v1/supervision/{plan}/tasks/{task}", tag = "supervision",
    params(("plan" = i64, Path), ("task" = u32, Path)), request_body = TaskRhythmBody,
    responses((status = 204, description = "Done")))]
async fn put_task(
    State(state): State<WebState>,
    Person(actor): Person,
    At((plan, task)): At<(i64, u32)>,
    Body(body): Body<TaskRhythmBody>,
) -> Result<StatusCode, Failure> {
    let known = |text: &str| Rhythm::from_word(text).ok_or_else(|| unknown("rhythm", text));
    let rhythm = body.rhythm.as_deref().map(known).transpose()?;
    let (app, plan) = (&state.app, PlanId(plan));
    app.supervision_task_rhythm_put(&actor, plan, task, body.edit, rhythm)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put a plan under supervision, or change how it is supervised
#[utoipa::path(put, path = "/api/v1/supervision/{plan}", tag = "supervision",
    params(("plan" = i64, Path)), request_body = SupervisionBody,
    responses((status = 204, description = "Done")))]
async fn put(
    State(state): State<WebState>,
    Person(actor): Person,
    At(plan): At<i64>,
    Body(body): Body<SupervisionBody>,
) -> Result<StatusCode, Failure> {
    let month = |text: &str, field: &str| -> Result<Period, AppError> {
        text.parse().map_err(|_| unknown(field, text))
    };
    let input = SupervisionInput {
        edit: body.edit,
        rhythm: Rhythm::from_word(&body.rhythm).ok_or_else(|| unknown("rhythm", &body.rhythm))?,
        since: month(&body.since, "since")?,
        until: match body.until.as_deref() {
            None => None,
            Some(text) => Some(month(text, "until")?),
        },
    };
    state
        .app
        .supervision_put(&actor, PlanId(plan), input)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which missed reports.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WantedMissed {
    /// Only of this plan.
    plan: Option<i64>,
    /// Only of this round: 2026-01.
    period: Option<String>,
}

impl WantedMissed {
    fn query(self) -> Result<MissedQuery, AppError> {
        Ok(MissedQuery {
            plan: self.plan.map(PlanId),
            period: match self.period.as_deref() {
                None => None,
                Some(text) => Some(text.parse().map_err(|_| unknown("period", text))?),
            },
        })
    }
}

/// Reports that are missing or came late
#[utoipa::path(get, path = "/api/v1/supervision/missed", tag = "supervision", params(WantedMissed),
    responses((status = 200, description = "Those missing first, the longest first", body = MissedPage)))]
async fn missed(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<WantedMissed>,
) -> Result<Reply<MissedPage>, Failure> {
    let query = asked.query()?;
    Reply::ok(state.app.supervision_missed(&actor, query).await?)
}

/// The same as a workbook
#[utoipa::path(get, path = "/api/v1/supervision/missed.xlsx", tag = "supervision", params(WantedMissed),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn missed_workbook(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<WantedMissed>,
) -> Result<Response, Failure> {
    let query = asked.query()?;
    let made = state.app.export_supervision_missed(&actor, query).await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// Which letters.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WantedLetters {
    /// Only about this plan.
    plan: Option<i64>,
    /// Only about a round of this month: 2026-01.
    period: Option<String>,
    /// awaiting, replied or settled.
    state: Option<String>,
    /// The page, from 1.
    page: Option<i64>,
}

/// Letters one's unit and those below wrote or got, newest first
#[utoipa::path(get, path = "/api/v1/supervision/letters", tag = "supervision", params(WantedLetters),
    responses((status = 200, description = "A page of 50", body = LettersPage)))]
async fn letters(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<WantedLetters>,
) -> Result<Reply<LettersPage>, Failure> {
    let stands = asked.state.as_deref();
    let stands =
        stands.map(|word| LetterState::from_word(word).ok_or_else(|| unknown("state", word)));
    let month = asked.period.as_deref().map(period);
    let query = LettersQuery {
        plan: asked.plan.map(PlanId),
        period: month.transpose()?,
        state: stands.transpose()?,
        page: asked.page.unwrap_or(1),
    };
    let found = state.app.supervision_letters(&actor, &query);
    Reply::ok(found.await?)
}

/// A letter with what came of it
#[utoipa::path(get, path = "/api/v1/supervision/letters/{unit}/{year}/{seq}", tag = "supervision",
    params(("unit" = String, Path), ("year" = i16, Path), ("seq" = i64, Path)),
    responses((status = 200, description = "The letter", body = LetterDetail)))]
async fn letter(
    State(state): State<WebState>,
    Person(actor): Person,
    At((unit, year, seq)): At<(String, i16, i64)>,
) -> Result<Reply<LetterDetail>, Failure> {
    let found = state.app.supervision_letter(&actor, &unit, (year, seq));
    Reply::ok(found.await?)
}

/// A letter as .docx
#[utoipa::path(get, path = "/api/v1/supervision/letters/{unit}/{year}/{seq}/letter.docx", tag = "supervision",
    params(("unit" = String, Path), ("year" = i16, Path), ("seq" = i64, Path)),
    responses((status = 200, description = "A document", content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
async fn letter_file(
    State(state): State<WebState>,
    Person(actor): Person,
    At((unit, year, seq)): At<(String, i16, i64)>,
) -> Result<Response, Failure> {
    let found = state
        .app
        .supervision_letter_file(&actor, &unit, (year, seq));
    let (name, bytes) = found.await?;
    Ok(download(&name, DOCX, bytes.into()))
}

/// An act on a letter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LetterActBody {
    /// reply or recheck.
    act: String,
    /// How many acts there were when it was read; not compared when absent.
    #[serde(default)]
    version: Option<i64>,
    /// For `reply`.
    #[serde(default)]
    text: String,
    /// For `recheck`: whether it is done with.
    #[serde(default)]
    settled: bool,
    /// For `recheck`: what was found.
    #[serde(default)]
    note: String,
    /// For `recheck`: by when another answer is asked for.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    reply_by: Option<Date>,
}

/// How many acts there are afterwards.
#[derive(Serialize, ToSchema)]
struct SupervisionVersion {
    version: i64,
}

/// Answer a letter, or look at the answer again
#[utoipa::path(post, path = "/api/v1/supervision/letters/{unit}/{year}/{seq}/acts", tag = "supervision",
    params(("unit" = String, Path), ("year" = i16, Path), ("seq" = i64, Path)), request_body = LetterActBody,
    responses((status = 201, description = "Done", body = SupervisionVersion)))]
async fn letter_act(
    State(state): State<WebState>,
    Person(actor): Person,
    At((unit, year, seq)): At<(String, i16, i64)>,
    Body(body): Body<LetterActBody>,
) -> Result<Reply<SupervisionVersion>, Failure> {
    let kind = LetterActKind::from_word(&body.act).ok_or_else(|| unknown("act", &body.act))?;
    let act = match kind {
        LetterActKind::Reply => LetterAct::Reply { text: body.text },
        LetterActKind::Recheck => LetterAct::Recheck {
            settled: body.settled,
            note: body.note,
            reply_by: body.reply_by,
        },
    };
    let input = LetterActInput {
        version: body.version,
        act,
        files: Vec::new(),
    };
    let done = state
        .app
        .supervision_letter_act(&actor, &unit, (year, seq), input);
    Reply::created(SupervisionVersion {
        version: done.await?,
    })
}

/// Which lines of a round; its figures are those of all.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WantedLines {
    /// Only where they stand so: ahead, `on_track`, behind, completed or other.
    state: Option<String>,
    /// Only those an office leads: its unit's code, and behind `/` its department's.
    office: Option<String>,
    /// Only how they were reported: open, missing, reported, verified, carried, came (reported or
    /// verified), late, or unsound where a check on the spot found otherwise.
    reporting: Option<String>,
}

impl WantedLines {
    fn query(&self) -> Result<LinesQuery, AppError> {
        let state = self.state.as_deref();
        let state = state.map(|word| Stands::from_word(word).ok_or_else(|| unknown("state", word)));
        let reporting = self.reporting.as_deref();
        let reporting =
            reporting.map(|word| Wanted::from_word(word).ok_or_else(|| unknown("reporting", word)));
        Ok(LinesQuery {
            state: state.transpose()?,
            office: self.office.as_deref().map(office_of),
            reporting: reporting.transpose()?,
        })
    }
}

/// A round with its figures; `newest` for the last one that takes reports
#[utoipa::path(get, path = "/api/v1/supervision/{plan}/rounds/{period}", tag = "supervision",
    params(("plan" = i64, Path), ("period" = String, Path), WantedLines),
    responses((status = 200, description = "The round", body = BulletinView)))]
async fn round(
    State(state): State<WebState>,
    Person(actor): Person,
    At((plan, month)): At<(i64, String)>,
    Asked(asked): Asked<WantedLines>,
) -> Result<Reply<BulletinView>, Failure> {
    let lines = asked.query()?;
    let found = state
        .app
        .supervision_round(&actor, PlanId(plan), newest_or(&month)?);
    Reply::ok(found.await?.narrowed(&lines))
}

fn newest_or(text: &str) -> Result<Option<Period>, AppError> {
    match text {
        "newest" => Ok(None),
        text => period(text).map(Some),
    }
}

/// The monthly table of supervision as a workbook
#[utoipa::path(get, path = "/api/v1/supervision/{plan}/rounds/{period}/table.xlsx", tag = "supervision",
    params(("plan" = i64, Path), ("period" = String, Path)),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn table(
    State(state): State<WebState>,
    Person(actor): Person,
    At((plan, month)): At<(i64, String)>,
) -> Result<Response, Failure> {
    let made = state
        .app
        .export_supervision(&actor, PlanId(plan), newest_or(&month)?);
    let made = made.await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// The bulletin as .docx
#[utoipa::path(get, path = "/api/v1/supervision/{plan}/rounds/{period}/bulletin.docx", tag = "supervision",
    params(("plan" = i64, Path), ("period" = String, Path)),
    responses((status = 200, description = "A document", content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
async fn bulletin(
    State(state): State<WebState>,
    Person(actor): Person,
    At((plan, month)): At<(i64, String)>,
) -> Result<Response, Failure> {
    let made = state
        .app
        .supervision_bulletin(&actor, PlanId(plan), newest_or(&month)?);
    let made = made.await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

/// Issue the bulletin of a round, which closes it
#[utoipa::path(post, path = "/api/v1/supervision/{plan}/rounds/{period}/close", tag = "supervision",
    params(("plan" = i64, Path), ("period" = String, Path)),
    responses((status = 204, description = "Issued")))]
async fn close(
    State(state): State<WebState>,
    Person(actor): Person,
    At((plan, month)): At<(i64, String)>,
) -> Result<StatusCode, Failure> {
    let month = period(&month)?;
    state
        .app
        .supervision_close(&actor, PlanId(plan), month)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A letter to be written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSupervisionLetter {
    /// urge or supervise.
    kind: String,
    /// The unit of the office: a code.
    unit: String,
    /// Its department: a code; the unit as a whole when absent.
    #[serde(default)]
    department: String,
    /// By when an answer is asked for; the usual day when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    reply_by: Option<Date>,
}

/// What a letter is called by.
#[derive(Serialize, ToSchema)]
struct SupervisionLetterMade {
    /// The code of the unit that wrote.
    from: String,
    year: i16,
    seq: i64,
}

/// Write a letter over everything of an office that is missing or behind
#[utoipa::path(post, path = "/api/v1/supervision/{plan}/rounds/{period}/letters", tag = "supervision",
    params(("plan" = i64, Path), ("period" = String, Path)), request_body = NewSupervisionLetter,
    responses((status = 201, description = "Written", body = SupervisionLetterMade)))]
async fn write(
    State(state): State<WebState>,
    Person(actor): Person,
    At((plan, month)): At<(i64, String)>,
    Body(body): Body<NewSupervisionLetter>,
) -> Result<Reply<SupervisionLetterMade>, Failure> {
    let input = NewLetter {
        plan: PlanId(plan),
        period: period(&month)?,
        kind: LetterKind::from_word(&body.kind).ok_or_else(|| unknown("kind", &body.kind))?,
        office: OfficeInput {
            unit: body.unit,
            department: body.department,
        },
        reply_by: body.reply_by,
    };
    let (from, year, seq) = state.app.supervision_letter_write(&actor, &input).await?;
    Reply::created(SupervisionLetterMade { from, year, seq })
}

/// An item in a round: what the figures say, what was reported and found
#[utoipa::path(get, path = "/api/v1/supervision/{plan}/rounds/{period}/items/{task}/{indicator}", tag = "supervision",
    params(("plan" = i64, Path), ("period" = String, Path), ("task" = u32, Path),
        ("indicator" = u32, Path, description = "Zero for the task itself")),
    responses((status = 200, description = "The item", body = ItemView)))]
async fn item(
    State(state): State<WebState>,
    Person(actor): Person,
    At((plan, month, task, indicator)): At<(i64, String, u32, u32)>,
) -> Result<Reply<ItemView>, Failure> {
    let (item, month) = (Item { task, indicator }, newest_or(&month)?);
    let found = state
        .app
        .supervision_item(&actor, PlanId(plan), item, month);
    Reply::ok(found.await?)
}

/// An act on an item.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupervisionActBody {
    /// report, verify or `spot_check`.
    act: String,
    /// How many acts there were when it was read; not compared when absent.
    #[serde(default)]
    version: Option<i64>,
    /// For `report`: the version of the plan that was read; not compared when absent.
    #[serde(default)]
    plan_version: Option<u32>,
    /// For `report` and `verify`: ahead, `on_track`, behind, completed or other; as reported when
    /// absent from `verify`.
    #[serde(default)]
    state: Option<String>,
    /// For `report`: what was done.
    #[serde(default)]
    text: String,
    /// For `report` and `verify`: why it is another state than was proposed or reported.
    #[serde(default)]
    reason: String,
    /// For `verify`: what was looked at.
    #[serde(default)]
    note: String,
    /// For `spot_check`: whether all was as reported.
    #[serde(default)]
    sound: bool,
    /// For `spot_check`: what was found.
    #[serde(default)]
    findings: String,
}

/// Report on an item, verify a report, or record a check on the spot
#[utoipa::path(post, path = "/api/v1/supervision/{plan}/rounds/{period}/items/{task}/{indicator}/acts", tag = "supervision",
    params(("plan" = i64, Path), ("period" = String, Path), ("task" = u32, Path), ("indicator" = u32, Path)),
    request_body = SupervisionActBody,
    responses((status = 201, description = "Done", body = SupervisionVersion)))]
async fn act(
    State(state): State<WebState>,
    Person(actor): Person,
    At((plan, month, task, indicator)): At<(i64, String, u32, u32)>,
    Body(body): Body<SupervisionActBody>,
) -> Result<Reply<SupervisionVersion>, Failure> {
    let (app, plan) = (&state.app, PlanId(plan));
    let at = (period(&month)?, Item { task, indicator });
    let kind = ActKind::from_word(&body.act).ok_or_else(|| unknown("act", &body.act))?;
    let said = match body.state.as_deref() {
        None => None,
        Some(word) => Some(Stands::from_word(word).ok_or_else(|| unknown("state", word))?),
    };
    let version = match kind {
        ActKind::Report => {
            let missing = || AppError::Invalid {
                messages: vec![Message::new("field.missing", "state", [])],
            };
            let input = ReportInput {
                version: body.version,
                plan_version: body.plan_version,
                state: said.ok_or_else(missing)?,
                text: body.text,
                reason: body.reason,
                files: Vec::new(),
            };
            app.supervision_report(&actor, plan, at, input).await?
        }
        ActKind::Verify => {
            let input = VerifyInput {
                version: body.version,
                state: said,
                note: body.note,
                reason: body.reason,
                files: Vec::new(),
            };
            app.supervision_verify(&actor, plan, at, input).await?
        }
        ActKind::SpotCheck => {
            let input = CheckInput {
                version: body.version,
                sound: body.sound,
                findings: body.findings,
                files: Vec::new(),
            };
            app.supervision_check(&actor, plan, at, input).await?
        }
    };
    Reply::created(SupervisionVersion { version })
}
