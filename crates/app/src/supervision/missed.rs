//! Who missed which round (漏报迟报).

use gangmu_domain::Period;
use gangmu_domain::organisation::Action;
use gangmu_domain::plans::PlanId;
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, TableSpec};
use gangmu_store::plans;
use serde::Serialize;
use utoipa::ToSchema;

use super::load::load_all;
use crate::error::AppError;
use crate::exports::{ExportFile, numbered, text, workbook};
use crate::plans::{OfficeView, office_name};
use crate::{Actor, App};

/// Which missed reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct MissedQuery {
    /// Only of this plan.
    pub plan: Option<PlanId>,
    /// Only of this round.
    pub period: Option<Period>,
}

/// Missed and late reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissedPage {
    /// Those missing first, the longest first.
    pub rows: Vec<MissedView>,
    /// How many are missing.
    pub missing: usize,
    /// How many came late.
    pub late: usize,
}

/// A report that is missing or came late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissedView {
    /// The plan.
    pub plan_id: i64,
    /// What it is called.
    pub plan_title: String,
    /// The month of the round.
    pub period: String,
    /// The day it was due.
    pub due_on: String,
    /// The task's key.
    pub task: u32,
    /// The indicator's key; zero for the task itself.
    pub indicator: u32,
    /// The task.
    pub title: String,
    /// The indicator; empty for the task itself.
    pub name: String,
    /// Who answers for it.
    pub office: OfficeView,
    /// Whether it is missing; else it came late.
    pub missing: bool,
    /// Working days: since it was due, until it came or the bulletin was issued.
    pub late: i64,
    /// Whether the bulletin is out and names it.
    pub closed: bool,
}

impl App {
    /// Lists reports that are missing or came late, of the plans that may be seen.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn supervision_missed(
        &self,
        actor: &Actor,
        query: MissedQuery,
    ) -> Result<MissedPage, AppError> {
        let (reference, today) = (self.reference().await?, self.today());
        let mut rows = plans::plan_list(&self.db, &self.supervised_filter(actor)?).await?;
        rows.retain(|plan| query.plan.is_none_or(|id| id == plan.id));
        let mut views = Vec::new();
        for loaded in load_all(&self.db, &reference, today, rows).await? {
            for round in &loaded.rounds {
                if query.period.is_some_and(|period| period != round.period) {
                    continue;
                }
                let lines = loaded.lines(&reference, *round, today)?;
                let closed = loaded.closed.contains_key(&round.period);
                let late = lines
                    .iter()
                    .filter(|line| line.is_missing() || line.late > 0);
                views.extend(late.map(|line| MissedView {
                    plan_id: loaded.plan.id.0,
                    plan_title: loaded.plan.title.clone(),
                    period: round.period.to_string(),
                    due_on: round.due_on.to_string(),
                    task: line.task,
                    indicator: line.indicator,
                    title: line.title.clone(),
                    name: line.name.clone(),
                    office: OfficeView::new(&reference, &line.office()),
                    missing: line.is_missing(),
                    late: line.late,
                    closed,
                }));
            }
        }
        views.sort_by_key(|view| {
            let newest = std::cmp::Reverse(view.period.clone());
            (
                !view.missing,
                std::cmp::Reverse(view.late),
                newest,
                view.plan_id,
                view.task,
            )
        });
        let missing = views.iter().filter(|view| view.missing).count();
        Ok(MissedPage {
            late: views.len() - missing,
            missing,
            rows: views,
        })
    }

    /// Exports reports that are missing or came late.
    ///
    /// # Errors
    /// When the actor may not export.
    pub async fn export_supervision_missed(
        &self,
        actor: &Actor,
        query: MissedQuery,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let page = self.supervision_missed(actor, query).await?;
        let row = |view: &MissedView| {
            vec![
                text(&office_name(&view.office)),
                text(&view.title),
                text(&view.name),
                text(&view.plan_title),
                text(&view.period),
                text(&view.due_on),
                text(if view.missing { "未报" } else { "迟报" }),
                CellValue::Integer(view.late),
            ]
        };
        let table = TableSpec {
            sheet_name: "漏报迟报".to_owned(),
            title: format!("督查事项漏报迟报情况表（截至{}）", self.today()),
            unit_line: Some(format!("未报 {} 项，迟报 {} 项", page.missing, page.late)),
            columns: vec![
                ColumnSpec::new("序号", CellFormat::Centred),
                ColumnSpec::new("承办单位", CellFormat::Text),
                ColumnSpec::new("任务", CellFormat::Text),
                ColumnSpec::new("督查事项", CellFormat::Text),
                ColumnSpec::new("方案", CellFormat::Text),
                ColumnSpec::new("督查周期", CellFormat::Centred),
                ColumnSpec::new("应报日期", CellFormat::Centred),
                ColumnSpec::new("情况", CellFormat::Centred),
                ColumnSpec::new("逾期（工作日）", CellFormat::Integer),
            ],
            rows: numbered(&page.rows, row),
            frozen_columns: 2,
            ..TableSpec::default()
        };
        let name = format!("漏报迟报-{}.xlsx", self.today());
        workbook(name, vec![table]).await
    }
}
