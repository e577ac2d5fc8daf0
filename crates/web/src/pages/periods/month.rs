//! One month: how far each unit is, who is late, and the chase.

use axum::Form as Posted;
use axum::extract::Path;
use gangmu_app::AppError;
use gangmu_app::dispatch::{LateView, UnitProgress};
use gangmu_app::domain::Period;
use gangmu_app::domain::organisation::Action;
use serde::Serialize;

use crate::i18n::Message;
use crate::pages::work::{self, Sent, sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, Query, Rate};

/// As many late returns as a page shows; the rest is behind a link.
const MOST_LATE: usize = 100;

/// How far a month is, unit by unit.
#[derive(Clone, Debug, Serialize)]
pub struct Month {
    pub period: String,
    pub unit: String,
    pub unit_name: String,
    pub query: Query,
    pub periods: Vec<Choice>,
    pub state: String,
    pub due_on: String,
    pub days_left: i64,
    pub closed_at: Option<String>,
    pub total: Progress,
    pub units: Vec<Progress>,
    pub late: Vec<Late>,
    pub late_total: usize,
    pub may_chase: bool,
    pub may_close: bool,
    pub may_review: bool,
}

/// How far one unit is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Progress {
    pub code: String,
    pub name: String,
    pub projects: i64,
    pub reported: Rate,
    pub accepted: Rate,
    pub late: i64,
    pub closed: bool,
    /// The reader may give the month back to it.
    pub may_reopen: bool,
}

/// A return that has not been handed in.
#[derive(Clone, Debug, Serialize)]
pub struct Late {
    pub name: String,
    pub unit_name: String,
    pub href: String,
    pub status: String,
    pub tone: &'static str,
    pub annual_plan: Option<i64>,
}

pub(super) async fn show(visit: Visit, Path(period): Path<String>) -> Answer {
    let page = Month::load(&visit, work::period(&period)?).await?;
    visit.page(&page).await
}

pub(super) async fn chase(
    visit: Visit,
    Path(period): Path<String>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let period = work::period(&period)?;
    let unit = Some(sent(&form, "unit")).filter(|unit| !unit.is_empty());
    let chased = visit.app.chase(&visit.actor, period, unit).await?;
    let message = Message::new("periods.chased").with("n", i64::try_from(chased).unwrap_or(0));
    let to = Query::new(format!("/periods/{period}"), &[]).with("unit", unit.unwrap_or_default());
    visit.done(message, &to.href()).await
}

impl Month {
    async fn load(visit: &Visit, period: Period) -> Result<Self, Failure> {
        let unit = visit.here.get("unit").map(ToOwned::to_owned);
        let unit = unit.as_deref();
        let known = visit.app.period_list().await?;
        let row = known
            .iter()
            .find(|row| row.period == period.to_string())
            .ok_or(AppError::NotFound { what: "period" })?;
        let units = work::units(visit).await?;
        let unit_name = work::chosen(&units, unit.unwrap_or_default());
        let progress = visit
            .app
            .period_progress(&visit.actor, period, unit)
            .await?;
        let late = visit.app.late_list(&visit.actor, period, unit).await?;
        let open = row.state == "open";
        let mut progress = progress
            .into_iter()
            .map(|one| self::progress(visit, one, open));
        let total = progress.next().unwrap_or_default();
        Ok(Self {
            period: row.period.clone(),
            unit: unit.unwrap_or_default().to_owned(),
            unit_name,
            query: visit.here.clone(),
            periods: work::periods(visit).await?,
            state: row.state.to_owned(),
            due_on: row.due_on.clone(),
            days_left: work::days_until(visit.app.today(), &row.due_on),
            closed_at: row.closed_at.map(work::instant),
            may_chase: row.state == "open" && visit.may(Action::Chase) && !late.is_empty(),
            may_close: row.state == "open" && visit.may(Action::ClosePeriod) && !total.closed,
            may_review: visit.may(Action::Review),
            total,
            units: progress.collect(),
            late_total: late.len(),
            late: late
                .iter()
                .take(MOST_LATE)
                .map(|one| self::late(visit, period, one))
                .collect(),
        })
    }
}

fn progress(visit: &Visit, one: UnitProgress, open: bool) -> Progress {
    let of = |num: i64| Rate {
        num,
        den: one.projects,
    };
    Progress {
        name: work::unit_name(visit.lang, &one.unit),
        projects: one.projects,
        reported: of(one.reported),
        accepted: of(one.accepted),
        late: one.projects - one.reported,
        closed: one.closed,
        may_reopen: open && one.closed_itself && visit.may(Action::ReopenPeriod),
        code: one.unit.code,
    }
}

fn late(visit: &Visit, period: Period, one: &LateView) -> Late {
    let status = one.status.clone().unwrap_or_else(|| "due".to_owned());
    Late {
        name: one.name.clone(),
        unit_name: work::unit_name(visit.lang, &one.unit),
        href: format!("/dispatch/{period}/{}", one.project_id),
        tone: work::tone(&status),
        status,
        annual_plan: one.annual_plan,
    }
}

impl Page for Month {
    const TEMPLATE: &'static str = "pages/period.html";

    fn samples() -> Vec<Self> {
        let unit = |code: &str, name: &str, projects: i64, reported: i64, accepted: i64| Progress {
            code: code.into(),
            name: name.into(),
            projects,
            reported: Rate {
                num: reported,
                den: projects,
            },
            accepted: Rate {
                num: accepted,
                den: projects,
            },
            late: projects - reported,
            closed: projects == accepted,
            may_reopen: projects == accepted,
        };
        let late = |name: &str, unit_name: &str, status: &str| Late {
            name: name.into(),
            unit_name: unit_name.into(),
            href: "/dispatch/2025-12/17".into(),
            status: status.into(),
            tone: work::tone(status),
            annual_plan: Some(96_000 * 10_000),
        };
        let open = Self {
            period: "2025-12".into(),
            unit: String::new(),
            unit_name: "内蒙古自治区".into(),
            query: Query::new("/periods/2025-12", &[]),
            periods: vec![
                Choice::new("2025-12", "2025-12"),
                Choice::new("2025-11", "2025-11"),
            ],
            state: "open".into(),
            due_on: "2026-01-08".into(),
            days_left: -2,
            closed_at: None,
            total: unit("150000", "内蒙古自治区", 3343, 3302, 2870),
            units: vec![
                unit("150500", "通辽市", 388, 388, 388),
                unit("150600", "鄂尔多斯市", 512, 487, 420),
                unit("150700", "呼伦贝尔市", 264, 248, 190),
            ],
            late: vec![
                late("城区集中供热管网改造", "科尔沁区", "due"),
                late("年产 35 万吨绿色铝项目二期", "霍林郭勒市", "sent_back"),
            ],
            late_total: 41,
            may_chase: true,
            may_close: true,
            may_review: true,
        };
        let closed = Self {
            state: "closed".into(),
            closed_at: Some("2026-01-12T09:00:00Z".into()),
            late: Vec::new(),
            late_total: 0,
            may_chase: false,
            may_close: false,
            ..open.clone()
        };
        vec![open, closed]
    }
}
