//! States of the list worth looking at: filled, empty by filter, and an empty library.

use super::{Chip, Filters, Projects, Row, Totals};
use crate::pages::common::{LightMark, UnitChoice};
use crate::view::{Choice, Light, Link, Pager, Query, Rate};

const WAN: i64 = 10_000;

pub(super) fn all() -> Vec<Projects> {
    let full = full();
    let none = Projects {
        rows: Vec::new(),
        pager: Pager {
            total: 0,
            first: 0,
            last: 0,
            previous: None,
            next: None,
        },
        ..full.clone()
    };
    let fresh = Projects {
        query: Query::new("/projects", &[]),
        chips: Vec::new(),
        on_list: false,
        ..none.clone()
    };
    let reader = Projects {
        may_create: false,
        may_import: false,
        ..fresh.clone()
    };
    vec![full, none, fresh, reader]
}

fn full() -> Projects {
    let row = Row {
        href: "/projects/1".into(),
        name: "霍林郭勒 60 万吨预焙阳极项目".into(),
        code: "2404-150581-04-01-123456".into(),
        owner: "某新材料公司".into(),
        unit: "霍林郭勒市".into(),
        industry: "有色金属冶炼和压延加工业".into(),
        stage: "implementation".into(),
        suspended: false,
        category: Some("continuing".into()),
        total_investment: 350_000 * WAN,
        annual_plan: Some(120_000 * WAN),
        month_investment: Some(9_000 * WAN),
        year_to_date: Some(98_000 * WAN),
        completion: Rate {
            num: 98_000 * WAN,
            den: 120_000 * WAN,
        },
        light: LightMark {
            light: Light::Yellow,
            reason: "完成率比序时进度 -10.00 个百分点".into(),
        },
        status: Some("accepted".into()),
        completeness: 85,
        matters: Rate { num: 17, den: 21 },
    };
    let planned = Row {
        href: "/projects/2".into(),
        suspended: true,
        category: None,
        annual_plan: None,
        month_investment: None,
        year_to_date: None,
        completion: Rate { num: 0, den: 0 },
        status: None,
        code: String::new(),
        ..row.clone()
    };
    Projects {
        query: Query::new(
            "/projects",
            &[("on_list", "1"), ("stage", "implementation")],
        ),
        unit: UnitChoice {
            code: "150500".into(),
            name: "通辽".into(),
            trail: vec![Link::new("内蒙古", "/projects")],
            choices: vec![Choice::new("150500", "通辽")],
            has_children: true,
            mapped: false,
        },
        filters: Filters {
            stages: vec![Choice::new("implementation", "实施")],
            ..Filters::default()
        },
        chips: vec![Chip {
            name: "stage".into(),
            label: "实施".into(),
        }],
        on_list: true,
        period: "2025-11".into(),
        as_of: "2025-11-30".into(),
        time: Rate { num: 11, den: 12 },
        rows: vec![row, planned],
        totals: Totals {
            projects: 388,
            total_investment: 20_000_000 * WAN,
            annual_plan: 8_950_000 * WAN,
            month_investment: 700_000 * WAN,
            year_to_date: 8_412_305 * WAN,
            completion: Rate {
                num: 8_412_305 * WAN,
                den: 8_950_000 * WAN,
            },
        },
        pager: Pager {
            total: 388,
            first: 1,
            last: 50,
            previous: None,
            next: Some("/projects?page=2".into()),
        },
        tabs: vec![
            Link::new("项目库", "/projects?stage=implementation"),
            Link::new("年度计划", "/projects?on_list=1&stage=implementation"),
        ],
        export: "/projects/export?stage=implementation".into(),
        may_create: true,
        may_import: true,
    }
}
