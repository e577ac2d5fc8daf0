//! Making a case, and fitting it to changed facts or a changed catalogue.
//!
//! What a reader would get wrong: a new catalogue changes nothing by itself. A case is fitted by a
//! person, one at a time, and only matters nobody has touched yet move; what runs keeps the text
//! it runs under, because that text is the case's, not the matter's, only when nothing runs.

use std::collections::BTreeSet;

use gangmu_domain::approvals::{Catalogue, Course, Instance, Phase, Route, Standing, legs};
use gangmu_domain::library::{Field, InvestorType, ProjectId};
use gangmu_domain::metrics::MatterCounts;
use gangmu_domain::organisation::{Action, DepartmentId, UserId};
use gangmu_store::approvals::{self, CaseRow, ItemRow};
use gangmu_store::library::Project;
use gangmu_store::{StoreError, Tx, bulk};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::load::{project_row, setup_of};
use crate::change::{Work, audit, audit_row};
use crate::error::{AppError, OrNotFound};
use crate::library::locked;
use crate::{Actor, App, Reference};

/// What a person says when a case is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseInput {
    /// The route; the record's, or what the kind of investment suggests, when absent.
    pub route: Option<Route>,
}

/// A change of a case: other facts, another route, the current catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseChange {
    /// Another route.
    pub route: Option<Route>,
    /// Whether the current catalogue is taken over.
    pub current_catalogue: bool,
    /// Why; must say something.
    pub reason: String,
}

/// What fitting a case would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CasePreview {
    /// The route it would have, a word.
    pub route: String,
    /// The matters that would change.
    pub changes: Vec<ItemChange>,
}

/// One matter that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemChange {
    /// The matter.
    pub code: String,
    /// What happens: `added`, `removed`, `changed`, `kept` for one that runs and is left alone.
    pub what: String,
    /// Standing, level and limits before, in words; empty for an added one.
    pub before: String,
    /// The same after; empty for a removed one.
    pub after: String,
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

    /// Shows what fitting a case would change, without changing anything.
    ///
    /// # Errors
    /// When the project may not be seen or has no case.
    pub async fn case_preview(
        &self,
        actor: &Actor,
        project: ProjectId,
        change: &CaseChange,
    ) -> Result<CasePreview, AppError> {
        let found = self.visible(actor, Action::Read, project).await?;
        let loaded = self.load_case(&self.db, project).await?;
        let fitted = self.fit(&loaded, &found, change).await?;
        Ok(CasePreview {
            route: fitted.route.word().to_owned(),
            changes: fitted.changes,
        })
    }

    /// Fits a case to the facts of its project, another route or the current catalogue.
    ///
    /// Matters somebody has worked on stay as they are; a changed text of the catalogue is taken
    /// over only when the matters that run read the same in both.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a reason; [`AppError::State`] when a running matter would be
    /// handled under other rules.
    pub async fn case_fit(
        &self,
        actor: &Actor,
        project: ProjectId,
        version: i64,
        change: &CaseChange,
    ) -> Result<CasePreview, AppError> {
        if change.reason.trim().is_empty() {
            return Err(AppError::invalid(
                "approvals.refused.reason_missing",
                "reason",
            ));
        }
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let found = locked(work.tx, actor, Action::ManageCase, project).await?;
        approvals::case_lock(work.tx, project)
            .await?
            .or_not_found("case")?;
        let loaded = self.load_case(work.tx, project).await?;
        if loaded.case.version != version {
            return Err(AppError::Changed { what: "case" });
        }
        let fitted = self.fit(&loaded, &found, change).await?;
        if let Some(code) = fitted.disturbed.first() {
            return Err(AppError::State {
                code: "approvals.refused.catalogue_disturbs",
                params: vec![code.clone()],
            });
        }
        let mut case = loaded.case.clone();
        if let Some(text) = &fitted.text {
            case.catalogue = self.keep_catalogue(work.tx, text).await?;
        }
        case.route = fitted.route;
        case.planned_start = found.record.date(Field::PlannedStart);
        for row in &fitted.rows {
            match loaded.item(&row.item) {
                Ok(before) if before == row => {}
                Ok(_) => save_row(work.tx, row).await?,
                Err(_) => approvals::item_insert(work.tx, row).await?,
            }
        }
        (case.total, case.done) = tally(&fitted.catalogue, &fitted.rows);
        if !approvals::case_update(work.tx, &case).await? {
            return Err(AppError::Changed { what: "case" });
        }
        let counts = MatterCounts {
            all: case.total,
            done: case.done,
        };
        work.recount(&[(project, counts)]).await?;
        let subject = format!("project:{project}");
        let detail = serde_json::json!({ "reason": change.reason }).to_string();
        audit(work.tx, actor, self.now(), "case_fit", &subject, &detail).await?;
        begun.commit().await?;
        Ok(CasePreview {
            route: fitted.route.word().to_owned(),
            changes: fitted.changes,
        })
    }

    async fn fit(
        &self,
        loaded: &super::load::Loaded,
        project: &Project,
        change: &CaseChange,
    ) -> Result<Fitted, AppError> {
        let reference = self.reference().await?;
        let (catalogue, text) = match change.current_catalogue {
            true => {
                let (catalogue, text) = self.current_catalogue().await?;
                (catalogue, Some(text))
            }
            false => (loaded.catalogue.as_ref().clone(), None),
        };
        let route = change.route.unwrap_or(loaded.case.route);
        let own = reference.level(&loaded.case.unit);
        let instances = catalogue.instantiate(route, &project.record, own);
        let mut fitted = Fitted {
            route,
            text,
            rows: Vec::new(),
            changes: Vec::new(),
            disturbed: Vec::new(),
            catalogue,
        };
        for (position, instance) in (1..).zip(&instances) {
            let fresh = new_row(&reference, &fitted.catalogue, project, instance, position)?;
            fitted.take(loaded, fresh);
        }
        fitted.keep_the_rest(loaded, &instances);
        Ok(fitted)
    }
}

/// A case as it would be after fitting.
struct Fitted {
    catalogue: Catalogue,
    text: Option<String>,
    route: Route,
    rows: Vec<ItemRow>,
    changes: Vec<ItemChange>,
    /// Matters that run and would run under other rules.
    disturbed: Vec<String>,
}

impl Fitted {
    fn take(&mut self, loaded: &super::load::Loaded, fresh: ItemRow) {
        let Ok(before) = loaded.item(&fresh.item) else {
            self.note(&fresh.item, "added", None, Some(&fresh));
            self.rows.push(fresh);
            return;
        };
        let touched = !loaded.acts(&before.item).is_empty();
        let same = (
            before.standing,
            before.level,
            before.variant,
            &before.because,
        ) == (fresh.standing, fresh.level, fresh.variant, &fresh.because);
        if touched {
            if !same {
                self.note(&before.item, "kept", Some(before), Some(&fresh));
            }
            let now = self.catalogue.matter(&before.item);
            let moved = self.text.is_some() && now != loaded.catalogue.matter(&before.item);
            if moved && before.open {
                self.disturbed.push(before.item.clone());
            }
            self.rows.push(before.clone());
            return;
        }
        if !same {
            self.note(&before.item, "changed", Some(before), Some(&fresh));
        }
        self.rows.push(ItemRow {
            version: before.version,
            position: before.position,
            department: fresh.department,
            ..fresh
        });
    }

    /// A matter the new template does not have: it becomes not needed, or stays when it runs.
    fn keep_the_rest(&mut self, loaded: &super::load::Loaded, instances: &[Instance]) {
        let wanted: BTreeSet<&str> = instances.iter().map(|one| one.code.as_str()).collect();
        for before in &loaded.items {
            if wanted.contains(before.item.as_str()) {
                continue;
            }
            let mut row = before.clone();
            if loaded.acts(&before.item).is_empty() {
                row.standing = Standing::NotNeeded;
                row.phase = Phase::NotNeeded;
                row.because = BTreeSet::from([Field::ApprovalRoute]);
                self.note(&before.item, "removed", Some(before), None);
            } else {
                self.note(&before.item, "kept", Some(before), None);
            }
            self.rows.push(row);
        }
    }

    fn note(&mut self, code: &str, what: &str, before: Option<&ItemRow>, after: Option<&ItemRow>) {
        let words = |row: Option<&ItemRow>| {
            row.map_or_else(String::new, |row| {
                format!("{} {}", row.standing.word(), row.level.word())
            })
        };
        self.changes.push(ItemChange {
            code: code.to_owned(),
            what: what.to_owned(),
            before: words(before),
            after: words(after),
        });
    }
}

async fn save_row(tx: &Tx, row: &ItemRow) -> Result<(), AppError> {
    match approvals::item_update(tx, row).await? {
        true => Ok(()),
        false => Err(AppError::Changed { what: "matter" }),
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

fn new_row(
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
