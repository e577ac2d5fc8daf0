//! Joint sittings (联审会): one agenda over one project or many, every department's opinion, and
//! decisions that become acts of the matters.
//!
//! What a reader would get wrong: silence is an answer. A department that has said nothing past the
//! time for it agrees (部门7个工作日内出意见，逾期视为同意), and that is read from the calendar each
//! time, so a late answer is refused rather than recorded over an agreement.

use std::collections::BTreeMap;

use gangmu_domain::approvals::Phase;
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, DepartmentId, DepartmentSet, UnitPath};
use gangmu_store::approvals::{self, OpinionRow, SittingRow};
use gangmu_store::{Conn, Tx, library};
use jiff::civil::Date;

use super::act::ActInput;
use super::agenda::{AgendaView, OpinionView, SittingView};
use super::desk::Entered;
use super::load::calendar_error;
use super::view::DepartmentView;
use crate::actor::refused;
use crate::change::audit;
use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
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
        let grant = actor.grant(Action::ManageCase)?;
        if !grant.scope.unit.contains(&call.unit) {
            return Err(refused(Action::ManageCase));
        }
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
        let mut asked = 0;
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
            asked += self.ask(&tx, actor, &reference, id, *project).await?;
        }
        if asked == 0 {
            return Err(AppError::invalid(
                "approvals.refused.nothing_to_sit_over",
                "projects",
            ));
        }
        let subject = format!("sitting:{id}");
        audit(&tx, actor, self.now(), "sitting_call", &subject, "{}").await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Asks the departments a project's open matters consult; the lead department is asked too.
    async fn ask(
        &self,
        tx: &Tx,
        actor: &Actor,
        reference: &Reference,
        sitting: i64,
        project: ProjectId,
    ) -> Result<usize, AppError> {
        let loaded = self.load_case(tx, project).await?;
        let mut asked = 0;
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
                };
                approvals::opinion_put(tx, &opinion, self.now()).await?;
                asked += 1;
            }
        }
        Ok(asked)
    }

    /// Records a department's opinion.
    ///
    /// # Errors
    /// [`AppError::Refused`] for another department's officer; [`AppError::State`] when the time
    /// is over, so that silence has agreed, or the sitting is closed.
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
        speaks_for(actor, &called.unit, department)?;
        if called.closed_on.is_some() {
            return Err(AppError::state("approvals.refused.sitting_closed"));
        }
        let opinions = approvals::opinion_list(&tx, sitting).await?;
        let mut opinion = opinions
            .into_iter()
            .find(|one| one.project == project && one.item == item && one.department == department)
            .or_not_found("opinion")?;
        if self.is_silent(&reference, &tx, &opinion).await? {
            return Err(AppError::state("approvals.refused.silence_agreed"));
        }
        if stance != Stance::Agree && body.trim().is_empty() {
            return Err(AppError::invalid(
                "approvals.refused.opinion_missing",
                "body",
            ));
        }
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

    /// Lists the sittings of one's unit and those below, newest first.
    ///
    /// # Errors
    /// When the actor may not read.
    pub async fn sitting_list(&self, actor: &Actor) -> Result<Vec<SittingView>, AppError> {
        let grant = actor.grant(Action::Read)?;
        let reference = self.reference().await?;
        let rows = approvals::sitting_list(&self.db, &grant.scope.unit, 100).await?;
        let show = |row: SittingRow| shown(&reference, row, Vec::new());
        Ok(rows.into_iter().map(show).collect())
    }

    /// Shows a sitting with its agenda and opinions.
    ///
    /// # Errors
    /// When there is none, or the actor belongs to another part of the tree.
    pub async fn sitting_view(&self, actor: &Actor, sitting: i64) -> Result<SittingView, AppError> {
        let row = approvals::sitting_get(&self.db, sitting)
            .await?
            .or_not_found("sitting")?;
        let near = |unit: &UnitPath| unit.contains(&row.unit) || row.unit.contains(unit);
        if !actor.posts().iter().any(|post| near(&post.unit)) {
            return Err(AppError::NotFound { what: "sitting" });
        }
        let reference = self.reference().await?;
        let mut matters: BTreeMap<(ProjectId, String), Vec<OpinionRow>> = BTreeMap::new();
        for opinion in approvals::opinion_list(&self.db, sitting).await? {
            let key = (opinion.project, opinion.item.clone());
            matters.entry(key).or_default().push(opinion);
        }
        let mut agenda = Vec::with_capacity(matters.len());
        for ((project, item), opinions) in matters {
            agenda.push(self.agenda(&reference, project, &item, opinions).await?);
        }
        Ok(shown(&reference, row, agenda))
    }

    async fn agenda(
        &self,
        reference: &Reference,
        project: ProjectId,
        item: &str,
        opinions: Vec<OpinionRow>,
    ) -> Result<AgendaView, AppError> {
        let found = library::project_get(&self.db, project)
            .await?
            .or_not_found("project")?;
        let loaded = self.load_case(&self.db, project).await?;
        let row = loaded.item(item)?;
        let matter = loaded.catalogue.matter(item).or_not_found("matter")?;
        let mut views = Vec::with_capacity(opinions.len());
        for opinion in opinions {
            let silent = self.is_silent(reference, &self.db, &opinion).await?;
            let by = answer_by(
                reference,
                &opinion,
                loaded.catalogue.service.consult_silence,
            );
            let stance = if silent {
                "silent"
            } else {
                opinion.stance.as_str()
            };
            views.push(OpinionView {
                department: DepartmentView::new(reference, opinion.department),
                stance: stance.to_owned(),
                body: opinion.body,
                asked_on: opinion.asked_on.to_string(),
                answer_by: by.map(|day| day.to_string()),
                answered_on: opinion.answered_on.map(|day| day.to_string()),
            });
        }
        let for_it =
            |one: &OpinionView| matches!(one.stance.as_str(), "agree" | "conditional" | "silent");
        Ok(AgendaView {
            project_id: project.0,
            project_name: found.name().to_owned(),
            item: item.to_owned(),
            name: matter.name.clone(),
            name_en: matter.name_en.clone(),
            phase: row.phase.word().to_owned(),
            version: row.version,
            agreed: views.iter().all(for_it) && row.phase != Phase::NotNeeded,
            opinions: views,
        })
    }

    /// Says whether a department has agreed by saying nothing in time.
    async fn is_silent(
        &self,
        reference: &Reference,
        conn: &impl Conn,
        opinion: &OpinionRow,
    ) -> Result<bool, AppError> {
        if opinion.answered_on.is_some() {
            return Ok(false);
        }
        let case = approvals::case_get(conn, opinion.project)
            .await?
            .or_not_found("case")?;
        let catalogue = self.catalogue(conn, case.catalogue).await?;
        let calendar = &reference.calendar;
        let until = calendar
            .add_working_days(opinion.asked_on, catalogue.service.consult_silence)
            .map_err(calendar_error)?;
        Ok(self.today() > until)
    }
}

fn answer_by(
    reference: &Reference,
    opinion: &OpinionRow,
    within: gangmu_calendar::WorkingDays,
) -> Option<Date> {
    let calendar = &reference.calendar;
    calendar.add_working_days(opinion.asked_on, within).ok()
}

fn shown(reference: &Reference, row: SittingRow, agenda: Vec<AgendaView>) -> SittingView {
    SittingView {
        sitting_id: row.id,
        version: row.version,
        title: row.title,
        unit: UnitView::new(reference, &row.unit),
        called_on: row.called_on.to_string(),
        closed_on: row.closed_on.map(|day| day.to_string()),
        agenda,
    }
}

/// An officer speaks for their own department at the level of the sitting.
fn speaks_for(actor: &Actor, unit: &UnitPath, department: DepartmentId) -> Result<(), AppError> {
    let speaks = actor.posts().iter().any(|post| {
        let handles = [Action::HandleMatter, Action::Review]
            .iter()
            .any(|action| gangmu_domain::organisation::allows(post.role, post.level, *action));
        let departments = match post.department {
            None => DepartmentSet::All,
            Some(id) => DepartmentSet::Only(vec![id]),
        };
        let here = post.unit == *unit || actor.user.0 == 0;
        handles && here && departments.contains(Some(department))
    });
    match speaks {
        true => Ok(()),
        false => Err(refused(Action::HandleMatter)),
    }
}
