//! Giving a month back to a unit that closed it too early, with the reason the unit will read.
//! (重新开放)

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use gangmu_app::domain::Period;
use gangmu_app::domain::organisation::Action;
use serde::Serialize;

use crate::i18n::Message;
use crate::pages::work::{self, Sent, sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit};
use crate::view::{Form, Link, Query};

/// The question before a unit's month is opened again.
#[derive(Clone, Debug, Serialize)]
pub struct ReopenPeriod {
    pub period: String,
    pub unit: String,
    pub unit_name: String,
    pub crumbs: Vec<Link>,
    pub form: Form,
}

pub(super) async fn ask(visit: Visit, Path(period): Path<String>) -> Answer {
    let unit = visit.here.get("unit").unwrap_or_default().to_owned();
    let page = ReopenPeriod::load(&visit, work::period(&period)?, &unit).await?;
    visit.page(&page).await
}

pub(super) async fn reopen(
    visit: Visit,
    Path(period): Path<String>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let period = work::period(&period)?;
    let (unit, reason) = (sent(&form, "unit"), sent(&form, "reason"));
    let mut asked = ReopenPeriod::load(&visit, period, unit).await?;
    let done = visit
        .app
        .period_reopen(&visit.actor, period, unit, reason)
        .await;
    match done {
        Ok(()) => {
            let to = Query::new(format!("/periods/{period}"), &[]).with("unit", unit);
            let message = Message::new("periods.reopened").with("unit", asked.unit_name);
            visit.done(message, &to.href()).await
        }
        Err(error) => {
            asked.form = Form::default().value("reason", reason);
            asked.form.errors = work::problems(&visit, error)?;
            let html = visit.page(&asked).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
        }
    }
}

impl ReopenPeriod {
    async fn load(visit: &Visit, period: Period, unit: &str) -> Result<Self, Failure> {
        visit.actor.grant(Action::ReopenPeriod)?;
        let units = work::units(visit).await?;
        let month = crate::dates::month(period.first_day(), visit.lang);
        let periods = visit.texts()?.message(&Message::new("nav.periods"));
        Ok(Self {
            period: period.to_string(),
            unit: unit.to_owned(),
            unit_name: work::chosen(&units, unit),
            crumbs: vec![
                Link::new(periods, "/periods"),
                Link::new(month, format!("/periods/{period}")),
            ],
            form: Form::default(),
        })
    }
}

impl Page for ReopenPeriod {
    const TEMPLATE: &'static str = "pages/period_reopen.html";

    fn samples() -> Vec<Self> {
        let asked = Self {
            period: "2025-12".into(),
            unit: "150502".into(),
            unit_name: "科尔沁区".into(),
            crumbs: vec![Link::new("报告期", "/periods")],
            form: Form::default(),
        };
        let refused = Self {
            form: Form::default().error("reason", Message::new("periods.reopen_reason_missing")),
            ..asked.clone()
        };
        vec![asked, refused]
    }
}
