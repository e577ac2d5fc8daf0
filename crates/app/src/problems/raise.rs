//! Raising a problem: by itself, from the words of a monthly return, from a matter, a visit or a
//! meeting.
//!
//! What a reader would get wrong: the words of one return make one problem, so the second click
//! leads to the first one's problem instead of making another.

use gangmu_domain::Period;
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_domain::problems::{Course, Doing, Event, Origin};
use gangmu_store::problems::{self, Block, ProblemRow};
use gangmu_store::{Tx, approvals, dispatch};
use jiff::civil::Date;
use serde_json::json;

use super::act::Loaded;
use super::cannot;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::library::{locked, locked_all};
use crate::{Actor, App};

/// The most characters of a title.
pub(super) const TITLE: usize = 80;
/// The most characters of a description.
const BODY: usize = 4_000;
/// The most projects one problem holds up.
const MOST_HELD: usize = 50;

/// A problem as a person raises it.
#[derive(Clone, Debug)]
pub struct RaiseInput {
    /// What it is, in a line.
    pub title: String,
    /// What it is, at length; may be empty.
    pub body: String,
    /// What kind it is: a code of the rules; told from the words when empty.
    pub kind: String,
    /// The projects it holds up, the first being where it is raised, each with the matter of its
    /// case or an empty text.
    pub holds_up: Vec<(ProjectId, String)>,
    /// Where it came from.
    pub origin: Origin,
    /// The day it counts from; today when absent.
    pub on: Option<Date>,
}

impl RaiseInput {
    /// A problem of one project, raised by itself today.
    #[must_use]
    pub fn new(project: ProjectId, title: &str) -> Self {
        Self {
            title: title.to_owned(),
            body: String::new(),
            kind: String::new(),
            holds_up: vec![(project, String::new())],
            origin: Origin::Direct,
            on: None,
        }
    }
}

/// The first sentence of a text, short enough for a title.
#[must_use]
pub fn title_of(text: &str) -> String {
    let text = text.trim();
    let end = text.find(['。', '；', ';', '\n']).unwrap_or(text.len());
    let sentence = text.get(..end).unwrap_or(text).trim();
    match sentence.chars().count() > TITLE {
        true => sentence.chars().take(TITLE - 1).chain(['…']).collect(),
        false => sentence.to_owned(),
    }
}

impl App {
    /// Raises a problem and returns its number.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may raise one of each project it holds up;
    /// [`AppError::Invalid`] with what is wrong with the form.
    pub async fn problem_raise(&self, actor: &Actor, input: &RaiseInput) -> Result<i64, AppError> {
        let tx = self.db.begin().await?;
        let id = self.raise_within(&tx, actor, input).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Makes a problem of what a return says stands in the way; the same return makes one.
    ///
    /// # Errors
    /// [`AppError::State`] `problems.nothing_said` when the return says nothing.
    pub async fn problem_from_return(
        &self,
        actor: &Actor,
        project: ProjectId,
        period: Period,
    ) -> Result<i64, AppError> {
        let tx = self.db.begin().await?;
        locked(&tx, actor, Action::RaiseProblem, project).await?;
        let origin = Origin::Return(period.number());
        if let Some(id) = problems::problem_by_origin(&tx, project, &origin).await? {
            return Ok(id);
        }
        let filed = dispatch::return_get(&tx, project, period)
            .await?
            .or_not_found("return")?;
        let said = filed.filed.figures.problems.trim();
        if said.is_empty() {
            return Err(AppError::state("problems.nothing_said"));
        }
        let input = RaiseInput {
            body: said.to_owned(),
            origin,
            ..RaiseInput::new(project, &title_of(said))
        };
        let id = self.raise_within(&tx, actor, &input).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Raises a problem within a transaction.
    pub(crate) async fn raise_within(
        &self,
        tx: &Tx,
        actor: &Actor,
        input: &RaiseInput,
    ) -> Result<i64, AppError> {
        let reference = self.reference().await?;
        let mut unit = None;
        let mut blocks = Vec::with_capacity(input.holds_up.len());
        let ids: Vec<ProjectId> = input.holds_up.iter().map(|(project, _)| *project).collect();
        let held = locked_all(tx, actor, Action::RaiseProblem, &ids).await?;
        for (project, item) in &input.holds_up {
            let found = held.get(project).or_not_found("project")?;
            if !item.is_empty() {
                let items = approvals::item_list(tx, *project).await?;
                let known = items.iter().any(|one| one.item == *item);
                known.then_some(()).or_not_found("matter")?;
            }
            unit = unit.or_else(|| Some(found.unit.clone()));
            blocks.push(Block {
                project: *project,
                item: item.clone(),
                since: None,
            });
        }
        check(input)?;
        let unit = unit.or_not_found("project")?;
        let doing = Doing {
            by: actor.user,
            on: input.on.unwrap_or(self.today()),
            today: self.today(),
            unit: &unit,
        };
        let rules = &reference.problems;
        let said = format!("{}{}", input.title, input.body);
        let guessed = rules.kind_of(&said).map(|kind| kind.code.as_str());
        let kind = match input.kind.as_str() {
            "" => guessed.unwrap_or_default(),
            given => given,
        };
        let judged = rules
            .judge_raise(kind, doing, &reference.calendar)
            .map_err(|problem| cannot(&problem))?;
        let event = Event {
            seq: 1,
            on: doing.on,
            at: self.now(),
            user: actor.user,
            act: judged.act,
            due: judged.due,
        };
        let course = Course::of(std::slice::from_ref(&event)).or_not_found("problem")?;
        let mut row = new_row(actor, input, &unit, &course);
        row.id = problems::problem_insert(tx, &row, &blocks, self.now()).await?;
        let id = row.id;
        problems::problem_event_insert(tx, id, &event).await?;
        let timelines: Vec<ProjectId> = held.keys().copied().collect();
        let raised = Loaded {
            row,
            events: vec![event.clone()],
            course,
            projects: held.into_values().collect(),
        };
        self.problem_told(tx, actor, &raised, &event, &timelines)
            .await?;
        let detail = json!({ "origin": input.origin.word(), "projects": blocks.len() });
        let subject = format!("problem:{id}");
        let action = "problem_raise";
        audit(tx, actor, self.now(), action, &subject, &detail.to_string()).await?;
        Ok(id)
    }
}

fn new_row(
    actor: &Actor,
    input: &RaiseInput,
    unit: &gangmu_domain::organisation::UnitPath,
    course: &Course,
) -> ProblemRow {
    let mut row = ProblemRow {
        id: 0,
        version: 1,
        unit: unit.clone(),
        title: input.title.trim().to_owned(),
        body: input.body.trim().to_owned(),
        origin: input.origin.clone(),
        raised_on: course.raised_on,
        raised_by: actor.user,
        kind: String::new(),
        grade: String::new(),
        seat: course.seat.clone(),
        party: None,
        phase: course.phase,
        due: None,
        ended_on: None,
    };
    super::act::copy(&mut row, course);
    row
}

pub(super) fn check(input: &RaiseInput) -> Result<(), AppError> {
    let mut messages = Vec::new();
    let mut wrong = |code: &str, field: &str, params: &[usize]| {
        let params = params.iter().map(ToString::to_string);
        messages.push(Message::new(code, field, params));
    };
    if input.title.trim().is_empty() {
        wrong("field.missing", "title", &[]);
    }
    if input.title.chars().count() > TITLE {
        wrong("field.too_long", "title", &[TITLE]);
    }
    if input.body.chars().count() > BODY {
        wrong("field.too_long", "body", &[BODY]);
    }
    if input.holds_up.is_empty() {
        wrong("field.missing", "projects", &[]);
    }
    if input.holds_up.len() > MOST_HELD {
        wrong("problems.too_many_projects", "projects", &[MOST_HELD]);
    }
    match messages.is_empty() {
        true => Ok(()),
        false => Err(AppError::Invalid { messages }),
    }
}
