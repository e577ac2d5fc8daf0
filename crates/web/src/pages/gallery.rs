//! The component gallery: every macro once, with figures like real ones. It is the sample that the
//! design is looked at with, and is served only by the example of the same name.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::i18n::Message;
use crate::render::Page;
use crate::view::{
    Change, Choice, Event, ExplainedLight, Form, FunnelStage, Light, Link, Pager, Query, Rate,
};

/// All components on one page.
#[derive(Clone, Debug, Serialize)]
pub struct Gallery {
    pub as_of: String,
    pub crumbs: Vec<Link>,
    pub tabs: Vec<Link>,
    pub query: Query,
    pub projects: i64,
    pub projects_change: Rate,
    pub invested: i64,
    pub invested_change: Rate,
    pub completion: Rate,
    pub time: Rate,
    pub late: i64,
    pub funnel: Vec<FunnelStage>,
    pub units: Vec<UnitRow>,
    pub stages: Vec<Choice>,
    pub pager: Pager,
    pub form: Form,
    pub events: Vec<Event>,
    pub lights: Vec<ExplainedLight>,
    pub map_chart: Json,
    pub trend_chart: Json,
    pub bridge_chart: Json,
    pub progress_chart: Json,
}

/// One row of the sample table.
#[derive(Clone, Debug, Serialize)]
pub struct UnitRow {
    pub code: &'static str,
    pub name: &'static str,
    pub projects: i64,
    pub completion: Rate,
    pub light: ExplainedLight,
    pub status: &'static str,
    pub tone: &'static str,
}

const WAN: i64 = 10_000;
const YI: i64 = 100_000_000;

impl Page for Gallery {
    const TEMPLATE: &'static str = "pages/gallery.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            as_of: "2025-11-30".into(),
            crumbs: vec![Link::new("首页", "/"), Link::new("汇总分析", "/rollup")],
            tabs: vec![
                Link::new("按地区", "/gallery"),
                Link::new("按部门", "/gallery/department"),
                Link::new("按行业", "/gallery/industry"),
                Link::new("按类别", "/gallery/category"),
            ],
            query: Query::new(
                "/gallery",
                &[("stage", "implementation"), ("sort", "-invested")],
            ),
            projects: 3343,
            projects_change: Rate {
                num: 131,
                den: 3212,
            },
            invested: 9812_3400 * WAN,
            invested_change: Rate {
                num: 642 * YI,
                den: 9170 * YI,
            },
            completion: Rate {
                num: 9812_3400 * WAN,
                den: 10_640 * YI,
            },
            time: Rate { num: 11, den: 12 },
            late: 41,
            funnel: funnel(),
            units: units(),
            stages: vec![
                Choice::new("preparation", "前期"),
                Choice::new("implementation", "实施"),
            ],
            pager: Pager {
                total: 103,
                first: 1,
                last: 4,
                previous: None,
                next: Some("/gallery?page=2".into()),
            },
            form: Form::default()
                .value("name", "煤电一体化项目")
                .value("total", "12,3x")
                .error(
                    "total",
                    Message::new("form.not_a_number").with("found", "12,3x"),
                ),
            events: events(),
            lights: lights(),
            map_chart: map_chart(),
            trend_chart: trend_chart(),
            bridge_chart: bridge_chart(),
            progress_chart: progress_chart(),
        }]
    }
}

fn funnel() -> Vec<FunnelStage> {
    [
        ("concept", 1206, 21_400),
        ("reserve", 2184, 30_150),
        ("preparation", 1467, 18_020),
        ("implementation", 3343, 41_300),
        ("completed", 812, 5_260),
    ]
    .into_iter()
    .map(|(stage, count, yi)| FunnelStage {
        stage: stage.into(),
        count,
        investment: yi * YI,
        href: format!("/projects?stage={stage}"),
    })
    .collect()
}

fn units() -> Vec<UnitRow> {
    let row = |code, name, projects, invested, plan, light, status, tone| UnitRow {
        code,
        name,
        projects,
        completion: Rate {
            num: invested * WAN,
            den: plan * WAN,
        },
        light: ExplainedLight {
            light,
            reason: None,
        },
        status,
        tone,
    };
    vec![
        row(
            "150500",
            "通辽市",
            388,
            8_412_305,
            8_950_000,
            Light::Green,
            "accepted",
            "good",
        ),
        row(
            "150600",
            "鄂尔多斯市",
            512,
            19_230_118,
            22_310_400,
            Light::Yellow,
            "submitted",
            "wait",
        ),
        row(
            "150700",
            "呼伦贝尔市",
            264,
            3_105_660,
            5_120_000,
            Light::Red,
            "sent_back",
            "bad",
        ),
        row("152200", "兴安盟", 197, 0, 0, Light::Undefined, "draft", ""),
    ]
}

fn events() -> Vec<Event> {
    let change = |label: &str, before: Option<&str>, after: Option<&str>| Change {
        label: label.into(),
        before: before.map(Into::into),
        after: after.map(Into::into),
    };
    vec![
        Event {
            at: "2025-12-03T09:12:00Z".into(),
            who: "科尔沁区发改委填报员".into(),
            title: "月报提交".into(),
            reason: None,
            changes: vec![change("本月完成投资", None, Some("3,200 万元"))],
        },
        Event {
            at: "2025-10-21T02:40:00Z".into(),
            who: "通辽市发改委调度员".into(),
            title: "调整年度计划".into(),
            reason: Some("二期设备延期到货".into()),
            changes: vec![
                change("年度计划投资", Some("120,000 万元"), Some("96,000 万元")),
                change("计划竣工时间", Some("2025-11"), None),
            ],
        },
    ]
}

fn lights() -> Vec<ExplainedLight> {
    let because = |light, points: &str| ExplainedLight {
        light,
        reason: Some(Message::new("figure.behind").with("points", points)),
    };
    vec![
        ExplainedLight {
            light: Light::Green,
            reason: None,
        },
        because(Light::Yellow, "12.9"),
        because(Light::Red, "31.0"),
        ExplainedLight {
            light: Light::Undefined,
            reason: None,
        },
    ]
}

fn item(name: &str, value: i64) -> Json {
    json!({ "name": name, "value": value, "href": format!("/rollup?name={name}") })
}

fn map_chart() -> Json {
    let leagues = [
        ("呼和浩特市", 1102),
        ("包头市", 1310),
        ("乌海市", 198),
        ("赤峰市", 872),
        ("通辽市", 841),
        ("鄂尔多斯市", 1923),
        ("呼伦贝尔市", 311),
        ("巴彦淖尔市", 640),
        ("乌兰察布市", 905),
        ("兴安盟", 402),
        ("锡林郭勒盟", 980),
        ("阿拉善盟", 328),
    ];
    let items: Vec<Json> = leagues
        .iter()
        .map(|(name, yi)| item(name, yi * YI))
        .collect();
    json!({ "map": "150000", "format": "yi", "unit": "亿元", "name": "完成投资", "items": items })
}

fn trend_chart() -> Json {
    let months: Vec<String> = (1..=12).map(|month| format!("{month}月")).collect();
    let line = |name: &str, dashed: bool, yi: &[i64]| {
        let items: Vec<Json> = yi.iter().map(|value| item(name, value * YI)).collect();
        json!({ "name": name, "draw": if dashed { "line" } else { "bar" }, "dashed": dashed, "items": items })
    };
    json!({ "format": "yi", "unit": "亿元", "categories": months, "series": [
        line("2025年", false, &[180, 260, 520, 760, 980, 1130, 1090, 1160, 1240, 1250, 1242]),
        line("2024年", true, &[150, 230, 480, 700, 930, 1060, 1030, 1090, 1150, 1190, 1160, 930]),
    ] })
}

fn bridge_chart() -> Json {
    json!({ "format": "count", "unit": "个",
        "start": item("年初", 3336),
        "steps": [item("新增", 58), item("调出", -42), item("合并", -12), item("拆分", 3)],
        "end": item("当前", 3343) })
}

fn progress_chart() -> Json {
    let row = |name: &str, tenths: i64, light: &str| json!({ "name": name, "value": tenths, "light": light, "href": "/rollup" });
    json!({ "unit": "%", "line": { "name": "序时进度", "value": 917 }, "items": [
        row("锡林郭勒盟", 1034, "green"), row("通辽市", 940, "green"), row("鄂尔多斯市", 862, "yellow"),
        row("巴彦淖尔市", 795, "yellow"), row("呼伦贝尔市", 607, "red"),
    ] })
}
