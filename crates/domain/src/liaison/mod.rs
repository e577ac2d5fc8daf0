//! Who answers for a project (包联、专人负责): assignments with their history, visits, and what was
//! agreed there or in a meeting.
//!
//! What a reader would get wrong: an assignment stands on the side of a unit. A project may have a
//! leader of the region, one of the league and one of the banner at the same time, but never two of
//! the same unit for the same duty.

mod assignment;
mod resolution;
mod visit;

pub use assignment::{About, Assignment, Duty, Holder, IN_HAND, Refused, Term, check, relieved};
pub use resolution::{
    Bond, KeepAct, KeepRefused, Kept, is_unkept, keep, keep_offers, kept_by_problem,
};
pub use visit::{Visit, VisitKind, VisitRefused};
