//! Samples of the approvals' pages: a case on its way, none yet, a refused form, lists.

use gangmu_app::approvals::{
    BeforeView, CaseView, ClockView, DepartmentView, DueView, EventView, ExpectedView, ItemView,
    LegView, MoveView, SlotView, WorkRowView,
};
use gangmu_app::library::UnitView;

use super::case::{CasePage, Shelf, plain};
use super::form::{ActForm, Paper};
use super::lanes::{Bar, Lane, Lanes, Tick};
use super::list::{Count, MatterList, Row, tabs};
use super::matter::Agreed;
use super::matter::Names;
use crate::i18n::{Lang, Message, Texts};
use crate::render::Page;
use crate::view::{Choice, Form, Pager, Query, Rate};

impl Page for CasePage {
    const TEMPLATE: &'static str = "pages/approvals_case.html";

    fn samples() -> Vec<Self> {
        let Ok(texts) = Texts::load(Lang::ZhCn) else {
            return Vec::new();
        };
        let view = case();
        let names = (names(&view), Names::new());
        let wording = plain(&texts, &names, &view);
        let mut full = Self {
            lanes: lanes(),
            shelf: Some(Shelf {
                papers: 6,
                saved: Rate { num: 2, den: 8 },
                served: vec![("营业执照".into(), vec!["用地预审".into(), "环评".into()])],
            }),
            ..Self::of(&view, &wording, false)
        };
        if let Some(matter) = full.matters.first_mut() {
            matter.agreed = vec![Agreed {
                words: "限期办结".into(),
                due_on: "2026-01-30".into(),
                href: "/resolutions/1".into(),
            }];
        }
        let words = [
            "receive",
            "ask_correction",
            "accept",
            "accept_deferred",
            "hand_in",
            "suspend",
            "extend",
            "grant",
            "refuse",
            "adjust",
            "strike",
        ];
        let asked = |word: &&str| Self {
            form: Some(form(word)),
            ..full.clone()
        };
        let mut samples: Vec<Self> = words.iter().map(asked).collect();
        samples.push(Self {
            form: Some(form("refuse")),
            typed: Form::default().error("ground", Message::new("approvals.refused.unexplained")),
            ..full.clone()
        });
        samples.push(Self {
            case: None,
            lanes: Lanes::default(),
            matters: Vec::new(),
            not_needed: Vec::new(),
            moves: Vec::new(),
            may_create: true,
            may_fit: false,
            shelf: None,
            ..full.clone()
        });
        let mut left = full.clone();
        left.may_fit = false;
        if let Some(head) = &mut left.case {
            head.closed_on = Some("2025-03-14".into());
        }
        samples.push(left);
        samples.push(full);
        samples
    }
}

impl Page for MatterList {
    const TEMPLATE: &'static str = "pages/approvals_list.html";

    fn samples() -> Vec<Self> {
        let Ok(texts) = Texts::load(Lang::ZhCn) else {
            return Vec::new();
        };
        let names = names(&case());
        let list = |kind: &str, path: &str, rows: Vec<Row>| Self {
            kind: kind.into(),
            query: Query::new(path, &[]),
            tabs: tabs(&texts, true, true),
            today: "2025-03-14".into(),
            counts: Vec::new(),
            phases: vec![Choice::new("running", "办理中")],
            levels: vec![Choice::new("banner", "旗县级")],
            lights: vec![Choice::new("red", "超期"), Choice::new("green", "正常")],
            departments: vec![Choice::new("3", "自然资源局"), Choice::new("4", "水利局")],
            pager: Pager {
                total: i64::from(!rows.is_empty()),
                first: i64::from(!rows.is_empty()),
                last: i64::from(!rows.is_empty()),
                previous: None,
                next: None,
            },
            rows,
        };
        let rows = || vec![Row::new(&texts, &names, &work_row())];
        let count = |key, n| Count {
            key,
            n,
            href: "/approvals".into(),
        };
        vec![
            Self {
                counts: vec![count("open", 12), count("overdue", 1), count("soon", 3)],
                ..list("work", "/approvals", rows())
            },
            list("work", "/approvals", Vec::new()),
            list("forwarding", "/approvals/forwarding", rows()),
            list("region", "/approvals/ledgers/region", rows()),
            list("problems", "/approvals/ledgers/problems", Vec::new()),
        ]
    }
}

fn names(view: &CaseView) -> Names {
    let items = view.items.iter();
    items
        .map(|one| (one.code.clone(), one.name.clone()))
        .collect()
}

fn unit() -> UnitView {
    UnitView {
        code: "150502".into(),
        name: "科尔沁区".into(),
        name_en: "Horqin District".into(),
    }
}

fn department() -> DepartmentView {
    DepartmentView {
        department_id: 3,
        code: "natural_resources".into(),
        name: "自然资源局".into(),
        name_en: "Natural Resources".into(),
    }
}

fn clock(clock: &str, budget: &str, remaining: i64, light: &str) -> ClockView {
    ClockView {
        clock: clock.into(),
        state: "running".into(),
        detail: String::new(),
        budget: budget.into(),
        started_on: Some("2025-03-03".into()),
        elapsed: 9,
        remaining,
        due_on: Some("2025-03-14".into()),
        beyond_calendar: None,
        light: light.into(),
    }
}

fn item(code: &str, name: &str, phase: &str, light: &str) -> ItemView {
    ItemView {
        code: code.into(),
        name: name.into(),
        name_en: String::new(),
        group: "land_planning".into(),
        version: 3,
        department: department(),
        consulted: vec![department()],
        level: "league".into(),
        level_unsure: vec!["land_area".into()],
        standing: if phase == "not_needed" {
            "not_needed"
        } else {
            "needed"
        }
        .into(),
        because: vec!["forest_land".into()],
        phase: phase.into(),
        leg: 0,
        legs: vec![LegView {
            unit: unit(),
            duty: "decides".into(),
            clocks: vec![
                clock("statutory", "working 20", 11, "green"),
                clock("promised", "working 9", 0, light),
            ],
        }],
        due: Some(due()),
        light: light.into(),
        problem: (light == "red").then(|| "overdue".into()),
        statutory: "working 20".into(),
        promised: "working 9".into(),
        immediate: code == "A01",
        before: vec![BeforeView {
            code: "A01".into(),
            kind: "finish".into(),
            done: false,
        }],
        holds_up: vec!["A07".into()],
        slot: (phase != "not_needed").then_some(SlotView {
            start: 0,
            finish: 9,
            length: 9,
            slack: 2,
        }),
        expected: Some(ExpectedView {
            start_on: "2025-03-03".into(),
            finish_on: "2025-03-14".into(),
        }),
        deferred: None,
        outcome: None,
        papers: vec![
            ("application".into(), true),
            ("site_argument".into(), false),
        ],
        deferrable: vec!["site_argument".into()],
        procedures: vec![("expert_review".into(), "working 60".into())],
        events: vec![
            event(1, "receive", &[]),
            event(2, "suspend", &["expert_review", "working 60"]),
        ],
        offers: vec!["accept".into(), "ask_correction".into()],
        main_since: Some(2024),
        source: "地方流程图，未核实".into(),
    }
}

fn due() -> DueView {
    DueView {
        on: "2025-03-14".into(),
        what: "promised".into(),
        left: Some(0),
    }
}

fn event(seq: u32, act: &str, says: &[&str]) -> EventView {
    EventView {
        seq,
        leg: 0,
        on: "2025-03-03".into(),
        at: 1_740_988_800_000,
        who: "通辽市自然资源局审批员".into(),
        act: act.into(),
        says: says.iter().map(|one| (*one).to_owned()).collect(),
        struck: seq == 2,
    }
}

fn case() -> CaseView {
    CaseView {
        project_id: 17,
        project_name: "年产 35 万吨绿色铝项目二期".into(),
        project_code: "2312-150581-04-01-123456".into(),
        unit: unit(),
        version: 2,
        route: "verification".into(),
        as_of: "2025-03-14".into(),
        created_on: "2025-02-20".into(),
        closed_on: None,
        planned_start_on: Some("2025-05-01".into()),
        due_for_start: Some("2025-03-31".into()),
        catalogue_is_current: false,
        items: vec![
            item("A01", "企业投资项目核准", "granted", "off"),
            item("A04", "用地预审与选址意见书", "running", "red"),
            item("A07", "环境影响评价审批", "not_received", "off"),
            item("A11", "使用林地审核", "not_needed", "off"),
        ],
        plan_length: 46,
        critical: vec!["A01".into(), "A04".into()],
        expected_on: Some("2025-04-18".into()),
        beyond_calendar: None,
        total: 18,
        done: 7,
        moves: vec![MoveView {
            item: "A04".into(),
            from_on: Some("2025-03-13".into()),
            to_on: Some("2025-03-14".into()),
            reason: "节假日安排调整".into(),
            at: 1_740_988_800_000,
        }],
        may_manage: true,
    }
}

fn lanes() -> Lanes {
    let bar = |code: &str, name: &str, x, y, state, critical| Bar {
        code: code.into(),
        name: name.into(),
        x,
        y,
        width: 160,
        text_x: x,
        text_end: false,
        state,
        phase: "running".into(),
        critical,
    };
    Lanes {
        width: 1100,
        height: 150,
        today: Some(300),
        due: Some(520),
        ticks: vec![Tick {
            x: 380,
            label: "2025-04-01".into(),
        }],
        lanes: vec![Lane {
            department: "自然资源局".into(),
            y: 26,
            bars: vec![
                bar("A01", "企业投资项目核准", 8, 50, "done", true),
                bar("A04", "用地预审与选址意见书", 168, 82, "late", true),
            ],
        }],
        dated: true,
    }
}

fn form(word: &str) -> ActForm {
    ActForm {
        matter: "A04".into(),
        name: "用地预审与选址意见书".into(),
        word: word.into(),
        post: format!("/projects/17/approvals/A04/{word}"),
        version: 3,
        deferrable: vec![Choice::new("site_argument", "选址论证报告")],
        outstanding: vec![Choice::new("site_argument", "选址论证报告")],
        procedures: vec![Choice::new(
            "expert_review working 60",
            "专家评审 ≤ 60 个工作日",
        )],
        limits: vec![Choice::new("statutory", "法定时限")],
        departments: vec![Choice::new("3", "自然资源局")],
        files: vec![Choice::new("1", "批复.pdf")],
        papers: vec![
            Paper {
                code: "application".into(),
                name: "申请表".into(),
                lies: true,
            },
            Paper {
                code: "site_argument".into(),
                name: "选址论证报告".into(),
                lies: false,
            },
        ],
        last: None,
    }
}

fn work_row() -> WorkRowView {
    let one = item("A04", "用地预审与选址意见书", "running", "red");
    WorkRowView {
        project_id: 17,
        project_name: "年产 35 万吨绿色铝项目二期".into(),
        project_code: "2312-150581-04-01-123456".into(),
        total_investment: 4_120_000_000,
        unit: unit(),
        code: one.code,
        name: one.name,
        name_en: String::new(),
        version: 3,
        department: department(),
        office: unit(),
        duty: "forwards".into(),
        level: "region".into(),
        phase: one.phase,
        light: one.light,
        problem: one.problem,
        due: one.due,
        clocks: vec![clock("forwarding", "working 1", -2, "red")],
        before: one.before,
        holds_up: one.holds_up,
        planned_start_on: Some("2025-05-01".into()),
        offers: one.offers,
    }
}
