//! The monthly dispatch tables in the official layouts (明细表、汇总表、进度一览表).

use std::collections::HashMap;

use gangmu_domain::Period;
use gangmu_domain::library::Field;
use gangmu_domain::metrics::Edition;
use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_exchange::write::{
    CellFormat, CellValue, ColumnSpec, Paper, RowSpec, RowStyle, TableSpec, round_column,
};
use gangmu_store::dispatch::{self, ReturnRow};
use gangmu_store::library::{self, ListBasis, ListFilter, ListRow, ListSort, Project, SortBy};

use super::list::{by_title, percent, points, rollup_table};
use super::{ExportFile, WAN, words, workbook};
use crate::error::{AppError, OrNotFound};
use crate::liaison::Names;
use crate::library::UnitView;
use crate::metrics::{By, RatioView, RollupQuery};
use crate::{Actor, App, Reference};

/// Which of the monthly tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthlyTable {
    /// Every project with its figures, grouped by unit (明细表).
    Details,
    /// Summed by unit, industry and category, a sheet each (汇总表).
    Summaries,
    /// Every project, month by month (进度一览表).
    Progress,
}

impl MonthlyTable {
    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "details" => Self::Details,
            "summaries" => Self::Summaries,
            "progress" => Self::Progress,
            _ => return None,
        })
    }
}

const PERCENT: CellFormat = CellFormat::Percent { decimals: 1 };
const MOST_ROWS: i64 = 20_000;

impl App {
    /// Exports one of the monthly tables.
    ///
    /// # Errors
    /// When the actor may not export or there is no such period.
    pub async fn export_monthly(
        &self,
        actor: &Actor,
        table: MonthlyTable,
        period: Period,
        unit: Option<&str>,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        dispatch::period_get(&self.db, period)
            .await?
            .or_not_found("period")?;
        match table {
            MonthlyTable::Summaries => self.summaries(actor, period, unit).await,
            MonthlyTable::Details => self.details(actor, period, unit).await,
            MonthlyTable::Progress => self.progress(actor, period, unit).await,
        }
    }

    async fn summaries(
        &self,
        actor: &Actor,
        period: Period,
        unit: Option<&str>,
    ) -> Result<ExportFile, AppError> {
        let mut tables = Vec::new();
        for by in [
            By::Unit,
            By::Industry,
            By::Category,
            By::Investor,
            By::Department,
        ] {
            let query = RollupQuery {
                period: Some(period),
                unit: unit.map(str::to_owned),
                by,
                edition: Edition::Current,
            };
            let rollup = self.rollup(actor, &query).await?;
            tables.push(rollup_table(&rollup, by, by_title(by)));
        }
        workbook(format!("重大项目汇总表-{period}.xlsx"), tables).await
    }

    async fn details(
        &self,
        actor: &Actor,
        period: Period,
        unit: Option<&str>,
    ) -> Result<ExportFile, AppError> {
        let reference = self.reference().await?;
        let (top, rows) = self.rows(actor, period, unit).await?;
        let returns = self.returns(&rows, period).await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.project_id).collect();
        let projects: HashMap<i64, Project> = library::project_list_of(&self.db, &ids)
            .await?
            .into_iter()
            .map(|project| (project.id.0, project))
            .collect();
        let day = period.last_day().min(self.today());
        let held = self.names_in_front(&ids, day).await?;
        let mut specs = grouped(&reference, &top, &rows, |at, row| {
            let id = row.project_id;
            let held = held.get(&id);
            detail_row(at, row, (projects.get(&id), held), returns.get(&id))
        });
        for column in [5, 6, 7, 8, 9, 12] {
            let _ = round_column(&mut specs, column, 10_000);
        }
        let table = TableSpec {
            sheet_name: "明细表".to_owned(),
            title: format!("{}重大项目明细表（{period}）", reference.unit_name(&top)),
            unit_line: Some("单位：万元".to_owned()),
            columns: vec![
                ColumnSpec::new("序号", CellFormat::Centred),
                ColumnSpec::new("项目名称", CellFormat::Text),
                ColumnSpec::new("项目性质", CellFormat::Centred),
                ColumnSpec::new("建设地点", CellFormat::Text),
                ColumnSpec::new("建设内容及规模", CellFormat::Text),
                ColumnSpec::new("总投资", WAN),
                ColumnSpec::new("至上年底累计完成投资", WAN),
                ColumnSpec::new("年度计划投资", WAN),
                ColumnSpec::new("完成情况 ▸ 本月完成投资", WAN),
                ColumnSpec::new("完成情况 ▸ 本年累计完成投资", WAN),
                ColumnSpec::new("完成情况 ▸ 占年计划", PERCENT),
                ColumnSpec::new("完成情况 ▸ 超（欠）序时进度（百分点）", CellFormat::Centred),
                ColumnSpec::new("完成情况 ▸ 开工以来累计", WAN),
                ColumnSpec::new("形象进度", CellFormat::Text),
                ColumnSpec::new("存在问题", CellFormat::Text),
                ColumnSpec::new("项目业主单位", CellFormat::Text),
                ColumnSpec::new("责任单位 ▸ 单位名称", CellFormat::Text),
                ColumnSpec::new("责任单位 ▸ 责任人", CellFormat::Text),
                ColumnSpec::new("包联领导", CellFormat::Text),
            ],
            rows: specs,
            notes: vec!["注：以万元为单位的数据已作配平处理，各项之和等于合计。".to_owned()],
            paper: Paper::A3Landscape,
            frozen_columns: 2,
            ..TableSpec::default()
        };
        workbook(format!("重大项目明细表-{period}.xlsx"), vec![table]).await
    }

    async fn progress(
        &self,
        actor: &Actor,
        period: Period,
        unit: Option<&str>,
    ) -> Result<ExportFile, AppError> {
        let reference = self.reference().await?;
        let (top, rows) = self.rows(actor, period, unit).await?;
        let mut months: Vec<HashMap<i64, ReturnRow>> = Vec::new();
        let mut at = period.january();
        while at <= period {
            months.push(self.returns(&rows, at).await?);
            at = at.next();
        }
        let mut specs = grouped(&reference, &top, &rows, |at, row| {
            progress_row(at, row, &months)
        });
        let mut columns = vec![
            ColumnSpec::new("序号", CellFormat::Centred),
            ColumnSpec::new("项目名称", CellFormat::Text),
            ColumnSpec::new("年度计划投资", WAN),
        ];
        let _ = round_column(&mut specs, 2, 10_000);
        for (at, _) in months.iter().enumerate() {
            let month = at + 1;
            let header =
                |inner: &str| format!("投资情况（万元）以及形象进度 ▸ {month}月 ▸ {inner}");
            columns.push(ColumnSpec::new(&header("当月完成"), WAN));
            columns.push(ColumnSpec::new(&header("累计"), WAN));
            columns.push(ColumnSpec::new(&header("完成比例"), PERCENT));
            let _ = round_column(&mut specs, 3 + at * 3, 10_000);
            let _ = round_column(&mut specs, 4 + at * 3, 10_000);
        }
        columns.push(ColumnSpec::new("形象进度", CellFormat::Text));
        let table = TableSpec {
            sheet_name: "进度一览表".to_owned(),
            title: format!(
                "{}重大项目进度一览表（{period}）",
                reference.unit_name(&top)
            ),
            unit_line: Some("单位：万元".to_owned()),
            columns,
            rows: specs,
            paper: Paper::A3Landscape,
            frozen_columns: 2,
            ..TableSpec::default()
        };
        workbook(format!("重大项目进度一览表-{period}.xlsx"), vec![table]).await
    }

    async fn rows(
        &self,
        actor: &Actor,
        period: Period,
        unit: Option<&str>,
    ) -> Result<(UnitPath, Vec<ListRow>), AppError> {
        let scope = self.scope_in(actor, Action::Export, unit).await?;
        let sort = ListSort {
            by: SortBy::Unit,
            limit: MOST_ROWS,
            ..ListSort::default()
        };
        let basis = ListBasis::Period(period);
        let filter = ListFilter::default();
        let rows = library::project_list(&self.db, &scope, basis, &filter, sort).await?;
        Ok((scope.unit, rows))
    }

    async fn returns(
        &self,
        rows: &[ListRow],
        period: Period,
    ) -> Result<HashMap<i64, ReturnRow>, AppError> {
        let ids: Vec<i64> = rows.iter().map(|row| row.project_id).collect();
        let returns = dispatch::return_list_of(&self.db, &ids, period).await?;
        Ok(returns
            .into_iter()
            .map(|row| (row.project.0, row))
            .collect())
    }
}

/// Details under a row for each unit below the top, and the total of all above.
///
/// Amounts of group and total rows are filled in by the rounding, percentages here.
fn grouped(
    reference: &Reference,
    top: &UnitPath,
    rows: &[ListRow],
    detail: impl Fn(usize, &ListRow) -> RowSpec,
) -> Vec<RowSpec> {
    let mut specs = Vec::with_capacity(rows.len() + 16);
    let mut group: Option<(UnitPath, Vec<RowSpec>)> = None;
    let mut all: Vec<RowSpec> = Vec::new();
    let mut groups = 0;
    let flush = |group: Option<(UnitPath, Vec<RowSpec>)>, specs: &mut Vec<RowSpec>, n: usize| {
        if let Some((unit, details)) = group {
            let name = UnitView::new(reference, &unit).name;
            let label = format!("{}、{name}（{}项）", numeral(n), details.len());
            specs.push(sum_row(RowStyle::Group, &label, &details));
            specs.extend(details);
        }
    };
    for (at, row) in rows.iter().enumerate() {
        let unit = group_of(top, &UnitPath::from_stored(row.unit_path.clone()));
        if group.as_ref().is_none_or(|(current, _)| *current != unit) {
            flush(group.take(), &mut specs, groups);
            groups += 1;
            group = Some((unit, Vec::new()));
        }
        let spec = detail(at + 1, row);
        all.push(spec.clone());
        if let Some((_, details)) = &mut group {
            details.push(spec);
        }
    }
    flush(group, &mut specs, groups);
    let label = format!("合计（{}项）", rows.len());
    specs.insert(0, sum_row(RowStyle::Total, &label, &all));
    specs
}

/// The unit directly below the top that a unit stands in, or the top itself.
fn group_of(top: &UnitPath, unit: &UnitPath) -> UnitPath {
    unit.ancestry()
        .find(|path| path.depth() == top.depth() + 1)
        .unwrap_or_else(|| top.clone())
}

fn sum_row(style: RowStyle, label: &str, details: &[RowSpec]) -> RowSpec {
    let width = details.first().map_or(0, |row| row.cells.len());
    let mut cells: Vec<CellValue> = (0..width)
        .map(|column| {
            let amounts = details
                .iter()
                .filter_map(|row| match row.cells.get(column) {
                    Some(CellValue::Money(amount)) => Some(*amount),
                    _ => None,
                });
            let mut any = false;
            let sum = amounts.fold(0_i64, |sum, amount| {
                any = true;
                sum.saturating_add(amount)
            });
            if any {
                CellValue::Money(sum)
            } else {
                CellValue::Empty
            }
        })
        .collect();
    if let Some(cell) = cells.get_mut(1) {
        *cell = CellValue::Text(label.to_owned());
    }
    fill_rates(&mut cells);
    RowSpec {
        style,
        level: 0,
        cells,
    }
}

/// Rates of sums are rates of the sums, not sums of rates.
fn fill_rates(cells: &mut [CellValue]) {
    let money = |cells: &[CellValue], at: usize| match cells.get(at) {
        Some(CellValue::Money(amount)) => *amount,
        _ => 0,
    };
    // 明细表 has 19 columns with the rate in column 10; 进度一览表 has one every third column.
    let pairs: Vec<(usize, usize, usize)> = if cells.len() == DETAIL_COLUMNS {
        vec![(10, 9, 7)]
    } else {
        (5..cells.len().saturating_sub(1))
            .step_by(3)
            .map(|rate| (rate, rate - 1, 2))
            .collect()
    };
    for (rate, done, plan) in pairs {
        let ratio = RatioView {
            num: money(cells, done),
            den: money(cells, plan),
        };
        if let Some(cell) = cells.get_mut(rate) {
            *cell = percent(ratio);
        }
    }
}

const DETAIL_COLUMNS: usize = 19;

fn detail_row(
    at: usize,
    row: &ListRow,
    (project, held): (Option<&Project>, Option<&Names>),
    filed: Option<&ReturnRow>,
) -> RowSpec {
    let text = |text: &str| CellValue::Text(text.to_owned());
    let field = |field| {
        let in_front = held.and_then(|held| held.get(&field)).map(String::as_str);
        let found = project.and_then(|project| project.record.text(field));
        text(in_front.or(found).unwrap_or_default())
    };
    let position = filed.map(|row| &row.position);
    let before_year = position.map_or(0, |p| (p.since_start - p.year_to_date).0);
    let figures = filed.map(|row| &row.filed.figures);
    let completion = RatioView {
        num: row.year_to_date.unwrap_or(0),
        den: row.annual_plan.unwrap_or(0),
    };
    RowSpec {
        style: RowStyle::Detail,
        level: 0,
        cells: vec![
            CellValue::Integer(i64::try_from(at).unwrap_or(0)),
            text(&row.name),
            text(words::category(row.category.as_deref().unwrap_or_default())),
            field(Field::Site),
            field(Field::Scale),
            CellValue::Money(row.total_investment),
            CellValue::Money(before_year),
            CellValue::Money(row.annual_plan.unwrap_or(0)),
            CellValue::Money(row.month_investment.unwrap_or(0)),
            CellValue::Money(row.year_to_date.unwrap_or(0)),
            percent(completion),
            CellValue::Text(points(row.gap_to_time)),
            CellValue::Money(row.since_start.unwrap_or(0)),
            text(figures.map_or("", |f| &f.image_progress)),
            text(figures.map_or("", |f| &f.problems)),
            text(&row.owner),
            field(Field::DutyUnit),
            field(Field::DutyPerson),
            field(Field::ContactLeaderLeague),
        ],
    }
}

fn progress_row(at: usize, row: &ListRow, months: &[HashMap<i64, ReturnRow>]) -> RowSpec {
    let plan = row.annual_plan.unwrap_or(0);
    let mut cells = vec![
        CellValue::Integer(i64::try_from(at).unwrap_or(0)),
        CellValue::Text(row.name.clone()),
        CellValue::Money(plan),
    ];
    let mut progress = "";
    for month in months {
        let filed = month.get(&row.project_id);
        let done = filed.map_or(0, |r| r.position.year_to_date.0);
        cells.push(CellValue::Money(
            filed.map_or(0, |r| r.position.month.investment.0),
        ));
        cells.push(CellValue::Money(done));
        cells.push(percent(RatioView {
            num: done,
            den: plan,
        }));
        if let Some(text) = filed.map(|r| r.filed.figures.image_progress.as_str()) {
            progress = text;
        }
    }
    cells.push(CellValue::Text(progress.to_owned()));
    RowSpec {
        style: RowStyle::Detail,
        level: 0,
        cells,
    }
}

/// 一、二、… for group rows, as the official tables number them.
fn numeral(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: usize| DIGITS.get(n).copied().unwrap_or_default();
    match (n / 10, n % 10) {
        (0, ones) => digit(ones).to_owned(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens, ones) if tens < 10 => format!("{}十{}", digit(tens), digit(ones)),
        _ => n.to_string(),
    }
}
