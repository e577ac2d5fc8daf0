//! The monthly dispatch (调度): opening, typing, submitting, reviewing, closing, correcting.
//!
//! A batch is one transaction: either every return of it is taken or none, and the totals move
//! once.

mod period;
mod review;
mod view;

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::dispatch::{
    CannotReport, Figures, Finding, PeriodState, Return, ReturnEventKind, Severity, check,
    unexplained,
};
use gangmu_domain::library::{EventKind, Field, ProjectId, Value};
use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_store::Tx;
use gangmu_store::dispatch::{self, ReturnEvent, ReturnRow};
use gangmu_store::library::Project;

use crate::change::{Because, Work, audit};
use crate::error::{AppError, Message, OrNotFound};
use crate::library::locked;
use crate::position::{Deltas, Periods, Refiled, reposition};
use crate::{Actor, App};

pub use period::{PeriodView, UnitProgress};
pub use review::{CorrectionView, MovedFigure, ReviewQuery};
pub use view::{FindingView, GridRow, GridView, LateView, ReturnEventView};

/// Typed figures for one project, made from the version the person saw.
#[derive(Clone, Debug)]
pub struct TypedReturn {
    /// The project.
    pub project: ProjectId,
    /// The version the figures were typed into.
    pub version: i64,
    /// What was typed.
    pub figures: Figures,
}

/// What to do with typed figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filing {
    /// Keep them as a draft.
    Draft,
    /// Keep them and hand them in.
    Submit,
}

impl App {
    /// Saves one return as a draft and shows it with what is derived and found.
    ///
    /// # Errors
    /// [`AppError::Changed`] when somebody else saved meanwhile; nothing is overwritten.
    pub async fn return_save(
        &self,
        actor: &Actor,
        period: Period,
        typed: TypedReturn,
    ) -> Result<GridRow, AppError> {
        let id = typed.project;
        self.returns_file(actor, period, vec![typed], Filing::Draft)
            .await?;
        self.grid_row(actor, period, id).await
    }

    /// Saves returns, as drafts or handed in; all of them or none.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with everything that stops a submission, each named by project;
    /// [`AppError::Changed`] when one was saved by somebody else meanwhile;
    /// [`AppError::State`] when the period is closed.
    pub async fn returns_file(
        &self,
        actor: &Actor,
        period: Period,
        batch: Vec<TypedReturn>,
        filing: Filing,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let mut deltas = Deltas::default();
        let filed = {
            let periods = Periods::read(&tx).await?;
            let mut work = self.work(&tx, actor, &periods, &mut deltas);
            self.file_batch(&mut work, period, batch, filing).await
        };
        filed?;
        deltas.apply(&tx).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) async fn file_batch(
        &self,
        work: &mut Work<'_>,
        period: Period,
        mut batch: Vec<TypedReturn>,
        filing: Filing,
    ) -> Result<(), AppError> {
        let closings = still_open(work.tx, period).await?;
        // One order of locks, so that two batches cannot wait for each other.
        batch.sort_by_key(|typed| typed.project);
        let mut messages = Vec::new();
        for typed in batch {
            let project = locked(work.tx, work.actor, Action::Report, typed.project).await?;
            not_closed_for(&closings, &project.unit)?;
            let row = dispatch::return_get(work.tx, project.id, period)
                .await?
                .or_not_found("return")?;
            if row.filed.version != typed.version {
                return Err(AppError::Changed { what: "return" });
            }
            let draft = row.filed.save_draft(typed.figures).map_err(cannot)?;
            match filing {
                Filing::Draft => self.save_filed(work, &project, row, draft, None).await?,
                Filing::Submit => {
                    let stops = stops(work, &project, &row, &draft.figures).await?;
                    if stops.is_empty() {
                        self.submit_one(work, project, row, draft).await?;
                    }
                    messages.extend(stops);
                }
            }
        }
        if messages.is_empty() {
            Ok(())
        } else {
            Err(AppError::Invalid { messages })
        }
    }

    /// Hands one return in, and writes dates it reports into the record.
    async fn submit_one(
        &self,
        work: &mut Work<'_>,
        project: Project,
        row: ReturnRow,
        draft: Return,
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let level = reference.level(&project.unit);
        let submitted = draft.submit(level).map_err(cannot)?;
        let event = ReturnEvent {
            seq: 0,
            at: work.now,
            user: work.actor.user,
            kind: ReturnEventKind::Submitted,
            level: None,
            reason: String::new(),
            before: row.filed.figures.clone(),
            after: submitted.figures.clone(),
        };
        dispatch::return_event_insert(work.tx, project.id, row.period, &event).await?;
        let period = row.period;
        let figures = submitted.figures.clone();
        let at = work.now;
        self.save_filed(work, &project, row, submitted, Some(at))
            .await?;
        report_dates(work, &project, with_dates(&project, &figures), period).await?;
        let subject = format!("return:{}:{period}", project.id);
        audit(
            work.tx,
            work.actor,
            work.now,
            "return_submit",
            &subject,
            "{}",
        )
        .await
    }

    /// Stores a return and derives the project's positions from its period on.
    async fn save_filed(
        &self,
        work: &mut Work<'_>,
        project: &Project,
        row: ReturnRow,
        filed: Return,
        submitted_at: Option<i64>,
    ) -> Result<(), AppError> {
        let refiled = Refiled {
            period: row.period,
            filed,
            submitted_at: submitted_at.or(row.submitted_at),
        };
        reposition(
            work.tx,
            work.periods,
            project,
            row.period,
            Some(refiled),
            work.deltas,
        )
        .await
    }
}

/// Makes sure a period is open; returns the units that have closed it for themselves.
async fn still_open(tx: &Tx, period: Period) -> Result<Vec<UnitPath>, AppError> {
    let row = dispatch::period_get(tx, period)
        .await?
        .or_not_found("period")?;
    if row.state == PeriodState::Closed {
        return Err(AppError::State {
            code: "dispatch.period_closed",
            params: vec![period.to_string()],
        });
    }
    Ok(dispatch::unit_closing_list(tx, period).await?)
}

fn not_closed_for(closings: &[UnitPath], unit: &UnitPath) -> Result<(), AppError> {
    match closings.iter().find(|closed| closed.contains(unit)) {
        Some(closed) => Err(AppError::State {
            code: "dispatch.unit_closed",
            params: vec![closed.codes().last().unwrap_or_default().to_owned()],
        }),
        None => Ok(()),
    }
}

/// Lists what stops a return from being handed in.
async fn stops(
    work: &Work<'_>,
    project: &Project,
    row: &ReturnRow,
    figures: &Figures,
) -> Result<Vec<Message>, AppError> {
    let findings = findings(work, project, row, figures).await?;
    Ok(messages(project, &unexplained(&findings, figures)))
}

/// Finds what is wrong or strange with figures, beside the record their dates go into.
async fn findings(
    work: &Work<'_>,
    project: &Project,
    row: &ReturnRow,
    figures: &Figures,
) -> Result<Vec<Finding>, AppError> {
    let before = dispatch::return_list_before(work.tx, project.id, row.period, 6).await?;
    let context = view::check_context(project, row, &before);
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
    Ok(findings)
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

/// Writes a reported start or completion into the record, where every other table finds it.
async fn report_dates(
    work: &mut Work<'_>,
    project: &Project,
    mut after: Project,
    period: Period,
) -> Result<(), AppError> {
    if after.record == project.record {
        return Ok(());
    }
    let reason = period.to_string();
    let because = Because {
        kind: EventKind::Reported,
        on: period.last_day(),
        reason: &reason,
        document_no: "",
    };
    work.save(project, &mut after, &because).await?;
    Ok(())
}

fn reported(figures: &Figures) -> [(Field, Option<jiff::civil::Date>); 2] {
    [
        (Field::ActualStart, figures.started_on),
        (Field::ActualFinish, figures.finished_on),
    ]
}

/// The project with the dates that figures report.
fn with_dates(project: &Project, figures: &Figures) -> Project {
    let mut after = project.clone();
    for (field, day) in reported(figures) {
        if let Some(day) = day {
            after.record.restore(field, Some(Value::Date(day)));
        }
    }
    after
}

/// The same for a correction: a date the return had reported, and reports no more, leaves the
/// record too, unless somebody has entered another one since.
fn with_corrected_dates(project: &Project, before: &Figures, figures: &Figures) -> Project {
    let mut after = with_dates(project, figures);
    for ((field, old), (_, new)) in reported(before).into_iter().zip(reported(figures)) {
        if new.is_none() && old.is_some() && project.record.date(field) == old {
            after.record.restore(field, None);
        }
    }
    after
}

fn cannot(problem: CannotReport) -> AppError {
    match problem {
        CannotReport::InStatus { status } => AppError::State {
            code: "dispatch.in_status",
            params: vec![status.word().to_owned()],
        },
        CannotReport::NotYourTurn { awaiting } => AppError::State {
            code: "dispatch.not_your_turn",
            params: vec![awaiting.number().to_string()],
        },
        CannotReport::NoReason => AppError::invalid("dispatch.reason_missing", "reason"),
    }
}

/// Amounts by source, as the API has them.
pub type Funds = BTreeMap<String, i64>;
