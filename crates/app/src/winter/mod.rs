//! Building through winter (冬季施工, 一项目一方案): the plan of a project, the ledger, what winters
//! add to the first quarter.
//!
//! What a reader would get wrong: whoever reports for a project writes its plan; whoever reviews its
//! returns puts the plan on file, and never the one who handed it in.

mod act;
mod check;
mod export;
mod import;
mod ledger;
mod rollup;
mod show;
mod tell;

pub use act::WinterInput;
pub(crate) use act::is_built;
pub(crate) use import::{SCHEMA, Wintered};
pub use ledger::{WinterPage, WinterQuery, WinterRowView};
pub use rollup::{WinterMonthView, WinterQuarterView, WinterRollup, WinterUnitView};
pub use show::{
    WinterChoiceView, WinterEventView, WinterMeasureView, WinterPlanView, WinterRulesView,
    WinterSeasonView, WinterSpellView, WinterView,
};

use gangmu_domain::winter::season_of;

use crate::App;

impl App {
    /// Returns the year the winter of today, or the next one, begins in.
    #[must_use]
    pub fn winter_of_today(&self) -> i16 {
        season_of(self.today())
    }
}
