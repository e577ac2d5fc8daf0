//! Saving a project: one road for edits, imports, returns and the pipeline.
//!
//! It records the event, keeps the year's lists in step with the total investment, moves the
//! totals and writes the audit trail. A use case that goes around it leaves a hole `doctor` finds.

use gangmu_domain::Yuan;
use gangmu_domain::library::{Change, EventKind, Field, ProjectId, ProjectRecord, Value};
use gangmu_domain::metrics::MatterCounts;
use gangmu_domain::pipeline::{ProgrammeChange, ProgrammeChangeKind, Tally};
use gangmu_store::accounts::{self, AuditRow};
use gangmu_store::library::{self, Event, Project};
use gangmu_store::{Tx, approvals, bulk, pipeline};
use jiff::civil::Date;

use crate::App;
use crate::actor::Actor;
use crate::error::AppError;
use crate::position::{Affected, Deltas, Periods, recount, reposition};

/// Why something is changed: the words that go into the event.
#[derive(Clone, Debug)]
pub(crate) struct Because<'a> {
    /// What kind of thing happens.
    pub kind: EventKind,
    /// The day it counts from.
    pub on: Date,
    /// The reason; may be empty for plain edits.
    pub reason: &'a str,
    /// The document that says so; may be empty.
    pub document_no: &'a str,
}

/// A transaction's worth of context.
pub(crate) struct Work<'a> {
    pub tx: &'a Tx,
    pub actor: &'a Actor,
    pub now: i64,
    pub periods: &'a Periods,
    pub deltas: &'a mut Deltas,
}

/// A transaction that changes figures, from its beginning to its commit.
///
/// It holds the months before anything else, so that two of them cannot wait for each other, and
/// writes the differences to the totals as its last act.
pub(crate) struct Begun<'a> {
    tx: Tx,
    actor: &'a Actor,
    now: i64,
    periods: Periods,
    deltas: Deltas,
}

impl Begun<'_> {
    /// What the steps of the change work with.
    pub(crate) fn work(&mut self) -> Work<'_> {
        Work {
            tx: &self.tx,
            actor: self.actor,
            now: self.now,
            periods: &self.periods,
            deltas: &mut self.deltas,
        }
    }

    /// Writes the differences to the totals and makes everything durable.
    pub(crate) async fn commit(self) -> Result<(), AppError> {
        self.deltas.apply(&self.tx).await?;
        Ok(self.tx.commit().await?)
    }
}

impl App {
    /// Begins a transaction that changes figures.
    pub(crate) async fn begin<'a>(&self, actor: &'a Actor) -> Result<Begun<'a>, AppError> {
        let tx = self.db.begin().await?;
        let periods = Periods::read(&tx).await?;
        Ok(Begun {
            tx,
            actor,
            now: self.now(),
            periods,
            deltas: Deltas::default(),
        })
    }
}

/// Writes one row of the audit trail.
pub(crate) async fn audit(
    tx: &Tx,
    actor: &Actor,
    now: i64,
    action: &str,
    subject: &str,
    detail: &str,
) -> Result<(), AppError> {
    let row = audit_row(actor, now, action, subject, detail);
    Ok(accounts::audit_insert(tx, &row).await?)
}

pub(crate) fn audit_row(
    actor: &Actor,
    now: i64,
    action: &str,
    subject: &str,
    detail: &str,
) -> AuditRow {
    AuditRow {
        at: now,
        user_id: actor.user.0,
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    }
}

impl Work<'_> {
    /// Adds a project with its first event.
    pub(crate) async fn create(
        &mut self,
        project: &mut Project,
        because: &Because<'_>,
    ) -> Result<(), AppError> {
        mirror_pipeline(project);
        library::project_insert(self.tx, project, self.now).await?;
        project.version = 1;
        let changes = ProjectRecord::default().diff(&project.record);
        self.event(project, because, changes).await?;
        pipeline::stage_move_insert(self.tx, project, None, because.on).await?;
        self.audit("project_create", project).await
    }

    /// Adds many projects, each for its own reason: what [`Work::create`] does, in few statements.
    pub(crate) async fn create_all(
        &mut self,
        projects: Vec<(Project, Because<'_>)>,
    ) -> Result<Vec<Project>, AppError> {
        let nothing = ProjectRecord::default();
        let mut added = Vec::with_capacity(projects.len());
        let mut audits = Vec::with_capacity(projects.len());
        for (mut project, because) in projects {
            mirror_pipeline(&mut project);
            project.version = 1;
            let changes = nothing.diff(&project.record);
            audits.push(self.audit_row("project_create", &project));
            let event = self.event_of(&because, changes);
            added.push((project, event));
        }
        bulk::project_insert_all(self.tx, &added, self.now).await?;
        bulk::audit_insert_all(self.tx, &audits).await?;
        Ok(added.into_iter().map(|(project, _)| project).collect())
    }

    /// Saves a changed project; nothing happens when nothing changed.
    ///
    /// Returns whether anything did.
    pub(crate) async fn save(
        &mut self,
        before: &Project,
        after: &mut Project,
        because: &Because<'_>,
    ) -> Result<bool, AppError> {
        let saved = self.save_record(before, after, because).await?;
        if saved {
            self.reposition(after).await?;
        }
        Ok(saved)
    }

    /// Saves many changed projects, each named once: what [`Work::save`] does, with one derivation
    /// of positions for all.
    pub(crate) async fn save_all(
        &mut self,
        changed: &mut [(Project, Project)],
        because: &Because<'_>,
    ) -> Result<(), AppError> {
        let mut saved = Vec::with_capacity(changed.len());
        for (before, after) in changed {
            if self.save_record(before, after, because).await? {
                saved.push(&*after);
            }
        }
        self.reposition_all(saved).await
    }

    /// Saves a changed project without deriving its positions, which the caller does next.
    ///
    /// Returns whether anything changed.
    pub(crate) async fn save_record(
        &mut self,
        before: &Project,
        after: &mut Project,
        because: &Because<'_>,
    ) -> Result<bool, AppError> {
        mirror_pipeline(after);
        let changes = before.record.diff(&after.record);
        let same_reporter = before.reporter == after.reporter;
        if changes.is_empty() && same_reporter {
            return Ok(false);
        }
        if !library::project_update(self.tx, before, after, self.now).await? {
            return Err(AppError::Changed { what: "project" });
        }
        after.version = before.version + 1;
        self.event(after, because, changes).await?;
        if before.stage != after.stage {
            pipeline::stage_move_insert(self.tx, after, Some(before.stage), because.on).await?;
            if !after.stage.is_active() {
                approvals::case_close(self.tx, after.id, because.on).await?;
            }
        }
        if before.total() != after.total() {
            self.follow_total(after, because).await?;
        }
        self.audit(because.kind.word(), after).await?;
        Ok(true)
    }

    /// Derives positions afresh from the first open period on.
    pub(crate) async fn reposition(&mut self, project: &Project) -> Result<(), AppError> {
        self.reposition_all([project]).await
    }

    /// Derives the positions of projects, each named once, afresh from the first open period on.
    pub(crate) async fn reposition_all<'p>(
        &mut self,
        projects: impl IntoIterator<Item = &'p Project>,
    ) -> Result<(), AppError> {
        let affected: Vec<_> = projects.into_iter().map(Affected::by_itself).collect();
        match self.periods.first_open() {
            Some(from) => reposition(self.tx, self.periods, from, &affected, self.deltas).await,
            None => Ok(()),
        }
    }

    /// The same work, done by somebody else.
    pub(crate) fn by<'b>(&'b mut self, actor: &'b Actor) -> Work<'b> {
        Work {
            tx: self.tx,
            actor,
            now: self.now,
            periods: self.periods,
            deltas: self.deltas,
        }
    }

    /// Notes how far the matters of some projects are, in the returns of open months and the totals;
    /// returns how many returns that changed.
    pub(crate) async fn recount(
        &mut self,
        counts: &[(ProjectId, MatterCounts)],
    ) -> Result<usize, AppError> {
        recount(self.tx, self.periods, counts, self.deltas).await
    }

    /// Puts an event on the project's timeline.
    pub(crate) async fn event(
        &self,
        project: &Project,
        because: &Because<'_>,
        changes: Vec<Change>,
    ) -> Result<(), AppError> {
        let event = self.event_of(because, changes);
        Ok(library::event_insert(self.tx, project.id, &event).await?)
    }

    pub(crate) fn event_of(&self, because: &Because<'_>, changes: Vec<Change>) -> Event {
        Event {
            seq: 0,
            at: self.now,
            on: because.on,
            user: self.actor.user,
            kind: because.kind,
            reason: because.reason.to_owned(),
            document_no: because.document_no.to_owned(),
            changes,
        }
    }

    /// Keeps the current lists' total in step, as a line of the bridge (调整总投资).
    async fn follow_total(
        &mut self,
        project: &Project,
        because: &Because<'_>,
    ) -> Result<(), AppError> {
        let current = self.periods.list_year();
        for (year, mut entry) in pipeline::entry_list(self.tx, project.id).await? {
            let history = current.is_some_and(|current| year < current);
            // After a merger the list has the new total already, as part of the merger's line.
            if !entry.included || history || entry.total == project.total() {
                continue;
            }
            let delta = project.total() - entry.total;
            entry.total = project.total();
            pipeline::entry_put(self.tx, project.id, year, &entry).await?;
            let change = ProgrammeChange {
                project: project.id,
                on: because.on,
                kind: ProgrammeChangeKind::TotalAdjusted,
                delta: Tally {
                    projects: 0,
                    total: delta,
                    plan: Yuan::ZERO,
                },
                category: Some(entry.category),
                reason: because.reason.to_owned(),
                document_no: because.document_no.to_owned(),
            };
            pipeline::change_insert(self.tx, year, &change, self.actor.user, self.now).await?;
        }
        Ok(())
    }

    async fn audit(&self, action: &str, project: &Project) -> Result<(), AppError> {
        Ok(accounts::audit_insert(self.tx, &self.audit_row(action, project)).await?)
    }

    fn audit_row(&self, action: &str, project: &Project) -> AuditRow {
        let subject = format!("project:{}", project.id);
        audit_row(self.actor, self.now, action, &subject, "{}")
    }
}

/// Keeps the record's own stage fields in step, so that history shows them.
fn mirror_pipeline(project: &mut Project) {
    let stage = Value::Code(project.stage.word().to_owned());
    project.record.restore(Field::Stage, Some(stage));
    let suspended = project.suspended.then(|| Value::Code("yes".to_owned()));
    project.record.restore(Field::Suspended, suspended);
}
