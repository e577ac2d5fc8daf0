//! A round of a plan: its figures, the offices, the items; issuing its bulletin and writing letters.

use axum::Form as Posted;
use axum::extract::Path;
use gangmu_app::AppError;
use gangmu_app::domain::organisation::Action;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::domain::supervision::{LetterKind, State};
use gangmu_app::plans::{OfficeInput, OfficeView};
use gangmu_app::supervision::{
    BulletinView, LetterRowView, LettersQuery, LinesQuery, NewLetter, Wanted,
};
use serde::Serialize;

use super::{period, told};
use crate::api::DOCX;
use crate::api::download;
use crate::pages::common::keyed;
use crate::pages::imports::workbook;
use crate::pages::plans::office as office_of;
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, Form, Pager, Query};

/// A round.
#[derive(Clone, Debug, Serialize)]
pub struct RoundPage {
    pub query: Query,
    pub round: BulletinView,
    pub periods: Vec<Choice>,
    /// The office the lines are narrowed to, where they are.
    pub office: Option<OfficeView>,
    /// Letters about this round, newest first.
    pub letters: Vec<LetterRowView>,
    pub pager: Pager,
    pub reply_by: String,
    pub may_export: bool,
    pub typed: Form,
    pub today: String,
}

pub async fn show(visit: Visit, Path(plan): Path<i64>) -> Answer {
    let page = RoundPage::load(&visit, PlanId(plan), None).await?;
    visit.page(&page).await
}

pub async fn table(visit: Visit, Path(plan): Path<i64>) -> Answer {
    let (plan, period) = (PlanId(plan), period(&visit.here)?);
    let made = visit.app.export_supervision(&visit.actor, plan, period);
    let made = made.await?;
    Ok(workbook(&made.name, made.bytes))
}

pub async fn bulletin(visit: Visit, Path(plan): Path<i64>) -> Answer {
    let (plan, period) = (PlanId(plan), period(&visit.here)?);
    let made = visit.app.supervision_bulletin(&visit.actor, plan, period);
    let made = made.await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

pub async fn act(
    visit: Visit,
    Path((plan, word)): Path<(i64, String)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let error = match perform(&visit, PlanId(plan), &word, &form).await {
        Ok(next) => return visit.done(keyed("supervision.done.", &word), &next).await,
        Err(error) => error,
    };
    let (status, errors) = told(&visit, error)?;
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let page = RoundPage::load(&visit, PlanId(plan), Some(typed)).await?;
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = status;
    Ok(answer)
}

/// Does what a form asks for, and returns where to go next.
async fn perform(visit: &Visit, plan: PlanId, word: &str, form: &Sent) -> Result<String, AppError> {
    let (app, actor) = (&visit.app, &visit.actor);
    let period = work::period(sent(form, "period"))?;
    match word {
        "close" => {
            app.supervision_close(actor, plan, period).await?;
            Ok(format!("/supervision/{}?period={period}", plan.0))
        }
        "letter" => {
            let missing = |field: &str| AppError::invalid("field.missing", field);
            let kind = LetterKind::from_word(sent(form, "kind")).ok_or_else(|| missing("kind"))?;
            let reply_by = sent(form, "reply_by");
            let input = NewLetter {
                plan,
                period,
                kind,
                office: OfficeInput::department(sent(form, "unit"), sent(form, "department")),
                reply_by: match reply_by {
                    "" => None,
                    text => Some(
                        text.parse()
                            .map_err(|_| AppError::invalid("field.not_a_date", "reply_by"))?,
                    ),
                },
            };
            let (unit, year, seq) = app.supervision_letter_write(actor, &input).await?;
            Ok(format!("/supervision/letters/{unit}/{year}/{seq}"))
        }
        _ => Err(AppError::NotFound { what: "action" }),
    }
}

/// Which lines of the round an address asks for; unknown words lead nowhere.
fn narrowed(here: &Query) -> Result<LinesQuery, AppError> {
    let chosen = |name: &str| here.get(name).filter(|text| !text.is_empty());
    let nowhere = || AppError::NotFound { what: "page" };
    let state = chosen("state").map(|word| State::from_word(word).ok_or_else(nowhere));
    let reporting = chosen("reporting").map(|word| Wanted::from_word(word).ok_or_else(nowhere));
    Ok(LinesQuery {
        state: state.transpose()?,
        office: chosen("office").map(office_of),
        reporting: reporting.transpose()?,
    })
}

impl RoundPage {
    async fn load(visit: &Visit, plan: PlanId, typed: Option<Form>) -> Result<Self, Failure> {
        let sent = typed.as_ref().and_then(|form| form.values.get("period"));
        let asked = match sent {
            Some(text) => Some(work::period(text)?),
            None => period(&visit.here)?,
        };
        let (app, actor) = (&visit.app, &visit.actor);
        let lines = narrowed(&visit.here)?;
        let round = app.supervision_round(actor, plan, asked).await?;
        let round = round.narrowed(&lines);
        let office = lines.office.and_then(|wanted| {
            let mut offices = round.offices.iter().map(|one| &one.office);
            offices.find(|one| wanted.is(one)).cloned()
        });
        let letters = LettersQuery {
            plan: Some(plan),
            period: round.period.parse().ok(),
            page: work::page(&visit.here),
            ..LettersQuery::default()
        };
        let letters = app.supervision_letters(actor, &letters).await?;
        let reply_by = app.supervision_reply_by().await?;
        let lang = visit.texts()?.lang();
        let month = |text: &String| Choice::new(text.clone(), crate::dates::month_of(text, lang));
        let mut query = Query::new(
            format!("/supervision/{}", plan.0),
            &[("period", round.period.as_str())],
        );
        for name in ["state", "office", "reporting"] {
            query = query.with(name, visit.here.get(name).unwrap_or_default());
        }
        let turned = (letters.page, letters.page_size, letters.total);
        Ok(Self {
            pager: work::pager_of((&query, "page"), turned),
            query,
            office,
            periods: round.periods.iter().map(month).collect(),
            letters: letters.rows,
            round,
            reply_by: reply_by.map_or_else(String::new, |day| day.to_string()),
            may_export: visit.may(Action::Export),
            typed: typed.unwrap_or_default(),
            today: app.today().to_string(),
        })
    }
}
