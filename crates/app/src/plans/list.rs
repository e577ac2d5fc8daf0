//! Which plans there are, and which tasks charge one's own office.

use std::collections::BTreeMap;

use gangmu_domain::organisation::{Action, Scope};
use gangmu_domain::plans::{PlanId, PlanKind, PlanState};
use gangmu_store::plans::{self, PlanFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::done::Standing;
use super::view::{DutyView, OfficeView, PlanRowView};
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App};

/// Which plans.
#[derive(Clone, Debug, Default)]
pub struct PlanQuery {
    /// Only plans of this unit or below: its code.
    pub unit: Option<String>,
    /// Only this kind.
    pub kind: Option<PlanKind>,
    /// Only this state.
    pub state: Option<PlanState>,
    /// Only those that hang under this plan.
    pub parent: Option<PlanId>,
    /// Only titles that hold this.
    pub text: Option<String>,
    /// From 1.
    pub page: i64,
}

/// A page of plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlansPage {
    /// The plans.
    pub rows: Vec<PlanRowView>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
    /// Rows on a page.
    pub page_size: i64,
}

/// A page of tasks that charge one's own office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanDutiesPage)]
pub struct DutiesPage {
    /// The tasks.
    pub rows: Vec<DutyView>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
    /// Rows on a page.
    pub page_size: i64,
}

/// Rows on a page.
pub(super) const PAGE: i64 = 50;

impl App {
    /// Lists a page of 50 plans: those of one's own unit, of the units below and of those above.
    ///
    /// # Errors
    /// When nothing may be read, or the unit lies outside what may be seen.
    pub async fn plan_page(&self, actor: &Actor, query: &PlanQuery) -> Result<PlansPage, AppError> {
        let reference = self.reference().await?;
        let filter = self.plan_filter(actor, query).await?;
        let rows = plans::plan_list(&self.db, &filter).await?;
        Ok(PlansPage {
            rows: self.plan_rows(&reference, rows).await?,
            total: plans::plan_count(&self.db, &filter).await?,
            page: query.page.max(1),
            page_size: PAGE,
        })
    }

    async fn plan_filter(&self, actor: &Actor, query: &PlanQuery) -> Result<PlanFilter, AppError> {
        let scope: Scope = actor.grant(Action::Read)?.scope;
        let reference = self.reference().await?;
        let unit = match query.unit.as_deref().filter(|code| !code.is_empty()) {
            None => None,
            Some(code) => {
                let unit = &reference.unit_by_code(code).or_not_found("unit")?.path;
                let near = scope.unit.contains(unit) || unit.contains(&scope.unit);
                near.then_some(()).or_not_found("unit")?;
                Some(unit.clone())
            }
        };
        let passed = query.page.max(1) - 1;
        Ok(PlanFilter {
            scope: Some(scope),
            writes: actor
                .grant(Action::ManagePlan)
                .ok()
                .map(|grant| grant.scope),
            unit,
            kind: query.kind,
            state: query.state,
            parent: query.parent,
            supervised: false,
            text: query.text.clone().filter(|text| !text.trim().is_empty()),
            limit: PAGE,
            offset: passed.saturating_mul(PAGE),
        })
    }

    /// Names all plans in force of a unit and those below, or all that may be seen: what one chooses
    /// a plan from.
    ///
    /// # Errors
    /// When nothing may be read, or the unit lies outside what may be seen.
    pub async fn plan_titles(
        &self,
        actor: &Actor,
        unit: Option<String>,
    ) -> Result<Vec<(i64, String)>, AppError> {
        let query = PlanQuery {
            unit,
            state: Some(PlanState::Adopted),
            ..PlanQuery::default()
        };
        let filter = PlanFilter {
            limit: i64::MAX,
            offset: 0,
            ..self.plan_filter(actor, &query).await?
        };
        let rows = plans::plan_list(&self.db, &filter).await?;
        let named = rows.into_iter().map(|plan| (plan.id.0, plan.title));
        Ok(named.collect())
    }

    /// Lists a page of 50 tasks in force that charge one's own office: those that are not done first,
    /// the most urgent of them before.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn plan_duties(&self, actor: &Actor, page: i64) -> Result<DutiesPage, AppError> {
        let page = page.max(1);
        let all = self.plan_duties_all(actor).await?;
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let size = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
        let rows = all.into_iter();
        let rows = rows.skip(size((page - 1).saturating_mul(PAGE)));
        Ok(DutiesPage {
            rows: rows.take(size(PAGE)).collect(),
            total,
            page,
            page_size: PAGE,
        })
    }

    /// All tasks in force that charge one's own office. Whether one is done is not stored, so the
    /// order is made here; an office has some hundreds at most.
    pub(super) async fn plan_duties_all(&self, actor: &Actor) -> Result<Vec<DutyView>, AppError> {
        let scope = match actor.grant(Action::ManagePlan) {
            Ok(grant) => grant.scope,
            Err(_) => actor.grant(Action::Read)?.scope,
        };
        let reference = self.reference().await?;
        let duties = plans::plan_duty_list(&self.db, &scope).await?;
        let mut ids: Vec<PlanId> = duties.iter().map(|duty| duty.plan).collect();
        ids.sort_unstable();
        ids.dedup();
        let contents = plans::plan_version_in_force(&self.db, &ids).await?;
        let mut rows = Vec::new();
        for id in ids {
            rows.extend(plans::plan_get(&self.db, id).await?);
        }
        let titles: BTreeMap<PlanId, String> = rows
            .iter()
            .map(|plan| (plan.id, plan.title.clone()))
            .collect();
        let standing = self
            .tasks_standing(actor, &reference, rows, &contents)
            .await?;
        let view = |duty: plans::DutyRow| {
            let content = contents.get(&duty.plan).map(|one| &one.content);
            let task = content.and_then(|content| content.task(duty.task))?;
            let standing = standing.get(&(duty.plan, duty.task));
            Some(DutyView {
                plan_id: duty.plan.0,
                plan_title: titles.get(&duty.plan).cloned().unwrap_or_default(),
                task: duty.task,
                title: task.title.clone(),
                office: OfficeView::new(&reference, &duty.office),
                leads: duty.leads,
                due: duty.due.to_string(),
                standing: standing.copied().unwrap_or(Standing::Open).word(),
            })
        };
        let mut views: Vec<DutyView> = duties.into_iter().filter_map(view).collect();
        // They come by urgency, which the sort keeps.
        views.sort_by_key(|one| one.standing == Standing::Done.word());
        Ok(views)
    }
}
