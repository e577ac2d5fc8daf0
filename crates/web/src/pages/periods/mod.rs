//! The months: opening, closing, who is late, and corrections of closed ones. What one would get
//! wrong: closing the region is for good and publishes its figures, closing a lower unit only
//! keeps its own people from changing them, and the level above gives the month back; the pages
//! say which. (报告期)

mod close;
mod correct;
mod month;
mod reopen;

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use axum::{Form as Posted, Router};
use gangmu_app::domain::Period;
use gangmu_app::domain::organisation::Action;
use serde::Serialize;

pub use close::ClosePeriod;
pub use correct::Correction;
pub use month::Month;
pub use reopen::ReopenPeriod;

use super::work::{self, Sent, sent};
use crate::i18n::Message;
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{Form, Rate};

/// The addresses of the periods.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/periods", get(list))
        .route("/periods/open", post(open))
        .route("/periods/{period}", get(month::show))
        .route("/periods/{period}/chase", post(month::chase))
        .route(
            "/periods/{period}/close",
            get(close::ask).post(close::close),
        )
        .route(
            "/periods/{period}/reopen",
            get(reopen::ask).post(reopen::reopen),
        )
        .route(
            "/periods/{period}/correct/{project}",
            get(correct::ask).post(correct::correct),
        )
}

/// All months.
#[derive(Clone, Debug, Serialize)]
pub struct Periods {
    pub rows: Vec<PeriodRow>,
    /// The month that can be opened next, for those who may.
    pub next: Option<String>,
    pub form: Form,
}

/// One month.
#[derive(Clone, Debug, Serialize)]
pub struct PeriodRow {
    pub period: String,
    pub state: String,
    pub tone: &'static str,
    pub due_on: String,
    pub days_left: i64,
    pub overdue: bool,
    /// RFC 3339.
    pub closed_at: Option<String>,
    pub reported: Rate,
    pub accepted: Rate,
}

async fn list(visit: Visit) -> Answer {
    let page = Periods::load(&visit).await?;
    visit.page(&page).await
}

async fn open(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    let period = work::period(sent(&form, "period"))?;
    match visit.app.period_open(&visit.actor, period).await {
        Ok(()) => {
            let to = format!("/periods/{period}");
            visit.done(Message::new("periods.opened"), &to).await
        }
        Err(error) => {
            let mut page = Periods::load(&visit).await?;
            page.form.errors = work::problems(&visit, error)?;
            let html = visit.page(&page).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
        }
    }
}

impl Periods {
    async fn load(visit: &Visit) -> Result<Self, Failure> {
        let known = visit.app.period_list().await?;
        let newest = known
            .first()
            .and_then(|row| row.period.parse::<Period>().ok());
        let next = match newest {
            Some(newest) => Some(newest.next()),
            None => Period::of(visit.app.today()),
        };
        let mut rows = Vec::with_capacity(known.len());
        for row in known {
            let period = work::period(&row.period)?;
            let progress = visit
                .app
                .period_progress(&visit.actor, period, None)
                .await?;
            let own = progress.first();
            let of = |count: i64| Rate {
                num: count,
                den: own.map_or(0, |own| own.projects),
            };
            rows.push(PeriodRow {
                days_left: work::days_until(visit.app.today(), &row.due_on),
                tone: if row.state == "open" { "wait" } else { "" },
                state: row.state.to_owned(),
                reported: of(own.map_or(0, |own| own.reported)),
                accepted: of(own.map_or(0, |own| own.accepted)),
                closed_at: row.closed_at.map(work::instant),
                overdue: row.overdue,
                due_on: row.due_on,
                period: row.period,
            });
        }
        Ok(Self {
            rows,
            next: next
                .filter(|_| visit.may(Action::OpenPeriod))
                .map(|period| period.to_string()),
            form: Form::default(),
        })
    }
}

impl Page for Periods {
    const TEMPLATE: &'static str = "pages/periods.html";

    fn samples() -> Vec<Self> {
        let row =
            |period: &str, state: &str, due_on: &str, days_left, reported, accepted| PeriodRow {
                period: period.into(),
                state: state.into(),
                tone: if state == "open" { "wait" } else { "" },
                due_on: due_on.into(),
                days_left,
                overdue: state == "open" && days_left < 0,
                closed_at: (state == "closed").then(|| "2025-12-12T09:00:00Z".into()),
                reported: Rate {
                    num: reported,
                    den: 3343,
                },
                accepted: Rate {
                    num: accepted,
                    den: 3343,
                },
            };
        let full = Self {
            rows: vec![
                row("2025-12", "open", "2026-01-08", -2, 3302, 2870),
                row("2025-11", "closed", "2025-12-05", -36, 3343, 3340),
                row("2025-10", "closed", "2025-11-07", -64, 3336, 3336),
            ],
            next: Some("2026-01".into()),
            form: Form::default(),
        };
        let refused = Self {
            form: Form::default().error("", Message::new("review.changed")),
            ..full.clone()
        };
        let empty = Self {
            rows: Vec::new(),
            ..full.clone()
        };
        let reader = Self {
            rows: Vec::new(),
            next: None,
            ..full.clone()
        };
        vec![full, refused, empty, reader]
    }
}
