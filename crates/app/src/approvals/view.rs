//! Cases and matters as shown: both clocks, lights as words, what holds up what.
//!
//! Words are stable keys; their texts stand in the locales. Every day is `2025-12-31`.

use std::collections::{BTreeMap, HashMap};

use gangmu_calendar::clock::{Clock, Due, Reading, State, Waiting};
use gangmu_domain::approvals::{
    Act, Case, Course, DependencyKind, Event, Expected, Item, Plan, clock_word, light_word,
    procedure_word,
};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, DepartmentId, UserId};
use gangmu_store::approvals::{self, ItemRow};
use gangmu_store::library::{self, Project};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::act::{sees_case, sits_at};
use super::catalogue::budget_text;
use super::load::{Loaded, calendar_error};
use super::make::due_for_start;
use super::shelf::{lying, needed};
use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::{Actor, App, Reference};

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
    /// The year beyond the calendar that the forecast would need.
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
    /// Why no last day can be told: the calendar's words, which name the file to load.
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

impl App {
    /// Shows a case as it stands, or as it stood at the end of a day.
    ///
    /// # Errors
    /// When the project has none or it may not be seen.
    pub async fn case_view(
        &self,
        actor: &Actor,
        project: ProjectId,
        as_of: Option<Date>,
    ) -> Result<CaseView, AppError> {
        let found = library::project_get(&self.db, project)
            .await?
            .or_not_found("project")?;
        let loaded = self.load_case(&self.db, project).await?;
        if !sees_case(actor, &loaded, &found) {
            return Err(AppError::NotFound { what: "project" });
        }
        let reference = self.reference().await?;
        let day = as_of.unwrap_or(self.today()).min(self.today());
        let catalogue = loaded.catalogue.clone();
        let case = loaded.read(&catalogue, &reference, day)?;
        let rows = approvals::material_list(&self.db, project).await?;
        let shelf = lying(&loaded, rows).into_iter().map(|row| row.code);
        let shower = Shower {
            actor,
            reference: &reference,
            loaded: &loaded,
            case: &case,
            users: self.user_names().await?,
            plan: case.plan(),
            forecast: case.forecast(&reference.calendar, day),
            shelf: shelf.collect(),
            day,
        };
        let moves = approvals::move_list(&self.db, project).await?;
        let mut view = shower.case(&found)?;
        view.moves = moves.into_iter().map(MoveView::new).collect();
        view.catalogue_is_current = self.is_current(loaded.case.catalogue).await?;
        Ok(view)
    }

    async fn is_current(&self, version: i64) -> Result<bool, AppError> {
        let text = self.policy("approvals", self.today()).await?;
        let kept = approvals::catalogue_get(&self.db, version).await?;
        Ok(kept.as_deref() == Some(text.as_str()))
    }
}

/// Everything a case is shown with.
struct Shower<'a> {
    actor: &'a Actor,
    reference: &'a Reference,
    loaded: &'a Loaded,
    case: &'a Case<'a>,
    users: HashMap<UserId, String>,
    plan: Plan,
    forecast: Result<BTreeMap<String, Expected>, gangmu_calendar::CalendarError>,
    shelf: Vec<String>,
    day: Date,
}

impl Shower<'_> {
    fn case(&self, project: &Project) -> Result<CaseView, AppError> {
        let stored = &self.loaded.case;
        let expected = self.forecast.as_ref().ok();
        let last = expected.and_then(|all| all.values().map(|one| one.finish).max());
        let manage = self.actor.grant_on(
            Action::ManageCase,
            &project.unit,
            project.department,
            project.reporter,
        );
        let items = self
            .case
            .items
            .iter()
            .zip(&self.loaded.items)
            .map(|(item, row)| self.item(item, row))
            .collect::<Result<Vec<_>, AppError>>()?;
        let rate = self.case.done_rate();
        Ok(CaseView {
            project_id: project.id.0,
            project_name: project.name().to_owned(),
            project_code: code_of(project),
            unit: UnitView::new(self.reference, &stored.unit),
            version: stored.version,
            route: stored.route.word().to_owned(),
            as_of: self.day.to_string(),
            created_on: stored.created_on.to_string(),
            planned_start_on: text(stored.planned_start),
            due_for_start: text(due_for_start(&self.loaded.catalogue, stored.planned_start)),
            catalogue_is_current: true,
            items,
            plan_length: self.plan.length,
            critical: self.plan.critical().map(|slot| slot.code.clone()).collect(),
            expected_on: text(last),
            beyond_calendar: self.forecast.as_ref().err().map(ToString::to_string),
            total: rate.denominator,
            done: rate.numerator,
            moves: Vec::new(),
            may_manage: manage.is_ok(),
        })
    }

    fn item(&self, item: &Item<'_>, row: &ItemRow) -> Result<ItemView, AppError> {
        let matter = item.setup.matter;
        let course = &item.course;
        let events = self.loaded.acts(&item.code);
        let department = course.department.unwrap_or(row.department);
        let legs = self.legs(item)?;
        let leg = item.setup.legs.get(course.leg());
        let may_act = leg.is_some_and(|leg| sits_at(self.actor, leg, department));
        let offers = item.setup.offers(course);
        let promised = item.setup.promised(course);
        Ok(ItemView {
            code: item.code.clone(),
            name: matter.name.clone(),
            name_en: matter.name_en.clone(),
            group: matter.group.word().to_owned(),
            version: row.version,
            department: DepartmentView::new(self.reference, department),
            consulted: matter
                .consulted
                .iter()
                .map(|code| DepartmentView::of_code(self.reference, code))
                .collect(),
            level: row.level.word().to_owned(),
            level_unsure: row
                .level_unsure
                .iter()
                .map(|one| one.word().to_owned())
                .collect(),
            standing: course.standing.word().to_owned(),
            because: row
                .because
                .iter()
                .map(|one| one.word().to_owned())
                .collect(),
            phase: item.reading.phase.word().to_owned(),
            leg: item.reading.leg,
            legs,
            due: item.reading.due.map(|(on, what)| DueView {
                on: on.to_string(),
                what: what.word().to_owned(),
                left: left(self.reference, self.day, on),
            }),
            light: light_word(item.reading.light).to_owned(),
            problem: item.problem(self.day).map(|one| one.word().to_owned()),
            statutory: item
                .setup
                .limits()
                .statutory
                .map(budget_text)
                .unwrap_or_default(),
            promised: promised.map(budget_text).unwrap_or_default(),
            immediate: item.setup.limits().immediate,
            before: before(self.case.before(&item.code)),
            holds_up: self.case.holds_up(&item.code),
            slot: self.plan.slot(&item.code).map(|slot| SlotView {
                start: slot.start,
                finish: slot.finish,
                length: slot.length,
                slack: slot.slack,
            }),
            expected: self.forecast.as_ref().ok().and_then(|all| {
                let one = all.get(&item.code)?;
                Some(ExpectedView {
                    start_on: one.start.to_string(),
                    finish_on: one.finish.to_string(),
                })
            }),
            deferred: deferred(course),
            outcome: outcome(course),
            papers: needed(self.loaded, &item.setup)
                .into_iter()
                .map(|code| {
                    let lies = self.shelf.contains(&code);
                    (code, lies)
                })
                .collect(),
            deferrable: matter.deferrable.clone(),
            procedures: matter
                .procedures
                .iter()
                .map(|one| (procedure_word(one.kind).to_owned(), budget_text(one.bound)))
                .collect(),
            events: self.events(events),
            offers: match may_act {
                true => offers.iter().map(|kind| kind.word().to_owned()).collect(),
                false => Vec::new(),
            },
            main_since: matter.main_since,
            source: matter.source.clone(),
        })
    }

    fn legs(&self, item: &Item<'_>) -> Result<Vec<LegView>, AppError> {
        let calendar = &self.reference.calendar;
        let legs = item.setup.legs.iter().enumerate();
        legs.map(|(at, leg)| {
            let clocks = item
                .setup
                .clocks_of(at, &item.course, calendar, self.day)
                .map_err(calendar_error)?;
            Ok(LegView {
                unit: UnitView::new(self.reference, &leg.unit),
                duty: leg.duty.word().to_owned(),
                clocks: clocks
                    .iter()
                    .map(|(clock, reading)| ClockView::new(*clock, reading))
                    .collect(),
            })
        })
        .collect()
    }

    fn events(&self, events: &[Event]) -> Vec<EventView> {
        let struck: Vec<u32> = events
            .iter()
            .filter_map(|event| match event.act {
                Act::Strike { seq, .. } => Some(seq),
                _ => None,
            })
            .collect();
        events
            .iter()
            .map(|event| EventView {
                seq: event.seq,
                leg: event.leg,
                on: event.on.to_string(),
                at: event.at,
                who: self.users.get(&event.user).cloned().unwrap_or_default(),
                act: event.act.kind().word().to_owned(),
                says: says(&event.act),
                struck: struck.contains(&event.seq),
            })
            .collect()
    }
}

impl DepartmentView {
    pub(super) fn new(reference: &Reference, id: DepartmentId) -> Self {
        let found = reference.department(id);
        found.map_or_else(Self::default, |one| Self {
            department_id: one.department_id,
            code: one.code.clone(),
            name: one.short_name.clone(),
            name_en: one.name_en.clone(),
        })
    }

    pub(super) fn of_code(reference: &Reference, code: &str) -> Self {
        match reference.department_by_any_name(code) {
            Some(one) => Self::new(reference, DepartmentId(one.department_id)),
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
                Due::BeyondCalendar(error) => Some(error.to_string()),
                Due::NotYet | Due::On(_) => None,
            },
            light: light_word(reading.light).to_owned(),
        }
    }
}

impl MoveView {
    fn new(row: approvals::MoveRow) -> Self {
        Self {
            item: row.item,
            from_on: text(row.from),
            to_on: text(row.to),
            reason: row.reason,
            at: row.at,
        }
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
pub(super) fn left(reference: &Reference, day: Date, due: Date) -> Option<i64> {
    let calendar = &reference.calendar;
    let between = |from, to| calendar.working_days_between(from, to).ok();
    // Half-open spans count the first day and not the last; a limit counts the last.
    let span = |from: Date, to: Date| between(from.tomorrow().ok()?, to.tomorrow().ok()?);
    match due >= day {
        true => span(day, due).map(|days| i64::from(days.0)),
        false => span(due, day).map(|days| -i64::from(days.0)),
    }
}

fn deferred(course: &Course) -> Option<DeferredView> {
    let one = course.deferred.as_ref()?;
    Some(DeferredView {
        missing: one.missing.clone(),
        outstanding: one.outstanding(),
        promised_on: one.promised_on.to_string(),
        promise: one.promise.clone(),
        preliminary_on: text(course.preliminary_on),
    })
}

fn outcome(course: &Course) -> Option<OutcomeView> {
    let one = course.outcome.as_ref()?;
    Some(OutcomeView {
        granted: one.granted,
        on: one.on.to_string(),
        document_no: one.document_no.clone(),
        ground: one.ground.clone(),
        delivered_on: text(course.delivered_on),
    })
}

/// What an act says, in the order a person gave it.
fn says(act: &Act) -> Vec<String> {
    match act {
        Act::AskCorrection { defects } => defects.clone(),
        Act::AcceptDeferred {
            missing,
            promised_on,
            promise,
        } => {
            let mut says = missing.clone();
            says.extend([promised_on.to_string(), promise.clone()]);
            says
        }
        Act::HandIn { material } => vec![material.clone()],
        Act::Suspend { procedure, bound } => {
            vec![procedure_word(*procedure).to_owned(), budget_text(*bound)]
        }
        Act::Extend {
            limit,
            days,
            approver,
            reason,
        } => vec![
            clock_word(*limit).to_owned(),
            days.to_string(),
            approver.clone(),
            reason.clone(),
        ],
        Act::Preliminary { document_no } | Act::Grant { document_no } => vec![document_no.clone()],
        Act::Refuse {
            ground,
            document_no,
        } => vec![ground.clone(), document_no.clone()],
        Act::VoidPreliminary { reason }
        | Act::Exempt { reason }
        | Act::Require { reason }
        | Act::Adjust { reason, .. }
        | Act::Strike { reason, .. } => vec![reason.clone()],
        _ => Vec::new(),
    }
}

fn text(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

fn code_of(project: &Project) -> String {
    let code = project.record.text(gangmu_domain::library::Field::Code);
    code.unwrap_or_default().to_owned()
}
