//! A joint sitting as shown: the agenda and what every department says.
//!
//! Words are stable keys; their texts stand in the locales. Every day is `2025-12-31`. What a
//! reader would get wrong: who agrees by saying nothing is read from the calendar for the day the
//! sitting was closed, so that the sheet of last year's sitting says what it said then.

use std::collections::BTreeMap;

use gangmu_calendar::WorkingDays;
use gangmu_domain::approvals::{Graph, Phase};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_store::approvals::{self, OpinionRow, SittingRow, WorkFilter};
use gangmu_store::library;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::load::{Loaded, calendar_error};
use super::sitting::{Voice, holds, voice};
use super::view::{DepartmentView, DueView, left};
use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::{Actor, App, Reference};

/// A sitting in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SittingRowView {
    /// Its number.
    pub sitting_id: i64,
    /// What it is called.
    pub title: String,
    /// The unit that holds it.
    pub unit: UnitView,
    /// The day opinions were asked for.
    pub called_on: String,
    /// The day its decisions were taken over.
    pub closed_on: Option<String>,
    /// How many projects stand on the agenda.
    pub projects: usize,
    /// How many matters.
    pub matters: usize,
    /// How many opinions can still be given.
    pub waiting: usize,
    /// How many of these the person who looks can give.
    pub mine: usize,
}

/// A sitting as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SittingView {
    /// Its number.
    pub sitting_id: i64,
    /// The version, to be named when it is closed.
    pub version: i64,
    /// What it is called.
    pub title: String,
    /// The unit that holds it.
    pub unit: UnitView,
    /// The day opinions were asked for.
    pub called_on: String,
    /// The day its decisions were taken over.
    pub closed_on: Option<String>,
    /// The agenda, by project; within one, what holds up most comes first.
    pub agenda: Vec<AgendaView>,
    /// Whether the person may close it.
    pub may_close: bool,
}

/// One matter on the agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgendaView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// The matter.
    pub item: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Who leads.
    pub department: DepartmentView,
    /// Where it stands, a word.
    pub phase: String,
    /// The version of the matter.
    pub version: i64,
    /// What must be done next.
    pub due: Option<DueView>,
    /// What cannot go on because of it.
    pub holds_up: Vec<String>,
    /// What the departments say.
    pub opinions: Vec<OpinionView>,
    /// Whether nobody objects and nobody can still answer.
    pub agreed: bool,
    /// Whether it still waits for a decision.
    pub open: bool,
}

/// What a department says of a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpinionView {
    /// The department.
    pub department: DepartmentView,
    /// `asked`, `agree`, `conditional`, `object`, or `silent` for who agrees by saying nothing.
    pub stance: String,
    /// The opinion.
    pub body: String,
    /// The day it was asked.
    pub asked_on: String,
    /// The last day for an answer; absent beyond the calendar.
    pub answer_by: Option<String>,
    /// The day it answered.
    pub answered_on: Option<String>,
    /// Whether whoever holds the sitting recorded it for the department.
    pub on_behalf: bool,
    /// Whether the person may answer: for their own department, or, holding the sitting, for one
    /// that has not answered itself.
    pub may_answer: bool,
    /// Whether such an answer would be one on behalf of the department.
    pub as_holder: bool,
}

/// A project whose matters a sitting could take up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CandidateView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// Its unit.
    pub unit: UnitView,
    /// The matters in somebody's hands that ask other departments: name, the same in English, and
    /// how many are asked.
    pub matters: Vec<(String, String, usize)>,
    /// The nearest of their due dates.
    pub due_on: Option<String>,
}

/// So many open matters are looked through for a sitting.
const LOOKED_THROUGH: i64 = 2_000;

impl App {
    /// Lists the sittings of one's unit and those below, newest first.
    ///
    /// # Errors
    /// When the actor may not read.
    pub async fn sitting_list(&self, actor: &Actor) -> Result<Vec<SittingRowView>, AppError> {
        let grant = actor.grant(Action::Read)?;
        let reference = self.reference().await?;
        let rows = approvals::sitting_list(&self.db, &grant.scope.unit, 100).await?;
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            let opinions = approvals::opinion_list(&self.db, row.id).await?;
            list.push(self.listed(actor, &reference, row, &opinions).await?);
        }
        Ok(list)
    }

    async fn listed(
        &self,
        actor: &Actor,
        reference: &Reference,
        row: SittingRow,
        opinions: &[OpinionRow],
    ) -> Result<SittingRowView, AppError> {
        let mut matters: Vec<(ProjectId, &str)> = Vec::new();
        let mut projects: BTreeMap<ProjectId, WorkingDays> = BTreeMap::new();
        let (mut waiting, mut mine) = (0, 0);
        for one in opinions {
            matters.push((one.project, &one.item));
            let within = match projects.get(&one.project) {
                Some(within) => *within,
                None => {
                    let case = approvals::case_get(&self.db, one.project).await?;
                    let version = case.or_not_found("case")?.catalogue;
                    let catalogue = self.catalogue(&self.db, version).await?;
                    catalogue.service.consult_silence
                }
            };
            projects.insert(one.project, within);
            let over = row.closed_on.is_some() || one.answered_on.is_some();
            if !over && !is_silent(reference, within, one, self.today())? {
                waiting += 1;
                let own = voice(actor, &row.unit, one.department) == Some(Voice::Own);
                mine += usize::from(own);
            }
        }
        matters.dedup();
        Ok(SittingRowView {
            sitting_id: row.id,
            title: row.title,
            unit: UnitView::new(reference, &row.unit),
            called_on: row.called_on.to_string(),
            closed_on: row.closed_on.map(|day| day.to_string()),
            projects: projects.len(),
            matters: matters.len(),
            waiting,
            mine,
        })
    }

    /// Lists the projects of a unit with matters a sitting could take up, the most urgent first.
    ///
    /// # Errors
    /// [`AppError::Refused`] when the person holds no sittings there.
    pub async fn sitting_candidates(
        &self,
        actor: &Actor,
        unit: &UnitPath,
    ) -> Result<Vec<CandidateView>, AppError> {
        holds(actor, unit)?;
        let reference = self.reference().await?;
        let mut scope = actor.grant(Action::ManageCase)?.scope;
        scope.unit = unit.clone();
        let filter = WorkFilter {
            projects: Some(scope),
            open: true,
            limit: LOOKED_THROUGH,
            ..WorkFilter::default()
        };
        let mut found: Vec<CandidateView> = Vec::new();
        for row in approvals::work_list(&self.db, &filter).await? {
            let catalogue = self.catalogue(&self.db, row.catalogue).await?;
            let Some(matter) = catalogue.matter(&row.item.item) else {
                continue;
            };
            if matter.consulted.is_empty() || !row.item.phase.is_open() {
                continue;
            }
            let named = (
                matter.name.clone(),
                matter.name_en.clone(),
                matter.consulted.len(),
            );
            let id = row.item.project.0;
            match found.iter_mut().find(|one| one.project_id == id) {
                Some(one) => one.matters.push(named),
                None => found.push(CandidateView {
                    project_id: id,
                    project_name: row.project_name,
                    unit: UnitView::new(&reference, &row.item.own),
                    matters: vec![named],
                    due_on: row.item.due.map(|(day, _)| day.to_string()),
                }),
            }
        }
        Ok(found)
    }

    /// Shows a sitting with its agenda and opinions.
    ///
    /// # Errors
    /// When there is none, or the actor belongs to another part of the tree.
    pub async fn sitting_view(&self, actor: &Actor, sitting: i64) -> Result<SittingView, AppError> {
        let row = approvals::sitting_get(&self.db, sitting)
            .await?
            .or_not_found("sitting")?;
        nearby(actor, &row.unit)?;
        let reference = self.reference().await?;
        let mut projects: BTreeMap<ProjectId, BTreeMap<String, Vec<OpinionRow>>> = BTreeMap::new();
        for opinion in approvals::opinion_list(&self.db, sitting).await? {
            let matters = projects.entry(opinion.project).or_default();
            let opinions = matters.entry(opinion.item.clone()).or_default();
            opinions.push(opinion);
        }
        let mut agenda = Vec::new();
        for (project, matters) in projects {
            let found = library::project_get(&self.db, project)
                .await?
                .or_not_found("project")?;
            let loaded = self.load_case(&self.db, project).await?;
            let phases = loaded.items.iter();
            let phases = phases.map(|row| (row.item.as_str(), row.phase));
            let shower = Shower {
                graph: Graph::new(&loaded.catalogue, phases),
                actor,
                reference: &reference,
                loaded: &loaded,
                sitting: &row,
                today: self.today(),
            };
            let mut part = Vec::with_capacity(matters.len());
            for (item, opinions) in matters {
                part.push(shower.matter(found.name(), &item, opinions)?);
            }
            part.sort_by_key(|one| std::cmp::Reverse(one.holds_up.len()));
            agenda.extend(part);
        }
        Ok(SittingView {
            sitting_id: row.id,
            version: row.version,
            unit: UnitView::new(&reference, &row.unit),
            called_on: row.called_on.to_string(),
            closed_on: row.closed_on.map(|day| day.to_string()),
            agenda,
            may_close: row.closed_on.is_none() && holds(actor, &row.unit).is_ok(),
            title: row.title,
        })
    }
}

/// Shows the matters of one project.
struct Shower<'a> {
    actor: &'a Actor,
    reference: &'a Reference,
    loaded: &'a Loaded,
    graph: Graph,
    sitting: &'a SittingRow,
    today: Date,
}

impl Shower<'_> {
    fn matter(
        &self,
        project_name: &str,
        item: &str,
        opinions: Vec<OpinionRow>,
    ) -> Result<AgendaView, AppError> {
        let row = self.loaded.item(item)?;
        let matter = self.loaded.catalogue.matter(item).or_not_found("matter")?;
        let opinions = opinions
            .into_iter()
            .map(|one| self.opinion(one))
            .collect::<Result<Vec<_>, AppError>>()?;
        let for_it =
            |one: &OpinionView| matches!(one.stance.as_str(), "agree" | "conditional" | "silent");
        Ok(AgendaView {
            project_id: row.project.0,
            project_name: project_name.to_owned(),
            item: item.to_owned(),
            name: matter.name.clone(),
            name_en: matter.name_en.clone(),
            department: DepartmentView::new(self.reference, &row.unit, row.department),
            phase: row.phase.word().to_owned(),
            version: row.version,
            due: row.due.map(|(on, what)| DueView {
                on: on.to_string(),
                what: what.word().to_owned(),
                left: left(self.reference, self.today, on),
            }),
            holds_up: self.graph.holds_up(item),
            agreed: opinions.iter().all(for_it) && row.phase != Phase::NotNeeded,
            open: row.phase.is_open(),
            opinions,
        })
    }

    fn opinion(&self, row: OpinionRow) -> Result<OpinionView, AppError> {
        let within = self.loaded.catalogue.service.consult_silence;
        let day = self.sitting.closed_on.unwrap_or(self.today);
        let silent = is_silent(self.reference, within, &row, day)?;
        let calendar = &self.reference.calendar;
        let by = calendar.add_working_days(row.asked_on, within).ok();
        let voice = voice(self.actor, &self.sitting.unit, row.department);
        let itself = row.answered_on.is_some() && !row.on_behalf;
        let may_answer = !silent
            && self.sitting.closed_on.is_none()
            && match voice {
                Some(Voice::Own) => true,
                Some(Voice::OnBehalf) => !itself,
                None => false,
            };
        Ok(OpinionView {
            department: DepartmentView::new(self.reference, &self.sitting.unit, row.department),
            stance: match silent {
                true => "silent".to_owned(),
                false => row.stance,
            },
            body: row.body,
            asked_on: row.asked_on.to_string(),
            answer_by: by.map(|day| day.to_string()),
            answered_on: row.answered_on.map(|day| day.to_string()),
            on_behalf: row.on_behalf,
            may_answer,
            as_holder: may_answer && voice == Some(Voice::OnBehalf),
        })
    }
}

/// A sitting is there for whoever reads at its unit, above or below.
pub(super) fn nearby(actor: &Actor, unit: &UnitPath) -> Result<(), AppError> {
    let near = |own: &UnitPath| own.contains(unit) || unit.contains(own);
    let reads = actor.grants(Action::Read);
    match reads.iter().any(|grant| near(&grant.scope.unit)) {
        true => Ok(()),
        false => Err(AppError::NotFound { what: "sitting" }),
    }
}

/// Says whether a department has agreed, as of a day, by saying nothing in time
/// (部门7个工作日内出意见，逾期视为同意).
pub(super) fn is_silent(
    reference: &Reference,
    within: WorkingDays,
    opinion: &OpinionRow,
    day: Date,
) -> Result<bool, AppError> {
    if opinion.answered_on.is_some() {
        return Ok(false);
    }
    let until = reference
        .calendar
        .add_working_days(opinion.asked_on, within)
        .map_err(calendar_error)?;
    Ok(day > until)
}
