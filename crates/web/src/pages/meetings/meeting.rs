//! One meeting: what became of the last, the agenda with its grounds, resolutions, holding it.

use axum::Form as Posted;
use axum::extract::Path;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::meetings::{AgendaItemView, Becomes, CandidateProject, GroundView, MeetingResolve};
use gangmu_app::problems::NamedView;
use gangmu_app::{AppError, Message as AppMessage, Reference};
use serde::Serialize;

use super::list::{Meeting, meeting};
use super::screen::MeetingScreen;
use crate::api::{DOCX, download};
use crate::assignments::day;
use crate::i18n::{Message, Texts};
use crate::pages::common::{form_errors, name, refused, unit_name, worded};
use crate::pages::problems::departments;
use crate::pages::resolutions;
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, FieldError, Form};
use crate::visits;

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
    /// The projects that what was typed may mean, when it may mean several.
    pub candidates: Vec<Choice>,
    pub today: String,
    pub typed: Form,
}

/// A project on the agenda.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub id: i64,
    pub name: String,
    pub unit: String,
    pub unit_code: String,
    /// In yuan.
    pub investment: i64,
    /// What speaks for it.
    pub grounds: Vec<GroundLine>,
    /// Matters of its case that are not decided.
    pub matters: Vec<Choice>,
}

/// What speaks for a project.
#[derive(Clone, Debug, Serialize)]
pub struct GroundLine {
    pub word: String,
    pub about: String,
    /// Where it is seen; empty for what somebody said.
    pub href: String,
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let page = MeetingPage::load(&visit, id, Form::default()).await?;
    visit.page(&page).await
}

pub async fn agenda_add(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    let (app, actor) = (&visit.app, &visit.actor);
    let chosen = sent(&form, "chosen").parse().ok();
    let meant = match chosen {
        Some(project) => Ok(vec![project]),
        None => app
            .agenda_candidates(actor, id, sent(&form, "named"))
            .await
            .map(|all| all.iter().map(|one| one.project_id).collect()),
    };
    let done = match meant.as_deref() {
        Ok([project]) => {
            let project = ProjectId(*project);
            app.agenda_add(actor, id, project, sent(&form, "reason"))
                .await
        }
        // Several are meant: the page asks which.
        Ok(_) => Err(AppError::invalid("meetings.which_project", "chosen")),
        Err(_) => meant.map(|_| ()),
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
    let missing = |name: &str| AppMessage::new("field.missing", name, []);
    let body = sent(form, "instruction");
    if body.is_empty() {
        wrong.push(missing("instruction"));
    }
    let becomes = match (sent(form, "becomes"), sent(form, "matter")) {
        ("problem", _) => Becomes::Problem,
        ("matter", "") => {
            wrong.push(missing("matter"));
            Becomes::Task
        }
        ("matter", code) => Becomes::Matter(code.to_owned()),
        _ => Becomes::Task,
    };
    let due = day(form, "due_on", &mut wrong);
    if due.is_none() && sent(form, "due_on").is_empty() {
        wrong.push(missing("due_on"));
    }
    match due {
        Some(due) if wrong.is_empty() => Ok(MeetingResolve {
            project: sent(form, "project").parse().ok().map(ProjectId),
            becomes,
            body: body.to_owned(),
            party: visits::party(reference, form, ""),
            due,
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

pub async fn rebuild(visit: Visit, Path(id): Path<i64>) -> Answer {
    let done = visit.app.agenda_rebuild(&visit.actor, id).await;
    answer(&visit, id, Vec::new(), done, "meetings.rebuilt").await
}

pub async fn put_off(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    let mut wrong = Vec::new();
    let on = day(&form, "moved_on", &mut wrong);
    if on.is_none() && wrong.is_empty() {
        wrong.push(AppMessage::new("field.missing", "moved_on", []));
    }
    let version = sent(&form, "version").parse().unwrap_or_default();
    let done = match on {
        Some(on) if wrong.is_empty() => {
            let app = &visit.app;
            app.meeting_move(&visit.actor, id, version, on).await
        }
        _ => Err(AppError::Invalid { messages: wrong }),
    };
    answer(&visit, id, form, done, "meetings.moved").await
}

pub async fn cancel(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    let version = sent(&form, "version").parse().unwrap_or_default();
    let (app, actor) = (&visit.app, &visit.actor);
    let done = app
        .meeting_cancel(actor, id, version, sent(&form, "why"))
        .await;
    answer(&visit, id, form, done, "meetings.cancelled").await
}

pub async fn agenda(visit: Visit, Path(id): Path<i64>) -> Answer {
    let made = visit.app.meeting_agenda(&visit.actor, id).await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

pub async fn minutes(visit: Visit, Path(id): Path<i64>) -> Answer {
    let made = visit.app.meeting_minutes(&visit.actor, id).await?;
    Ok(download(&made.name, DOCX, made.bytes))
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
    // What was typed on the screen is put right on the screen.
    if let Some(at) = typed.values.get("back").and_then(|at| at.parse().ok()) {
        let page = MeetingScreen::load(visit, id, at, typed).await?;
        return refused(visit, &page).await;
    }
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
        let which = |one: &FieldError| one.message.key == "meetings.which_project";
        let candidates = match typed.errors.iter().any(which) {
            true => {
                let text = typed.values.get("named").map_or("", String::as_str);
                let (app, actor) = (&visit.app, &visit.actor);
                app.agenda_candidates(actor, id, text).await?
            }
            false => Vec::new(),
        };
        Ok(Self {
            candidates: candidates.iter().map(|one| candidate(texts, one)).collect(),
            row: meeting(texts, &view.row),
            agenda: of(false),
            dropped: of(true),
            resolutions: told(&view.resolutions),
            earlier: told(&view.earlier),
            may_change: view.may_change,
            units: work::units(visit).await?,
            departments: departments(visit, &reference),
            today: visit.app.today().to_string(),
            typed,
        })
    }
}

/// A project that may be meant, as a choice.
pub fn candidate(texts: &Texts, view: &CandidateProject) -> Choice {
    let unit = unit_name(texts.lang(), &view.unit);
    let label = format!("{} · {unit} {}", view.name, view.code);
    Choice::new(view.project_id.to_string(), label.trim_end())
}

/// Where what speaks for a project is seen; empty for what somebody said.
fn behind(project: i64, ground: &str) -> String {
    match ground {
        "by_hand" => String::new(),
        "unkept" => "/resolutions?part=unkept".to_owned(),
        "late_matter" => format!("/projects/{project}/approvals"),
        "overdue_problem" | "elements_short" => format!("/projects/{project}#problems"),
        _ => format!("/projects/{project}"),
    }
}

/// Words a project on the agenda.
pub fn item(texts: &Texts, view: &AgendaItemView) -> Item {
    let lang = texts.lang();
    let ground = |one: &GroundView| GroundLine {
        word: worded(texts, "meetings.ground.", one.ground),
        about: name(lang, &one.about, &one.about_en),
        href: behind(view.project_id, one.ground),
    };
    let matter = |one: &NamedView| {
        let label = format!("{} {}", one.code, name(lang, &one.name, &one.name_en));
        Choice::new(one.code.clone(), label)
    };
    Item {
        id: view.project_id,
        name: view.project_name.clone(),
        unit: unit_name(lang, &view.unit),
        unit_code: view.unit.code.clone(),
        investment: view.total_investment,
        grounds: view.grounds.iter().map(ground).collect(),
        matters: view.matters.iter().map(matter).collect(),
    }
}
