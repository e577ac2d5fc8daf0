//! How a project's positions follow from what is stored: pure, for one project at a time.

use std::collections::BTreeMap;

use gangmu_domain::dispatch::{Return, ReturnStatus, SiteStatus};
use gangmu_domain::library::Field;
use gangmu_domain::metrics::{
    Carried, Coordinates, EntryFacts, MatterCounts, MonthFacts, Position,
};
use gangmu_domain::pipeline::{Category, monthly_share};
use gangmu_domain::{Period, Yuan};
use gangmu_store::dispatch::ReturnRow;
use gangmu_store::library::Project;
use gangmu_store::pipeline::Entry;

use super::{Affected, Periods};

/// A return that replaces the stored one while positions are derived.
#[derive(Clone)]
pub(crate) struct Refiled {
    /// The period of the return.
    pub period: Period,
    /// What stands in it now.
    pub filed: Return,
    /// When it was handed in.
    pub submitted_at: Option<i64>,
}

/// What is stored of a project that its positions follow from.
#[derive(Default)]
pub(crate) struct Stored {
    /// Returns, oldest first; where there are any before the first to derive, the last of them.
    pub returns: Vec<ReturnRow>,
    /// Its entries on the lists of the years to derive.
    pub entries: BTreeMap<i16, Entry>,
    /// What it had taken over by months of its own, where an entry says that it took over anything.
    pub taken_over: BTreeMap<Period, Carried>,
    /// How far the matters of its case are.
    pub matters: MatterCounts,
}

impl Stored {
    /// Returns the returns before a period, and those from it on.
    pub(super) fn around(&self, period: Period) -> (&[ReturnRow], &[ReturnRow]) {
        let at = self.returns.partition_point(|row| row.period < period);
        self.returns.split_at(at)
    }

    /// Returns the entry of an open month's list while the project is on it.
    fn entry(&self, period: Period) -> Option<&Entry> {
        let entry = self.entries.get(&period.year());
        entry.filter(|entry| entry.included)
    }

    /// Returns what the project had taken over by a month.
    fn carried(&self, entry: &Entry, period: Period) -> Carried {
        if entry.carried == Carried::default() {
            return entry.carried;
        }
        let own = self.taken_over.get(&period);
        own.copied().unwrap_or(entry.carried)
    }

    /// Returns what a month is measured against; nothing when the project is on no list then.
    fn facts(
        &self,
        project: &Project,
        period: Period,
        open: bool,
        row: Option<&ReturnRow>,
    ) -> Option<EntryFacts> {
        if !open {
            return row.map(|row| row.position.entry.clone());
        }
        let entry = self.entry(period)?;
        Some(EntryFacts {
            carried: self.carried(entry, period),
            matters: self.matters,
            ..entry_facts(project, entry, period)
        })
    }
}

/// A month of a project that comes out otherwise than it is stored; without a row after, the
/// project left the list while the month was open.
pub(crate) struct Moved<'a> {
    /// The row as stored.
    pub before: Option<&'a ReturnRow>,
    /// The row as it must be.
    pub after: Option<ReturnRow>,
}

/// Derives a project's positions from a period on and returns the months that move.
pub(crate) fn derive<'a>(
    periods: &Periods,
    from: Period,
    affected: &Affected<'_>,
    stored: &'a Stored,
) -> Vec<Moved<'a>> {
    let project = affected.project;
    let (before, rows) = stored.around(from);
    let mut rows: BTreeMap<Period, Option<&ReturnRow>> =
        rows.iter().map(|row| (row.period, Some(row))).collect();
    for period in periods.open_from(from) {
        rows.entry(period).or_insert(None);
    }
    let mut moved = Vec::new();
    let mut stood = before.last();
    let mut previous = stood.map(|row| (row.period, row.position.clone()));
    for (period, row) in rows {
        let open = periods.is_open(period);
        let Some(facts) = stored.facts(project, period, open, row) else {
            moved.extend(row.map(|row| Moved {
                before: Some(row),
                after: None,
            }));
            continue;
        };
        let new = affected.refiled.as_ref().filter(|new| new.period == period);
        let frozen = row
            .filter(|_| !open && new.is_none())
            .map(|row| Frozen::since(stood, row));
        let (filed, submitted_at) = match (new, row) {
            (Some(new), _) => (new.filed.clone(), new.submitted_at),
            (None, Some(row)) => (row.filed.clone(), row.submitted_at),
            (None, None) => (Return::due(), None),
        };
        let month = month_facts(&filed, project, facts.coordinates.category, period, frozen);
        let last = previous.as_ref().map(|(period, at)| (*period, at));
        let after = ReturnRow {
            project: project.id,
            period,
            filed,
            position: Position::after(last, facts, month, period),
            submitted_at,
        };
        stood = row.or(stood);
        previous = Some((period, after.position.clone()));
        if row != Some(&after) {
            moved.push(Moved {
                before: row,
                after: Some(after),
            });
        }
    }
    moved
}

/// Reads what the list and the record say of a project at a period; its case is not among them.
pub(crate) fn entry_facts(project: &Project, entry: &Entry, period: Period) -> EntryFacts {
    let record = &project.record;
    let text = |field| record.text(field).unwrap_or_default().to_owned();
    EntryFacts {
        coordinates: Coordinates {
            unit: project.unit.clone(),
            department: project.department,
            industry: text(Field::Industry),
            category: entry.category,
            investor: text(Field::InvestorType),
            stage: project.stage,
        },
        total: entry.total,
        plan: entry.plan,
        plan_to_date: monthly_share(entry.plan, entry.monthly_plan.as_ref(), period),
        start_due: record.date(Field::PlannedStart).and_then(Period::of),
        invested_before: record.money(Field::InvestedBefore).unwrap_or_default(),
        carried: entry.carried,
        matters: MatterCounts::default(),
    }
}

/// What a closed month had learned by itself when it was closed. What it only kept from the month
/// before is not among it, so that taking that back reaches it.
#[derive(Clone, Copy)]
struct Frozen {
    at_work: Known,
    completed: Known,
}

/// How a closed month came to know of a start or a completion.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// It did not.
    No,
    /// From the month before, as far as can be told.
    Before,
    /// By itself.
    Here,
}

impl Frozen {
    /// Reads what a row had beyond the row before it, both as they stood.
    fn since(before: Option<&ReturnRow>, row: &ReturnRow) -> Self {
        let kept = before
            .filter(|before| before.period.year() == row.period.year())
            .map(|before| before.position.month);
        let known = |now: bool, kept: bool| match (now, kept) {
            (false, _) => Known::No,
            (true, true) => Known::Before,
            (true, false) => Known::Here,
        };
        let month = row.position.month;
        Self {
            at_work: known(month.at_work, kept.is_some_and(|kept| kept.at_work)),
            completed: known(month.completed, kept.is_some_and(|kept| kept.completed)),
        }
    }
}

/// Reads what a return counts for; a draft counts for nothing yet.
///
/// A start or completion that the record dates into this year counts too: dates reach the record
/// through returns, but also through edits and imports. A closed month does not learn of them any
/// more, but does not lose what it knew while the record still has the date.
fn month_facts(
    filed: &Return,
    project: &Project,
    category: Category,
    period: Period,
    frozen: Option<Frozen>,
) -> MonthFacts {
    let counts = filed.counts();
    let figures = &filed.figures;
    let status = figures.site_status.filter(|_| counts);
    let dated = |field: Option<Field>, known: Option<Known>| {
        let has_date = || {
            field
                .and_then(|field| project.record.date(field))
                .is_some_and(|day| day <= period.last_day() && day.year() == period.year())
        };
        match known {
            Some(Known::Here) => true,
            Some(Known::No) => false,
            Some(Known::Before) | None => has_date(),
        }
    };
    let new_start = category == Category::NewStart;
    let at_work = matches!(status, Some(SiteStatus::Working | SiteStatus::Completed))
        || dated(
            Some(Field::ActualStart).filter(|_| new_start),
            frozen.map(|frozen| frozen.at_work),
        );
    let completed = status == Some(SiteStatus::Completed)
        || dated(
            Some(Field::ActualFinish),
            frozen.map(|frozen| frozen.completed),
        );
    MonthFacts {
        investment: figures.month.filter(|_| counts).unwrap_or(Yuan::ZERO),
        funds: if counts {
            figures.funds_total()
        } else {
            Yuan::ZERO
        },
        at_work,
        completed,
        reported: counts,
        accepted: filed.status == ReturnStatus::Accepted,
    }
}
