//! Who of an office hears of a notice.

use crate::organisation::{Action, DepartmentId, Role, UnitLevel, UnitPath, UserId, allows};

/// Somebody with a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder<'a> {
    /// Who.
    pub user: UserId,
    /// The role.
    pub role: Role,
    /// The level of the unit.
    pub level: UnitLevel,
    /// The unit.
    pub unit: &'a UnitPath,
    /// The department; `None` for all.
    pub department: Option<DepartmentId>,
}

/// Whom a notice is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audience<'a> {
    /// The unit it goes to.
    pub unit: &'a UnitPath,
    /// The department it goes to; `None` for the office as a whole.
    pub department: Option<DepartmentId>,
    /// The role it is meant for; whoever coordinates the office hears of it too.
    pub role: Option<Role>,
    /// Who reports for the project it is about; `None` when it is about no project.
    pub reporter: Option<Option<UserId>>,
    /// The one person it is for, whatever the office; `None` for whoever of the office.
    pub only: Option<UserId>,
    /// Who sent it and need not be told.
    pub from: UserId,
}

impl Audience<'_> {
    /// Says whether somebody hears of the notice.
    ///
    /// A region or league answers for itself, a banner for its zones too. An owner's reporter
    /// hears of their own projects only, and of what goes to the office as a whole.
    #[must_use]
    pub fn has(&self, one: Holder<'_>) -> bool {
        if let Some(only) = self.only {
            return one.user == only && only != self.from;
        }
        let in_reach = match one.level {
            UnitLevel::Region | UnitLevel::League => one.unit == self.unit,
            UnitLevel::Banner => one.unit.contains(self.unit),
        };
        let of_department = match (self.department, one.department) {
            (Some(wanted), Some(held)) => wanted == held,
            _ => true,
        };
        let meant = match (one.role, self.reporter) {
            (Role::Reporter, Some(reporter)) => reporter == Some(one.user),
            (Role::Reporter, None) => self.role.is_none() && self.department.is_none(),
            (Role::Approver | Role::Clerk, _) => true,
            (role, _) => self.role.is_none_or(|wanted| wanted == role),
        };
        one.user != self.from
            && in_reach
            && of_department
            && meant
            && allows(one.role, one.level, Action::Read)
    }
}
