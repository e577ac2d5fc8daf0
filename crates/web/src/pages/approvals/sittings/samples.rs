//! Samples of the sittings' pages: on their way, refused, closed, empty.

use gangmu_app::approvals::{AgendaView, DepartmentView, DueView, OpinionView, SittingView};
use gangmu_app::library::UnitView;

use super::call::{CallPage, Candidate};
use super::list::{Row, SittingList};
use super::show::{SittingPage, SittingSheet};
use crate::i18n::{Lang, Message};
use crate::pages::approvals::matter::Names;
use crate::render::Page;
use crate::view::{Choice, Form, Link, Query};

impl Page for SittingList {
    const TEMPLATE: &'static str = "pages/approvals_sittings.html";

    fn samples() -> Vec<Self> {
        let row = |closed_on: Option<&str>, waiting, mine| Row {
            href: "/approvals/sittings/3".into(),
            title: "科尔沁区第三次联审会".into(),
            unit: "科尔沁区".into(),
            called_on: "2026-01-23".into(),
            closed_on: closed_on.map(Into::into),
            projects: 2,
            matters: 3,
            waiting,
            mine,
        };
        let empty = Self {
            query: Query::new("/approvals/sittings", &[]),
            tabs: vec![Link::new("联审会", "/approvals/sittings")],
            today: "2026-01-27".into(),
            rows: Vec::new(),
            may_call: true,
        };
        let full = Self {
            rows: vec![row(None, 4, 1), row(Some("2026-01-20"), 0, 0)],
            ..empty.clone()
        };
        let reader = Self {
            may_call: false,
            ..empty.clone()
        };
        vec![full, empty, reader]
    }
}

impl Page for CallPage {
    const TEMPLATE: &'static str = "pages/approvals_call.html";

    fn samples() -> Vec<Self> {
        let candidate = |id, chosen| Candidate {
            id,
            name: "年产 35 万吨绿色铝项目二期".into(),
            unit: "科尔沁区".into(),
            matters: vec![
                ("企业投资项目核准".into(), 5),
                ("环境影响评价审批".into(), 1),
            ],
            due_on: Some("2026-02-06".into()),
            chosen,
        };
        let full = Self {
            query: Query::new("/approvals/sittings/new", &[]),
            unit: "150502".into(),
            units: vec![Choice::new("150502", "科尔沁区")],
            search: String::new(),
            candidates: vec![candidate(17, true), candidate(18, false)],
            more: 3,
            form: Form::default(),
        };
        let empty = Self {
            candidates: Vec::new(),
            more: 0,
            search: "没有的项目".into(),
            ..full.clone()
        };
        let wrong = Self {
            form: Form::default().error("title", Message::new("approvals.refused.title_missing")),
            ..full.clone()
        };
        vec![full, empty, wrong]
    }
}

impl Page for SittingPage {
    const TEMPLATE: &'static str = "pages/approvals_sitting.html";

    fn samples() -> Vec<Self> {
        let of =
            |view: &SittingView| Self::of(Lang::ZhCn, &Names::new(), view, "2026-02-03".to_owned());
        let open = view(None);
        let running = of(&open);
        let wrong = Self {
            form: Form::default().error("body", Message::new("approvals.refused.opinion_missing")),
            ..running.clone()
        };
        let reader = of(&SittingView {
            may_close: false,
            ..open
        });
        vec![running, wrong, reader, of(&view(Some("2026-02-04")))]
    }
}

impl Page for SittingSheet {
    const TEMPLATE: &'static str = "pages/approvals_sheet.html";

    fn samples() -> Vec<Self> {
        SittingPage::samples().into_iter().map(Self).collect()
    }
}

fn department(id: i64, name: &str) -> DepartmentView {
    DepartmentView {
        department_id: id,
        name: name.into(),
        ..DepartmentView::default()
    }
}

fn opinion(id: i64, name: &str, stance: &str, body: &str) -> OpinionView {
    OpinionView {
        department: department(id, name),
        stance: stance.into(),
        body: body.into(),
        asked_on: "2026-01-23".into(),
        answer_by: Some("2026-02-03".into()),
        answered_on: (!matches!(stance, "asked" | "silent")).then(|| "2026-01-27".into()),
        on_behalf: stance == "conditional",
        may_answer: matches!(stance, "asked" | "conditional"),
        as_holder: stance == "conditional",
    }
}

fn matter(item: &str, name: &str, opinions: Vec<OpinionView>, agreed: bool) -> AgendaView {
    AgendaView {
        project_id: 17,
        project_name: "年产 35 万吨绿色铝项目二期".into(),
        item: item.into(),
        name: name.into(),
        name_en: String::new(),
        department: department(3, "发改委"),
        phase: "running".into(),
        version: 3,
        due: Some(DueView {
            on: "2026-02-27".into(),
            what: "statutory".into(),
            left: Some(12),
        }),
        holds_up: vec!["A18".into()],
        opinions,
        agreed,
        open: true,
    }
}

fn view(closed_on: Option<&str>) -> SittingView {
    SittingView {
        sitting_id: 3,
        version: 1,
        title: "科尔沁区第三次联审会".into(),
        unit: UnitView {
            code: "150502".into(),
            name: "科尔沁区".into(),
            name_en: String::new(),
        },
        called_on: "2026-01-23".into(),
        closed_on: closed_on.map(Into::into),
        agenda: vec![
            matter(
                "A02",
                "企业投资项目核准",
                vec![
                    opinion(4, "自然资源局", "agree", ""),
                    opinion(5, "生态环境局", "conditional", "落实排放指标"),
                    opinion(6, "水利局", "silent", ""),
                ],
                true,
            ),
            matter(
                "A06",
                "环境影响评价审批",
                vec![
                    opinion(4, "自然资源局", "object", "与生态红线冲突"),
                    opinion(6, "水利局", "asked", ""),
                ],
                false,
            ),
        ],
        may_close: closed_on.is_none(),
    }
}
