//! Every state of the pages worth looking at.

use super::list::{Meeting, MeetingList, Series};
use super::meeting::{GroundLine, Item, MeetingPage};
use super::screen::MeetingScreen;
use crate::i18n::Message;
use crate::pages::project::ProjectPage;
use crate::pages::resolutions;
use crate::render::Page;
use crate::view::{Choice, Form, Link};

fn meeting() -> Meeting {
    Meeting {
        id: 2,
        version: 1,
        href: "/meetings/2".into(),
        title: "通辽市重大项目周调度（2026-01-12）".into(),
        unit: "通辽市".into(),
        on: "2026-01-12".into(),
        state: "prepared".into(),
        attendees: String::new(),
        summary: String::new(),
        left_off: 3,
        by: "通辽市发改委填报员".into(),
    }
}

fn held() -> Meeting {
    Meeting {
        state: "held".into(),
        attendees: "市发改委、能源局、霍林郭勒市发改委".into(),
        summary: "会议听取了项目进展情况。".into(),
        left_off: 0,
        ..meeting()
    }
}

fn item() -> Item {
    Item {
        id: 1,
        name: "铝镍硅新材料一期".into(),
        unit: "霍林郭勒市".into(),
        unit_code: "150581".into(),
        investment: 3_000_000_000,
        grounds: vec![
            GroundLine {
                word: "问题逾期".into(),
                about: "外部供电线路尚未核准".into(),
                href: "/projects/1#problems".into(),
            },
            GroundLine {
                word: "列入调度".into(),
                about: "领导要求".into(),
                href: String::new(),
            },
        ],
        matters: vec![Choice::new("A06", "A06 项目核准")],
    }
}

fn units() -> Vec<Choice> {
    vec![Choice::new("150500", "通辽市")]
}

impl Page for MeetingList {
    const TEMPLATE: &'static str = "pages/meetings.html";

    fn samples() -> Vec<Self> {
        let series = Series {
            id: 1,
            title: "通辽市重大项目周调度".into(),
            unit: "通辽市".into(),
            about: "产业链：铝基新材料".into(),
            rhythm: "weekly".into(),
            next_on: "2026-01-19".into(),
            missed: 1,
            ended: false,
            prepared: "/meetings/2".into(),
            may_hold: true,
        };
        let waits = Series {
            id: 2,
            prepared: String::new(),
            ..series.clone()
        };
        let over = Series {
            id: 3,
            ended: true,
            ..waits.clone()
        };
        let full = Self {
            series: vec![series, waits, over],
            meetings: vec![meeting(), held()],
            rhythms: vec![Choice::new("weekly", "周调度")],
            units: units(),
            abouts: vec![Choice::new("chain:aluminium", "产业链：铝基新材料")],
            today: "2026-01-08".into(),
            may_hold: true,
            typed: Form::default().error("title", Message::new("form.required")),
        };
        let empty = Self {
            series: Vec::new(),
            meetings: Vec::new(),
            may_hold: false,
            typed: Form::default(),
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for MeetingPage {
    const TEMPLATE: &'static str = "pages/meeting.html";

    fn samples() -> Vec<Self> {
        let open = Self {
            row: meeting(),
            agenda: vec![item()],
            dropped: vec![item()],
            resolutions: resolutions::sample_rows(),
            earlier: resolutions::sample_rows(),
            may_change: true,
            units: units(),
            departments: vec![Choice::new("19", "能源局")],
            candidates: vec![Choice::new("1", "铝镍硅新材料一期 · 霍林郭勒市")],
            today: "2026-01-08".into(),
            typed: Form::default().error("instruction", Message::new("form.required")),
        };
        let held = Self {
            row: held(),
            dropped: Vec::new(),
            may_change: false,
            candidates: Vec::new(),
            typed: Form::default(),
            ..open.clone()
        };
        let empty = Self {
            agenda: Vec::new(),
            resolutions: Vec::new(),
            earlier: Vec::new(),
            ..held.clone()
        };
        vec![open, held, empty]
    }
}

impl Page for MeetingScreen {
    const TEMPLATE: &'static str = "pages/meeting_screen.html";

    fn samples() -> Vec<Self> {
        let first = Self {
            row: meeting(),
            at: 0,
            n: 1,
            previous: None,
            next: Some("/meetings/2/screen?at=1".into()),
            earlier: resolutions::sample_rows(),
            agenda: vec![item()],
            item: None,
            card: None,
            resolutions: Vec::new(),
            may_change: true,
            options: Vec::new(),
            units: units(),
            departments: vec![Choice::new("19", "能源局")],
            typed: Form::default(),
        };
        let project = Self {
            at: 1,
            previous: Some("/meetings/2/screen?at=0".into()),
            next: None,
            earlier: Vec::new(),
            item: Some(item()),
            card: ProjectPage::samples().into_iter().next(),
            options: vec![Link::new(
                "责任单位提出赶工计划",
                "/meetings/2/screen?at=1#agree",
            )],
            typed: Form::default().error("due_on", Message::new("form.required")),
            resolutions: resolutions::sample_rows(),
            ..first.clone()
        };
        let read_only = Self {
            may_change: false,
            options: Vec::new(),
            typed: Form::default(),
            ..project.clone()
        };
        let bare = Self {
            n: 0,
            next: None,
            earlier: Vec::new(),
            agenda: Vec::new(),
            may_change: false,
            ..first.clone()
        };
        vec![first, project, read_only, bare]
    }
}
