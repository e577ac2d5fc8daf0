//! The plans that hang under a plan, laid beside it: what is taken over, missing, claimed twice.
//!
//! What a reader would get wrong: units and departments each carry the whole target along their own
//! axis (纵向、横向); adding the two up would count every project twice. So each axis is summed by
//! itself, and an axis nobody claims anything on is not held against the plan.

use super::{Content, Indicator, Office, PlanId, Quantity, Task};

/// A plan that hangs under another.
#[derive(Clone, Copy, Debug)]
pub struct Hung<'a> {
    /// Which.
    pub plan: PlanId,
    /// Whose.
    pub office: &'a Office,
    /// What it says.
    pub content: &'a Content,
}

/// How a plan answers a task of the plan above (承接情况).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Taken over by these tasks: their keys.
    Taken(Vec<u32>),
    /// Explicitly not, and why.
    LeftOut(String),
    /// It charges the office, and the plan says nothing of it.
    Missing,
}

/// A plan's answer to a task of the plan above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeCover {
    /// The plan.
    pub plan: PlanId,
    /// The answer.
    pub cover: Cover,
}

/// What became of a task (任务承接).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskCover {
    /// Its key.
    pub task: u32,
    /// The answers of plans that take it over, leave it out, or should say something.
    pub answers: Vec<OfficeCover>,
    /// Offices it charges, the lead first, that have no plan under this one.
    pub without_plan: Vec<Office>,
}

impl TaskCover {
    /// Counts the tasks below that take it over.
    #[must_use]
    pub fn tasks_below(&self) -> usize {
        let taken = self.answers.iter().map(|answer| match &answer.cover {
            Cover::Taken(keys) => keys.len(),
            _ => 0,
        });
        taken.sum()
    }

    /// Says whether every office it charges has answered.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.without_plan.is_empty() && self.answers.iter().all(|one| one.cover != Cover::Missing)
    }
}

/// Along which line a target is broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// By units (纵向).
    Units,
    /// By departments (横向).
    Departments,
}

impl Axis {
    /// Both lines.
    pub const ALL: [Self; 2] = [Self::Units, Self::Departments];

    /// Says on which line an office is.
    #[must_use]
    pub fn of(office: &Office) -> Self {
        match office.department {
            None => Self::Units,
            Some(_) => Self::Departments,
        }
    }
}

/// A part of a target that a plan carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The plan.
    pub plan: PlanId,
    /// The indicator's key there.
    pub indicator: u32,
    /// Whose plan it is.
    pub office: Office,
    /// How much it carries.
    pub quantity: Quantity,
    /// Whether somebody else carries it too: the same office, or one it is a part of.
    pub twice: bool,
}

/// A target along one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisCover {
    /// Which line.
    pub axis: Axis,
    /// What the plan gives out to offices on it.
    pub assigned: Quantity,
    /// What plans below carry, what is carried twice counted once.
    pub claimed: Quantity,
    /// The target less that; negative when more is carried.
    pub missing: Quantity,
    /// Who carries what.
    pub claims: Vec<Claim>,
    /// Offices with a part that carry nothing.
    pub silent: Vec<Office>,
}

/// What became of a target (指标承接).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorCover {
    /// The task's key.
    pub task: u32,
    /// The indicator's key.
    pub indicator: u32,
    /// The lines on which anything is given out or carried.
    pub axes: Vec<AxisCover>,
}

/// Says of each task of an office's plan what the plans under it make of it.
#[must_use]
pub fn cover_tasks(upper: &Content, own: &Office, below: &[Hung<'_>]) -> Vec<TaskCover> {
    upper
        .tasks
        .iter()
        .map(|task| cover_task(task, own, below))
        .collect()
}

fn cover_task(task: &Task, own: &Office, below: &[Hung<'_>]) -> TaskCover {
    let answers = below.iter().filter_map(|hung| {
        let cover = answer(task, hung)?;
        Some(OfficeCover {
            plan: hung.plan,
            cover,
        })
    });
    TaskCover {
        task: task.key,
        answers: answers.collect(),
        without_plan: task
            .offices()
            .filter(|office| lacks_plan(office, own, below))
            .cloned()
            .collect(),
    }
}

/// Says whether an office has no plan under another's; the plan's own office needs none.
fn lacks_plan(office: &Office, own: &Office, below: &[Hung<'_>]) -> bool {
    office != own && !below.iter().any(|hung| hung.office == office)
}

fn answer(task: &Task, hung: &Hung<'_>) -> Option<Cover> {
    let takes = |one: &&Task| one.takes_over.contains(&task.key);
    let taken: Vec<u32> = hung
        .content
        .tasks
        .iter()
        .filter(takes)
        .map(|one| one.key)
        .collect();
    if !taken.is_empty() {
        return Some(Cover::Taken(taken));
    }
    let left = hung
        .content
        .left_out
        .iter()
        .find(|one| one.task == task.key);
    match left {
        Some(left) => Some(Cover::LeftOut(left.reason.clone())),
        None => task.charges(hung.office).then_some(Cover::Missing),
    }
}

/// Lists the offices a plan charges that have no plan under it, each once.
#[must_use]
pub fn offices_without_plan(upper: &Content, own: &Office, below: &[Hung<'_>]) -> Vec<Office> {
    let mut all: Vec<Office> = upper
        .tasks
        .iter()
        .flat_map(Task::offices)
        .filter(|office| lacks_plan(office, own, below))
        .cloned()
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Says of each indicator of a plan how much of its target the plans under it carry.
#[must_use]
pub fn cover_indicators(upper: &Content, below: &[Hung<'_>]) -> Vec<IndicatorCover> {
    let cover = |(task, one): (&Task, &Indicator)| {
        let axes = Axis::ALL
            .into_iter()
            .filter_map(|axis| cover_axis(axis, one, below));
        IndicatorCover {
            task: task.key,
            indicator: one.key,
            axes: axes.collect(),
        }
    };
    upper.indicators().map(cover).collect()
}

fn cover_axis(axis: Axis, one: &Indicator, below: &[Hung<'_>]) -> Option<AxisCover> {
    let mut claims: Vec<Claim> = Vec::new();
    for hung in below.iter().filter(|hung| Axis::of(hung.office) == axis) {
        let carrying = hung.content.indicators();
        let carrying = carrying.filter(|(_, own)| own.takes_over == Some(one.key));
        claims.extend(carrying.map(|(_, own)| Claim {
            plan: hung.plan,
            indicator: own.key,
            office: hung.office.clone(),
            quantity: own.target,
            twice: false,
        }));
    }
    let doubled: Vec<bool> = (0..claims.len())
        .map(|at| {
            let mut others = claims.iter().enumerate().filter(|(other, _)| *other != at);
            others.any(|(_, other)| claims.get(at).is_some_and(|own| overlaps(own, other)))
        })
        .collect();
    for (claim, twice) in claims.iter_mut().zip(doubled) {
        claim.twice = twice;
    }
    let shares = one.shares.iter();
    let shares = shares.filter(|share| Axis::of(&share.office) == axis);
    let silent: Vec<Office> = shares
        .clone()
        .map(|share| share.office.clone())
        .filter(|office| !claims.iter().any(|claim| claim.office == *office))
        .collect();
    let assigned: Vec<Quantity> = shares.map(|share| share.quantity).collect();
    if assigned.is_empty() && claims.is_empty() {
        return None;
    }
    let claimed = counted_once(&claims);
    Some(AxisCover {
        axis,
        assigned: Quantity::sum(assigned).unwrap_or_default(),
        claimed,
        missing: Quantity(one.target.0.saturating_sub(claimed.0)),
        claims,
        silent,
    })
}

/// Two claims overlap when they are the same office's, or one's unit lies within the other's.
fn overlaps(one: &Claim, other: &Claim) -> bool {
    let within = one.office.unit.contains(&other.office.unit)
        || other.office.unit.contains(&one.office.unit);
    within && one.office.department == other.office.department
}

/// Sums claims; of those that overlap only the widest office's largest counts.
fn counted_once(claims: &[Claim]) -> Quantity {
    let mut order: Vec<&Claim> = claims.iter().collect();
    order.sort_by_key(|claim| (claim.office.unit.depth(), std::cmp::Reverse(claim.quantity)));
    let mut counted: Vec<&Claim> = Vec::new();
    for claim in order {
        if !counted.iter().any(|one| overlaps(one, claim)) {
            counted.push(claim);
        }
    }
    Quantity::sum(counted.iter().map(|claim| claim.quantity)).unwrap_or_default()
}
