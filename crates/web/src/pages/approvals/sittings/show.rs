//! One sitting: the agenda by project, every department's opinion, the decisions, the sheet for
//! paper. What one would get wrong: a decision is offered only where nobody objects and nobody can
//! still answer, and the use case judges it again when the sitting closes. (联审会)

use axum::Form as Posted;
use axum::extract::Path;
use gangmu_app::AppError;
use gangmu_app::approvals::{ActInput, AgendaView, OpinionView, SittingView, Stance};
use gangmu_app::domain::approvals::Act;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::DepartmentId;
use serde::Serialize;

use super::super::matter::{Due, Names, department, named, tone};
use crate::i18n::{Lang, Message};
use crate::pages::common::{form_errors, name, refused, unit_name};
use crate::pages::work::{Sent, sent};
use crate::server::{Answer, Failure, Visit};
use crate::view::{FieldError, Form};

/// A sitting.
#[derive(Clone, Debug, Serialize)]
pub struct SittingPage {
    pub id: i64,
    pub version: i64,
    pub title: String,
    pub unit: String,
    pub today: String,
    pub called_on: String,
    pub closed_on: Option<String>,
    pub projects: Vec<Project>,
    /// Opinions by stance, in the order of the words.
    pub tally: Vec<(&'static str, usize)>,
    pub may_close: bool,
    /// Whether any matter can be decided now.
    pub decidable: bool,
    pub form: Form,
}

/// The same on paper.
#[derive(Clone, Debug, Serialize)]
pub struct SittingSheet(pub SittingPage);

/// A project on the agenda.
#[derive(Clone, Debug, Serialize)]
pub struct Project {
    pub href: String,
    pub name: String,
    pub matters: Vec<Matter>,
}

/// A matter on the agenda.
#[derive(Clone, Debug, Serialize)]
pub struct Matter {
    /// `17-A02`: the names of its fields end so.
    pub key: String,
    pub project: i64,
    pub code: String,
    pub version: i64,
    pub name: String,
    pub department: String,
    pub phase: String,
    pub tone: &'static str,
    pub due: Option<Due>,
    pub holds_up: Vec<String>,
    pub opinions: Vec<Opinion>,
    pub agreed: bool,
    pub open: bool,
    /// Departments that object, or can still answer.
    pub against: Vec<String>,
    pub waiting: Vec<String>,
}

/// What a department says.
#[derive(Clone, Debug, Serialize)]
pub struct Opinion {
    pub department_id: i64,
    pub department: String,
    pub stance: String,
    pub tone: &'static str,
    pub body: String,
    pub answer_by: Option<String>,
    pub answered_on: Option<String>,
    /// Whether whoever holds the sitting recorded it for the department.
    pub on_behalf: bool,
    pub may_answer: bool,
    /// Whether answering is recording for another department.
    pub as_holder: bool,
}

const STANCES: [&str; 5] = ["agree", "conditional", "silent", "object", "asked"];

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let page = SittingPage::load(&visit, id).await?;
    visit.page(&page).await
}

pub async fn sheet(visit: Visit, Path(id): Path<i64>) -> Answer {
    let page = SittingSheet(SittingPage::load(&visit, id).await?);
    visit.page(&page).await
}

pub async fn say(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    match said(&visit, id, &form).await {
        Ok(()) => {
            let next = format!("/approvals/sittings/{id}");
            visit.done(Message::new("sitting.said"), &next).await
        }
        Err(error) => again(visit, id, form, error).await,
    }
}

pub async fn close(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    match closed(&visit, id, &form).await {
        Ok(()) => {
            let next = format!("/approvals/sittings/{id}");
            visit.done(Message::new("sitting.closed_now"), &next).await
        }
        Err(error) => again(visit, id, form, error).await,
    }
}

async fn said(visit: &Visit, id: i64, form: &Sent) -> Result<(), AppError> {
    let stance = Stance::from_word(sent(form, "stance"))
        .ok_or_else(|| AppError::invalid("field.missing", "stance"))?;
    let none = || AppError::NotFound { what: "opinion" };
    let project = sent(form, "project").parse().map_err(|_| none())?;
    let department = sent(form, "department").parse().map_err(|_| none())?;
    let what = (ProjectId(project), sent(form, "matter"));
    let opinion = (stance, sent(form, "body"));
    visit
        .app
        .sitting_say(&visit.actor, id, what, DepartmentId(department), opinion)
        .await
}

async fn closed(visit: &Visit, id: i64, form: &Sent) -> Result<(), AppError> {
    let version = sent(form, "version").parse().unwrap_or_default();
    let view = visit.app.sitting_view(&visit.actor, id).await?;
    let decisions: Vec<_> = view
        .agenda
        .iter()
        .filter_map(|one| {
            let key = format!("{}-{}", one.project_id, one.item);
            let typed = |field: &str| sent(form, &format!("{field}-{key}")).to_owned();
            let act = match typed("decision").as_str() {
                "grant" => Act::Grant {
                    document_no: typed("document"),
                },
                "refuse" => Act::Refuse {
                    ground: typed("ground"),
                    document_no: typed("document"),
                },
                _ => return None,
            };
            let seen = typed("version").parse().ok();
            let input = ActInput::new(seen, act);
            Some((ProjectId(one.project_id), one.item.clone(), input))
        })
        .collect();
    visit
        .app
        .sitting_close(&visit.actor, id, version, &decisions)
        .await
}

/// Shows the sitting again with what is wrong with a form.
async fn again(visit: Visit, id: i64, form: Sent, error: AppError) -> Answer {
    let errors = match error {
        AppError::Changed { .. } => vec![FieldError {
            field: String::new(),
            message: Message::new("sitting.changed"),
        }],
        other => form_errors(&visit, other)?,
    };
    let mut page = SittingPage::load(&visit, id).await?;
    page.form = Form {
        values: form.into_iter().collect(),
        errors,
    };
    refused(&visit, &page).await
}

impl SittingPage {
    async fn load(visit: &Visit, id: i64) -> Result<Self, Failure> {
        let view = visit.app.sitting_view(&visit.actor, id).await?;
        let catalogue = visit.app.approval_catalogue().await?;
        let matters = catalogue.matters.into_iter();
        let names = matters
            .map(|one| (one.code, name(visit.lang, &one.name, &one.name_en)))
            .collect();
        let today = visit.app.today().to_string();
        Ok(Self::of(visit.lang, &names, &view, today))
    }

    /// Words a sitting; `names` are those of the matters.
    pub fn of(lang: Lang, names: &Names, view: &SittingView, today: String) -> Self {
        let mut projects: Vec<Project> = Vec::new();
        for one in &view.agenda {
            let href = format!("/projects/{}/approvals", one.project_id);
            let matter = Matter::new(lang, names, one);
            match projects.last_mut().filter(|last| last.href == href) {
                Some(last) => last.matters.push(matter),
                None => projects.push(Project {
                    href,
                    name: one.project_name.clone(),
                    matters: vec![matter],
                }),
            }
        }
        let opinions = || view.agenda.iter().flat_map(|one| &one.opinions);
        let count = |word: &'static str| (word, opinions().filter(|o| o.stance == word).count());
        Self {
            id: view.sitting_id,
            version: view.version,
            title: view.title.clone(),
            unit: unit_name(lang, &view.unit),
            today,
            called_on: view.called_on.clone(),
            closed_on: view.closed_on.clone(),
            tally: STANCES.into_iter().map(count).collect(),
            may_close: view.may_close,
            decidable: view.agenda.iter().any(|one| one.agreed && one.open),
            projects,
            form: Form::default(),
        }
    }
}

impl Matter {
    fn new(lang: Lang, names: &Names, view: &AgendaView) -> Self {
        let with = |stance: &str| {
            let such = view.opinions.iter().filter(|one| one.stance == stance);
            such.map(|one| department(lang, &one.department)).collect()
        };
        let held = view.holds_up.iter();
        Self {
            key: format!("{}-{}", view.project_id, view.item),
            project: view.project_id,
            code: view.item.clone(),
            version: view.version,
            name: name(lang, &view.name, &view.name_en),
            department: department(lang, &view.department),
            phase: view.phase.clone(),
            tone: tone(&view.phase),
            due: view.due.as_ref().map(Due::new),
            holds_up: held.map(|code| named(names, code)).collect(),
            agreed: view.agreed,
            open: view.open,
            against: with("object"),
            waiting: with("asked"),
            opinions: view
                .opinions
                .iter()
                .map(|o| Opinion::new(lang, o))
                .collect(),
        }
    }
}

impl Opinion {
    fn new(lang: Lang, view: &OpinionView) -> Self {
        Self {
            department_id: view.department.department_id,
            department: department(lang, &view.department),
            stance: view.stance.clone(),
            tone: match view.stance.as_str() {
                "agree" | "silent" => "good",
                "conditional" => "warn",
                "object" => "bad",
                _ => "wait",
            },
            body: view.body.clone(),
            answer_by: view.answer_by.clone(),
            answered_on: view.answered_on.clone(),
            on_behalf: view.on_behalf,
            may_answer: view.may_answer,
            as_holder: view.as_holder,
        }
    }
}
