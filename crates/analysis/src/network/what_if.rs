//! What a change would do to all plans, and which change does most.
//!
//! What a reader would get wrong: to run two steps in parallel does not throw the first away. The
//! second begins when the first could have begun, and whatever waited for the second now waits for
//! both.

use super::Plans;

/// A change to the rules that all plans follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// The matter takes so many working days less, at least none.
    Cut {
        /// Which matter.
        matter: u32,
        /// By how many working days.
        days: u32,
    },
    /// Where the second waits for the first, it no longer does.
    Parallel {
        /// The matter that was waited for.
        first: u32,
        /// The matter that waited.
        second: u32,
    },
}

impl Change {
    fn touches(self, matter: u32) -> bool {
        match self {
            Self::Cut { matter: cut, .. } => cut == matter,
            Self::Parallel { second, .. } => second == matter,
        }
    }
}

/// What a change does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The change.
    pub change: Change,
    /// How many plans have the matter at all.
    pub n_with_it: usize,
    /// How many plans are done earlier.
    pub n_earlier: usize,
    /// By how many working days, all plans together.
    pub days: i64,
    /// What stands behind the plans that are done earlier, in yuan.
    pub investment: i128,
}

impl Plans {
    /// The day each plan is done, as things are; none for a plan without steps.
    #[must_use]
    pub fn finishes(&self) -> Vec<Option<i64>> {
        let mut room = Room::default();
        let plans = 0..self.n_plans();
        plans
            .map(|plan| self.finish(plan, None, &mut room))
            .collect()
    }

    /// The day each plan would be done after a change.
    #[must_use]
    pub fn finishes_after(&self, change: Change) -> Vec<Option<i64>> {
        let mut room = Room::default();
        let plans = 0..self.n_plans();
        plans
            .map(|plan| self.finish(plan, Some(change), &mut room))
            .collect()
    }

    /// What a change does, compared with the finishes as things are.
    #[must_use]
    pub fn effect(&self, now: &[Option<i64>], change: Change) -> Effect {
        let mut room = Room::default();
        let mut effect = Effect {
            change,
            n_with_it: 0,
            n_earlier: 0,
            days: 0,
            investment: 0,
        };
        for (plan, now) in (0..self.n_plans()).zip(now) {
            let matters = &self.matters[self.steps(plan)];
            if !matters.iter().any(|matter| change.touches(*matter)) {
                continue;
            }
            effect.n_with_it += 1;
            let (Some(now), Some(then)) = (now, self.finish(plan, Some(change), &mut room)) else {
                continue;
            };
            let freed = now.saturating_sub(then).max(0);
            if freed > 0 {
                effect.n_earlier += 1;
                effect.days = effect.days.saturating_add(freed);
                effect.investment += i128::from(self.investments[plan]);
            }
        }
        effect
    }

    /// What each matter, cut by so many working days, would free: most days first, then most
    /// investment, then by matter. Matters that free nothing come last.
    #[must_use]
    pub fn rank_cuts(&self, days: u32) -> Vec<Effect> {
        let now = self.finishes();
        let mut matters = self.matters.clone();
        matters.sort_unstable();
        matters.dedup();
        let cuts = matters
            .into_iter()
            .map(|matter| Change::Cut { matter, days });
        rank(self.effects(&now, &cuts.collect::<Vec<_>>()))
    }

    /// What each of some changes does, in their order. No change looks at another, so they are shared
    /// out among the processors there are.
    fn effects(&self, now: &[Option<i64>], changes: &[Change]) -> Vec<Effect> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let share = changes.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let of_share = |share: &[Change]| -> Vec<Effect> {
                share.iter().map(|one| self.effect(now, *one)).collect()
            };
            let shares: Vec<_> = changes
                .chunks(share)
                .map(|share| scope.spawn(move || of_share(share)))
                .collect();
            let joined = shares.into_iter().map(|one| match one.join() {
                Ok(effects) => effects,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            joined.flatten().collect()
        })
    }

    /// What it would free to run each pair in parallel of which one waits for the other.
    #[must_use]
    pub fn rank_parallels(&self) -> Vec<Effect> {
        let now = self.finishes();
        let mut pairs: Vec<(u32, u32)> = (0..self.n_steps())
            .flat_map(|step| {
                let second = self.matters[step];
                self.before(step)
                    .map(move |first| (self.matters[first], second))
            })
            .filter(|(first, second)| first != second)
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let pairs = pairs.into_iter();
        let changes = pairs.map(|(first, second)| Change::Parallel { first, second });
        rank(self.effects(&now, &changes.collect::<Vec<_>>()))
    }

    /// One pass forwards.
    fn finish(&self, plan: usize, change: Option<Change>, room: &mut Room) -> Option<i64> {
        let steps = self.steps(plan);
        let start_of_plan = steps.start;
        room.clear();
        for step in steps {
            let parallel_to = match change {
                Some(Change::Parallel { first, second }) if second == self.matters[step] => {
                    Some(first)
                }
                _ => None,
            };
            let (mut ready, mut both) = (i64::MIN, i64::MIN);
            for before in self.before(step) {
                let at = before - start_of_plan;
                if parallel_to == Some(self.matters[before]) {
                    ready = ready.max(room.ready[at]);
                    both = both.max(room.finish[at]);
                } else {
                    ready = ready.max(room.finish[at]);
                }
            }
            let days = match change {
                Some(Change::Cut { matter, days }) if matter == self.matters[step] => {
                    self.days[step].saturating_sub(days)
                }
                _ => self.days[step],
            };
            for beside in self.beside(step) {
                both = both.max(room.finish[beside - start_of_plan]);
            }
            let start = ready.max(self.not_before[step]);
            let finish = start.saturating_add(i64::from(days)).max(both);
            room.ready.push(ready);
            room.finish.push(finish);
        }
        room.finish.iter().copied().max()
    }
}

fn rank(mut effects: Vec<Effect>) -> Vec<Effect> {
    effects.sort_by_key(|effect| {
        let most = (effect.days, effect.investment, effect.n_earlier);
        (std::cmp::Reverse(most), effect.change)
    });
    effects
}

/// Room for one pass, used again for every plan.
#[derive(Default)]
struct Room {
    /// The day everything a step waits for is done.
    ready: Vec<i64>,
    /// The day a step is done, together with what it runs in parallel to.
    finish: Vec<i64>,
}

impl Room {
    fn clear(&mut self) {
        self.ready.clear();
        self.finish.clear();
    }
}
