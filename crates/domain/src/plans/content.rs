//! What a plan says: tasks, indicators, who leads, and what it takes over from the plan above.

use jiff::civil::Date;

use super::{Quantity, UnitOfMeasure};
use crate::Period;
use crate::organisation::{DepartmentId, UnitPath};
use crate::words::words;

/// Identifies a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanId(pub i64);

words! {
    /// What kind of paper a plan is (方案类别).
    PlanKind {
        /// The one plan the others hang under (实施方案).
        Implementation = "implementation",
        /// A department's or unit's plan under another (工作方案).
        Work = "work",
        /// A year's list of tasks (年度任务清单).
        Annual = "annual",
    }
}

words! {
    /// Where a plan stands (方案状态).
    PlanState {
        /// Written, not yet in force (起草).
        Draft = "draft",
        /// In force (已印发).
        Adopted = "adopted",
        /// No longer in force (已废止).
        Withdrawn = "withdrawn",
    }
}

words! {
    /// Which way an indicator should go (指标方向).
    Direction {
        /// At least the target (不低于).
        Up = "up",
        /// At most the target (不高于).
        Down = "down",
    }
}

/// An office: a unit's department, or the unit itself when no department is named (承办单位).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Office {
    /// The unit.
    pub unit: UnitPath,
    /// The department; `None` for the unit as a whole.
    pub department: Option<DepartmentId>,
}

/// What a version of a plan says (方案内容).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The tasks, in the order they are printed.
    pub tasks: Vec<Task>,
    /// Tasks of the plan above that this plan does not take over, and why.
    pub left_out: Vec<LeftOut>,
    /// The next key of a task or indicator; keys are never given twice.
    pub next_key: u32,
}

/// A task of the plan above that is explicitly not taken over (不承接任务).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The task's key in the plan above.
    pub task: u32,
    /// Why.
    pub reason: String,
}

/// One thing to be done (任务).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its key in the plan.
    pub key: u32,
    /// What it is grouped under: a code of the rules' groups; may be empty.
    pub group: String,
    /// What is to be done, in a line.
    pub title: String,
    /// At length; may be empty.
    pub body: String,
    /// What there will be to show for it (成果形式); may be empty.
    pub outcome: String,
    /// Who answers for it.
    pub lead: Office,
    /// Who helps.
    pub cooperating: Vec<Office>,
    /// By when.
    pub due: Date,
    /// The tasks of the plan above it takes over: their keys there.
    pub takes_over: Vec<u32>,
    /// What it is measured by.
    pub indicators: Vec<Indicator>,
}

/// A figure a task is measured by (量化指标).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// Its key in the plan.
    pub key: u32,
    /// What it is called.
    pub name: String,
    /// What it is counted in.
    pub unit: UnitOfMeasure,
    /// What it stood at when the plan began.
    pub baseline: Option<Quantity>,
    /// What is to be reached.
    pub target: Quantity,
    /// By when.
    pub due: Date,
    /// Which way is better.
    pub direction: Direction,
    /// How much it counts within its task, in points; zero is shown and not counted.
    pub weight: u32,
    /// Where its value comes from.
    pub source: Source,
    /// The indicator of the plan above whose target it carries a part of: its key there.
    pub takes_over: Option<u32>,
    /// The target by office; empty when it is not broken down.
    pub shares: Vec<Share>,
    /// What is to be reached by the end of months, from the beginning of the plan on.
    pub steps: Vec<Step>,
}

/// Where an indicator's value comes from (指标来源).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A metric of the library, the dispatch or the approvals: never typed.
    Linked(Link),
    /// A formula over other indicators of the plan, named by `#` and key.
    Derived(String),
    /// Somebody hands it in, with evidence.
    Reported,
}

impl Source {
    /// The words of all sources.
    pub const WORDS: [&'static str; 3] = ["linked", "derived", "reported"];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Linked(_) => "linked",
            Self::Derived(_) => "derived",
            Self::Reported => "reported",
        }
    }
}

/// A metric with what it is taken of (关联口径).
///
/// The metric and the member are words as stored: what they name may disappear, and the plan
/// must still be readable then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The metric's word.
    pub metric: String,
    /// The unit whose subtree is summed.
    pub unit: UnitPath,
    /// The department; `None` for all.
    pub department: Option<DepartmentId>,
    /// What it is further narrowed by: the word of a cut, empty for nothing.
    pub cut: String,
    /// The member along the cut.
    pub member: String,
}

/// An office's part of a target (分解任务).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Whose.
    pub office: Office,
    /// How much.
    pub quantity: Quantity,
}

/// What is to be reached by the end of a month (进度目标).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The month.
    pub period: Period,
    /// The amount, from the beginning of the plan on.
    pub quantity: Quantity,
}

impl Content {
    /// Finds a task.
    #[must_use]
    pub fn task(&self, key: u32) -> Option<&Task> {
        self.tasks.iter().find(|task| task.key == key)
    }

    /// Finds an indicator with its task.
    #[must_use]
    pub fn indicator(&self, key: u32) -> Option<(&Task, &Indicator)> {
        self.indicators().find(|(_, one)| one.key == key)
    }

    /// Lists all indicators with their tasks.
    pub fn indicators(&self) -> impl Iterator<Item = (&Task, &Indicator)> {
        self.tasks
            .iter()
            .flat_map(|task| task.indicators.iter().map(move |one| (task, one)))
    }

    /// Gives a key that no task or indicator of the plan ever had.
    pub fn take_key(&mut self) -> u32 {
        self.next_key = self.next_key.saturating_add(1);
        self.next_key
    }
}

impl Task {
    /// Lists the offices it charges, the lead first.
    pub fn offices(&self) -> impl Iterator<Item = &Office> {
        std::iter::once(&self.lead).chain(&self.cooperating)
    }

    /// Says whether it charges an office.
    #[must_use]
    pub fn charges(&self, office: &Office) -> bool {
        self.offices().any(|one| one == office)
    }
}

impl Indicator {
    /// Says whether parts of it add up to the whole.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        !self.unit.is_share()
    }

    /// Returns what was to be reached by the end of a month: its step, or that of the last month
    /// before it that has one; `None` without steps.
    #[must_use]
    pub fn step_at(&self, period: Period) -> Option<Quantity> {
        let before = self.steps.iter().filter(|step| step.period <= period);
        before
            .max_by_key(|step| step.period)
            .map(|step| step.quantity)
    }

    /// Returns what should be reached by the end of a day: the step of the last month that is over,
    /// else a straight line from the beginning of the plan to the day it is due. A share begins at
    /// its baseline, an amount at nothing.
    #[must_use]
    pub fn expected(&self, from: Date, day: Date) -> Option<Quantity> {
        if day >= self.due {
            return Some(self.target);
        }
        if !self.steps.is_empty() {
            let month = Period::of(day)?;
            let over = if day == month.last_day() {
                month
            } else {
                month.previous()
            };
            return Some(self.step_at(over).unwrap_or_default());
        }
        let days = |to: Date| from.until(to).ok().map(|span| i64::from(span.get_days()));
        let (gone, all) = (days(day)?.max(0), days(self.due)?.max(1));
        let start = match self.adds_up() {
            true => Quantity(0),
            false => self.baseline?,
        };
        let way = Quantity(self.target.0.checked_sub(start.0)?);
        Quantity::sum([start, way.times(gone, all)?])
    }

    /// Says whether a value that was true `on` a day is the target reached for good: a share, and
    /// what is to stay below its target, can get worse again until its day has come.
    #[must_use]
    pub fn is_done(&self, value: Quantity, on: Date) -> bool {
        let stays = self.adds_up() && self.direction == Direction::Up;
        self.reaches(value, self.target) && (stays || on >= self.due)
    }

    /// Says whether a value is as good as a wanted one.
    #[must_use]
    pub fn reaches(&self, value: Quantity, wanted: Quantity) -> bool {
        match self.direction {
            Direction::Up => value >= wanted,
            Direction::Down => value <= wanted,
        }
    }
}
