//! A plan beside the plans under it, two versions of it side by side, and its tables as workbooks.

use axum::extract::Path;
use gangmu_app::AppError;
use gangmu_app::domain::organisation::Action;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::plans::{ComparedView, CoverView, PlanView};
use serde::Serialize;

use super::show::asked;
use crate::api::{DOCX, download};
use crate::pages::imports::workbook;
use crate::server::{Answer, Visit};

/// Who covers what of a plan.
#[derive(Clone, Debug, Serialize)]
pub struct CoverPage {
    pub cover: CoverView,
    pub today: String,
    pub may_export: bool,
}

/// Two versions of a plan.
#[derive(Clone, Debug, Serialize)]
pub struct ComparePage {
    pub plan: PlanView,
    pub from: u32,
    pub to: u32,
    pub rows: Vec<ComparedView>,
}

pub async fn cover(visit: Visit, Path(id): Path<i64>) -> Answer {
    let page = CoverPage {
        cover: visit.app.plan_cover(&visit.actor, PlanId(id)).await?,
        today: visit.app.today().to_string(),
        may_export: visit.may(Action::Export),
    };
    visit.page(&page).await
}

pub async fn compare(visit: Visit, Path(id): Path<i64>) -> Answer {
    let plan = visit.app.plan_view(&visit.actor, PlanId(id), None).await?;
    let last = plan.versions.first().map_or(1, |one| one.version);
    let asked = |name: &str, other: u32| match visit.here.get(name) {
        None => Ok(other),
        Some(text) => text
            .parse()
            .map_err(|_| AppError::NotFound { what: "version" }),
    };
    let to = asked("to", last)?;
    let from = asked("from", to.saturating_sub(1).max(1))?;
    let page = ComparePage {
        rows: visit
            .app
            .plan_compare(&visit.actor, PlanId(id), from, to)
            .await?,
        plan,
        from,
        to,
    };
    visit.page(&page).await
}

pub async fn document(visit: Visit, Path(id): Path<i64>) -> Answer {
    let version = asked(&visit, PlanId(id)).await?;
    let made = visit
        .app
        .export_plan_document(&visit.actor, PlanId(id), version)
        .await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

pub async fn table(visit: Visit, Path(id): Path<i64>) -> Answer {
    let version = asked(&visit, PlanId(id)).await?;
    let made = visit
        .app
        .export_plan(&visit.actor, PlanId(id), version)
        .await?;
    Ok(workbook(&made.name, made.bytes))
}

pub async fn workbook_of_cover(visit: Visit, Path(id): Path<i64>) -> Answer {
    let made = visit
        .app
        .export_plan_cover(&visit.actor, PlanId(id))
        .await?;
    Ok(workbook(&made.name, made.bytes))
}
