//! What decisions on returns look at, read for a whole batch before the first is decided.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::Period;
use gangmu_domain::dispatch::PeriodState;
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_store::dispatch::{self, ReturnRow};
use gangmu_store::library::Project;
use gangmu_store::{Tx, batch};

use crate::Actor;
use crate::error::{AppError, OrNotFound};
use crate::position::{Ground, Periods};

/// So many returns before the month a check compares with.
pub(super) const RECENT: i64 = 6;

/// The projects of a batch, locked, with their returns and what has been closed.
pub(super) struct Desk<'a> {
    periods: &'a Periods,
    closings: BTreeMap<Period, Vec<UnitPath>>,
    projects: BTreeMap<ProjectId, Project>,
    pub ground: Ground,
}

impl<'a> Desk<'a> {
    /// Locks projects in order of entry and reads what stands of them from the first open month
    /// on: a date that a return reports reaches the record, and so every open month.
    pub(super) async fn read(
        tx: &Tx,
        periods: &'a Periods,
        months: BTreeSet<Period>,
        ids: &[ProjectId],
    ) -> Result<Self, AppError> {
        let from = periods.first_open().or(months.first().copied());
        let from = from.or_not_found("period")?;
        let mut closings = BTreeMap::new();
        for month in months {
            closings.insert(month, dispatch::unit_closing_list(tx, month).await?);
        }
        let projects = batch::project_lock_all(tx, ids).await?;
        Ok(Self {
            periods,
            closings,
            projects: projects.into_iter().map(|p| (p.id, p)).collect(),
            ground: Ground::read(tx, ids, from, RECENT).await?,
        })
    }

    /// Makes sure a period is open; returns the units that have closed it for themselves.
    pub(super) fn still_open(&self, period: Period) -> Result<&[UnitPath], AppError> {
        open(self.periods.state(period), period)?;
        Ok(self.closings.get(&period).map_or(&[], Vec::as_slice))
    }

    /// Returns a project that the actor may do something with.
    pub(super) fn project(
        &self,
        actor: &Actor,
        action: Action,
        id: ProjectId,
    ) -> Result<&Project, AppError> {
        let project = self.projects.get(&id).or_not_found("project")?;
        actor.grant_on(action, &project.unit, project.department, project.reporter)?;
        Ok(project)
    }

    /// Returns a return, as long as it is the version that was seen, and the ones before it,
    /// oldest first.
    pub(super) fn seen(
        &self,
        id: ProjectId,
        period: Period,
        version: i64,
    ) -> Result<(&[ReturnRow], &ReturnRow), AppError> {
        let (before, row) = self.ground.returns_to(id, period);
        let row = row.or_not_found("return")?;
        if row.filed.version == version {
            Ok((before, row))
        } else {
            Err(AppError::Changed { what: "return" })
        }
    }
}

/// Makes sure a period is open.
pub(super) fn open(state: Option<PeriodState>, period: Period) -> Result<(), AppError> {
    match state.or_not_found("period")? {
        PeriodState::Open => Ok(()),
        PeriodState::Closed => Err(AppError::State {
            code: "dispatch.period_closed",
            params: vec![period.to_string()],
        }),
    }
}
