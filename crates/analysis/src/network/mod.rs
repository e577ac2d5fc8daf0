//! Networks of dependent steps in working days: when each is done, which are critical, and what
//! a change would do to all of them.
//!
//! What a reader would get wrong: days are numbers on an axis of working days that the caller lays
//! down (day 0 is the day it asks about). A step that is done, or running, is one with the days
//! that are left and the earliest day it may begin. The finish of a plan is the day on which its
//! last step is done, so steps that come after the moment asked about (the start of construction)
//! must be left out by the caller.

mod plans;
mod schedule;
mod what_if;

pub use plans::{NetworkError, Plan, Plans, PlansBuilder, Step};
pub use schedule::Schedule;
pub use what_if::{Change, Effect};
