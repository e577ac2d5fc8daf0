//! Correcting a return of a closed month: the figures that were published stay beside the current
//! ones. (更正)

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use gangmu_app::AppError;
use gangmu_app::dispatch::{CorrectionView, MovedFigure};
use gangmu_app::domain::Period;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::metrics::{Edition, Measure};
use gangmu_app::domain::organisation::Action;
use gangmu_app::metrics::{By, RollupQuery};
use serde::Serialize;

use crate::i18n::Message;
use crate::pages::dispatch::file::read;
use crate::pages::dispatch::form::ReturnForm;
use crate::pages::work::{self, Sent, sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit};
use crate::view::{FieldError, Form};

/// The form of a correction, and what the last one changed.
#[derive(Clone, Debug, Serialize)]
pub struct Correction {
    pub filed: ReturnForm,
    pub form: Form,
    /// Investment to date of the person's area, yuan: as published and as it stands.
    pub published: i64,
    pub current: i64,
    /// The month before and after a correction just made.
    pub done: Option<Done>,
}

/// What a correction changed.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    pub before: Option<i64>,
    pub after: Option<i64>,
    /// The published figures that are not as they stand now, by month.
    pub moved: Vec<Moved>,
}

/// One published figure beside what stands.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    pub period: String,
    /// The measure's word.
    pub measure: &'static str,
    /// In yuan; else it counts projects.
    pub money: bool,
    pub published: i64,
    pub current: i64,
}

impl Moved {
    fn new(figure: &MovedFigure) -> Self {
        let money = |measure: &Measure| measure.word() == figure.measure && measure.is_money();
        Self {
            period: figure.period.clone(),
            measure: figure.measure,
            money: Measure::ALL.iter().any(money),
            published: figure.published,
            current: figure.current,
        }
    }
}

pub(super) async fn ask(visit: Visit, Path((period, project)): Path<(String, i64)>) -> Answer {
    let page = Correction::load(&visit, work::period(&period)?, ProjectId(project)).await?;
    visit.page(&page).await
}

pub(super) async fn correct(
    visit: Visit,
    Path((period, project)): Path<(String, i64)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let (period, id) = (work::period(&period)?, ProjectId(project));
    let (typed, figures) = read(&form);
    let errors = match figures {
        Ok(figures) => {
            let seen = (id, sent(&form, "version").parse().unwrap_or(-1));
            match visit
                .app
                .return_correct(&visit.actor, period, seen, figures)
                .await
            {
                Ok(done) => return corrected(&visit, period, id, &done).await,
                Err(AppError::Changed { .. }) => vec![FieldError {
                    field: String::new(),
                    message: Message::new("return.conflict"),
                }],
                Err(error) => work::problems(&visit, error)?,
            }
        }
        Err(errors) => errors,
    };
    let page = Correction {
        form: Form { errors, ..typed },
        ..Correction::load(&visit, period, id).await?
    };
    let html = visit.page(&page).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

async fn corrected(visit: &Visit, period: Period, id: ProjectId, done: &CorrectionView) -> Answer {
    let page = Correction {
        done: Some(Done {
            before: done.month_before,
            after: done.month_after,
            moved: done.moved.iter().map(Moved::new).collect(),
        }),
        ..Correction::load(visit, period, id).await?
    };
    visit.page(&page).await
}

impl Correction {
    async fn load(visit: &Visit, period: Period, id: ProjectId) -> Result<Self, Failure> {
        visit.actor.grant(Action::Correct)?;
        let mut filed = ReturnForm::load(visit, period, id).await?;
        let mut form = filed.form.clone();
        form.values
            .insert("correction_reason".into(), String::new());
        filed.form.errors.clear();
        Ok(Self {
            filed,
            form,
            published: to_date(visit, period, Edition::Published).await?,
            current: to_date(visit, period, Edition::Current).await?,
            done: None,
        })
    }
}

async fn to_date(visit: &Visit, period: Period, edition: Edition) -> Result<i64, Failure> {
    let query = RollupQuery {
        period: Some(period),
        unit: None,
        by: By::Investor,
        edition,
    };
    let rollup = visit.app.rollup(&visit.actor, &query).await?;
    let word = Measure::YearToDate.word();
    Ok(rollup.total.measures.get(word).copied().unwrap_or(0))
}

impl Page for Correction {
    const TEMPLATE: &'static str = "pages/correction.html";

    fn samples() -> Vec<Self> {
        let filed = ReturnForm::samples().into_iter().find(|filed| filed.closed);
        let asked: Vec<Self> = filed
            .into_iter()
            .map(|filed| Self {
                form: filed
                    .form
                    .clone()
                    .value("correction_reason", "")
                    .error("correction_reason", Message::new("periods.reason_missing")),
                filed,
                published: 98_123_400 * 1_000_000,
                current: 98_123_400 * 1_000_000,
                done: None,
            })
            .collect();
        let done = asked.iter().cloned().map(|one| Self {
            form: Form {
                errors: Vec::new(),
                ..one.form
            },
            current: one.published - 4_500_000_000,
            done: Some(Done {
                before: Some(6_500_000_000),
                after: Some(2_000_000_000),
                moved: vec![
                    Moved {
                        period: "2025-11".into(),
                        measure: "year_to_date",
                        money: true,
                        published: 98_123_400 * 1_000_000,
                        current: 98_123_400 * 1_000_000 - 4_500_000_000,
                    },
                    Moved {
                        period: "2025-12".into(),
                        measure: "started",
                        money: false,
                        published: 233,
                        current: 232,
                    },
                ],
            }),
            ..one
        });
        let done: Vec<Self> = done.collect();
        [asked, done].concat()
    }
}
