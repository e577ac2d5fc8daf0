//! An item in a round: what the figures say, what was reported and found, and the form of what may be
//! done next.

use axum::extract::{Multipart, Path};
use gangmu_app::AppError;
use gangmu_app::domain::Period;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::domain::supervision::{Item, State};
use gangmu_app::library::Upload;
use gangmu_app::supervision::{CheckInput, ItemEventView, ItemView, ReportInput, VerifyInput};
use serde::Serialize;

use super::{Step, period, steps, told};
use crate::api::download;
use crate::pages::common::keyed;
use crate::pages::work::{self, Sent, instant, sent};
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{Choice, Form};

/// An item in a round.
#[derive(Clone, Debug, Serialize)]
pub struct ItemPage {
    pub item: ItemView,
    /// What was done, newest first, each with its instant.
    pub events: Vec<(String, ItemEventView)>,
    /// The steps of the ladder that fired, newest first, each with its instant.
    pub steps: Vec<(String, Step)>,
    pub periods: Vec<Choice>,
    pub states: Vec<Choice>,
    /// report, verify, `spot_check`; none for no form.
    pub opened: Option<String>,
    pub typed: Form,
    pub today: String,
}

pub async fn show(visit: Visit, Path(at): Path<(i64, u32, u32)>) -> Answer {
    let opened = visit.here.get("do").map(str::to_owned);
    let period = period(&visit.here)?;
    let page = ItemPage::load(&visit, at, period, opened, None).await?;
    visit.page(&page).await
}

pub async fn file(
    visit: Visit,
    Path((plan, task, indicator, month, seq, number)): Path<(i64, u32, u32, String, i64, i64)>,
) -> Answer {
    let at = (work::period(&month)?, Item { task, indicator });
    let (app, actor) = (&visit.app, &visit.actor);
    let (name, media_type, bytes) = app
        .supervision_file(actor, PlanId(plan), at, (seq, number))
        .await?;
    Ok(download(&name, &media_type, bytes))
}

pub async fn act(
    visit: Visit,
    Path((plan, task, indicator, word)): Path<(i64, u32, u32, String)>,
    parts: Multipart,
) -> Answer {
    let (form, files) = work::with_files(parts).await?;
    let month = work::period(sent(&form, "period"))?;
    let at = (month, Item { task, indicator });
    let error = match perform(&visit, PlanId(plan), at, &word, &form, files).await {
        Ok(()) => {
            let next = format!("/supervision/{plan}/{task}/{indicator}?period={month}");
            return visit.done(keyed("supervision.done.", &word), &next).await;
        }
        Err(error) => error,
    };
    let (status, errors) = told(&visit, error)?;
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let at = (plan, task, indicator);
    let page = ItemPage::load(&visit, at, Some(month), Some(word), Some(typed)).await?;
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = status;
    Ok(answer)
}

async fn perform(
    visit: &Visit,
    plan: PlanId,
    at: (Period, Item),
    word: &str,
    form: &Sent,
    files: Vec<Upload>,
) -> Result<(), AppError> {
    let (app, actor) = (&visit.app, &visit.actor);
    let version = sent(form, "version").parse().ok();
    let state = State::from_word(sent(form, "state"));
    let text = |name: &str| sent(form, name).to_owned();
    match word {
        "report" => {
            let input = ReportInput {
                version,
                plan_version: sent(form, "plan_version").parse().ok(),
                state: state.ok_or_else(|| AppError::invalid("field.missing", "state"))?,
                text: text("text"),
                reason: text("reason"),
                files,
            };
            app.supervision_report(actor, plan, at, input).await?;
        }
        "verify" => {
            let input = VerifyInput {
                version,
                state,
                note: text("note"),
                reason: text("reason"),
                files,
            };
            app.supervision_verify(actor, plan, at, input).await?;
        }
        "spot_check" => {
            let input = CheckInput {
                version,
                sound: sent(form, "sound") == "yes",
                findings: text("findings"),
                files,
            };
            app.supervision_check(actor, plan, at, input).await?;
        }
        _ => return Err(AppError::NotFound { what: "action" }),
    }
    Ok(())
}

impl ItemPage {
    async fn load(
        visit: &Visit,
        (plan, task, indicator): (i64, u32, u32),
        period: Option<Period>,
        opened: Option<String>,
        typed: Option<Form>,
    ) -> Result<Self, Failure> {
        let (plan, item) = (PlanId(plan), Item { task, indicator });
        let (app, actor) = (&visit.app, &visit.actor);
        let view = app.supervision_item(actor, plan, item, period).await?;
        let texts = visit.texts()?;
        let lang = texts.lang();
        let month = |text: &String| Choice::new(text.clone(), crate::dates::month_of(text, lang));
        let opened = opened.filter(|word| view.offers.iter().any(|one| one == word));
        let state = |one: &State| {
            let label = words::word(texts, "supervision.state.", one.word());
            Choice::new(one.word(), label)
        };
        Ok(Self {
            steps: steps(texts, &view.steps),
            events: view
                .events
                .iter()
                .rev()
                .map(|event| (instant(event.at), event.clone()))
                .collect(),
            periods: view.periods.iter().map(month).collect(),
            states: State::ALL.iter().map(state).collect(),
            typed: typed.unwrap_or_else(|| begun(&view, opened.as_deref())),
            opened,
            item: view,
            today: app.today().to_string(),
        })
    }
}

/// What a form begins with: the state that is proposed or was reported.
fn begun(view: &ItemView, opened: Option<&str>) -> Form {
    let said = match opened {
        Some("report") => view.row.proposed,
        Some("verify") => {
            let mut reports = view.events.iter().rev();
            reports
                .find(|event| event.act == "report")
                .and_then(|event| event.state)
        }
        _ => None,
    };
    let form = Form::default();
    match said {
        Some(state) => form.value("state", state),
        None => form,
    }
}
