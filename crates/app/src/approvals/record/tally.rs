//! Folding matters into counts and spreads of working days.
//!
//! What a reader would get wrong: what lies past its limit undecided counts as late already, so
//! that leaving a matter alone never improves a rate; but only what was decided has a duration, and
//! what a closed case left undecided is in nobody's hands and counts nowhere.

use gangmu_analysis::statistics::{Share, Summary};
use gangmu_calendar::clock::{Act, Clock, Light, Reading, State};
use gangmu_calendar::{Calendar, CalendarError};
use gangmu_domain::approvals::Spent;
use gangmu_domain::organisation::{DepartmentId, UnitPath};
use jiff::civil::Date;

use super::{Handled, Record, RecordQuery, unknown};
use crate::approvals::load::calendar_error;
use crate::error::AppError;

/// What matters of one kind come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// Decided in the time asked about.
    pub decided: usize,
    /// In somebody's hands at its end.
    pub open: usize,
    /// Of the open ones, those past a limit.
    pub open_late: usize,
    /// Decided, or past it, within the law's limit.
    pub statutory: Share,
    /// The same with the promised limit.
    pub promised: Share,
    /// Sent back for mending.
    pub returned: Share,
    /// Refused, of the decided ones.
    pub refused: usize,
    total: Vec<i64>,
    clock: Vec<i64>,
    waiting: Vec<i64>,
    suspended: Vec<i64>,
    applicant: Vec<i64>,
}

/// How a tally's working days spread, part by part.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spreads {
    pub total: Option<Summary>,
    pub clock: Option<Summary>,
    pub waiting: Option<Summary>,
    pub suspended: Option<Summary>,
    pub applicant: Option<Summary>,
}

/// What one matter adds to its tallies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    pub spent: Option<Spent>,
    pub refused: bool,
    pub is_open: bool,
    pub statutory: Option<bool>,
    pub promised: Option<bool>,
    pub returned: bool,
}

/// The office a matter counts for: that of the deciding unit, or the one that has it.
pub(super) struct Office {
    pub department: DepartmentId,
    pub unit: UnitPath,
}

impl Record {
    /// Goes through the matters that count in the time asked about, as they stood at a day's end.
    pub(super) fn count<'r>(
        &'r self,
        query: &RecordQuery,
        day: Date,
        mut each: impl FnMut(&Handled<'r>, Office, Counted),
    ) -> Result<(), AppError> {
        let department = query.department.as_deref().map(|code| {
            let found = self.reference.department_by_any_name(code);
            let id = found.map(|one| DepartmentId(one.department_id));
            id.ok_or_else(|| unknown("department", code))
        });
        let department = department.transpose()?;
        let place = query.office.as_deref().map(|code| {
            let found = self.reference.unit_by_code(code);
            found.ok_or_else(|| unknown("office", code))
        });
        let place = place.transpose()?.map(|unit| &unit.path);
        for row in &self.rows {
            let handled = self.handled(row, day)?;
            let office = Office::of(self, &handled, day);
            if department.is_some_and(|wanted| wanted != office.department)
                || place.is_some_and(|wanted| *wanted != office.unit)
            {
                continue;
            }
            let counted = Counted::of(&handled, &self.reference.calendar, query.from, day);
            if let Some(counted) = counted.map_err(calendar_error)? {
                each(&handled, office, counted);
            }
        }
        Ok(())
    }
}

impl Office {
    fn of(record: &Record, handled: &Handled<'_>, day: Date) -> Self {
        let leg = handled.setup.legs.get(handled.course.leg());
        Self {
            department: record.lead(handled.row, day),
            unit: leg.map_or_else(|| handled.row.item.own.clone(), |leg| leg.unit.clone()),
        }
    }
}

impl Counted {
    /// Reads a matter at the end of a day; none when nothing of it falls into the time asked about.
    pub fn of(
        handled: &Handled<'_>,
        calendar: &Calendar,
        from: Option<Date>,
        day: Date,
    ) -> Result<Option<Self>, CalendarError> {
        let (setup, course) = (&handled.setup, &handled.course);
        // Nobody can do anything any more where the project has left the pipeline.
        let closed = handled.row.closed_on.is_some_and(|on| on <= day);
        let is_open = course.phase().is_open() && !closed;
        let decided = course.outcome.as_ref();
        let counts = decided.is_some_and(|one| from.is_none_or(|from| one.on >= from));
        if !is_open && !counts {
            return Ok(None);
        }
        let clocks = setup.clocks_of(course.leg(), course, calendar, day)?;
        let kept = |wanted: Clock| {
            let (_, reading) = clocks.iter().find(|(clock, _)| *clock == wanted)?;
            in_time(reading)
        };
        let mut acts = course.ledgers.iter().flatten();
        Ok(Some(Self {
            spent: match counts {
                true => setup.spent(course, calendar)?,
                false => None,
            },
            refused: decided.is_some_and(|one| !one.granted),
            is_open,
            statutory: kept(Clock::Statutory),
            promised: kept(Clock::Promised),
            returned: acts.any(|event| event.act == Act::CorrectionAsked),
        }))
    }
}

/// Says whether a decision came in time; `None` while its day has not passed.
pub(in crate::approvals) fn in_time(reading: &Reading) -> Option<bool> {
    match (reading.state, reading.light) {
        (_, Light::Red) => Some(false),
        (State::Ended { .. }, _) => Some(true),
        _ => None,
    }
}

impl Tally {
    pub fn add(&mut self, one: &Counted) {
        self.open += usize::from(one.is_open);
        let late = one.statutory == Some(false) || one.promised == Some(false);
        self.open_late += usize::from(one.is_open && late);
        self.decided += usize::from(!one.is_open);
        self.refused += usize::from(one.refused);
        self.returned.count(one.returned);
        for (share, kept) in [
            (&mut self.statutory, one.statutory),
            (&mut self.promised, one.promised),
        ] {
            if let Some(kept) = kept {
                share.count(kept);
            }
        }
        if let Some(spent) = one.spent {
            for (list, days) in [
                (&mut self.total, spent.total),
                (&mut self.clock, spent.clock),
                (&mut self.waiting, spent.waiting),
                (&mut self.suspended, spent.suspended),
                (&mut self.applicant, spent.applicant),
            ] {
                list.push(days.into());
            }
        }
    }

    pub fn spreads(&mut self) -> Spreads {
        Spreads {
            total: Summary::of(&mut self.total),
            clock: Summary::of(&mut self.clock),
            waiting: Summary::of(&mut self.waiting),
            suspended: Summary::of(&mut self.suspended),
            applicant: Summary::of(&mut self.applicant),
        }
    }
}
