//! A whole case: what each matter waits for and holds up, when all will be through, what share is.
//!
//! What a reader would get wrong: matters of acceptance come after the works, so they are neither
//! part of the plan before the start nor of the rate of formalities (手续办结率).

use std::collections::BTreeMap;

use gangmu_calendar::{Calendar, CalendarError, WorkingDays};
use jiff::civil::Date;

use super::catalogue::{Catalogue, DecisionLevel, DependencyKind, MatterGroup};
use super::course::{Course, Phase, Setup};
use super::due::DueFor;
use super::instantiate::Edges;
use super::plan::{Plan, order, planned_length};
use super::reading::ItemReading;
use crate::Ratio;
use crate::words::words;

/// One matter of a case with its acts folded and its clocks read.
#[derive(Clone, Debug)]
pub struct Item<'c> {
    /// The matter's code.
    pub code: String,
    /// Who decides.
    pub level: DecisionLevel,
    /// The rules.
    pub setup: Setup<'c>,
    /// The acts.
    pub course: Course,
    /// The clocks, as of the day the case is looked at.
    pub reading: ItemReading,
}

/// When a matter is expected to start and to be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// When it came in, or can come in.
    pub start: Date,
    /// When it was decided, or is to be.
    pub finish: Date,
}

words! {
    /// Why a matter stands in the ledger of problems (问题事项).
    Problem {
        /// A limit has passed (超期).
        Overdue = "overdue",
        /// It was refused (未获准予).
        Refused = "refused",
        /// Papers that were promised have not come in time (容缺材料逾期).
        PapersLate = "papers_late",
        /// A special procedure takes longer than it may (特别程序超时).
        ProcedureLate = "procedure_late",
        /// Whether it is needed is not known (待明确).
        ToClarify = "to_clarify",
    }
}

impl Item<'_> {
    /// Says whether the matter comes before the works.
    #[must_use]
    pub fn is_before_start(&self) -> bool {
        self.setup.matter.group != MatterGroup::Acceptance
    }

    /// Says why the matter is a problem, if it is one.
    #[must_use]
    pub fn problem(&self, as_of: Date) -> Option<Problem> {
        use gangmu_calendar::clock::{Light, State};
        let overran = self
            .reading
            .clocks
            .iter()
            .any(|(_, reading)| matches!(reading.state, State::Running { overran: Some(_) }));
        match (self.reading.phase, self.reading.due) {
            (Phase::ToClarify, _) => Some(Problem::ToClarify),
            (Phase::Refused, _) => Some(Problem::Refused),
            (Phase::Deferred, Some((day, DueFor::Papers))) if as_of > day => {
                Some(Problem::PapersLate)
            }
            (phase, _) if phase.is_open() && overran => Some(Problem::ProcedureLate),
            (phase, _) if phase.is_open() && self.reading.light == Light::Red => {
                Some(Problem::Overdue)
            }
            _ => None,
        }
    }

    /// Says whether the matter must go to a level above the project's own, and is not through.
    #[must_use]
    pub fn is_for_above(&self, level: DecisionLevel) -> bool {
        let above = self.setup.legs.len() > 1 || level == DecisionLevel::Nation;
        self.level == level && above && !self.reading.phase.is_done()
    }
}

/// What waits for what among the matters of a case that it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// What each matter waits for.
    pub edges: Edges,
    /// Whether each matter is through.
    done: BTreeMap<String, bool>,
}

impl Graph {
    /// Links the matters of a case, given where each stands.
    #[must_use]
    pub fn new<'a>(
        catalogue: &Catalogue,
        phases: impl IntoIterator<Item = (&'a str, Phase)>,
    ) -> Self {
        let phases: BTreeMap<&str, Phase> = phases.into_iter().collect();
        let all = phases.keys().copied().collect();
        let needed = |(_, phase): &(&&str, &Phase)| **phase != Phase::NotNeeded;
        let live = phases
            .iter()
            .filter(needed)
            .map(|(code, _)| *code)
            .collect();
        let done = |(code, phase): (&&str, &Phase)| ((*code).to_owned(), phase.is_done());
        Self {
            edges: catalogue.edges(&live, &all),
            done: phases.iter().map(done).collect(),
        }
    }

    /// Lists what one matter waits for, as [`Graph::before`] does, without linking the others.
    #[must_use]
    pub fn before_one<'a>(
        catalogue: &Catalogue,
        code: &str,
        phases: impl IntoIterator<Item = (&'a str, Phase)>,
    ) -> Vec<(String, DependencyKind, bool)> {
        let phases: BTreeMap<&str, Phase> = phases.into_iter().collect();
        let all = phases.keys().copied().collect();
        let needed = phases
            .iter()
            .filter(|(_, phase)| **phase != Phase::NotNeeded);
        let live = needed.map(|(code, _)| *code).collect();
        let is_done = |code: &str| phases.get(code).is_none_or(|phase| phase.is_done());
        let edges = catalogue.edges_of(code, &live, &all);
        edges
            .into_iter()
            .map(|(before, kind)| {
                let done = is_done(&before);
                (before, kind, done)
            })
            .collect()
    }

    /// Lists what a matter waits for, and whether that is through.
    #[must_use]
    pub fn before(&self, code: &str) -> Vec<(String, DependencyKind, bool)> {
        let edges = self.edges.get(code).into_iter().flatten();
        edges
            .map(|(before, kind)| (before.clone(), *kind, self.is_done(before)))
            .collect()
    }

    /// Lists the matters that cannot start, or be decided, before this one is.
    #[must_use]
    pub fn holds_up(&self, code: &str) -> Vec<String> {
        if self.is_done(code) {
            return Vec::new();
        }
        let waits = |before: &[(String, DependencyKind)]| before.iter().any(|(one, _)| one == code);
        let after = self.edges.iter().filter(|(_, before)| waits(before));
        after
            .map(|(after, _)| after)
            .filter(|after| !self.is_done(after))
            .cloned()
            .collect()
    }

    fn is_done(&self, code: &str) -> bool {
        self.done.get(code).copied().unwrap_or(true)
    }
}

/// A case (审批清单).
#[derive(Clone, Debug)]
pub struct Case<'c> {
    /// The catalogue it was made under.
    pub catalogue: &'c Catalogue,
    /// Its matters.
    pub items: Vec<Item<'c>>,
    /// What waits for what.
    pub graph: Graph,
}

impl<'c> Case<'c> {
    /// Puts a case together; matters that are not needed drop out of the graph.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue, items: Vec<Item<'c>>) -> Self {
        let phases = items
            .iter()
            .map(|item| (item.code.as_str(), item.reading.phase));
        let graph = Graph::new(catalogue, phases);
        Self {
            catalogue,
            items,
            graph,
        }
    }

    /// Finds a matter.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item<'c>> {
        self.items.iter().find(|item| item.code == code)
    }

    /// Lists what a matter waits for, and whether that is through.
    #[must_use]
    pub fn before(&self, code: &str) -> Vec<(String, DependencyKind, bool)> {
        self.graph.before(code)
    }

    /// Lists the matters that cannot start, or be decided, before this one is.
    #[must_use]
    pub fn holds_up(&self, code: &str) -> Vec<String> {
        self.graph.holds_up(code)
    }

    /// Plans the matters before the start from nothing, as when the case was made.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let lengths = self
            .items
            .iter()
            .filter(|item| item.is_before_start() && item.reading.phase != Phase::NotNeeded)
            .map(|item| (item.code.clone(), item.length()))
            .collect();
        Plan::new(&lengths, &self.graph.edges)
    }

    /// Foretells when each matter before the start is decided, given how far each has come.
    ///
    /// What is done keeps its days; what runs ends when due, or today where that has passed; what
    /// has not come in starts as soon as it can and takes what the plan supposes.
    ///
    /// # Errors
    /// When the forecast leaves the years the calendar knows; the message names the file to load.
    pub fn forecast(
        &self,
        calendar: &Calendar,
        today: Date,
    ) -> Result<BTreeMap<String, Expected>, CalendarError> {
        let lengths: BTreeMap<String, u32> = self
            .items
            .iter()
            .filter(|item| item.is_before_start() && item.reading.phase != Phase::NotNeeded)
            .map(|item| (item.code.clone(), item.length()))
            .collect();
        let mut expected: BTreeMap<String, Expected> = BTreeMap::new();
        for code in order(&lengths, &self.graph.edges) {
            let Some(item) = self.item(code) else {
                continue;
            };
            let (mut ready, mut not_before) = (today, Date::MIN);
            for (before, kind) in self.graph.edges.get(code).into_iter().flatten() {
                let Some(before) = expected.get(before) else {
                    continue;
                };
                match kind {
                    DependencyKind::Finish => ready = ready.max(before.finish),
                    DependencyKind::Promise => not_before = not_before.max(before.finish),
                }
            }
            let found = item.expected(ready, not_before, calendar, today)?;
            expected.insert(code.to_owned(), found);
        }
        Ok(expected)
    }

    /// Returns how many matters before the start are through, of how many (手续办结率, 手续口径).
    ///
    /// (无需办理 + 已办结) ÷ 全部手续 (`domain.md` §3.8).
    #[must_use]
    pub fn done_rate(&self) -> Ratio {
        let all: Vec<&Item<'_>> = self
            .items
            .iter()
            .filter(|one| one.is_before_start())
            .collect();
        let done = all.iter().filter(|one| one.reading.phase.is_done()).count();
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Ratio::new(count(done), count(all.len()))
    }

    /// Says whether every matter before the start is through: the project counts in 项目口径.
    #[must_use]
    pub fn is_through(&self) -> bool {
        let before = self.items.iter().filter(|one| one.is_before_start());
        before.into_iter().all(|one| one.reading.phase.is_done())
    }

    /// Lists the matters before the start that are not through, the main ones of a year only if so
    /// asked.
    #[must_use]
    pub fn missing(&self, main_in: Option<i16>) -> Vec<&Item<'c>> {
        let counts = |item: &&Item<'c>| match (main_in, item.setup.matter.main_since) {
            (None, _) => true,
            (Some(year), Some(since)) => since <= year,
            (Some(_), None) => false,
        };
        let before = self.items.iter().filter(|one| one.is_before_start());
        before
            .filter(counts)
            .filter(|one| !one.reading.phase.is_done())
            .collect()
    }
}

impl Item<'_> {
    /// Returns how long a plan supposes the matter takes, in working days.
    #[must_use]
    pub fn length(&self) -> u32 {
        let limits = self.setup.limits();
        planned_length(
            limits,
            self.setup.promised(&self.course),
            self.setup.service,
        )
    }

    fn expected(
        &self,
        ready: Date,
        not_before: Date,
        calendar: &Calendar,
        today: Date,
    ) -> Result<Expected, CalendarError> {
        let first = self.course.ledgers.iter().flatten().next();
        let came = first.map(|event| event.on);
        let days = WorkingDays(self.length());
        let (start, finish) = match (&self.course.outcome, came) {
            (Some(outcome), came) if outcome.granted => (came.unwrap_or(outcome.on), outcome.on),
            (None, Some(came)) => {
                let due = match self.reading.due {
                    Some((day, DueFor::Promised | DueFor::Statutory | DueFor::Conversion)) => day,
                    // It waits for somebody else first, and then takes its time.
                    Some((day, _)) => calendar.add_working_days(day.max(today), days)?,
                    None => calendar.add_working_days(today, days)?,
                };
                (came, due.max(today).max(not_before))
            }
            _ => {
                let finish = calendar.add_working_days(ready, days)?;
                (ready, finish.max(not_before))
            }
        };
        Ok(Expected { start, finish })
    }
}
