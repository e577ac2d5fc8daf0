//! What stands against adopting a plan: everything at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Axis, Content, Formula, Indicator, Metric, Office, Quantity, Source, Task};

/// Something wrong in a plan's content (方案问题).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The task's key; zero for the plan as a whole.
    pub task: u32,
    /// The indicator's key; zero for the task as a whole.
    pub indicator: u32,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There are no tasks.
    Empty,
    /// A task has no title.
    Untitled,
    /// An office helps that leads, or is named twice.
    OfficeTwice,
    /// A task of the plan above is named that is not there.
    UnknownTask(u32),
    /// A task of the plan above charges this office and is neither taken over nor left out.
    NotAnswered {
        /// Its title.
        title: String,
    },
    /// A task of the plan above is taken over and left out at once.
    TakenAndLeft {
        /// Its title.
        title: String,
    },
    /// An indicator has no name.
    Unnamed,
    /// An indicator has no unit.
    NoUnit,
    /// An indicator of the plan above is named that is not there.
    UnknownIndicator(u32),
    /// It is counted otherwise than the indicator of the plan above.
    OtherUnit {
        /// How that is counted.
        upper: String,
    },
    /// The metric it is linked to does not exist, or no longer.
    UnknownMetric(String),
    /// What the metric is narrowed to does not exist, or no longer.
    UnknownPlace(String),
    /// The metric is counted otherwise.
    MetricUnit(String),
    /// The formula cannot be read.
    BadFormula,
    /// The formula names an indicator that is not there.
    FormulaUnknown(u32),
    /// The formula comes back to itself.
    FormulaCycle,
    /// The parts along a line do not add up to the target.
    DoesNotAddUp {
        /// Along which.
        axis: Axis,
        /// What they add up to, as printed.
        sum: String,
        /// The target, as printed.
        target: String,
    },
    /// An office has two parts.
    ShareTwice,
    /// The last month's amount is not the target.
    StepsEnd {
        /// The last month's amount, as printed.
        last: String,
        /// The target, as printed.
        target: String,
    },
}

impl Wrong {
    /// Every code there is.
    pub const CODES: [&'static str; 20] = [
        "plans.flaw.empty",
        "plans.flaw.untitled",
        "plans.flaw.office_twice",
        "plans.flaw.unknown_task",
        "plans.flaw.not_answered",
        "plans.flaw.taken_and_left",
        "plans.flaw.unnamed",
        "plans.flaw.no_unit",
        "plans.flaw.unknown_indicator",
        "plans.flaw.other_unit",
        "plans.flaw.unknown_metric",
        "plans.flaw.unknown_place",
        "plans.flaw.metric_unit",
        "plans.flaw.bad_formula",
        "plans.flaw.formula_unknown",
        "plans.flaw.formula_cycle",
        "plans.flaw.does_not_add_up",
        "plans.flaw.departments_do_not_add_up",
        "plans.flaw.share_twice",
        "plans.flaw.steps_end",
    ];

    /// Returns the code its text stands under.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "plans.flaw.empty",
            Self::Untitled => "plans.flaw.untitled",
            Self::OfficeTwice => "plans.flaw.office_twice",
            Self::UnknownTask(_) => "plans.flaw.unknown_task",
            Self::NotAnswered { .. } => "plans.flaw.not_answered",
            Self::TakenAndLeft { .. } => "plans.flaw.taken_and_left",
            Self::Unnamed => "plans.flaw.unnamed",
            Self::NoUnit => "plans.flaw.no_unit",
            Self::UnknownIndicator(_) => "plans.flaw.unknown_indicator",
            Self::OtherUnit { .. } => "plans.flaw.other_unit",
            Self::UnknownMetric(_) => "plans.flaw.unknown_metric",
            Self::UnknownPlace(_) => "plans.flaw.unknown_place",
            Self::MetricUnit(_) => "plans.flaw.metric_unit",
            Self::BadFormula => "plans.flaw.bad_formula",
            Self::FormulaUnknown(_) => "plans.flaw.formula_unknown",
            Self::FormulaCycle => "plans.flaw.formula_cycle",
            Self::DoesNotAddUp { axis, .. } => match axis {
                Axis::Units => "plans.flaw.does_not_add_up",
                Axis::Departments => "plans.flaw.departments_do_not_add_up",
            },
            Self::ShareTwice => "plans.flaw.share_twice",
            Self::StepsEnd { .. } => "plans.flaw.steps_end",
        }
    }

    /// Returns the values its text names.
    #[must_use]
    pub fn params(&self) -> Vec<String> {
        match self {
            Self::UnknownTask(key) | Self::UnknownIndicator(key) | Self::FormulaUnknown(key) => {
                vec![key.to_string()]
            }
            Self::NotAnswered { title } | Self::TakenAndLeft { title } => vec![title.clone()],
            Self::OtherUnit { upper } => vec![upper.clone()],
            Self::UnknownMetric(word) | Self::UnknownPlace(word) | Self::MetricUnit(word) => {
                vec![word.clone()]
            }
            Self::DoesNotAddUp { sum, target, .. } => vec![sum.clone(), target.clone()],
            Self::StepsEnd { last, target } => vec![last.clone(), target.clone()],
            _ => Vec::new(),
        }
    }
}

impl Content {
    /// Lists everything that stands against adopting this content as the plan of an office.
    ///
    /// `upper` is what the plan above says today; `known` says whether a link's unit, department
    /// and member still exist.
    #[must_use]
    pub fn flaws(
        &self,
        office: &Office,
        upper: Option<&Self>,
        known: impl Fn(&super::Link) -> bool,
    ) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if self.tasks.is_empty() {
            flaws.push(Flaw::new(0, 0, Wrong::Empty));
        }
        for task in &self.tasks {
            let all = task_flaws(task, upper);
            flaws.extend(all.into_iter().map(|wrong| Flaw::new(task.key, 0, wrong)));
            for one in &task.indicators {
                let all = self.indicator_flaws(one, upper, &known);
                flaws.extend(
                    all.into_iter()
                        .map(|wrong| Flaw::new(task.key, one.key, wrong)),
                );
            }
        }
        if let Some(upper) = upper {
            let all = self.unanswered(office, upper);
            flaws.extend(all.into_iter().map(|wrong| Flaw::new(0, 0, wrong)));
        }
        flaws
    }

    fn unanswered(&self, office: &Office, upper: &Self) -> Vec<Wrong> {
        let mut wrongs = Vec::new();
        for task in &upper.tasks {
            let taken = self
                .tasks
                .iter()
                .any(|one| one.takes_over.contains(&task.key));
            let left = self.left_out.iter().any(|one| one.task == task.key);
            let title = task.title.clone();
            match (taken, left) {
                (true, true) => wrongs.push(Wrong::TakenAndLeft { title }),
                (false, false) if task.charges(office) => {
                    wrongs.push(Wrong::NotAnswered { title });
                }
                _ => {}
            }
        }
        wrongs
    }

    fn indicator_flaws(
        &self,
        one: &Indicator,
        upper: Option<&Self>,
        known: impl Fn(&super::Link) -> bool,
    ) -> Vec<Wrong> {
        let mut wrongs = Vec::new();
        if one.name.trim().is_empty() {
            wrongs.push(Wrong::Unnamed);
        }
        if one.unit.is_empty() {
            wrongs.push(Wrong::NoUnit);
        }
        if let Some(key) = one.takes_over {
            match upper.and_then(|upper| upper.indicator(key)) {
                None => wrongs.push(Wrong::UnknownIndicator(key)),
                Some((_, above)) if above.unit != one.unit => wrongs.push(Wrong::OtherUnit {
                    upper: above.unit.0.clone(),
                }),
                Some(_) => {}
            }
        }
        wrongs.extend(self.source_flaw(one, known));
        wrongs.extend(parts_flaws(one));
        wrongs
    }

    fn source_flaw(&self, one: &Indicator, known: impl Fn(&super::Link) -> bool) -> Option<Wrong> {
        match &one.source {
            Source::Reported => None,
            Source::Linked(link) => match Metric::from_word(&link.metric) {
                None => Some(Wrong::UnknownMetric(link.metric.clone())),
                Some(_) if !known(link) => Some(Wrong::UnknownPlace(link.member.clone())),
                Some(metric) if !one.unit.is_empty() && !metric.fits(&one.unit) => {
                    Some(Wrong::MetricUnit(link.metric.clone()))
                }
                Some(_) => None,
            },
            Source::Derived(text) => {
                let Ok(formula) = Formula::parse(text) else {
                    return Some(Wrong::BadFormula);
                };
                let named = formula.indicators();
                if let Some(key) = named.iter().find(|key| self.indicator(**key).is_none()) {
                    return Some(Wrong::FormulaUnknown(*key));
                }
                self.comes_back(one.key).then_some(Wrong::FormulaCycle)
            }
        }
    }

    /// Says whether a derived indicator leads back to itself.
    fn comes_back(&self, key: u32) -> bool {
        let edges: BTreeMap<u32, BTreeSet<u32>> = self
            .indicators()
            .filter_map(|(_, one)| match &one.source {
                Source::Derived(text) => Some((one.key, Formula::parse(text).ok()?.indicators())),
                _ => None,
            })
            .collect();
        let mut seen = BTreeSet::new();
        let mut open: Vec<u32> = edges.get(&key).into_iter().flatten().copied().collect();
        while let Some(next) = open.pop() {
            if next == key {
                return true;
            }
            if seen.insert(next) {
                open.extend(edges.get(&next).into_iter().flatten());
            }
        }
        false
    }
}

impl Flaw {
    const fn new(task: u32, indicator: u32, wrong: Wrong) -> Self {
        Self {
            task,
            indicator,
            wrong,
        }
    }
}

fn task_flaws(task: &Task, upper: Option<&Content>) -> Vec<Wrong> {
    let mut wrongs = Vec::new();
    if task.title.trim().is_empty() {
        wrongs.push(Wrong::Untitled);
    }
    let mut seen = BTreeSet::new();
    if !task.offices().all(|office| seen.insert(office)) {
        wrongs.push(Wrong::OfficeTwice);
    }
    let unknown = |key: &&u32| upper.is_none_or(|upper| upper.task(**key).is_none());
    if let Some(key) = task.takes_over.iter().find(unknown) {
        wrongs.push(Wrong::UnknownTask(*key));
    }
    wrongs
}

impl Indicator {
    /// Lists what is wrong with how its target is broken down.
    #[must_use]
    pub fn parts_flaws(&self) -> Vec<Wrong> {
        parts_flaws(self)
    }
}

fn parts_flaws(one: &Indicator) -> Vec<Wrong> {
    let mut wrongs = Vec::new();
    let printed = |quantity: Quantity| one.unit.print(quantity);
    let mut seen = BTreeSet::new();
    if !one.shares.iter().all(|share| seen.insert(&share.office)) {
        wrongs.push(Wrong::ShareTwice);
    }
    // Each line carries the whole target by itself; one with no parts is not broken down.
    for axis in Axis::ALL {
        let shares = one.shares.iter();
        let mut shares = shares
            .filter(|share| Axis::of(&share.office) == axis)
            .peekable();
        if !one.adds_up() || shares.peek().is_none() {
            continue;
        }
        let sum = Quantity::sum(shares.map(|share| share.quantity));
        if sum != Some(one.target) {
            wrongs.push(Wrong::DoesNotAddUp {
                axis,
                sum: sum.map_or_else(|| "—".to_owned(), printed),
                target: printed(one.target),
            });
        }
    }
    let last = one.steps.iter().max_by_key(|step| step.period);
    if let Some(last) = last.filter(|last| last.quantity != one.target) {
        wrongs.push(Wrong::StepsEnd {
            last: printed(last.quantity),
            target: printed(one.target),
        });
    }
    wrongs
}
