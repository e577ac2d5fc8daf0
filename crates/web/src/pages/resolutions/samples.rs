//! Every state of the pages worth looking at.

use super::{ResolutionList, ResolutionPage, Row, Tab};
use crate::i18n::Message;
use crate::render::Page;
use crate::view::{Form, Pager, Query};

/// One past its day, one reported, one that became a problem, one done.
pub fn rows() -> Vec<Row> {
    let late = Row {
        id: 5,
        version: 1,
        href: "/resolutions/5".into(),
        project: "铝镍硅新材料一期".into(),
        project_href: "/projects/1".into(),
        origin: "visit".into(),
        origin_href: "/visits/4".into(),
        body: "月底前完成外部供电线路核准".into(),
        party: "通辽市能源局".into(),
        due_on: "2025-12-31".into(),
        bound_href: String::new(),
        matter: String::new(),
        bound_stands: String::new(),
        stands: "open".into(),
        tone: "bad",
        unkept: true,
        made_on: "2025-12-10".into(),
        made_by: "通辽市包联领导".into(),
        report: String::new(),
        reported_by: String::new(),
        reported_on: None,
        remark: String::new(),
        ended_on: None,
        offers: vec!["report".into(), "drop".into()],
    };
    let reported = Row {
        id: 6,
        stands: "reported".into(),
        tone: "wait",
        report: "已取得核准文件".into(),
        reported_by: "通辽市能源局".into(),
        reported_on: Some("2025-12-30".into()),
        unkept: false,
        offers: vec!["confirm".into(), "send_back".into()],
        ..late.clone()
    };
    let bound = Row {
        id: 7,
        origin: "meeting".into(),
        origin_href: "/meetings/2".into(),
        bound_href: "/problems/17".into(),
        bound_stands: "办理中".into(),
        unkept: false,
        tone: "",
        offers: Vec::new(),
        ..late.clone()
    };
    let done = Row {
        id: 8,
        matter: "A01 项目备案".into(),
        bound_stands: "准予".into(),
        bound_href: "/projects/1/approvals#matter-A01".into(),
        project: String::new(),
        project_href: String::new(),
        stands: "done".into(),
        tone: "good",
        remark: "属实".into(),
        ended_on: Some("2025-12-31".into()),
        unkept: false,
        offers: Vec::new(),
        ..late.clone()
    };
    vec![late, reported, bound, done]
}

impl Page for ResolutionList {
    const TEMPLATE: &'static str = "pages/resolutions.html";

    fn samples() -> Vec<Self> {
        let tab = |key: &str, n| Tab {
            key: key.into(),
            n,
            href: format!("/resolutions?part={key}"),
        };
        let full = Self {
            query: Query::new("/resolutions", &[]),
            part: "open".into(),
            tabs: ["open", "mine", "unkept", "reported", "all"]
                .map(|key| tab(key, 3))
                .to_vec(),
            today: "2026-01-08".into(),
            rows: rows(),
            pager: Pager {
                total: 4,
                first: 1,
                last: 4,
                previous: None,
                next: None,
            },
            may_export: true,
        };
        let empty = Self {
            rows: Vec::new(),
            may_export: false,
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for ResolutionPage {
    const TEMPLATE: &'static str = "pages/resolution.html";

    fn samples() -> Vec<Self> {
        let page = |row| Self {
            row,
            today: "2026-01-08".into(),
            typed: Form::default(),
        };
        let mut all: Vec<Self> = rows().into_iter().map(page).collect();
        if let Some(first) = all.first_mut() {
            first.typed = Form::default().error("text", Message::new("form.required"));
        }
        all
    }
}
