//! Many plans as columns, each in an order in which no step comes before what it waits for.
//!
//! What a reader would get wrong: inside, a plan's steps are sorted so that one pass over the
//! column is enough; answers are given in the order in which the caller told the steps.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// One step of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The matter it is about, the same number in every plan.
    pub matter: u32,
    /// Working days it takes, or still takes.
    pub days: u32,
    /// The earliest working day it may begin.
    pub not_before: i64,
    /// The steps it waits for, by their place in the plan.
    pub after: Vec<usize>,
    /// The steps it may run beside but is not done before, by their place in the plan.
    pub not_done_before: Vec<usize>,
}

impl Step {
    fn waits(&self) -> impl Iterator<Item = usize> + '_ {
        self.after.iter().chain(&self.not_done_before).copied()
    }
}

/// What one case has to go through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What stands behind it, in yuan.
    pub investment: i64,
    /// Its steps, in any order.
    pub steps: Vec<Step>,
}

/// Why a plan was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// Steps wait for each other.
    #[error("steps wait for each other: {steps:?}")]
    Cycle {
        /// The steps of one circle, each waiting for the one before it, by their place.
        steps: Vec<usize>,
    },
    /// A step waits for one that is not there.
    #[error("step {step} waits for {after}, which is not there")]
    NoSuchStep {
        /// The waiting step.
        step: usize,
        /// What it waits for.
        after: usize,
    },
    /// There are more steps than can be numbered.
    #[error("more than {} steps", u32::MAX)]
    TooMany,
}

/// Plans of many cases.
#[derive(Clone, Debug, Default)]
pub struct Plans {
    pub(super) investments: Vec<i64>,
    starts: Vec<u32>,
    pub(super) matters: Vec<u32>,
    pub(super) days: Vec<u32>,
    pub(super) not_before: Vec<i64>,
    /// Where each step's predecessors begin in `before`; one more at the end.
    before_starts: Vec<u32>,
    before: Vec<u32>,
    /// The same for the steps each is not done before.
    beside_starts: Vec<u32>,
    beside: Vec<u32>,
    /// The place the caller gave the step.
    pub(super) places: Vec<u32>,
}

impl Plans {
    /// How many plans.
    #[must_use]
    pub fn n_plans(&self) -> usize {
        self.starts.len()
    }

    /// How many steps in all plans.
    #[must_use]
    pub fn n_steps(&self) -> usize {
        self.matters.len()
    }

    /// The steps of a plan.
    pub(super) fn steps(&self, plan: usize) -> Range<usize> {
        let end = self.starts.get(plan + 1);
        let end = end.map_or(self.matters.len(), |end| *end as usize);
        self.starts[plan] as usize..end
    }

    /// The steps a step waits for.
    pub(super) fn before(&self, step: usize) -> impl Iterator<Item = usize> + '_ {
        let range = self.before_starts[step] as usize..self.before_starts[step + 1] as usize;
        self.before[range].iter().map(|before| *before as usize)
    }

    /// The steps a step is not done before.
    pub(super) fn beside(&self, step: usize) -> impl Iterator<Item = usize> + '_ {
        let range = self.beside_starts[step] as usize..self.beside_starts[step + 1] as usize;
        self.beside[range].iter().map(|beside| *beside as usize)
    }
}

/// Takes plans one by one.
#[derive(Debug)]
pub struct PlansBuilder {
    plans: Plans,
}

impl Default for PlansBuilder {
    fn default() -> Self {
        let plans = Plans {
            before_starts: vec![0],
            beside_starts: vec![0],
            ..Plans::default()
        };
        Self { plans }
    }
}

impl PlansBuilder {
    /// Takes a plan.
    ///
    /// # Errors
    /// When steps wait for each other or for what is not there. Nothing of the plan is taken.
    pub fn add(&mut self, plan: &Plan) -> Result<(), NetworkError> {
        let order = order(&plan.steps)?;
        let plans = &mut self.plans;
        let start = plans.matters.len();
        number(start + plan.steps.len())?;
        let waits = |step: &Step| step.after.len() + step.not_done_before.len();
        let waits: usize = plan.steps.iter().map(waits).sum();
        number(plans.before.len() + plans.beside.len() + waits)?;
        plans.starts.push(number(start)?);
        plans.investments.push(plan.investment);
        let mut sorted = vec![0; order.len()];
        for (at, place) in order.iter().enumerate() {
            sorted[*place] = start + at;
        }
        for place in order {
            let step = &plan.steps[place];
            plans.matters.push(step.matter);
            plans.days.push(step.days);
            plans.not_before.push(step.not_before);
            plans.places.push(number(place)?);
            for after in &step.after {
                plans.before.push(number(sorted[*after])?);
            }
            plans.before_starts.push(number(plans.before.len())?);
            for beside in &step.not_done_before {
                plans.beside.push(number(sorted[*beside])?);
            }
            plans.beside_starts.push(number(plans.beside.len())?);
        }
        Ok(())
    }

    /// Returns the plans.
    #[must_use]
    pub fn finish(self) -> Plans {
        self.plans
    }
}

fn number(count: usize) -> Result<u32, NetworkError> {
    u32::try_from(count).map_err(|_| NetworkError::TooMany)
}

/// Sorts the steps so that none comes before what it waits for; of those that could come next,
/// the first told comes first.
fn order(steps: &[Step]) -> Result<Vec<usize>, NetworkError> {
    let mut waiting = vec![0_usize; steps.len()];
    let mut followers = vec![Vec::new(); steps.len()];
    for (place, step) in steps.iter().enumerate() {
        for after in step.waits() {
            let Some(list) = followers.get_mut(after) else {
                let step = place;
                return Err(NetworkError::NoSuchStep { step, after });
            };
            list.push(place);
            waiting[place] += 1;
        }
    }
    let free = (0..steps.len()).filter(|place| waiting[*place] == 0);
    let mut ready: BinaryHeap<Reverse<usize>> = free.map(Reverse).collect();
    let mut order = Vec::with_capacity(steps.len());
    while let Some(Reverse(place)) = ready.pop() {
        order.push(place);
        for follower in &followers[place] {
            waiting[*follower] -= 1;
            if waiting[*follower] == 0 {
                ready.push(Reverse(*follower));
            }
        }
    }
    if order.len() < steps.len() {
        return Err(circle(steps, &waiting));
    }
    Ok(order)
}

/// Walks back from a step that never came free until one comes up again: that is a circle.
fn circle(steps: &[Step], waiting: &[usize]) -> NetworkError {
    let is_stuck = |place: &usize| waiting[*place] > 0;
    let mut path: Vec<usize> = Vec::new();
    let mut next = (0..steps.len()).find(is_stuck);
    while let Some(place) = next {
        if let Some(begin) = path.iter().position(|earlier| *earlier == place) {
            let mut steps = path.split_off(begin);
            steps.reverse();
            return NetworkError::Cycle { steps };
        }
        path.push(place);
        next = steps[place].waits().find(is_stuck);
    }
    NetworkError::Cycle { steps: path }
}
