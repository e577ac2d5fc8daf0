//! What can be taken out: one page that says what there is, and the addresses of the tables. What
//! one would get wrong: period and unit stand in the address, so a link can be sent on. (导出)

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use gangmu_app::AppError;
use gangmu_app::domain::Period;
use gangmu_app::domain::organisation::Action;
use gangmu_app::exports::MonthlyTable;
use gangmu_app::library::ListQuery;
use serde::Serialize;

use super::imports::workbook;
use super::work;
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{Choice, Query};

/// The addresses of the exports.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/exports", get(show))
        .route("/exports/{file}", get(take))
}

/// What can be taken out, for one month and unit.
#[derive(Clone, Debug, Serialize)]
pub struct Exports {
    pub query: Query,
    pub period: Option<String>,
    pub periods: Vec<Choice>,
    pub unit_name: String,
    pub units: Vec<Choice>,
    pub tables: Vec<Table>,
}

/// One table; its words stand under `exports.KIND`.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    pub kind: &'static str,
    pub icon: &'static str,
    pub href: String,
}

const TABLES: [(&str, &str); 5] = [
    ("details", "list-details"),
    ("summaries", "chart-bar"),
    ("progress", "timeline"),
    ("projects", "table"),
    ("return_template", "pencil"),
];

async fn show(visit: Visit) -> Answer {
    // Whoever may take nothing out is told so instead of shown what there is.
    visit.actor.grant(Action::Export)?;
    let periods = work::periods(&visit).await?;
    let units = work::units(&visit).await?;
    let period = match visit.here.get("period") {
        Some(text) => Some(work::period(text)?.to_string()),
        None => periods.first().map(|one| one.value.clone()),
    };
    let unit = visit.here.get("unit").unwrap_or_default();
    let page = Exports {
        query: visit.here.clone(),
        unit_name: work::chosen(&units, unit),
        tables: tables(period.as_deref().unwrap_or_default(), unit),
        period,
        periods,
        units,
    };
    visit.page(&page).await
}

fn tables(period: &str, unit: &str) -> Vec<Table> {
    TABLES
        .iter()
        .map(|(kind, icon)| Table {
            kind,
            icon,
            href: Query::new(format!("/exports/{kind}.xlsx"), &[])
                .with("period", period)
                .with("unit", unit)
                .href(),
        })
        .collect()
}

async fn take(visit: Visit, Path(file): Path<String>) -> Answer {
    let kind = file
        .strip_suffix(".xlsx")
        .ok_or(AppError::NotFound { what: "page" })?;
    let period = match visit.here.get("period") {
        Some(text) => work::period(text)?,
        None => newest(&visit).await?,
    };
    let unit = visit.here.get("unit");
    let (app, actor) = (&visit.app, &visit.actor);
    let made = match kind {
        "return_template" => app.export_template(actor, period, unit).await?,
        "projects" => {
            let list = ListQuery {
                period: Some(period),
                unit: unit.map(ToOwned::to_owned),
                ..ListQuery::default()
            };
            app.export_projects(actor, &list).await?
        }
        monthly => {
            let table =
                MonthlyTable::from_word(monthly).ok_or(AppError::NotFound { what: "page" })?;
            app.export_monthly(actor, table, period, unit).await?
        }
    };
    Ok(workbook(&made.name, made.bytes))
}

async fn newest(visit: &Visit) -> Result<Period, Failure> {
    let known = visit.app.period_list().await?;
    let newest = known.first().ok_or(AppError::NotFound { what: "period" })?;
    Ok(work::period(&newest.period)?)
}

impl Page for Exports {
    const TEMPLATE: &'static str = "pages/exports.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            query: Query::new("/exports", &[("period", "2025-12")]),
            period: Some("2025-12".into()),
            periods: vec![
                Choice::new("2025-12", "2025-12"),
                Choice::new("2025-11", "2025-11"),
            ],
            unit_name: "通辽市".into(),
            units: vec![
                Choice::new("150500", "通辽市"),
                Choice::new("150502", "　科尔沁区"),
            ],
            tables: tables("2025-12", ""),
        };
        let none = Self {
            period: None,
            periods: Vec::new(),
            ..full.clone()
        };
        vec![full, none]
    }
}
