//! States of the card worth looking at: a project under way with an open form and errors, a
//! suspended one seen by a reader, and a view of the past.

use super::{
    ActionForm, ActionLink, Admission, Benefit, Event, ExcuseRow, File, Gate, Group, Line,
    MergeChoice, Money, ProgrammeRow, ProjectPage, Related, ReturnRow, Step, Unmet,
};
use crate::chart;
use crate::i18n::Message;
use crate::pages::common::LightMark;
use crate::pages::project::action::Whole;
use crate::view::{Change, Choice, Form, Light, Link, Rate};

const WAN: i64 = 10_000;

pub(super) fn all() -> Vec<ProjectPage> {
    let full = full();
    let open = |word: &str| {
        Some(ActionForm {
            word: word.into(),
            ..form()
        })
    };
    let split = ProjectPage {
        form: open("split"),
        typed: Form::default()
            .value("name_1", "一期")
            .error("reason", Message::new("form.required"))
            .error("", Message::new("form.required")),
        ..full.clone()
    };
    let with = |word: &str| ProjectPage {
        form: open(word),
        ..full.clone()
    };
    let past = ProjectPage {
        as_of: Some("2025-06-30".into()),
        suspended: true,
        actions: Vec::new(),
        gate: Gate {
            next: None,
            unmet: Vec::new(),
        },
        returns: Vec::new(),
        chart: None,
        files: Vec::new(),
        links: Vec::new(),
        benefits: Vec::new(),
        missing: Vec::new(),
        admission: None,
        code: None,
        may_edit: false,
        may_attach: false,
        may_report: false,
        problems: Vec::new(),
        may_raise: false,
        winter: None,
        money: Money {
            period: None,
            total_investment: None,
            funding: Vec::new(),
            completion: Rate { num: 0, den: 0 },
            since_start: None,
            ..full.money.clone()
        },
        ..full.clone()
    };
    let ready = ProjectPage {
        gate: Gate {
            next: Some("completed".into()),
            unmet: Vec::new(),
        },
        ..with("merge")
    };
    vec![
        full.clone(),
        split,
        with("advance"),
        with("programme"),
        with("withdraw"),
        with("excuse"),
        with("end_excuse"),
        ready,
        past,
    ]
}

fn form() -> ActionForm {
    ActionForm {
        word: "advance".into(),
        post: "/projects/1/act/advance".into(),
        to: Some("completed".into()),
        reason_required: true,
        exits: vec![Choice::new("cancelled", "取消")],
        years: vec![Choice::new("2025", "2025")],
        categories: vec![Choice::new("continuing", "续建")],
        whole: Some(Whole {
            total: 350_000 * WAN,
            since_start: 200_000 * WAN,
            year_to_date: 98_000 * WAN,
            plan: 120_000 * WAN,
        }),
        kinds: vec![Choice::new("season", "季节性停工")],
        excuse: String::new(),
        candidates: vec![MergeChoice {
            id: 2,
            name: "二期".into(),
            stage: "reserve".into(),
            total_investment: 20_000 * WAN,
        }],
        find: String::new(),
    }
}

fn full() -> ProjectPage {
    let yellow = LightMark {
        light: Light::Yellow,
        reason: "完成率比序时进度 -10.00 个百分点".into(),
    };
    let late = LightMark {
        light: Light::Red,
        reason: "应开工而未开工 3 个月".into(),
    };
    let completion = Rate {
        num: 98_000 * WAN,
        den: 120_000 * WAN,
    };
    ProjectPage {
        id: 1,
        name: "60 万吨预焙阳极项目".into(),
        code: Some("2404-150581-04-01-123456".into()),
        trail: vec![Link::new("项目库", "/projects")],
        unit: "霍林郭勒市".into(),
        department: Some("工信厅".into()),
        stage: "implementation".into(),
        stage_since: "2024-05-18".into(),
        suspended: false,
        steps: vec![
            Step {
                stage: "preparation".into(),
                state: "done",
            },
            Step {
                stage: "implementation".into(),
                state: "here",
            },
            Step {
                stage: "completed".into(),
                state: "ahead",
            },
        ],
        duties: crate::pages::liaison::sample_duties(),
        may_assign: true,
        people: vec![Line {
            field: "owner".into(),
            text: "某新材料公司".into(),
        }],
        as_of: None,
        today: "2025-12-03".into(),
        money: Money {
            total_investment: Some(350_000 * WAN),
            funding: vec![("企业自筹".into(), 350_000 * WAN)],
            period: Some("2025-11".into()),
            annual_plan: 120_000 * WAN,
            month_investment: Some(9_000 * WAN),
            year_to_date: 98_000 * WAN,
            since_start: Some(200_000 * WAN),
            completion,
            time: Rate { num: 11, den: 12 },
            light: yellow.clone(),
            light_start: Some(late.clone()),
            image_progress: "主体封顶".into(),
            problems: "设备延期".into(),
        },
        chart: Some(chart::course(
            &chart::Unit {
                format: "yi",
                name: "亿元".into(),
            },
            &["2025-11".into()],
            vec![chart::series(
                "本月完成投资",
                "bar",
                false,
                vec![chart::item("2025-11", Some(9_000 * WAN), "")],
            )],
        )),
        returns: vec![ReturnRow {
            period: "2025-11".into(),
            status: "accepted".into(),
            month_investment: Some(9_000 * WAN),
            year_to_date: 98_000 * WAN,
            since_start: 200_000 * WAN,
            completion,
            light_published: Some(yellow.clone()),
            light: yellow,
            light_start: Some(late),
            image_progress: "主体封顶".into(),
            problems: String::new(),
        }],
        excuses: vec![
            ExcuseRow {
                kind: "force_majeure",
                reason: "汛期断路停工".into(),
                document_no: "内发改函〔2025〕12号".into(),
                from: "2025-07".into(),
                to: "2025-09".into(),
                at: "2025-08-04T02:00:00Z".into(),
                who: "通辽市发改委".into(),
                end: None,
                take_back: "/projects/1?do=end_excuse&excuse=2#action".into(),
            },
            ExcuseRow {
                kind: "other",
                reason: "业主变更".into(),
                document_no: String::new(),
                from: "2025-03".into(),
                to: "2025-03".into(),
                at: "2025-04-04T02:00:00Z".into(),
                who: "通辽市发改委".into(),
                end: Some((
                    "2025-05-01T02:00:00Z".into(),
                    "通辽市发改委".into(),
                    "查明并无此事".into(),
                )),
                take_back: String::new(),
            },
        ],
        programmes: vec![ProgrammeRow {
            year: 2025,
            category: "continuing".into(),
            annual_plan: 120_000 * WAN,
            included: true,
        }],
        completeness: Rate { num: 17, den: 20 },
        missing: vec!["person_region".into()],
        admission: Some(Admission {
            policy: "内蒙古自治区 2025".into(),
            least: 10_000 * WAN,
            met: false,
        }),
        groups: vec![Group {
            group: "content".into(),
            lines: vec![Line {
                field: "scale".into(),
                text: "年产 60 万吨\n配套余热发电".into(),
            }],
        }],
        benefits: vec![Benefit {
            metric: "年产值".into(),
            quantity: "30".into(),
            unit: "亿元".into(),
            note: "投产后".into(),
        }],
        gate: Gate {
            next: Some("completed".into()),
            unmet: vec![Unmet {
                text: "尚无竣工验收文件（行业主管部门工作人员可补）".into(),
                href: "/projects/1/edit#field-acceptance_document".into(),
            }],
        },
        actions: vec![ActionLink {
            word: "advance",
            href: "/projects/1?do=advance#action".into(),
            icon: "arrow-right",
        }],
        form: None,
        typed: Form::default(),
        files: files(),
        links: vec![Related {
            name: "一期".into(),
            href: "/projects/7".into(),
            kind: "split_from".into(),
        }],
        events: vec![Event {
            at: "2025-10-21T02:40:00Z".into(),
            on: "2025-10-20".into(),
            who: "通辽市发改委调度员".into(),
            kind: "edited".into(),
            reason: "设备延期到货".into(),
            document_no: "通发改〔2025〕12号".into(),
            changes: vec![Change {
                label: "计划竣工时间".into(),
                before: Some("2025年11月1日".into()),
                after: None,
            }],
            href: "/problems/17".into(),
            as_of: "/projects/1?as_of=2025-10-20".into(),
        }],
        may_edit: true,
        may_attach: true,
        may_report: true,
        problems: crate::pages::problems::sample_rows(),
        days_held: 34,
        may_raise: true,
        winter: Some(crate::pages::winter::sample_brief()),
    }
}

fn files() -> Vec<File> {
    let photo = File {
        seq: 1,
        photo: true,
        name: "现场.jpg".into(),
        size: "1.5 MB".into(),
        who: "霍林郭勒市发改委填报员".into(),
        added_at: "2025-10-21 10:40".into(),
        href: "/projects/1/files/1".into(),
        remove: "/projects/1/files/1/remove".into(),
    };
    let document = File {
        seq: 2,
        photo: false,
        name: "核准批复.pdf".into(),
        remove: String::new(),
        ..photo.clone()
    };
    vec![photo, document]
}
