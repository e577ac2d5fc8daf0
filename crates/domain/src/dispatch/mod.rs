//! The monthly dispatch (调度): periods, returns, their checks and reviews.
//!
//! A reporter types this month's figures and nothing else. Cumulative figures and rates are
//! derived (`metrics::position`); there is no way to type them in.

mod check;
mod returns;

pub use check::{CheckContext, Finding, Severity, check, unexplained};
pub use returns::{
    CannotReport, Figures, PeriodState, Return, ReturnEventKind, ReturnStatus, SiteStatus,
};
