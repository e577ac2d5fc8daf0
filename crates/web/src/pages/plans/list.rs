//! Which plans there are, and what charges one's own office.

use gangmu_app::AppError;
use gangmu_app::domain::organisation::Action;
use gangmu_app::domain::plans::{PlanKind, PlanState};
use gangmu_app::plans::{DutyView, PlanQuery, PlanRowView};
use serde::Serialize;

use crate::pages::imports::workbook;
use crate::pages::work;
use crate::server::{Answer, Visit, words};
use crate::view::{Choice, Pager, Query};

/// The plans.
#[derive(Clone, Debug, Serialize)]
pub struct PlanList {
    pub query: Query,
    pub rows: Vec<PlanRowView>,
    pub total: i64,
    pub pager: Pager,
    pub kinds: Vec<Choice>,
    pub states: Vec<Choice>,
    pub units: Vec<Choice>,
    pub may_write: bool,
    pub may_export: bool,
}

/// The tasks that charge one's own office.
#[derive(Clone, Debug, Serialize)]
pub struct DutyPage {
    pub rows: Vec<DutyView>,
    pub total: i64,
    pub pager: Pager,
    pub today: String,
    pub may_write: bool,
    pub may_export: bool,
}

/// Reads what is asked for; unknown words are refused.
fn asked(here: &Query) -> Result<PlanQuery, AppError> {
    let chosen = |name: &str| here.get(name).filter(|text| !text.is_empty());
    let no_page = AppError::NotFound { what: "page" };
    let kind = match chosen("kind") {
        None => None,
        Some(word) => Some(PlanKind::from_word(word).ok_or(no_page)?),
    };
    let no_page = AppError::NotFound { what: "page" };
    let state = match chosen("state") {
        None => None,
        Some(word) => Some(PlanState::from_word(word).ok_or(no_page)?),
    };
    Ok(PlanQuery {
        unit: chosen("unit").map(str::to_owned),
        kind,
        state,
        parent: None,
        text: chosen("q").map(str::to_owned),
        page: work::page(here),
    })
}

pub async fn export(visit: Visit) -> Answer {
    let query = asked(&visit.here)?;
    let made = visit.app.export_plan_list(&visit.actor, &query).await?;
    Ok(workbook(&made.name, made.bytes))
}

pub async fn export_duties(visit: Visit) -> Answer {
    let made = visit.app.export_plan_duties(&visit.actor).await?;
    Ok(workbook(&made.name, made.bytes))
}

pub async fn show(visit: Visit) -> Answer {
    let here = &visit.here;
    let query = asked(here)?;
    let found = visit.app.plan_page(&visit.actor, &query).await?;
    let texts = visit.texts()?;
    let pages = (found.total + found.page_size - 1) / found.page_size.max(1);
    let page = PlanList {
        query: here.clone(),
        total: found.total,
        pager: work::pager(here, found.page, pages, found.page_size, found.total),
        rows: found.rows,
        kinds: PlanKind::ALL
            .iter()
            .map(|one| Choice::new(one.word(), words::word(texts, "plans.kind.", one.word())))
            .collect(),
        states: PlanState::ALL
            .iter()
            .map(|one| Choice::new(one.word(), words::word(texts, "plans.state.", one.word())))
            .collect(),
        units: work::units(&visit).await?,
        may_write: visit.may(Action::ManagePlan),
        may_export: visit.may(Action::Export),
    };
    visit.page(&page).await
}

pub async fn duties(visit: Visit) -> Answer {
    let here = &visit.here;
    let at = work::page(here);
    let found = visit.app.plan_duties(&visit.actor, at).await?;
    let page = DutyPage {
        total: found.total,
        pager: work::pager_of((here, "page"), (found.page, found.page_size, found.total)),
        rows: found.rows,
        today: visit.app.today().to_string(),
        may_write: visit.may(Action::ManagePlan),
        may_export: visit.may(Action::Export),
    };
    visit.page(&page).await
}
