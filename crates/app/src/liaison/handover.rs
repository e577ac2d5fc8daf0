//! Handing over what a person holds on one unit's side, with a list both sign.
//!
//! What a reader would get wrong: everything moves or nothing does. A post with open work cannot be
//! taken away, nor an account put out of use, before it was handed over (`nothing_open`).

use std::collections::HashSet;

use gangmu_domain::liaison::{self, Assignment, Holder, Term};
use gangmu_domain::library::{EventKind, ProjectId};
use gangmu_domain::organisation::{Action, DepartmentSet, Scope, UnitPath, UserId};
use gangmu_store::accounts::Post;
use gangmu_store::approvals::{self, WorkFilter};
use gangmu_store::liaison::{self as rows, AssignmentRow, HandoverRow};
use gangmu_store::library::Project;
use gangmu_store::problems::{self, ProblemFilter};
use gangmu_store::{Conn, accounts, library};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::AboutView;
use super::assign::{reaches, told};
use super::tell::Charged;
use crate::actor::refused;
use crate::change::{Because, Work, audit};
use crate::error::{AppError, Message, OrNotFound};
use crate::library::{UnitView, locked_all};
use crate::organisation::acts_for_office;
use crate::{Actor, App};

/// The most characters of a reason.
const MOST_REASON: usize = 200;

/// The word for reporting on a project, which is handed over besides duties.
pub(super) const REPORTER: &str = "reporter";

/// A hand-over as it is asked for.
#[derive(Clone, Debug)]
pub struct HandoverInput {
    /// Who hands over.
    pub from: UserId,
    /// Who takes over.
    pub to: UserId,
    /// On whose side: a unit's code.
    pub unit: String,
    /// The first day of whoever takes over; today when absent.
    pub on: Option<Date>,
    /// Why, or the document that says so.
    pub reason: String,
}

/// A hand-over as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HandoverRowView {
    /// Its number.
    pub handover_id: i64,
    /// Who hands over.
    pub from: String,
    /// Who takes over.
    pub to: String,
    /// On whose side.
    pub unit: UnitView,
    /// The first day of whoever takes over.
    pub on: String,
    /// Why.
    pub reason: String,
    /// Who arranged it.
    pub by: String,
    /// When whoever hands over signed, in milliseconds since 1970.
    pub given_at: Option<i64>,
    /// When whoever takes over signed.
    pub taken_at: Option<i64>,
}

/// Something that was handed over: a project, a chain or a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HandoverLineView {
    /// The project; none for a chain or a task.
    pub project_id: Option<i64>,
    /// The chain or task; none for a project.
    pub about: Option<AboutView>,
    /// What it is called.
    pub project_name: String,
    /// The project's unit; for a chain or a task, on whose side it was held.
    pub unit: UnitView,
    /// What was handed over: a duty's word, or `reporter` for reporting.
    pub duty: &'static str,
    /// Total investment in yuan; zero for what is no project.
    pub total_investment: i64,
    /// The titles of open problems that hold it up today.
    pub problems: Vec<String>,
}

/// A hand-over with its list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HandoverView {
    /// As lists show it.
    pub row: HandoverRowView,
    /// What was handed over.
    pub lines: Vec<HandoverLineView>,
    /// The total investment of the projects in yuan, each counted once.
    pub total_investment: i64,
    /// Whether the person has to sign.
    pub may_sign: bool,
}

impl App {
    /// Hands over everything a person holds on a unit's side from a day on; returns its number.
    ///
    /// # Errors
    /// [`AppError::Refused`] beyond the actor's units or projects; [`AppError::Invalid`] with what
    /// stands against it: nothing is held, or whoever takes over has no post there.
    pub async fn hand_over(&self, actor: &Actor, input: &HandoverInput) -> Result<i64, AppError> {
        let reference = self.reference().await?;
        let unit = reference
            .unit_by_code(&input.unit)
            .ok_or_else(|| AppError::invalid("field.unknown_unit", "unit"))?
            .path
            .clone();
        reaches(actor, &unit)?;
        if input.reason.chars().count() > MOST_REASON {
            let most = [MOST_REASON.to_string()];
            let messages = vec![Message::new("field.too_long", "reason", most)];
            return Err(AppError::Invalid { messages });
        }
        let on = input.on.unwrap_or(self.today());
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        rows::assignment_turn(work.tx).await?;
        self.check_taker(work.tx, &unit, input).await?;
        // Which projects, before they are locked; what is held is read again under the locks.
        let held = rows::assignment_list_held(work.tx, input.from, Some(&unit), on).await?;
        let mut ids: Vec<ProjectId> = held.iter().filter_map(|row| row.about.project()).collect();
        ids.extend(rows::reported_list(work.tx, input.from, Some(&unit)).await?);
        ids.sort_unstable();
        ids.dedup();
        let projects = locked_all(work.tx, actor, Action::Assign, &ids).await?;
        let held = rows::assignment_list_held(work.tx, input.from, Some(&unit), on).await?;
        let reported = rows::reported_list(work.tx, input.from, Some(&unit)).await?;
        if held.is_empty() && reported.is_empty() {
            return Err(AppError::invalid(
                "liaison.refused.nothing_held",
                "from_user",
            ));
        }
        let row = HandoverRow {
            id: 0,
            from: input.from,
            to: input.to,
            unit,
            on,
            reason: input.reason.trim().to_owned(),
            by: actor.user,
            at: self.now(),
            given_at: 0,
            taken_at: 0,
        };
        let id = rows::handover_insert(work.tx, &row).await?;
        let mut messages = Vec::new();
        for project in &reported {
            let found = projects.get(project);
            let before = found.ok_or(AppError::Changed { what: "project" })?;
            self.hand_reporting(&mut work, before, &row, id).await?;
        }
        for one in &held {
            let project = match one.about.project() {
                Some(project) => {
                    let found = projects.get(&project);
                    Some(found.ok_or(AppError::Changed { what: "assignment" })?)
                }
                None => None,
            };
            match liaison::relieved(one.says.term, on) {
                Err(problem) => messages.push(match project {
                    Some(project) => told(&problem, project.name()),
                    None => {
                        let about = self.about_shown(actor, &one.about).await?;
                        told(&problem, &about.name)
                    }
                }),
                Ok(term) => {
                    let last = term.to.unwrap_or(on);
                    let by = actor.user;
                    rows::assignment_end(work.tx, &one.about, one.id, last, by).await?;
                    let next = next(one, &row, id);
                    match project {
                        Some(project) => self.set_row(&work, project, &next).await?,
                        None => self.charge_row(work.tx, actor, &next).await?,
                    }
                }
            }
        }
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        let subject = format!("handover:{id}");
        let detail = json!({
            "from": input.from.0, "to": input.to.0, "assignments": held.len(),
            "reports": reported.len(),
        });
        let detail = detail.to_string();
        audit(work.tx, actor, self.now(), "hand_over", &subject, &detail).await?;
        for user in [input.from, input.to] {
            let charged = Charged {
                holder: &Holder::User(user),
                unit: &row.unit,
                act: "handed_over",
                name: None,
                n: held.len() + reported.len(),
                from: on,
                handover: Some(id),
            };
            self.charged_told(work.tx, actor, charged).await?;
        }
        begun.commit().await?;
        Ok(id)
    }

    /// Lets whoever takes over report for a project, at once: reporting has no term.
    async fn hand_reporting(
        &self,
        work: &mut Work<'_>,
        before: &Project,
        row: &HandoverRow,
        id: i64,
    ) -> Result<(), AppError> {
        let mut after = Project {
            reporter: Some(row.to),
            ..before.clone()
        };
        let because = Because {
            kind: EventKind::Edited,
            on: self.today(),
            reason: &row.reason,
            document_no: "",
        };
        work.save(before, &mut after, &because).await?;
        rows::handover_report_insert(work.tx, id, before.id).await?;
        Ok(())
    }

    async fn check_taker(
        &self,
        conn: &impl Conn,
        unit: &UnitPath,
        input: &HandoverInput,
    ) -> Result<(), AppError> {
        if input.from == input.to {
            return Err(AppError::invalid("liaison.refused.same_person", "to_user"));
        }
        let user = accounts::user_get(conn, input.to).await?;
        if user.is_none_or(|user| user.disabled != 0) {
            return Err(AppError::invalid("liaison.refused.no_user", "to_user"));
        }
        let posts = accounts::post_list(conn, Some(input.to)).await?;
        match posts.iter().any(|post| post.unit == *unit) {
            true => Ok(()),
            false => Err(AppError::invalid("liaison.refused.no_post", "to_user")),
        }
    }

    /// Sees that a person answers for nothing any more, on one unit's side or on any.
    pub(crate) async fn nothing_open(
        &self,
        conn: &impl Conn,
        user: UserId,
        unit: Option<&UnitPath>,
    ) -> Result<(), AppError> {
        let held = rows::assignment_list_held(conn, user, unit, self.today()).await?;
        let reported = rows::reported_list(conn, user, unit).await?;
        match held.len() + reported.len() {
            0 => Ok(()),
            n => Err(AppError::State {
                code: "account.open_work",
                params: vec![n.to_string()],
            }),
        }
    }

    /// Sees that an office keeps somebody who can act when a person leaves it, as long as problems
    /// or matters wait for it.
    ///
    /// `staying` are the posts of everybody else.
    pub(crate) async fn somebody_stays(
        &self,
        conn: &impl Conn,
        leaving: &Post,
        staying: &[&Post],
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let can =
            |post: &Post, action| acts_for_office(post.role, reference.level(&post.unit), action);
        let users = accounts::user_list(conn).await?;
        let gone: HashSet<i64> = users
            .iter()
            .filter(|user| user.disabled != 0)
            .map(|user| user.user_id)
            .collect();
        let office = |post: &&&Post| {
            let shared = post.department.is_none() || post.department == leaving.department;
            post.unit == leaving.unit && shared && !gone.contains(&post.user.0)
        };
        let others: Vec<&&Post> = staying.iter().filter(office).collect();
        let scope = Scope {
            departments: match leaving.department {
                Some(department) => DepartmentSet::Only([department].into()),
                None => DepartmentSet::All,
            },
            ..Scope::subtree(leaving.unit.clone())
        };
        let mut waiting = 0;
        let lost = |action| can(leaving, action) && !others.iter().any(|post| can(post, action));
        if lost(Action::AnswerProblem) {
            let of_office = ProblemFilter {
                waits_for: Some(scope.clone()),
                open: true,
                ..ProblemFilter::default()
            };
            waiting += problems::problem_count(conn, &of_office).await?;
        }
        if lost(Action::HandleMatter) {
            let of_office = WorkFilter {
                office: Some(scope),
                exact: true,
                open: true,
                ..WorkFilter::default()
            };
            waiting += approvals::work_count(conn, &of_office).await?;
        }
        match waiting {
            0 => Ok(()),
            n => Err(AppError::State {
                code: "account.last_of_office",
                params: vec![n.to_string()],
            }),
        }
    }

    /// Signs a hand-over, by whoever hands over or takes over.
    ///
    /// # Errors
    /// [`AppError::Refused`] for anybody else.
    pub async fn handover_sign(&self, actor: &Actor, id: i64) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let row = self.handover_seen(&tx, actor, id).await?;
        if ![row.from, row.to].contains(&actor.user) {
            return Err(refused(Action::Assign));
        }
        rows::handover_sign(&tx, id, actor.user, self.now()).await?;
        let subject = format!("handover:{id}");
        audit(&tx, actor, self.now(), "handover_sign", &subject, "{}").await?;
        Ok(tx.commit().await?)
    }

    /// Lists the hand-overs within reach, newest first, at most 100.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn handovers(&self, actor: &Actor) -> Result<Vec<HandoverRowView>, AppError> {
        actor.grant(Action::Read)?;
        let unit = actor
            .grant(Action::Assign)
            .ok()
            .map(|grant| grant.scope.unit);
        let found = rows::handover_list(&self.db, unit.as_ref(), actor.user, 100).await?;
        let mut views = Vec::with_capacity(found.len());
        for row in &found {
            views.push(self.handover_row(row).await?);
        }
        Ok(views)
    }

    /// Shows a hand-over with its list.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none within reach.
    pub async fn handover_view(&self, actor: &Actor, id: i64) -> Result<HandoverView, AppError> {
        let row = self.handover_seen(&self.db, actor, id).await?;
        let reference = self.reference().await?;
        let handed = rows::assignment_list_handed(&self.db, id).await?;
        let own = handed.iter().filter_map(|one| one.about.project());
        let mut ids: Vec<i64> = own.map(|id| id.0).collect();
        ids.dedup();
        let projects = library::project_list_of(&self.db, &ids).await?;
        let mut lines = Vec::with_capacity(handed.len());
        for one in &handed {
            let Some(id) = one.about.project() else {
                let about = self.about_shown(actor, &one.about).await?;
                lines.push(HandoverLineView {
                    project_id: None,
                    project_name: about.name.clone(),
                    about: Some(about),
                    unit: UnitView::new(&reference, &one.says.unit),
                    duty: one.says.duty.word(),
                    total_investment: 0,
                    problems: Vec::new(),
                });
                continue;
            };
            let Some(project) = projects.iter().find(|found| found.id == id) else {
                continue;
            };
            let open = ProblemFilter {
                project: Some(id),
                open: true,
                limit: 20,
                ..ProblemFilter::default()
            };
            let open = problems::problem_list(&self.db, &open).await?;
            lines.push(HandoverLineView {
                project_id: Some(id.0),
                about: None,
                project_name: project.name().to_owned(),
                unit: UnitView::new(&reference, &project.unit),
                duty: one.says.duty.word(),
                total_investment: project.total().0,
                problems: open.into_iter().map(|problem| problem.title).collect(),
            });
        }
        let reports = rows::handover_report_list(&self.db, id).await?;
        let ids: Vec<i64> = reports.iter().map(|id| id.0).collect();
        let reported = library::project_list_of(&self.db, &ids).await?;
        for project in &reported {
            lines.push(HandoverLineView {
                project_id: Some(project.id.0),
                about: None,
                project_name: project.name().to_owned(),
                unit: UnitView::new(&reference, &project.unit),
                duty: REPORTER,
                total_investment: project.total().0,
                problems: Vec::new(),
            });
        }
        let mut projects = projects;
        projects.extend(reported);
        projects.sort_by_key(|one| one.id);
        projects.dedup_by_key(|one| one.id);
        let unsigned = (row.from == actor.user && row.given_at == 0)
            || (row.to == actor.user && row.taken_at == 0);
        Ok(HandoverView {
            row: self.handover_row(&row).await?,
            lines,
            total_investment: projects.iter().map(|one| one.total().0).sum(),
            may_sign: unsigned,
        })
    }

    async fn handover_seen(
        &self,
        conn: &impl Conn,
        actor: &Actor,
        id: i64,
    ) -> Result<HandoverRow, AppError> {
        let row = rows::handover_get(conn, id)
            .await?
            .or_not_found("handover")?;
        let own = [row.from, row.to].contains(&actor.user);
        match own || reaches(actor, &row.unit).is_ok() {
            true => Ok(row),
            false => Err(AppError::NotFound { what: "handover" }),
        }
    }

    async fn handover_row(&self, row: &HandoverRow) -> Result<HandoverRowView, AppError> {
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let name = |user: UserId| users.get(&user).cloned().unwrap_or_default();
        let at = |instant: i64| (instant > 0).then_some(instant);
        Ok(HandoverRowView {
            handover_id: row.id,
            from: name(row.from),
            to: name(row.to),
            unit: UnitView::new(&reference, &row.unit),
            on: row.on.to_string(),
            reason: row.reason.clone(),
            by: name(row.by),
            given_at: at(row.given_at),
            taken_at: at(row.taken_at),
        })
    }
}

/// What whoever takes over holds from then on: until the day it would have ended.
fn next(one: &AssignmentRow, handover: &HandoverRow, id: i64) -> AssignmentRow {
    AssignmentRow {
        id: 0,
        says: Assignment {
            holder: Holder::User(handover.to),
            term: Term {
                from: handover.on,
                to: one.says.term.to,
            },
            ..one.says.clone()
        },
        reason: handover.reason.clone(),
        set_by: handover.by,
        at: handover.at,
        ended_by: UserId(0),
        handover: id,
        about: one.about.clone(),
    }
}
