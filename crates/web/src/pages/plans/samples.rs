//! States of the plans' pages worth looking at.

use gangmu_app::library::UnitView;
use gangmu_app::metrics::RatioView;
use gangmu_app::plans::{
    AxisView, ClaimView, ComparedView, CompletionView, CoverView, DutyView, EvidenceView,
    IndicatorCoverView, IndicatorView, LeftOutView, OfficeAnswerView, OfficeView, PlanRowView,
    PlanView, PointView, ReadingView, ShareView, SourceView, StepTargetView, TaskCoverView,
    TaskView, ValueView, VersionView,
};
use gangmu_app::problems::NamedView;

use super::show::Choices;
use super::task::{Cell, Sources};
use super::{ComparePage, CoverPage, DutyPage, NewPlanPage, PlanList, PlanPage, TaskPage};
use crate::chart;
use crate::i18n::Message;
use crate::pages::liaison::sample_duties;
use crate::render::Page;
use crate::view::{Choice, Form, Pager, Query};

fn office(code: &str, name: &str) -> OfficeView {
    OfficeView {
        unit: UnitView {
            code: code.into(),
            name: name.into(),
            name_en: "Tongliao".into(),
        },
        department: None,
    }
}

fn row(state: &'static str, version: u32, draft: bool) -> PlanRowView {
    PlanRowView {
        plan_id: 3,
        edit: 7,
        kind: "work",
        office: office("150500", "通辽市"),
        title: "通辽市重大项目谋划行动工作方案".into(),
        from: "2025-01-01".into(),
        until: "2025-12-31".into(),
        state,
        version,
        draft,
        parent: Some(1),
        tasks: 2,
        indicators: 3,
    }
}

fn done(unknown: usize) -> CompletionView {
    CompletionView {
        rate: Some(RatioView {
            num: 318_600,
            den: 400_000,
        }),
        points: 40,
        indicators: 3,
        unknown,
    }
}

fn reading() -> ReadingView {
    ReadingView {
        completion: Some(RatioView {
            num: 7_965,
            den: 10_000,
        }),
        value: Some("318.6".into()),
        blank: "",
        on: "2025-11-30".into(),
        period: Some("2025-11".into()),
        done: Some(RatioView {
            num: 3_186,
            den: 4_000,
        }),
        expected: Some("352.4".into()),
        standing: "behind",
        forecast: Some("361.2".into()),
        method: "season",
        will_reach: Some(false),
        course: vec![PointView {
            period: "2025-11".into(),
            value: "318.6".into(),
        }],
        handed_in: Vec::new(),
    }
}

fn indicator(key: u32, kind: &'static str) -> IndicatorView {
    IndicatorView {
        key,
        name: "重大项目完成投资".into(),
        unit: "亿元".into(),
        baseline: Some("362".into()),
        target: "400".into(),
        due: "2025-12-31".into(),
        direction: "up",
        weight: 40,
        source: SourceView {
            kind,
            metric: if kind == "linked" { "year_to_date" } else { "" }.into(),
            unit: (kind == "linked").then(|| office("150500", "通辽市").unit),
            formula: if kind == "derived" {
                "#3 / #5 * 100"
            } else {
                ""
            }
            .into(),
            cut: if kind == "linked" { "investor" } else { "" }.into(),
            member: if kind == "linked" { "government" } else { "" }.into(),
            ..SourceView::default()
        },
        carries: Some(4),
        carries_name: "全区重大项目完成投资".into(),
        shares: vec![ShareView {
            office: office("150502", "科尔沁区"),
            amount: "400".into(),
        }],
        steps: vec![StepTargetView {
            period: "2025-12".into(),
            amount: "400".into(),
        }],
        reading: reading(),
    }
}

fn blank(key: u32, why: &'static str) -> IndicatorView {
    IndicatorView {
        direction: "down",
        reading: ReadingView {
            value: None,
            blank: why,
            done: None,
            completion: None,
            expected: None,
            standing: "",
            forecast: None,
            method: "",
            will_reach: None,
            course: Vec::new(),
            ..reading()
        },
        ..indicator(key, "reported")
    }
}

fn above() -> LeftOutView {
    LeftOutView {
        task: 2,
        number: 2,
        title: "健全三级联动谋划体系".into(),
        reason: "由自治区本级统筹".into(),
    }
}

fn task() -> TaskView {
    let mut reported = indicator(5, "reported");
    reported.reading.handed_in = vec![ValueView {
        seq: 2,
        files: vec![EvidenceView {
            seq: 1,
            file_name: "11月统计月报.pdf".into(),
            media_type: "application/pdf".into(),
            size: 182_000,
        }],
        on: "2025-11-30".into(),
        value: "318.6".into(),
        evidence: "统计月报".into(),
        who: "通辽市发改委填报员".into(),
        at: 1_764_500_000_000,
    }];
    TaskView {
        key: 9,
        number: 1,
        group: Some(NamedView {
            code: "reserve".into(),
            name: "谋划储备强基".into(),
            name_en: "Planning and reserve".into(),
        }),
        title: "推动项目建设".into(),
        body: "持续加强项目策划储备，全面提升项目落地服务。".into(),
        outcome: "项目清单".into(),
        lead: office("150500", "通辽市"),
        cooperating: vec![office("150502", "科尔沁区")],
        due: "2025-12-31".into(),
        completion: done(0),
        takes_over: vec![above()],
        indicators: vec![
            indicator(3, "linked"),
            indicator(4, "derived"),
            reported,
            blank(6, "gone"),
        ],
    }
}

fn version(number: u32, adopted: bool) -> VersionView {
    VersionView {
        version: number,
        adopted_on: adopted.then(|| "2025-02-14".into()),
        document_no: if adopted {
            "通政办发〔2025〕3号"
        } else {
            ""
        }
        .into(),
        reason: if number > 1 { "年中调整目标" } else { "" }.into(),
        who: "通辽市发改委填报员".into(),
        at: 1_739_500_000_000,
        tasks: 2,
    }
}

pub(super) fn plan(is_draft: bool) -> PlanView {
    let mut plain = task();
    plain.key = 10;
    plain.number = 2;
    plain.group = None;
    plain.indicators.clear();
    plain.completion = CompletionView::default();
    PlanView {
        row: row("adopted", 1, is_draft),
        above: Some(PlanRowView {
            kind: "implementation",
            title: "自治区重大项目谋划行动实施方案".into(),
            ..row("adopted", 1, false)
        }),
        version: version(if is_draft { 2 } else { 1 }, !is_draft),
        is_draft,
        completion: match is_draft {
            true => CompletionView {
                rate: None,
                ..done(0)
            },
            false => done(1),
        },
        unmeasured: vec![LeftOutView {
            task: 10,
            reason: String::new(),
            ..above()
        }],
        tasks: vec![task(), plain],
        left_out: vec![above()],
        unanswered: vec![LeftOutView {
            task: 3,
            reason: String::new(),
            ..above()
        }],
        below: vec![row("adopted", 1, false), row("draft", 0, true)],
        versions: vec![version(2, false), version(1, true)],
        flaws: Vec::new(),
        may_write: true,
    }
}

fn choices() -> Choices {
    Choices {
        kinds: vec![Choice::new("work", "工作方案")],
        units: vec![Choice::new("150500", "通辽市")],
        departments: vec![Choice::new("industry", "工信厅")],
        parents: vec![Choice::new("1", "自治区重大项目谋划行动实施方案")],
        groups: vec![Choice::new("critical", "关键任务")],
        offices: vec![Choice::new("150502", "科尔沁区")],
        above: vec![Choice::new("2", "2 健全三级联动谋划体系")],
    }
}

impl Page for PlanList {
    const TEMPLATE: &'static str = "pages/plans.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            query: Query::new("/plans", &[]),
            rows: vec![
                row("adopted", 2, true),
                row("draft", 0, true),
                row("withdrawn", 1, false),
            ],
            total: 3,
            pager: Pager {
                total: 3,
                first: 1,
                last: 3,
                previous: None,
                next: None,
            },
            kinds: choices().kinds,
            states: vec![Choice::new("adopted", "已印发")],
            units: choices().units,
            may_write: true,
            may_export: true,
        };
        let empty = Self {
            rows: Vec::new(),
            may_write: false,
            may_export: false,
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for DutyPage {
    const TEMPLATE: &'static str = "pages/plan_duties.html";

    fn samples() -> Vec<Self> {
        let duty = |leads, due: &str, standing| DutyView {
            standing,
            plan_id: 3,
            plan_title: "通辽市重大项目谋划行动工作方案".into(),
            task: 9,
            title: "推动项目建设".into(),
            office: office("150500", "通辽市"),
            leads,
            due: due.into(),
        };
        let full = Self {
            rows: vec![
                duty(true, "2025-12-31", "open"),
                duty(false, "2026-12-31", "open"),
                duty(false, "2026-12-31", "hidden"),
                duty(true, "2025-12-31", "done"),
            ],
            total: 52,
            pager: crate::pages::work::pager(&Query::new("/plans/duties", &[]), 1, 2, 50, 52),
            today: "2026-01-08".into(),
            may_write: true,
            may_export: true,
        };
        let empty = Self {
            rows: Vec::new(),
            total: 0,
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for NewPlanPage {
    const TEMPLATE: &'static str = "pages/plan_new.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            choices: choices(),
            typed: Form::default()
                .value("office", "150500")
                .error("title", Message::new("form.required")),
        }]
    }
}

impl Page for PlanPage {
    const TEMPLATE: &'static str = "pages/plan.html";

    fn samples() -> Vec<Self> {
        let base = |is_draft, form: Option<&str>| Self {
            plan: plan(is_draft),
            flaws: Vec::new(),
            form: form.map(str::to_owned),
            choices: choices(),
            typed: Form::default(),
            today: "2025-12-08".into(),
            may_export: true,
            asked: String::new(),
            supervised: true,
            groups: vec![(Choice::new("reserve", "谋划储备强基"), 1)],
            group: String::new(),
            all_tasks: 2,
        };
        let mut all = vec![base(false, None)];
        for form in ["task", "adopt", "head", "drop"] {
            all.push(base(true, Some(form)));
        }
        all.push(base(false, Some("withdraw")));
        let mut wrong = base(true, Some("adopt"));
        wrong.flaws = vec![
            ("1 推动项目建设".into(), Message::new("plans.flaw.no_unit")),
            (String::new(), Message::new("plans.flaw.empty")),
        ];
        wrong.typed = Form::default().error("reason", Message::new("form.required"));
        all.push(wrong);
        let mut reader = base(false, None);
        reader.plan.may_write = false;
        reader.plan.above = None;
        reader.plan.below.clear();
        reader.plan.tasks.clear();
        all.push(reader);
        let mut gone = base(false, None);
        gone.plan.row = row("withdrawn", 1, false);
        gone.plan.unanswered.clear();
        gone.plan.left_out.clear();
        all.push(gone);
        all
    }
}

impl Page for TaskPage {
    const TEMPLATE: &'static str = "pages/plan_task.html";

    fn samples() -> Vec<Self> {
        let cell = Cell {
            name: "share:150502".into(),
            label: "科尔沁区".into(),
            value: "400".into(),
        };
        let sources = Sources {
            kinds: vec![Choice::new("linked", "关联")],
            metrics: vec![Choice::new("year_to_date", "本年累计完成投资")],
            members: vec![Choice::new("investor:government", "政府投资")],
            directions: vec![Choice::new("up", "不低于目标")],
            above: vec![Choice::new("4", "全区重大项目完成投资 10000 亿元")],
            own: vec![Choice::new("#3", "重大项目完成投资 400 亿元")],
            measures: vec![Choice::new("annual_plan", "年度计划投资")],
        };
        let base = |is_draft, form: Option<&str>| Self {
            plan: plan(is_draft),
            task: task(),
            form: form.map(str::to_owned),
            indicator: form.map(|_| indicator(3, "reported")),
            choices: choices(),
            sources: sources.clone(),
            quarters: match form {
                Some("steps") => vec![Cell {
                    name: "quarter:2025-01".into(),
                    label: "2025年1季度".into(),
                    value: "100".into(),
                }],
                _ => Vec::new(),
            },
            cells: match form {
                Some("shares" | "steps") => vec![cell.clone()],
                _ => Vec::new(),
            },
            typed: Form::default(),
            ticked: vec!["150502".into(), "above:2".into()],
            today: "2025-12-08".into(),
            may_write: true,
            courses: task()
                .indicators
                .iter()
                .map(|one| Some(chart::item(&one.name, Some(1), "")))
                .collect(),
            watched: Some(crate::pages::supervision::sample_task()),
            rhythms: vec![Choice::new("monthly", "月报")],
            charges: sample_duties()
                .into_iter()
                .flat_map(|(_, held)| held)
                .collect(),
            may_assign: !is_draft,
        };
        let mut all = vec![base(false, None), base(true, None)];
        for form in ["edit", "indicator", "shares", "steps", "move", "remove"] {
            all.push(base(true, Some(form)));
        }
        let mut value = base(false, Some("value"));
        value.typed = Form::default().error("value", Message::new("form.required"));
        all.push(value);
        let mut bare = base(false, None);
        bare.task.indicators.clear();
        bare.task.group = None;
        bare.task.takes_over.clear();
        bare.task.cooperating.clear();
        bare.may_write = false;
        all.push(bare);
        all
    }
}

impl Page for CoverPage {
    const TEMPLATE: &'static str = "pages/plan_cover.html";

    fn samples() -> Vec<Self> {
        let axis = |axis, state, missing: &str, beyond: &str| AxisView {
            axis,
            assigned: "400".into(),
            claimed: "372".into(),
            missing: missing.into(),
            beyond: beyond.into(),
            state,
            claims: vec![ClaimView {
                opens: true,
                plan_id: 4,
                office: office("150502", "科尔沁区"),
                amount: "372".into(),
                given: Some("380".into()),
                twice: true,
            }],
            silent: vec![office("150526", "扎鲁特旗")],
        };
        let answer = |cover, tasks: Vec<String>, reason: &str| OfficeAnswerView {
            opens: cover != "missing",
            plan_id: 4,
            office: office("150502", "科尔沁区"),
            cover,
            tasks,
            reason: reason.into(),
        };
        let target = |axes| IndicatorCoverView {
            task: 9,
            indicator: 3,
            name: "重大项目完成投资".into(),
            unit: "亿元".into(),
            target: "400".into(),
            axes,
        };
        let full = Self {
            cover: CoverView {
                plan: row("adopted", 1, false),
                plans_below: 2,
                below: vec![row("adopted", 1, false)],
                without_plan: vec![office("150526", "扎鲁特旗")],
                tasks: vec![
                    TaskCoverView {
                        task: 9,
                        number: 1,
                        title: "推动项目建设".into(),
                        lead: office("150500", "通辽市"),
                        measured: true,
                        tasks_below: 2,
                        answered: false,
                        answers: vec![
                            answer("taken", vec!["包装储备项目".into()], ""),
                            answer("left_out", Vec::new(), "无此职能"),
                            answer("missing", Vec::new(), ""),
                        ],
                        without_plan: vec![office("150526", "扎鲁特旗")],
                    },
                    TaskCoverView {
                        task: 10,
                        number: 2,
                        title: "督导评估".into(),
                        lead: office("150500", "通辽市"),
                        measured: false,
                        tasks_below: 0,
                        answered: true,
                        answers: Vec::new(),
                        without_plan: Vec::new(),
                    },
                ],
                answered: 1,
                tasks_below: 2,
                indicators: vec![
                    target(vec![
                        axis("units", "short", "28", ""),
                        axis("departments", "beyond", "", "3"),
                        axis("units", "complete", "", ""),
                        axis("units", "share", "", ""),
                    ]),
                    target(Vec::new()),
                ],
            },
            today: "2025-12-08".into(),
            may_export: true,
        };
        let mut bare = full.clone();
        bare.cover.indicators.clear();
        bare.cover.without_plan.clear();
        vec![full, bare]
    }
}

impl Page for ComparePage {
    const TEMPLATE: &'static str = "pages/plan_compare.html";

    fn samples() -> Vec<Self> {
        let line = |kind, field, before: &str, after: &str| ComparedView {
            source_before: (field == "source").then(|| indicator(3, "linked").source),
            source_after: (field == "source").then(|| indicator(3, "derived").source),
            kind,
            task: 9,
            title: "推动项目建设".into(),
            indicator: if field == "target" {
                "完成投资"
            } else {
                ""
            }
            .into(),
            field,
            before: before.into(),
            after: after.into(),
        };
        let full = Self {
            plan: plan(false),
            from: 1,
            to: 2,
            rows: vec![
                line("changed", "target", "400 亿元", "420 亿元"),
                line("added", "", "", ""),
                line("removed", "", "", ""),
                line("changed", "left_out", "", "无此职能"),
            ],
        };
        let same = Self {
            rows: Vec::new(),
            ..full.clone()
        };
        vec![full, same]
    }
}
