//! How quickly offices send up what is decided above (即来即转) and decide what is decided on the
//! day (即来即办), counted per office.
//!
//! What a reader would get wrong: what still lies there past its day counts as late already, so
//! that leaving a matter alone never improves a rate; where a case was closed, until that day.

use std::collections::BTreeMap;

use gangmu_calendar::clock::{Clock, Reading};
use gangmu_domain::approvals::{Course, LegDuty};
use gangmu_domain::organisation::{Action, DepartmentId, UnitPath};
use gangmu_store::approvals::{self, WithActs, WorkFilter};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::load::{calendar_error, setup_of};
use super::record::in_time;
use super::view::DepartmentView;
use crate::error::AppError;
use crate::library::UnitView;
use crate::{Actor, App, Reference};

/// How quickly one office answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelinessView {
    /// The unit.
    pub unit: UnitView,
    /// The department.
    pub department: DepartmentView,
    /// Matters to be sent up whose day has come.
    pub forwarding: i64,
    /// Of these, sent up in time.
    pub forwarded_in_time: i64,
    /// Matters to be decided on the day whose day has come.
    pub immediate: i64,
    /// Of these, decided in time.
    pub decided_in_time: i64,
}

#[derive(Clone, Copy, Default)]
struct Tally {
    forwarding: i64,
    forwarded_in_time: i64,
    immediate: i64,
    decided_in_time: i64,
}

type Offices = BTreeMap<(UnitPath, DepartmentId), Tally>;

const PART: i64 = 500;

impl App {
    /// Counts, per office, what came in from a day until before another and was sent up, or
    /// decided, on its day; of the projects one sees.
    ///
    /// # Errors
    /// When the actor may not read.
    pub async fn approval_timeliness(
        &self,
        actor: &Actor,
        from: Date,
        until: Date,
    ) -> Result<Vec<TimelinessView>, AppError> {
        let grant = actor.grant(Action::Read)?;
        let reference = self.reference().await?;
        let mut filter = WorkFilter {
            projects: Some(grant.scope),
            started_from: Some(from.to_string()),
            started_before: Some(until.to_string()),
            acts: WithActs::All,
            limit: PART,
            ..WorkFilter::default()
        };
        let mut offices = Offices::new();
        loop {
            let rows = approvals::work_list(&self.db, &filter).await?;
            for row in &rows {
                let catalogue = self.catalogue(&self.db, row.catalogue).await?;
                let setup = setup_of(&catalogue, &row.item, None)?;
                let course = Course::of(&setup, &row.acts);
                // No day comes any more for a matter whose case is closed.
                let until = row.closed_on.unwrap_or(Date::MAX).min(self.today());
                let department = course.department.unwrap_or(row.item.department);
                for (at, leg) in setup.legs.iter().enumerate() {
                    let clocks = setup
                        .clocks_of(at, &course, &reference.calendar, until)
                        .map_err(calendar_error)?;
                    let office = offices.entry((leg.unit.clone(), department)).or_default();
                    let immediate = setup.limits().immediate && leg.duty == LegDuty::Decides;
                    office.count(&clocks, immediate);
                }
            }
            if rows.len() < usize::try_from(PART).unwrap_or(usize::MAX) {
                break;
            }
            filter.offset += PART;
        }
        Ok(views(&reference, offices))
    }
}

impl Tally {
    fn count(&mut self, clocks: &[(Clock, Reading)], immediate: bool) {
        for (clock, reading) in clocks {
            let Some(in_time) = in_time(reading) else {
                continue;
            };
            match clock {
                Clock::Forwarding => {
                    self.forwarding += 1;
                    self.forwarded_in_time += i64::from(in_time);
                }
                Clock::Promised if immediate => {
                    self.immediate += 1;
                    self.decided_in_time += i64::from(in_time);
                }
                _ => {}
            }
        }
    }
}

fn views(reference: &Reference, offices: Offices) -> Vec<TimelinessView> {
    let busy = |(_, one): &(_, Tally)| one.forwarding + one.immediate > 0;
    offices
        .into_iter()
        .filter(busy)
        .map(|((unit, department), one)| TimelinessView {
            unit: UnitView::new(reference, &unit),
            department: DepartmentView::new(reference, &unit, department),
            forwarding: one.forwarding,
            forwarded_in_time: one.forwarded_in_time,
            immediate: one.immediate,
            decided_in_time: one.decided_in_time,
        })
        .collect()
}
