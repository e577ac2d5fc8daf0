//! Putting a case together for showing.
//!
//! What a reader would get wrong: a case is shown as of a day, today or earlier, and everything in
//! it is read for that day; what may be done next is what may be done today.

use std::collections::{BTreeMap, HashMap};

use gangmu_domain::approvals::{
    Act, Case, Course, Event, Expected, Item, Plan, clock_word, light_word, procedure_word,
};
use gangmu_domain::library::{Field, ProjectId};
use gangmu_domain::organisation::{Action, UserId};
use gangmu_store::approvals::{self, ItemRow};
use gangmu_store::library::{self, Project};
use jiff::civil::Date;

use super::act::{sees_case, sits_at};
use super::catalogue::budget_text;
use super::load::{Loaded, calendar_error};
use super::make::due_for_start;
use super::shelf::{lying, needed};
use super::view::{
    CaseView, ClockView, DeferredView, DepartmentView, DueView, EventView, ExpectedView, ItemView,
    LegView, MoveView, OutcomeView, SlotView, before, calendar_file, left, text,
};
use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::{Actor, App, Reference};

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
        let mut view = shower.case(&found)?;
        view.moves = self.moves_of(&loaded).await?;
        view.catalogue_is_current = self.is_current(loaded.case.catalogue).await?;
        Ok(view)
    }

    /// Lists how the due dates of a case have moved, each while the matter stood under it.
    async fn moves_of(&self, loaded: &Loaded) -> Result<Vec<MoveView>, AppError> {
        let stays = loaded.stays()?;
        let bases = stays.iter().map(|stay| stay.basis.clone()).collect();
        let moved = approvals::due_moves_of(&self.db, &bases).await?;
        let mut moves = Vec::new();
        for stay in &stays {
            let meanwhile = moved.iter().filter(|one| {
                one.basis == stay.basis
                    && one.at >= stay.from
                    && stay.until.is_none_or(|until| one.at < until)
            });
            moves.extend(meanwhile.map(|one| MoveView::new(&stay.item, one)));
        }
        Ok(moves)
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
            closed_on: text(stored.closed_on),
            planned_start_on: text(stored.planned_start),
            due_for_start: text(due_for_start(&self.loaded.catalogue, stored.planned_start)),
            catalogue_is_current: true,
            items,
            plan_length: self.plan.length,
            critical: self.plan.critical().map(|slot| slot.code.clone()).collect(),
            expected_on: text(last),
            beyond_calendar: self.forecast.as_ref().err().map(calendar_file),
            total: rate.denominator,
            done: rate.numerator,
            moves: Vec::new(),
            may_manage: manage.is_ok() && stored.closed_on.is_none(),
        })
    }

    fn item(&self, item: &Item<'_>, row: &ItemRow) -> Result<ItemView, AppError> {
        let matter = item.setup.matter;
        let course = &item.course;
        let events = self.loaded.acts(&item.code);
        let department = course.department.unwrap_or(row.department);
        let legs = self.legs(item)?;
        let leg = item.setup.legs.get(course.leg());
        let office = leg.map_or(&row.unit, |leg| &leg.unit);
        let may_act = self.loaded.case.closed_on.is_none()
            && leg.is_some_and(|leg| sits_at(self.actor, leg, department));
        let offers = item.setup.offers(course);
        let promised = item.setup.promised(course);
        Ok(ItemView {
            code: item.code.clone(),
            name: matter.name.clone(),
            name_en: matter.name_en.clone(),
            group: matter.group.word().to_owned(),
            version: row.version,
            department: DepartmentView::new(self.reference, office, department),
            consulted: matter
                .consulted
                .iter()
                .map(|code| DepartmentView::of_code(self.reference, office, code))
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

fn code_of(project: &Project) -> String {
    let code = project.record.text(Field::Code);
    code.unwrap_or_default().to_owned()
}
