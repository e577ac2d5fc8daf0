//! Joint approval (三级联审联批): making cases, acting on matters, looking at them.
//!
//! What a reader would get wrong: a post acts for its own office only. Whoever sees a project's
//! case because of the project's place does not thereby decide anything in it; whoever decides a
//! matter sees the whole case, wherever the project stands.

mod act;
mod agenda;
mod catalogue;
mod desk;
mod dues;
mod fit;
mod invent;
mod letters;
mod load;
mod make;
mod queue;
mod record;
mod redraft;
mod remind;
mod shelf;
mod show;
mod sitting;
mod timeliness;
mod view;
mod work;

pub use act::{ActInput, NewPaper};
pub use agenda::{AgendaView, CandidateView, OpinionView, SittingRowView, SittingView};
pub use catalogue::{CatalogueView, MaterialView, MatterView, RulesView, TemplateView};
pub use fit::{CaseChange, CasePreview, ItemChange, PlanView};
pub use letters::{LateOffice, LetterCall, LetterDesk, LetterView};
pub use make::CaseInput;
pub use queue::{LedgerKind, WorkPage, WorkQuery, WorkRowView};
pub use record::{
    Among, Asked, BenchmarkView, By, ChangeView, DaysView, FreedView, PartsView, ProcessView,
    ProjectView, RecordLog, RecordQuery, Spread, StartsView, TimedPage, TimedView, TimingRow,
    TimingView, View, WhatIfView, act_name,
};
pub use redraft::{CatalogueEffect, MatterChange, ProjectEffect, RouteEffect};
pub use shelf::{MissingView, NeedView, ShelfRow, ShelfView};
pub use sitting::{SittingCall, Stance};
pub use timeliness::TimelinessView;
pub use view::{
    BeforeView, CaseView, ClockView, DeferredView, DepartmentView, DueView, EventView,
    ExpectedView, ItemView, LegView, MoveView, OutcomeView, SlotView,
};
pub use work::RatesView;

pub use gangmu_domain::supervision::LetterKind;

pub(crate) use catalogue::{Kept as KeptCatalogues, named};
pub(crate) use desk::Entered;
pub(crate) use invent::InventedCase;
pub(crate) use load::calendar_error;
pub(crate) use make::cases_for_preparation;
pub(crate) use remind::fires_on;
pub(crate) use view::left;
