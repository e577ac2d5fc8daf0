//! Problems (问题销号): raised, accepted and graded, handed over, answered, verified, struck off.
//!
//! 1. [`Rules`] say which kinds, grades and levels there are; they are a policy file.
//! 2. [`Rules::judge`] says whether an [`Act`] may be done, fills in what was left to the rules,
//!    and gives the next due date; [`Course::of`] folds the acts.
//! 3. [`Rules::read`] counts working days and lights the lamp as of any day.
//!
//! What a reader would get wrong: a due date is kept with the act that set it. A deadline somebody
//! was told is a date and stays one, so a new policy or calendar moves no deadline that is running;
//! only what is counted (days open, days left, the light) is read from the calendar each time.

mod act;
mod course;
mod judge;
mod rules;

pub use act::{Act, ActKind, Event, Origin, Party, Seat};
pub use course::{Course, Phase, Waits};
pub use judge::{Doing, Judged, Refused};
pub use rules::{Grade, Kind, Level, Reading, Rules, held_up};
