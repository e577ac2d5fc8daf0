//! The rules of the project library, the rolling pipeline and the monthly dispatch.
//!
//! Pure: no IO, no async, no clock. Whatever the day is, the caller says so. What looks like a
//! missing feature here (saving, sending, asking the time) is the work of `gangmu-app`.
//!
//! Modules carry the names of the capabilities; the same names stand in `store`, `app` and `web`.

mod words;

pub mod approvals;
pub mod dispatch;
pub mod liaison;
pub mod library;
pub mod meetings;
pub mod metrics;
pub mod money;
pub mod notices;
pub mod organisation;
pub mod period;
pub mod pipeline;
pub mod plans;
pub mod problems;
pub mod supervision;
pub mod winter;

pub use money::{Ratio, Yuan};
pub use period::Period;
