//! States of a year's list worth looking at: a bridge with changes, one where nothing moved, dates
//! that cannot be read, and no list at all.

use super::{Change, Found, Line, ProgrammePage, Tally};
use crate::chart;
use crate::i18n::Message;
use crate::pages::common::UnitChoice;
use crate::view::{Choice, Form, Link, Query};

const YI: i64 = 100_000_000;

pub(super) fn all() -> Vec<ProgrammePage> {
    let full = full();
    let quiet = ProgrammePage {
        lines: Vec::new(),
        projects_chart: None,
        plan_chart: None,
        may_adjust: false,
        find: String::new(),
        found: Vec::new(),
        document_no: String::new(),
        ..full.clone()
    };
    let wrong = ProgrammePage {
        form: Form::default().error("to", Message::new("form.required")),
        found: Vec::new(),
        ..full.clone()
    };
    let none = ProgrammePage {
        year: None,
        years: Vec::new(),
        ..quiet.clone()
    };
    vec![full, quiet, wrong, none]
}

fn full() -> ProgrammePage {
    let tally = |projects, yi: i64| Tally {
        projects,
        total_investment: yi * 4 * YI,
        annual_plan: yi * YI,
    };
    ProgrammePage {
        query: Query::new("/programmes/2025", &[]),
        years: vec![Link::new("2025", "/programmes/2025")],
        year: Some(2025),
        name: "2025年自治区重大项目年度计划".into(),
        adopted_on: "2025-01-15".into(),
        document_no: "内发改〔2025〕1号".into(),
        unit: UnitChoice {
            code: "150000".into(),
            name: "内蒙古".into(),
            trail: Vec::new(),
            choices: vec![Choice::new("150000", "内蒙古")],
            has_children: true,
            mapped: true,
        },
        from: "2025-01-15".into(),
        to: "2025-12-03".into(),
        opening: tally(3336, 10_200),
        closing: tally(3343, 10_640),
        lines: vec![Line {
            kind: "added".into(),
            delta: tally(58, 480),
            count: 58,
            changes: vec![Change {
                name: "低碳产业园".into(),
                href: "/projects/9".into(),
                on: "2025-06-30".into(),
                delta: tally(1, 12),
                reason: "新谋划项目成熟".into(),
                document_no: "内发改〔2025〕33号".into(),
            }],
            more: 57,
        }],
        projects_chart: Some(chart::bridge(
            &chart::Unit {
                format: "count",
                name: "个".into(),
            },
            chart::item("年初", Some(3336), ""),
            vec![chart::item("新增", Some(58), "#line-added")],
            chart::item("当前", Some(3343), ""),
        )),
        plan_chart: None,
        listed: "/projects?on_list=1&period=2025-12".into(),
        may_adjust: true,
        find: "产业园".into(),
        found: vec![Found {
            name: "低碳产业园".into(),
            unit: "科尔沁区".into(),
            stage: "preparation".into(),
            total_investment: 48 * YI,
            href: "/projects/9?do=programme#action".into(),
        }],
        form: Form::default(),
    }
}
