//! The list of plans, and the tasks that charge one's own office, as tables.

use gangmu_domain::organisation::Action;
use gangmu_domain::plans::{PlanKind, PlanState};
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, TableSpec};

use super::export::office;
use super::list::{PAGE, PlanQuery, PlansPage};
use super::view::{DutyView, PlanRowView};
use crate::error::AppError;
use crate::exports::{ExportFile, count, each_page, numbered, text, workbook};
use crate::{Actor, App};

/// The most plans of a table.
const MOST_ROWS: i64 = 5_000;

impl App {
    /// Exports a list of plans, all its pages.
    ///
    /// # Errors
    /// When the actor may not export, the unit lies outside what may be seen, or the list is too
    /// long for a workbook.
    pub async fn export_plan_list(
        &self,
        actor: &Actor,
        query: &PlanQuery,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let part = |page| {
            let part = PlanQuery {
                page,
                ..query.clone()
            };
            async move { self.plan_page(actor, &part).await }
        };
        let mut rows = Vec::new();
        let keep = |page: PlansPage| {
            rows.extend(page.rows);
            page.total
        };
        each_page(MOST_ROWS, PAGE, part, keep).await?;
        let day = self.today();
        let table = TableSpec {
            sheet_name: "方案清单".to_owned(),
            title: format!("重大项目方案清单（{day}）"),
            columns: vec![
                ColumnSpec::new("序号", CellFormat::Centred),
                ColumnSpec::new("方案名称", CellFormat::Text),
                ColumnSpec::new("单位", CellFormat::Text),
                ColumnSpec::new("类别", CellFormat::Centred),
                ColumnSpec::new("状态", CellFormat::Centred),
                ColumnSpec::new("起始日", CellFormat::Centred),
                ColumnSpec::new("截止日", CellFormat::Centred),
                ColumnSpec::new("版本", CellFormat::Integer),
                ColumnSpec::new("任务数", CellFormat::Integer),
                ColumnSpec::new("指标数", CellFormat::Integer),
            ],
            rows: numbered(&rows, plan),
            frozen_columns: 2,
            ..TableSpec::default()
        };
        workbook(format!("方案清单-{day}.xlsx"), vec![table]).await
    }

    /// Exports the tasks in force that charge one's own office, those that are not done first.
    ///
    /// # Errors
    /// When the actor may not export.
    pub async fn export_plan_duties(&self, actor: &Actor) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let duties = self.plan_duties_all(actor).await?;
        let day = self.today();
        let today = day.to_string();
        let table = TableSpec {
            sheet_name: "承办任务".to_owned(),
            title: format!("本单位承办任务（{day}）"),
            columns: vec![
                ColumnSpec::new("序号", CellFormat::Centred),
                ColumnSpec::new("任务", CellFormat::Text),
                ColumnSpec::new("方案", CellFormat::Text),
                ColumnSpec::new("承办单位", CellFormat::Text),
                ColumnSpec::new("职责", CellFormat::Centred),
                ColumnSpec::new("完成时限", CellFormat::Centred),
                ColumnSpec::new("完成情况", CellFormat::Centred),
            ],
            rows: numbered(&duties, |one| duty(one, &today)),
            frozen_columns: 2,
            ..TableSpec::default()
        };
        workbook(format!("承办任务-{day}.xlsx"), vec![table]).await
    }
}

fn plan(row: &PlanRowView) -> Vec<CellValue> {
    let kind = match PlanKind::from_word(row.kind) {
        Some(PlanKind::Implementation) => "实施方案",
        Some(PlanKind::Annual) => "年度任务清单",
        Some(PlanKind::Work) | None => "工作方案",
    };
    let state = match PlanState::from_word(row.state) {
        Some(PlanState::Adopted) => "已印发",
        Some(PlanState::Withdrawn) => "已废止",
        Some(PlanState::Draft) | None => "起草",
    };
    vec![
        text(&row.title),
        CellValue::Text(office(&row.office)),
        text(kind),
        text(state),
        text(&row.from),
        text(&row.until),
        CellValue::Integer(i64::from(row.version)),
        count(row.tasks),
        count(row.indicators),
    ]
}

fn duty(one: &DutyView, today: &str) -> Vec<CellValue> {
    let standing = match one.standing {
        "done" => "已完成",
        "hidden" => "数据不可见",
        _ if one.due.as_str() < today => "已过时限",
        _ => "未完成",
    };
    vec![
        text(&one.title),
        text(&one.plan_title),
        CellValue::Text(office(&one.office)),
        text(if one.leads { "牵头" } else { "配合" }),
        text(&one.due),
        text(standing),
    ]
}
