//! What the figures say of an item before anybody does.

use jiff::civil::Date;

use super::{Rules, State};
use crate::plans::{Direction, Indicator, Quantity};
use crate::words::words;

words! {
    /// Why a state is proposed (状态依据).
    Ground {
        /// The target is reached.
        Target = "target",
        /// What is reached was compared with what should be.
        Course = "course",
        /// Its day is past and it is not reached.
        Due = "due",
        /// Nothing says what should be reached by now.
        NoCourse = "no_course",
    }
}

/// What the figures propose (建议状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The state.
    pub state: State,
    /// Why.
    pub ground: Ground,
}

/// Proposes the state of an indicator of a plan that begins on `from`, by a value that was true `on` a
/// day; `None` without a value: then whoever reports says it.
///
/// An amount that has reached its target is completed. A share, and what is to stay below its target,
/// can get worse again: it is completed only when its day has come, and ahead until then. What nothing
/// is expected of by that day is other, as the application of 南宁 has it (无计划即其他).
#[must_use]
pub fn propose(
    rules: &Rules,
    one: &Indicator,
    from: Date,
    value: Option<Quantity>,
    on: Date,
) -> Option<Proposal> {
    let value = value?;
    let made = |state, ground| Some(Proposal { state, ground });
    if one.is_done(value, on) {
        return made(State::Completed, Ground::Target);
    }
    if on >= one.due {
        return made(State::Behind, Ground::Due);
    }
    let reached = one.reaches(value, one.target);
    let Some(expected) = one.expected(from, on) else {
        return match reached {
            true => made(State::Ahead, Ground::Target),
            false => made(State::Other, Ground::NoCourse),
        };
    };
    let (good, wanted) = match one.direction {
        Direction::Up => (value.0, expected.0),
        Direction::Down => (expected.0, value.0),
    };
    let (good, wanted) = (i128::from(good) * 100, i128::from(wanted));
    let state = if wanted <= 0 {
        // Nothing is asked for yet: a percentage of it says nothing.
        match good >= wanted * 100 {
            true => State::OnTrack,
            false => State::Behind,
        }
    } else if good > wanted * i128::from(rules.ahead_above) {
        State::Ahead
    } else if good < wanted * i128::from(rules.behind_below) {
        State::Behind
    } else {
        State::OnTrack
    };
    made(state, Ground::Course)
}

/// Proposes the state of a task that nothing measures: behind once its day is past, else nothing.
#[must_use]
pub fn propose_whole(due: Date, today: Date) -> Option<Proposal> {
    (today > due).then_some(Proposal {
        state: State::Behind,
        ground: Ground::Due,
    })
}
