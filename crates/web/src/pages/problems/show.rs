//! One problem: what it holds up, where it stands, its steps, and the form of the next one. One form
//! is open at a time, named in the address, so that everything works without a script.

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use gangmu_app::domain::organisation::Action;
use gangmu_app::domain::problems::ActKind;
use gangmu_app::problems::{NamedView, ProblemView, StepView};
use gangmu_app::{AppError, Reference};
use jiff::civil::Date;
use serde::Serialize;

use super::list::done;
use super::row::{Row, named, party, seat};
use crate::api::{DOCX, download};
use crate::i18n::{Message, Texts};
use crate::pages::common::{form_errors, name};
use crate::pages::work::{self, Sent, instant};
use crate::server::{Answer, Failure, Visit, words};
use crate::steps;
use crate::view::{Choice, FieldError, Form, Link};

/// A problem's page.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemPage {
    pub row: Row,
    pub body: String,
    /// The return, matter, visit or meeting it came from.
    pub source: Option<Link>,
    pub raised_by: String,
    pub demand: String,
    pub assisting: Vec<String>,
    pub escalated: u32,
    pub sent_back: u32,
    /// Newest first.
    pub steps: Vec<StepRow>,
    pub acts: Vec<ActLink>,
    pub form: Option<StepForm>,
    pub typed: Form,
    /// The deadline whoever has it asks for.
    pub asked: Option<String>,
    /// The day it is shown as of.
    pub today: String,
    /// What handed it over last, as a document; empty for none.
    pub order: String,
}

/// A step on record.
#[derive(Clone, Debug, Serialize)]
pub struct StepRow {
    pub act: String,
    pub on: String,
    /// RFC 3339.
    pub at: String,
    pub who: String,
    pub due_on: Option<String>,
    /// Labels and texts.
    pub says: Vec<(String, String)>,
    /// What handed it over, as a document; empty for other steps.
    pub order: String,
}

/// Something the person may do next.
#[derive(Clone, Debug, Serialize)]
pub struct ActLink {
    pub word: String,
    pub href: String,
}

/// The form of one step.
#[derive(Clone, Debug, Serialize)]
pub struct StepForm {
    pub word: String,
    pub post: String,
    pub version: i64,
    pub kinds: Vec<Choice>,
    pub grades: Vec<Choice>,
    pub units: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub parties: Vec<Choice>,
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let opened = visit.here.get("do").map(str::to_owned);
    let as_of = crate::pages::project::day(&visit.here)?;
    let page = ProblemPage::load(&visit, id, (opened.as_deref(), as_of), None).await?;
    visit.page(&page).await
}

/// What handed a problem over, as a document: the step the address names, else the newest.
pub async fn order(visit: Visit, Path(id): Path<i64>) -> Answer {
    let step = visit.here.get("step").map(str::parse).transpose();
    let step = step.map_err(|_| AppError::NotFound { what: "page" })?;
    let made = visit.app.problem_order(&visit.actor, id, step).await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

pub async fn act(
    visit: Visit,
    Path((id, word)): Path<(i64, String)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let error = match perform(&visit, id, &word, &form).await {
        Ok(_) => return visit.done(done(&word), &format!("/problems/{id}")).await,
        Err(error) => error,
    };
    let (status, errors) = match error {
        AppError::Changed { .. } => {
            let message = Message::new("problems.changed");
            let field = String::new();
            (StatusCode::CONFLICT, vec![FieldError { field, message }])
        }
        other => (
            StatusCode::UNPROCESSABLE_ENTITY,
            form_errors(&visit, other)?,
        ),
    };
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let page = ProblemPage::load(&visit, id, (Some(&word), None), Some(typed)).await?;
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = status;
    Ok(answer)
}

async fn perform(visit: &Visit, id: i64, word: &str, form: &Sent) -> Result<i64, AppError> {
    let kind = ActKind::from_word(word).ok_or(AppError::NotFound { what: "action" })?;
    let reference = visit.app.reference().await?;
    let input = steps::read(&reference, kind, form)?;
    visit.app.problem_act(&visit.actor, id, &input).await
}

impl ProblemPage {
    async fn load(
        visit: &Visit,
        id: i64,
        (opened, as_of): (Option<&str>, Option<Date>),
        typed: Option<Form>,
    ) -> Result<Self, Failure> {
        let view = visit.app.problem_view(&visit.actor, id, as_of).await?;
        let texts = visit.texts()?;
        let form = match opened.filter(|word| view.offers.iter().any(|one| one == word)) {
            Some(word) => Some(StepForm::open(visit, &view, word).await?),
            None => None,
        };
        let typed = match typed {
            Some(typed) => typed,
            None => suggested(&*visit.app.reference().await?, &view),
        };
        let order = |one: &StepView| match one.act.as_str() {
            "hand_over" if visit.may(Action::Export) => {
                format!("/problems/{id}/order.docx?step={}", one.seq)
            }
            _ => String::new(),
        };
        let newest = view.steps.iter().rev().map(order);
        Ok(Self {
            order: newest
                .into_iter()
                .find(|href| !href.is_empty())
                .unwrap_or_default(),
            source: source(texts, &view),
            assisting: view.assisting.iter().map(|one| party(texts, one)).collect(),
            steps: view
                .steps
                .iter()
                .rev()
                .map(|one| step(texts, one, order(one)))
                .collect(),
            acts: view
                .offers
                .iter()
                .map(|word| ActLink {
                    word: word.clone(),
                    href: format!("/problems/{id}?do={word}#act"),
                })
                .collect(),
            row: Row::new(texts, &view.row),
            body: view.body,
            raised_by: view.raised_by,
            demand: view.demand,
            escalated: view.escalated,
            sent_back: view.sent_back,
            form,
            typed,
            asked: view.asked_for,
            today: as_of.unwrap_or(visit.app.today()).to_string(),
        })
    }
}

impl StepForm {
    async fn open(visit: &Visit, view: &ProblemView, word: &str) -> Result<Self, Failure> {
        let lang = visit.texts()?.lang();
        let rules = visit.app.problem_rules().await?;
        let reference = visit.app.reference().await?;
        let texts = visit.texts()?;
        let grade = |(one, days): &(NamedView, u32)| {
            let within = Message::new("problems.grade_within")
                .with("grade", named(lang, one))
                .with("n", i64::from(*days));
            Choice::new(one.code.clone(), texts.message(&within))
        };
        let kind = |one: &NamedView| Choice::new(one.code.clone(), named(lang, one));
        let party =
            |word: &str| Choice::new(word, words::word(texts, "problems.party_kind.", word));
        Ok(Self {
            word: word.to_owned(),
            post: format!("/problems/{}/{word}", view.row.problem_id),
            version: view.row.version,
            kinds: rules.kinds.iter().map(kind).collect(),
            grades: rules.grades.iter().map(grade).collect(),
            units: work::units(visit).await?,
            departments: departments(visit, &reference),
            parties: ["office", "owner"].map(party).to_vec(),
        })
    }
}

/// The departments as choices by number, in official order, as the person's own unit calls them.
pub fn departments(visit: &Visit, reference: &Reference) -> Vec<Choice> {
    let all = reference.departments_at(&visit.actor.unit()).into_iter();
    all.map(|one| {
        let label = name(visit.lang, &one.short_name, &one.name_en);
        Choice::new(one.department_id.to_string(), label)
    })
    .collect()
}

/// What a form begins with: the kind told from the words, the department that usually leads.
fn suggested(reference: &Reference, view: &ProblemView) -> Form {
    let kind = reference.problems.kind(&view.row.kind.code);
    let department = kind
        .filter(|kind| !kind.department.is_empty())
        .and_then(|kind| reference.department_by_any_name(&kind.department))
        .map_or_else(String::new, |one| one.department_id.to_string());
    Form::default()
        .value("kind", view.row.kind.code.clone())
        .value("unit", view.row.seat.unit.code.clone())
        .value("department", department)
}

/// A link to what the problem came from.
fn source(texts: &Texts, view: &ProblemView) -> Option<Link> {
    let project = view.row.held.first().map(|one| one.project_id);
    let told = words::word(texts, "problems.origin.", &view.row.origin);
    let at = &view.origin_ref;
    let href = match (view.row.origin.as_str(), project) {
        ("return", Some(project)) => format!("/dispatch/{at}/{project}"),
        ("approval", Some(project)) => format!("/projects/{project}/approvals#matter-{at}"),
        ("visit" | "meeting", _) => format!("/{}s/{at}", view.row.origin),
        _ => return None,
    };
    Some(Link::new(format!("{told} {at}"), href))
}

fn step(texts: &Texts, view: &StepView, order: String) -> StepRow {
    let lang = texts.lang();
    let label = |field: &str| words::word(texts, "problems.field.", field);
    let mut says = Vec::new();
    if let Some(kind) = &view.kind {
        says.push((label("kind"), named(lang, kind)));
    }
    if let Some(grade) = &view.grade {
        says.push((label("grade"), named(lang, grade)));
    }
    if let Some(one) = &view.party {
        says.push((label("party"), party(texts, one)));
    }
    if let Some(one) = &view.seat {
        says.push((label("seat"), seat(texts, one)));
    }
    let written = view.says.iter();
    says.extend(written.map(|(field, text)| (label(field), text.clone())));
    StepRow {
        act: view.act.clone(),
        on: view.on.clone(),
        at: instant(view.at),
        who: view.who.clone(),
        due_on: view.due_on.clone(),
        says,
        order,
    }
}
