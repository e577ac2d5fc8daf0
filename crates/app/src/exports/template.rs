//! The return template: pre-filled, with drop-down lists, and unchanged when it comes back
//! untouched.

use gangmu_domain::Period;
use gangmu_domain::library::FundingSource;
use gangmu_domain::organisation::Action;
use gangmu_exchange::MoneyUnit;
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, RowSpec, TableSpec};
use gangmu_store::library::ListFilter;

use super::{ExportFile, words, workbook};
use crate::dispatch::GridRow;
use crate::error::AppError;
use crate::{Actor, App};

/// Exact to the yuan: a cell of 万元 with four decimals.
const WAN: CellFormat = CellFormat::Money {
    unit: MoneyUnit::TenThousand,
    decimals: 4,
};

impl App {
    /// Exports the returns of a period for typing in a spreadsheet.
    ///
    /// # Errors
    /// When the actor may not export or there is no such period.
    pub async fn export_template(
        &self,
        actor: &Actor,
        period: Period,
        unit: Option<&str>,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let grid = self
            .grid(actor, period, unit, &ListFilter::default())
            .await?;
        let table = TableSpec {
            sheet_name: "月报填报".to_owned(),
            title: format!("重大项目月报填报表（{period}）"),
            unit_line: Some("单位：万元".to_owned()),
            columns: columns(),
            rows: grid.rows.iter().map(row).collect(),
            notes: vec![format!(
                "填报截止日：{}。只填浅色栏，其余各栏由系统计算。",
                grid.due_on
            )],
            frozen_columns: 2,
            ..TableSpec::default()
        };
        workbook(format!("月报填报表-{period}.xlsx"), vec![table]).await
    }
}

fn columns() -> Vec<ColumnSpec> {
    let input = |header: &str, format| ColumnSpec {
        input: true,
        ..ColumnSpec::new(header, format)
    };
    let mut columns = vec![
        ColumnSpec::new("项目代码", CellFormat::Text),
        ColumnSpec::new("项目名称", CellFormat::Text),
        ColumnSpec::new("所属区域", CellFormat::Centred),
        ColumnSpec::new("总投资", WAN),
        ColumnSpec::new("年度计划投资", WAN),
        ColumnSpec::new("截至上月累计", WAN),
        input("本月完成投资", WAN),
    ];
    for source in FundingSource::ALL {
        let header = format!("本月到位资金 ▸ {}", words::source(source.word()));
        columns.push(input(&header, WAN));
    }
    columns.push(ColumnSpec {
        choices: words::SITE
            .iter()
            .map(|(_, name)| (*name).to_owned())
            .collect(),
        ..input("现场状态", CellFormat::Centred)
    });
    columns.push(input("本月实际开工日期", CellFormat::Date));
    columns.push(input("本月竣工投产日期", CellFormat::Date));
    columns.push(input("形象进度", CellFormat::Text));
    columns.push(input("存在问题", CellFormat::Text));
    columns.push(input("更正原因", CellFormat::Text));
    columns
}

fn row(row: &GridRow) -> RowSpec {
    let money = |yuan: Option<i64>| yuan.map_or(CellValue::Empty, CellValue::Money);
    let text = |text: &str| {
        if text.is_empty() {
            CellValue::Empty
        } else {
            CellValue::Text(text.to_owned())
        }
    };
    let day = |day: Option<&String>| {
        day.and_then(|day| day.parse().ok())
            .map_or(CellValue::Empty, CellValue::Date)
    };
    let site = row
        .site_status
        .and_then(|word| words::SITE.iter().find(|(known, _)| *known == word))
        .map_or("", |(_, name)| name);
    let mut cells = vec![
        text(row.code.as_deref().unwrap_or_default()),
        text(&row.name),
        text(&row.unit_name),
        CellValue::Money(row.total_investment),
        CellValue::Money(row.annual_plan),
        CellValue::Money(row.ytd_before),
        money(row.month_investment),
    ];
    for source in FundingSource::ALL {
        cells.push(money(row.funds.get(source.word()).copied()));
    }
    cells.extend([
        text(site),
        day(row.started_on.as_ref()),
        day(row.finished_on.as_ref()),
        text(&row.image_progress),
        text(&row.problems),
        text(&row.correction_reason),
    ]);
    RowSpec {
        cells,
        ..RowSpec::default()
    }
}
