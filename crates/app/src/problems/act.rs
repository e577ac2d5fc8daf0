//! The next step of a problem: judged by the rules, added to the record, told and audited.
//!
//! What a reader would get wrong: the version a person saw is compared and the problem is locked
//! meanwhile, so of two who act at once one wins and the other is told.

use gangmu_domain::organisation::{Action, DepartmentId, UnitPath};
use gangmu_domain::problems::{Act, ActKind, Course, Doing, Event, Party, Phase};
use gangmu_store::accounts::Notice;
use gangmu_store::library::{self, Project};
use gangmu_store::problems::{self, ProblemRow};
use gangmu_store::{StoreError, Tx};
use jiff::civil::Date;
use serde_json::json;

use super::{cannot, coordinates, covers, handles, is_party, sees};
use crate::actor::refused;
use crate::approvals::calendar_error;
use crate::change::audit;
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App, Reference};

/// A step as a person asks for it.
#[derive(Clone, Debug)]
pub struct StepInput {
    /// The version of the problem the person saw; `None` for a program that has looked just now.
    pub version: Option<i64>,
    /// The day it counts from; today when absent.
    pub on: Option<Date>,
    /// What is done.
    pub act: Act,
}

impl StepInput {
    /// A step of today.
    #[must_use]
    pub fn new(version: Option<i64>, act: Act) -> Self {
        Self {
            version,
            on: None,
            act,
        }
    }
}

/// A problem with everything that is stored of it.
pub(super) struct Loaded {
    pub row: ProblemRow,
    pub events: Vec<Event>,
    pub course: Course,
    pub projects: Vec<Project>,
}

/// Copies into the row what lists are ordered and filtered by.
pub(super) fn copy(row: &mut ProblemRow, course: &Course) {
    row.kind.clone_from(&course.kind);
    row.grade.clone_from(&course.grade);
    row.seat = course.seat.clone();
    row.party.clone_from(&course.party);
    row.phase = course.phase;
    row.due = course.due;
    row.ended_on = course.ended_on;
}

impl App {
    /// Takes the next step of a problem and returns its new version.
    ///
    /// # Errors
    /// [`AppError::Refused`] for the wrong post; [`AppError::State`] or [`AppError::Invalid`] with a
    /// code below `problems.refused.` for what the rules do not allow now; [`AppError::Changed`]
    /// when somebody else acted meanwhile. Nothing was recorded then.
    pub async fn problem_act(
        &self,
        actor: &Actor,
        id: i64,
        input: &StepInput,
    ) -> Result<i64, AppError> {
        let tx = self.db.begin().await?;
        let version = self.step_within(&tx, actor, id, input).await?;
        tx.commit().await?;
        Ok(version)
    }

    pub(crate) async fn step_within(
        &self,
        tx: &Tx,
        actor: &Actor,
        id: i64,
        input: &StepInput,
    ) -> Result<i64, AppError> {
        let reference = self.reference().await?;
        let row = problems::problem_lock(tx, id).await?;
        let loaded = load(tx, row.or_not_found("problem")?).await?;
        authorise(actor, &loaded, input.act.kind())?;
        let seen = loaded.row.version;
        if input.version.is_some_and(|version| version != seen) {
            return Err(AppError::Changed { what: "problem" });
        }
        check_parties(&reference, actor, &input.act)?;
        let doing = Doing {
            by: actor.user,
            on: input.on.unwrap_or(self.today()),
            today: self.today(),
            unit: &loaded.row.unit,
        };
        let calendar = &reference.calendar;
        let judged = reference
            .problems
            .judge(&loaded.course, doing, input.act.clone(), calendar)
            .map_err(|problem| cannot(&problem))?;
        let last = loaded.events.last().map_or(0, |event| event.seq);
        let event = Event {
            seq: last.saturating_add(1),
            on: doing.on,
            at: self.now(),
            user: actor.user,
            act: judged.act,
            due: judged.due,
        };
        self.problem_record(tx, actor, &loaded, event).await?;
        Ok(seen + 1)
    }

    async fn problem_record(
        &self,
        tx: &Tx,
        actor: &Actor,
        loaded: &Loaded,
        event: Event,
    ) -> Result<(), AppError> {
        let id = loaded.row.id;
        match problems::problem_event_insert(tx, id, &event).await {
            Err(StoreError::Exists { .. }) => return Err(AppError::Changed { what: "problem" }),
            other => other?,
        }
        let mut events = loaded.events.clone();
        events.push(event.clone());
        let course = Course::of(&events).or_not_found("problem")?;
        let mut after = loaded.row.clone();
        copy(&mut after, &course);
        if !problems::problem_update(tx, &after).await? {
            return Err(AppError::Changed { what: "problem" });
        }
        if let Some((unit, department)) = told(&event.act, &course, &after) {
            let notice = self.problem_notice(actor, loaded, &event, (&unit, department));
            self.notify(tx, &notice).await?;
        }
        let subject = format!("problem:{id}");
        let detail = json!({
            "act": event.act.kind().word(), "on": event.on.to_string(), "seq": event.seq,
        });
        let action = "problem_act";
        audit(tx, actor, self.now(), action, &subject, &detail.to_string()).await
    }

    fn problem_notice(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        event: &Event,
        (unit, department): (&UnitPath, Option<DepartmentId>),
    ) -> Notice {
        let body = json!({
            "name": loaded.row.title, "problem": loaded.row.id,
            "act": event.act.kind().word(), "due_on": event.due.map(|day| day.to_string()),
            "department": department.map(|id| id.0),
        });
        Notice {
            notice_id: 0,
            at: self.now(),
            from_user_id: actor.user.0,
            unit_path: unit.as_str().to_owned(),
            project_id: loaded.projects.first().map(|one| one.id.0),
            period: None,
            kind: "problem".to_owned(),
            body: body.to_string(),
        }
    }

    /// Sends up what was left alone too long, each problem by one rung, and returns how many went.
    ///
    /// Several servers may run this at once: each problem is looked at again under its lock.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor coordinates problems.
    pub async fn problems_escalate(&self, actor: &Actor) -> Result<usize, AppError> {
        let grant = actor.grant(Action::CoordinateProblem)?;
        let reference = self.reference().await?;
        let (rules, calendar) = (&reference.problems, &reference.calendar);
        let filter = problems::ProblemFilter {
            scope: Some(grant.scope),
            open: true,
            due_before: Some(self.today().to_string()),
            limit: i64::from(i32::MAX),
            ..problems::ProblemFilter::default()
        };
        let mut sent = 0;
        for row in problems::problem_list(&self.db, &filter).await? {
            let tx = self.db.begin().await?;
            let row = problems::problem_lock(&tx, row.id).await?;
            let loaded = load(&tx, row.or_not_found("problem")?).await?;
            let due = rules
                .goes_up(&loaded.course, calendar, self.today())
                .map_err(calendar_error)?;
            let unit = &loaded.row.unit;
            if !due || rules.next_seat(&loaded.course, unit).is_none() {
                continue;
            }
            let days = rules.escalate_after;
            let again = calendar.add_working_days(self.today(), days);
            let act = Act::Escalate {
                reason: format!("逾期超过 {} 个工作日未办，自动升级", days.0),
                due_on: Some(again.map_err(calendar_error)?),
                to: None,
            };
            self.step_within(&tx, actor, loaded.row.id, &StepInput::new(None, act))
                .await?;
            tx.commit().await?;
            sent += 1;
        }
        Ok(sent)
    }
}

/// Sees that those a problem is handed to exist and stand at or below who hands it over: a banner
/// cannot charge its league's office, it takes the problem up.
fn check_parties(reference: &Reference, actor: &Actor, act: &Act) -> Result<(), AppError> {
    let Act::HandOver { to, assisting, .. } = act else {
        return Ok(());
    };
    let grants = actor.grants(Action::CoordinateProblem);
    for party in std::iter::once(to).chain(assisting) {
        if let Party::Office { unit, department } = party {
            reference.unit(unit).or_not_found("unit")?;
            if let Some(id) = department {
                reference.department(*id).or_not_found("department")?;
            }
            if !grants.iter().any(|grant| grant.scope.unit.contains(unit)) {
                return Err(AppError::invalid("problems.not_below", "unit"));
            }
        }
    }
    Ok(())
}

/// Reads the steps and the projects of a problem.
pub(super) async fn load(
    conn: &impl gangmu_store::Conn,
    row: ProblemRow,
) -> Result<Loaded, AppError> {
    let events = problems::problem_event_list(conn, row.id).await?;
    let blocks = problems::block_list(conn, row.id).await?;
    let mut ids: Vec<i64> = blocks.iter().map(|block| block.project.0).collect();
    ids.dedup();
    Ok(Loaded {
        course: Course::of(&events).or_not_found("problem")?,
        projects: library::project_list_of(conn, &ids).await?,
        events,
        row,
    })
}

/// Says whether a person may take a step of this kind.
pub(super) fn may(actor: &Actor, loaded: &Loaded, kind: ActKind) -> bool {
    use ActKind as K;
    let (course, projects) = (&loaded.course, &loaded.projects);
    let answers = || {
        let party = course.party.as_ref();
        party.is_some_and(|one| is_party(actor, one, projects, Action::AnswerProblem))
    };
    let looks = || {
        loaded.row.raised_by == actor.user
            || coordinates(actor, course)
            || actor
                .grants(Action::VerifyProblem)
                .iter()
                .any(|grant| projects.iter().any(|project| covers(&grant.scope, project)))
    };
    match kind {
        K::Raise => false,
        K::Answer => answers(),
        K::Progress => answers() || coordinates(actor, course),
        K::Verify => looks(),
        K::SendBack => looks(),
        _ => coordinates(actor, course),
    }
}

fn action_of(kind: ActKind) -> Action {
    match kind {
        ActKind::Answer | ActKind::Progress => Action::AnswerProblem,
        ActKind::Verify | ActKind::SendBack => Action::VerifyProblem,
        _ => Action::CoordinateProblem,
    }
}

fn authorise(actor: &Actor, loaded: &Loaded, kind: ActKind) -> Result<(), AppError> {
    if may(actor, loaded, kind) {
        return Ok(());
    }
    match visible(actor, loaded) {
        true => Err(refused(action_of(kind))),
        false => Err(AppError::NotFound { what: "problem" }),
    }
}

/// Says whether a person may know of a problem.
pub(super) fn visible(actor: &Actor, loaded: &Loaded) -> bool {
    handles(actor, &loaded.row, &loaded.course, &loaded.projects)
        || loaded.projects.iter().any(|project| sees(actor, project))
}

/// The office that hears of a step: whoever has to take the next one.
fn told(act: &Act, course: &Course, row: &ProblemRow) -> Option<(UnitPath, Option<DepartmentId>)> {
    let (next, department) = match (act.kind(), course.phase) {
        (ActKind::HandOver | ActKind::SendBack, _) => match &course.party {
            Some(Party::Office { unit, department }) => (unit, *department),
            _ => (&row.unit, None),
        },
        (ActKind::Escalate, _) | (ActKind::Answer, Phase::Answered) => (course.coordinator(), None),
        _ => return None,
    };
    Some((next.clone(), department))
}
