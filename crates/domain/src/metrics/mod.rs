//! The figures the papers print: additive measures, the rates made of them, and the lights.
//!
//! One road leads from a return to a total: [`Position::after`] derives where a project stands at
//! the end of a period, [`Position::measures`] turns that into additive numbers, and
//! [`Coordinates::cells`] says which totals they belong to. Saving applies the difference between
//! two such answers; `gangmu doctor` sums them afresh. There is no second formula to drift.

mod cell;
mod excuse;
mod light;
mod measure;
mod position;
mod rate;

pub use cell::{CellKey, Coordinates, Cut, Edition};
pub use excuse::{Excuse, ExcuseKind, ExcuseProblem, ExcuseSaid, LONGEST_EXCUSE, TakenBack};
pub use light::{
    Band, Basis, Dimension, Light, LightPolicy, LightRule, Lit, LitRange, months_late,
    months_missed,
};
pub use measure::{Measure, Measures};
pub use position::{Carried, EntryFacts, MatterCounts, MonthFacts, Position};
pub use rate::{PublishedRatio, Rates, published_matches};
