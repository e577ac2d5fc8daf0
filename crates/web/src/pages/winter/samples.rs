//! Winters worth looking at: a full ledger and an empty one, a project that builds, one that rests,
//! one with a form open and errors.

use std::collections::BTreeMap;

use gangmu_app::library::UnitView;
use gangmu_app::winter::{
    WinterChoiceView, WinterEventView, WinterMeasureView, WinterMonthView, WinterPlanView,
    WinterQuarterView, WinterRowView, WinterRulesView, WinterSeasonView, WinterSpellView,
    WinterUnitView, WinterView,
};
use jiff::civil::date;

use super::list::{Row, UnitRow, WinterList};
use super::quarter::Quarter;
use super::show::{Brief, WinterPageView};
use crate::i18n::{Lang, Message};
use crate::pages::work;
use crate::render::Page;
use crate::view::{Choice, Form, Query};

const MONTHS: [&str; 5] = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"];

fn unit(code: &str, name: &str) -> UnitView {
    UnitView {
        code: code.into(),
        name: name.into(),
        name_en: name.into(),
    }
}

fn row(id: i64, state: &str, reason: &str) -> WinterRowView {
    let builds = reason.is_empty();
    WinterRowView {
        project_id: id,
        name: "通辽市100万千瓦风电基地项目".into(),
        unit: unit("150502", "科尔沁区"),
        total_investment: 5_600_000_000,
        state: state.into(),
        reason: reason.into(),
        reason_text: reason.into(),
        reason_text_en: reason.into(),
        from_on: builds.then(|| "2025-11-01".into()),
        to_on: builds.then(|| "2026-03-31".into()),
        workers: if builds { 260 } else { 0 },
        planned: if builds { 180_000_000 } else { 0 },
        first_quarter: if builds { 120_000_000 } else { 0 },
    }
}

fn sums(unit: UnitView, projects: i64) -> WinterUnitView {
    let month = |(period, planned): (&&str, i64)| WinterMonthView {
        period: (*period).into(),
        planned,
    };
    WinterUnitView {
        unit,
        projects,
        builds: projects / 2,
        filed: projects / 3,
        resting: projects / 4,
        undecided: projects - projects / 2 - projects / 4,
        workers: projects * 80,
        planned: projects * 30_000_000,
        months: MONTHS
            .iter()
            .zip((1..).map(|n| n * 20_000_000))
            .map(month)
            .collect(),
        quarter_planned: projects * 20_000_000,
        quarter_drafted: projects * 1_000_000,
        quarter_actual: projects * 6_000_000,
        quarter_all: projects * 9_000_000,
        quarter_forecast: projects * 22_000_000,
    }
}

impl Page for WinterList {
    const TEMPLATE: &'static str = "pages/winter.html";

    fn samples() -> Vec<Self> {
        let query = Query::new("/winter", &[("state", "builds")]);
        let months: Vec<String> = MONTHS.iter().map(|month| (*month).into()).collect();
        let region = sums(unit("150500", "通辽市"), 42);
        let below = sums(unit("150502", "科尔沁区"), 12);
        let full = Self {
            units: [region, below]
                .into_iter()
                .map(|one| UnitRow::new(Lang::ZhCn, 2025, one, &months))
                .collect(),
            season: 2025,
            seasons: vec![Choice::new("2025", "2025–2026")],
            today: "2026-02-05".into(),
            states: vec![Choice::new("filed", "已备案")],
            reasons: vec![Choice::new("funds", "资金未到位")],
            units_choice: vec![Choice::new("150500", "通辽市")],
            months,
            reported: vec!["2026-01".into()],
            rows: [
                row(1, "filed", ""),
                row(2, "resting", "funds"),
                row(3, "undecided", "x"),
            ]
            .iter()
            .map(|one| Row::new(Lang::ZhCn, 2025, one))
            .collect(),
            pager: work::pager(&query, 1, 2, 50, 63),
            may_export: true,
            may_import: true,
            query: query.clone(),
        };
        let empty = Self {
            rows: Vec::new(),
            months: Vec::new(),
            reported: Vec::new(),
            units: Vec::new(),
            pager: work::pager(&query, 1, 0, 50, 0),
            may_export: false,
            ..full.clone()
        };
        vec![full, empty]
    }
}

/// A project's winter in a line.
pub fn brief() -> Brief {
    Brief {
        season: "2025–2026".into(),
        state: "filed".into(),
        tone: "good",
        reason: String::new(),
        planned: 180_000_000,
        first_quarter: 120_000_000,
        from_on: Some("2025-11-01".into()),
        to_on: Some("2026-03-31".into()),
    }
}

fn rules() -> WinterRulesView {
    let choice = |code: &str, text: &str| WinterChoiceView {
        code: code.into(),
        text: text.into(),
        text_en: String::new(),
    };
    let measure = |code: &str, group: &str, required| WinterMeasureView {
        code: code.into(),
        group: group.into(),
        text: "每日测温并记录".into(),
        text_en: String::new(),
        threshold: if required { "2、8、14、20时" } else { "" }.into(),
        threshold_en: String::new(),
        required,
    };
    WinterRulesView {
        reasons: vec![choice("funds", "资金未到位")],
        measures: vec![
            measure("temperature", "technique", true),
            measure("quality", "quality", false),
        ],
        causes: vec![choice("cold", "低温")],
    }
}

fn event(act: &str) -> WinterEventView {
    WinterEventView {
        seq: 1,
        on: "2025-12-20".into(),
        at: 1_766_203_200_000,
        who: "科尔沁区发改委填报员".into(),
        act: act.into(),
        word: if act == "stop" { "cold" } else { "" }.into(),
        note: "连续三天低于零下二十度".into(),
        files: if act == "inspect" {
            vec![1]
        } else {
            Vec::new()
        },
        sound: (act == "inspect").then_some(false),
        planned: (act == "plan").then_some(180_000_000),
    }
}

fn view(state: &str, offers: &[&str]) -> WinterView {
    let plan = WinterPlanView {
        from_on: Some("2025-11-01".into()),
        to_on: Some("2026-03-31".into()),
        parts: "主厂房基础：混凝土1200立方米\n塔筒吊装：12台".into(),
        investment: BTreeMap::from([
            ("2026-01".into(), 60_000_000),
            ("2026-02".into(), 60_000_000),
        ]),
        planned: 120_000_000,
        first_quarter: 120_000_000,
        workers: Some(260),
        measures: vec!["temperature".into()],
        further: "暖棚养护".into(),
        prepared_on: Some("2025-10-20".into()),
        supervised_on: Some("2025-10-25".into()),
        attachment: Some(1),
    };
    WinterView {
        project_id: 17,
        project_name: "通辽市100万千瓦风电基地项目".into(),
        unit: unit("150502", "科尔沁区"),
        season: WinterSeasonView {
            year: 2025,
            from_on: "2025-10-15".into(),
            to_on: "2026-04-15".into(),
            file_by: "2025-11-15".into(),
            months: MONTHS.iter().map(|month| (*month).into()).collect(),
        },
        version: 4,
        state: state.into(),
        reason: if state == "resting" { "funds" } else { "" }.into(),
        plan: (state != "undecided").then_some(plan),
        filed_on: (state == "stopped").then(|| "2025-10-28".into()),
        late: state == "undecided",
        spells: match state {
            "stopped" => vec![WinterSpellView {
                from_on: "2025-12-20".into(),
                to_on: None,
                cause: "cold".into(),
                note: "连续三天低于零下二十度".into(),
                days: 15,
            }],
            _ => Vec::new(),
        },
        days_stopped: if state == "stopped" { 15 } else { 0 },
        inspections: 2,
        found_wanting: 1,
        events: match state {
            "undecided" => Vec::new(),
            _ => ["plan", "submit", "file", "inspect", "stop"]
                .map(event)
                .to_vec(),
        },
        offers: offers.iter().map(|word| (*word).into()).collect(),
    }
}

impl Page for WinterPageView {
    const TEMPLATE: &'static str = "pages/project_winter.html";

    fn samples() -> Vec<Self> {
        let page = |state: &str, offers: &[&str]| {
            let files = vec![Choice::new("1", "冬施方案.pdf")];
            Self::new(
                Lang::ZhCn,
                view(state, offers),
                &rules(),
                files,
                date(2026, 1, 4),
            )
        };
        let form = Form::default()
            .value("from", "2025-11-01")
            .value("month_2026-01", "6000")
            .error("parts", Message::new("field.missing"));
        let writing = page("draft", &["rest", "plan", "submit"]);
        let opened = |act: &str, offers: &[&str], state: &str| {
            page(state, offers).with_form(Some(act), Form::default(), Vec::new())
        };
        vec![
            page("undecided", &["rest", "plan"]),
            writing.with_form(Some("plan"), form, vec!["temperature".into()]),
            page("stopped", &["inspect", "resume"]),
            opened("rest", &["rest", "plan"], "resting"),
            opened("stop", &["inspect", "stop"], "filed"),
            opened("inspect", &["inspect", "stop"], "filed"),
            opened("resume", &["resume"], "stopped"),
            opened("send_back", &["file", "send_back"], "submitted"),
            opened("file", &["file", "send_back"], "submitted"),
            opened("submit", &["submit"], "draft"),
        ]
    }
}

/// A winter beside the roll-ups of its months.
pub fn quarter() -> Option<Quarter> {
    let of = |unit, planned| WinterQuarterView {
        unit,
        planned,
        all: 2 * planned,
        forecast: 3 * planned,
    };
    let units = vec![
        of(unit("150500", "通辽市"), 420_000_000),
        of(unit("150502", "科尔沁区"), 0),
    ];
    Quarter::new(2025, units)
}
