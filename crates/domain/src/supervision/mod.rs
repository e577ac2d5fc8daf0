//! Supervision (督查督办): what was planned is reported on in rounds, looked at by somebody else, and
//! told to everybody.
//!
//! 1. [`Rules`] say when a round is due and what the figures propose: [`propose`].
//! 2. An office reports on an [`Item`]; a supervisor looks. Acts are judged by [`Rules::judge`] and
//!    folded by [`Course::of`].
//! 3. [`shares`] and [`ranks`] make the bulletin; [`LetterCourse`] follows a letter until it is settled.
//!
//! What a reader would get wrong: nobody types a state that the figures tell. Whoever reports confirms
//! it or says why it is another, and what was proposed stays with the report, because figures go on.
//! An item is an indicator of a task, or the task itself where it has none: that is what bulletins count.

mod act;
mod bulletin;
mod course;
mod letter;
mod propose;
mod rules;

use crate::words::words;

pub use act::{Act, ActKind, Doing, Event, Refused};
pub use bulletin::{Share, ranks, shares};
pub use course::{Course, Reporting};
pub use letter::{
    LetterAct, LetterActKind, LetterCourse, LetterEvent, LetterKind, LetterRefused, LetterState,
};
pub use propose::{Ground, Proposal, propose, propose_whole};
pub use rules::{Ladder, Moved, Place, Rhythm, Rhythms, Round, Rules, Rung};

words! {
    /// Where an item stands, in the words of supervisors (督查状态).
    State {
        /// Further than it should be (超进度).
        Ahead = "ahead",
        /// Where it should be (达进度).
        OnTrack = "on_track",
        /// Not as far as it should be (欠进度).
        Behind = "behind",
        /// Done (已完成).
        Completed = "completed",
        /// None of these: there is nothing to measure it by, or nobody reported (其它).
        Other = "other",
    }
}

/// What is reported on: an indicator of a task, or the task itself where it has none (督查事项).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// The task's key.
    pub task: u32,
    /// The indicator's key; zero for the task itself.
    pub indicator: u32,
}

impl Item {
    /// Lists what is reported on of a plan's content, in the order it is printed.
    #[must_use]
    pub fn all_of(content: &crate::plans::Content) -> Vec<Self> {
        let of_task = |task: &crate::plans::Task| -> Vec<Self> {
            let item = |indicator| Self {
                task: task.key,
                indicator,
            };
            match task.indicators.is_empty() {
                true => vec![item(0)],
                false => task.indicators.iter().map(|one| item(one.key)).collect(),
            }
        };
        content.tasks.iter().flat_map(of_task).collect()
    }
}
