//! A plausible region of any size, for benchmarks: written in bulk, not through the use cases.
//!
//! What one would get wrong: positions and cells are made by the same pure functions that keep
//! them up, and the cells are written once, from memory, when all returns are in. A run that
//! breaks off leaves entries without totals; begin again with an empty database.

mod cases;

use std::collections::{BTreeMap, HashMap};

use gangmu_domain::dispatch::{Figures, Return, ReturnStatus, SiteStatus};
use gangmu_domain::library::{EventKind, Field, ProjectId, ProjectRecord, Value};
use gangmu_domain::metrics::{CellKey, Coordinates, Measures, MonthFacts, Position};
use gangmu_domain::organisation::{DepartmentId, UserId};
use gangmu_domain::pipeline::{Category, Stage};
use gangmu_domain::{Period, Yuan};
use gangmu_store::dispatch::{self, ReturnRow};
use gangmu_store::library::{self, Event, Project};
use gangmu_store::organisation::Unit;
use gangmu_store::pipeline::{self, Entry, Programme};
use gangmu_store::{Tx, bulk, metrics};
use serde::Serialize;

use crate::demo::trades::{BRANDS, TRADES};
use crate::error::{AppError, OrNotFound};
use crate::position::entry_facts;
use crate::random::Draw;
use crate::{App, Reference};

/// How much to generate.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Projects; every one of them is on every year's list.
    pub projects: usize,
    /// Months, the last of them December 2025.
    pub months: usize,
    /// Projects in preparation besides, on no list, each with an approval case on its way.
    pub cases: usize,
    /// The seed: the same gives the same.
    pub seed: u64,
}

/// What was generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Generated {
    /// Projects.
    pub projects: usize,
    /// Returns.
    pub returns: usize,
    /// Cells of one edition.
    pub cells: usize,
    /// Approval cases.
    pub cases: usize,
    /// Matters of these that somebody has something to do with.
    pub open_matters: usize,
}

/// Projects written in one transaction.
const BATCH: usize = 2_000;
const SEASON: [i64; 12] = [35, 30, 70, 100, 125, 140, 135, 130, 130, 120, 90, 60];

impl App {
    /// Fills a blank database with a plausible region whose months are closed and published. One
    /// that was broken off is of no use: its indexes are made last.
    ///
    /// # Errors
    /// [`AppError::State`] `generate.not_blank` where anything has been entered.
    pub async fn generate(&self, size: Size) -> Result<Generated, AppError> {
        if !self.is_blank().await? {
            return Err(AppError::state("generate.not_blank"));
        }
        let reference = self.reference().await?;
        let periods = last_months(size.months).or_not_found("period")?;
        let mut maker = Maker::new(&reference, &periods, size, self.now());
        self.generate_months(&reference, &periods).await?;
        let tx = self.db.begin().await?;
        let indexes = bulk::set_indexes_aside(&tx).await?;
        tx.commit().await?;
        let mut done = 0;
        while done < size.projects {
            let count = BATCH.min(size.projects - done);
            let tx = self.db.begin().await?;
            maker.batch(&tx, count).await?;
            tx.commit().await?;
            done += count;
        }
        let tx = self.db.begin().await?;
        bulk::make_indexes(&tx, indexes).await?;
        tx.commit().await?;
        let mut cells = 0;
        for (at, period) in periods.iter().enumerate() {
            let tx = self.db.begin().await?;
            let totals = maker.cells(at, *period);
            cells += totals.len();
            metrics::cell_add(&tx, &totals).await?;
            dispatch::period_close(&tx, *period, UserId(0), self.now()).await?;
            metrics::cell_publish(&tx, *period).await?;
            tx.commit().await?;
        }
        let open_matters = self.generate_cases(&mut maker, size.cases).await?;
        Ok(Generated {
            projects: size.projects,
            returns: maker.returns,
            cells,
            cases: size.cases,
            open_matters,
        })
    }

    async fn generate_months(
        &self,
        reference: &Reference,
        periods: &[Period],
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        for period in periods {
            let due_on = reference.due_on(*period)?;
            dispatch::period_insert(&tx, *period, due_on, self.now()).await?;
        }
        for (year, first) in years(periods) {
            let programme = Programme {
                year,
                name: format!("{year}年自治区重大项目年度计划（生成）"),
                adopted_on: first.first_day(),
                document_no: String::new(),
            };
            pipeline::programme_insert(&tx, &programme).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// The years of some periods, each with its first.
fn years(periods: &[Period]) -> BTreeMap<i16, Period> {
    let mut years = BTreeMap::new();
    for period in periods {
        years.entry(period.year()).or_insert(*period);
    }
    years
}

fn last_months(months: usize) -> Option<Vec<Period>> {
    let last = Period::new(2025, 12)?;
    let back = std::iter::successors(Some(last), |period| Some(period.previous()));
    let mut periods: Vec<Period> = back.take(months.clamp(1, 120)).collect();
    periods.reverse();
    Some(periods)
}

struct Maker<'a> {
    reference: &'a Reference,
    places: Vec<&'a Unit>,
    periods: &'a [Period],
    years: BTreeMap<i16, Period>,
    draw: Draw,
    seed: u64,
    now: i64,
    returns: usize,
    /// Sums per place in the cube, found by what makes the place.
    slots: HashMap<String, usize>,
    coordinates: Vec<Coordinates>,
    sums: Vec<Vec<Measures>>,
}

impl<'a> Maker<'a> {
    fn new(reference: &'a Reference, periods: &'a [Period], size: Size, now: i64) -> Self {
        let leaf = |unit: &&Unit| reference.children(&unit.path).is_empty();
        Self {
            reference,
            places: reference.units.iter().filter(leaf).collect(),
            periods,
            years: years(periods),
            draw: Draw::new(size.seed),
            seed: size.seed,
            now,
            returns: 0,
            slots: HashMap::new(),
            coordinates: Vec::new(),
            sums: vec![Vec::new(); periods.len()],
        }
    }

    /// Makes and writes some projects with all their returns.
    async fn batch(&mut self, tx: &Tx, count: usize) -> Result<(), AppError> {
        let first = *self.periods.first().or_not_found("period")?;
        let many = i64::try_from(count).unwrap_or(i64::MAX);
        let start = library::project_new_ids(tx, many).await?;
        let mut projects = Vec::with_capacity(count);
        for n in 0..many {
            let born = self.born();
            projects.push((self.project(ProjectId(start.0 + n), born)?, born));
        }
        let mut lists: BTreeMap<i16, Vec<(ProjectId, Entry)>> = BTreeMap::new();
        let mut rows = Vec::with_capacity(count * self.periods.len());
        for (project, born) in &projects {
            let entries = self.entries(project, *born);
            self.course(project, &entries, &mut rows);
            for (year, entry) in entries {
                lists.entry(year).or_default().push((project.id, entry));
            }
        }
        let projects: Vec<(Project, Event)> = projects
            .into_iter()
            .map(|(project, _)| {
                let created = self.created(&project, first);
                (project, created)
            })
            .collect();
        bulk::project_insert_all(tx, &projects, self.now).await?;
        for (year, entries) in lists {
            let on = self.years.get(&year).copied().unwrap_or(first);
            bulk::entry_insert_all(tx, year, &entries, on.first_day(), self.now).await?;
        }
        self.returns += rows.len();
        Ok(bulk::return_insert_all(tx, &rows).await?)
    }

    fn created(&self, project: &Project, first: Period) -> Event {
        Event {
            seq: 1,
            at: self.now,
            on: first.first_day(),
            user: UserId(0),
            kind: EventKind::Created,
            reason: String::new(),
            document_no: String::new(),
            changes: ProjectRecord::default().diff(&project.record),
        }
    }

    /// Draws the year a project starts in; most run already.
    fn born(&mut self) -> i16 {
        let years: Vec<i16> = self.years.keys().copied().collect();
        let earlier = years.first().copied().unwrap_or(2025) - 1;
        if self.draw.chance(450) {
            earlier
        } else {
            *self.draw.pick(&years)
        }
    }

    fn project(&mut self, id: ProjectId, born: i16) -> Result<Project, AppError> {
        let unit = *self.draw.pick(&self.places);
        let weights: Vec<i64> = TRADES.iter().map(|trade| trade.weight).collect();
        let trade = &TRADES[self.draw.weighted(&weights)];
        let brand = *self.draw.pick(BRANDS);
        let product = *self.draw.pick(trade.products);
        let size = 1_i64 << self.draw.between(0, 7);
        let total = 4_000 * size * self.draw.between(70, 130) / 100;
        let government = self.draw.chance(trade.government);
        let month = i8::try_from(self.draw.between(3, 9)).unwrap_or(3);
        let start = Period::new(born, month).or_not_found("period")?;
        let mut record = ProjectRecord::default();
        let mut put = |field, value| record.restore(field, Some(value));
        let code = |text: &str| Value::Code(text.to_owned());
        let name = format!("{}{brand}{product}{}号（生成）", unit.short_name, id.0);
        put(Field::Name, Value::Text(name));
        put(Field::Unit, code(&unit.code));
        put(Field::Industry, code(trade.industry));
        put(Field::Department, code(trade.department));
        let investor = if government {
            "government"
        } else {
            "enterprise"
        };
        put(Field::InvestorType, code(investor));
        put(Field::Owner, Value::Text(format!("{brand}公司（生成）")));
        put(Field::PlannedStart, Value::Date(start.first_day()));
        put(Field::TotalInvestment, Value::Money(Yuan::wan(total)));
        put(Field::Stage, code(Stage::Implementation.word()));
        if id.0 < 1_000_000 {
            let text = format!("2401-{}-89-01-{:06}", unit.code, id.0);
            put(Field::Code, code(&text));
        }
        let department = self.reference.department_by_any_name(trade.department);
        Ok(Project {
            id,
            version: 1,
            record,
            unit: unit.path.clone(),
            department: department.map(|d| DepartmentId(d.department_id)),
            reporter: None,
            stage: Stage::Implementation,
            stage_since: start.first_day(),
            suspended: false,
        })
    }

    /// The project's place on each year's list.
    fn entries(&mut self, project: &Project, born: i16) -> BTreeMap<i16, Entry> {
        let total = project.total();
        let share = i64::try_from(self.years.len()).unwrap_or(1) + 1;
        let years: Vec<i16> = self.years.keys().copied().collect();
        let last = years.last().copied();
        let mut entries = BTreeMap::new();
        for year in years {
            let category = match year.cmp(&born) {
                std::cmp::Ordering::Less => Category::Preparation,
                std::cmp::Ordering::Equal => Category::NewStart,
                std::cmp::Ordering::Greater if Some(year) == last => Category::Completion,
                std::cmp::Ordering::Greater => Category::Continuing,
            };
            let plan = total.0 / share * self.draw.between(85, 105) / 100;
            let entry = Entry {
                category,
                plan: Yuan(plan / 100_000 * 100_000),
                total,
                monthly_plan: None,
                carried: gangmu_domain::metrics::Carried::default(),
                included: true,
            };
            entries.insert(year, entry);
        }
        entries
    }

    /// Makes a project's returns, month by month, and adds them to the sums.
    fn course(
        &mut self,
        project: &Project,
        entries: &BTreeMap<i16, Entry>,
        rows: &mut Vec<ReturnRow>,
    ) {
        let mut previous: Option<(Period, Position)> = None;
        let mut slot = (0, 0);
        for (at, period) in self.periods.iter().copied().enumerate() {
            let Some(entry) = entries.get(&period.year()) else {
                continue;
            };
            let facts = entry_facts(project, entry, period);
            if slot.0 != period.year() {
                slot = (period.year(), self.slot(&facts.coordinates));
            }
            let begun = facts.start_due.is_none_or(|start| start <= period);
            let filed = self.filed(entry, period, begun);
            let counts = filed.counts();
            let month = MonthFacts {
                investment: filed.figures.month.unwrap_or_default(),
                funds: Yuan::ZERO,
                at_work: begun && counts,
                completed: false,
                reported: counts,
                accepted: counts,
            };
            let before = previous
                .as_ref()
                .map(|(period, position)| (*period, position));
            let position = Position::after(before, facts, month, period);
            if let Some(sum) = self.sums.get_mut(at).and_then(|sums| sums.get_mut(slot.1)) {
                *sum += position.measures(period);
            }
            rows.push(ReturnRow {
                project: project.id,
                period,
                filed,
                position: position.clone(),
                submitted_at: counts.then_some(self.now),
            });
            previous = Some((period, position));
        }
    }

    /// Types a month: one in a hundred is never handed in.
    fn filed(&mut self, entry: &Entry, period: Period, begun: bool) -> Return {
        if self.draw.chance(10) {
            return Return {
                version: 1,
                status: ReturnStatus::Missing,
                awaiting: None,
                figures: Figures::default(),
            };
        }
        let season = usize::try_from(period.month() - 1).ok();
        let weight = season.and_then(|at| SEASON.get(at)).copied().unwrap_or(100);
        let amount = entry.plan.0 / 1_200 * weight * self.draw.between(70, 125) / 100;
        let amount = if begun { amount } else { 0 };
        let status = if begun {
            SiteStatus::Working
        } else {
            SiteStatus::NotStarted
        };
        Return {
            version: 2,
            status: ReturnStatus::Accepted,
            awaiting: None,
            figures: Figures {
                month: Some(Yuan(amount / 10_000 * 10_000)),
                site_status: Some(status),
                image_progress: format!("{}月：按计划推进", period.month()),
                ..Figures::default()
            },
        }
    }

    /// Finds where a project's figures are summed.
    fn slot(&mut self, at: &Coordinates) -> usize {
        let key = format!(
            "{}|{}|{}|{}|{}|{}",
            at.unit.as_str(),
            at.department.map_or(0, |id| id.0),
            at.industry,
            at.category.word(),
            at.investor,
            at.stage.word()
        );
        let next = self.coordinates.len();
        let slot = *self.slots.entry(key).or_insert(next);
        if slot == next {
            self.coordinates.push(at.clone());
            for sums in &mut self.sums {
                sums.push(Measures::default());
            }
        }
        slot
    }

    /// Spreads a period's sums over the cells they belong to.
    fn cells(&self, at: usize, period: Period) -> BTreeMap<CellKey, Measures> {
        let mut cells: BTreeMap<CellKey, Measures> = BTreeMap::new();
        let sums = self.sums.get(at).into_iter().flatten();
        for (place, measures) in self.coordinates.iter().zip(sums) {
            if !measures.is_zero() {
                for cell in place.cells(period) {
                    *cells.entry(cell).or_default() += *measures;
                }
            }
        }
        cells
    }
}
