//! The page around the dispatch grid. The rows are not in it: the grid asks the API for them, so
//! that the page opens at once and the same answer serves other programs. (调度填报)

use serde::Serialize;

use super::{Head, funds, site_statuses};
use crate::render::Page;
use crate::server::{Answer, Visit};
use crate::view::{Choice, Query};

/// As many rows as the API answers with.
const MOST_ROWS: i64 = 500;

/// The month's returns of one unit, to be typed in.
#[derive(Clone, Debug, Serialize)]
pub struct DispatchGrid {
    pub head: Head,
    /// Where the grid reads its rows.
    pub returns_url: String,
    /// There are more returns than a grid takes.
    pub more: bool,
    /// Tells apart drafts kept on a computer that several people use.
    pub account: String,
    pub template_url: String,
    pub funds: Vec<Choice>,
    pub site_statuses: Vec<Choice>,
}

pub(super) async fn show(visit: &Visit, head: Head) -> Answer {
    let texts = visit.texts()?;
    let unit = visit.here.get("unit").unwrap_or_default();
    let returns = format!("/api/v1/periods/{}/returns", head.period);
    let page = DispatchGrid {
        returns_url: Query::new(returns, &[]).with("unit", unit).href(),
        more: head.projects > MOST_ROWS,
        account: visit.actor.user.to_string(),
        template_url: template_url(&head),
        funds: funds(texts),
        site_statuses: site_statuses(texts),
        head,
    };
    visit.page(&page).await
}

/// Where the pre-filled workbook of the month is.
pub(super) fn template_url(head: &Head) -> String {
    let unit = head.query.get("unit").unwrap_or_default();
    Query::new("/exports/return_template.xlsx", &[("period", &head.period)])
        .with("unit", unit)
        .href()
}

impl Page for DispatchGrid {
    const TEMPLATE: &'static str = "pages/dispatch_grid.html";

    fn samples() -> Vec<Self> {
        let open = Self {
            head: Head::sample(),
            returns_url: "/api/v1/periods/2025-12/returns?unit=150500".into(),
            more: false,
            account: "sample".into(),
            template_url: template_url(&Head::sample()),
            funds: vec![
                Choice::new("central_budget", "中央预算内"),
                Choice::new("bank_loans", "银行贷款"),
                Choice::new("own_funds", "企业自筹"),
            ],
            site_statuses: vec![
                Choice::new("not_started", "未开工"),
                Choice::new("working", "在建"),
                Choice::new("stopped", "停工"),
                Choice::new("completed", "竣工投产"),
            ],
        };
        let closed = Head {
            closed: true,
            late: 0,
            sent_back: 0,
            ..Head::sample()
        };
        vec![
            open.clone(),
            Self {
                head: closed,
                more: true,
                ..open
            },
        ]
    }
}
