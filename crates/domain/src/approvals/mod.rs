//! Joint approval (三级联审联批): one case per project, two clocks per matter, nothing waits unseen.
//!
//! 1. A [`Catalogue`] says what there is to decide; [`Catalogue::problems`] what is wrong with it.
//! 2. [`Catalogue::instantiate`] makes a project's matters of it; [`Plan`] orders them in time.
//! 3. [`Setup::judge`] says whether an [`Act`] may be done; [`Course::of`] folds the acts.
//! 4. [`Setup::read`] reads both clocks; a [`Case`] says what holds up what.
//!
//! What a reader would get wrong: clocks are never kept here. They are read from dated acts by
//! `gangmu_calendar::clock`; a due date in the database is a copy for ordering lists, no more.

mod act;
mod case;
mod catalogue;
mod check;
mod condition;
mod course;
mod due;
mod instantiate;
mod judge;
mod plan;
mod reading;
mod spent;

pub use gangmu_calendar::clock::Budget;

pub use act::{Act, ActKind, Event, Refused};
pub use case::{Case, Expected, Graph, Item, Problem};
pub use catalogue::{
    Catalogue, DecisionLevel, Dependency, DependencyKind, LevelRule, Limits, Material, Matter,
    MatterGroup, PROCEDURES, Procedure, Promised, Route, Rung, Service, StartRule, Template,
    procedure_from_word, procedure_word,
};
pub use check::CatalogueProblem;
pub use condition::{Choice, Condition, Test, Verdict};
pub use course::{Course, Deferred, Outcome, Phase, Setup, standing_events};
pub use due::{DueBasis, DueFor};
pub use instantiate::{Edges, Instance, Leg, LegDuty, Standing, legs};
pub use plan::{Plan, Slot, planned_length};
pub use reading::{ItemReading, LIGHTS, clock_from_word, clock_word, light_from_word, light_word};
pub use spent::Spent;
