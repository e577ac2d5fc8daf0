//! Filing returns: everything is read at once, decided without the database, and written at once.
//!
//! What one would get wrong: several people's batches may share a transaction. Each is decided
//! whole before anything is written, so a refused one leaves no trace and undoes no other.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::Period;
use gangmu_domain::dispatch::{
    CheckContext, Figures, Finding, Return, ReturnEventKind, Severity, check, unexplained,
};
use gangmu_domain::library::{EventKind, Field, ProjectId};
use gangmu_domain::organisation::Action;
use gangmu_store::dispatch::{ReturnEvent, ReturnRow};
use gangmu_store::library::Project;
use gangmu_store::{batch, bulk};

use super::desk::{Desk, RECENT};
use super::view::check_context;
use super::{Filing, TypedReturn, cannot, not_closed_for, with_dates};
use crate::change::{Because, Work, audit_row};
use crate::error::{AppError, Message};
use crate::position::{Affected, Refiled};
use crate::{Actor, App, Reference};

/// What one person files at a time: all of it or none.
pub(crate) struct Asked<'a> {
    pub actor: &'a Actor,
    pub period: Period,
    pub batch: &'a [TypedReturn],
    pub filing: Filing,
}

/// A return as it stands once it is filed, with what its row of the grid is made from.
pub(crate) struct Filed {
    pub project: Project,
    pub row: ReturnRow,
    pub context: CheckContext,
}

/// What is decided about one return, before anything is written.
struct Step {
    before: Project,
    after: Project,
    refiled: Refiled,
    event: Option<ReturnEvent>,
    recent: Vec<ReturnRow>,
}

impl App {
    /// Files one batch within a transaction that does other things too.
    pub(crate) async fn file_batch(
        &self,
        work: &mut Work<'_>,
        period: Period,
        batch: &[TypedReturn],
        filing: Filing,
    ) -> Result<(), AppError> {
        let asked = Asked {
            actor: work.actor,
            period,
            batch,
            filing,
        };
        for answer in self.file_all(work, &[asked]).await? {
            answer?;
        }
        Ok(())
    }

    /// Files the batches of several people, no project in two of them; each has its own answer.
    ///
    /// # Errors
    /// When the database fails; then none of them is filed.
    pub(crate) async fn file_all(
        &self,
        work: &mut Work<'_>,
        asked: &[Asked<'_>],
    ) -> Result<Vec<Result<Vec<Filed>, AppError>>, AppError> {
        let reference = self.reference().await?;
        let typed = asked.iter().flat_map(|one| one.batch);
        let ids: BTreeSet<ProjectId> = typed.map(|typed| typed.project).collect();
        let ids: Vec<ProjectId> = ids.into_iter().collect();
        let months = asked.iter().map(|one| one.period).collect();
        let desk = Desk::read(work.tx, work.periods, months, &ids).await?;
        let mut answers = Vec::with_capacity(asked.len());
        let mut all: Vec<(&Asked<'_>, Step)> = Vec::new();
        for one in asked {
            let decided = decide(&reference, &desk, one, work.now);
            answers.push(decided.map(|steps| {
                let from = all.len();
                all.extend(steps.into_iter().map(|step| (one, step)));
                from..all.len()
            }));
        }
        let rows = write(work, &desk, &mut all).await?;
        let mut filed: Vec<Option<Filed>> = all
            .into_iter()
            .map(|(one, step)| {
                rows.get(&(step.after.id, one.period))
                    .map(|row| step.filed(row))
            })
            .collect();
        let take = |range: std::ops::Range<usize>| {
            let places = filed.get_mut(range).unwrap_or_default();
            places.iter_mut().filter_map(Option::take).collect()
        };
        let mut take = take;
        Ok(answers
            .into_iter()
            .map(|answer| answer.map(&mut take))
            .collect())
    }
}

/// Decides one person's batch, or says all that is wrong with it.
fn decide(
    reference: &Reference,
    desk: &Desk<'_>,
    asked: &Asked<'_>,
    now: i64,
) -> Result<Vec<Step>, AppError> {
    let closings = desk.still_open(asked.period)?;
    let mut batch: Vec<&TypedReturn> = asked.batch.iter().collect();
    batch.sort_by_key(|typed| typed.project);
    let mut messages = Vec::new();
    let mut steps: Vec<Step> = Vec::with_capacity(batch.len());
    for typed in batch {
        let project = desk.project(asked.actor, Action::Report, typed.project)?;
        not_closed_for(closings, &project.unit)?;
        let (before, row) = desk.seen(typed.project, asked.period, typed.version)?;
        if steps
            .last()
            .is_some_and(|step| step.before.id == project.id)
        {
            return Err(AppError::Changed { what: "return" });
        }
        let draft = row
            .filed
            .save_draft(typed.figures_over(&row.filed.figures))
            .map_err(cannot)?;
        let step = Step::new(project, row, before);
        match asked.filing {
            Filing::Draft => steps.push(step.draft(draft)),
            Filing::Submit => {
                let stops = stops(project, row, before, &draft.figures);
                if stops.is_empty() {
                    let filed = draft
                        .submit(reference.level(&project.unit))
                        .map_err(cannot)?;
                    steps.push(step.submit(filed, asked.actor, row, now));
                }
                messages.extend(stops);
            }
        }
    }
    if messages.is_empty() {
        Ok(steps)
    } else {
        Err(AppError::Invalid { messages })
    }
}

impl Step {
    fn new(project: &Project, row: &ReturnRow, before: &[ReturnRow]) -> Self {
        Self {
            before: project.clone(),
            after: project.clone(),
            refiled: Refiled {
                period: row.period,
                filed: row.filed.clone(),
                submitted_at: row.submitted_at,
            },
            event: None,
            recent: newest_first(before).cloned().collect(),
        }
    }

    fn draft(mut self, draft: Return) -> Self {
        self.refiled.filed = draft;
        self
    }

    /// Hands the return in; dates it reports go into the record.
    fn submit(mut self, filed: Return, actor: &Actor, row: &ReturnRow, now: i64) -> Self {
        self.after = with_dates(&self.before, &filed.figures);
        self.event = Some(ReturnEvent {
            seq: 0,
            at: now,
            user: actor.user,
            kind: ReturnEventKind::Submitted,
            level: None,
            reason: String::new(),
            before: row.filed.figures.clone(),
            after: filed.figures.clone(),
        });
        self.refiled.submitted_at = Some(now);
        self.refiled.filed = filed;
        self
    }

    fn filed(self, row: &ReturnRow) -> Filed {
        let recent = self.recent.iter();
        Filed {
            context: check_context(&self.after, row, recent),
            project: self.after,
            row: row.clone(),
        }
    }
}

/// Writes what was decided; returns the rows as they stand now.
async fn write(
    work: &mut Work<'_>,
    desk: &Desk<'_>,
    all: &mut [(&Asked<'_>, Step)],
) -> Result<BTreeMap<(ProjectId, Period), ReturnRow>, AppError> {
    let mut events = Vec::new();
    let mut audits = Vec::new();
    for (asked, step) in all.iter_mut() {
        let id = step.before.id;
        if let Some(event) = step.event.take() {
            events.push((id, asked.period, event));
            let subject = format!("return:{id}:{}", asked.period);
            audits.push(audit_row(
                asked.actor,
                work.now,
                "return_submit",
                &subject,
                "{}",
            ));
        }
        if step.after.record != step.before.record {
            let reason = asked.period.to_string();
            let because = Because {
                kind: EventKind::Reported,
                on: asked.period.last_day(),
                reason: &reason,
                document_no: "",
            };
            let mut work = work.by(asked.actor);
            work.save_record(&step.before, &mut step.after, &because)
                .await?;
        }
    }
    batch::return_event_insert_all(work.tx, &events).await?;
    bulk::audit_insert_all(work.tx, &audits).await?;
    let affected: Vec<Affected<'_>> = all
        .iter()
        .map(|(_, step)| Affected {
            project: &step.after,
            refiled: Some(step.refiled.clone()),
        })
        .collect();
    let put = desk
        .ground
        .settle(work.tx, work.periods, &affected, work.deltas)
        .await?;
    Ok(put
        .into_iter()
        .map(|row| ((row.project, row.period), row))
        .collect())
}

fn newest_first(before: &[ReturnRow]) -> impl Iterator<Item = &ReturnRow> + Clone {
    before.iter().rev().take(RECENT.unsigned_abs() as usize)
}

/// Lists what stops a return from being handed in.
fn stops(
    project: &Project,
    row: &ReturnRow,
    before: &[ReturnRow],
    figures: &Figures,
) -> Vec<Message> {
    let findings = findings(project, row, before, figures);
    messages(project, &unexplained(&findings, figures))
}

/// Lists what stops a correction. Its reason explains all warnings, so only errors do.
pub(super) fn errors(
    project: &Project,
    row: &ReturnRow,
    before: &[ReturnRow],
    figures: &Figures,
) -> Vec<Message> {
    let mut found = findings(project, row, before, figures);
    found.retain(|finding| finding.severity == Severity::Error);
    messages(project, &found)
}

/// Finds what is wrong or strange with figures, beside the record their dates go into; `before`
/// are the returns before it, oldest first.
fn findings(
    project: &Project,
    row: &ReturnRow,
    before: &[ReturnRow],
    figures: &Figures,
) -> Vec<Finding> {
    let context = check_context(project, row, newest_first(before));
    let mut findings = check(figures, row.period, &context);
    let finish_before_start = with_dates(project, figures)
        .record
        .problems()
        .iter()
        .any(|problem| problem.field() == Field::ActualFinish);
    let code = "finish_before_start";
    if finish_before_start && findings.iter().all(|finding| finding.code != code) {
        findings.push(Finding {
            code,
            severity: Severity::Error,
            field: "finished_on",
            amounts: Vec::new(),
        });
    }
    findings
}

fn messages(project: &Project, findings: &[Finding]) -> Vec<Message> {
    let message = |finding: &Finding| {
        let mut params = vec![project.name().to_owned()];
        params.extend(finding.amounts.iter().map(ToString::to_string));
        Message::new(
            format!("dispatch.check.{}", finding.code),
            format!("{}.{}", project.id, finding.field),
            params,
        )
    };
    findings.iter().map(message).collect()
}
