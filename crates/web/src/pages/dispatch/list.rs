//! A month's returns as a plain list: works without script and on a phone; each row leads to the
//! form of one return. (逐项填报)

use gangmu_app::domain::Period;
use gangmu_app::library::{ListRowView, facet_from_word};
use serde::Serialize;

use super::{Head, base, grid::template_url};
use crate::pages::work;
use crate::render::Page;
use crate::server::{Answer, Visit};
use crate::view::{Pager, Query, Rate};

const PER_PAGE: i64 = 50;

/// The returns of a month, one row each.
#[derive(Clone, Debug, Serialize)]
pub struct DispatchList {
    pub head: Head,
    pub template_url: String,
    /// The rows as they are filtered, as a workbook.
    pub export_url: String,
    pub time: Rate,
    pub rows: Vec<Row>,
    pub pager: Pager,
}

/// One return in the list.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: String,
    pub unit_name: String,
    pub href: String,
    pub status: String,
    pub tone: &'static str,
    pub month: Option<i64>,
    pub year_to_date: Option<i64>,
    pub completion: Rate,
}

pub(super) async fn show(visit: &Visit, period: Period, head: Head) -> Answer {
    let mut query = base(visit, period, PER_PAGE);
    query.page = work::page(&visit.here);
    query.filter.text = visit.here.get("q").unwrap_or_default().to_owned();
    match visit.here.get("status") {
        Some("late") => query.filter.facets = facet_from_word("not_reported").into_iter().collect(),
        Some(status) => query.filter.statuses = vec![status.to_owned()],
        None => {}
    }
    let list = visit.app.project_list(&visit.actor, &query).await?;
    let time = period.time_progress();
    let page = DispatchList {
        template_url: template_url(&head),
        export_url: export_url(&head),
        time: Rate {
            num: time.numerator,
            den: time.denominator,
        },
        rows: list
            .rows
            .iter()
            .map(|row| self::row(visit, period, row))
            .collect(),
        pager: work::pager(&visit.here, list.page, list.pages, PER_PAGE, list.projects),
        head,
    };
    visit.page(&page).await
}

/// The library's export takes the same filters under the same names, "late" as a facet.
fn export_url(head: &Head) -> String {
    let mut query = Query::new(
        "/projects/export",
        &[("period", &head.period), ("on_list", "1")],
    );
    for name in ["unit", "q"] {
        query = query.with(name, head.query.get(name).unwrap_or_default());
    }
    match head.query.get("status") {
        Some("late") => query.with("facet", "not_reported"),
        status => query.with("status", status.unwrap_or_default()),
    }
    .href()
}

fn row(visit: &Visit, period: Period, row: &ListRowView) -> Row {
    let status = row.row.status.clone().unwrap_or_else(|| "due".to_owned());
    Row {
        name: row.row.name.clone(),
        unit_name: work::unit_name(visit.lang, &row.unit),
        href: format!("/dispatch/{period}/{}", row.row.project_id),
        tone: work::tone(&status),
        status,
        month: row.row.month_investment,
        year_to_date: row.row.year_to_date,
        completion: row.completion.into(),
    }
}

impl Page for DispatchList {
    const TEMPLATE: &'static str = "pages/dispatch_list.html";

    fn samples() -> Vec<Self> {
        let row = |name: &str, status: &str, month, year_to_date: i64, plan: i64| Row {
            name: name.into(),
            unit_name: "科尔沁区".into(),
            href: "/dispatch/2025-12/17".into(),
            status: status.into(),
            tone: work::tone(status),
            month,
            year_to_date: Some(year_to_date * 10_000),
            completion: Rate {
                num: year_to_date * 10_000,
                den: plan * 10_000,
            },
        };
        let full = Self {
            head: Head::sample(),
            template_url: template_url(&Head::sample()),
            export_url: export_url(&Head::sample()),
            time: Rate { num: 12, den: 12 },
            rows: vec![
                row(
                    "煤电一体化项目",
                    "sent_back",
                    Some(32_000_000),
                    94_000,
                    96_000,
                ),
                row("年产 35 万吨绿色铝项目二期", "due", None, 51_000, 88_000),
                row(
                    "风电制造基地",
                    "submitted",
                    Some(125_000_000),
                    60_500,
                    60_000,
                ),
                row("城区集中供热管网改造", "accepted", Some(0), 0, 0),
            ],
            pager: Pager {
                total: 42,
                first: 1,
                last: 4,
                previous: None,
                next: Some("/dispatch/2025-12?view=list&page=2".into()),
            },
        };
        let empty = Self {
            rows: Vec::new(),
            pager: Pager {
                total: 0,
                first: 0,
                last: 0,
                previous: None,
                next: None,
            },
            head: Head {
                projects: 0,
                late: 0,
                sent_back: 0,
                ..Head::sample()
            },
            ..full.clone()
        };
        vec![full, empty]
    }
}
