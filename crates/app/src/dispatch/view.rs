//! What the dispatch shows: the grid, its derived figures and findings.

use std::collections::BTreeMap;

use gangmu_domain::dispatch::{
    CheckContext, Figures, PeriodState, ReturnStatus, Severity, SiteStatus, check,
};
use gangmu_domain::library::{Field, FundingSource, ProjectId};
use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_domain::pipeline::Category;
use gangmu_domain::{Period, Yuan};
use gangmu_store::dispatch::{self, ReturnRow};
use gangmu_store::library::{self, ListBasis, ListFilter, ListRow, ListSort, Project, SortBy};
use serde::Serialize;
use utoipa::ToSchema;

use super::Funds;
use super::file::Filed;
use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::metrics::RatioView;
use crate::{Actor, App, Reference};

/// Something found in a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FindingView {
    /// The check's word.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The field to point at.
    pub field: &'static str,
    /// Figures for the text, yuan.
    pub amounts: Vec<i64>,
    /// Whether an explanation was given.
    pub explained: bool,
}

/// A row of the grid: what was typed, what it is measured against, and what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GridRow {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Its unit's name; in API answers in the language asked for.
    pub unit_name: String,
    /// The same in English; empty when there is none.
    pub unit_name_en: String,
    /// To be named when saving.
    pub version: i64,
    /// The status' word.
    pub status: &'static str,
    /// The number of the level whose review is next.
    pub awaiting: Option<i16>,
    /// The year's category.
    pub category: &'static str,
    /// Annual plan, yuan.
    pub annual_plan: i64,
    /// Plan from January to the period, yuan.
    pub plan_to_date: i64,
    /// Total investment, yuan.
    pub total_investment: i64,
    /// Invested before this year, yuan.
    pub before_year: i64,
    /// Invested from January to the month before, yuan.
    pub ytd_before: i64,
    /// Investment in the month, yuan.
    pub month_investment: Option<i64>,
    /// Money that came in, by source, yuan.
    #[schema(value_type = BTreeMap<String, i64>)]
    pub funds: Funds,
    /// What is going on at the site; printed empty for nothing, as grids type it.
    #[serde(serialize_with = "or_empty")]
    #[schema(value_type = String)]
    pub site_status: Option<&'static str>,
    /// When permanent works began, if this month.
    pub started_on: Option<String>,
    /// When it went into operation, if this month.
    pub finished_on: Option<String>,
    /// Progress in words.
    pub image_progress: String,
    /// The month before, in words.
    pub previous_image_progress: String,
    /// Problems in words.
    pub problems: String,
    /// Why a figure is negative.
    pub correction_reason: String,
    /// Explanations of warnings by check.
    pub explanations: BTreeMap<String, String>,
    /// What was found. It is printed by those who have words for it.
    #[serde(skip)]
    pub findings: Vec<FindingView>,
    /// Why it was sent back, if it was.
    pub sent_back_reason: Option<String>,
    /// Whether the person may type here.
    pub editable: bool,
}

/// The grid of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridView {
    /// 2025-12.
    pub period: String,
    /// The day returns are due.
    pub due_on: String,
    /// Whether the period is closed.
    pub closed: bool,
    /// The year's share that has passed.
    pub time_progress: RatioView,
    /// The rows.
    pub rows: Vec<GridRow>,
}

fn or_empty<S: serde::Serializer>(word: &Option<&'static str>, into: S) -> Result<S::Ok, S::Error> {
    into.serialize_str(word.unwrap_or_default())
}

/// A project whose return has not been handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LateView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: UnitView,
    /// The return's status.
    pub status: Option<String>,
    /// Annual plan, yuan.
    pub annual_plan: Option<i64>,
}

impl LateView {
    pub(super) fn new(reference: &Reference, row: ListRow) -> Self {
        Self {
            project_id: row.project_id,
            name: row.name,
            unit: UnitView::new(reference, &UnitPath::from_stored(row.unit_path)),
            status: row.status,
            annual_plan: row.annual_plan,
        }
    }
}

/// Something done to a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReturnEventView {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub who: String,
    /// What.
    pub kind: &'static str,
    /// The level that did it.
    pub level: Option<i16>,
    /// Why.
    pub reason: String,
    /// The month's investment before, yuan.
    pub month_before: Option<i64>,
    /// The month's investment after, yuan.
    pub month_after: Option<i64>,
}

impl App {
    /// Shows the returns of a period within the actor's scope, at most 500.
    ///
    /// # Errors
    /// When nothing may be read or there is no such period.
    pub async fn grid(
        &self,
        actor: &Actor,
        period: Period,
        unit: Option<&str>,
        filter: &ListFilter,
    ) -> Result<GridView, AppError> {
        let scope = self.scope_in(actor, Action::Read, unit).await?;
        let sort = ListSort {
            by: SortBy::Unit,
            limit: 500,
            ..ListSort::default()
        };
        let basis = ListBasis::Period(period);
        let rows = library::project_list(&self.db, &scope, basis, filter, sort).await?;
        let known = dispatch::period_get(&self.db, period)
            .await?
            .or_not_found("period")?;
        let mut grid = GridView {
            period: period.to_string(),
            due_on: known.due_on.to_string(),
            closed: known.state == PeriodState::Closed,
            time_progress: period.time_progress().into(),
            rows: Vec::with_capacity(rows.len()),
        };
        for row in rows {
            grid.rows.push(
                self.grid_row(actor, period, ProjectId(row.project_id))
                    .await?,
            );
        }
        Ok(grid)
    }

    /// Shows one row of the grid.
    ///
    /// # Errors
    /// When the project may not be seen or owes no return for the period.
    pub async fn grid_row(
        &self,
        actor: &Actor,
        period: Period,
        id: ProjectId,
    ) -> Result<GridRow, AppError> {
        let reference = self.reference().await?;
        let project = self.visible(actor, Action::Read, id).await?;
        let row = dispatch::return_get(&self.db, id, period)
            .await?
            .or_not_found("return")?;
        let before = dispatch::return_list_before(&self.db, id, period, 6).await?;
        let closings = dispatch::unit_closing_list(&self.db, period).await?;
        let closed = dispatch::period_get(&self.db, period)
            .await?
            .is_none_or(|known| known.state == PeriodState::Closed);
        let may_type = actor
            .grant_on(
                Action::Report,
                &project.unit,
                project.department,
                project.reporter,
            )
            .is_ok()
            && !closed
            && !closings.iter().any(|unit| unit.contains(&project.unit))
            && row.filed.save_draft(Figures::default()).is_ok();
        let events = dispatch::return_event_list(&self.db, id, period).await?;
        let sent_back = events
            .last()
            .filter(|_| row.filed.status == ReturnStatus::SentBack)
            .map(|event| event.reason.clone());
        let context = check_context(&project, &row, before.iter());
        Ok(row_view(
            &reference, &project, &row, &context, may_type, sent_back,
        ))
    }

    /// Shows the row of the grid of a return that the actor has just filed.
    pub(super) async fn filed_row(&self, actor: &Actor, filed: Filed) -> Result<GridRow, AppError> {
        let Filed {
            project,
            row,
            context,
        } = filed;
        if row.filed.status == ReturnStatus::SentBack {
            // Why it was sent back stands among its events.
            return self.grid_row(actor, row.period, project.id).await;
        }
        let reference = self.reference().await?;
        let may_type = row.filed.save_draft(Figures::default()).is_ok();
        Ok(row_view(
            &reference, &project, &row, &context, may_type, None,
        ))
    }

    /// Lists what was done to a return, oldest first.
    ///
    /// # Errors
    /// When the project may not be seen.
    pub async fn return_events(
        &self,
        actor: &Actor,
        period: Period,
        id: ProjectId,
    ) -> Result<Vec<ReturnEventView>, AppError> {
        self.visible(actor, Action::Read, id).await?;
        let users = self.user_names().await?;
        let events = dispatch::return_event_list(&self.db, id, period).await?;
        Ok(events
            .into_iter()
            .map(|event| ReturnEventView {
                at: event.at,
                who: users.get(&event.user).cloned().unwrap_or_default(),
                kind: event.kind.word(),
                level: event.level.map(|level| level.number()),
                reason: event.reason,
                month_before: event.before.month.map(|yuan| yuan.0),
                month_after: event.after.month.map(|yuan| yuan.0),
            })
            .collect())
    }
}

/// What a return is checked against; `before` are the returns before it, newest first.
pub(super) fn check_context<'a>(
    project: &Project,
    row: &ReturnRow,
    before: impl Iterator<Item = &'a ReturnRow> + Clone,
) -> CheckContext {
    let entry = &row.position.entry;
    let counted = row.position.month.investment;
    CheckContext {
        total: entry.total,
        plan: entry.plan,
        since_start_before: row.position.since_start - counted,
        // A draft that was never handed in is no month to compare with.
        recent: before
            .clone()
            .filter(|row| row.filed.counts())
            .filter_map(|row| row.filed.figures.month)
            .collect(),
        previous_progress: before
            .clone()
            .next()
            .map(|row| row.filed.figures.image_progress.clone())
            .unwrap_or_default(),
        category: Some(entry.coordinates.category),
        known_start: project.record.date(Field::ActualStart).is_some(),
    }
}

fn row_view(
    reference: &Reference,
    project: &Project,
    row: &ReturnRow,
    context: &CheckContext,
    editable: bool,
    sent_back_reason: Option<String>,
) -> GridRow {
    let figures = &row.filed.figures;
    let position = &row.position;
    let ytd_before = position.year_to_date - position.month.investment;
    // An untouched return has nothing to find fault with yet.
    let findings = if row.filed.version == 0 {
        Vec::new()
    } else {
        check(figures, row.period, context)
    };
    let explained = |code: &str| {
        figures
            .explanations
            .get(code)
            .is_some_and(|text| !text.trim().is_empty())
    };
    GridRow {
        project_id: project.id.0,
        name: project.name().to_owned(),
        code: project.record.text(Field::Code).map(str::to_owned),
        unit_name: reference.unit_name(&position.entry.coordinates.unit),
        unit_name_en: reference
            .unit(&position.entry.coordinates.unit)
            .map(|unit| unit.name_en.clone())
            .unwrap_or_default(),
        version: row.filed.version,
        status: row.filed.status.word(),
        awaiting: row.filed.awaiting.map(|level| level.number()),
        category: Category::word(position.entry.coordinates.category),
        annual_plan: position.entry.plan.0,
        plan_to_date: position.entry.plan_to_date.0,
        total_investment: position.entry.total.0,
        before_year: (position.since_start - position.year_to_date).0,
        ytd_before: ytd_before.0,
        month_investment: figures.month.map(|yuan| yuan.0),
        funds: funds_view(&figures.funds),
        site_status: figures.site_status.map(SiteStatus::word),
        started_on: figures.started_on.map(|day| day.to_string()),
        finished_on: figures.finished_on.map(|day| day.to_string()),
        image_progress: figures.image_progress.clone(),
        previous_image_progress: context.previous_progress.clone(),
        problems: figures.problems.clone(),
        correction_reason: figures.correction_reason.clone(),
        explanations: figures.explanations.clone(),
        findings: findings
            .iter()
            .map(|finding| FindingView {
                code: finding.code,
                severity: match finding.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                },
                field: finding.field,
                amounts: finding.amounts.iter().map(|yuan| yuan.0).collect(),
                explained: explained(finding.code),
            })
            .collect(),
        sent_back_reason,
        editable,
    }
}

fn funds_view(funds: &BTreeMap<FundingSource, Yuan>) -> Funds {
    funds
        .iter()
        .map(|(source, yuan)| (source.word().to_owned(), yuan.0))
        .collect()
}
