//! What a change would free, as shown: by change, and project by project.

use std::collections::BTreeMap;

use gangmu_analysis::network::{Change, Effect};
use gangmu_calendar::{Calendar, WorkingDays};
use gangmu_domain::approvals::Catalogue;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::what_if::{Project, Running, START};
use crate::library::UnitView;

/// How many projects are named at most.
const MOST_PROJECTS: usize = 50;
/// How many pairs are named at most.
const MOST_PAIRS: usize = 15;

/// What changes of the rules would do to the running projects. Days are working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WhatIfView {
    /// Whose.
    pub unit: UnitView,
    /// The day it was reckoned on.
    pub as_of: String,
    /// Projects that wait for matters before their start.
    pub cases: usize,
    /// By how much each matter of the ranking is cut.
    pub days: u32,
    /// What was asked, and what it would free.
    pub asked: Option<FreedView>,
    /// The projects that would start earlier, the most days first; at most 50.
    pub projects: Vec<ProjectView>,
    /// How many projects can start by the end of each month, as things are and then; empty when
    /// nothing was asked.
    pub starts: Vec<StartsView>,
    /// Projects whose start lies beyond the known calendar.
    pub beyond: usize,
    /// Each matter cut alone, the most project-days first.
    pub cuts: Vec<FreedView>,
    /// Pairs of which one waits for the other, run in parallel; those that free anything.
    pub parallels: Vec<FreedView>,
}

/// What one change would free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FreedView {
    /// The change.
    pub change: ChangeView,
    /// Projects that wait for the matter at all.
    pub cases: usize,
    /// Projects that would start earlier.
    pub earlier: usize,
    /// By how many days, all together.
    pub days: i64,
    /// The total investment of these projects in yuan.
    pub investment: i64,
}

/// A change of the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RuleChangeView)]
pub struct ChangeView {
    /// `cut` or `parallel`.
    pub kind: String,
    /// The code of the matter that is cut, or no longer waits.
    pub matter: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// By how many days it is cut.
    pub days: u32,
    /// The code of the matter it no longer waits for; empty for a cut.
    pub beside: String,
    /// What people call that.
    pub beside_name: String,
    /// The same in English.
    pub beside_name_en: String,
}

/// A project that would start earlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EarlierProjectView)]
pub struct ProjectView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: UnitView,
    /// Its total investment in yuan.
    pub investment: i64,
    /// When it can start as things are; absent beyond the calendar.
    pub start_on: Option<String>,
    /// When it could start then.
    pub then_on: Option<String>,
    /// How many days earlier that is.
    pub days: i64,
}

/// How many projects can have started by the end of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StartsView {
    /// Such as `2026-03`.
    pub month: String,
    /// As things are.
    pub now: usize,
    /// With the change.
    pub then: usize,
}

/// What a reckoning is put into words with.
pub(super) struct Worded<'a> {
    pub catalogue: &'a Catalogue,
    pub running: &'a Running,
    pub calendar: &'a Calendar,
    pub today: Date,
}

impl Worded<'_> {
    pub fn view(&self, unit: UnitView, days: u32, asked: Option<Change>) -> WhatIfView {
        let plans = &self.running.plans;
        let ours = |effect: &Effect| {
            !matches!(
                effect.change,
                Change::Cut { matter: START, .. } | Change::Parallel { second: START, .. }
            )
        };
        let (starts, beyond) = asked.map_or_else(Default::default, |change| self.starts(change));
        let cuts = plans.rank_cuts(days);
        let parallels = plans.rank_parallels();
        let frees = |effect: &&Effect| effect.days > 0 && ours(effect);
        WhatIfView {
            unit,
            as_of: self.today.to_string(),
            cases: plans.n_plans(),
            days,
            asked: asked.map(|change| self.freed(&plans.effect(&plans.finishes(), change))),
            projects: asked.map_or_else(Vec::new, |change| self.projects(change)),
            starts,
            beyond,
            cuts: cuts
                .iter()
                .filter(|one| ours(one))
                .map(|one| self.freed(one))
                .collect(),
            parallels: parallels
                .iter()
                .filter(frees)
                .take(MOST_PAIRS)
                .map(|one| self.freed(one))
                .collect(),
        }
    }

    fn freed(&self, effect: &Effect) -> FreedView {
        FreedView {
            change: self.change(effect.change),
            cases: effect.n_with_it,
            earlier: effect.n_earlier,
            days: effect.days,
            investment: i64::try_from(effect.investment).unwrap_or(i64::MAX),
        }
    }

    fn change(&self, change: Change) -> ChangeView {
        let code = |number: u32| {
            let found = self.running.matters.get(number as usize);
            found.cloned().unwrap_or_default()
        };
        let names = |code: &str| {
            let found = self.catalogue.matter(code);
            found.map_or_else(
                || (code.to_owned(), code.to_owned()),
                |one| (one.name.clone(), one.name_en.clone()),
            )
        };
        match change {
            Change::Cut { matter, days } => {
                let matter = code(matter);
                let (name, name_en) = names(&matter);
                ChangeView {
                    kind: "cut".to_owned(),
                    matter,
                    name,
                    name_en,
                    days,
                    beside: String::new(),
                    beside_name: String::new(),
                    beside_name_en: String::new(),
                }
            }
            Change::Parallel { first, second } => {
                let (first, second) = (code(first), code(second));
                let (name, name_en) = names(&second);
                let (beside_name, beside_name_en) = names(&first);
                ChangeView {
                    kind: "parallel".to_owned(),
                    matter: second,
                    name,
                    name_en,
                    days: 0,
                    beside: first,
                    beside_name,
                    beside_name_en,
                }
            }
        }
    }

    fn projects(&self, change: Change) -> Vec<ProjectView> {
        let plans = &self.running.plans;
        let then = plans.finishes_after(change);
        let now = plans.finishes();
        let mut earlier: Vec<(i64, i64, i64, &Project)> = self
            .running
            .projects
            .iter()
            .zip(now.iter().zip(&then))
            .filter_map(|(project, (now, then))| {
                let (now, then) = ((*now)?, (*then)?);
                (then < now).then_some((now - then, now, then, project))
            })
            .collect();
        earlier.sort_by_key(|(days, _, _, project)| {
            (std::cmp::Reverse((*days, project.investment)), project.id)
        });
        earlier.truncate(MOST_PROJECTS);
        let shown = earlier.into_iter();
        shown
            .map(|(days, now, then, project)| ProjectView {
                project_id: project.id.0,
                name: project.name.clone(),
                unit: project.unit.clone(),
                investment: project.investment,
                start_on: self.day(now, project),
                then_on: self.day(then, project),
                days,
            })
            .collect()
    }

    /// Adds up the starts month by month, as things are and after a change; and counts those
    /// without a day as things are.
    fn starts(&self, change: Change) -> (Vec<StartsView>, usize) {
        let plans = &self.running.plans;
        let (now, then) = (plans.finishes(), plans.finishes_after(change));
        let mut months: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        let mut beyond = 0;
        for (project, (now, then)) in self.running.projects.iter().zip(now.iter().zip(&then)) {
            let month = |at: &Option<i64>| {
                let day = self.day((*at)?, project)?;
                day.get(..7).map(str::to_owned)
            };
            match month(now) {
                Some(month) => months.entry(month).or_default().0 += 1,
                None => beyond += 1,
            }
            if let Some(month) = month(then) {
                months.entry(month).or_default().1 += 1;
            }
        }
        let (mut now, mut then) = (0, 0);
        let starts = months.into_iter().map(|(month, (before, after))| {
            now += before;
            then += after;
            StartsView { month, now, then }
        });
        (starts.collect(), beyond)
    }

    /// The day at a point of the axis, and never before the planned start.
    fn day(&self, at: i64, project: &Project) -> Option<String> {
        let days = WorkingDays(u32::try_from(at).ok()?);
        let day = self.calendar.add_working_days(self.today, days).ok()?;
        let day = project.planned.map_or(day, |planned| planned.max(day));
        Some(day.to_string())
    }
}
