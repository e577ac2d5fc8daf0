//! Acts on matters, one or thousands at once: cases are read and held once, each act is judged in
//! memory on what stands after the one before it, and everything is written in few statements.
//!
//! What a reader would get wrong: every act is authorised and judged by itself, in the order given,
//! by the same rules whether it comes alone or among others; one that is refused refuses all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gangmu_domain::approvals::{ActKind, Course, Event, MatterGroup, Setup};
use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::MatterCounts;
use gangmu_domain::organisation::Action;
use gangmu_store::accounts::AuditRow;
use gangmu_store::approvals::{self, ItemRow, MaterialRow};
use gangmu_store::library::{self, Project};
use gangmu_store::{StoreError, bulk};
use jiff::civil::Date;
use serde_json::json;

use super::act::{ActInput, cannot, sees_case, sits_at, with_hour};
use super::load::{Loaded, project_row};
use super::shelf::Papers;
use crate::actor::refused;
use crate::change::{Work, audit_row};
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App, Reference};

/// An act as somebody enters it, among others.
pub(crate) struct Entered<'a> {
    /// Who does it.
    pub actor: &'a Actor,
    /// The project.
    pub project: ProjectId,
    /// The matter's code.
    pub item: &'a str,
    /// What is done.
    pub input: &'a ActInput,
    /// Whether a joint sitting decided it: then whoever keeps the case records it.
    pub by_sitting: bool,
}

impl App {
    /// Enters many acts, in their order; all of them or none.
    ///
    /// # Errors
    /// As [`App::item_act`] for the first that is refused.
    pub(crate) async fn acts_enter(&self, entered: &[Entered<'_>]) -> Result<Vec<i64>, AppError> {
        let Some(first) = entered.first() else {
            return Ok(Vec::new());
        };
        let mut begun = self.begin(first.actor).await?;
        let versions = self.acts_within(&mut begun.work(), entered).await?;
        begun.commit().await?;
        Ok(versions)
    }

    /// Enters acts within a transaction and returns the new version of each one's matter.
    pub(super) async fn acts_within(
        &self,
        work: &mut Work<'_>,
        entered: &[Entered<'_>],
    ) -> Result<Vec<i64>, AppError> {
        let reference = self.reference().await?;
        let mut desks = self.desks(work, entered).await?;
        let room = Room {
            reference: &reference,
            now: self.now(),
            today: self.today(),
        };
        let mut versions = Vec::with_capacity(entered.len());
        let mut audits = Vec::with_capacity(entered.len());
        for one in entered {
            let desk = desks.get_mut(&one.project).or_not_found("case")?;
            versions.push(desk.act(&room, one, &mut audits)?);
        }
        write(work, &desks, &audits, room.now).await?;
        Ok(versions)
    }

    /// Holds and reads the cases of some acts.
    async fn desks(
        &self,
        work: &Work<'_>,
        entered: &[Entered<'_>],
    ) -> Result<BTreeMap<ProjectId, Desk>, AppError> {
        let ids: BTreeSet<ProjectId> = entered.iter().map(|one| one.project).collect();
        let ids: Vec<ProjectId> = ids.into_iter().collect();
        let cases = approvals::case_lock_all(work.tx, &ids).await?;
        let loaded = self.load_cases(work.tx, cases).await?;
        let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let projects = library::project_list_of(work.tx, &numbers).await?;
        let touched: BTreeSet<ProjectId> = entered
            .iter()
            .filter(|one| Papers::touches(one.input))
            .map(|one| one.project)
            .collect();
        let touched: Vec<ProjectId> = touched.into_iter().collect();
        let mut shelves: BTreeMap<ProjectId, Vec<MaterialRow>> = BTreeMap::new();
        for row in approvals::material_list_of(work.tx, &touched).await? {
            shelves.entry(row.project).or_default().push(row);
        }
        let mut projects: BTreeMap<ProjectId, Project> =
            projects.into_iter().map(|one| (one.id, one)).collect();
        let mut desks = BTreeMap::new();
        for loaded in loaded {
            let id = loaded.case.project;
            let project = projects.remove(&id).or_not_found("project")?;
            let shelf = shelves.remove(&id).unwrap_or_default();
            desks.insert(id, Desk::new(project, loaded, shelf));
        }
        Ok(desks)
    }
}

/// What all acts of a batch have in common.
pub(super) struct Room<'a> {
    pub reference: &'a Reference,
    pub now: i64,
    pub today: Date,
}

/// A case while acts are entered into it.
pub(super) struct Desk {
    project: Project,
    pub loaded: Loaded,
    pub papers: Papers,
    /// How far it was when it was read.
    counts: MatterCounts,
    /// The matters that were acted on.
    changed: BTreeSet<String>,
    pub events: Vec<(ProjectId, String, Event)>,
}

impl Desk {
    pub(super) fn new(project: Project, loaded: Loaded, shelf: Vec<MaterialRow>) -> Self {
        Self {
            project,
            papers: Papers::on(shelf),
            counts: counts_of(&loaded),
            loaded,
            changed: BTreeSet::new(),
            events: Vec::new(),
        }
    }

    /// Authorises, judges and enters an act; returns the new version of its matter.
    pub(super) fn act(
        &mut self,
        room: &Room<'_>,
        one: &Entered<'_>,
        audits: &mut Vec<AuditRow>,
    ) -> Result<i64, AppError> {
        let catalogue = Arc::clone(&self.loaded.catalogue);
        let row = self.loaded.item(one.item)?.clone();
        let setup = self.loaded.setup(&catalogue, &row)?;
        let event = self.judged(room, one, &row, &setup)?;
        let events = self.loaded.events.entry(row.item.clone()).or_default();
        events.push(event.clone());
        let course = Course::of(&setup, events);
        let mut after = row.clone();
        project_row(&mut after, &setup, &course, room.reference)?;
        after.version += 1;
        self.papers
            .keep(&self.loaded, &setup, &event, &one.input.papers);
        let counts = setup.matter.group != MatterGroup::Acceptance;
        if counts {
            let step = i64::from(after.phase.is_done()) - i64::from(row.phase.is_done());
            self.loaded.case.done += step;
        }
        let detail = json!({
            "matter": row.item, "act": event.act.kind().word(), "on": event.on.to_string(),
            "seq": event.seq,
        });
        let subject = format!("project:{}", self.project.id);
        audits.push(audit_row(
            one.actor,
            room.now,
            "matter_act",
            &subject,
            &detail.to_string(),
        ));
        let version = after.version;
        self.changed.insert(row.item.clone());
        self.events.push((self.project.id, row.item, event));
        self.loaded.replace(after);
        Ok(version)
    }

    /// Authorises and judges an act; what comes out is what goes on record.
    fn judged(
        &self,
        room: &Room<'_>,
        one: &Entered<'_>,
        row: &ItemRow,
        setup: &Setup<'_>,
    ) -> Result<Event, AppError> {
        let loaded = &self.loaded;
        let input = one.input;
        let events = loaded.acts(&row.item);
        let course = Course::of(setup, events);
        self.authorise(one, row, setup, &course)?;
        if input.version.is_some_and(|seen| seen != row.version) {
            return Err(AppError::Changed { what: "matter" });
        }
        if loaded.case.closed_on.is_some() {
            return Err(cannot(&gangmu_domain::approvals::Refused::Closed));
        }
        let on = input.on.unwrap_or(room.today);
        let hour = loaded.catalogue.service.forward_before_hour;
        let act = with_hour(hour, room.now, room.today, input);
        let before = loaded.before(&row.item);
        let calendar = &room.reference.calendar;
        let leg = setup
            .judge(events, &before, on, &act, calendar, room.today)
            .map_err(|problem| cannot(&problem))?;
        Ok(Event {
            seq: events.last().map_or(1, |last| last.seq.saturating_add(1)),
            leg,
            on,
            at: room.now,
            user: one.actor.user,
            act,
        })
    }

    /// The office that has the matter acts; whether it is needed at all, and who leads, whoever
    /// keeps the case may also say.
    fn authorise(
        &self,
        one: &Entered<'_>,
        row: &ItemRow,
        setup: &Setup<'_>,
        course: &Course,
    ) -> Result<(), AppError> {
        let department = course.department.unwrap_or(row.department);
        let leg = setup.legs.get(course.leg());
        if leg.is_some_and(|leg| sits_at(one.actor, leg, department)) {
            return Ok(());
        }
        let kind = one.input.act.kind();
        let keeps =
            one.by_sitting || matches!(kind, ActKind::Exempt | ActKind::Require | ActKind::Adjust);
        let project = &self.project;
        let manages = one.actor.grant_on(
            Action::ManageCase,
            &project.unit,
            project.department,
            project.reporter,
        );
        if keeps && manages.is_ok() {
            return Ok(());
        }
        match sees_case(one.actor, &self.loaded, project) {
            true => Err(refused(Action::HandleMatter)),
            false => Err(AppError::NotFound { what: "project" }),
        }
    }
}

/// Writes what acts came to.
async fn write(
    work: &mut Work<'_>,
    desks: &BTreeMap<ProjectId, Desk>,
    audits: &[AuditRow],
    now: i64,
) -> Result<(), AppError> {
    let (mut events, mut items, mut cases) = (Vec::new(), Vec::new(), Vec::new());
    let (mut needs, mut materials, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for (project, desk) in desks {
        events.extend(desk.events.iter().cloned());
        for code in &desk.changed {
            items.push(desk.loaded.item(code)?.clone());
        }
        needs.extend(desk.papers.needs(*project));
        materials.extend(desk.papers.added().map(|row| MaterialRow {
            project: *project,
            ..row.clone()
        }));
        let found = counts_of(&desk.loaded);
        if found != desk.counts {
            let mut case = desk.loaded.case.clone();
            case.version += 1;
            cases.push(case);
            counts.push((*project, found));
        }
    }
    match approvals::event_insert_all(work.tx, &events).await {
        Err(StoreError::Exists { .. }) => return Err(AppError::Changed { what: "matter" }),
        other => other?,
    }
    if !approvals::item_put_all(work.tx, &items).await? {
        return Err(AppError::Changed { what: "matter" });
    }
    approvals::need_put_all(work.tx, &needs).await?;
    approvals::material_insert_all(work.tx, &materials, now).await?;
    if !approvals::case_put_all(work.tx, &cases).await? {
        return Err(AppError::Changed { what: "case" });
    }
    work.recount(&counts).await?;
    Ok(bulk::audit_insert_all(work.tx, audits).await?)
}

fn counts_of(loaded: &Loaded) -> MatterCounts {
    MatterCounts {
        all: loaded.case.total,
        done: loaded.case.done,
    }
}
