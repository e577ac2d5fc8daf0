//! What a change of the rules would do to the starts of all running projects.
//!
//! What a reader would get wrong: a project starts when it was planned to, or when its last matter
//! is decided, whichever is later; a cut that ends before the planned start frees nothing. A cut
//! shortens what is left of matters under way too, but never below nothing.

use std::collections::BTreeMap;

use gangmu_analysis::network::{Change, Plan, Plans, PlansBuilder, Step};
use gangmu_calendar::{Calendar, WorkingDays};
use gangmu_domain::approvals::{Catalogue, DependencyKind, DueFor, Graph, Item};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_store::approvals::{WithActs, WorkFilter, WorkRow};
use jiff::civil::Date;

use super::what_if_view::{WhatIfView, Worded};
use super::{Record, unknown};
use crate::approvals::load::calendar_error;
use crate::error::AppError;
use crate::library::UnitView;
use crate::{Actor, App};

/// What to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A matter takes so many working days less.
    Cut {
        /// Its code.
        matter: String,
        /// By how many.
        days: u32,
    },
    /// Where the second waits for the first, it no longer does.
    Parallel {
        /// The code of the matter that was waited for.
        first: String,
        /// The code of the matter that waited.
        second: String,
    },
}

impl Asked {
    /// Reads what was asked: nothing without a matter, a cut unless one is named to run beside.
    #[must_use]
    pub fn read(matter: Option<&str>, beside: Option<&str>, days: u32) -> Option<Self> {
        let named = |text: Option<&str>| text.filter(|one| !one.is_empty()).map(str::to_owned);
        let matter = named(matter)?;
        Some(match named(beside) {
            Some(first) => Self::Parallel {
                first,
                second: matter,
            },
            None => Self::Cut { matter, days },
        })
    }
}

/// The projects that have not all they need, with their plans on an axis of working days; today is
/// day 0.
pub(super) struct Running {
    pub plans: Plans,
    /// What stands behind each plan, in the order of the plans.
    pub projects: Vec<Project>,
    /// The codes of matters by their number in the plans.
    pub matters: Vec<String>,
}

/// A project that waits for matters.
pub(super) struct Project {
    pub id: ProjectId,
    pub name: String,
    pub unit: UnitView,
    pub investment: i64,
    pub planned: Option<Date>,
}

/// The number that stands for the start of the works: a step without days, after all others.
pub(super) const START: u32 = u32::MAX;

impl App {
    /// Says what a change would do to the starts of the running projects that one sees, and which
    /// matter, cut by so many working days, and which pair run in parallel would free most.
    ///
    /// # Errors
    /// When the actor may not read, the unit is not theirs, or a matter is not known.
    pub async fn approval_what_if(
        &self,
        actor: &Actor,
        unit: Option<&str>,
        days: u32,
        asked: Option<&Asked>,
    ) -> Result<WhatIfView, AppError> {
        let record = self.running(actor, unit).await?;
        let today = self.today();
        let (catalogue, _) = self.current_catalogue().await?;
        let mut running = Running::of(&record, today)?;
        running.know(&catalogue);
        let change = asked.map(|asked| running.change(asked)).transpose()?;
        let words = Worded {
            catalogue: &catalogue,
            running: &running,
            calendar: &record.reference.calendar,
            today,
        };
        Ok(words.view(record.unit.clone(), days, change))
    }

    /// Reads all matters of the running cases one sees that are not through, with the acts of those still to be decided.
    async fn running(&self, actor: &Actor, unit: Option<&str>) -> Result<Record, AppError> {
        let reference = self.reference().await?;
        let scope = self.scope_in(actor, Action::Read, unit).await?;
        let unit = UnitView::new(&reference, &scope.unit);
        let filter = WorkFilter {
            projects: Some(scope),
            running: true,
            waiting: true,
            acts: WithActs::Unfinished,
            ..WorkFilter::default()
        };
        self.gather(reference, unit, &filter).await
    }
}

impl Running {
    fn of(record: &Record, today: Date) -> Result<Self, AppError> {
        let mut cases: BTreeMap<ProjectId, Vec<&WorkRow>> = BTreeMap::new();
        for row in &record.rows {
            cases.entry(row.item.project).or_default().push(row);
        }
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        let mut builder = PlansBuilder::default();
        let mut projects = Vec::new();
        for rows in cases.into_values() {
            let Some(steps) = steps(record, &rows, &mut numbers, today)? else {
                continue;
            };
            let Some(row) = rows.first() else { continue };
            let planned = row.planned_start_on.as_deref();
            let project = Project {
                id: row.item.project,
                name: row.project_name.clone(),
                unit: UnitView::new(&record.reference, &row.item.own),
                investment: row.total_investment,
                planned: planned.and_then(|day| day.parse().ok()),
            };
            let plan = Plan {
                investment: row.total_investment,
                steps: started(steps, &project, &record.reference.calendar, today),
            };
            // A checked catalogue has no circle; a case of an unchecked one is left out.
            if builder.add(&plan).is_ok() {
                projects.push(project);
            }
        }
        let mut matters = vec![String::new(); numbers.len()];
        for (code, number) in numbers {
            if let Some(place) = matters.get_mut(number as usize) {
                *place = code;
            }
        }
        Ok(Self {
            plans: builder.finish(),
            projects,
            matters,
        })
    }

    /// Numbers the matters no running project waits for, so that one may ask about them too.
    fn know(&mut self, catalogue: &Catalogue) {
        for matter in &catalogue.matters {
            if !self.matters.contains(&matter.code) {
                self.matters.push(matter.code.clone());
            }
        }
    }

    fn change(&self, asked: &Asked) -> Result<Change, AppError> {
        let number = |code: &String| {
            let place = self.matters.iter().position(|one| one == code);
            let number = place.and_then(|place| u32::try_from(place).ok());
            number.ok_or_else(|| unknown("matter", code))
        };
        Ok(match asked {
            Asked::Cut { matter, days } => Change::Cut {
                matter: number(matter)?,
                days: *days,
            },
            Asked::Parallel { first, second } => Change::Parallel {
                first: number(first)?,
                second: number(second)?,
            },
        })
    }
}

/// The steps a case still has to go through; none when everything before the start is through.
fn steps(
    record: &Record,
    rows: &[&WorkRow],
    numbers: &mut BTreeMap<String, u32>,
    today: Date,
) -> Result<Option<Vec<Step>>, AppError> {
    let missing = || AppError::NotFound { what: "catalogue" };
    let version = rows.first().map_or(0, |row| row.catalogue);
    let catalogue = record.catalogues.get(&version).ok_or_else(missing)?;
    let phases = rows
        .iter()
        .map(|row| (row.item.item.as_str(), row.item.phase));
    let graph = Graph::new(catalogue, phases);
    let mut left: Vec<(&str, u32)> = Vec::new();
    for row in rows.iter().filter(|row| !row.item.phase.is_done()) {
        let handled = record.handled(row, today)?;
        let calendar = &record.reference.calendar;
        let reading = handled
            .setup
            .read(&handled.course, calendar, today)
            .map_err(calendar_error)?;
        let item = Item {
            code: row.item.item.clone(),
            level: row.item.level,
            setup: handled.setup,
            course: handled.course,
            reading,
        };
        if item.is_before_start() {
            left.push((&row.item.item, days_left(&item, calendar, today)));
        }
    }
    if left.is_empty() {
        return Ok(None);
    }
    let place = |code: &str| left.iter().position(|(one, _)| *one == code);
    let mut steps = Vec::with_capacity(left.len() + 1);
    for (code, days) in &left {
        let next = u32::try_from(numbers.len()).unwrap_or(START - 1);
        let before = graph.edges.get(*code).into_iter().flatten();
        let waits = |kind: DependencyKind| {
            let such = before.clone().filter(|(_, one)| *one == kind);
            such.filter_map(|(code, _)| place(code)).collect()
        };
        steps.push(Step {
            matter: *numbers.entry((*code).to_owned()).or_insert(next),
            days: *days,
            not_before: 0,
            after: waits(DependencyKind::Finish),
            not_done_before: waits(DependencyKind::Promise),
        });
    }
    Ok(Some(steps))
}

/// Adds the start of the works behind all steps, not before it was planned.
fn started(mut steps: Vec<Step>, project: &Project, calendar: &Calendar, today: Date) -> Vec<Step> {
    let planned = project
        .planned
        .map_or(0, |day| on_axis(calendar, today, day));
    steps.push(Step {
        matter: START,
        days: 0,
        not_before: planned,
        after: (0..steps.len()).collect(),
        not_done_before: Vec::new(),
    });
    steps
}

/// Working days the matter still takes, as a forecast of its case supposes.
fn days_left(item: &Item<'_>, calendar: &Calendar, today: Date) -> u32 {
    let until = |day: Date| u32::try_from(on_axis(calendar, today, day)).unwrap_or(0);
    let came = item.course.ledgers.iter().any(|ledger| !ledger.is_empty());
    match (came, item.reading.due) {
        (true, Some((day, DueFor::Promised | DueFor::Statutory | DueFor::Conversion))) => {
            until(day)
        }
        // It waits for somebody else first, and then takes its time.
        (true, Some((day, _))) => until(day).saturating_add(item.length()),
        _ => item.length(),
    }
}

/// Working days after today through a day, none before it; beyond the known years five of seven.
fn on_axis(calendar: &Calendar, today: Date, day: Date) -> i64 {
    if day <= today {
        return 0;
    }
    let next = |day: Date| day.tomorrow().unwrap_or(day);
    match calendar.working_days_between(next(today), next(day)) {
        Ok(WorkingDays(days)) => days.into(),
        Err(_) => day.duration_since(today).as_hours() / 24 * 5 / 7,
    }
}
