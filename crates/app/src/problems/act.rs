//! The next step of a problem: judged by the rules, added to the record, told and audited.
//!
//! What a reader would get wrong: the version a person saw is compared and the problem is locked
//! meanwhile, so of two who act at once one wins and the other is told.

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, DepartmentId};
use gangmu_domain::pipeline::Stage;
use gangmu_domain::problems::{Act, ActKind, Course, Doing, Event, Judged, Party};
use gangmu_store::library::{self, Project};
use gangmu_store::problems::{self, ProblemRow};
use gangmu_store::{Conn, StoreError, Tx, batch};
use jiff::civil::Date;
use serde_json::json;

use super::{cannot, coordinates, covers, handles, is_party, sees};
use crate::actor::refused;
use crate::approvals::calendar_error;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::organisation::somebody_may;
use crate::{Actor, App, Reference, letters};

/// The most characters of a wish for time in the reason of the step up it becomes.
const MOST_WISH: usize = 1_900;

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
        let mut loaded = held(tx, id).await?;
        authorise(actor, &loaded, input.act.kind())?;
        if input.version.is_some_and(|seen| seen != loaded.row.version) {
            return Err(AppError::Changed { what: "problem" });
        }
        check_parties(tx, &reference, actor, &loaded, &input.act).await?;
        let on = input.on.unwrap_or(self.today());
        loaded = self
            .step_taken(tx, actor, loaded, on, input.act.clone())
            .await?;
        if let Act::AskExtension { reason, .. } = &input.act
            && reference.problems.wishes_too_often(&loaded.course)
        {
            let wish: String = reason.chars().take(MOST_WISH).collect();
            let act = Act::Escalate {
                reason: format!("再次申请延期，自动升级：{wish}"),
                due_on: None,
                to: None,
            };
            loaded = self.step_taken(tx, actor, loaded, on, act).await?;
        }
        Ok(loaded.row.version)
    }

    /// Judges a step and records it; returns the problem as it stands then.
    async fn step_taken(
        &self,
        tx: &Tx,
        actor: &Actor,
        loaded: Loaded,
        on: Date,
        act: Act,
    ) -> Result<Loaded, AppError> {
        let reference = self.reference().await?;
        let doing = Doing {
            by: actor.user,
            on,
            today: self.today(),
            unit: &loaded.row.unit,
        };
        let judged = reference
            .problems
            .judge(&loaded.course, doing, act, &reference.calendar)
            .map_err(|problem| cannot(&problem))?;
        let event = self.next_event(actor, &loaded, on, judged);
        let all: Vec<ProjectId> = loaded.projects.iter().map(|one| one.id).collect();
        self.problem_record(tx, actor, loaded, event, &all).await
    }

    fn next_event(&self, actor: &Actor, loaded: &Loaded, on: Date, judged: Judged) -> Event {
        let last = loaded.events.last().map_or(0, |event| event.seq);
        Event {
            seq: last.saturating_add(1),
            on,
            at: self.now(),
            user: actor.user,
            act: judged.act,
            due: judged.due,
        }
    }

    /// Writes a step down, with a line on the timelines of some projects.
    async fn problem_record(
        &self,
        tx: &Tx,
        actor: &Actor,
        mut loaded: Loaded,
        event: Event,
        timelines: &[ProjectId],
    ) -> Result<Loaded, AppError> {
        let id = loaded.row.id;
        match problems::problem_event_insert(tx, id, &event).await {
            Err(StoreError::Exists { .. }) => return Err(AppError::Changed { what: "problem" }),
            other => other?,
        }
        loaded.events.push(event.clone());
        loaded.course = Course::of(&loaded.events).or_not_found("problem")?;
        copy(&mut loaded.row, &loaded.course);
        if !problems::problem_update(tx, &loaded.row).await? {
            return Err(AppError::Changed { what: "problem" });
        }
        loaded.row.version += 1;
        self.problem_told(tx, actor, &loaded, &event, timelines)
            .await?;
        let subject = format!("problem:{id}");
        let detail = json!({
            "act": event.act.kind().word(), "on": event.on.to_string(), "seq": event.seq,
        });
        let action = "problem_act";
        audit(tx, actor, self.now(), action, &subject, &detail.to_string()).await?;
        Ok(loaded)
    }

    /// Lets the open problems of a project that is split or merged hold up its heirs. The projects
    /// are held by whoever does it.
    pub(crate) async fn problems_pass_on(
        &self,
        tx: &Tx,
        actor: &Actor,
        from: ProjectId,
        heir: ProjectId,
        on: Date,
    ) -> Result<(), AppError> {
        for (id, title) in problems::problem_pass_on(tx, from, heir, on).await? {
            self.problem_inherited(tx, actor, (heir, on), (id, &title))
                .await?;
        }
        Ok(())
    }

    /// Ends the open problems that held up a project which has left the pipeline, and nothing else
    /// that is still in it. The project is held by whoever took it out.
    pub(crate) async fn problems_close(
        &self,
        tx: &Tx,
        actor: &Actor,
        project: &Project,
        on: Date,
    ) -> Result<(), AppError> {
        let how = match project.stage {
            Stage::Cancelled => "取消",
            Stage::Merged => "合并",
            Stage::Split => "拆分",
            _ => "调出",
        };
        for id in problems::problem_list_left(tx, project.id).await? {
            let row = problems::problem_lock(tx, id).await?;
            let loaded = load(tx, row.or_not_found("problem")?).await?;
            if !loaded.course.phase.is_open() {
                continue;
            }
            let act = Act::Close {
                reason: format!("受阻项目已{how}，问题自动终止"),
            };
            let on = on.max(loaded.course.last_on);
            let event = self.next_event(actor, &loaded, on, Judged { act, due: None });
            self.problem_record(tx, actor, loaded, event, &[project.id])
                .await?;
        }
        Ok(())
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
            let loaded = held(&tx, row.id).await?;
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

/// Sees that those a problem is handed to exist, that somebody is there to answer, and that they stand
/// at or below who hands it over: a banner cannot charge its league's office, it takes the problem up.
async fn check_parties(
    conn: &impl Conn,
    reference: &Reference,
    actor: &Actor,
    loaded: &Loaded,
    act: &Act,
) -> Result<(), AppError> {
    let Act::HandOver { to, assisting, .. } = act else {
        return Ok(());
    };
    for party in std::iter::once(to).chain(assisting) {
        check_party(conn, reference, actor, &loaded.projects, party).await?;
    }
    Ok(())
}

/// The same of one of them.
pub(super) async fn check_party(
    conn: &impl Conn,
    reference: &Reference,
    actor: &Actor,
    projects: &[Project],
    party: &Party,
) -> Result<(), AppError> {
    let Party::Office { unit, department } = party else {
        return match projects.iter().all(|one| one.reporter.is_none()) {
            true => Err(AppError::invalid("problems.no_reporter", "party")),
            false => Ok(()),
        };
    };
    reference.unit(unit).or_not_found("unit")?;
    if let Some(id) = department {
        reference.department(*id).or_not_found("department")?;
    }
    let grants = actor.grants(Action::CoordinateProblem);
    if !grants.iter().any(|grant| grant.scope.unit.contains(unit)) {
        return Err(AppError::invalid("problems.not_below", "unit"));
    }
    let own = |held: Option<DepartmentId>| held == *department;
    if somebody_may(conn, reference, (unit, Action::AnswerProblem), own).await? {
        return Ok(());
    }
    let office = letters::addressee(reference, unit, *department);
    Err(AppError::Invalid {
        messages: vec![Message::new(
            "problems.nobody_there",
            "department",
            [office],
        )],
    })
}

/// Holds a problem for its next step, with the projects whose timelines the step is written to:
/// projects before problems, as whoever takes a project out of the pipeline holds them.
async fn held(tx: &Tx, id: i64) -> Result<Loaded, AppError> {
    let blocks = problems::block_list(tx, id).await?;
    let ids: Vec<ProjectId> = blocks.iter().map(|block| block.project).collect();
    batch::project_lock_all(tx, &ids).await?;
    let row = problems::problem_lock(tx, id).await?;
    load(tx, row.or_not_found("problem")?).await
}

/// Reads the steps and the projects of a problem.
pub(super) async fn load(conn: &impl Conn, row: ProblemRow) -> Result<Loaded, AppError> {
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
        K::Raise | K::Close => false,
        K::Answer | K::AskExtension => answers(),
        K::Progress => answers() || coordinates(actor, course),
        K::Verify => looks(),
        K::SendBack => looks(),
        _ => coordinates(actor, course),
    }
}

fn action_of(kind: ActKind) -> Action {
    match kind {
        ActKind::Answer | ActKind::Progress | ActKind::AskExtension => Action::AnswerProblem,
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
