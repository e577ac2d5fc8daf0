//! Lists of matters across cases: an officer's work, what was sent up, the three ledgers.
//!
//! What a reader would get wrong: the database only orders and filters. Every clock a row shows is
//! read from its acts, and a problem is one because of its reading, not because of a stored date.

use std::collections::BTreeMap;
use std::sync::Arc;

use gangmu_calendar::clock::Light;
use gangmu_domain::approvals::{Catalogue, Course, DecisionLevel, Graph, Item, Phase, light_word};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, DepartmentId, DepartmentSet};
use gangmu_store::approvals::{self, WithActs, WorkFilter, WorkRow};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::act::sits_at;
use super::load::{calendar_error, setup_of};
use super::view::{BeforeView, ClockView, DepartmentView, DueView, before, left};
use crate::error::AppError;
use crate::library::UnitView;
use crate::{Actor, App, Reference};

/// What a person asks a list for.
#[derive(Clone, Debug, Default)]
pub struct WorkQuery {
    /// Matters of offices below one's own too.
    pub below: bool,
    /// Only these phases; empty for everything somebody has to do something with.
    pub phases: Vec<Phase>,
    /// Only these matters.
    pub items: Vec<String>,
    /// Only what this level decides.
    pub level: Option<DecisionLevel>,
    /// Only matters of this department, of those one handles.
    pub department: Option<DepartmentId>,
    /// Only what is due before this day.
    pub due_before: Option<Date>,
    /// Only what shows this light today.
    pub light: Option<Light>,
    /// The page, from 1.
    pub page: i64,
}

/// One of the three ledgers (三本台账).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerKind {
    /// Matters the region decides (需自治区审批事项).
    Region,
    /// Matters the nation decides (需国家审批事项).
    Nation,
    /// Matters that are a problem (问题事项).
    Problems,
}

impl LedgerKind {
    /// All, in the order tables print them.
    pub const ALL: [Self; 3] = [Self::Region, Self::Nation, Self::Problems];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Nation => "nation",
            Self::Problems => "problems",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A page of matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WorkPage {
    /// The matters, the most urgent first.
    pub rows: Vec<WorkRowView>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
    /// How many rows a page has at most.
    pub page_size: i64,
}

/// A matter in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WorkRowView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// Its code; empty when it has none yet.
    pub project_code: String,
    /// Its total investment in yuan.
    pub total_investment: i64,
    /// Its unit.
    pub unit: UnitView,
    /// The matter.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The version, to be named by an act.
    pub version: i64,
    /// Who leads.
    pub department: DepartmentView,
    /// The office that has it.
    pub office: UnitView,
    /// What that office does with it, a word.
    pub duty: String,
    /// Who decides, a word.
    pub level: String,
    /// Where it stands, a word.
    pub phase: String,
    /// The worst light that counts now.
    pub light: String,
    /// Why it is a problem, a word.
    pub problem: Option<String>,
    /// What must be done next.
    pub due: Option<DueView>,
    /// The clocks of the office.
    pub clocks: Vec<ClockView>,
    /// What comes first.
    pub before: Vec<BeforeView>,
    /// What cannot go on because of it.
    pub holds_up: Vec<String>,
    /// When the project is to start.
    pub planned_start_on: Option<String>,
    /// What may be done next, words; empty when the person may not act.
    pub offers: Vec<String>,
}

const PAGE: i64 = 50;

impl App {
    /// Lists the matters of one's own offices, the most urgent first.
    ///
    /// # Errors
    /// [`AppError::Refused`] when the person holds no post that handles matters.
    pub async fn approval_work(
        &self,
        actor: &Actor,
        query: &WorkQuery,
    ) -> Result<WorkPage, AppError> {
        let mut office = actor.grant(Action::HandleMatter)?.scope;
        if let Some(id) = query.department {
            office.departments = match office.departments.contains(Some(id)) {
                true => DepartmentSet::Only(vec![id]),
                false => DepartmentSet::Only(Vec::new()),
            };
        }
        let filter = WorkFilter {
            office: Some(office),
            level: query.level.map(|one| one.word().to_owned()),
            exact: !query.below,
            open: query.phases.is_empty(),
            phases: query.phases.clone(),
            items: query.items.clone(),
            due_before: query.due_before.map(|day| day.to_string()),
            ..paged(query.page)
        };
        match query.light {
            None => self.matters(actor, filter, query.page).await,
            Some(light) => {
                let shows = |item: &Item<'_>| item.reading.light == light;
                self.matters_such(actor, filter, query.page, shows).await
            }
        }
    }

    /// Lists what waits to be sent up, and what was sent up and waits to be accepted, of the
    /// projects one sees.
    ///
    /// # Errors
    /// When the actor may not read.
    pub async fn approval_forwarding(
        &self,
        actor: &Actor,
        page: i64,
    ) -> Result<WorkPage, AppError> {
        let filter = WorkFilter {
            projects: Some(actor.grant(Action::Read)?.scope),
            open: true,
            sent_up: true,
            ..paged(page)
        };
        self.matters(actor, filter, page).await
    }

    /// Lists a page of one of the three ledgers, of the projects one sees.
    ///
    /// # Errors
    /// When the actor may not read.
    pub async fn approval_ledger(
        &self,
        actor: &Actor,
        kind: LedgerKind,
        page: i64,
    ) -> Result<WorkPage, AppError> {
        let projects = Some(actor.grant(Action::Read)?.scope);
        let base = WorkFilter {
            projects,
            ..paged(page)
        };
        let level = |level: DecisionLevel| WorkFilter {
            level: Some(level.word().to_owned()),
            unfinished: true,
            ..base.clone()
        };
        match kind {
            LedgerKind::Region => {
                self.matters(actor, level(DecisionLevel::Region), page)
                    .await
            }
            LedgerKind::Nation => {
                self.matters(actor, level(DecisionLevel::Nation), page)
                    .await
            }
            LedgerKind::Problems => {
                let today = self.today();
                let filter = WorkFilter {
                    problem_on: Some(today.to_string()),
                    ..base
                };
                let is_one = |item: &Item<'_>| item.problem(today).is_some();
                self.matters_such(actor, filter, page, is_one).await
            }
        }
    }

    /// Lists a page of what the database itself can tell.
    async fn matters(
        &self,
        actor: &Actor,
        filter: WorkFilter,
        page: i64,
    ) -> Result<WorkPage, AppError> {
        let total = approvals::work_count(&self.db, &filter).await?;
        let rows = approvals::work_list(&self.db, &filter).await?;
        self.page_of(actor, &rows, total, page).await
    }

    /// Lists a page of what only the acts can tell, as they read today: all matters of the list are
    /// looked through, and no more than the page is put into words.
    async fn matters_such(
        &self,
        actor: &Actor,
        filter: WorkFilter,
        page: i64,
        such: impl Fn(&Item<'_>) -> bool,
    ) -> Result<WorkPage, AppError> {
        let reference = self.reference().await?;
        let all = WorkFilter {
            offset: 0,
            limit: i64::MAX,
            ..filter
        };
        let mut found = Vec::new();
        for row in approvals::work_list(&self.db, &all).await? {
            let catalogue = self.catalogue(&self.db, row.catalogue).await?;
            if such(&item_of(&catalogue, &row, &reference, self.today())?) {
                found.push(row);
            }
        }
        let rows = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
        let shown = found
            .iter()
            .skip(rows(filter.offset))
            .take(rows(filter.limit));
        let shown: Vec<WorkRow> = shown.cloned().collect();
        let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
        self.page_of(actor, &shown, total, page).await
    }

    async fn page_of(
        &self,
        actor: &Actor,
        rows: &[WorkRow],
        total: i64,
        page: i64,
    ) -> Result<WorkPage, AppError> {
        let reference = self.reference().await?;
        let read = self.read_rows(&reference, rows).await?;
        let rows = read
            .iter()
            .map(|one| one.view(actor, &reference, self.today()));
        Ok(WorkPage {
            rows: rows.collect(),
            total,
            page: page.max(1),
            page_size: PAGE,
        })
    }

    /// Reads the clocks of matters that were listed with their acts, as of today.
    pub(super) async fn read_rows<'r>(
        &self,
        reference: &Reference,
        rows: &'r [WorkRow],
    ) -> Result<Vec<ReadRow<'r>>, AppError> {
        let mut projects: Vec<ProjectId> = rows.iter().map(|row| row.item.project).collect();
        projects.sort_unstable();
        projects.dedup();
        let phases = approvals::phase_list_of(&self.db, &projects).await?;
        let mut graphs: BTreeMap<ProjectId, Arc<Graph>> = BTreeMap::new();
        let mut read = Vec::with_capacity(rows.len());
        for row in rows {
            let catalogue = self.catalogue(&self.db, row.catalogue).await?;
            let project = row.item.project;
            let graph = graphs.entry(project).or_insert_with(|| {
                let phases = phases.get(&project).into_iter().flatten();
                let phases = phases.map(|(code, phase)| (code.as_str(), *phase));
                Arc::new(Graph::new(&catalogue, phases))
            });
            read.push(ReadRow {
                row,
                graph: Arc::clone(graph),
                read: read_one(&catalogue, row, reference, self.today())?,
            });
        }
        Ok(read)
    }
}

/// A listed matter with its clocks.
pub(super) struct ReadRow<'r> {
    pub row: &'r WorkRow,
    graph: Arc<Graph>,
    pub read: ReadItem,
}

/// What is read of a matter, detached from the catalogue.
pub(super) struct ReadItem {
    pub name: String,
    pub name_en: String,
    pub course: Course,
    pub legs: Vec<gangmu_domain::approvals::Leg>,
    pub reading: gangmu_domain::approvals::ItemReading,
    pub problem: Option<&'static str>,
    pub offers: Vec<&'static str>,
}

/// Puts a matter that was listed with its acts together, with its clocks as of a day.
fn item_of<'c>(
    catalogue: &'c Catalogue,
    row: &WorkRow,
    reference: &Reference,
    today: Date,
) -> Result<Item<'c>, AppError> {
    let planned = row
        .planned_start_on
        .as_deref()
        .and_then(|day| day.parse().ok());
    let setup = setup_of(catalogue, &row.item, planned)?;
    let course = Course::of(&setup, &row.acts);
    let reading = setup
        .read(&course, &reference.calendar, today)
        .map_err(calendar_error)?;
    Ok(Item {
        code: row.item.item.clone(),
        level: row.item.level,
        setup,
        course,
        reading,
    })
}

fn read_one(
    catalogue: &Catalogue,
    row: &WorkRow,
    reference: &Reference,
    today: Date,
) -> Result<ReadItem, AppError> {
    let item = item_of(catalogue, row, reference, today)?;
    Ok(ReadItem {
        name: item.setup.matter.name.clone(),
        name_en: item.setup.matter.name_en.clone(),
        problem: item
            .problem(today)
            .map(gangmu_domain::approvals::Problem::word),
        offers: item
            .setup
            .offers(&item.course)
            .iter()
            .map(|one| one.word())
            .collect(),
        legs: item.setup.legs,
        course: item.course,
        reading: item.reading,
    })
}

impl ReadRow<'_> {
    /// What cannot go on because of the matter.
    pub fn holds_up(&self) -> Vec<String> {
        self.graph.holds_up(&self.row.item.item)
    }

    fn view(&self, actor: &Actor, reference: &Reference, today: Date) -> WorkRowView {
        let (row, read) = (self.row, &self.read);
        let department = read.course.department.unwrap_or(row.item.department);
        let leg = read.legs.get(read.reading.leg);
        let may_act = leg.is_some_and(|leg| sits_at(actor, leg, department));
        let office = leg.map_or(&row.item.unit, |leg| &leg.unit);
        WorkRowView {
            project_id: row.item.project.0,
            project_name: row.project_name.clone(),
            project_code: row.project_code.clone(),
            total_investment: row.total_investment,
            unit: UnitView::new(reference, &row.item.own),
            code: row.item.item.clone(),
            name: read.name.clone(),
            name_en: read.name_en.clone(),
            version: row.item.version,
            department: DepartmentView::new(reference, office, department),
            office: UnitView::new(reference, office),
            duty: leg.map_or("", |leg| leg.duty.word()).to_owned(),
            level: row.item.level.word().to_owned(),
            phase: read.reading.phase.word().to_owned(),
            light: light_word(read.reading.light).to_owned(),
            problem: read.problem.map(str::to_owned),
            due: read.reading.due.map(|(on, what)| DueView {
                on: on.to_string(),
                what: what.word().to_owned(),
                left: left(reference, today, on),
            }),
            clocks: read
                .reading
                .clocks
                .iter()
                .map(|(clock, reading)| ClockView::new(*clock, reading))
                .collect(),
            before: before(self.graph.before(&row.item.item)),
            holds_up: self.holds_up(),
            planned_start_on: row.planned_start_on.clone(),
            offers: match may_act {
                true => read.offers.iter().map(|one| (*one).to_owned()).collect(),
                false => Vec::new(),
            },
        }
    }
}

fn paged(page: i64) -> WorkFilter {
    WorkFilter {
        acts: WithActs::All,
        offset: (page.max(1) - 1).saturating_mul(PAGE),
        limit: PAGE,
        ..WorkFilter::default()
    }
}
