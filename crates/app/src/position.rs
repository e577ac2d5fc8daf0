//! Keeping positions and totals true: the one place where the cube changes.
//!
//! Whatever happened to a project, [`reposition`] derives its positions afresh from a period on
//! and notes the difference in [`Deltas`]; the use case writes the differences before it commits.

use std::collections::BTreeMap;

use gangmu_domain::dispatch::{PeriodState, Return, ReturnStatus, SiteStatus};
use gangmu_domain::library::{Field, ProjectId};
use gangmu_domain::metrics::{
    Carried, CellKey, Coordinates, EntryFacts, MatterCounts, Measures, MonthFacts, Position,
};
use gangmu_domain::pipeline::{Category, monthly_share};
use gangmu_domain::{Period, Yuan};
use gangmu_store::dispatch::{self, PeriodRow, ReturnRow};
use gangmu_store::library::Project;
use gangmu_store::pipeline::{self, Entry};
use gangmu_store::{Tx, approvals, metrics};

use crate::AppError;

/// Differences to the cube, gathered over a transaction and written at its end.
#[derive(Debug, Default)]
pub(crate) struct Deltas(BTreeMap<CellKey, Measures>);

impl Deltas {
    /// Takes a position's measures out of its cells, or puts them in.
    fn note(&mut self, period: Period, position: &Position, sign: Sign) {
        let measures = match sign {
            Sign::Out => -position.measures(period),
            Sign::In => position.measures(period),
        };
        for cell in position.entry.coordinates.cells(period) {
            *self.0.entry(cell).or_default() += measures;
        }
    }

    /// Writes the differences.
    pub(crate) async fn apply(self, tx: &Tx) -> Result<(), AppError> {
        Ok(metrics::cell_add(tx, &self.0).await?)
    }
}

#[derive(Clone, Copy)]
enum Sign {
    In,
    Out,
}

/// A return that replaces the stored one while positions are derived.
pub(crate) struct Refiled {
    /// The period of the return.
    pub period: Period,
    /// What stands in it now.
    pub filed: Return,
    /// When it was handed in.
    pub submitted_at: Option<i64>,
}

/// The periods there are; read once per transaction.
pub(crate) struct Periods(Vec<PeriodRow>);

impl Periods {
    /// Reads the periods and keeps them as they are until the transaction ends.
    pub(crate) async fn read(tx: &Tx) -> Result<Self, AppError> {
        dispatch::periods_hold(tx).await?;
        let mut periods = dispatch::period_list(tx).await?;
        periods.reverse();
        Ok(Self(periods))
    }

    /// Returns the first open period.
    pub(crate) fn first_open(&self) -> Option<Period> {
        self.0
            .iter()
            .find(|row| row.state == PeriodState::Open)
            .map(|row| row.period)
    }

    /// Returns the year whose list is in use: that of the first open month, else of the month to
    /// be opened next; none before the first month. Lists of earlier years are history.
    pub(crate) fn list_year(&self) -> Option<i16> {
        self.at_hand().map(Period::year)
    }

    /// Returns the month that what has been reached so far counts in: the first open one, else the
    /// one to be opened next.
    pub(crate) fn at_hand(&self) -> Option<Period> {
        self.first_open()
            .or_else(|| self.0.last().map(|row| row.period.next()))
    }

    /// Returns the open months of a year, oldest first.
    pub(crate) fn open_in(&self, year: i16) -> impl Iterator<Item = Period> {
        self.0
            .iter()
            .filter(move |row| row.period.year() == year && row.state == PeriodState::Open)
            .map(|row| row.period)
    }

    fn open(&self) -> impl Iterator<Item = Period> {
        let open = self.0.iter().filter(|row| row.state == PeriodState::Open);
        open.map(|row| row.period)
    }

    fn is_open(&self, period: Period) -> bool {
        self.0
            .iter()
            .any(|row| row.period == period && row.state == PeriodState::Open)
    }

    fn open_from(&self, from: Period) -> impl Iterator<Item = Period> {
        self.0
            .iter()
            .filter(move |row| row.period >= from && row.state == PeriodState::Open)
            .map(|row| row.period)
    }
}

/// Derives a project's positions afresh from a period on.
///
/// Open periods follow the project and the year's list: returns appear when it is on the list and
/// go when it is not. Closed ones keep their place and plan, and change only by a refiled return.
pub(crate) async fn reposition(
    tx: &Tx,
    periods: &Periods,
    project: &Project,
    from: Period,
    refiled: Option<Refiled>,
    deltas: &mut Deltas,
) -> Result<(), AppError> {
    let stored = dispatch::return_list_from(tx, project.id, from).await?;
    let before = dispatch::return_list_before(tx, project.id, from, 1).await?;
    let mut entries: BTreeMap<i16, Option<Entry>> = BTreeMap::new();
    let mut rows: BTreeMap<Period, Option<ReturnRow>> = stored
        .into_iter()
        .map(|row| (row.period, Some(row)))
        .collect();
    for period in periods.open_from(from) {
        rows.entry(period).or_insert(None);
    }
    let matters = approvals::counts_of(tx, &[project.id]).await?;
    let matters = matters.get(&project.id).copied().unwrap_or_default();
    let mut taken_over = TakenOver::default();
    let mut previous = before
        .into_iter()
        .next()
        .map(|row| (row.period, row.position));
    let mut stood = previous.clone();
    for (period, row) in rows {
        let open = periods.is_open(period);
        let entry = if open {
            let year = period.year();
            if let std::collections::btree_map::Entry::Vacant(slot) = entries.entry(year) {
                slot.insert(pipeline::entry_get(tx, project.id, year).await?);
            }
            entries.get(&year).cloned().flatten().filter(|e| e.included)
        } else {
            None
        };
        let facts = match (&entry, &row) {
            (Some(entry), _) => EntryFacts {
                carried: taken_over.by(tx, project, entry, period).await?,
                matters,
                ..entry_facts(project, entry, period)
            },
            (None, Some(row)) if !open => row.position.entry.clone(),
            (None, Some(row)) => {
                // It left the list while the month was open.
                deltas.note(period, &row.position, Sign::Out);
                dispatch::return_delete(tx, project.id, period).await?;
                continue;
            }
            (None, None) => continue,
        };
        let new = refiled.as_ref().filter(|new| new.period == period);
        let filed = new
            .map(|new| new.filed.clone())
            .or_else(|| row.as_ref().map(|row| row.filed.clone()))
            .unwrap_or_else(Return::due);
        let frozen = row
            .as_ref()
            .filter(|_| !open && new.is_none())
            .map(|row| Frozen::since(stood.as_ref(), row));
        let month = month_facts(&filed, project, facts.coordinates.category, period, frozen);
        if let Some(row) = &row {
            stood = Some((period, row.position.clone()));
        }
        let position = Position::after(
            previous
                .as_ref()
                .map(|(period, position)| (*period, position)),
            facts,
            month,
            period,
        );
        let submitted_at = new.map_or_else(
            || row.as_ref().and_then(|row| row.submitted_at),
            |new| new.submitted_at,
        );
        let after = ReturnRow {
            project: project.id,
            period,
            filed,
            position,
            submitted_at,
        };
        if row.as_ref() != Some(&after) {
            if let Some(row) = &row {
                deltas.note(period, &row.position, Sign::Out);
            }
            deltas.note(period, &after.position, Sign::In);
            dispatch::return_put(tx, &after).await?;
        }
        previous = Some((period, after.position));
    }
    Ok(())
}

/// Notes how far the matters of some projects are in the open months they owe a return for, as
/// [`reposition`] would: closed months keep what they had, and no other month hangs on it.
pub(crate) async fn recount(
    tx: &Tx,
    periods: &Periods,
    counts: &[(ProjectId, MatterCounts)],
    deltas: &mut Deltas,
) -> Result<(), AppError> {
    let found: BTreeMap<ProjectId, MatterCounts> = counts.iter().copied().collect();
    let ids: Vec<i64> = found.keys().map(|id| id.0).collect();
    for period in periods.open().filter(|_| !ids.is_empty()) {
        let mut changed = Vec::new();
        for row in dispatch::return_list_of(tx, &ids, period).await? {
            let now = found.get(&row.project).copied().unwrap_or_default();
            if row.position.entry.matters == now {
                continue;
            }
            let mut position = row.position;
            deltas.note(period, &position, Sign::Out);
            position.entry.matters = now;
            deltas.note(period, &position, Sign::In);
            changed.push((row.project, now));
        }
        dispatch::return_matters_put(tx, period, &changed).await?;
    }
    Ok(())
}

/// What a project took over, month by month; read when an entry says that it took over anything.
#[derive(Default)]
struct TakenOver(Option<BTreeMap<Period, Carried>>);

impl TakenOver {
    async fn by(
        &mut self,
        tx: &Tx,
        project: &Project,
        entry: &Entry,
        period: Period,
    ) -> Result<Carried, AppError> {
        if entry.carried == Carried::default() {
            return Ok(entry.carried);
        }
        if self.0.is_none() {
            self.0 = Some(pipeline::carried_month_list(tx, project.id).await?);
        }
        let own = self.0.as_ref().and_then(|months| months.get(&period));
        Ok(own.copied().unwrap_or(entry.carried))
    }
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
    fn since(before: Option<&(Period, Position)>, row: &ReturnRow) -> Self {
        let kept = before
            .filter(|(period, _)| period.year() == row.period.year())
            .map(|(_, position)| position.month);
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
