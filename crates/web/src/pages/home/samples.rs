//! States of the first page worth looking at: a region in full, a league without late returns, and
//! a fresh installation without any period.

use super::{CourseRow, Home, Late, LightCount};
use crate::chart;
use crate::pages::common::{FigureRow, UnitChoice};
use crate::view::{Choice, FunnelStage, Light, Link, Query, Rate};

const WAN: i64 = 10_000;
const YI: i64 = 100_000_000;

pub(super) fn all() -> Vec<Home> {
    let full = full();
    let league = Home {
        unit: UnitChoice {
            trail: vec![Link::new("内蒙古", "/")],
            mapped: false,
            ..full.unit.clone()
        },
        map: None,
        late: Vec::new(),
        not_reported: 0,
        state: "closed".into(),
        ..full.clone()
    };
    let fresh = Home {
        rows: Vec::new(),
        state: String::new(),
        due_on: None,
        total: FigureRow::sample("内蒙古", 0, 0, 0),
        map: None,
        progress: None,
        course_rows: Vec::new(),
        projects_change: None,
        ..league.clone()
    };
    vec![full, league, fresh]
}

fn full() -> Home {
    let rate = Rate { num: 80, den: 100 };
    Home {
        query: Query::new("/", &[("period", "2025-11")]),
        unit: UnitChoice {
            code: "150000".into(),
            name: "内蒙古".into(),
            trail: Vec::new(),
            choices: vec![Choice::new("150000", "内蒙古")],
            has_children: true,
            mapped: true,
        },
        period: "2025-11".into(),
        periods: vec![Choice::new("2025-11", "2025年11月 · 填报中")],
        as_of: "2025-11-30".into(),
        state: "open".into(),
        due_on: Some("2025-12-04".into()),
        by: "unit".into(),
        tabs: vec![Link::new("按地区", "/?period=2025-11")],
        time: Rate { num: 11, den: 12 },
        total: FigureRow::sample("内蒙古", 3343, 10_640 * YI, 9_812 * YI),
        projects_change: Some(Rate {
            num: 131,
            den: 3212,
        }),
        not_reported: 41,
        rows: vec![
            FigureRow::sample("通辽", 388, 8_950_000 * WAN, 8_412_305 * WAN),
            FigureRow::sample("兴安盟", 197, 0, 0),
        ],
        funnel: vec![FunnelStage {
            stage: "concept".into(),
            count: 1206,
            investment: 21_400 * YI,
            href: "/projects?stage=concept".into(),
        }],
        lights: vec![
            LightCount {
                light: Light::Red,
                count: 12,
                href: "/projects?light=red".into(),
            },
            LightCount {
                light: Light::Undefined,
                count: 3,
                href: String::new(),
            },
        ],
        late: vec![Late {
            name: "通辽".into(),
            late: 7,
            reported: rate,
            href: "/projects?facet=not_reported".into(),
        }],
        late_href: "/projects?facet=not_reported".into(),
        listed_href: "/projects?on_list=1".into(),
        map: Some(chart::rate_map(
            "150000",
            "完成率",
            &std::collections::BTreeMap::new(),
            vec![chart::item("通辽市", Some(940), "/?unit=150500")],
        )),
        progress: Some(chart::progress(
            "序时进度",
            Rate { num: 11, den: 12 },
            vec![chart::lit("通辽", Some(940), Light::Green, "/?unit=150500")],
        )),
        quarter: crate::pages::winter::sample_quarter(),
        course: chart::course(
            &chart::Unit {
                format: "yi",
                name: "亿元".into(),
            },
            &["1月".into()],
            vec![chart::series(
                "2025年",
                "bar",
                false,
                vec![chart::item("1月", Some(180 * YI), "/?period=2025-01")],
            )],
        ),
        course_rows: vec![CourseRow {
            month: "1月".into(),
            month_investment: 180 * YI,
            year_to_date: 180 * YI,
            before: Some(150 * YI),
            year_on_year: Some(Rate { num: 30, den: 150 }),
        }],
        may_import: true,
        may_chase: true,
    }
}
