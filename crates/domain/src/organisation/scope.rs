//! What part of the library a request may touch.
//!
//! There is no unscoped list: whoever asks brings a scope, and narrowing it can only take away.

use super::{DepartmentId, UnitPath, UserId};

/// The industry departments a scope reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DepartmentSet {
    /// Every department: a commission's clerk, a leader.
    All,
    /// Only these: a department's officer, across regions (横向).
    Only(Vec<DepartmentId>),
}

impl DepartmentSet {
    /// Says whether a project of this department is inside. A project without one belongs to all.
    #[must_use]
    pub fn contains(&self, department: Option<DepartmentId>) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => department.is_some_and(|id| ids.contains(&id)),
        }
    }
}

/// A subtree of reporting units crossed with departments (横向到边、纵向到底).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The top of the subtree.
    pub unit: UnitPath,
    /// The departments within it.
    pub departments: DepartmentSet,
    /// Only the projects this person reports for (项目单位填报人).
    pub reporter: Option<UserId>,
}

impl Scope {
    /// Everything below a unit.
    #[must_use]
    pub fn subtree(unit: UnitPath) -> Self {
        Self {
            unit,
            departments: DepartmentSet::All,
            reporter: None,
        }
    }

    /// Narrows to a unit inside; `None` when the unit lies outside the scope.
    #[must_use]
    pub fn within(&self, unit: &UnitPath) -> Option<Self> {
        self.unit.contains(unit).then(|| Self {
            unit: unit.clone(),
            ..self.clone()
        })
    }

    /// Says whether a project at this place, of this department and reporter, is inside.
    #[must_use]
    pub fn covers(
        &self,
        unit: &UnitPath,
        department: Option<DepartmentId>,
        reporter: Option<UserId>,
    ) -> bool {
        self.unit.contains(unit)
            && self.departments.contains(department)
            && (self.reporter.is_none() || self.reporter == reporter)
    }
}
