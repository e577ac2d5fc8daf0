//! The review queue: what waits for this person's level, with the figures that matter, to be passed
//! on together or sent back one by one. What one would get wrong: each row carries the version that
//! was looked at, so nobody passes on what changed behind their back. (审核)

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use axum::{Form as Posted, Router};
use gangmu_app::AppError;
use gangmu_app::dispatch::{GridRow, ReviewQuery};
use gangmu_app::domain::Period;
use gangmu_app::domain::library::ProjectId;
use serde::Serialize;

use super::dispatch::form::{Finding, findings};
use super::work::{self, Sent, sent};
use crate::i18n::{Lang, Message};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{Choice, Pager, Query, Rate};

const PER_PAGE: i64 = 25;

/// The addresses of the review.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/review", get(newest))
        .route("/review/{period}", get(show).post(pass))
        .route("/review/{period}/{project}/send-back", post(send_back))
}

/// What waits for a review.
#[derive(Clone, Debug, Serialize)]
pub struct ReviewQueue {
    pub period: String,
    pub unit_name: String,
    pub query: Query,
    pub periods: Vec<Choice>,
    pub units: Vec<Choice>,
    pub due_on: String,
    pub days_left: i64,
    pub closed: bool,
    pub time: Rate,
    /// Totals of all pages, yuan.
    pub month_total: i64,
    pub year_to_date_total: i64,
    pub rows: Vec<Waiting>,
    pub pager: Pager,
    /// Why nothing was done.
    pub problem: Option<Message>,
    /// The row whose sending back lacked something.
    pub open: i64,
}

/// One return that waits.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    pub project_id: i64,
    pub version: i64,
    pub name: String,
    pub code: Option<String>,
    pub unit_name: String,
    pub awaiting: Option<i16>,
    pub month: Option<i64>,
    pub year_to_date: i64,
    pub since_start: i64,
    pub total_investment: i64,
    pub funds: i64,
    pub completion: Rate,
    pub site_status: Option<&'static str>,
    pub image_progress: String,
    pub previous_image_progress: String,
    pub problems: String,
    pub correction_reason: String,
    pub findings: Vec<Finding>,
}

async fn newest(visit: Visit) -> Answer {
    let periods = visit.app.period_list().await?;
    let wanted = visit.here.get("period").map(ToOwned::to_owned);
    let open = || periods.iter().rev().find(|row| row.state == "open");
    let Some(period) = wanted
        .or_else(|| open().map(|row| row.period.clone()))
        .or_else(|| periods.first().map(|row| row.period.clone()))
    else {
        return Ok(Redirect::to("/dispatch").into_response());
    };
    let mut query = visit.here.with("period", "");
    query.path = format!("/review/{}", work::period(&period)?);
    Ok(Redirect::to(&query.href()).into_response())
}

async fn show(visit: Visit, Path(period): Path<String>) -> Answer {
    let page = ReviewQueue::load(&visit, work::period(&period)?).await?;
    visit.page(&page).await
}

async fn pass(visit: Visit, Path(period): Path<String>, Posted(form): Posted<Sent>) -> Answer {
    let period = work::period(&period)?;
    let seen: Vec<(ProjectId, i64)> = form
        .iter()
        .filter(|(name, _)| name == "seen")
        .filter_map(|(_, value)| seen(value))
        .collect();
    if seen.is_empty() {
        return refused(&visit, period, Message::new("review.none_chosen"), 0).await;
    }
    let n = i64::try_from(seen.len()).unwrap_or(i64::MAX);
    match visit.app.returns_review(&visit.actor, period, &seen).await {
        Ok(()) => {
            let message = Message::new("review.passed").with("n", n);
            visit.done(message, &visit.here.href()).await
        }
        Err(error) => not_done(&visit, period, error, 0).await,
    }
}

async fn send_back(
    visit: Visit,
    Path((period, project)): Path<(String, i64)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let period = work::period(&period)?;
    let version = sent(&form, "version").parse().unwrap_or(-1);
    let seen = (ProjectId(project), version);
    let reason = sent(&form, "reason");
    match visit
        .app
        .return_send_back(&visit.actor, period, seen, reason)
        .await
    {
        Ok(()) => {
            let to = format!("/review/{period}");
            visit.done(Message::new("review.sent_back"), &to).await
        }
        Err(error) => not_done(&visit, period, error, project).await,
    }
}

/// Reads `17:4`, a project and the version that was looked at.
fn seen(value: &str) -> Option<(ProjectId, i64)> {
    let (project, version) = value.split_once(':')?;
    Some((ProjectId(project.parse().ok()?), version.parse().ok()?))
}

async fn not_done(visit: &Visit, period: Period, error: AppError, open: i64) -> Answer {
    let message = match error {
        AppError::Changed { .. } => Message::new("review.changed"),
        error => match work::problems(visit, error)?.into_iter().next() {
            Some(problem) => problem.message,
            None => Message::new("review.changed"),
        },
    };
    refused(visit, period, message, open).await
}

async fn refused(visit: &Visit, period: Period, message: Message, open: i64) -> Answer {
    let page = ReviewQueue {
        problem: Some(message),
        open,
        ..ReviewQueue::load(visit, period).await?
    };
    let html = visit.page(&page).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

impl ReviewQueue {
    async fn load(visit: &Visit, period: Period) -> Result<Self, Failure> {
        let mut here = visit.here.clone();
        here.path = format!("/review/{period}");
        let query = ReviewQuery {
            period,
            unit: here.get("unit").map(ToOwned::to_owned),
            page: work::page(&here),
            per_page: PER_PAGE,
        };
        let queue = visit.app.review_queue(&visit.actor, &query).await?;
        let known = visit.app.period_list().await?;
        let known = known
            .into_iter()
            .find(|row| row.period == period.to_string())
            .ok_or(AppError::NotFound { what: "period" })?;
        let units = work::units(visit).await?;
        let time = period.time_progress();
        let mut rows = Vec::with_capacity(queue.rows.len());
        for row in &queue.rows {
            let id = ProjectId(row.row.project_id);
            let row = visit.app.grid_row(&visit.actor, period, id).await?;
            rows.push(waiting(visit.lang, row));
        }
        Ok(Self {
            period: period.to_string(),
            unit_name: work::chosen(&units, here.get("unit").unwrap_or_default()),
            periods: work::periods(visit).await?,
            units,
            days_left: work::days_until(visit.app.today(), &known.due_on),
            due_on: known.due_on,
            closed: known.state == "closed",
            time: Rate {
                num: time.numerator,
                den: time.denominator,
            },
            month_total: queue.month_investment,
            year_to_date_total: queue.year_to_date,
            rows,
            pager: work::pager(&here, queue.page, queue.pages, PER_PAGE, queue.projects),
            query: here,
            problem: None,
            open: 0,
        })
    }
}

fn waiting(lang: Lang, row: GridRow) -> Waiting {
    let year_to_date = row.ytd_before + row.month_investment.unwrap_or(0);
    Waiting {
        project_id: row.project_id,
        version: row.version,
        findings: findings(&row),
        awaiting: row.awaiting,
        month: row.month_investment,
        year_to_date,
        since_start: row.before_year + year_to_date,
        total_investment: row.total_investment,
        funds: row.funds.values().sum(),
        completion: Rate {
            num: year_to_date,
            den: row.annual_plan,
        },
        site_status: row.site_status,
        name: row.name,
        code: row.code,
        unit_name: super::common::name(lang, &row.unit_name, &row.unit_name_en),
        image_progress: row.image_progress,
        previous_image_progress: row.previous_image_progress,
        problems: row.problems,
        correction_reason: row.correction_reason,
    }
}

impl Page for ReviewQueue {
    const TEMPLATE: &'static str = "pages/review_queue.html";

    fn samples() -> Vec<Self> {
        let full = sample();
        let refused = Self {
            problem: Some(Message::new("review.changed")),
            open: 17,
            ..full.clone()
        };
        let empty = Self {
            rows: Vec::new(),
            month_total: 0,
            pager: Pager {
                total: 0,
                first: 0,
                last: 0,
                previous: None,
                next: None,
            },
            closed: true,
            ..full.clone()
        };
        vec![full, refused, empty]
    }
}

fn sample() -> ReviewQueue {
    let finding = |code: &str, explanation: &str| Finding {
        code: code.into(),
        severity: "warning",
        field: "month_investment".into(),
        message: Message::new(format!("dispatch.check.{code}"))
            .with("0", "32,000")
            .with("1", "6,400"),
        explained: !explanation.is_empty(),
        explanation: explanation.into(),
    };
    let row = |id: i64, name: &str, month: i64, done: i64, plan: i64| Waiting {
        project_id: id,
        version: 2,
        name: name.into(),
        code: Some("2312-150581-04-01-123456".into()),
        unit_name: "霍林郭勒市".into(),
        awaiting: Some(1),
        month: Some(month * 10_000),
        year_to_date: done * 10_000,
        since_start: (done + 40_000) * 10_000,
        total_investment: 412_000 * 10_000,
        funds: 3_000 * 10_000,
        completion: Rate {
            num: done * 10_000,
            den: plan * 10_000,
        },
        site_status: Some("working"),
        image_progress: "主厂房主体施工至 12 米层，设备基础完成 80%。".into(),
        previous_image_progress: "主厂房基础完成。".into(),
        problems: "110 千伏外部供电线路尚未核准。".into(),
        correction_reason: String::new(),
        findings: Vec::new(),
    };
    let mut jumped = row(17, "年产 35 万吨绿色铝项目二期", 32_000, 94_000, 96_000);
    jumped.findings = vec![finding("sudden_jump", "设备款集中到付，附发票。")];
    ReviewQueue {
        period: "2025-12".into(),
        unit_name: "通辽市".into(),
        query: Query::new("/review/2025-12", &[]),
        periods: vec![
            Choice::new("2025-12", "2025-12"),
            Choice::new("2025-11", "2025-11"),
        ],
        units: vec![
            Choice::new("150500", "通辽市"),
            Choice::new("150502", "　科尔沁区"),
        ],
        due_on: "2026-01-08".into(),
        days_left: -2,
        closed: false,
        time: Rate { num: 12, den: 12 },
        month_total: 44_500 * 10_000,
        year_to_date_total: 154_500 * 10_000,
        rows: vec![jumped, row(18, "风电制造基地", 12_500, 60_500, 60_000)],
        pager: Pager {
            total: 2,
            first: 1,
            last: 2,
            previous: None,
            next: None,
        },
        problem: None,
        open: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::seen;

    #[test]
    fn a_return_to_pass_on_names_its_version() {
        assert!(seen("17:4").is_some());
        for bad in ["17", "17:", ":4", "x:4", "17:4:5", ""] {
            assert!(seen(bad).is_none(), "{bad:?}");
        }
    }
}
