//! Hand-overs: what a person leaves behind goes to another, with a list both sign. What one would
//! get wrong: it is arranged by the commission; signing is for the two alone. (交接)

use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Form as Posted, Router};
use gangmu_app::domain::liaison::Duty;
use gangmu_app::domain::organisation::{Action, UserId};
use gangmu_app::liaison::{HandoverInput, HandoverRowView, HandoverView};
use gangmu_app::{AppError, Message as AppMessage};
use serde::Serialize;

use super::common::{form_errors, refused, unit_name};
use super::work::{self, Sent, instant, sent};
use crate::api::{DOCX, download};
use crate::assignments::day;
use crate::i18n::{Message, Texts};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{Choice, Form};

/// The addresses of hand-overs.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/handovers", get(list).post(make))
        .route("/handovers/{id}", get(show))
        .route("/handovers/{id}/list.docx", get(sheet))
        .route("/handovers/{id}/sign", post(sign))
}

/// The list, with the form of a new one.
#[derive(Clone, Debug, Serialize)]
pub struct Handovers {
    pub rows: Vec<Row>,
    pub people: Vec<Choice>,
    pub units: Vec<Choice>,
    pub today: String,
    pub may_make: bool,
    pub typed: Form,
}

/// A hand-over.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: i64,
    pub href: String,
    pub from: String,
    pub to: String,
    pub unit: String,
    pub on: String,
    pub reason: String,
    pub by: String,
    /// RFC 3339.
    pub given_at: Option<String>,
    pub taken_at: Option<String>,
}

/// A hand-over with its list to sign.
#[derive(Clone, Debug, Serialize)]
pub struct HandoverSheet {
    pub row: Row,
    pub lines: Vec<Line>,
    pub investment: i64,
    pub today: String,
    pub may_sign: bool,
}

/// What was handed over of one project.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub project: String,
    pub href: String,
    pub unit: String,
    pub duty: String,
    /// In yuan.
    pub investment: i64,
    pub problems: Vec<String>,
}

async fn list(visit: Visit) -> Answer {
    let mut typed = Form::default();
    for name in ["from_user", "unit"] {
        if let Some(value) = visit.here.get(name) {
            typed = typed.value(name, value);
        }
    }
    let page = Handovers::load(&visit, typed).await?;
    visit.page(&page).await
}

async fn make(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    let done = match read(&form) {
        Ok(input) => visit.app.hand_over(&visit.actor, &input).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => {
            let next = format!("/handovers/{id}");
            visit.done(Message::new("handovers.made"), &next).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let typed = Form {
                values: form.into_iter().collect(),
                errors,
            };
            let page = Handovers::load(&visit, typed).await?;
            refused(&visit, &page).await
        }
    }
}

/// Reads a hand-over as it was typed, for the page's form and the API alike.
///
/// # Errors
/// [`AppError::Invalid`] with everything that is missing or cannot be read.
pub fn read(form: &Sent) -> Result<HandoverInput, AppError> {
    let mut wrong = Vec::new();
    let mut person = |name: &str| {
        let found = sent(form, name).parse().ok().map(UserId);
        if found.is_none() {
            wrong.push(AppMessage::new("field.missing", name, []));
        }
        found
    };
    let (from, to) = (person("from_user"), person("to_user"));
    let on = day(form, "on", &mut wrong);
    match (from, to) {
        (Some(from), Some(to)) if wrong.is_empty() => Ok(HandoverInput {
            from,
            to,
            unit: sent(form, "unit").to_owned(),
            on,
            reason: sent(form, "reason").to_owned(),
        }),
        _ => Err(AppError::Invalid { messages: wrong }),
    }
}

async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let found = visit.app.handover_view(&visit.actor, id).await?;
    let page = HandoverSheet::new(visit.texts()?, &found, visit.app.today().to_string());
    visit.page(&page).await
}

async fn sheet(visit: Visit, Path(id): Path<i64>) -> Answer {
    let made = visit.app.handover_sheet(&visit.actor, id).await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

async fn sign(visit: Visit, Path(id): Path<i64>) -> Answer {
    visit.app.handover_sign(&visit.actor, id).await?;
    let next = format!("/handovers/{id}");
    visit.done(Message::new("handovers.signed"), &next).await
}

impl Handovers {
    async fn load(visit: &Visit, typed: Form) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let may_make = visit.may(Action::Assign);
        let found = visit.app.handovers(&visit.actor).await?;
        let people = match may_make {
            true => visit.app.assign_candidates(&visit.actor).await?,
            false => Vec::new(),
        };
        Ok(Self {
            rows: found.iter().map(|one| row(texts, one)).collect(),
            people: people
                .iter()
                .map(|one| super::liaison::person(texts, one))
                .collect(),
            units: work::units(visit).await?,
            today: visit.app.today().to_string(),
            may_make,
            typed,
        })
    }
}

fn row(texts: &Texts, view: &HandoverRowView) -> Row {
    Row {
        id: view.handover_id,
        href: format!("/handovers/{}", view.handover_id),
        from: view.from.clone(),
        to: view.to.clone(),
        unit: unit_name(texts.lang(), &view.unit),
        on: view.on.clone(),
        reason: view.reason.clone(),
        by: view.by.clone(),
        given_at: view.given_at.map(instant),
        taken_at: view.taken_at.map(instant),
    }
}

impl HandoverSheet {
    fn new(texts: &Texts, view: &HandoverView, today: String) -> Self {
        let line = |one: &gangmu_app::liaison::HandoverLineView| Line {
            project: one.project_name.clone(),
            href: match (one.project_id, &one.about) {
                (Some(id), _) => format!("/projects/{id}"),
                (None, Some(about)) => super::liaison::about_href(about),
                (None, None) => String::new(),
            },
            unit: unit_name(texts.lang(), &one.unit),
            duty: one.duty.to_owned(),
            investment: one.total_investment,
            problems: one.problems.clone(),
        };
        Self {
            row: row(texts, &view.row),
            lines: view.lines.iter().map(line).collect(),
            investment: view.total_investment,
            today,
            may_sign: view.may_sign,
        }
    }
}

fn sample() -> Row {
    Row {
        id: 1,
        href: "/handovers/1".into(),
        from: "通辽市原包联领导".into(),
        to: "通辽市包联领导".into(),
        unit: "通辽市".into(),
        on: "2025-07-01".into(),
        reason: "领导分工调整".into(),
        by: "通辽市发改委填报员".into(),
        given_at: Some("2025-07-01T02:00:00Z".into()),
        taken_at: None,
    }
}

impl Page for Handovers {
    const TEMPLATE: &'static str = "pages/handovers.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            rows: vec![sample()],
            people: vec![Choice::new("9", "通辽市包联领导 · 通辽市")],
            units: vec![Choice::new("150500", "通辽市")],
            today: "2026-01-08".into(),
            may_make: true,
            typed: Form::default().error("to_user", Message::new("form.required")),
        };
        let empty = Self {
            rows: Vec::new(),
            may_make: false,
            typed: Form::default(),
            ..full.clone()
        };
        vec![full, empty]
    }
}

impl Page for HandoverSheet {
    const TEMPLATE: &'static str = "pages/handover.html";

    fn samples() -> Vec<Self> {
        let line = Line {
            project: "铝镍硅新材料一期".into(),
            href: "/projects/1".into(),
            unit: "霍林郭勒市".into(),
            duty: Duty::Leader.word().to_owned(),
            investment: 3_000_000_000,
            problems: vec!["外部供电线路尚未核准".into()],
        };
        let open = Self {
            row: sample(),
            lines: vec![line],
            investment: 3_000_000_000,
            today: "2026-01-08".into(),
            may_sign: true,
        };
        let signed = Self {
            row: Row {
                taken_at: Some("2025-07-02T02:00:00Z".into()),
                ..sample()
            },
            may_sign: false,
            ..open.clone()
        };
        vec![open, signed]
    }
}
