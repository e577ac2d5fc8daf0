//! The ledger of winters as a workbook (冬施台账).

use gangmu_domain::organisation::Action;
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, RowSpec, RowStyle, TableSpec};
use gangmu_store::winter;

use super::{WinterQuery, WinterRowView, WinterUnitView};
use crate::error::AppError;
use crate::exports::{ExportFile, WAN, numbered, short_enough, text, workbook};
use crate::{Actor, App};

/// Longer ledgers belong into the API.
const MOST_ROWS: i64 = 20_000;

impl App {
    /// Exports the ledger as it stands, all its pages, with the sums by unit.
    ///
    /// # Errors
    /// When the actor may not export, or the ledger is longer than 20,000 rows.
    pub async fn export_winter(
        &self,
        actor: &Actor,
        query: &WinterQuery,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let mut filter = self.winter_filter(actor, query).await?;
        let total = winter::winter_total(&self.db, &filter).await?;
        short_enough(total, MOST_ROWS)?;
        filter.limit = MOST_ROWS;
        let reference = self.reference().await?;
        let rows = winter::winter_list(&self.db, &filter).await?;
        let rows: Vec<WinterRowView> = rows
            .into_iter()
            .map(|row| WinterRowView::new(&reference, row))
            .collect();
        let span = format!("{}—{}年", filter.season, filter.season.saturating_add(1));
        let ledger = TableSpec {
            sheet_name: "冬施台账".to_owned(),
            title: format!("{span}冬季施工项目台账（{}）", self.today()),
            unit_line: Some("单位：万元、人".to_owned()),
            columns: columns(),
            rows: numbered(&rows, line),
            frozen_columns: 2,
            ..TableSpec::default()
        };
        let rollup = self.winter_rollup(actor, query).await?;
        let sums = TableSpec {
            sheet_name: "分地区".to_owned(),
            title: format!("{span}冬季施工分地区情况"),
            unit_line: Some("单位：个、人、万元".to_owned()),
            columns: sum_columns(),
            rows: rollup.units.iter().zip(0..).map(sum_line).collect(),
            frozen_columns: 1,
            ..TableSpec::default()
        };
        workbook(format!("冬施台账-{span}.xlsx"), vec![ledger, sums]).await
    }
}

fn columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("序号", CellFormat::Centred),
        ColumnSpec::new("项目名称", CellFormat::Text),
        ColumnSpec::new("所属区域", CellFormat::Centred),
        ColumnSpec::new("总投资", WAN),
        ColumnSpec::new("冬施状态", CellFormat::Centred),
        ColumnSpec::new("停工越冬原因", CellFormat::Text),
        ColumnSpec::new("冬施开始", CellFormat::Centred),
        ColumnSpec::new("冬施结束", CellFormat::Centred),
        ColumnSpec::new("用工人数", CellFormat::Integer),
        ColumnSpec::new("计划冬施投资", WAN),
        ColumnSpec::new("其中：一季度", WAN),
    ]
}

fn line(view: &WinterRowView) -> Vec<CellValue> {
    vec![
        text(&view.name),
        text(&view.unit.name),
        CellValue::Money(view.total_investment),
        text(state(&view.state)),
        text(&view.reason_text),
        text(view.from_on.as_deref().unwrap_or_default()),
        text(view.to_on.as_deref().unwrap_or_default()),
        CellValue::Integer(view.workers),
        CellValue::Money(view.planned),
        CellValue::Money(view.first_quarter),
    ]
}

fn state(word: &str) -> &'static str {
    match word {
        "undecided" => "未明确",
        "resting" => "停工越冬",
        "draft" => "方案编制中",
        "submitted" => "待备案",
        "sent_back" => "已退回",
        "filed" => "已备案",
        "stopped" => "临时停工",
        _ => "",
    }
}

fn sum_columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("地区", CellFormat::Text),
        ColumnSpec::new("在建项目", CellFormat::Integer),
        ColumnSpec::new("冬施项目", CellFormat::Integer),
        ColumnSpec::new("已备案", CellFormat::Integer),
        ColumnSpec::new("停工越冬", CellFormat::Integer),
        ColumnSpec::new("未明确", CellFormat::Integer),
        ColumnSpec::new("用工人数", CellFormat::Integer),
        ColumnSpec::new("计划冬施投资", WAN),
        ColumnSpec::new("其中：一季度", WAN),
        ColumnSpec::new("一季度在编方案（未计入）", WAN),
        ColumnSpec::new("一季度冬施项目完成", WAN),
        ColumnSpec::new("一季度全部完成", WAN),
        ColumnSpec::new("一季度预计", WAN),
    ]
}

fn sum_line((unit, at): (&WinterUnitView, i32)) -> RowSpec {
    RowSpec {
        style: match at {
            0 => RowStyle::Total,
            _ => RowStyle::Detail,
        },
        level: 0,
        cells: vec![
            CellValue::Text(unit.unit.name.clone()),
            CellValue::Integer(unit.projects),
            CellValue::Integer(unit.builds),
            CellValue::Integer(unit.filed),
            CellValue::Integer(unit.resting),
            CellValue::Integer(unit.undecided),
            CellValue::Integer(unit.workers),
            CellValue::Money(unit.planned),
            CellValue::Money(unit.quarter_planned),
            CellValue::Money(unit.quarter_drafted),
            CellValue::Money(unit.quarter_actual),
            CellValue::Money(unit.quarter_all),
            CellValue::Money(unit.quarter_forecast),
        ],
    }
}
