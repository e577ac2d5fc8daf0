//! Who reports, who decides, and what a post may see and do.
//!
//! A reporting unit is not a GB/T 2260 division: development zones report and have no code of
//! their own in the standard, so the tree is data and the path, not the code, carries ancestry.

mod department;
mod permission;
mod scope;
mod unit;

pub use department::{department_name, department_name_below};
pub use permission::{Action, Role, allows};
pub use scope::{DepartmentSet, Scope};
pub use unit::{DepartmentId, UnitId, UnitLevel, UnitPath, UserId};
