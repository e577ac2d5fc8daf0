//! Every state of the pages worth looking at.

use super::assign::{NewAssignment, Project};
use super::chains::{self, Chains, NewCharge};
use super::list::{LiaisonList, Row, Tab};
use super::load::{Carries, LoadPage};
use super::project::ResponsibilityPage;
use super::row::Held;
use crate::i18n::Message;
use crate::pages::common::LightMark;
use crate::render::Page;
use crate::view::{Choice, Form, Light, Pager, Query};

fn leader() -> Held {
    Held {
        id: 1,
        duty: "leader".into(),
        unit: "通辽市".into(),
        who: "通辽市包联领导".into(),
        href: "/liaison?user=9".into(),
        from: "2025-01-06".into(),
        to: None,
        standing: true,
        reason: "通发改〔2025〕1号".into(),
        set_by: "通辽市发改委填报员".into(),
        ended_by: None,
        handover: String::new(),
    }
}

fn past() -> Held {
    Held {
        id: 2,
        to: Some("2025-01-05".into()),
        from: "2024-01-02".into(),
        standing: false,
        href: String::new(),
        who: "通辽市原包联领导".into(),
        ended_by: Some("通辽市发改委填报员".into()),
        handover: "/handovers/1".into(),
        ..leader()
    }
}

pub fn duties() -> Vec<(String, Vec<Held>)> {
    let mut all = vec![("leader".to_owned(), vec![leader()])];
    for duty in ["lead_unit", "resident", "owner_contact", "service_team"] {
        all.push((duty.to_owned(), Vec::new()));
    }
    all
}

fn choices() -> Vec<Choice> {
    vec![
        Choice::new("leader", "包联领导"),
        Choice::new("lead_unit", "牵头单位"),
    ]
}

impl Page for LiaisonList {
    const TEMPLATE: &'static str = "pages/liaison.html";

    fn samples() -> Vec<Self> {
        let tab = |key: &str, n| Tab {
            key: key.into(),
            n,
            href: format!("/liaison?held={key}"),
        };
        let full = Self {
            query: Query::new("/liaison", &[]),
            held: "all".into(),
            tabs: vec![tab("all", 12), tab("held", 9), tab("vacant", 3)],
            duty: "leader".into(),
            duties: choices(),
            units: vec![Choice::new("150500", "通辽市")],
            of: String::new(),
            today: "2026-01-08".into(),
            period: "2025-12".into(),
            total: 12,
            investment: 12_400_000_000,
            rows: vec![Row {
                id: 1,
                name: "铝镍硅新材料一期".into(),
                unit: "霍林郭勒市".into(),
                stage: "implementation".into(),
                investment: 3_000_000_000,
                light: Some(LightMark {
                    light: Light::Red,
                    reason: "≤ -10".into(),
                }),
                duties: duties(),
            }],
            pager: Pager {
                total: 12,
                first: 1,
                last: 12,
                previous: None,
                next: None,
            },
            may_assign: true,
            may_export: true,
            visits_href: "/visits/ledger.xlsx".into(),
        };
        let one = Self {
            tabs: Vec::new(),
            of: "通辽市包联领导".into(),
            may_assign: false,
            ..full.clone()
        };
        let empty = Self {
            rows: Vec::new(),
            may_export: false,
            ..full.clone()
        };
        vec![full, one, empty]
    }
}

impl Page for LoadPage {
    const TEMPLATE: &'static str = "pages/liaison_load.html";

    fn samples() -> Vec<Self> {
        let row = Carries {
            who: "通辽市包联领导".into(),
            unit: "通辽市".into(),
            projects: 14,
            investment: 3_000_000_000,
            red: 2,
            troubled: 3,
            charges: 2,
            href: "/liaison?user=9".into(),
            red_href: "/liaison?user=9&light=red".into(),
            troubled_href: "/liaison?user=9&troubled=1".into(),
        };
        let nameless = Carries {
            who: "科尔沁区包联专班".into(),
            href: String::new(),
            red_href: String::new(),
            troubled_href: String::new(),
            ..row.clone()
        };
        let full = Self {
            query: Query::new("/liaison/load", &[]),
            duty: "leader".into(),
            duties: choices(),
            units: vec![Choice::new("150500", "通辽市")],
            today: "2026-01-08".into(),
            period: "2025-12".into(),
            rows: vec![row, nameless],
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

impl Page for NewAssignment {
    const TEMPLATE: &'static str = "pages/liaison_new.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            projects: vec![Project {
                id: 1,
                name: "铝镍硅新材料一期".into(),
                unit: "霍林郭勒市".into(),
            }],
            duties: choices(),
            units: vec![Choice::new("150500", "通辽市")],
            people: vec![Choice::new("9", "通辽市包联领导 · 通辽市")],
            departments: vec![Choice::new("19", "能源局")],
            today: "2026-01-08".into(),
            typed: Form::default().error("from", Message::new("form.required")),
        };
        let blank = Self {
            projects: Vec::new(),
            typed: Form::default(),
            ..full.clone()
        };
        vec![full, blank]
    }
}

impl Page for ResponsibilityPage {
    const TEMPLATE: &'static str = "pages/responsibility.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            id: 1,
            name: "铝镍硅新材料一期".into(),
            unit: "霍林郭勒市".into(),
            today: "2026-01-08".into(),
            duties: duties(),
            others: vec![past()],
            may_assign: true,
            typed: Form::default(),
        };
        let reader = Self {
            others: Vec::new(),
            may_assign: false,
            typed: Form::default().error("to", Message::new("form.required")),
            ..full.clone()
        };
        vec![full, reader]
    }
}

impl Page for Chains {
    const TEMPLATE: &'static str = "pages/liaison_chains.html";

    fn samples() -> Vec<Self> {
        let row = chains::Row {
            code: "aluminium".into(),
            name: "铝基新材料".into(),
            projects: 42,
            investment: 30_000_000_000,
            red: 2,
            href: "/projects?industry=32".into(),
            red_href: "/projects?industry=32&light=red".into(),
            duties: duties(),
            others: duties().into_iter().flat_map(|(_, held)| held).collect(),
        };
        let bare = chains::Row {
            code: "silica".into(),
            projects: 0,
            investment: 0,
            red: 0,
            duties: vec![
                ("leader".into(), Vec::new()),
                ("lead_unit".into(), Vec::new()),
            ],
            others: Vec::new(),
            ..row.clone()
        };
        let full = Self {
            query: Query::new("/liaison/chains", &[]),
            units: vec![Choice::new("150500", "通辽市")],
            today: "2026-01-08".into(),
            grouping: "通辽市产业链 2023".into(),
            rows: vec![row, bare],
            may_assign: true,
            may_export: true,
        };
        let empty = Self {
            grouping: String::new(),
            rows: Vec::new(),
            may_assign: false,
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for NewCharge {
    const TEMPLATE: &'static str = "pages/liaison_charge.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            about: "chain:aluminium".into(),
            name: "铝基新材料".into(),
            back: "/liaison/chains".into(),
            standing: duties().into_iter().flat_map(|(_, held)| held).collect(),
            duties: vec![Choice::new("leader", "包联领导")],
            units: vec![Choice::new("150500", "通辽市")],
            people: vec![Choice::new("3", "通辽市包联领导 · 通辽市 · 领导")],
            departments: vec![Choice::new("19", "能源局")],
            today: "2026-01-08".into(),
            typed: Form::default().error("holder", Message::new("form.required")),
        };
        let empty = Self {
            standing: Vec::new(),
            typed: Form::default(),
            ..full.clone()
        };
        vec![full, empty]
    }
}
