//! Closing a month, with what it does and what is missing said before. (关闭报告期)

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use gangmu_app::dispatch::ReviewQuery;
use gangmu_app::domain::Period;
use gangmu_app::domain::organisation::Action;
use serde::Serialize;

use crate::i18n::Message;
use crate::pages::work::{self, Sent, sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit};
use crate::view::{FieldError, Form, Link, Query};

/// The question before a month is closed.
#[derive(Clone, Debug, Serialize)]
pub struct ClosePeriod {
    pub period: String,
    pub unit: String,
    pub unit_name: String,
    /// It is the whole region: figures are published and frozen for good.
    pub whole: bool,
    pub crumbs: Vec<Link>,
    pub projects: i64,
    pub reported: i64,
    pub accepted: i64,
    pub not_reported: i64,
    pub in_review: i64,
    /// The first of those that are not handed in.
    pub missing: Vec<String>,
    pub form: Form,
}

pub(super) async fn ask(visit: Visit, Path(period): Path<String>) -> Answer {
    let unit = visit.here.get("unit").unwrap_or_default().to_owned();
    let page = ClosePeriod::load(&visit, work::period(&period)?, &unit).await?;
    visit.page(&page).await
}

pub(super) async fn close(
    visit: Visit,
    Path(period): Path<String>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let period = work::period(&period)?;
    let unit = sent(&form, "unit").to_owned();
    let asked = ClosePeriod::load(&visit, period, &unit).await?;
    let gaps = asked.not_reported + asked.in_review > 0;
    if gaps && sent(&form, "known") != "true" {
        let wrong = FieldError {
            field: "known".into(),
            message: Message::new("periods.known_missing"),
        };
        return asked.refused(&visit, vec![wrong]).await;
    }
    let narrowed = Some(unit.as_str()).filter(|unit| !unit.is_empty());
    match visit.app.period_close(&visit.actor, period, narrowed).await {
        Ok(()) => {
            let to = Query::new(format!("/periods/{period}"), &[]).with("unit", &unit);
            let message = Message::new("periods.closed").with("unit", asked.unit_name);
            visit.done(message, &to.href()).await
        }
        Err(error) => {
            let errors = work::problems(&visit, error)?;
            asked.refused(&visit, errors).await
        }
    }
}

impl ClosePeriod {
    async fn load(visit: &Visit, period: Period, unit: &str) -> Result<Self, Failure> {
        // Whoever may not close is told so before the question, not after it.
        visit.actor.grant(Action::ClosePeriod)?;
        let tree = visit.app.unit_tree(&visit.actor).await?;
        let narrowed = Some(unit).filter(|unit| !unit.is_empty());
        let progress = visit
            .app
            .period_progress(&visit.actor, period, narrowed)
            .await?;
        let own = progress.first();
        let late = visit.app.late_list(&visit.actor, period, narrowed).await?;
        let queue = ReviewQuery {
            period,
            unit: narrowed.map(ToOwned::to_owned),
            page: 1,
            per_page: 1,
        };
        let in_review = visit.app.review_queue(&visit.actor, &queue).await?.projects;
        let units = work::units(visit).await?;
        let month = crate::dates::month(period.first_day(), visit.lang);
        Ok(Self {
            period: period.to_string(),
            unit: unit.to_owned(),
            unit_name: work::chosen(&units, unit),
            whole: tree.level == 0 && (unit.is_empty() || unit == tree.unit.code),
            crumbs: vec![
                Link::new(
                    visit.texts()?.message(&Message::new("nav.periods")),
                    "/periods",
                ),
                Link::new(month, format!("/periods/{period}")),
            ],
            projects: own.map_or(0, |own| own.projects),
            reported: own.map_or(0, |own| own.reported),
            accepted: own.map_or(0, |own| own.accepted),
            not_reported: i64::try_from(late.len()).unwrap_or(i64::MAX),
            in_review,
            missing: late.into_iter().take(20).map(|one| one.name).collect(),
            form: Form::default(),
        })
    }

    async fn refused(mut self, visit: &Visit, errors: Vec<FieldError>) -> Answer {
        self.form.errors = errors;
        let html = visit.page(&self).await?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
    }
}

impl Page for ClosePeriod {
    const TEMPLATE: &'static str = "pages/period_close.html";

    fn samples() -> Vec<Self> {
        let gaps = Self {
            period: "2025-12".into(),
            unit: String::new(),
            unit_name: "内蒙古自治区".into(),
            whole: true,
            crumbs: vec![Link::new("报告期", "/periods")],
            projects: 3343,
            reported: 3302,
            accepted: 2870,
            not_reported: 41,
            in_review: 432,
            missing: vec!["城区集中供热管网改造".into(), "风电制造基地".into()],
            form: Form::default().error("known", Message::new("periods.known_missing")),
        };
        let ready = Self {
            unit: "150500".into(),
            unit_name: "通辽市".into(),
            whole: false,
            projects: 388,
            reported: 388,
            accepted: 388,
            not_reported: 0,
            in_review: 0,
            missing: Vec::new(),
            form: Form::default(),
            ..gaps.clone()
        };
        vec![gaps, ready]
    }
}
