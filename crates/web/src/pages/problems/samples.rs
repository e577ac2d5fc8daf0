//! States of the problems' pages worth looking at.

use super::list::Tab;
use super::raise::Project;
use super::show::ActLink;
use super::{Held, NewProblem, ProblemList, ProblemPage, Row, StepForm, StepRow};
use crate::i18n::Message;
use crate::render::Page;
use crate::view::{Choice, Form, Link, Pager, Query};

/// Rows of the ledger: one past its date, one that waits, one struck off.
pub fn rows() -> Vec<Row> {
    let late = Row {
        id: 17,
        version: 3,
        href: "/problems/17".into(),
        title: "110 千伏外部供电线路尚未核准".into(),
        kind: "水电路".into(),
        grade: "较重".into(),
        level: "上级协调调度会".into(),
        coordinator: "通辽市".into(),
        party: "通辽市能源局".into(),
        phase: "handed_over".into(),
        tone: "wait",
        light: "red".into(),
        origin: "return".into(),
        raised_on: "2025-11-20".into(),
        due_on: Some("2025-12-25".into()),
        ended_on: None,
        left: Some(-9),
        days: 34,
        held: vec![Held {
            name: "铝镍硅新材料一期".into(),
            href: "/projects/1".into(),
            unit: "霍林郭勒市".into(),
            investment: 3_000_000_000,
            matter: String::new(),
        }],
        elsewhere: 1,
        investment: 3_000_000_000,
    };
    let waiting = Row {
        id: 18,
        phase: "waiting".into(),
        light: "paused".into(),
        due_on: None,
        left: None,
        grade: String::new(),
        party: String::new(),
        held: Vec::new(),
        ..late.clone()
    };
    let done = Row {
        id: 19,
        phase: "struck_off".into(),
        tone: "good",
        light: "off".into(),
        due_on: None,
        left: None,
        ended_on: Some("2025-12-30".into()),
        elsewhere: 0,
        ..late.clone()
    };
    vec![late, waiting, done]
}

impl Page for ProblemList {
    const TEMPLATE: &'static str = "pages/problems.html";

    fn samples() -> Vec<Self> {
        let tab = |key: &str, n, href: &str| Tab {
            key: key.into(),
            n,
            href: href.into(),
        };
        let full = Self {
            query: Query::new("/problems", &[]),
            standing: "open".into(),
            tabs: vec![
                tab("open", 12, "/problems"),
                tab("mine", 3, "/problems?standing=mine"),
                tab("late", 2, "/problems?standing=late"),
                tab("waiting", 1, "/problems?standing=waiting"),
                tab("struck_off", 40, "/problems?standing=struck_off"),
                tab("all", 54, "/problems?standing=all"),
            ],
            today: "2026-01-08".into(),
            total: 12,
            projects: 9,
            investment: 12_400_000_000,
            days_held: 138,
            rows_href: "/problems#rows".into(),
            kinds: vec![Choice::new("land", "用地")],
            levels: vec![Choice::new("unit", "责任单位")],
            units: vec![Choice::new("150500", "通辽市")],
            rows: rows(),
            pager: Pager {
                total: 12,
                first: 1,
                last: 12,
                previous: None,
                next: None,
            },
            may_export: true,
            may_import: true,
        };
        let empty = Self {
            rows: Vec::new(),
            may_export: false,
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for ProblemPage {
    const TEMPLATE: &'static str = "pages/problem.html";

    fn samples() -> Vec<Self> {
        let mut all: Vec<Self> = rows().into_iter().map(page).collect();
        let words = [
            "accept",
            "decline",
            "hand_over",
            "progress",
            "answer",
            "send_back",
            "verify",
            "strike_off",
            "ask_extension",
            "extend",
            "refuse_extension",
            "escalate",
            "wait",
            "resume",
        ];
        let open = |word: &str, base: &Self| Self {
            form: Some(form(word)),
            typed: Form::default().error("reason", Message::new("form.required")),
            ..base.clone()
        };
        if let Some(base) = all.first().cloned() {
            all.extend(words.iter().map(|word| open(word, &base)));
            all.push(Self {
                typed: Form::default().error("", Message::new("problems.changed")),
                source: None,
                body: String::new(),
                assisting: Vec::new(),
                ..base
            });
        }
        all
    }
}

fn page(row: Row) -> ProblemPage {
    let step = |act: &str, says: Vec<(String, String)>| StepRow {
        act: act.into(),
        on: "2025-11-24".into(),
        at: "2025-11-24T02:40:00Z".into(),
        who: "通辽市发改委填报员".into(),
        due_on: Some("2025-12-25".into()),
        says,
        order: match act {
            "hand_over" => "/problems/17/order.docx?step=2".into(),
            _ => String::new(),
        },
    };
    ProblemPage {
        row,
        body: "110 千伏外部供电线路尚未核准，影响设备安装。".into(),
        source: Some(Link::new("月报 2025-10", "/dispatch/2025-10/1")),
        raised_by: "霍林郭勒市发改委填报员".into(),
        demand: "协调完成线路核准并开工".into(),
        assisting: vec!["通辽市自然资源厅".into()],
        escalated: 1,
        sent_back: 1,
        steps: vec![
            step(
                "hand_over",
                vec![("责任单位".into(), "通辽市能源局".into())],
            ),
            step("accept", vec![("等级".into(), "较重".into())]),
        ],
        acts: vec![ActLink {
            word: "answer".into(),
            href: "/problems/17?do=answer#act".into(),
        }],
        form: None,
        typed: Form::default(),
        asked: Some("2026-01-15".into()),
        today: "2026-01-08".into(),
        order: "/problems/17/order.docx?step=2".into(),
    }
}

fn form(word: &str) -> StepForm {
    StepForm {
        word: word.into(),
        post: format!("/problems/17/{word}"),
        version: 3,
        kinds: vec![Choice::new("land", "用地")],
        grades: vec![Choice::new("serious", "较重")],
        units: vec![Choice::new("150500", "通辽市")],
        departments: vec![Choice::new("19", "能源局")],
        parties: vec![Choice::new("office", "单位或部门")],
    }
}

impl Page for NewProblem {
    const TEMPLATE: &'static str = "pages/problem_new.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            projects: vec![Project {
                id: 1,
                name: "铝镍硅新材料一期".into(),
                unit: "霍林郭勒市".into(),
            }],
            candidates: vec![Choice::new("2", "铝镍硅新材料二期 · 霍林郭勒市")],
            matter: "A01".into(),
            matters: vec![Choice::new("A01", "项目备案")],
            kinds: vec![Choice::new("land", "用地")],
            typed: Form::default().error("title", Message::new("form.required")),
        };
        let blank = Self {
            projects: Vec::new(),
            candidates: Vec::new(),
            matters: Vec::new(),
            typed: Form::default(),
            ..full.clone()
        };
        vec![full, blank]
    }
}
