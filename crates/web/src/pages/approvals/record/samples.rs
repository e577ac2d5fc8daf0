//! Samples of the record's pages: full, empty, in every breakdown that looks different.

use gangmu_app::approvals::{
    BenchmarkView, By, ChangeView, DaysView, DepartmentView, FreedView, PartsView, ProjectView,
    Spread, StartsView, TimedView, TimingRow, WhatIfView,
};
use gangmu_app::approvals::{ProcessView, View};
use gangmu_app::event_logs::{AnalyseOptions, LogAnalysis, analyse};
use gangmu_app::library::UnitView;

use super::logs::{Analysed, LogsPage};
use super::matters::{self, Chip, TimedMatters};
use super::process::ProcessPage;
use super::timing::{self, Row, Source, TimingPage};
use super::what_if::WhatIfPage;
use super::{Frame, groups, parts};
use crate::i18n::Message;
use crate::i18n::{Lang, Texts};
use crate::pages::approvals::list::tabs;
use crate::render::Page;
use crate::view::{Choice, Form, Pager, Query};

fn texts() -> Option<Texts> {
    Texts::load(Lang::ZhCn).ok()
}

fn frame(texts: &Texts, query: Query) -> Frame {
    Frame {
        query,
        tabs: tabs(texts, true, true),
        parts: parts(texts),
        units: vec![
            Choice::new("150500", "通辽市"),
            Choice::new("150502", "　科尔沁区"),
        ],
        groups: groups(texts),
        matters: vec![
            Choice::new("A05", "建设项目用地预审与选址意见书"),
            Choice::new("A06", "环境影响评价审批"),
        ],
        departments: vec![
            Choice::new("natural_resources", "自然资源局"),
            Choice::new("ecology", "生态环境局"),
        ],
        may_export: true,
    }
}

fn unit(code: &str, name: &str) -> UnitView {
    UnitView {
        code: code.into(),
        name: name.into(),
        name_en: name.into(),
    }
}

fn who() -> DepartmentView {
    DepartmentView {
        department_id: 3,
        code: "natural_resources".into(),
        name: "自然资源局".into(),
        name_en: "Natural Resources".into(),
    }
}

fn spread(median: i64, p80: i64, most: i64) -> Option<Spread> {
    Some(Spread { median, p80, most })
}

fn line() -> TimingRow {
    TimingRow {
        code: "A05".into(),
        name: "建设项目用地预审与选址意见书".into(),
        name_en: "Land use pre-examination and site opinion".into(),
        decided: 1_204,
        refused: 3,
        open: 41,
        open_late: 5,
        days: PartsView {
            total: spread(14, 22, 61),
            clock: spread(9, 12, 25),
            waiting: spread(2, 4, 11),
            suspended: spread(0, 6, 30),
            applicant: spread(0, 3, 18),
        },
        statutory_limit: "working 20".into(),
        statutory_kept: 1_190,
        statutory_of: 1_209,
        promised_limit: "working 10".into(),
        promised_kept: 1_011,
        promised_of: 1_209,
        returned: 311,
        returned_of: 1_245,
        benchmark: Some(BenchmarkView {
            days: 0,
            place: "内蒙古某市".into(),
            place_en: "a city of Inner Mongolia".into(),
            source: "内蒙古某市2025：列为即办件".into(),
            confirmed: false,
        }),
        advanced: Some(false),
        ..TimingRow::default()
    }
}

impl Page for TimingPage {
    const TEMPLATE: &'static str = "pages/approvals_timing.html";

    fn samples() -> Vec<Self> {
        let Some(texts) = texts() else {
            return Vec::new();
        };
        let query = Query::new(
            "/approvals/timing",
            &[("sort", "-total"), ("unit", "150500")],
        );
        let row = |by: By, line: &TimingRow| Row::new(&texts, &query, by, line);
        let bare = TimingRow {
            name: "人防、防雷、气象等".into(),
            code: "A22".into(),
            open: 2,
            ..TimingRow::default()
        };
        let full = Self {
            frame: frame(&texts, query.clone()),
            unit: "通辽".into(),
            from: Some("2025-01-01".into()),
            as_of: "2025-12-31".into(),
            by: "matter".into(),
            bys: timing::bys(&texts),
            total: Row {
                name: "合计".into(),
                best: None,
                advanced: None,
                ..row(By::Matter, &line())
            },
            rows: vec![row(By::Matter, &line()), row(By::Matter, &bare)],
            sources: vec![Source {
                matter: "建设项目用地预审与选址意见书".into(),
                days: 0,
                place: "内蒙古某市".into(),
                source: "内蒙古某市2025：列为即办件".into(),
                confirmed: false,
            }],
        };
        let office = TimingRow {
            department: Some(who()),
            unit: Some(unit("150502", "科尔沁区")),
            ..line()
        };
        vec![
            full.clone(),
            Self {
                by: "office".into(),
                from: None,
                rows: vec![row(By::Office, &office)],
                ..full.clone()
            },
            Self {
                rows: Vec::new(),
                sources: Vec::new(),
                total: row(By::Unit, &TimingRow::default()),
                ..full
            },
        ]
    }
}

fn timed(decided: bool) -> TimedView {
    TimedView {
        project_id: 12,
        project_name: "通辽经济技术开发区铝镁合金轻量化部件生产基地建设项目".into(),
        unit: unit("150502", "科尔沁区"),
        code: "A05".into(),
        name: "建设项目用地预审与选址意见书".into(),
        name_en: "Land use pre-examination and site opinion".into(),
        department: who(),
        office: unit("150502", "科尔沁区"),
        phase: if decided { "granted" } else { "running" }.into(),
        came_on: Some("2025-03-03".into()),
        decided_on: decided.then(|| "2025-05-26".into()),
        total: 61,
        days: decided.then_some(DaysView {
            clock: 25,
            waiting: 2,
            suspended: 30,
            applicant: 4,
        }),
        promise_kept: Some(false),
        law_kept: decided.then_some(true),
        returned: decided,
    }
}

impl Page for TimedMatters {
    const TEMPLATE: &'static str = "pages/approvals_timed.html";

    fn samples() -> Vec<Self> {
        let Some(texts) = texts() else {
            return Vec::new();
        };
        let params = [("matter", "A05"), ("among", "promise_missed")];
        let query = Query::new("/approvals/timing/matters", &params);
        let full = Self {
            frame: frame(&texts, query),
            as_of: "2025-12-31".into(),
            back: "/approvals/timing?unit=150500".into(),
            amongs: matters::amongs(&texts),
            chips: vec![Chip {
                name: "matter",
                label: "事项：建设项目用地预审与选址意见书".into(),
            }],
            rows: [true, false]
                .map(|decided| matters::Row::new(&texts, &timed(decided)))
                .into(),
            pager: Pager {
                total: 2,
                first: 1,
                last: 2,
                previous: None,
                next: None,
            },
        };
        let none = Self {
            rows: Vec::new(),
            chips: Vec::new(),
            pager: Pager {
                total: 0,
                first: 0,
                last: 0,
                previous: None,
                next: None,
            },
            ..full.clone()
        };
        vec![full, none]
    }
}

fn freed(beside: bool, earlier: u16) -> FreedView {
    let (days, investment) = (i64::from(earlier) * 3, i64::from(earlier) * 512_000_000);
    FreedView {
        change: ChangeView {
            kind: if beside { "parallel" } else { "cut" }.into(),
            matter: "A05".into(),
            name: "建设项目用地预审与选址意见书".into(),
            name_en: "Land use pre-examination and site opinion".into(),
            days: u32::from(!beside),
            beside: if beside { "A02" } else { "" }.into(),
            beside_name: if beside { "项目核准" } else { "" }.into(),
            beside_name_en: if beside { "Verification" } else { "" }.into(),
        },
        cases: 318,
        earlier: usize::from(earlier),
        days,
        investment,
    }
}

impl Page for WhatIfPage {
    const TEMPLATE: &'static str = "pages/approvals_what_if.html";

    fn samples() -> Vec<Self> {
        let Some(texts) = texts() else {
            return Vec::new();
        };
        let view = |asked: Option<FreedView>, cases| WhatIfView {
            unit: unit("150500", "通辽"),
            as_of: "2026-01-05".into(),
            cases,
            days: 1,
            projects: match &asked {
                Some(one) if one.earlier > 0 => vec![ProjectView {
                    project_id: 12,
                    name: "通辽经济技术开发区铝镁合金轻量化部件生产基地建设项目".into(),
                    unit: unit("150502", "科尔沁区"),
                    investment: 1_024_000_000,
                    start_on: Some("2026-06-12".into()),
                    then_on: None,
                    days: 15,
                }],
                _ => Vec::new(),
            },
            starts: vec![StartsView {
                month: "2026-03".into(),
                now: 112,
                then: 131,
            }],
            beyond: 4,
            asked,
            cuts: vec![freed(false, 211), freed(false, 0)],
            parallels: vec![freed(true, 97)],
        };
        let params = [("unit", "150500"), ("matter", "A05"), ("days", "1")];
        let page = |asked, cases| {
            let frame = frame(&texts, Query::new("/approvals/what-if", &params));
            Self::new(&texts, frame, &view(asked, cases))
        };
        let bare = Self {
            cuts: Vec::new(),
            idle: Vec::new(),
            parallels: Vec::new(),
            ..page(None, 3)
        };
        vec![
            page(Some(freed(false, 211)), 412),
            page(Some(freed(true, 0)), 412),
            page(None, 412),
            bare,
            page(None, 0),
        ]
    }
}

/// A log of four cases: one in time, one late after a correction, one open, one without events.
const LOG: &str = "\
case:concept:name,case:deadline,case:enddate,concept:name,time:timestamp
A,2026-03-10 18:00:00+08:00,2026-03-09 17:00:00+08:00,receive,2026-03-02 09:00:00+08:00
A,,,accept,2026-03-03 09:00:00+08:00
A,,,grant,2026-03-09 17:00:00+08:00
B,2026-03-10 18:00:00+08:00,2026-03-13 18:00:00+08:00,receive,2026-03-02 09:00:00+08:00
B,,,ask_correction,2026-03-03 09:00:00+08:00
B,,,correct,2026-03-06 09:00:00+08:00
B,,,ask_correction,2026-03-06 11:00:00+08:00
B,,,correct,2026-03-08 09:00:00+08:00
B,,,accept,2026-03-08 09:00:00+08:00
B,,,grant,2026-03-13 18:00:00+08:00
C,someday,,receive,2026-03-02 09:00:00+08:00
C,,,,2026-03-02 09:00:00+08:00
";

fn analysed() -> Option<LogAnalysis> {
    analyse(LOG.as_bytes(), &AnalyseOptions::default()).ok()
}

impl Page for ProcessPage {
    const TEMPLATE: &'static str = "pages/approvals_process.html";

    fn samples() -> Vec<Self> {
        let (Some(texts), Some(log)) = (texts(), analysed()) else {
            return Vec::new();
        };
        let page = |view: View, cases: usize| {
            let found = ProcessView {
                unit: unit("150500", "通辽"),
                view: view.word().to_owned(),
                as_of: "2026-03-16".into(),
                cases,
                events: log.events,
                duration: log.duration,
                activities: log.activities.clone(),
                graph: log.graph.clone(),
                map: log.map.clone(),
                variants: log.variants.clone(),
            };
            let query = Query::new("/approvals/process", &[("rare", "5")]);
            Self::new(&texts, frame(&texts, query), &found)
        };
        vec![
            page(View::Matters, 3),
            page(View::Projects, 3),
            page(View::Matters, 0),
        ]
    }
}

impl Page for LogsPage {
    const TEMPLATE: &'static str = "pages/approvals_logs.html";

    fn samples() -> Vec<Self> {
        let (Some(texts), Some(log)) = (texts(), analysed()) else {
            return Vec::new();
        };
        let empty = Self {
            frame: frame(&texts, Query::new("/approvals/logs", &[])),
            form: Form::default(),
            rarities: super::found::rarities(&texts),
            analysed: None,
        };
        let refused = Message::new("field.log_refused").with("0", "文件含有 DOCTYPE，未予读取。");
        vec![
            empty.clone(),
            Self {
                form: Form::default().error("file", refused),
                ..empty.clone()
            },
            Self {
                analysed: Some(Analysed::new(&texts, "permits.xes".into(), &log)),
                ..empty
            },
        ]
    }
}
