//! Joint sittings (联审会): one agenda over one project or many, every department's opinion, and
//! decisions that become acts of the matters.
//!
//! What a reader would get wrong: silence is an answer. A department that has said nothing past the
//! time for it agrees (部门7个工作日内出意见，逾期视为同意), and that is read from the calendar each
//! time, so a late answer is refused rather than recorded over an agreement. And a department speaks
//! for itself: who holds the sitting may record what it said, which is marked, but not over its own
//! word.

use std::collections::BTreeMap;

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, DepartmentId, UnitPath};
use gangmu_store::accounts::Notice;
use gangmu_store::approvals::{self, OpinionRow, SittingRow};
use gangmu_store::{Tx, library};
use jiff::civil::Date;

use super::act::ActInput;
use super::agenda::{is_silent, nearby};
use super::desk::Entered;
use crate::actor::refused;
use crate::change::audit;
use crate::error::{AppError, OrNotFound};
use crate::notices::NoticeBody;
use crate::{Actor, App, Reference};

/// What a department says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stance {
    /// It agrees.
    Agree,
    /// It agrees on conditions.
    Conditional,
    /// It does not agree.
    Object,
}

impl Stance {
    /// All, in the order tables print them.
    pub const ALL: [Self; 3] = [Self::Agree, Self::Conditional, Self::Object];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Conditional => "conditional",
            Self::Object => "object",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stance| stance.word() == word)
    }
}

/// A call for a sitting.
#[derive(Clone, Debug)]
pub struct SittingCall {
    /// What it is called.
    pub title: String,
    /// The unit that holds it.
    pub unit: UnitPath,
    /// The projects; their matters that wait for a decision are the agenda.
    pub projects: Vec<ProjectId>,
}

impl App {
    /// Calls a sitting: the matters of the projects that are in somebody's hands and ask other
    /// departments become the agenda, and each of those departments is asked.
    ///
    /// # Errors
    /// [`AppError::Refused`]; [`AppError::Invalid`] when there is nothing to sit over.
    pub async fn sitting_call(&self, actor: &Actor, call: &SittingCall) -> Result<i64, AppError> {
        holds(actor, &call.unit)?;
        if call.title.trim().is_empty() {
            return Err(AppError::invalid(
                "approvals.refused.title_missing",
                "title",
            ));
        }
        let reference = self.reference().await?;
        let today = self.today();
        let tx = self.db.begin().await?;
        let sitting = SittingRow {
            id: 0,
            version: 1,
            unit: call.unit.clone(),
            title: call.title.trim().to_owned(),
            called_on: today,
            held_on: None,
            closed_on: None,
            user: actor.user,
        };
        let id = approvals::sitting_insert(&tx, &sitting, self.now()).await?;
        let mut asked = Vec::new();
        for project in &call.projects {
            let found = library::project_get(&tx, *project)
                .await?
                .or_not_found("project")?;
            actor.grant_on(
                Action::ManageCase,
                &found.unit,
                found.department,
                found.reporter,
            )?;
            asked.extend(self.ask(&tx, actor, &reference, id, *project).await?);
        }
        // A sitting over nothing is no sitting; the whole call is taken back.
        if asked.is_empty() {
            return Err(AppError::invalid(
                "approvals.refused.nothing_to_sit_over",
                "projects",
            ));
        }
        let called = SittingRow { id, ..sitting };
        self.tell_asked(&tx, &called, &asked).await?;
        let subject = format!("sitting:{id}");
        audit(&tx, actor, self.now(), "sitting_call", &subject, "{}").await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Lets each department that is asked know, once, until when its answer is waited for.
    async fn tell_asked(
        &self,
        tx: &Tx,
        sitting: &SittingRow,
        asked: &[(DepartmentId, Option<Date>)],
    ) -> Result<(), AppError> {
        let mut first: BTreeMap<i64, Option<Date>> = BTreeMap::new();
        for (department, by) in asked {
            let known = first.entry(department.0).or_insert(*by);
            *known = known.iter().chain(by).min().copied();
        }
        for (department, by) in first {
            let body = NoticeBody {
                name: Some(sitting.title.clone()),
                sitting: Some(sitting.id),
                department: Some(department),
                due_on: by.map(|day| day.to_string()),
                ..NoticeBody::default()
            };
            let notice = Notice {
                notice_id: 0,
                at: self.now(),
                from_user_id: sitting.user.0,
                unit_path: sitting.unit.as_str().to_owned(),
                project_id: None,
                period: None,
                kind: "sitting".to_owned(),
                body: serde_json::to_string(&body).unwrap_or_default(),
            };
            self.notify(tx, &notice).await?;
        }
        Ok(())
    }

    /// Asks the departments a project's open matters consult, and returns each with the last day
    /// for its answer, where the calendar knows it.
    async fn ask(
        &self,
        tx: &Tx,
        actor: &Actor,
        reference: &Reference,
        sitting: i64,
        project: ProjectId,
    ) -> Result<Vec<(DepartmentId, Option<Date>)>, AppError> {
        let loaded = self.load_case(tx, project).await?;
        let mut asked = Vec::new();
        if loaded.case.closed_on.is_some() {
            return Ok(asked);
        }
        let within = loaded.catalogue.service.consult_silence;
        let answer_by = reference
            .calendar
            .add_working_days(self.today(), within)
            .ok();
        for row in loaded.items.iter().filter(|row| row.phase.is_open()) {
            let matter = loaded.catalogue.matter(&row.item).or_not_found("matter")?;
            let consulted = matter
                .consulted
                .iter()
                .filter_map(|code| reference.department_by_any_name(code))
                .map(|one| one.department_id)
                .filter(|id| *id != row.department.0);
            for department in consulted {
                let opinion = OpinionRow {
                    sitting,
                    project,
                    item: row.item.clone(),
                    department: DepartmentId(department),
                    asked_on: self.today(),
                    answered_on: None,
                    stance: "asked".to_owned(),
                    body: String::new(),
                    user: actor.user,
                    on_behalf: false,
                };
                approvals::opinion_put(tx, &opinion, self.now()).await?;
                asked.push((opinion.department, answer_by));
            }
        }
        Ok(asked)
    }

    /// Records a department's opinion, or what it told whoever holds the sitting.
    ///
    /// # Errors
    /// [`AppError::Refused`] for another department's officer; [`AppError::State`] when the time
    /// is over, so that silence has agreed, the sitting is closed, or the department has answered
    /// itself and somebody else would write over it.
    pub async fn sitting_say(
        &self,
        actor: &Actor,
        sitting: i64,
        (project, item): (ProjectId, &str),
        department: DepartmentId,
        (stance, body): (Stance, &str),
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let called = approvals::sitting_get(&tx, sitting)
            .await?
            .or_not_found("sitting")?;
        nearby(actor, &called.unit)?;
        let voice = voice(actor, &called.unit, department).ok_or(refused(Action::HandleMatter))?;
        if called.closed_on.is_some() {
            return Err(AppError::state("approvals.refused.sitting_closed"));
        }
        let opinions = approvals::opinion_list(&tx, sitting).await?;
        let mut opinion = opinions
            .into_iter()
            .find(|one| one.project == project && one.item == item && one.department == department)
            .or_not_found("opinion")?;
        let loaded = self.load_case(&tx, project).await?;
        let within = loaded.catalogue.service.consult_silence;
        if is_silent(&reference, within, &opinion, self.today())? {
            return Err(AppError::state("approvals.refused.silence_agreed"));
        }
        if stance != Stance::Agree && body.trim().is_empty() {
            return Err(AppError::invalid(
                "approvals.refused.opinion_missing",
                "body",
            ));
        }
        let spoke_itself = opinion.answered_on.is_some() && !opinion.on_behalf;
        if voice == Voice::OnBehalf && spoke_itself {
            return Err(AppError::state("approvals.refused.answered_itself"));
        }
        opinion.on_behalf = voice == Voice::OnBehalf;
        opinion.answered_on = Some(self.today());
        opinion.stance = stance.word().to_owned();
        opinion.body = body.trim().to_owned();
        opinion.user = actor.user;
        approvals::opinion_put(&tx, &opinion, self.now()).await?;
        let subject = format!("project:{project}");
        let detail = serde_json::json!({ "sitting": sitting, "matter": item }).to_string();
        audit(&tx, actor, self.now(), "sitting_say", &subject, &detail).await?;
        Ok(tx.commit().await?)
    }

    /// Closes a sitting: its decisions become acts of the matters, all of them or none.
    ///
    /// A decision is an act like any other: the rules judge it, and a matter a department objects
    /// to cannot be granted here.
    ///
    /// # Errors
    /// [`AppError::State`] when departments can still answer or object; what [`App::item_act`]
    /// refuses, except that whoever keeps the case may record what the sitting decided.
    pub async fn sitting_close(
        &self,
        actor: &Actor,
        sitting: i64,
        version: i64,
        decisions: &[(ProjectId, String, ActInput)],
    ) -> Result<(), AppError> {
        let view = self.sitting_view(actor, sitting).await?;
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let called = approvals::sitting_get(work.tx, sitting)
            .await?
            .or_not_found("sitting")?;
        holds(actor, &called.unit)?;
        if called.closed_on.is_some() {
            return Err(AppError::state("approvals.refused.sitting_closed"));
        }
        let mut entered = Vec::with_capacity(decisions.len());
        for (project, item, input) in decisions {
            let on_agenda = view
                .agenda
                .iter()
                .find(|one| one.project_id == project.0 && one.item == *item)
                .or_not_found("matter")?;
            if !on_agenda.agreed {
                return Err(AppError::State {
                    code: "approvals.refused.not_agreed",
                    params: vec![on_agenda.name.clone()],
                });
            }
            entered.push(Entered {
                actor,
                project: *project,
                item,
                input,
                by_sitting: true,
            });
        }
        self.acts_within(&mut work, &entered).await?;
        let closed = SittingRow {
            version,
            held_on: called.held_on.or(Some(self.today())),
            closed_on: Some(self.today()),
            ..called
        };
        if !approvals::sitting_update(work.tx, &closed).await? {
            return Err(AppError::Changed { what: "sitting" });
        }
        let subject = format!("sitting:{sitting}");
        audit(work.tx, actor, self.now(), "sitting_close", &subject, "{}").await?;
        begun.commit().await
    }
}

/// Whose word an opinion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// The department's own officer gives it.
    Own,
    /// Whoever holds the sitting records it (代记).
    OnBehalf,
}

/// Says whether a person can give a department's opinion, and as what.
///
/// Only a post of the very department at the unit of the sitting speaks for it: one that has all
/// departments is no department.
pub(super) fn voice(actor: &Actor, unit: &UnitPath, department: DepartmentId) -> Option<Voice> {
    let own = actor.posts().iter().any(|post| {
        let handles = [Action::HandleMatter, Action::Review]
            .iter()
            .any(|action| gangmu_domain::organisation::allows(post.role, post.level, *action));
        handles && post.unit == *unit && post.department == Some(department)
    });
    match own {
        true => Some(Voice::Own),
        false => holds(actor, unit).is_ok().then_some(Voice::OnBehalf),
    }
}

/// Whoever keeps the cases of a unit holds the sittings there.
pub(super) fn holds(actor: &Actor, unit: &UnitPath) -> Result<(), AppError> {
    let grants = actor.grants(Action::ManageCase);
    match grants.iter().any(|grant| grant.scope.unit.contains(unit)) {
        true => Ok(()),
        false => Err(refused(Action::ManageCase)),
    }
}
