//! Setting who answers for projects, one or many at once, and ending it.
//!
//! What a reader would get wrong: many projects are set in one transaction, all or none, and all
//! that stands against it is told at once, each line with its project.

use gangmu_domain::liaison::{self, About, Assignment, Duty, Holder, Refused, Term};
use gangmu_domain::library::{EventKind, ProjectId};
use gangmu_domain::organisation::{Action, UnitPath, UserId};
use gangmu_store::Tx;
use gangmu_store::accounts;
use gangmu_store::liaison::{self as rows, AssignmentRow};
use gangmu_store::library::Project;
use jiff::civil::Date;
use serde_json::json;

use super::tell::Charged;
use super::{cannot, duty_word};
use crate::actor::refused;
use crate::change::{Because, Work, audit};
use crate::error::{AppError, Message, OrNotFound};
use crate::library::{locked, locked_all};
use crate::{Actor, App, Reference};

/// The most projects set at once.
const MOST_PROJECTS: usize = 500;
/// The most lines of what stands against it.
const MOST_LINES: usize = 20;
/// The most characters of a reason.
const MOST_REASON: usize = 200;

/// What becomes of whoever holds the duty already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Instead {
    /// They stay, and the new one is refused where the two would overlap.
    #[default]
    Stay,
    /// They are relieved on the day before.
    Relieve,
}

/// Somebody to answer for some projects.
#[derive(Clone, Debug)]
pub struct AssignInput {
    /// The projects.
    pub projects: Vec<ProjectId>,
    /// What for.
    pub duty: Duty,
    /// On whose side: a unit's code.
    pub unit: String,
    /// Who.
    pub holder: Holder,
    /// The first day; today when absent.
    pub from: Option<Date>,
    /// The last day, if it is known.
    pub to: Option<Date>,
    /// What becomes of whoever holds it.
    pub instead: Instead,
    /// Why, or the document that says so; may be empty.
    pub reason: String,
}

impl AssignInput {
    /// The unit it names, where the actor reaches it.
    pub(super) fn unit_within(
        &self,
        actor: &Actor,
        reference: &Reference,
    ) -> Result<UnitPath, AppError> {
        let unit = reference
            .unit_by_code(&self.unit)
            .ok_or_else(|| AppError::invalid("field.unknown_unit", "unit"))?
            .path
            .clone();
        reaches(actor, &unit)?;
        Ok(unit)
    }

    /// What it sets, from today on where it names no day.
    pub(super) fn assignment(&self, unit: UnitPath, today: Date) -> Assignment {
        Assignment {
            duty: self.duty,
            unit,
            holder: self.holder.clone(),
            term: Term {
                from: self.from.unwrap_or(today),
                to: self.to,
            },
        }
    }
}

impl App {
    /// Sets who answers for projects; all or none. Returns how many.
    ///
    /// # Errors
    /// [`AppError::Refused`] for a unit beyond the actor's; [`AppError::Invalid`] with all that
    /// stands against it, `liaison.refused.overlaps` with the project's name.
    pub async fn assign(&self, actor: &Actor, input: &AssignInput) -> Result<usize, AppError> {
        let reference = self.reference().await?;
        let unit = input.unit_within(actor, &reference)?;
        check_projects(input)?;
        check_form(input)?;
        let mut begun = self.begin(actor).await?;
        let work = begun.work();
        check_holder(work.tx, &reference, &unit, &input.holder).await?;
        let new = input.assignment(unit, self.today());
        let mut ids = input.projects.clone();
        ids.sort_unstable();
        ids.dedup();
        let projects = locked_all(work.tx, actor, Action::Assign, &ids).await?;
        let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut standing = rows::assignment_list_of(work.tx, &numbers).await?;
        let mut messages = Vec::new();
        for (id, project) in &projects {
            let others = standing.remove(id).unwrap_or_default();
            if let Err(problem) = self.set(&work, project, others, &new, input).await? {
                messages.push(told(&problem, project.name()));
            }
            if messages.len() == MOST_LINES {
                break;
            }
        }
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        let only = projects.values().next().filter(|_| projects.len() == 1);
        let charged = Charged {
            holder: &new.holder,
            unit: &new.unit,
            act: new.duty.word(),
            name: only.map(|project| project.name().to_owned()),
            n: projects.len(),
            from: new.term.from,
            handover: None,
        };
        self.charged_told(work.tx, actor, charged).await?;
        begun.commit().await?;
        Ok(projects.len())
    }

    /// Sets who answers for one project that is locked, beside those it has.
    async fn set(
        &self,
        work: &Work<'_>,
        project: &Project,
        mut others: Vec<AssignmentRow>,
        new: &Assignment,
        input: &AssignInput,
    ) -> Result<Result<(), Refused>, AppError> {
        if input.instead == Instead::Relieve {
            for other in others.iter_mut().filter(|one| one.in_the_way_of(new)) {
                let term = match liaison::relieved(other.says.term, new.term.from) {
                    Ok(term) => term,
                    Err(problem) => return Ok(Err(problem)),
                };
                other.says.term = term;
                let last = term.to.unwrap_or(new.term.from);
                rows::assignment_end(work.tx, &other.about, other.id, last, work.actor.user)
                    .await?;
            }
        }
        let beside: Vec<Assignment> = others.into_iter().map(|one| one.says).collect();
        if let Err(problem) = liaison::check(new, &project.unit, &beside) {
            return Ok(Err(problem));
        }
        let row = AssignmentRow {
            about: About::Project(project.id),
            id: 0,
            says: new.clone(),
            reason: input.reason.trim().to_owned(),
            set_by: work.actor.user,
            at: work.now,
            ended_by: UserId(0),
            handover: 0,
        };
        self.set_row(work, project, &row).await?;
        Ok(Ok(()))
    }

    /// Adds an assignment with its line on the timeline and in the audit trail.
    pub(super) async fn set_row(
        &self,
        work: &Work<'_>,
        project: &Project,
        row: &AssignmentRow,
    ) -> Result<(), AppError> {
        let id = rows::assignment_insert(work.tx, row).await?;
        let name = self.holder_name(work.tx, &row.says.holder).await?;
        let side = self.reference().await?.unit_name(&row.says.unit);
        let line = format!("{}（{side}）：{name}", duty_word(row.says.duty));
        self.tell(work, project, row.says.term.from, &line).await?;
        let detail = json!({
            "assignment": id, "duty": row.says.duty.word(), "unit": row.says.unit.as_str(),
            "holder": row.says.holder.word(), "from": row.says.term.from.to_string(),
        });
        let subject = format!("project:{}", project.id);
        let detail = detail.to_string();
        audit(work.tx, work.actor, work.now, "assign", &subject, &detail).await
    }

    async fn tell(
        &self,
        work: &Work<'_>,
        project: &Project,
        on: Date,
        line: &str,
    ) -> Result<(), AppError> {
        let because = Because {
            kind: EventKind::Assigned,
            on,
            reason: line,
            document_no: "",
        };
        work.event(project, &because, Vec::new()).await
    }

    /// Ends an assignment on a day, its last; today when absent.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none that stands; [`AppError::Invalid`] for a day
    /// before its first.
    pub async fn assignment_end(
        &self,
        actor: &Actor,
        project: ProjectId,
        id: i64,
        last: Option<Date>,
    ) -> Result<(), AppError> {
        let last = last.unwrap_or(self.today());
        let mut begun = self.begin(actor).await?;
        let work = begun.work();
        let found = locked(work.tx, actor, Action::Assign, project).await?;
        let row = rows::assignment_list(work.tx, project)
            .await?
            .into_iter()
            .find(|one| one.id == id && one.says.term.to.is_none_or(|to| to >= self.today()))
            .or_not_found("assignment")?;
        reaches(actor, &row.says.unit)?;
        if last < row.says.term.from {
            return Err(cannot(&Refused::EndsBefore));
        }
        rows::assignment_end(work.tx, &row.about, id, last, actor.user).await?;
        let name = self.holder_name(work.tx, &row.says.holder).await?;
        let side = self.reference().await?.unit_name(&row.says.unit);
        let duty = duty_word(row.says.duty);
        let line = format!("{duty}（{side}）：{name}，至{last}止");
        self.tell(&work, &found, self.today(), &line).await?;
        let subject = format!("project:{project}");
        let detail = json!({ "assignment": id, "to": last.to_string() }).to_string();
        audit(
            work.tx,
            actor,
            work.now,
            "assignment_end",
            &subject,
            &detail,
        )
        .await?;
        begun.commit().await
    }

    /// How a holder is named in Chinese.
    pub(super) async fn holder_name(
        &self,
        conn: &impl gangmu_store::Conn,
        holder: &Holder,
    ) -> Result<String, AppError> {
        let reference = self.reference().await?;
        Ok(match holder {
            Holder::Named(name) => name.clone(),
            Holder::User(user) => accounts::user_get(conn, *user)
                .await?
                .map(|user| user.display_name)
                .unwrap_or_default(),
            Holder::Office { unit, department } => {
                let office = department.and_then(|id| reference.department_at(unit, id));
                let office = office.map_or_else(|| "发改委".to_owned(), |one| one.short_name);
                format!("{}{office}", reference.unit_name(unit))
            }
        })
    }
}

/// A banner's clerk sets nobody on its league's side.
pub(super) fn reaches(actor: &Actor, unit: &UnitPath) -> Result<(), AppError> {
    let grants = actor.grants(Action::Assign);
    match grants.iter().any(|grant| grant.scope.unit.contains(unit)) {
        true => Ok(()),
        false => Err(refused(Action::Assign)),
    }
}

fn check_projects(input: &AssignInput) -> Result<(), AppError> {
    match input.projects.is_empty() {
        true => Err(AppError::invalid("field.missing", "projects")),
        false => Ok(()),
    }
}

pub(super) fn check_form(input: &AssignInput) -> Result<(), AppError> {
    let mut messages = Vec::new();
    if input.projects.len() > MOST_PROJECTS {
        let most = [MOST_PROJECTS.to_string()];
        messages.push(Message::new("liaison.too_many_projects", "projects", most));
    }
    if input.reason.chars().count() > MOST_REASON {
        let most = [MOST_REASON.to_string()];
        messages.push(Message::new("field.too_long", "reason", most));
    }
    match messages.is_empty() {
        true => Ok(()),
        false => Err(AppError::Invalid { messages }),
    }
}

/// Sees that a person may log in and has a post in the unit, and that an office exists.
pub(super) async fn check_holder(
    tx: &Tx,
    reference: &Reference,
    unit: &UnitPath,
    holder: &Holder,
) -> Result<(), AppError> {
    let unfit = |code: &str| Err(AppError::invalid(code, "holder"));
    match holder {
        Holder::Named(_) => Ok(()),
        Holder::User(id) => {
            let user = accounts::user_get(tx, *id).await?;
            if user.is_none_or(|user| user.disabled != 0) {
                return unfit("liaison.refused.no_user");
            }
            let posts = accounts::post_list(tx, Some(*id)).await?;
            match posts.iter().any(|post| post.unit == *unit) {
                true => Ok(()),
                false => unfit("liaison.refused.no_post"),
            }
        }
        Holder::Office {
            unit: office,
            department,
        } => {
            let known = reference.unit(office).is_some()
                && department.is_none_or(|id| reference.department(id).is_some());
            match known {
                true => Ok(()),
                false => unfit("liaison.refused.no_office"),
            }
        }
    }
}

/// What stands against it, with the name of the project, chain or task where it is of that.
pub(super) fn told(problem: &Refused, name: &str) -> Message {
    let mut params = problem.params();
    let of_it = matches!(
        problem,
        Refused::NotAbove | Refused::Overlaps { .. } | Refused::BeganLater { .. }
    );
    if of_it {
        params.push(name.to_owned());
    }
    Message::new(problem.code(), problem.field(), params)
}
