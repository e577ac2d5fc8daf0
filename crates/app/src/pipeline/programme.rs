//! A year's list: adopting it, adjusting it with explanations, and the bridge between two dates.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::Yuan;
use gangmu_domain::library::{EventKind, Field, ProjectId, Value};
use gangmu_domain::metrics::Carried;
use gangmu_domain::organisation::Action;
use gangmu_domain::pipeline::{Bridge, Category, ProgrammeChange, ProgrammeChangeKind, Tally};
use gangmu_store::library::{self, Project};
use gangmu_store::pipeline::{self, Entry, Programme};
use gangmu_store::{batch, dispatch};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::Move;
use super::carry::{Reached, carry_over};
use crate::change::{Because, Work, audit};
use crate::error::{AppError, Message, OrNotFound};
use crate::library::{locked, locked_all};
use crate::{Actor, App};

/// A project's place on a year's list.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// What the year expects of it.
    pub category: Category,
    /// Annual plan.
    pub plan: Yuan,
    /// Its own monthly plan, twelve amounts that add up to the annual plan.
    pub monthly_plan: Option<[Yuan; 12]>,
    /// What it takes over; nothing but in a split or a merger.
    pub carried: Carried,
}

/// How many, with how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TallyView {
    /// Projects.
    pub projects: i64,
    /// Total investment, yuan.
    pub total_investment: i64,
    /// Annual plan, yuan.
    pub annual_plan: i64,
}

impl From<Tally> for TallyView {
    fn from(tally: Tally) -> Self {
        Self {
            projects: tally.projects,
            total_investment: tally.total.0,
            annual_plan: tally.plan.0,
        }
    }
}

/// The bridge between two dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BridgeView {
    /// The year.
    pub year: i16,
    /// The first day; the opening is at its end.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The opening.
    pub opening: TallyView,
    /// The lines between.
    pub lines: Vec<BridgeLineView>,
    /// The closing.
    pub closing: TallyView,
}

/// All changes of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BridgeLineView {
    /// The kind's word.
    pub kind: &'static str,
    /// What they come to.
    pub delta: TallyView,
    /// The changes.
    pub changes: Vec<BridgeChangeView>,
}

/// One change of one project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BridgeChangeView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// The day it counts from.
    pub on: String,
    /// What it adds or takes away.
    pub delta: TallyView,
    /// Why.
    pub reason: String,
    /// The document that says so.
    pub document_no: String,
}

/// What a merger brings to the project that remains.
pub(super) struct Taken {
    /// The total investment of all.
    pub total: Yuan,
    /// The others' plans by year, with the category of the first that has one.
    pub plans: BTreeMap<i16, (Category, Yuan)>,
    /// What the others had reached.
    pub reached: Reached,
}

impl App {
    /// Adopts a year's list with its projects (年度计划下达).
    ///
    /// # Errors
    /// When the year has a list already, or an entry is wrong; nothing is adopted then.
    pub async fn programme_adopt(
        &self,
        actor: &Actor,
        year: i16,
        name: &str,
        entries: &[(ProjectId, NewEntry)],
        mv: &Move,
    ) -> Result<(), AppError> {
        actor.grant(Action::ManageProgramme)?;
        let on = mv.on.unwrap_or(self.today());
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let programme = Programme {
            year,
            name: name.to_owned(),
            adopted_on: on,
            document_no: mv.document_no.clone(),
        };
        pipeline::programme_insert(work.tx, &programme).await?;
        let ids: Vec<ProjectId> = entries.iter().map(|(id, _)| *id).collect();
        let projects = locked_all(work.tx, actor, Action::ManageProgramme, &ids).await?;
        let mut messages = Vec::new();
        let mut seen = BTreeSet::new();
        let mut listings = Vec::with_capacity(entries.len());
        for (id, entry) in entries {
            let project = projects.get(id).or_not_found("project")?;
            let mut wrong = entry_messages(project, entry, &format!("{id}."));
            if !seen.insert(*id) {
                let name = project.name().to_owned();
                wrong.push(Message::new(
                    "pipeline.listed_twice",
                    id.to_string(),
                    [name],
                ));
            }
            messages.extend(wrong);
            let kind = ProgrammeChangeKind::Adopted;
            let reason = mv.reason.clone();
            listings.push(Listing {
                project,
                entry: entry.clone(),
                kind,
                reason,
            });
        }
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        put_entries(&mut work, year, listings, on, &mv.document_no).await?;
        audit(
            work.tx,
            actor,
            self.now(),
            "programme_adopt",
            &format!("programme:{year}"),
            "{}",
        )
        .await?;
        begun.commit().await
    }

    /// Takes a project onto a list, changes its category or plan, or lets it go.
    ///
    /// `entry` of `None` lets it go (调出).
    ///
    /// # Errors
    /// When no reason is given, the list does not exist, or the project has left the pipeline.
    pub async fn programme_adjust(
        &self,
        actor: &Actor,
        year: i16,
        id: ProjectId,
        entry: Option<&NewEntry>,
        mv: &Move,
    ) -> Result<(), AppError> {
        if mv.reason.trim().is_empty() {
            return Err(AppError::invalid("pipeline.reason_missing", "reason"));
        }
        let on = mv.on.unwrap_or(self.today());
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let project = locked(work.tx, actor, Action::ManageProgramme, id).await?;
        let known = pipeline::programme_list(work.tx).await?;
        known
            .iter()
            .find(|programme| programme.year == year)
            .or_not_found("programme")?;
        match entry {
            Some(new) => {
                let before = pipeline::entry_get(work.tx, id, year).await?;
                let kind = kind_of_change(before.as_ref(), new);
                put_entry(&mut work, &project, year, new, kind, on, mv).await?;
            }
            None => {
                let kind = ProgrammeChangeKind::Removed;
                drop_entry(&mut work, &project, year, kind, on, mv).await?;
                work.reposition(&project).await?;
            }
        }
        audit(
            work.tx,
            actor,
            self.now(),
            "programme_adjust",
            &format!("project:{id}"),
            "{}",
        )
        .await?;
        begun.commit().await
    }

    /// Lists the years that have a list, newest first.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn programme_years(&self, actor: &Actor) -> Result<Vec<Programme>, AppError> {
        actor.grant(Action::Read)?;
        Ok(pipeline::programme_list(&self.db).await?)
    }

    /// Builds the bridge of a year's list between two dates within the actor's scope.
    ///
    /// # Errors
    /// When nothing may be read, or the dates are the wrong way round.
    pub async fn programme_bridge(
        &self,
        actor: &Actor,
        year: i16,
        unit: Option<&str>,
        from: Date,
        to: Date,
    ) -> Result<BridgeView, AppError> {
        if to < from {
            return Err(AppError::invalid("pipeline.dates_reversed", "to"));
        }
        let scope = self.scope_in(actor, Action::Read, unit).await?;
        let changes = pipeline::change_list(&self.db, &scope, year).await?;
        let bridge = Bridge::between(&changes, from, to);
        let shown = bridge.lines.iter().flat_map(|line| &line.changes);
        let ids: BTreeSet<i64> = shown.map(|change| change.project.0).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let named = library::project_list_of(&self.db, &ids).await?;
        let names: BTreeMap<ProjectId, &str> = named
            .iter()
            .map(|project| (project.id, project.name()))
            .collect();
        let view = |change: &ProgrammeChange| {
            let name = names.get(&change.project).copied().unwrap_or_default();
            change_view(change, name.to_owned())
        };
        let lines = bridge
            .lines
            .iter()
            .map(|line| BridgeLineView {
                kind: line.kind.word(),
                delta: line.delta.into(),
                changes: line.changes.iter().map(view).collect(),
            })
            .collect();
        Ok(BridgeView {
            year,
            from: from.to_string(),
            to: to.to_string(),
            opening: bridge.opening.into(),
            lines,
            closing: bridge.closing.into(),
        })
    }
}

fn change_view(change: &ProgrammeChange, name: String) -> BridgeChangeView {
    BridgeChangeView {
        project_id: change.project.0,
        name,
        on: change.on.to_string(),
        delta: change.delta.into(),
        reason: change.reason.clone(),
        document_no: change.document_no.clone(),
    }
}

fn kind_of_change(before: Option<&Entry>, after: &NewEntry) -> ProgrammeChangeKind {
    match before.filter(|entry| entry.included) {
        None => ProgrammeChangeKind::Added,
        Some(entry) if entry.plan != after.plan => ProgrammeChangeKind::PlanAdjusted,
        Some(entry) if entry.category != after.category => ProgrammeChangeKind::CategoryChanged,
        Some(_) => ProgrammeChangeKind::PlanAdjusted,
    }
}

/// A project's new place on a year's list, and why it gets it.
pub(crate) struct Listing<'a> {
    pub project: &'a Project,
    pub entry: NewEntry,
    pub kind: ProgrammeChangeKind,
    pub reason: String,
}

/// Puts a project on a list, or changes its entry, with the line of the bridge.
pub(crate) async fn put_entry(
    work: &mut Work<'_>,
    project: &Project,
    year: i16,
    new: &NewEntry,
    kind: ProgrammeChangeKind,
    on: Date,
    mv: &Move,
) -> Result<(), AppError> {
    let listing = Listing {
        project,
        entry: new.clone(),
        kind,
        reason: mv.reason.clone(),
    };
    put_entries(work, year, vec![listing], on, &mv.document_no).await
}

/// Puts projects, each named once, on a list, or changes their entries.
pub(crate) async fn put_entries(
    work: &mut Work<'_>,
    year: i16,
    listings: Vec<Listing<'_>>,
    on: Date,
    document_no: &str,
) -> Result<(), AppError> {
    let wrong = |listing: &Listing<'_>| entry_messages(listing.project, &listing.entry, "");
    let messages: Vec<Message> = listings.iter().flat_map(wrong).collect();
    if !messages.is_empty() {
        return Err(AppError::Invalid { messages });
    }
    let ids: Vec<ProjectId> = listings.iter().map(|one| one.project.id).collect();
    let stored = batch::entry_list_of(work.tx, &ids, year).await?;
    let mut lines = Vec::with_capacity(listings.len());
    let mut projects = Vec::with_capacity(listings.len());
    for listing in listings {
        let project = listing.project;
        let before = stored.get(&project.id).and_then(|years| years.get(&year));
        let new = listing.entry;
        let kept = before.map_or_else(Carried::default, |e| e.carried);
        let entry = Entry {
            category: new.category,
            plan: new.plan,
            total: project.total(),
            monthly_plan: new.monthly_plan,
            carried: kept + new.carried,
            included: true,
        };
        let old = before.map_or_else(Tally::default, Entry::tally);
        projects.push(project);
        lines.push(Line {
            project: project.id,
            delta: entry.tally() + -old,
            entry,
            kind: listing.kind,
            reason: listing.reason,
        });
    }
    save_entries(work, year, lines, on, document_no).await?;
    work.reposition_all(projects).await
}

/// Lists what is wrong with an entry; fields stand behind `prefix`.
fn entry_messages(project: &Project, new: &NewEntry, prefix: &str) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut say = |code: &str, field: &str| {
        let name = project.name().to_owned();
        messages.push(Message::new(code, format!("{prefix}{field}"), [name]));
    };
    if !project.stage.is_active() {
        say("pipeline.left", "stage");
    }
    if new.plan.is_negative() {
        say("pipeline.plan_negative", "annual_plan");
    }
    if let Some(months) = &new.monthly_plan
        && months.iter().copied().sum::<Yuan>() != new.plan
    {
        say("pipeline.months_not_whole", "monthly_plan");
    }
    messages
}

/// Lets a project go from one list. The caller repositions.
async fn drop_entry(
    work: &mut Work<'_>,
    project: &Project,
    year: i16,
    kind: ProgrammeChangeKind,
    on: Date,
    mv: &Move,
) -> Result<(), AppError> {
    let entry = pipeline::entry_get(work.tx, project.id, year)
        .await?
        .filter(|entry| entry.included)
        .or_not_found("programme_entry")?;
    let gone = Entry {
        included: false,
        ..entry.clone()
    };
    let line = Line {
        project: project.id,
        entry: gone,
        kind,
        delta: -entry.tally(),
        reason: mv.reason.clone(),
    };
    save_entries(work, year, vec![line], on, &mv.document_no).await
}

/// Lets a project go from every list that is not over.
pub(super) async fn drop_entries(
    work: &mut Work<'_>,
    project: &Project,
    kind: ProgrammeChangeKind,
    on: Date,
    mv: &Move,
) -> Result<(), AppError> {
    for (year, _) in current_entries(work, project).await? {
        drop_entry(work, project, year, kind, on, mv).await?;
    }
    Ok(())
}

/// Gives the merged plans and what was reached to the project that remains.
///
/// It comes onto a list that only the others were on. Returns whether there was a list to put what
/// was reached on.
pub(super) async fn take_over(
    work: &mut Work<'_>,
    project: &Project,
    taken: &mut Taken,
    on: Date,
    mv: &Move,
) -> Result<bool, AppError> {
    let mut places = taken.plans.clone();
    for (year, entry) in current_entries(work, project).await? {
        let others = places.get(&year).map_or(Yuan::ZERO, |(_, plan)| *plan);
        places.insert(year, (entry.category, entry.plan + others));
    }
    // The total goes in here, as part of the merger's line, not as an adjustment of its own.
    let mut whole = project.clone();
    let total = Some(Value::Money(taken.total));
    whole.record.restore(Field::TotalInvestment, total);
    let kind = ProgrammeChangeKind::Merged;
    for (year, (category, plan)) in &places {
        let new = NewEntry {
            category: *category,
            plan: *plan,
            monthly_plan: None,
            carried: carry_over(work, project, *year, &mut taken.reached).await?,
        };
        put_entry(work, &whole, *year, &new, kind, on, mv).await?;
    }
    Ok(!places.is_empty())
}

/// Keeps what others had reached for the list of the year at hand, which the project is not on yet.
///
/// Returns whether it did. A project without returns begins by its record and needs it there.
pub(super) async fn keep_for_list(
    work: &Work<'_>,
    project: &Project,
    reached: &Reached,
) -> Result<bool, AppError> {
    let Some(at_hand) = work.periods.at_hand() else {
        return Ok(false);
    };
    let returned = dispatch::return_list_before(work.tx, project.id, at_hand, 1).await?;
    if returned.is_empty() {
        return Ok(false);
    }
    let year = at_hand.year();
    let before = pipeline::entry_get(work.tx, project.id, year).await?;
    let mut entry = before.unwrap_or_else(|| Entry {
        category: Category::Continuing,
        plan: Yuan::ZERO,
        total: project.total(),
        monthly_plan: None,
        carried: Carried::default(),
        included: false,
    });
    entry.carried.since_start += reached.since_start();
    pipeline::entry_put(work.tx, project.id, year, &entry).await?;
    Ok(true)
}

/// Returns a project's entries on the lists that are not over, earliest first.
pub(super) async fn current_entries(
    work: &Work<'_>,
    project: &Project,
) -> Result<Vec<(i16, Entry)>, AppError> {
    let current = work.periods.list_year();
    let mut entries = pipeline::entry_list(work.tx, project.id).await?;
    entries.retain(|(year, entry)| entry.included && current.is_none_or(|now| *year >= now));
    entries.reverse();
    Ok(entries)
}

/// A line of the bridge with the entry as it stands after it.
struct Line {
    project: ProjectId,
    entry: Entry,
    kind: ProgrammeChangeKind,
    delta: Tally,
    reason: String,
}

async fn save_entries(
    work: &mut Work<'_>,
    year: i16,
    lines: Vec<Line>,
    on: Date,
    document_no: &str,
) -> Result<(), AppError> {
    let mut entries = Vec::with_capacity(lines.len());
    let mut changes = Vec::with_capacity(lines.len());
    let mut events = Vec::with_capacity(lines.len());
    for line in lines {
        let timeline = format!("{year} {}", line.kind.word());
        let words = match line.reason.as_str() {
            "" => timeline,
            reason => format!("{timeline}: {reason}"),
        };
        let because = Because {
            kind: EventKind::Programme,
            on,
            reason: &words,
            document_no,
        };
        events.push((line.project, work.event_of(&because, Vec::new())));
        let category = Some(line.entry.category);
        entries.push((line.project, line.entry));
        changes.push(ProgrammeChange {
            project: line.project,
            on,
            kind: line.kind,
            delta: line.delta,
            category,
            reason: line.reason,
            document_no: document_no.to_owned(),
        });
    }
    batch::entry_put_all(work.tx, year, &entries).await?;
    batch::change_insert_all(work.tx, year, &changes, work.actor.user, work.now).await?;
    Ok(batch::event_insert_all(work.tx, &events).await?)
}
