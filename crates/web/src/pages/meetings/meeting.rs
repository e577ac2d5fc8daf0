//! One meeting: what became of the last, the agenda with its grounds, resolutions, holding it.

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use gangmu_app::domain::liaison::Bond;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::liaison::ResolveInput;
use gangmu_app::meetings::{AgendaItemView, Becomes, MeetingResolve};
use gangmu_app::{AppError, Message as AppMessage, Reference};
use serde::Serialize;

use super::list::{Meeting, meeting};
use crate::assignments::day;
use crate::i18n::{Message, Texts};
use crate::pages::common::{form_errors, refused, unit_name, worded};
use crate::pages::problems::departments;
use crate::pages::resolutions;
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, FieldError, Form};
use crate::visits;

/// The type of a document.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A meeting.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingPage {
    pub row: Meeting,
    pub agenda: Vec<Item>,
    pub dropped: Vec<Item>,
    pub resolutions: Vec<resolutions::Row>,
    pub earlier: Vec<resolutions::Row>,
    pub may_change: bool,
    pub units: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub today: String,
    pub typed: Form,
}

/// A project on the agenda.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub id: i64,
    pub name: String,
    pub unit: String,
    /// In yuan.
    pub investment: i64,
    /// The ground and what it is about.
    pub grounds: Vec<(String, String)>,
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let page = MeetingPage::load(&visit, id, Form::default()).await?;
    visit.page(&page).await
}

pub async fn agenda_add(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    let project = sent(&form, "project").parse().map(ProjectId);
    let done = match project {
        Ok(project) => {
            let reason = sent(&form, "reason");
            let (app, actor) = (&visit.app, &visit.actor);
            app.agenda_add(actor, id, project, reason).await
        }
        Err(_) => Err(AppError::invalid("field.missing", "project")),
    };
    answer(&visit, id, form, done, "meetings.item_added").await
}

pub async fn agenda_drop(visit: Visit, Path((id, project)): Path<(i64, i64)>) -> Answer {
    let project = ProjectId(project);
    let done = visit.app.agenda_drop(&visit.actor, id, project).await;
    answer(&visit, id, Vec::new(), done, "meetings.item_dropped").await
}

pub async fn resolve(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    let reference = visit.app.reference().await?;
    let done = match read(&reference, &form) {
        Ok(input) => visit.app.meeting_resolve(&visit.actor, id, &input).await,
        Err(error) => Err(error),
    };
    answer(&visit, id, form, done.map(|_| ()), "meetings.resolved").await
}

/// Reads a resolution as it was typed, for the page's form and the API alike.
///
/// # Errors
/// [`AppError::Invalid`] with everything that is missing or cannot be read.
pub fn read(reference: &Reference, form: &Sent) -> Result<MeetingResolve, AppError> {
    let mut wrong = Vec::new();
    if sent(form, "instruction").is_empty() {
        wrong.push(AppMessage::new("field.missing", "instruction", []));
    }
    let what: Option<ResolveInput> = visits::resolution(reference, form, "", &mut wrong);
    let matter = sent(form, "matter");
    let becomes = match (sent(form, "becomes"), matter) {
        ("problem", _) => Becomes::Problem,
        ("matter", "") => {
            wrong.push(AppMessage::new("field.missing", "matter", []));
            Becomes::Task
        }
        ("matter", code) => Becomes::Matter(code.to_owned()),
        _ => Becomes::Task,
    };
    match what {
        Some(what) if wrong.is_empty() => Ok(MeetingResolve {
            project: sent(form, "project").parse().ok().map(ProjectId),
            becomes,
            what: ResolveInput {
                bond: Bond::Free,
                ..what
            },
        }),
        _ => Err(AppError::Invalid { messages: wrong }),
    }
}

pub async fn hold(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    let mut wrong = Vec::new();
    let on = day(&form, "on", &mut wrong);
    let version = sent(&form, "version").parse().unwrap_or_default();
    let said = (sent(&form, "attendees"), sent(&form, "summary"));
    let done = match wrong.is_empty() {
        true => {
            let (app, actor) = (&visit.app, &visit.actor);
            app.meeting_hold(actor, id, version, on, said).await
        }
        false => Err(AppError::Invalid { messages: wrong }),
    };
    answer(&visit, id, form, done, "meetings.held").await
}

pub async fn minutes(visit: Visit, Path(id): Path<i64>) -> Answer {
    let made = visit.app.meeting_minutes(&visit.actor, id).await?;
    let name = crate::view::Query::new("", &[("", &made.name)]).href();
    let name = name.trim_start_matches(['?', '=']);
    let head = [
        (CONTENT_TYPE, DOCX.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{name}"),
        ),
    ];
    Ok((head, made.bytes).into_response())
}

async fn answer(
    visit: &Visit,
    id: i64,
    form: Sent,
    done: Result<(), AppError>,
    key: &str,
) -> Answer {
    let errors = match done {
        Ok(()) => {
            let back = match sent(&form, "back") {
                "" => format!("/meetings/{id}"),
                at => format!("/meetings/{id}/screen?at={}", at.parse().unwrap_or(1)),
            };
            return visit.done(Message::new(key), &back).await;
        }
        Err(AppError::Changed { .. }) => vec![FieldError {
            field: String::new(),
            message: Message::new("meetings.changed"),
        }],
        Err(error) => form_errors(visit, error)?,
    };
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let page = MeetingPage::load(visit, id, typed).await?;
    refused(visit, &page).await
}

impl MeetingPage {
    async fn load(visit: &Visit, id: i64, typed: Form) -> Result<Self, Failure> {
        let view = visit.app.meeting_view(&visit.actor, id).await?;
        let reference = visit.app.reference().await?;
        let texts = visit.texts()?;
        let told = |all: &[gangmu_app::liaison::ResolutionView]| {
            all.iter()
                .map(|one| resolutions::Row::new(texts, one))
                .collect()
        };
        let of = |dropped: bool| {
            let agenda = view.agenda.iter();
            agenda
                .filter(|one| one.dropped == dropped)
                .map(|one| item(texts, one))
                .collect()
        };
        Ok(Self {
            row: meeting(texts, &view.row),
            agenda: of(false),
            dropped: of(true),
            resolutions: told(&view.resolutions),
            earlier: told(&view.earlier),
            may_change: view.may_change,
            units: work::units(visit).await?,
            departments: departments(&reference, texts.lang()),
            today: visit.app.today().to_string(),
            typed,
        })
    }
}

/// Words a project on the agenda.
pub fn item(texts: &Texts, view: &AgendaItemView) -> Item {
    let ground = |one: &gangmu_app::meetings::GroundView| {
        let word = worded(texts, "meetings.ground.", one.ground);
        (word, one.about.clone())
    };
    Item {
        id: view.project_id,
        name: view.project_name.clone(),
        unit: unit_name(texts.lang(), &view.unit),
        investment: view.total_investment,
        grounds: view.grounds.iter().map(ground).collect(),
    }
}
