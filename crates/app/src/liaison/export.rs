//! The list as a workbook, in the columns of such ledgers (包联责任台账).

use gangmu_domain::organisation::Action;
use gangmu_exchange::MoneyUnit;
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, RowSpec, RowStyle, TableSpec};

use super::{AssignmentView, HolderView, LiaisonQuery, LiaisonRowView};
use crate::error::AppError;
use crate::exports::{ExportFile, short_enough, workbook};
use crate::{Actor, App};

/// Longer lists belong into the API.
const MOST_ROWS: i64 = 20_000;
/// How many are read at a time.
const PART: i64 = 500;

impl App {
    /// Exports the list as it stands, all its pages.
    ///
    /// # Errors
    /// When the actor may not export, or the list is longer than 20,000 rows.
    pub async fn export_liaison(
        &self,
        actor: &Actor,
        query: &LiaisonQuery,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let mut rows = Vec::new();
        let mut page = 1;
        loop {
            let part = LiaisonQuery {
                page,
                per_page: PART,
                ..query.clone()
            };
            let part = self.liaison_page(actor, &part).await?;
            short_enough(part.projects, MOST_ROWS)?;
            rows.extend(part.rows);
            if page >= part.pages {
                break;
            }
            page += 1;
        }
        let day = self.today();
        let table = TableSpec {
            sheet_name: "包联责任台账".to_owned(),
            title: format!("重大项目包联责任台账（{day}）"),
            unit_line: Some("单位：万元".to_owned()),
            columns: columns(),
            rows: rows
                .iter()
                .zip(1..)
                .map(|(row, at)| line(at, row))
                .collect(),
            frozen_columns: 2,
            ..TableSpec::default()
        };
        workbook(format!("包联责任台账-{day}.xlsx"), vec![table]).await
    }
}

fn columns() -> Vec<ColumnSpec> {
    let wan = CellFormat::Money {
        unit: MoneyUnit::TenThousand,
        decimals: 0,
    };
    vec![
        ColumnSpec::new("序号", CellFormat::Integer),
        ColumnSpec::new("项目名称", CellFormat::Text),
        ColumnSpec::new("所属区域", CellFormat::Centred),
        ColumnSpec::new("总投资", wan),
        ColumnSpec::new("包联领导", CellFormat::Text),
        ColumnSpec::new("牵头单位", CellFormat::Text),
        ColumnSpec::new("驻点干部", CellFormat::Text),
        ColumnSpec::new("业主联络人", CellFormat::Text),
        ColumnSpec::new("服务专班", CellFormat::Text),
        ColumnSpec::new("包联起始", CellFormat::Centred),
    ]
}

fn line(at: i64, row: &LiaisonRowView) -> RowSpec {
    let of = |duty: &str| -> Vec<&AssignmentView> {
        let all = row.standing.iter();
        all.filter(|one| one.duty == duty).collect()
    };
    let names = |duty: &str| {
        let names = of(duty).into_iter().map(|one| name(&one.holder));
        CellValue::Text(names.collect::<Vec<_>>().join("、"))
    };
    let since = of("leader").into_iter().map(|one| one.from.clone()).min();
    RowSpec {
        style: RowStyle::Detail,
        level: 0,
        cells: vec![
            CellValue::Integer(at),
            CellValue::Text(row.project.row.name.clone()),
            CellValue::Text(row.project.unit.name.clone()),
            CellValue::Money(row.project.row.total_investment),
            names("leader"),
            names("lead_unit"),
            names("resident"),
            names("owner_contact"),
            names("service_team"),
            CellValue::Text(since.unwrap_or_default()),
        ],
    }
}

/// How a holder is named in Chinese.
pub(super) fn name(holder: &HolderView) -> String {
    let Some(office) = &holder.office else {
        return holder.name.clone();
    };
    let unit = office.unit.as_ref().map_or("", |one| one.name.as_str());
    match &office.department {
        Some(department) => format!("{unit}{}", department.name),
        None => format!("{unit}发改委"),
    }
}
