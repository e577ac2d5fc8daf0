//! A list as it stands on the screen: same filter, same order, all pages.

use gangmu_domain::Ratio;
use gangmu_domain::organisation::Action;
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, RowSpec, RowStyle, TableSpec};

use super::{ExportFile, WAN, each_page, words, workbook};
use crate::error::{AppError, OrNotFound};
use crate::library::{ListPage, ListQuery, ListRowView};
use crate::metrics::{By, RatioView, Rollup, RollupQuery, RollupRow};
use crate::{Actor, App};

/// Lists longer than this belong into the API.
const MOST_ROWS: i64 = 50_000;
/// How many are read at a time.
const PART: i64 = 500;

const PERCENT: CellFormat = CellFormat::Percent { decimals: 1 };

impl App {
    /// Exports a list of projects with its totals.
    ///
    /// # Errors
    /// When the actor may not export, or the list is longer than 50,000 rows.
    pub async fn export_projects(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let part = |page| {
            let part = ListQuery {
                page,
                per_page: PART,
                ..query.clone()
            };
            async move { self.project_list(actor, &part).await }
        };
        let (mut rows, mut first) = (Vec::new(), None);
        let keep = |page: ListPage| {
            rows.extend(page.rows.iter().map(project_row));
            first.get_or_insert(page).projects
        };
        each_page(MOST_ROWS, PART, part, keep).await?;
        let page = first.or_not_found("page")?;
        for (at, row) in rows.iter_mut().enumerate() {
            if let Some(cell) = row.cells.first_mut() {
                *cell = CellValue::Integer(i64::try_from(at).unwrap_or(0) + 1);
            }
        }
        rows.insert(
            0,
            total_row(
                page.projects,
                &[
                    (6, page.total_investment),
                    (8, page.annual_plan),
                    (9, page.month_investment),
                    (10, page.year_to_date),
                ],
                page.completion,
            ),
        );
        let table = TableSpec {
            sheet_name: "项目清单".to_owned(),
            title: format!("{}项目清单（{}）", page.unit.name, page.period),
            unit_line: Some("单位：万元".to_owned()),
            columns: project_columns(),
            rows,
            frozen_columns: 2,
            ..TableSpec::default()
        };
        let name = format!("项目清单-{}-{}.xlsx", page.unit.name, page.period);
        workbook(name, vec![table]).await
    }

    /// Exports a roll-up as it stands.
    ///
    /// # Errors
    /// When the actor may not export.
    pub async fn export_rollup(
        &self,
        actor: &Actor,
        query: &RollupQuery,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let rollup = self.rollup(actor, query).await?;
        let table = rollup_table(&rollup, query.by, by_title(query.by));
        let name = format!(
            "{}汇总表-{}-{}.xlsx",
            by_title(query.by),
            rollup.unit.name,
            rollup.period
        );
        workbook(name, vec![table]).await
    }
}

/// The summary table of a roll-up in the official layout, amounts rounded so that they add up.
pub(super) fn rollup_table(rollup: &Rollup, by: By, title: &str) -> TableSpec {
    let mut rows = vec![rollup_row(&rollup.total, by, RowStyle::Total)];
    rows.extend(
        rollup
            .rows
            .iter()
            .map(|row| rollup_row(row, by, RowStyle::Detail)),
    );
    for column in [2, 3, 4, 5, 6] {
        // Out of range only beyond any real sum; the exact amounts stay then.
        let _ = gangmu_exchange::write::round_column(&mut rows, column, 10_000);
    }
    let time = rollup.time_progress.ratio().percent(1).unwrap_or_default();
    TableSpec {
        sheet_name: format!("{title}汇总表"),
        title: format!(
            "{}重大项目{title}汇总表（{}）",
            rollup.unit.name, rollup.period
        ),
        unit_line: Some("单位：个、万元".to_owned()),
        columns: vec![
            ColumnSpec::new(title.trim_start_matches('分'), CellFormat::Text),
            ColumnSpec::new("项目个数", CellFormat::Integer),
            ColumnSpec::new("总投资", WAN),
            ColumnSpec::new("年度计划投资", WAN),
            ColumnSpec::new("投资完成情况 ▸ 本月完成", WAN),
            ColumnSpec::new("投资完成情况 ▸ 本年累计完成", WAN),
            ColumnSpec::new("投资完成情况 ▸ 上年同期完成", WAN),
            ColumnSpec::new("投资完成情况 ▸ 完成率", PERCENT),
            ColumnSpec::new(
                "投资完成情况 ▸ 超（欠）序时进度（百分点）",
                CellFormat::Centred,
            ),
            ColumnSpec::new("投资完成情况 ▸ 同比增长", PERCENT),
            ColumnSpec::new("开复工情况 ▸ 已开复工", CellFormat::Integer),
            ColumnSpec::new("开复工情况 ▸ 开复工率", PERCENT),
            ColumnSpec::new("开复工情况 ▸ 已竣工", CellFormat::Integer),
            ColumnSpec::new("手续办结率 ▸ 按项目", PERCENT),
            ColumnSpec::new("手续办结率 ▸ 按手续", PERCENT),
            ColumnSpec::new("亮灯", CellFormat::Centred),
            ColumnSpec::new("排名", CellFormat::Integer),
        ],
        rows,
        notes: vec![format!(
            "注：序时进度为{time}%；万元为单位的数据已作配平处理，各项之和等于合计。\
             手续办结率按项目为手续全部办结的新建项目÷新建项目，按手续为（无需办理+已办结）÷全部手续。"
        )],
        frozen_columns: 1,
        ..TableSpec::default()
    }
}

fn rollup_row(row: &RollupRow, by: By, style: RowStyle) -> RowSpec {
    let m = |word: &str| row.measures.get(word).copied().unwrap_or(0);
    let name = if style == RowStyle::Total {
        "合计".to_owned()
    } else {
        member_name(row, by)
    };
    RowSpec {
        style,
        level: 0,
        cells: vec![
            CellValue::Text(name),
            CellValue::Integer(m("projects")),
            CellValue::Money(m("total_investment")),
            CellValue::Money(m("annual_plan")),
            CellValue::Money(m("month_investment")),
            CellValue::Money(m("year_to_date")),
            row.year_before
                .as_ref()
                .and_then(|before| before.get("year_to_date"))
                .map_or(CellValue::Empty, |yuan| CellValue::Money(*yuan)),
            percent(row.completion),
            CellValue::Text(points(row.gap)),
            row.year_on_year.map_or(CellValue::Empty, percent),
            CellValue::Integer(row.at_work_rate.num),
            percent(row.at_work_rate),
            CellValue::Integer(m("completed")),
            percent(row.matters_through_rate),
            percent(row.matters_rate),
            CellValue::Text(words::light(row.light.light).to_owned()),
            row.rank.map_or(CellValue::Empty, |rank| {
                CellValue::Integer(i64::try_from(rank).unwrap_or(0))
            }),
        ],
    }
}

pub(super) fn member_name(row: &RollupRow, by: By) -> String {
    match by {
        By::Category => words::category(&row.key).to_owned(),
        By::Investor => words::investor(&row.key).to_owned(),
        By::Stage => words::stage(&row.key).to_owned(),
        _ if row.name.is_empty() => "未注明".to_owned(),
        _ => row.name.clone(),
    }
}

pub(super) fn by_title(by: By) -> &'static str {
    match by {
        By::Unit => "分地区",
        By::Department => "分部门",
        By::Industry => "分行业",
        By::Group => "分行业组",
        By::Category => "分类别",
        By::Investor => "分投资类型",
        By::Stage => "分阶段",
    }
}

pub(super) fn percent(ratio: RatioView) -> CellValue {
    ratio
        .ratio()
        .scaled(10_000)
        .map_or(CellValue::Empty, CellValue::Percent)
}

/// Hundredths of a point as a signed number with one decimal.
pub(super) fn points(gap: Option<i64>) -> String {
    gap.map_or_else(String::new, |gap| {
        let tenths = Ratio::new(gap, 10).scaled(1).unwrap_or(0);
        let sign = if tenths > 0 { "+" } else { "" };
        format!("{sign}{}", gangmu_domain::money::fixed(tenths, 1))
    })
}

fn project_columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("序号", CellFormat::Centred),
        ColumnSpec::new("项目名称", CellFormat::Text),
        ColumnSpec::new("项目代码", CellFormat::Text),
        ColumnSpec::new("所属区域", CellFormat::Centred),
        ColumnSpec::new("行业主管部门", CellFormat::Centred),
        ColumnSpec::new("阶段", CellFormat::Centred),
        ColumnSpec::new("总投资（万元）", WAN),
        ColumnSpec::new("项目性质", CellFormat::Centred),
        ColumnSpec::new("年度计划投资（万元）", WAN),
        ColumnSpec::new("本月完成投资（万元）", WAN),
        ColumnSpec::new("本年累计完成投资（万元）", WAN),
        ColumnSpec::new("完成率", PERCENT),
        ColumnSpec::new("超（欠）序时进度（百分点）", CellFormat::Centred),
        ColumnSpec::new("亮灯", CellFormat::Centred),
        ColumnSpec::new("手续办结率", PERCENT),
        ColumnSpec::new("填报状态", CellFormat::Centred),
    ]
}

fn project_row(view: &ListRowView) -> RowSpec {
    let row = &view.row;
    let money = |yuan: Option<i64>| yuan.map_or(CellValue::Empty, CellValue::Money);
    let text = |text: &str| CellValue::Text(text.to_owned());
    RowSpec {
        style: RowStyle::Detail,
        level: 0,
        cells: vec![
            CellValue::Empty,
            text(&row.name),
            text(row.code.as_deref().unwrap_or_default()),
            text(&view.unit.name),
            text(view.department.as_deref().unwrap_or_default()),
            text(words::stage(&row.stage)),
            CellValue::Money(row.total_investment),
            text(words::category(row.category.as_deref().unwrap_or_default())),
            money(row.annual_plan),
            money(row.month_investment),
            money(row.year_to_date),
            percent(view.completion),
            CellValue::Text(points(row.gap)),
            text(words::light(view.light.light)),
            percent(view.matters),
            text(words::status(row.status.as_deref().unwrap_or_default())),
        ],
    }
}

fn total_row(projects: i64, money: &[(usize, i64)], completion: RatioView) -> RowSpec {
    let mut cells = vec![CellValue::Empty; 16];
    let mut put = |at: usize, value| {
        if let Some(cell) = cells.get_mut(at) {
            *cell = value;
        }
    };
    put(1, CellValue::Text(format!("合计（{projects}项）")));
    for (at, yuan) in money {
        put(*at, CellValue::Money(*yuan));
    }
    put(11, percent(completion));
    RowSpec {
        style: RowStyle::Total,
        level: 0,
        cells,
    }
}
