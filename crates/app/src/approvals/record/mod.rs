//! What the record of our own cases teaches: how long matters take, the process as it was, event
//! logs, and what a change would free.
//!
//! What a reader would get wrong: a record is read whole, in a fixed number of queries however many
//! cases there are, and folded in memory. Nothing of it is stored; a struck act is in none of it.

mod export;
mod log;
mod matters;
mod process;
mod tally;
mod timing;
mod timing_table;
mod what_if;
mod what_if_view;

use std::collections::BTreeMap;
use std::sync::Arc;

use gangmu_domain::approvals::{
    Act, Catalogue, Course, Leg, MatterGroup, Setup, legs, standing_events,
};
use gangmu_domain::organisation::{Action, DepartmentId};
use gangmu_store::approvals::{self, WithActs, WorkFilter, WorkRow};
use jiff::civil::Date;

pub use log::{RecordLog, View, act_name};
pub use matters::{Among, DaysView, TimedPage, TimedView};
pub use process::ProcessView;
pub(super) use tally::in_time;
pub use timing::{BenchmarkView, By, PartsView, Spread, TimingRow, TimingView};
pub use what_if::Asked;
pub use what_if_view::{ChangeView, FreedView, ProjectView, StartsView, WhatIfView};

use super::load::setup_of;
use crate::error::{AppError, Message};
use crate::library::UnitView;
use crate::{Actor, App, Reference};

/// Which part of the record to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordQuery {
    /// The code of a unit: its projects and those below; all one sees when absent.
    pub unit: Option<String>,
    /// Only matters of this part of the way.
    pub group: Option<MatterGroup>,
    /// Only this matter.
    pub item: Option<String>,
    /// Only the code of this lead department.
    pub department: Option<String>,
    /// Only what this unit's office decides, or has; of the times only.
    pub office: Option<String>,
    /// Only what happened from this day on.
    pub from: Option<Date>,
    /// Only what happened before this day.
    pub until: Option<Date>,
}

/// A part of the record, read.
pub(super) struct Record {
    pub rows: Vec<WorkRow>,
    pub catalogues: BTreeMap<i64, Arc<Catalogue>>,
    pub reference: Arc<Reference>,
    pub unit: UnitView,
}

/// One matter of the record with the rules it was handled under.
pub(super) struct Handled<'r> {
    pub row: &'r WorkRow,
    pub setup: Setup<'r>,
    pub course: Course,
}

impl App {
    /// Reads the matters a person sees that came in before the query's end and were not decided
    /// before its beginning: one query, and one for every catalogue not seen before.
    pub(super) async fn record(
        &self,
        actor: &Actor,
        query: &RecordQuery,
    ) -> Result<Record, AppError> {
        let reference = self.reference().await?;
        let scope = self
            .scope_in(actor, Action::Read, query.unit.as_deref())
            .await?;
        let unit = UnitView::new(&reference, &scope.unit);
        let mut filter = WorkFilter {
            projects: Some(scope),
            items: query.item.iter().cloned().collect(),
            not_decided_before: query.from.map(|day| day.to_string()),
            started_before: query.until.map(|day| day.to_string()),
            came: true,
            acts: WithActs::All,
            ..WorkFilter::default()
        };
        if let Some(code) = &query.department {
            let found = reference.department_by_any_name(code);
            let found = found.ok_or_else(|| unknown("department", code))?;
            filter.lead = Some(DepartmentId(found.department_id));
        }
        let mut record = self.gather(reference, unit, &filter).await?;
        if let Some(group) = query.group {
            record.keep_group(group);
        }
        Ok(record)
    }

    /// Reads matters and the catalogues their cases were made under.
    async fn gather(
        &self,
        reference: Arc<Reference>,
        unit: UnitView,
        filter: &WorkFilter,
    ) -> Result<Record, AppError> {
        let rows = approvals::work_list_all(&self.db, filter).await?;
        let mut versions: Vec<i64> = rows.iter().map(|row| row.catalogue).collect();
        versions.sort_unstable();
        versions.dedup();
        let mut catalogues = BTreeMap::new();
        for version in versions {
            catalogues.insert(version, self.catalogue(&self.db, version).await?);
        }
        Ok(Record {
            rows,
            catalogues,
            reference,
            unit,
        })
    }
}

impl RecordQuery {
    /// The same question without a department: who led on a past day is known from the acts, not
    /// by the database.
    pub(super) fn of_any_department(&self) -> Self {
        Self {
            department: None,
            ..self.clone()
        }
    }

    /// The day the record is read for: the last before the query's end, and never after today.
    pub(super) fn day(&self, today: Date) -> Date {
        let last = self.until.and_then(|day| day.yesterday().ok());
        last.map_or(today, |day| day.min(today))
    }
}

impl Record {
    fn keep_group(&mut self, group: MatterGroup) {
        let catalogues = &self.catalogues;
        self.rows.retain(|row| {
            let matter = catalogues
                .get(&row.catalogue)
                .and_then(|one| one.matter(&row.item.item));
            matter.is_some_and(|one| one.group == group)
        });
    }

    /// Folds a matter's acts until a day's end under the rules of its case.
    pub fn handled<'r>(&'r self, row: &'r WorkRow, day: Date) -> Result<Handled<'r>, AppError> {
        let missing = || AppError::NotFound { what: "catalogue" };
        let catalogue = self.catalogues.get(&row.catalogue).ok_or_else(missing)?;
        let planned = row.planned_start_on.as_deref();
        let planned = planned.and_then(|day| day.parse().ok());
        let setup = setup_of(catalogue, &row.item, planned)?;
        let course = Course::as_of(&setup, &row.acts, day);
        Ok(Handled { row, setup, course })
    }

    /// Lists the offices a matter passes through.
    pub fn legs(&self, row: &WorkRow) -> Vec<Leg> {
        let catalogue = self.catalogues.get(&row.catalogue);
        let stepwise = catalogue.is_some_and(|one| one.service.stepwise);
        legs(&row.item.own, row.item.level, stepwise)
    }

    /// Returns the department that led a matter at the end of a day.
    pub fn lead(&self, row: &WorkRow, day: Date) -> DepartmentId {
        let mut lead = row.item.department;
        let changes = standing_events(&row.acts).into_iter().rev();
        // What stands in the row is the last; before the first change the catalogue's leads.
        for event in changes {
            if let Act::Adjust {
                department: Some(to),
                ..
            } = event.act
            {
                if event.on <= day {
                    return to;
                }
                lead = self.first_lead(row).unwrap_or(lead);
            }
        }
        lead
    }

    fn first_lead(&self, row: &WorkRow) -> Option<DepartmentId> {
        let catalogue = self.catalogues.get(&row.catalogue)?;
        let code = &catalogue.matter(&row.item.item)?.department;
        let found = self.reference.department_by_any_name(code)?;
        Some(DepartmentId(found.department_id))
    }
}

pub(super) fn unknown(what: &str, word: &str) -> AppError {
    AppError::Invalid {
        messages: vec![Message::new("field.unknown_word", what, [word.to_owned()])],
    }
}
