//! Which plans are under supervision, and putting one there.

use axum::Form as Posted;
use gangmu_app::AppError;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::domain::supervision::Rhythm;
use gangmu_app::supervision::{SupervisedView, SupervisionInput};
use serde::Serialize;

use super::told;
use crate::i18n::{Message, Texts};
use crate::pages::work::{Sent, sent};
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{Choice, Form};

/// The plans under supervision.
#[derive(Clone, Debug, Serialize)]
pub struct SupervisionList {
    pub rows: Vec<SupervisedView>,
    pub may_supervise: bool,
    pub rhythms: Vec<Choice>,
    pub plans: Vec<Choice>,
    /// The plan whose supervision is changed; none for a new one.
    pub opened: Option<i64>,
    pub typed: Form,
    pub today: String,
}

pub async fn show(visit: Visit) -> Answer {
    let page = SupervisionList::load(&visit, None).await?;
    visit.page(&page).await
}

pub async fn put(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    let error = match perform(&visit, &form).await {
        Ok(next) => {
            let done = Message::new("supervision.done.put");
            return visit.done(done, &next).await;
        }
        Err(error) => error,
    };
    let (status, errors) = told(&visit, error)?;
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let page = SupervisionList::load(&visit, Some(typed)).await?;
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = status;
    Ok(answer)
}

async fn perform(visit: &Visit, form: &Sent) -> Result<String, AppError> {
    let month = |name: &str| match sent(form, name) {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| AppError::invalid("field.not_a_date", name)),
    };
    let missing = |field: &str| AppError::invalid("field.missing", field);
    let plan = sent(form, "plan").parse().map_err(|_| missing("plan"))?;
    let input = SupervisionInput {
        edit: sent(form, "edit").parse().ok(),
        rhythm: Rhythm::from_word(sent(form, "rhythm")).ok_or_else(|| missing("rhythm"))?,
        since: month("since")?.ok_or_else(|| missing("since"))?,
        until: month("until")?,
    };
    let app = &visit.app;
    app.supervision_put(&visit.actor, PlanId(plan), input)
        .await?;
    Ok("/supervision".to_owned())
}

impl SupervisionList {
    async fn load(visit: &Visit, typed: Option<Form>) -> Result<Self, Failure> {
        let page = visit.app.supervision_page(&visit.actor).await?;
        let texts = visit.texts()?;
        let asked = typed.as_ref().and_then(|form| form.values.get("plan"));
        let asked = asked.map(String::as_str).or_else(|| visit.here.get("plan"));
        let asked: Option<i64> = asked.and_then(|text| text.parse().ok());
        let row = page.rows.iter().find(|row| Some(row.plan_id) == asked);
        let row = row.filter(|row| row.may_supervise);
        let month = visit.app.today().to_string();
        let month = month.get(..7).unwrap_or_default();
        let begun = match row {
            Some(row) => Form::default()
                .value("plan", row.plan_id.to_string())
                .value("edit", row.edit.to_string())
                .value("rhythm", row.rhythm)
                .value("since", row.since.clone())
                .value("until", row.until.clone()),
            None => Form::default()
                .value("edit", "0")
                .value("plan", asked.map(|id| id.to_string()).unwrap_or_default())
                .value("rhythm", "monthly")
                .value("since", month),
        };
        Ok(Self {
            opened: row.map(|row| row.plan_id),
            rhythms: rhythms(texts),
            plans: page
                .candidates
                .iter()
                .map(|(id, title)| Choice::new(id.to_string(), title.clone()))
                .collect(),
            may_supervise: page.may_supervise,
            rows: page.rows,
            typed: typed.unwrap_or(begun),
            today: visit.app.today().to_string(),
        })
    }
}

/// How often offices may report, to choose from.
pub fn rhythms(texts: &Texts) -> Vec<Choice> {
    let choice = |one: &Rhythm| {
        let label = words::word(texts, "supervision.rhythm.", one.word());
        Choice::new(one.word(), label)
    };
    Rhythm::ALL.iter().map(choice).collect()
}
