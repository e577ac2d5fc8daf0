//! The page around the dispatch grid. The rows are not in it: the grid asks the API for them, so
//! that the page opens at once and the same answer serves other programs. (调度填报)

use serde::Serialize;

use crate::render::Page;
use crate::view::{Choice, Link};

/// The month's returns of one unit, to be typed in.
#[derive(Clone, Debug, Serialize)]
pub struct DispatchGrid {
    /// `2025-12`.
    pub period: String,
    pub unit_name: String,
    pub due_on: String,
    pub closed: bool,
    pub crumbs: Vec<Link>,
    /// Where the grid reads its rows.
    pub returns_url: String,
    /// Tells apart drafts kept on a computer that several people use.
    pub account: String,
    pub template_url: String,
    pub funds: Vec<Choice>,
    pub site_statuses: Vec<Choice>,
}

impl Page for DispatchGrid {
    const TEMPLATE: &'static str = "pages/dispatch_grid.html";

    fn samples() -> Vec<Self> {
        let open = Self {
            period: "2025-12".into(),
            unit_name: "通辽市".into(),
            due_on: "2026-01-08".into(),
            closed: false,
            crumbs: vec![Link::new("月度调度", "/dispatch")],
            returns_url: "/api/v1/periods/2025-12/returns?unit=150500".into(),
            account: "sample".into(),
            template_url: "/export/returns/2025-12.xlsx?unit=150500".into(),
            funds: vec![
                Choice::new("central_budget", "中央预算内"),
                Choice::new("bank_loan", "银行贷款"),
                Choice::new("own_funds", "企业自筹"),
            ],
            site_statuses: vec![
                Choice::new("not_started", "未开工"),
                Choice::new("working", "施工中"),
                Choice::new("winter_stop", "冬歇"),
                Choice::new("finished", "已完工"),
            ],
        };
        vec![
            open.clone(),
            Self {
                closed: true,
                ..open
            },
        ]
    }
}
