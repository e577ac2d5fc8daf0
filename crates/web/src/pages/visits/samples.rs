//! Every state of the pages worth looking at.

use super::form::VisitForm;
use super::show::{ProjectVisits, VisitPage, VisitRow};
use crate::i18n::Message;
use crate::pages::{problems, resolutions};
use crate::render::Page;
use crate::view::{Choice, Form};

fn row() -> VisitRow {
    VisitRow {
        id: 4,
        href: "/visits/4".into(),
        project: 1,
        project_name: "铝镍硅新材料一期".into(),
        kind: "on_site".into(),
        on: "2026-01-06".into(),
        place: "一号厂房".into(),
        position: "122.2600°, 43.6200°".into(),
        attendees: "通辽市发改委、能源局、项目单位".into(),
        body: "设备基础完成七成，外部供电线路尚未核准。".into(),
        who: "通辽市包联领导".into(),
        at: "2026-01-06T08:00:00Z".into(),
        photos: vec!["/projects/1/files/3".into()],
    }
}

fn note() -> VisitRow {
    VisitRow {
        kind: "note".into(),
        place: String::new(),
        position: String::new(),
        attendees: String::new(),
        photos: Vec::new(),
        ..row()
    }
}

impl Page for ProjectVisits {
    const TEMPLATE: &'static str = "pages/visits.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            id: 1,
            name: "铝镍硅新材料一期".into(),
            today: "2026-01-08".into(),
            rows: vec![row(), note()],
            may_record: true,
        };
        let empty = Self {
            rows: Vec::new(),
            may_record: false,
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for VisitPage {
    const TEMPLATE: &'static str = "pages/visit.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            row: row(),
            problems: problems::sample_rows(),
            instructions: resolutions::sample_rows(),
            may_export: true,
        };
        let plain = Self {
            row: note(),
            problems: Vec::new(),
            instructions: Vec::new(),
            may_export: false,
        };
        vec![full, plain]
    }
}

impl Page for VisitForm {
    const TEMPLATE: &'static str = "pages/visit_new.html";

    fn samples() -> Vec<Self> {
        let note = Self {
            id: 1,
            name: "铝镍硅新材料一期".into(),
            kind: "note".into(),
            today: "2026-01-08".into(),
            rows: vec![1, 2, 3],
            units: vec![Choice::new("150500", "通辽市")],
            departments: vec![Choice::new("19", "能源局")],
            next: "/my".into(),
            typed: Form::default().error("body", Message::new("form.required")),
        };
        let on_site = Self {
            kind: "on_site".into(),
            typed: Form::default(),
            ..note.clone()
        };
        vec![note, on_site]
    }
}
