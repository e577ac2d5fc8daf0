//! States of the supervision pages worth looking at.

use gangmu_app::library::UnitView;
use gangmu_app::plans::OfficeView;
use gangmu_app::supervision::{
    AskedItemView, AskedView, BulletinOffice, BulletinView, FileView, ItemEventView, ItemRowView,
    ItemView, LetterBody, LetterDetail, LetterEventView, LetterRowView, MissedPage, MissedView,
    OpenRoundView, StateShareView, SupervisedView, TaskRoundView, TaskSupervisionView,
};

use super::{ItemPage, LetterList, LetterPage, MissedList, RoundPage, Step, SupervisionList};
use crate::i18n::Message;
use crate::pages::work::pager;
use crate::render::Page;
use crate::view::{Choice, Form, Query};

fn office() -> OfficeView {
    OfficeView {
        unit: UnitView {
            code: "150500".into(),
            name: "通辽市".into(),
            name_en: "Tongliao".into(),
        },
        department: None,
    }
}

/// The real figures of 金寨县, first half of 2025.
fn shares() -> Vec<StateShareView> {
    [
        ("ahead", 10, "4.5", false),
        ("on_track", 162, "73.0", false),
        ("behind", 17, "7.7", false),
        ("completed", 24, "10.8", false),
        ("other", 9, "4.0", true),
    ]
    .into_iter()
    .map(|(state, count, percent, fitted)| StateShareView {
        state,
        count,
        percent: percent.into(),
        fitted,
    })
    .collect()
}

fn row(indicator: u32, state: &str, reporting: &str) -> ItemRowView {
    let said = matches!(reporting, "reported" | "verified");
    ItemRowView {
        task: 2,
        indicator,
        number: 1,
        title: "一以贯之推动项目建设".into(),
        name: if indicator == 0 {
            String::new()
        } else {
            "重大项目完成投资".into()
        },
        office: office(),
        due: "2026-12-31".into(),
        state: state.into(),
        reporting: reporting.into(),
        overruled: state == "behind",
        unsound: state == "behind",
        value: if said {
            "80 亿元".into()
        } else {
            String::new()
        },
        expected: if said {
            "90 亿元".into()
        } else {
            String::new()
        },
        text: if said {
            "已开工三项".into()
        } else {
            String::new()
        },
        late: if reporting == "missing" { 3 } else { 0 },
        proposed: (indicator != 0).then_some("behind"),
        value_now: "82 亿元".into(),
        mine: reporting != "verified",
    }
}

/// How a task is supervised, for the page of its plan.
pub fn task() -> TaskSupervisionView {
    TaskSupervisionView {
        edit: 1,
        rhythm: "quarterly",
        own: true,
        may_supervise: true,
        rounds: vec![TaskRoundView {
            period: "2026-01".into(),
            closed_on: None,
            items: vec![row(3, "behind", "verified"), row(4, "other", "missing")],
        }],
    }
}

fn letter(state: &'static str) -> LetterRowView {
    LetterRowView {
        from: "150500".into(),
        year: 2026,
        seq: 1,
        number: "通辽市督查催〔2026〕1号".into(),
        kind: if state == "settled" {
            "supervise"
        } else {
            "urge"
        },
        plan_id: 3,
        period: "2026-01".into(),
        office: office(),
        items: 2,
        written_on: "2026-01-27".into(),
        reply_by: "2026-02-03".into(),
        state,
        late: if state == "awaiting" { 1 } else { 0 },
    }
}

/// What is asked of a leader over their tasks.
pub fn asked() -> AskedView {
    let item = |asked, below, item| AskedItemView {
        plan_id: 3,
        plan_title: "通辽市2026年十项常态化工作和十项关键任务清单".into(),
        period: "2026-01".into(),
        due_on: "2026-01-23".into(),
        asked,
        below,
        item,
    };
    AskedView {
        items: vec![
            item("catch_up", false, row(3, "behind", "reported")),
            item("report", false, row(4, "other", "missing")),
            item("missed", false, row(4, "other", "missing")),
            item("confirm", true, row(5, "other", "open")),
        ],
        letters: vec![letter("awaiting")],
    }
}

fn stepped() -> Vec<(String, Step)> {
    let step = |label: &str, who| Step {
        label: label.into(),
        who,
    };
    vec![
        (
            "2026-01-28T01:00:00Z".into(),
            step("逾期未报，告知督查室", Some("supervisor")),
        ),
        ("2026-01-21T01:00:00Z".into(), step("报送将到期", None)),
    ]
}

fn months() -> Vec<Choice> {
    vec![Choice::new("2026-01", "2026年1月")]
}

impl Page for SupervisionList {
    const TEMPLATE: &'static str = "pages/supervision.html";

    fn samples() -> Vec<Self> {
        let view = SupervisedView {
            plan_id: 3,
            title: "通辽市2026年十项常态化工作和十项关键任务清单".into(),
            office: office(),
            rhythm: "monthly",
            since: "2026-01".into(),
            until: "2026-12".into(),
            edit: 1,
            period: Some("2026-01".into()),
            due_on: "2026-01-23".into(),
            closed_on: Some("2026-01-30".into()),
            items: 222,
            reported: 213,
            missing: 9,
            verified: 100,
            states: shares(),
            earlier: vec![
                OpenRoundView {
                    period: "2025-12".into(),
                    due_on: "2025-12-25".into(),
                    missing: 4,
                },
                OpenRoundView {
                    period: "2025-11".into(),
                    due_on: "2025-11-25".into(),
                    missing: 0,
                },
            ],
            may_supervise: true,
        };
        let before = SupervisedView {
            plan_id: 4,
            period: None,
            due_on: String::new(),
            closed_on: None,
            states: Vec::new(),
            earlier: Vec::new(),
            missing: 0,
            ..view.clone()
        };
        let full = Self {
            rows: vec![view, before],
            may_supervise: true,
            rhythms: vec![Choice::new("monthly", "月报")],
            plans: vec![Choice::new("5", "工作方案")],
            opened: None,
            typed: Form::default().value("edit", "0").value("since", "2026-02"),
            today: "2026-02-04".into(),
        };
        let wrong = Self {
            opened: Some(3),
            typed: Form::default()
                .value("plan", "3")
                .error("since", Message::new("field.missing")),
            ..full.clone()
        };
        let empty = Self {
            rows: Vec::new(),
            may_supervise: false,
            plans: Vec::new(),
            ..full.clone()
        };
        vec![full, wrong, empty]
    }
}

impl Page for RoundPage {
    const TEMPLATE: &'static str = "pages/supervision_round.html";

    fn samples() -> Vec<Self> {
        let round = BulletinView {
            plan_id: 3,
            title: "通辽市2026年十项常态化工作和十项关键任务清单".into(),
            office: office(),
            plan_version: 1,
            period: "2026-01".into(),
            periods: vec!["2026-01".into()],
            opens_on: "2026-01-13".into(),
            due_on: "2026-01-23".into(),
            closed_on: None,
            not_asked: 2,
            targets: 145,
            items: 222,
            states: shares(),
            offices: vec![BulletinOffice {
                office: office(),
                rank: 1,
                items: 222,
                counts: vec![10, 162, 17, 24, 9],
                missing: 9,
                late: 2,
            }],
            missing: 9,
            reported: 213,
            verified: 100,
            lines: vec![
                row(3, "behind", "verified"),
                row(4, "on_track", "reported"),
                row(0, "other", "missing"),
                row(0, "other", "open"),
                row(0, "completed", "carried"),
            ],
            may_close: true,
            may_supervise: true,
        };
        let full = Self {
            query: Query::new("/supervision/3", &[("period", "2026-01")]),
            office: None,
            round,
            periods: months(),
            letters: vec![letter("awaiting"), letter("settled")],
            pager: pager(&Query::new("/supervision/3", &[]), 1, 1, 50, 2),
            reply_by: "2026-02-03".into(),
            may_export: true,
            typed: Form::default(),
            today: "2026-01-27".into(),
        };
        let wrong = Self {
            typed: Form::default().error("", Message::new("supervision.letter.nothing")),
            query: Query::new(
                "/supervision/3",
                &[
                    ("period", "2026-01"),
                    ("state", "behind"),
                    ("office", "150500"),
                    ("reporting", "came"),
                ],
            ),
            office: Some(office()),
            ..full.clone()
        };
        let issued = Self {
            round: BulletinView {
                closed_on: Some("2026-01-30".into()),
                may_close: false,
                ..full.round.clone()
            },
            letters: Vec::new(),
            ..full.clone()
        };
        vec![full, wrong, issued]
    }
}

impl Page for ItemPage {
    const TEMPLATE: &'static str = "pages/supervision_item.html";

    fn samples() -> Vec<Self> {
        let event = |act: &'static str, state: Option<&'static str>| ItemEventView {
            seq: 1,
            on: "2026-01-20".into(),
            at: 0,
            who: "通辽市发改委填报员".into(),
            act,
            state,
            proposed: (act == "report").then_some("behind"),
            value: "80 亿元".into(),
            expected: "90 亿元".into(),
            text: "已开工三项".into(),
            reason: "三个项目本月底集中开工".into(),
            sound: (act == "spot_check").then_some(false),
            files: vec![FileView {
                number: 1,
                file_name: "现场.png".into(),
                size: 2_048,
            }],
        };
        let timed = |event: ItemEventView| ("2026-01-20T02:00:00Z".to_owned(), event);
        let full = Self {
            steps: stepped(),
            item: ItemView {
                steps: Vec::new(),
                plan_id: 3,
                plan_title: "年度任务清单".into(),
                plan_version: 1,
                period: "2026-01".into(),
                periods: vec!["2026-01".into()],
                opens_on: "2026-01-13".into(),
                due_on: "2026-01-23".into(),
                closed: false,
                row: row(3, "behind", "verified"),
                body: "加强项目策划储备".into(),
                version: 3,
                expected_now: "90 亿元".into(),
                value_on: Some("2026-01-31".into()),
                ground: "course",
                blank: "",
                events: Vec::new(),
                offers: vec!["report", "verify", "spot_check"],
            },
            events: vec![
                timed(event("verify", Some("behind"))),
                timed(event("spot_check", None)),
                timed(event("report", Some("on_track"))),
            ],
            periods: months(),
            states: vec![Choice::new("behind", "欠进度")],
            opened: None,
            typed: Form::default(),
            today: "2026-01-20".into(),
        };
        let opened = |form: &str| Self {
            opened: Some(form.into()),
            typed: Form::default().error("reason", Message::new("field.missing")),
            ..full.clone()
        };
        let mut bare = full.clone();
        bare.item.row = row(0, "other", "missing");
        bare.item.blank = "hidden";
        bare.item.ground = "";
        bare.item.value_on = None;
        bare.item.closed = true;
        bare.item.offers = Vec::new();
        bare.events = Vec::new();
        vec![
            full.clone(),
            opened("report"),
            opened("verify"),
            opened("spot_check"),
            bare,
        ]
    }
}

impl Page for MissedList {
    const TEMPLATE: &'static str = "pages/supervision_missed.html";

    fn samples() -> Vec<Self> {
        let view = |missing| MissedView {
            plan_id: 3,
            plan_title: "年度任务清单".into(),
            period: "2026-01".into(),
            due_on: "2026-01-23".into(),
            task: 2,
            indicator: 0,
            title: "千方百计加强招商引资".into(),
            name: String::new(),
            office: office(),
            missing,
            late: 3,
            closed: missing,
        };
        let full = Self {
            query: Query::new("/supervision/missed", &[]),
            missed: MissedPage {
                rows: vec![view(true), view(false)],
                missing: 1,
                late: 1,
            },
            plans: vec![Choice::new("3", "年度任务清单")],
            periods: months(),
            may_export: true,
            today: "2026-02-04".into(),
        };
        let empty = Self {
            missed: MissedPage {
                rows: Vec::new(),
                missing: 0,
                late: 0,
            },
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for LetterList {
    const TEMPLATE: &'static str = "pages/supervision_letters.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            query: Query::new("/supervision/letters", &[]),
            rows: vec![letter("awaiting"), letter("replied"), letter("settled")],
            pager: pager(&Query::new("/supervision/letters", &[]), 1, 2, 50, 52),
            states: vec![Choice::new("awaiting", "待回复")],
            today: "2026-02-04".into(),
        };
        let empty = Self {
            rows: Vec::new(),
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for LetterPage {
    const TEMPLATE: &'static str = "pages/supervision_letter.html";

    fn samples() -> Vec<Self> {
        let item = |why: &str| LetterBody {
            task: 2,
            indicator: 3,
            title: "一以贯之推动项目建设".into(),
            name: "重大项目完成投资".into(),
            why: why.into(),
            value: "80 亿元".into(),
            expected: "90 亿元".into(),
            late: 2,
        };
        let event = |act: &'static str, settled| {
            let event = LetterEventView {
                seq: 1,
                on: "2026-02-02".into(),
                at: 0,
                who: "通辽市督查室".into(),
                act,
                text: "已补报".into(),
                settled,
                reply_by: (settled == Some(false)).then(|| "2026-02-09".into()),
                files: match act {
                    "reply" => vec![FileView {
                        number: 1,
                        file_name: "补报材料.pdf".into(),
                        size: 20_480,
                    }],
                    _ => Vec::new(),
                },
            };
            ("2026-02-02T02:00:00Z".to_owned(), event)
        };
        let full = Self {
            steps: stepped(),
            letter: LetterDetail {
                steps: Vec::new(),
                row: letter("replied"),
                plan_title: "年度任务清单".into(),
                items: vec![item("missing"), item("behind")],
                version: 2,
                events: Vec::new(),
                offers: vec!["recheck"],
            },
            events: vec![
                event("recheck", Some(true)),
                event("recheck", Some(false)),
                event("reply", None),
            ],
            opened: Some("recheck".into()),
            typed: Form::default().error("note", Message::new("field.missing")),
            today: "2026-02-04".into(),
        };
        let mut sent = full.clone();
        sent.letter.row = letter("awaiting");
        sent.letter.offers = vec!["reply"];
        sent.opened = Some("reply".into());
        sent.events = Vec::new();
        let closed = Self {
            opened: None,
            typed: Form::default(),
            ..full.clone()
        };
        vec![full, sent, closed]
    }
}
