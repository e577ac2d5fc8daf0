//! The rolling pipeline (滚动接续): stages, the gates between them, and the year's programme.
//!
//! A stage says how far a project is; a programme category says what a year expects of it. They
//! move apart: a project can be in preparation and on this year's list as a new start.

mod bridge;
mod gate;
mod programme;
mod stage;

pub use bridge::{Bridge, BridgeLine, Tally};
pub use gate::{
    AttachmentKind, Condition, Gate, GateFacts, Matters, Need, OpenMatters, Passed, Unmet,
};
pub use programme::{Category, ProgrammeChange, ProgrammeChangeKind, monthly_share};
pub use stage::{CannotMove, Exit, Stage};
