//! Making cases: one with a button, many when projects enter preparation.
//!
//! What a reader would get wrong: the route is what the record says, else what the kind of
//! investment suggests; nobody is asked for it twice.

use gangmu_domain::approvals::{Catalogue, Course, Instance, Phase, Route, legs};
use gangmu_domain::library::{Field, InvestorType, ProjectId};
use gangmu_domain::metrics::MatterCounts;
use gangmu_domain::organisation::{Action, DepartmentId, UserId};
use gangmu_store::approvals::{self, CaseRow, ItemRow};
use gangmu_store::library::Project;
use gangmu_store::{StoreError, bulk};
use jiff::civil::Date;

use super::load::{project_row, setup_of};
use crate::change::{Work, audit_row};
use crate::error::{AppError, OrNotFound};
use crate::library::locked;
use crate::{Actor, App, Reference};

/// What a person says when a case is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseInput {
    /// The route; the record's, or what the kind of investment suggests, when absent.
    pub route: Option<Route>,
}

impl App {
    /// Makes the case of a project.
    ///
    /// # Errors
    /// [`AppError::State`] when it has one or has left the pipeline.
    pub async fn case_create(
        &self,
        actor: &Actor,
        project: ProjectId,
        input: CaseInput,
    ) -> Result<(), AppError> {
        self.cases_create(actor, &[(project, input)]).await
    }

    /// Makes the cases of several projects; all of them or none.
    ///
    /// # Errors
    /// As [`App::case_create`] for the first that cannot have one.
    pub(crate) async fn cases_create(
        &self,
        actor: &Actor,
        projects: &[(ProjectId, CaseInput)],
    ) -> Result<(), AppError> {
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let mut sorted = projects.to_vec();
        // One order of locks, so that two of several cannot wait for each other.
        sorted.sort_by_key(|(id, _)| *id);
        let mut found = Vec::with_capacity(sorted.len());
        for (id, input) in sorted {
            let project = locked(work.tx, actor, Action::ManageCase, id).await?;
            if !project.stage.is_active() {
                return Err(AppError::State {
                    code: "pipeline.left",
                    params: vec![project.stage.word().to_owned()],
                });
            }
            found.push((project, input.route));
        }
        self.make_cases(&mut work, &found).await?;
        begun.commit().await
    }

    /// Makes cases within a transaction.
    async fn make_cases(
        &self,
        work: &mut Work<'_>,
        projects: &[(Project, Option<Route>)],
    ) -> Result<(), AppError> {
        if projects.is_empty() {
            return Ok(());
        }
        let reference = self.reference().await?;
        let (catalogue, text) = self.current_catalogue().await?;
        let version = self.keep_catalogue(work.tx, &text).await?;
        let made = Made {
            by: work.actor.user,
            on: self.today(),
            version,
        };
        let (mut cases, mut items) = (Vec::with_capacity(projects.len()), Vec::new());
        let (mut counts, mut audits) = (Vec::new(), Vec::new());
        for (project, route) in projects {
            let route = route.unwrap_or_else(|| route_of(project));
            let rows = new_rows(&reference, &catalogue, project, route)?;
            let case = made.case(&catalogue, project, route, &rows);
            let found = MatterCounts {
                all: case.total,
                done: case.done,
            };
            counts.push((project.id, found));
            let subject = format!("project:{}", project.id);
            let row = audit_row(work.actor, self.now(), "case_create", &subject, "{}");
            audits.push(row);
            cases.push(case);
            items.extend(rows);
        }
        match approvals::case_insert_all(work.tx, &cases, self.now()).await {
            Err(StoreError::Exists { .. }) => {
                return Err(AppError::state("approvals.refused.case_exists"));
            }
            other => other?,
        }
        approvals::item_insert_all(work.tx, &items).await?;
        work.recount(&counts).await?;
        Ok(bulk::audit_insert_all(work.tx, &audits).await?)
    }
}

/// Makes the cases of projects that enter preparation, unless they have one.
pub(crate) async fn cases_for_preparation(
    app: &App,
    work: &mut Work<'_>,
    projects: Vec<Project>,
) -> Result<(), AppError> {
    let ids: Vec<ProjectId> = projects.iter().map(|project| project.id).collect();
    let known = approvals::counts_of(work.tx, &ids).await?;
    let new = projects
        .into_iter()
        .filter(|one| !known.contains_key(&one.id));
    let new: Vec<(Project, Option<Route>)> = new.map(|project| (project, None)).collect();
    app.make_cases(work, &new).await
}

/// What the cases that are made together have in common.
pub(super) struct Made {
    pub by: UserId,
    pub on: Date,
    /// The version of the catalogue.
    pub version: i64,
}

impl Made {
    pub(super) fn case(
        &self,
        catalogue: &Catalogue,
        project: &Project,
        route: Route,
        rows: &[ItemRow],
    ) -> CaseRow {
        let (total, done) = tally(catalogue, rows);
        CaseRow {
            project: project.id,
            version: 1,
            route,
            catalogue: self.version,
            unit: project.unit.clone(),
            planned_start: project.record.date(Field::PlannedStart),
            created_on: self.on,
            created_by: self.by,
            closed_on: None,
            total,
            done,
        }
    }
}

pub(super) fn new_rows(
    reference: &Reference,
    catalogue: &Catalogue,
    project: &Project,
    route: Route,
) -> Result<Vec<ItemRow>, AppError> {
    let own = reference.level(&project.unit);
    let instances = catalogue.instantiate(route, &project.record, own);
    (1..)
        .zip(&instances)
        .map(|(position, instance)| new_row(reference, catalogue, project, instance, position))
        .collect()
}

/// 政府投资项目实行审批制; an enterprise's project is filed unless its record says it is verified.
pub(super) fn route_of(project: &Project) -> Route {
    let record = &project.record;
    let government = record.text(Field::InvestorType) == Some(InvestorType::Government.word());
    Route::of(record).unwrap_or(match government {
        true => Route::Approval,
        false => Route::Filing,
    })
}

pub(super) fn new_row(
    reference: &Reference,
    catalogue: &Catalogue,
    project: &Project,
    instance: &Instance,
    position: i64,
) -> Result<ItemRow, AppError> {
    let matter = catalogue.matter(&instance.code).or_not_found("matter")?;
    let department = reference
        .department_by_any_name(&matter.department)
        .or_not_found("department")?;
    let stepwise = catalogue.service.stepwise;
    let first = legs(&project.unit, instance.level, stepwise);
    let unit = first.first().map_or(&project.unit, |leg| &leg.unit);
    let mut row = ItemRow {
        project: project.id,
        item: instance.code.clone(),
        version: 1,
        position,
        standing: instance.standing,
        because: instance.because.clone(),
        level: instance.level,
        level_unsure: instance.level_unsure.clone(),
        variant: i64::try_from(instance.variant).unwrap_or(0),
        own: project.unit.clone(),
        leg: 0,
        unit: unit.clone(),
        department: DepartmentId(department.department_id),
        phase: Phase::NotReceived,
        open: false,
        due: None,
        basis: None,
        started_on: None,
        decided_on: None,
    };
    let setup = setup_of(catalogue, &row, None)?;
    let course = Course::of(&setup, &[]);
    project_row(&mut row, &setup, &course, reference)?;
    Ok(row)
}

/// Counts the matters before the start, and those of them that are through.
pub(super) fn tally(catalogue: &Catalogue, rows: &[ItemRow]) -> (i64, i64) {
    use gangmu_domain::approvals::MatterGroup;
    let before = |row: &&ItemRow| {
        let matter = catalogue.matter(&row.item);
        matter.is_some_and(|one| one.group != MatterGroup::Acceptance)
    };
    let all = rows.iter().filter(before).count();
    let done = rows.iter().filter(before).filter(|row| row.phase.is_done());
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    (count(all), count(done.count()))
}

/// The day by which a project's matters should be through, from its planned start.
pub(super) fn due_for_start(catalogue: &Catalogue, planned_start: Option<Date>) -> Option<Date> {
    catalogue.service.due_for_start(planned_start?)
}
