//! The monthly dispatch (调度): opening, typing, submitting, reviewing, closing, correcting.
//!
//! A batch is one transaction: either every return of it is taken or none, and the totals move
//! once.

mod desk;
mod file;
mod group;
mod period;
mod review;
mod view;

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::dispatch::{CannotReport, Figures};
use gangmu_domain::library::{EventKind, Field, ProjectId, Value};
use gangmu_domain::organisation::UnitPath;
use gangmu_store::Tx;
use gangmu_store::dispatch;
use gangmu_store::library::Project;

use crate::change::{Because, Work};
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App};

pub(crate) use group::Group;
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
    /// Dates that were not typed.
    pub kept: KeptDates,
}

/// Dates that were not named at all, and stay as they are stored; not to be taken for cleared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptDates {
    /// When works began.
    pub started_on: bool,
    /// When it went into operation.
    pub finished_on: bool,
}

impl TypedReturn {
    /// What was typed, with the dates that were not from what is stored.
    fn figures_over(&self, stored: &Figures) -> Figures {
        let mut figures = self.figures.clone();
        if self.kept.started_on {
            figures.started_on = stored.started_on;
        }
        if self.kept.finished_on {
            figures.finished_on = stored.finished_on;
        }
        figures
    }
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
        let filed = self
            .filed(actor, period, vec![typed], Filing::Draft)
            .await?;
        let filed = filed.into_iter().next().or_not_found("return")?;
        self.filed_row(actor, filed).await
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
        self.filed(actor, period, batch, filing).await.map(drop)
    }
}

/// Makes sure a period is open; returns the units that have closed it for themselves.
async fn still_open(tx: &Tx, period: Period) -> Result<Vec<UnitPath>, AppError> {
    let row = dispatch::period_get(tx, period).await?;
    desk::open(row.map(|row| row.state), period)?;
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
