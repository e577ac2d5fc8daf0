//! The process as it was: what followed what, how often, and how long it took.
//!
//! What a reader would get wrong: the order of a case's events is the order in which they were
//! added, not the order of their times. A log says what its order is; where a later event bears an
//! earlier time, the gap counts as zero and [`DirectlyFollows::n_backward`] counts it.

mod activity;
mod graph;
mod log;
mod variant;

pub use activity::{ActivityFigures, activity_figures};
pub use graph::{DirectlyFollows, Step, directly_follows};
pub use log::{Log, LogBuilder, TooManyEvents};
pub use variant::{Variant, case_durations, variants};
