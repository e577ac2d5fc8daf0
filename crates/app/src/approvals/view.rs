//! Cases and matters as shown: both clocks, lights as words, what holds up what.
//!
//! Words are stable keys; their texts stand in the locales. Every day is `2025-12-31`.

use gangmu_calendar::CalendarError;
use gangmu_calendar::clock::{Clock, Due, Reading, State, Waiting};
use gangmu_domain::approvals::{DependencyKind, clock_word, light_word, procedure_word};
use gangmu_domain::organisation::{DepartmentId, UnitPath};
use gangmu_store::approvals;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::catalogue::budget_text;
use crate::Reference;
use crate::library::UnitView;

/// A department as shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DepartmentView {
    /// Its number; zero when it is not known.
    pub department_id: i64,
    /// Its code.
    pub code: String,
    /// The short name.
    pub name: String,
    /// The English name.
    pub name_en: String,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// Its code; empty when it has none yet.
    pub project_code: String,
    /// Its unit.
    pub unit: UnitView,
    /// The version of the case.
    pub version: i64,
    /// How the project is approved as a project, a word.
    pub route: String,
    /// The day it is shown for.
    pub as_of: String,
    /// The day it was made.
    pub created_on: String,
    /// The day it was closed because its project left the pipeline; nothing is done in it since.
    pub closed_on: Option<String>,
    /// When the project is to start.
    pub planned_start_on: Option<String>,
    /// By when everything should be through, going by the planned start.
    pub due_for_start: Option<String>,
    /// Whether the catalogue it was made under is the current one.
    pub catalogue_is_current: bool,
    /// The matters in their order.
    pub items: Vec<ItemView>,
    /// How long the plan takes from nothing, in working days.
    pub plan_length: u32,
    /// The matters of the critical path, in order.
    pub critical: Vec<String>,
    /// When everything before the start is expected to be through; empty beyond the calendar.
    pub expected_on: Option<String>,
    /// The calendar file the forecast would need, such as `cn-2027.csv`.
    pub beyond_calendar: Option<String>,
    /// Matters before the start.
    pub total: i64,
    /// Of these, granted or not needed.
    pub done: i64,
    /// Due dates that moved without anybody acting.
    pub moves: Vec<MoveView>,
    /// Whether the person may adjust the case.
    pub may_manage: bool,
}

/// A due date that moved without anybody acting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MoveView {
    /// The matter.
    pub item: String,
    /// The day before.
    pub from_on: Option<String>,
    /// The day since.
    pub to_on: Option<String>,
    /// Why.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// A matter of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemView {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The part of the way, a word.
    pub group: String,
    /// The version, to be named by an act.
    pub version: i64,
    /// Who leads.
    pub department: DepartmentView,
    /// Who is asked.
    pub consulted: Vec<DepartmentView>,
    /// Who decides, a word.
    pub level: String,
    /// Facts that could still change the level: fields.
    pub level_unsure: Vec<String>,
    /// Whether it is needed, a word.
    pub standing: String,
    /// The facts that say so: fields.
    pub because: Vec<String>,
    /// Where it stands, a word.
    pub phase: String,
    /// Which office has it, counted from zero.
    pub leg: usize,
    /// The offices it passes through.
    pub legs: Vec<LegView>,
    /// What must be done next.
    pub due: Option<DueView>,
    /// The worst light that counts now: `off`, `green`, `paused`, `yellow`, `red`.
    pub light: String,
    /// Why it is a problem, a word.
    pub problem: Option<String>,
    /// The limit of the law, such as `working 20`; empty where there is none.
    pub statutory: String,
    /// The promised limit; empty where there is none.
    pub promised: String,
    /// Decided on the day it comes.
    pub immediate: bool,
    /// What comes first.
    pub before: Vec<BeforeView>,
    /// What cannot go on because of it.
    pub holds_up: Vec<String>,
    /// Its place in the plan; none for matters of acceptance and those not needed.
    pub slot: Option<SlotView>,
    /// When it is expected to start and to be decided.
    pub expected: Option<ExpectedView>,
    /// Papers accepted on a promise.
    pub deferred: Option<DeferredView>,
    /// The decision.
    pub outcome: Option<OutcomeView>,
    /// What it needs: the material's code, and whether it lies on the shelf.
    pub papers: Vec<(String, bool)>,
    /// Of these, those that may be handed in later.
    pub deferrable: Vec<String>,
    /// Procedures it may use, each with its bound.
    pub procedures: Vec<(String, String)>,
    /// What has been done.
    pub events: Vec<EventView>,
    /// What may be done next, words; empty when the person may not act.
    pub offers: Vec<String>,
    /// The first year in which it counts among the main matters.
    pub main_since: Option<i16>,
    /// Where the catalogue's row comes from.
    pub source: String,
}

/// One office a matter passes through, with its clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LegView {
    /// The unit.
    pub unit: UnitView,
    /// What it does: `decides`, `forwards`, `forwards_outside`.
    pub duty: String,
    /// Its clocks, those that are limited.
    pub clocks: Vec<ClockView>,
}

/// One clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClockView {
    /// Which: `statutory`, `promised`, `forwarding`, `delivery`.
    pub clock: String,
    /// `not_started`, `running`, `suspended`, `ended`.
    pub state: String,
    /// What it waits for when it has not started: `receipt`, `acceptance`, `correction`,
    /// `decision`; the procedure's word while suspended; empty otherwise.
    pub detail: String,
    /// The limit with its extensions, such as `working 20`.
    pub budget: String,
    /// The day after which days count.
    pub started_on: Option<String>,
    /// Days used.
    pub elapsed: u32,
    /// Days left; negative when more were used than given.
    pub remaining: i64,
    /// The last day in time.
    pub due_on: Option<String>,
    /// The calendar file without which no last day can be told, such as `cn-2027.csv`.
    pub beyond_calendar: Option<String>,
    /// The light, a word.
    pub light: String,
}

/// The next due date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DueView {
    /// The day.
    pub on: String,
    /// What must be done by it, a word.
    pub what: String,
    /// Working days until it; negative past it, absent beyond the calendar.
    pub left: Option<i64>,
}

/// A matter that comes first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BeforeView {
    /// Its code.
    pub code: String,
    /// `finish` or `promise`.
    pub kind: String,
    /// Whether it is through.
    pub done: bool,
}

/// A place in the plan, in working days from the start of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SlotView {
    /// When it can start.
    pub start: u32,
    /// When it is decided.
    pub finish: u32,
    /// How long it takes.
    pub length: u32,
    /// How much later it may be decided.
    pub slack: u32,
}

/// Expected days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExpectedView {
    /// When it came in or can.
    pub start_on: String,
    /// When it was or will be decided.
    pub finish_on: String,
}

/// Papers accepted on a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeferredView {
    /// What was missing.
    pub missing: Vec<String>,
    /// What still is.
    pub outstanding: Vec<String>,
    /// By when it was promised.
    pub promised_on: String,
    /// The promise.
    pub promise: String,
    /// When the preliminary opinion was given.
    pub preliminary_on: Option<String>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutcomeView {
    /// Whether it was granted.
    pub granted: bool,
    /// The day.
    pub on: String,
    /// The number of the decision.
    pub document_no: String,
    /// The legal ground of a refusal.
    pub ground: String,
    /// When it reached the applicant.
    pub delivered_on: Option<String>,
}

/// An act on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MatterEventView)]
pub struct EventView {
    /// Counts the acts of the matter.
    pub seq: u32,
    /// The office, counted from zero.
    pub leg: u32,
    /// The day it counts from.
    pub on: String,
    /// When it was entered, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub who: String,
    /// What, a word.
    pub act: String,
    /// What it says: reasons, defects, numbers, in the order they were given.
    pub says: Vec<String>,
    /// Whether it was struck out later.
    pub struck: bool,
}

impl DepartmentView {
    /// A department of a unit, by the name it has there.
    pub(crate) fn new(reference: &Reference, unit: &UnitPath, id: DepartmentId) -> Self {
        let found = reference.department_at(unit, id);
        found.map_or_else(Self::default, |one| Self {
            department_id: one.department_id,
            code: one.code,
            name: one.short_name,
            name_en: one.name_en,
        })
    }

    /// A department a catalogue names, of a unit; at the top it is the region's own.
    pub(super) fn of_code(reference: &Reference, unit: &UnitPath, code: &str) -> Self {
        match reference.department_by_any_name(code) {
            Some(one) => Self::new(reference, unit, DepartmentId(one.department_id)),
            None => Self {
                code: code.to_owned(),
                name: code.to_owned(),
                name_en: code.to_owned(),
                ..Self::default()
            },
        }
    }
}

impl ClockView {
    /// Shows a clock.
    #[must_use]
    pub fn new(clock: Clock, reading: &Reading) -> Self {
        let (state, detail) = match reading.state {
            State::NotStarted(waiting) => ("not_started", waiting_word(waiting)),
            State::Running { overran: Some(_) } => ("running", "overran"),
            State::Running { overran: None } => ("running", ""),
            State::Suspended { procedure, .. } => ("suspended", procedure_word(procedure)),
            State::Ended { .. } => ("ended", ""),
        };
        Self {
            clock: clock_word(clock).to_owned(),
            state: state.to_owned(),
            detail: detail.to_owned(),
            budget: budget_text(reading.budget),
            started_on: text(reading.started_on),
            elapsed: reading.elapsed,
            remaining: reading.remaining,
            due_on: text(reading.due_on()),
            beyond_calendar: match &reading.due {
                Due::BeyondCalendar(error) => Some(calendar_file(error)),
                Due::NotYet | Due::On(_) => None,
            },
            light: light_word(reading.light).to_owned(),
        }
    }
}

impl MoveView {
    pub(super) fn new(item: &str, moved: &approvals::DueMoved) -> Self {
        Self {
            item: item.to_owned(),
            from_on: text(moved.from),
            to_on: text(moved.to),
            reason: moved.reason.clone(),
            at: moved.at,
        }
    }
}

/// Names the calendar file that is missing; people read it within a sentence of their language.
pub(super) fn calendar_file(error: &CalendarError) -> String {
    match error {
        CalendarError::MissingYear { name, year } => format!("{name}-{year}.csv"),
        CalendarError::Empty { name } => format!("{name}.csv"),
        CalendarError::NoSuchWorkingDay { year, .. } => format!("{year}.csv"),
    }
}

const fn waiting_word(waiting: Waiting) -> &'static str {
    match waiting {
        Waiting::Receipt => "receipt",
        Waiting::Acceptance { .. } => "acceptance",
        Waiting::Correction { .. } => "correction",
        Waiting::Decision => "decision",
    }
}

pub(super) fn before(before: Vec<(String, DependencyKind, bool)>) -> Vec<BeforeView> {
    let show = |(code, kind, done): (String, DependencyKind, bool)| BeforeView {
        code,
        kind: kind.word().to_owned(),
        done,
    };
    before.into_iter().map(show).collect()
}

/// Working days from a day until another, negative past it.
pub(crate) fn left(reference: &Reference, day: Date, due: Date) -> Option<i64> {
    let calendar = &reference.calendar;
    let between = |from, to| calendar.working_days_between(from, to).ok();
    // Half-open spans count the first day and not the last; a limit counts the last.
    let span = |from: Date, to: Date| between(from.tomorrow().ok()?, to.tomorrow().ok()?);
    match due >= day {
        true => span(day, due).map(|days| i64::from(days.0)),
        false => span(due, day).map(|days| -i64::from(days.0)),
    }
}

pub(super) fn text(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}
