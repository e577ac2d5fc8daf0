//! The project library (项目库): one record for life, described by one registry of fields.
//!
//! Everything that handles fields one by one (forms, imports, exports, differences, history,
//! completeness) goes through [`Field`], so a new field is one line in one table.

mod code;
mod duplicate;
mod event;
mod field;
mod record;
mod value;

pub use code::{BadProjectCode, CodeRule, ProjectCode};
pub use duplicate::{DuplicateKey, normalise_name};
pub use event::{Change, EventKind, record_as_of, undo};
pub use field::{Field, Group, Kind, LARGEST_QUANTITY, YES_OR_NO};
pub use record::{FieldProblem, ProjectRecord};
pub use value::{Benefit, FundingSource, InvestorType, ProjectLevel, Value};

/// Identifies a project for life, whether or not it has a code yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectId(pub i64);

impl std::fmt::Display for ProjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}
