//! The cells of the cube: which totals a project's measures belong to.
//!
//! Totals are kept for every unit above a project, for all departments and for its own, and along
//! one further cut. So any roll-up reads as many cells as it prints rows, however many projects
//! stand behind them.

use crate::Period;
use crate::organisation::{DepartmentId, UnitPath};
use crate::pipeline::{Category, Stage};
use crate::words::words;

words! {
    /// The one further dimension a cell is cut along.
    Cut {
        /// Not cut: the total of the unit and department.
        Total = "total",
        /// By GB/T 4754 division; groupings are sums of divisions.
        Industry = "industry",
        /// By the year's category.
        Category = "category",
        /// By investor type.
        Investor = "investor",
        /// By stage.
        Stage = "stage",
    }
}

words! {
    /// Which state of a period's figures.
    Edition {
        /// As it stands, corrections included.
        Current = "current",
        /// As it was when the period was closed; never changes afterwards.
        Published = "published",
    }
}

/// Where a project counted in a period. Frozen with the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coordinates {
    /// The accountable unit.
    pub unit: UnitPath,
    /// The industry department.
    pub department: Option<DepartmentId>,
    /// The GB/T 4754 division; empty when unknown.
    pub industry: String,
    /// The year's category.
    pub category: Category,
    /// Government or enterprise; empty when unknown.
    pub investor: String,
    /// The stage.
    pub stage: Stage,
}

/// Names one cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// The period.
    pub period: Period,
    /// The cut.
    pub cut: Cut,
    /// The unit whose subtree is summed.
    pub unit: UnitPath,
    /// The department, or zero for all of them.
    pub department: i64,
    /// The member along the cut; empty for the total.
    pub member: String,
}

impl Coordinates {
    /// Lists the cells that contain a project standing here.
    #[must_use]
    pub fn cells(&self, period: Period) -> Vec<CellKey> {
        let members = [
            (Cut::Total, String::new()),
            (Cut::Industry, self.industry.clone()),
            (Cut::Category, self.category.word().to_owned()),
            (Cut::Investor, self.investor.clone()),
            (Cut::Stage, self.stage.word().to_owned()),
        ];
        let mut departments = vec![0];
        departments.extend(self.department.map(|id| id.0));
        let mut cells = Vec::with_capacity(30);
        for unit in self.unit.ancestry() {
            for department in &departments {
                for (cut, member) in &members {
                    cells.push(CellKey {
                        period,
                        cut: *cut,
                        unit: unit.clone(),
                        department: *department,
                        member: member.clone(),
                    });
                }
            }
        }
        cells
    }
}
