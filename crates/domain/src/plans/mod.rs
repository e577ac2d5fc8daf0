//! Plans (1 个实施方案 + N 个工作方案): who does what until when, measured by what.
//!
//! 1. A plan's [`Content`] is tasks with indicators; it is a value, kept whole for each version.
//! 2. [`Content::flaws`] lists everything that stands against adopting it.
//! 3. [`cover_tasks`] and [`cover_indicators`] lay the plans that hang under a plan beside it.
//! 4. [`compare`] says what a new version changes; [`forecast`] where a linked indicator is going.
//! 5. [`Completion`] weighs what indicators stand at by their points.
//!
//! What a reader would get wrong: a plan hangs under one that was adopted before it and stays there,
//! so no cycle can come about between plans. Tasks and indicators have keys that are never given
//! twice in a plan, so a version can say what became of them and the level below can point at them.

mod check;
mod compare;
mod complete;
mod content;
mod cover;
mod forecast;
mod formula;
mod metric;
mod quantity;
mod rules;

pub use check::{Flaw, Wrong};
pub use compare::{ChangeKind, Compared, Said, compare};
pub use complete::Completion;
pub use content::{
    Content, Direction, Indicator, LeftOut, Link, Office, PlanId, PlanKind, PlanState, Share,
    Source, Step, Task,
};
pub use cover::{
    Axis, AxisCover, Claim, Cover, Hung, IndicatorCover, OfficeCover, TaskCover, cover_indicators,
    cover_tasks, offices_without_plan,
};
pub use forecast::{Forecast, ForecastMethod, Growth, Point, forecast};
pub use formula::{Formula, FormulaFault, Fraction};
pub use metric::{Metric, MetricKind};
pub use quantity::{Quantity, UnitOfMeasure, apportion};
pub use rules::{Group, Rules};
