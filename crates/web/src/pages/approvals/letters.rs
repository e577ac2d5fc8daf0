//! Letters that press for what is late: which offices are late enough, writing to one, the letters
//! written. What one would get wrong: a letter lists what is late when it is written; nobody picks
//! matters. (催办函、督办函)

use axum::Form as Posted;
use axum::extract::Path;
use gangmu_app::approvals::{LateOffice, LetterCall, LetterDesk, LetterKind, LetterView};
use gangmu_app::domain::organisation::{Action, DepartmentId};
use gangmu_app::{AppError, Message as AppMessage};
use serde::Serialize;

use super::list::tabs;
use super::matter::department;
use crate::api::{DOCX, download};
use crate::i18n::{Lang, Message};
use crate::pages::common::{form_errors, refused, unit_name};
use crate::pages::work::{Sent, page, page_of, pager, pager_of, sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit};
use crate::view::{Form, Link, Pager, Query};

/// The page of letters in the address, beside that of offices.
const LETTERS_PAGE: &str = "letters_page";

/// The offices that are late, and the letters written.
#[derive(Clone, Debug, Serialize)]
pub struct Letters {
    pub query: Query,
    pub tabs: Vec<Link>,
    pub today: String,
    pub offices: Vec<Office>,
    pub pager: Pager,
    pub letters: Vec<Letter>,
    pub letters_pager: Pager,
    pub reply_by: String,
    pub may_write: bool,
    pub form: Form,
}

/// An office that is late.
#[derive(Clone, Debug, Serialize)]
pub struct Office {
    pub unit: String,
    pub name: String,
    pub department_id: i64,
    pub department: String,
    pub urge: usize,
    pub supervise: usize,
    pub last_on: Option<String>,
}

/// A letter in the list.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    pub href: String,
    pub number: String,
    pub kind: String,
    pub to: String,
    pub matters: usize,
    pub written_on: String,
    pub reply_by: String,
}

pub async fn show(visit: Visit) -> Answer {
    let page = Letters::load(&visit).await?;
    visit.page(&page).await
}

pub async fn write(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    match written(&visit, &form).await {
        Ok(()) => {
            let done = Message::new("letters.written");
            visit.done(done, "/approvals/letters#letters").await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let mut page = Letters::load(&visit).await?;
            page.form = Form {
                values: form.into_iter().collect(),
                errors,
            };
            refused(&visit, &page).await
        }
    }
}

async fn written(visit: &Visit, form: &Sent) -> Result<(), AppError> {
    let day = sent(form, "reply_by");
    let reply_by = day.parse().map_err(|_| AppError::Invalid {
        messages: vec![AppMessage::new(
            "field.not_a_date",
            "reply_by",
            [day.to_owned()],
        )],
    })?;
    let none = AppError::NotFound { what: "department" };
    let call = LetterCall {
        kind: LetterKind::from_word(sent(form, "kind"))
            .ok_or_else(|| AppError::invalid("field.missing", "kind"))?,
        office: sent(form, "unit").to_owned(),
        department: DepartmentId(sent(form, "department").parse().map_err(|_| none)?),
        reply_by,
    };
    visit.app.letter_write(&visit.actor, &call).await?;
    Ok(())
}

pub async fn file(visit: Visit, Path((unit, year, seq)): Path<(String, i16, i64)>) -> Answer {
    let found = visit.app.letter_file(&visit.actor, &unit, (year, seq));
    let (name, bytes) = found.await?;
    Ok(download(&name, DOCX, bytes.into()))
}

impl Letters {
    async fn load(visit: &Visit) -> Result<Self, Failure> {
        let at = (page(&visit.here), page_of(&visit.here, LETTERS_PAGE));
        let desk = visit.app.letter_desk(&visit.actor, at).await?;
        Ok(Self {
            query: visit.here.clone(),
            tabs: tabs(
                visit.texts()?,
                visit.may(Action::HandleMatter),
                visit.may(Action::Read),
            ),
            today: visit.app.today().to_string(),
            ..Self::of(visit.lang, &visit.here, desk)
        })
    }

    fn of(lang: Lang, here: &Query, desk: LetterDesk) -> Self {
        let pages = (desk.total + desk.page_size - 1) / desk.page_size.max(1);
        // A refused form is posted to the page itself.
        let query = Query {
            path: "/approvals/letters".to_owned(),
            params: here.params.clone(),
        };
        Self {
            pager: pager(&query, desk.page, pages, desk.page_size, desk.total),
            letters_pager: pager_of(
                (&query, LETTERS_PAGE),
                (desk.letters_page, desk.page_size, desk.letters_total),
            ),
            query: Query::new("/approvals/letters", &[]),
            tabs: Vec::new(),
            today: String::new(),
            offices: desk
                .offices
                .iter()
                .map(|one| Office::new(lang, one))
                .collect(),
            letters: desk
                .letters
                .iter()
                .map(|one| Letter::new(lang, one))
                .collect(),
            reply_by: desk.reply_by.unwrap_or_default(),
            may_write: desk.may_write,
            form: Form::default(),
        }
    }
}

impl Office {
    fn new(lang: Lang, view: &LateOffice) -> Self {
        Self {
            unit: view.unit.code.clone(),
            name: unit_name(lang, &view.unit),
            department_id: view.department.department_id,
            department: department(lang, &view.department),
            urge: view.urge,
            supervise: view.supervise,
            last_on: view.last_on.clone(),
        }
    }
}

impl Letter {
    fn new(lang: Lang, view: &LetterView) -> Self {
        let (unit, to) = (
            unit_name(lang, &view.unit),
            department(lang, &view.department),
        );
        Self {
            href: format!(
                "/approvals/letters/{}/{}/{}",
                view.from.code, view.year, view.seq
            ),
            number: view.number.clone(),
            kind: view.kind.clone(),
            to: format!("{unit} {to}"),
            matters: view.matters,
            written_on: view.written_on.clone(),
            reply_by: view.reply_by.clone(),
        }
    }
}

impl Page for Letters {
    const TEMPLATE: &'static str = "pages/approvals_letters.html";

    fn samples() -> Vec<Self> {
        let office = |name: &str, urge, supervise, last_on: Option<&str>| Office {
            unit: "150502".into(),
            name: name.into(),
            department_id: 4,
            department: "自然资源局".into(),
            urge,
            supervise,
            last_on: last_on.map(Into::into),
        };
        let letter = |kind: &str| Letter {
            href: "/approvals/letters/150500/2026/3".into(),
            number: "通辽市联审催〔2026〕3号".into(),
            kind: kind.into(),
            to: "科尔沁区 自然资源局".into(),
            matters: 4,
            written_on: "2026-01-20".into(),
            reply_by: "2026-01-27".into(),
        };
        let full = Self {
            query: Query::new("/approvals/letters", &[]),
            tabs: vec![Link::new("催办督办", "/approvals/letters")],
            today: "2026-01-27".into(),
            offices: vec![
                office("科尔沁区", 3, 2, Some("2026-01-20")),
                office("扎鲁特旗", 1, 0, None),
            ],
            pager: pager(&Query::new("/approvals/letters", &[]), 1, 2, 50, 52),
            letters: vec![letter("urge"), letter("supervise")],
            letters_pager: pager(&Query::new("/approvals/letters", &[]), 1, 2, 50, 52),
            reply_by: "2026-02-03".into(),
            may_write: true,
            form: Form::default(),
        };
        let wrong = Self {
            form: Form::default().error(
                "reply_by",
                Message::new("approvals.letter.reply_by").with("0", "2026-01-27"),
            ),
            ..full.clone()
        };
        let reader = Self {
            offices: Vec::new(),
            may_write: false,
            ..full.clone()
        };
        let empty = Self {
            offices: Vec::new(),
            letters: Vec::new(),
            ..full.clone()
        };
        vec![full, wrong, reader, empty]
    }
}
