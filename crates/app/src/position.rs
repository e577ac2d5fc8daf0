//! Keeping positions and totals true: the one place where the cube changes.
//!
//! Whatever happened to projects, [`reposition`] derives their positions afresh from a period on
//! and notes the difference in [`Deltas`]; the use case writes the differences before it commits.
//! It takes a batch and asks the database as often as for one project; [`derive()`] decides what
//! comes out, without any database.

mod derive;

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::dispatch::PeriodState;
use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::{Carried, CellKey, MatterCounts, Measures, Position};
use gangmu_store::dispatch::{self, PeriodRow, ReturnRow};
use gangmu_store::library::Project;
use gangmu_store::{Tx, approvals, batch, metrics};

use crate::AppError;

pub(crate) use derive::{Moved, Refiled, Stored, derive, entry_facts};

/// Differences to the cube, gathered over a transaction and written at its end.
#[derive(Debug, Default)]
pub(crate) struct Deltas(BTreeMap<CellKey, Measures>);

impl Deltas {
    /// Takes what a month was out of its cells, and puts what it has become in.
    fn note(&mut self, moved: &Moved<'_>) {
        let before = moved.before.map(|row| (row.period, &row.position));
        let after = moved.after.as_ref().map(|row| (row.period, &row.position));
        match (before, after) {
            (Some((period, out)), Some((_, into)))
                if out.entry.coordinates == into.entry.coordinates =>
            {
                let mut difference = into.measures(period);
                difference += -out.measures(period);
                self.add(period, out, difference);
            }
            (before, after) => {
                if let Some((period, out)) = before {
                    self.add(period, out, -out.measures(period));
                }
                if let Some((period, into)) = after {
                    self.add(period, into, into.measures(period));
                }
            }
        }
    }

    fn add(&mut self, period: Period, position: &Position, measures: Measures) {
        if measures.is_zero() {
            return;
        }
        for cell in position.entry.coordinates.cells(period) {
            *self.0.entry(cell).or_default() += measures;
        }
    }

    /// Writes the differences.
    pub(crate) async fn apply(self, tx: &Tx) -> Result<(), AppError> {
        Ok(metrics::cell_add(tx, &self.0).await?)
    }
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

    /// Returns whether a period is open or closed; nothing when there is none.
    pub(crate) fn state(&self, period: Period) -> Option<PeriodState> {
        let row = self.0.iter().find(|row| row.period == period);
        row.map(|row| row.state)
    }

    fn open(&self) -> impl Iterator<Item = Period> {
        let open = self.0.iter().filter(|row| row.state == PeriodState::Open);
        open.map(|row| row.period)
    }

    fn is_open(&self, period: Period) -> bool {
        self.state(period) == Some(PeriodState::Open)
    }

    fn open_from(&self, from: Period) -> impl Iterator<Item = Period> {
        self.0
            .iter()
            .filter(move |row| row.period >= from && row.state == PeriodState::Open)
            .map(|row| row.period)
    }
}

/// A project to which something happened, with the return that replaces the stored one, if any.
pub(crate) struct Affected<'a> {
    /// The project as it is now.
    pub project: &'a Project,
    /// The return that replaces the stored one.
    pub refiled: Option<Refiled>,
}

impl<'a> Affected<'a> {
    /// Something happened to the project alone.
    pub(crate) fn by_itself(project: &'a Project) -> Self {
        Self {
            project,
            refiled: None,
        }
    }
}

/// So many projects are held in memory at a time.
const PART: usize = 2_000;

/// Derives the positions of projects, each named once, afresh from a period on.
///
/// Open periods follow the project and the year's list: returns appear when it is on the list and
/// go when it is not. Closed ones keep their place and plan, and change only by a refiled return.
pub(crate) async fn reposition(
    tx: &Tx,
    periods: &Periods,
    from: Period,
    affected: &[Affected<'_>],
    deltas: &mut Deltas,
) -> Result<(), AppError> {
    for part in affected.chunks(PART) {
        let ids: Vec<ProjectId> = part.iter().map(|one| one.project.id).collect();
        let ground = Ground::read(tx, &ids, from, 1).await?;
        ground.settle(tx, periods, part, deltas).await?;
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
) -> Result<usize, AppError> {
    let mut moved = 0;
    let found: BTreeMap<ProjectId, MatterCounts> = counts.iter().copied().collect();
    let ids: Vec<i64> = found.keys().map(|id| id.0).collect();
    for period in periods.open().filter(|_| !ids.is_empty()) {
        let mut changed = Vec::new();
        for row in dispatch::return_list_of(tx, &ids, period).await? {
            let now = found.get(&row.project).copied().unwrap_or_default();
            if row.position.entry.matters == now {
                continue;
            }
            let mut after = row.clone();
            after.position.entry.matters = now;
            deltas.note(&Moved {
                before: Some(&row),
                after: Some(after),
            });
            changed.push((row.project, now));
        }
        dispatch::return_matters_put(tx, period, &changed).await?;
        moved += changed.len();
    }
    Ok(moved)
}

/// What is stored of a batch of projects that their positions follow from.
pub(crate) struct Ground {
    from: Period,
    stored: BTreeMap<ProjectId, Stored>,
}

impl Ground {
    /// Reads everything from a period on, and the last `n_before` returns, at least one, before it.
    pub(crate) async fn read(
        tx: &Tx,
        ids: &[ProjectId],
        from: Period,
        n_before: i64,
    ) -> Result<Self, AppError> {
        let mut stored: BTreeMap<ProjectId, Stored> = BTreeMap::new();
        for row in batch::return_list_around(tx, ids, from, n_before).await? {
            stored.entry(row.project).or_default().returns.push(row);
        }
        for (id, entries) in batch::entry_list_of(tx, ids, from.year()).await? {
            stored.entry(id).or_default().entries = entries;
        }
        for (id, matters) in approvals::counts_of(tx, ids).await? {
            stored.entry(id).or_default().matters = matters;
        }
        let took_over = |(id, stored): (&ProjectId, &Stored)| {
            let mut entries = stored.entries.values();
            let any = entries.any(|entry| entry.carried != Carried::default());
            any.then_some(*id)
        };
        let took_over: Vec<ProjectId> = stored.iter().filter_map(took_over).collect();
        if !took_over.is_empty() {
            for (id, months) in batch::carried_month_list_of(tx, &took_over).await? {
                stored.entry(id).or_default().taken_over = months;
            }
        }
        Ok(Self { from, stored })
    }

    /// Returns a project's returns before a period, oldest first, and its return of the period.
    pub(crate) fn returns_to(
        &self,
        id: ProjectId,
        period: Period,
    ) -> (&[ReturnRow], Option<&ReturnRow>) {
        match self.stored.get(&id) {
            Some(stored) => {
                let (before, rest) = stored.around(period);
                (before, rest.first().filter(|row| row.period == period))
            }
            None => (&[], None),
        }
    }

    /// Derives the positions of projects it has read, writes what comes out otherwise than it is
    /// stored, and returns that.
    pub(crate) async fn settle(
        &self,
        tx: &Tx,
        periods: &Periods,
        affected: &[Affected<'_>],
        deltas: &mut Deltas,
    ) -> Result<Vec<ReturnRow>, AppError> {
        let nothing = Stored::default();
        let (mut gone, mut put, mut published) = (Vec::new(), Vec::new(), Vec::new());
        for one in affected {
            let stored = self.stored.get(&one.project.id).unwrap_or(&nothing);
            for moved in derive(periods, self.from, one, stored) {
                deltas.note(&moved);
                published.extend(moved.before.filter(|row| !periods.is_open(row.period)));
                match (moved.before, moved.after) {
                    (_, Some(after)) => put.push(after),
                    (Some(before), None) => gone.push((before.project, before.period)),
                    (None, None) => {}
                }
            }
        }
        batch::return_published_keep(tx, &published).await?;
        batch::return_delete_all(tx, &gone).await?;
        batch::return_put_all(tx, &put).await?;
        Ok(put)
    }
}
