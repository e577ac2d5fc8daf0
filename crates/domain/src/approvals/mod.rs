//! Joint approval (三级联审联批): one case per project, two clocks per matter, nothing waits unseen.
//!
//! 1. A [`Catalogue`] says what there is to decide; [`Catalogue::problems`] what is wrong with it.
//! 2. [`Catalogue::instantiate`] makes a project's matters of it; [`Plan`] orders them in time.
//!
//! What a reader would get wrong: clocks are never kept here. They are read from dated acts by
//! `gangmu_calendar::clock`; a due date in the database is a copy for ordering lists, no more.

mod catalogue;
mod check;
mod condition;
mod instantiate;
mod plan;

pub use catalogue::{
    Catalogue, DecisionLevel, Dependency, DependencyKind, LevelRule, Limits, Material, Matter,
    MatterGroup, PROCEDURES, Procedure, Promised, Route, Rung, Service, StartRule, Template,
    procedure_from_word, procedure_word,
};
pub use check::CatalogueProblem;
pub use condition::{Choice, Condition, Test, Verdict};
pub use instantiate::{Edges, Instance, Leg, LegDuty, Standing, legs};
pub use plan::{Plan, Slot, planned_length};
