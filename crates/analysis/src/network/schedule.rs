//! One plan, forwards and backwards: earliest and latest days, slack, the critical path.
//!
//! What a reader would get wrong: a step of `n` days that begins on day 3 is done on day 3 + n,
//! and what waits for it may begin on that day; days are points between working days, not the
//! days themselves.

use super::Plans;

/// When the steps of a plan can and must be done, in the order in which they were told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The earliest day each may begin.
    pub earliest_start: Vec<i64>,
    /// The earliest day each is done.
    pub earliest_finish: Vec<i64>,
    /// The latest day each must be done so that the plan is not later.
    pub latest_finish: Vec<i64>,
    /// The day the plan is done; none for a plan without steps.
    pub finish: Option<i64>,
    /// One longest chain of steps that decide the finish, from the first to the last.
    pub critical: Vec<usize>,
}

impl Schedule {
    /// By how many working days a step may be later without making the plan later.
    #[must_use]
    pub fn slack(&self, step: usize) -> i64 {
        self.latest_finish[step].saturating_sub(self.earliest_finish[step])
    }
}

impl Plans {
    /// Computes a plan forwards and backwards.
    #[must_use]
    pub fn schedule(&self, plan: usize) -> Schedule {
        let steps = self.steps(plan);
        let (first, count) = (steps.start, steps.len());
        let mut starts = vec![0; count];
        let mut finishes = vec![0; count];
        // The step each had to wait for; none when its own earliest day decides.
        let mut decided_by: Vec<Option<usize>> = vec![None; count];
        for step in steps.clone() {
            let mut start = self.not_before[step];
            for before in self.before(step) {
                if finishes[before - first] > start
                    || (finishes[before - first] == start && decided_by[step - first].is_none())
                {
                    start = finishes[before - first];
                    decided_by[step - first] = Some(before - first);
                }
            }
            starts[step - first] = start;
            let mut finish = start.saturating_add(i64::from(self.days[step]));
            for beside in self.beside(step) {
                if finishes[beside - first] > finish {
                    finish = finishes[beside - first];
                    decided_by[step - first] = Some(beside - first);
                }
            }
            finishes[step - first] = finish;
        }
        let finish = finishes.iter().copied().max();
        let mut latest = vec![finish.unwrap_or_default(); count];
        for step in steps.clone().rev() {
            let begin = latest[step - first].saturating_sub(i64::from(self.days[step]));
            for before in self.before(step) {
                let place = &mut latest[before - first];
                *place = begin.min(*place);
            }
            let end = latest[step - first];
            for beside in self.beside(step) {
                let place = &mut latest[beside - first];
                *place = end.min(*place);
            }
        }
        let last = (0..count).find(|step| Some(finishes[*step]) == finish);
        let mut chain: Vec<usize> = std::iter::successors(last, |step| decided_by[*step]).collect();
        chain.reverse();
        let place = |step: usize| self.places[first + step] as usize;
        let told = |values: &[i64]| {
            let mut told = vec![0; count];
            for (step, value) in values.iter().enumerate() {
                told[place(step)] = *value;
            }
            told
        };
        Schedule {
            earliest_start: told(&starts),
            earliest_finish: told(&finishes),
            latest_finish: told(&latest),
            finish,
            critical: chain.into_iter().map(place).collect(),
        }
    }
}
