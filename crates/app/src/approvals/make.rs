//! Making a case, and fitting it to changed facts or a changed catalogue.
//!
//! What a reader would get wrong: a new catalogue changes nothing by itself. A case is fitted by a
//! person, one at a time, and only matters nobody has touched yet move; what runs keeps the text
//! it runs under, because that text is the case's, not the matter's, only when nothing runs.

use std::collections::BTreeSet;

use gangmu_domain::approvals::{Catalogue, Course, Instance, Phase, Route, Standing, legs};
use gangmu_domain::library::{Field, InvestorType, ProjectId};
use gangmu_domain::organisation::{Action, DepartmentId};
use gangmu_store::approvals::{self, CaseRow, ItemRow};
use gangmu_store::library::Project;
use gangmu_store::{StoreError, Tx};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::load::{project_row, setup_of};
use crate::change::audit;
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
        let tx = self.db.begin().await?;
        let found = locked(&tx, actor, Action::ManageCase, project).await?;
        if !found.stage.is_active() {
            return Err(AppError::State {
                code: "pipeline.left",
                params: vec![found.stage.word().to_owned()],
            });
        }
        self.make_case(&tx, actor, &found, input.route).await?;
        Ok(tx.commit().await?)
    }

    /// Makes a case within a transaction.
    pub(super) async fn make_case(
        &self,
        tx: &Tx,
        actor: &Actor,
        project: &Project,
        route: Option<Route>,
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let (catalogue, text) = self.current_catalogue().await?;
        let version = self.keep_catalogue(tx, &text).await?;
        let route = route.unwrap_or_else(|| route_of(project));
        let own = reference.level(&project.unit);
        let instances = catalogue.instantiate(route, &project.record, own);
        let planned_start = project.record.date(Field::PlannedStart);
        let mut rows = Vec::with_capacity(instances.len());
        for (position, instance) in (1..).zip(&instances) {
            let row = new_row(&reference, &catalogue, project, instance, position)?;
            rows.push(row);
        }
        let (total, done) = tally(&catalogue, &rows);
        let case = CaseRow {
            project: project.id,
            version: 1,
            route,
            catalogue: version,
            unit: project.unit.clone(),
            planned_start,
            created_on: self.today(),
            created_by: actor.user,
            closed_on: None,
            total,
            done,
        };
        match approvals::case_insert(tx, &case, self.now()).await {
            Err(StoreError::Exists { .. }) => return Err(AppError::state("approvals.case_exists")),
            other => other?,
        }
        for row in &rows {
            approvals::item_insert(tx, row).await?;
        }
        let subject = format!("project:{}", project.id);
        audit(tx, actor, self.now(), "case_create", &subject, "{}").await
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
            return Err(AppError::invalid("approvals.reason_missing", "reason"));
        }
        let tx = self.db.begin().await?;
        let found = locked(&tx, actor, Action::ManageCase, project).await?;
        approvals::case_lock(&tx, project)
            .await?
            .or_not_found("case")?;
        let loaded = self.load_case(&tx, project).await?;
        if loaded.case.version != version {
            return Err(AppError::Changed { what: "case" });
        }
        let fitted = self.fit(&loaded, &found, change).await?;
        if let Some(code) = fitted.disturbed.first() {
            return Err(AppError::State {
                code: "approvals.catalogue_disturbs",
                params: vec![code.clone()],
            });
        }
        let mut case = loaded.case.clone();
        if let Some(text) = &fitted.text {
            case.catalogue = self.keep_catalogue(&tx, text).await?;
        }
        case.route = fitted.route;
        case.planned_start = found.record.date(Field::PlannedStart);
        for row in &fitted.rows {
            match loaded.item(&row.item) {
                Ok(before) if before == row => {}
                Ok(_) => save_row(&tx, row).await?,
                Err(_) => approvals::item_insert(&tx, row).await?,
            }
        }
        (case.total, case.done) = tally(&fitted.catalogue, &fitted.rows);
        if !approvals::case_update(&tx, &case).await? {
            return Err(AppError::Changed { what: "case" });
        }
        let subject = format!("project:{project}");
        let detail = serde_json::json!({ "reason": change.reason }).to_string();
        audit(&tx, actor, self.now(), "case_fit", &subject, &detail).await?;
        tx.commit().await?;
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

/// Makes a case when a project enters preparation, unless it has one.
pub(crate) async fn case_for_preparation(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    project: &Project,
) -> Result<(), AppError> {
    if approvals::case_get(tx, project.id).await?.is_some() {
        return Ok(());
    }
    app.make_case(tx, actor, project, None).await
}

/// 政府投资项目实行审批制; an enterprise's project is filed unless its record says it is verified.
fn route_of(project: &Project) -> Route {
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
