//! Building through winter: the ledger, what winters add to the first quarter, plans and acts.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::response::Response;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::winter::{Act, ActKind, Plan};
use gangmu_app::domain::{Period, Yuan};
use gangmu_app::winter::{
    WinterInput, WinterPage, WinterQuery, WinterRollup, WinterRulesView, WinterView,
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
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(ledger))
        .routes(routes!(rollup))
        .routes(routes!(workbook))
        .routes(routes!(rules))
        .routes(routes!(plan))
        .routes(routes!(act))
}

/// Which part of the ledger.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The year the winter begins in; this winter's when absent.
    season: Option<i16>,
    /// Only projects of this unit or below: its code.
    unit: Option<String>,
    /// Only these: undecided, resting, draft, submitted, `sent_back`, filed, stopped; or builds,
    /// `on_file`, counted (in the sums), drafted (not yet in them), late (not filed by their day).
    state: Option<String>,
    /// Only those that rest for this reason.
    reason: Option<String>,
    /// Only those whose name holds this.
    q: Option<String>,
    /// Pages of 50, from 1.
    page: Option<i64>,
}

impl Wanted {
    fn query(self) -> Result<WinterQuery, AppError> {
        let query = WinterQuery {
            season: self.season,
            unit: self.unit,
            reason: self.reason.unwrap_or_default(),
            text: self.q.unwrap_or_default(),
            page: self.page.unwrap_or(1),
            ..WinterQuery::default()
        };
        match self.state.as_deref() {
            None => Ok(query),
            Some(word) => query.of(word).ok_or_else(|| unknown("state", word)),
        }
    }
}

/// Which winter of which unit.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WantedSums {
    /// The year the season begins in; this winter's when absent.
    season: Option<i16>,
    /// This unit and those directly below it: its code; the actor's own when absent.
    unit: Option<String>,
}

/// The ledger of winters: every project being built, by what it plans for winter
#[utoipa::path(get, path = "/api/v1/winter", tag = "winter", params(Wanted),
    responses((status = 200, description = "A page of 50", body = WinterPage)))]
async fn ledger(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<Wanted>,
) -> Result<Reply<WinterPage>, Failure> {
    Reply::ok(state.app.winter_ledger(&actor, &asked.query()?).await?)
}

/// A winter by unit, and what it adds to the first quarter
#[utoipa::path(get, path = "/api/v1/winter/rollup", tag = "winter", params(WantedSums),
    responses((status = 200, description = "A unit and those directly below it", body = WinterRollup)))]
async fn rollup(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<WantedSums>,
) -> Result<Reply<WinterRollup>, Failure> {
    let query = WinterQuery {
        season: asked.season,
        unit: asked.unit,
        ..WinterQuery::default()
    };
    Reply::ok(state.app.winter_rollup(&actor, &query).await?)
}

/// The ledger as a workbook, all its pages, with the sums by unit
#[utoipa::path(get, path = "/api/v1/winter/ledger.xlsx", tag = "winter", params(Wanted),
    responses((status = 200, description = "A workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn workbook(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(asked): Asked<Wanted>,
) -> Result<Response, Failure> {
    let made = state.app.export_winter(&actor, &asked.query()?).await?;
    Ok(download(&made.name, XLSX, made.bytes))
}

/// Why projects rest, what plans see to, what stops work
#[utoipa::path(get, path = "/api/v1/winter/rules", tag = "winter",
    responses((status = 200, description = "The rules of today", body = WinterRulesView)))]
async fn rules(
    State(state): State<WebState>,
    Person(_actor): Person,
) -> Result<Reply<WinterRulesView>, Failure> {
    Reply::ok(state.app.winter_rules().await?)
}

/// Which winter.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WhichWinter {
    /// The year it begins in; this winter's when absent.
    season: Option<i16>,
}

/// A project's winter: its plan and what was done
#[utoipa::path(get, path = "/api/v1/projects/{project}/winter", tag = "winter",
    params(("project" = i64, Path), WhichWinter),
    responses((status = 200, description = "The winter", body = WinterView)))]
async fn plan(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Asked(which): Asked<WhichWinter>,
) -> Result<Reply<WinterView>, Failure> {
    let project = ProjectId(project);
    Reply::ok(state.app.winter_view(&actor, project, which.season).await?)
}

/// A plan.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = WinterPlanBody)]
struct PlanBody {
    /// The first day of building in winter.
    #[schema(value_type = Option<String>, format = Date)]
    from_on: Option<Date>,
    /// The last day.
    #[schema(value_type = Option<String>, format = Date)]
    to_on: Option<Date>,
    /// What is built and how much of it, a line each.
    parts: String,
    /// What is to be invested in winter, in yuan, by month: 2026-01.
    investment: BTreeMap<String, i64>,
    /// People on site.
    workers: Option<u32>,
    /// The measures seen to, words.
    measures: BTreeSet<String>,
    /// Measures beyond the list.
    further: String,
    /// The day the plan was written.
    #[schema(value_type = Option<String>, format = Date)]
    prepared_on: Option<Date>,
    /// The day the supervising engineer agreed.
    #[schema(value_type = Option<String>, format = Date)]
    supervised_on: Option<Date>,
    /// The number of the attachment that holds the plan itself.
    attachment: Option<i64>,
}

/// An act.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WinterActBody)]
struct ActBody {
    /// rest, plan, submit, file, `send_back`, inspect, stop, resume.
    act: String,
    /// The year the winter begins in; this winter's when absent.
    season: Option<i16>,
    /// The version that was read, zero for none; not compared when absent.
    version: Option<i64>,
    /// The day it counts from; today when absent.
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    /// For `plan`.
    #[serde(default)]
    plan: PlanBody,
    /// For `rest`, a word of the rules; for `send_back`, a text.
    #[serde(default)]
    reason: String,
    /// For `stop`, a word of the rules.
    #[serde(default)]
    cause: String,
    /// More of it, for `rest` and `stop`; why it goes on, for `resume`.
    #[serde(default)]
    note: String,
    /// For `inspect`: whether all was as planned.
    #[serde(default)]
    sound: bool,
    /// For `inspect`: what was seen.
    #[serde(default)]
    findings: String,
    /// For `inspect`: photos and papers of it, numbers of the project's attachments.
    #[serde(default)]
    files: Vec<i64>,
}

/// The version afterwards.
#[derive(Serialize, ToSchema)]
struct WinterVersion {
    version: i64,
}

/// Do the next act of a project's winter
#[utoipa::path(post, path = "/api/v1/projects/{project}/winter/acts", tag = "winter",
    params(("project" = i64, Path)), request_body = ActBody,
    responses((status = 201, description = "Done", body = WinterVersion)))]
async fn act(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(body): Body<ActBody>,
) -> Result<Reply<WinterVersion>, Failure> {
    let season = body.season.unwrap_or_else(|| state.app.winter_of_today());
    let input = WinterInput {
        version: body.version,
        on: body.on,
        act: read(body)?,
    };
    let project = ProjectId(project);
    let version = state
        .app
        .winter_act(&actor, project, season, &input)
        .await?;
    Reply::created(WinterVersion { version })
}

fn read(body: ActBody) -> Result<Act, AppError> {
    let kind = ActKind::from_word(&body.act).ok_or_else(|| unknown("act", &body.act))?;
    Ok(match kind {
        ActKind::Rest => Act::Rest {
            reason: body.reason,
            note: body.note,
        },
        ActKind::Plan => Act::Plan(body.plan.read()?),
        ActKind::Submit => Act::Submit,
        ActKind::File => Act::File,
        ActKind::SendBack => Act::SendBack {
            reason: body.reason,
        },
        ActKind::Inspect => Act::Inspect {
            sound: body.sound,
            findings: body.findings,
            files: body.files,
        },
        ActKind::Stop => Act::Stop {
            cause: body.cause,
            note: body.note,
        },
        ActKind::Resume => Act::Resume { note: body.note },
    })
}

impl PlanBody {
    fn read(self) -> Result<Plan, AppError> {
        let mut messages = Vec::new();
        let mut investment = BTreeMap::new();
        for (month, yuan) in self.investment {
            match month.parse::<Period>() {
                Ok(period) => {
                    investment.insert(period, Yuan(yuan));
                }
                Err(_) => messages.push(Message::new("winter.unmet.month", "investment", [month])),
            }
        }
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        Ok(Plan {
            from: self.from_on,
            to: self.to_on,
            parts: self.parts,
            investment,
            workers: self.workers,
            measures: self.measures,
            further: self.further,
            prepared_on: self.prepared_on,
            supervised_on: self.supervised_on,
            attachment: self.attachment,
        })
    }
}
