//! How long matters take as a workbook: the columns of the page, in official order.

use gangmu_domain::organisation::Action;
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, RowSpec, RowStyle, TableSpec};

use super::RecordQuery;
use super::timing::{By, Spread, TimingRow, TimingView};
use crate::error::AppError;
use crate::exports::{ExportFile, workbook};
use crate::{Actor, App};

impl App {
    /// Exports how long matters take, all rows.
    ///
    /// # Errors
    /// When the actor may not export, the unit is not theirs, or a word is not known.
    pub async fn export_timing(
        &self,
        actor: &Actor,
        query: &RecordQuery,
        by: By,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.approval_timing(actor, query, by).await?;
        let (unit, day) = (&view.unit.name, &view.as_of);
        let span = match &view.from {
            Some(from) => format!("{from} 至 {day}"),
            None => format!("截至 {day}"),
        };
        let rows = view
            .rows
            .iter()
            .zip(1..)
            .map(|(row, at)| line(Some(at), row));
        let table = TableSpec {
            sheet_name: "办理时效".to_owned(),
            title: format!("{unit}审批事项办理时效（{}，{span}）", of(by)),
            unit_line: Some("单位：项、工作日".to_owned()),
            columns: columns(),
            rows: std::iter::once(line(None, &view.total))
                .chain(rows)
                .collect(),
            notes: notes(&view),
            frozen_columns: 2,
            paper: gangmu_exchange::write::Paper::A3Landscape,
            ..TableSpec::default()
        };
        let name = format!("{unit}审批办理时效-{}-{day}.xlsx", of(by));
        workbook(name, vec![table]).await
    }
}

const fn of(by: By) -> &'static str {
    match by {
        By::Matter => "分事项",
        By::Department => "分部门",
        By::Unit => "分地区",
        By::Office => "分办理机构",
    }
}

fn columns() -> Vec<ColumnSpec> {
    let number = |header: &str| ColumnSpec::new(header, CellFormat::Integer);
    let text = |header: &str| ColumnSpec::new(header, CellFormat::Text);
    let word = |header: &str| ColumnSpec::new(header, CellFormat::Centred);
    let share = |header: &str| ColumnSpec::new(header, CellFormat::Percent { decimals: 1 });
    vec![
        number("序号"),
        text("事项"),
        word("牵头部门"),
        word("办理地区"),
        number("办结"),
        number("其中不予许可"),
        number("在办"),
        number("在办超期"),
        number("全程▸中位数"),
        number("全程▸P80"),
        number("全程▸最长"),
        number("计时▸中位数"),
        number("计时▸P80"),
        number("等待▸中位数"),
        number("等待▸P80"),
        number("特别程序▸中位数"),
        number("特别程序▸P80"),
        number("申请人▸中位数"),
        number("申请人▸P80"),
        word("承诺时限"),
        share("承诺按期率"),
        word("法定时限"),
        share("法定按期率"),
        share("补正率"),
        number("全国先进▸时限"),
        word("全国先进▸地区"),
        word("全国先进▸是否达到"),
        text("全国先进▸来源"),
    ]
}

fn line(at: Option<i64>, row: &TimingRow) -> RowSpec {
    let text = |text: &str| CellValue::Text(text.to_owned());
    let name = match at {
        None => "合计",
        Some(_) => row.name.as_str(),
    };
    let mut cells = vec![
        at.map_or(CellValue::Empty, CellValue::Integer),
        text(name),
        text(row.department.as_ref().map_or("", |one| one.name.as_str())),
        text(row.unit.as_ref().map_or("", |one| one.name.as_str())),
    ];
    let counts = [row.decided, row.refused, row.open, row.open_late];
    cells.extend(counts.map(number));
    let days = &row.days;
    cells.extend(spread(days.total));
    cells.push(
        days.total
            .map_or(CellValue::Empty, |one| CellValue::Integer(one.most)),
    );
    for part in [days.clock, days.waiting, days.suspended, days.applicant] {
        cells.extend(spread(part));
    }
    cells.extend([
        CellValue::Text(limit(&row.promised_limit)),
        share(row.promised_kept, row.promised_of),
        CellValue::Text(limit(&row.statutory_limit)),
        share(row.statutory_kept, row.statutory_of),
        share(row.returned, row.returned_of),
    ]);
    let best = row.benchmark.as_ref();
    cells.extend([
        best.map_or(CellValue::Empty, |one| CellValue::Integer(one.days.into())),
        text(best.map_or("", |one| one.place.as_str())),
        text(match row.advanced {
            Some(true) => "达到",
            Some(false) => "未达到",
            None => "",
        }),
        CellValue::Text(best.map_or_else(String::new, |one| match one.confirmed {
            true => one.source.clone(),
            false => format!("{}（未见原文）", one.source),
        })),
    ]);
    RowSpec {
        style: match at {
            None => RowStyle::Total,
            Some(_) => RowStyle::Detail,
        },
        level: 0,
        cells,
    }
}

fn spread(spread: Option<Spread>) -> [CellValue; 2] {
    spread.map_or([CellValue::Empty, CellValue::Empty], |one| {
        [one.median, one.p80].map(CellValue::Integer)
    })
}

fn number(n: usize) -> CellValue {
    CellValue::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Hundredths of a percent, rounded half up; nothing of nothing.
fn share(part: usize, whole: usize) -> CellValue {
    let (Ok(part), Ok(whole)) = (i64::try_from(part), i64::try_from(whole)) else {
        return CellValue::Empty;
    };
    match whole {
        0 => CellValue::Empty,
        _ => CellValue::Percent((part * 20_000 + whole) / (2 * whole)),
    }
}

/// A limit such as `working 20` as tables print it.
fn limit(text: &str) -> String {
    match text.split_once(' ') {
        Some(("working", "0")) => "即办".to_owned(),
        Some(("working", days)) => format!("{days}个工作日"),
        Some((_, days)) => format!("{days}日"),
        None => String::new(),
    }
}

fn notes(view: &TimingView) -> Vec<String> {
    let mut notes = vec![
        "全程为收件至决定；计时为受理后计入时限的工作日；等待为在机关内而不计时的工作日；特别程序不计入时限；申请人为补正、补交材料的工作日。".to_owned(),
        "按期率以已办结和已超期的事项为分母：超期未办结的，已计为逾期。P80：80%的事项不超过的工作日。".to_owned(),
    ];
    if view.rows.iter().any(|row| row.benchmark.is_some()) {
        notes.push("全国先进为已公开的最短时限；计时 P80 不超过该时限的，为达到。".to_owned());
    }
    notes
}
