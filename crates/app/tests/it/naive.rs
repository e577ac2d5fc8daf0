//! What must hold of a database after any history, worked out from its rows the slow way.
//!
//! Nothing here uses positions, measures or cells of the product: months are added up.

use std::collections::BTreeMap;

use gangmu_app::domain::Period;
use gangmu_app::domain::dispatch::{PeriodState, ReturnStatus};
use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::metrics::{CellKey, Edition, Measures};
use gangmu_app::domain::organisation::{Scope, UnitPath};
use gangmu_app::domain::pipeline::ProgrammeChange;
use gangmu_app::metrics::{By, RollupQuery, RollupRow};
use gangmu_app::pipeline::TallyView;
use gangmu_store::dispatch::{self, PeriodRow, ReturnRow};
use gangmu_store::library::{self, Project};
use gangmu_store::metrics;
use gangmu_store::pipeline::{self, Entry};
use jiff::civil::Date;

use crate::naive_lists::check_lists;
use crate::support::{Tried, World};

/// The first and last project of a period's page.
const ALL: (ProjectId, i64) = (ProjectId(i64::MIN), 10_000);

/// Everything that figures hang on, to see whether anything changed.
#[derive(Debug, PartialEq)]
pub struct Snapshot {
    pub projects: Vec<Project>,
    pub periods: Vec<PeriodRow>,
    entries: Vec<Vec<(i16, Entry)>>,
    changes: Vec<Vec<ProgrammeChange>>,
    returns: Vec<ReturnRow>,
    return_events: usize,
    events: usize,
    cells: Vec<BTreeMap<CellKey, Measures>>,
}

impl Snapshot {
    pub async fn take(w: &World) -> Tried<Self> {
        let db = &w.db;
        let scope = Scope::subtree(UnitPath::root("150000")?);
        let mut all = Self {
            projects: Vec::new(),
            periods: dispatch::period_list(db).await?,
            entries: Vec::new(),
            changes: Vec::new(),
            returns: Vec::new(),
            return_events: 0,
            events: 0,
            cells: Vec::new(),
        };
        let mut id = 1;
        while let Some(project) = library::project_get(db, ProjectId(id)).await? {
            all.entries
                .push(pipeline::entry_list(db, project.id).await?);
            all.events += library::event_list(db, project.id).await?.len();
            all.projects.push(project);
            id += 1;
        }
        for programme in pipeline::programme_list(db).await? {
            let changes = pipeline::change_list(db, &scope, programme.year).await?;
            all.changes.push(changes);
        }
        for row in &all.periods {
            let page = dispatch::return_page(db, row.period, ALL.0, ALL.1).await?;
            for row in &page {
                let events = dispatch::return_event_list(db, row.project, row.period).await?;
                all.return_events += events.len();
            }
            all.returns.extend(page);
            for edition in [Edition::Current, Edition::Published] {
                all.cells
                    .push(metrics::cell_dump(db, edition, row.period).await?);
            }
        }
        Ok(all)
    }
}

impl Snapshot {
    /// Says whether a project owes or has handed in a return for a period.
    pub fn returned(&self, id: ProjectId, period: Period) -> bool {
        self.returns
            .iter()
            .any(|row| row.project == id && row.period == period)
    }
}

/// Projects, total, plan, month, year to date, since start, reported, accepted.
pub type Sums = [i64; 8];

fn counts(row: &ReturnRow) -> bool {
    matches!(
        row.filed.status,
        ReturnStatus::Submitted | ReturnStatus::Accepted
    )
}

fn month(row: &ReturnRow) -> i64 {
    let typed = row.filed.figures.month.map_or(0, |yuan| yuan.0);
    if counts(row) { typed } else { 0 }
}

/// Adds up one project's months up to a row of it. `rows` are the project's, oldest first.
pub fn sums(rows: &[&ReturnRow], at: &ReturnRow) -> Sums {
    let until: Vec<&&ReturnRow> = rows.iter().filter(|r| r.period <= at.period).collect();
    let year = at.period.year();
    let this_year = until.iter().filter(|r| r.period.year() == year);
    // What was taken over counts once a year, as the year's last row has it.
    let mut taken: BTreeMap<i16, i64> = BTreeMap::new();
    for row in &until {
        let carried = row.position.entry.carried.since_start.0;
        taken.insert(row.period.year(), carried);
    }
    let before = until
        .first()
        .map_or(0, |r| r.position.entry.invested_before.0);
    let entry = &at.position.entry;
    [
        1,
        entry.total.0,
        entry.plan.0,
        month(at),
        entry.carried.year_to_date.0 + this_year.map(|r| month(r)).sum::<i64>(),
        before + taken.values().sum::<i64>() + until.iter().map(|r| month(r)).sum::<i64>(),
        i64::from(counts(at)),
        i64::from(at.filed.status == ReturnStatus::Accepted),
    ]
}

fn plus(a: Sums, b: Sums) -> Sums {
    std::array::from_fn(|i| a[i] + b[i])
}

fn printed(row: &RollupRow) -> Sums {
    let words = [
        "projects",
        "total_investment",
        "annual_plan",
        "month_investment",
        "year_to_date",
        "since_start",
        "reported",
        "accepted",
    ];
    words.map(|word| row.measures[word])
}

/// What the region comes to in a period, as the product says.
pub async fn region(w: &World, period: Period, edition: Edition) -> Tried<Sums> {
    let query = RollupQuery {
        period: Some(period),
        unit: None,
        by: By::Unit,
        edition,
    };
    Ok(printed(&w.app.rollup(&w.system, &query).await?.total))
}

/// Everything that must hold.
pub async fn check(w: &World, days: &[Date]) -> Tried<()> {
    w.sound().await?;
    let all = Snapshot::take(w).await?;
    let mut by_project: BTreeMap<ProjectId, Vec<&ReturnRow>> = BTreeMap::new();
    for row in &all.returns {
        by_project.entry(row.project).or_default().push(row);
    }
    for rows in by_project.values_mut() {
        rows.sort_by_key(|row| row.period);
    }
    for row in &all.periods {
        check_rollups(w, &all, &by_project, row.period).await?;
        if row.state == PeriodState::Open {
            check_open(&all, row.period);
        }
    }
    check_lists(w, &all, &by_project).await?;
    check_bridges(w, days).await
}

async fn check_rollups(
    w: &World,
    all: &Snapshot,
    by_project: &BTreeMap<ProjectId, Vec<&ReturnRow>>,
    period: Period,
) -> Tried<()> {
    let rows: Vec<(&ReturnRow, Sums)> = all
        .returns
        .iter()
        .filter(|row| row.period == period)
        .map(|row| (row, sums(&by_project[&row.project], row)))
        .collect();
    let reference = w.app.reference().await?;
    for by in By::ALL {
        for unit in [None, Some("150500"), Some("150502"), Some("150200")] {
            let top = match unit {
                Some(code) => &reference.unit_by_code(code).expect("a unit").path,
                None => &reference.root()?.path,
            };
            let mut wanted: BTreeMap<String, Sums> = BTreeMap::new();
            for (row, sums) in &rows {
                let place = &row.position.entry.coordinates;
                if !top.contains(&place.unit) {
                    continue;
                }
                let department = place.department.and_then(|id| reference.department(id));
                let member = match by {
                    By::Unit => place
                        .unit
                        .codes()
                        .take(top.depth() + 2)
                        .last()
                        .map(str::to_owned),
                    By::Department => department.map(|d| d.code.clone()),
                    By::Industry => Some(place.industry.clone()),
                    By::Group => reference.groupings[0]
                        .group_of(&place.industry)
                        .map(|group| group.code.clone()),
                    By::Category => Some(place.category.word().to_owned()),
                    By::Investor => Some(place.investor.clone()),
                    By::Stage => Some(place.stage.word().to_owned()),
                };
                let slot = wanted.entry(member.unwrap_or_default()).or_default();
                *slot = plus(*slot, *sums);
            }
            let query = RollupQuery {
                period: Some(period),
                unit: unit.map(str::to_owned),
                by,
                edition: Edition::Current,
            };
            let rollup = w.app.rollup(&w.system, &query).await?;
            let found: BTreeMap<String, Sums> = rollup
                .rows
                .iter()
                .map(|row| (row.key.clone(), printed(row)))
                .collect();
            assert_eq!(found, wanted, "{period} {unit:?} by {}", by.word());
            let total = wanted.values().copied().fold([0; 8], plus);
            assert_eq!(printed(&rollup.total), total, "{period} {unit:?} in all");
        }
    }
    Ok(())
}

/// An open month follows the projects and the year's list.
fn check_open(all: &Snapshot, period: Period) {
    for (project, entries) in all.projects.iter().zip(&all.entries) {
        let on_list = entries
            .iter()
            .find(|(year, entry)| *year == period.year() && entry.included)
            .map(|(_, entry)| entry);
        let owed = all
            .returns
            .iter()
            .find(|row| row.period == period && row.project == project.id)
            .map(|row| &row.position.entry);
        let id = project.id;
        assert_eq!(
            owed.is_some(),
            on_list.is_some(),
            "{id} owes a return for {period}"
        );
        let (Some(owed), Some(entry)) = (owed, on_list) else {
            continue;
        };
        assert!(project.stage.is_active(), "{id} has left and is on a list");
        let place = &owed.coordinates;
        assert_eq!(place.unit, project.unit);
        assert_eq!(place.department, project.department);
        assert_eq!(place.stage, project.stage);
        let industry = project.record.text(Field::Industry).unwrap_or_default();
        assert_eq!(place.industry, industry);
        assert_eq!((owed.plan, owed.total), (entry.plan, entry.total));
        assert_eq!(
            entry.total,
            project.total(),
            "the list follows the total of {id}"
        );
    }
}

async fn check_bridges(w: &World, days: &[Date]) -> Tried<()> {
    for programme in w.app.programme_years(&w.system).await? {
        for unit in [None, Some("150500"), Some("150502")] {
            for pair in days.windows(2) {
                let (from, to) = (pair[0], pair[1]);
                let year = programme.year;
                let bridge = w.app.programme_bridge(&w.system, year, unit, from, to);
                let bridge = bridge.await?;
                let reached = bridge
                    .lines
                    .iter()
                    .fold(figures(bridge.opening), |sum, line| {
                        line.changes.iter().fold(sum, |sum, change| {
                            let delta = figures(change.delta);
                            std::array::from_fn(|i| sum[i] + delta[i])
                        })
                    });
                assert_eq!(reached, figures(bridge.closing), "{year} {from} to {to}");
            }
        }
    }
    Ok(())
}

fn figures(tally: TallyView) -> [i64; 3] {
    [tally.projects, tally.total_investment, tally.annual_plan]
}
