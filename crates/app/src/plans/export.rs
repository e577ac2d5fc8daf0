//! A plan as the official table (任务分解表), and who covers what as a table.

use gangmu_domain::organisation::Action;
use gangmu_domain::plans::{Office, PlanId, Task};
use gangmu_exchange::letter::write_table_document;
use gangmu_exchange::write::{
    CellFormat, CellValue, ColumnSpec, Down, RowSpec, RowStyle, TableSpec,
};

use super::cover::{AxisView, CoverView};
use super::view::{IndicatorView, OfficeView, PlanView, TaskView};
use crate::error::AppError;
use crate::exports::{ExportFile, count, detail, text, workbook};
use crate::imports::blocking;
use crate::{Actor, App, Reference};

impl App {
    /// Exports a version of a plan as its table: one row per indicator, tasks without any in one.
    ///
    /// # Errors
    /// When the actor may not export, or the plan may not be seen.
    pub async fn export_plan(
        &self,
        actor: &Actor,
        id: PlanId,
        version: Option<u32>,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.plan_view(actor, id, version).await?;
        let name = format!("{}-{}.xlsx", file_name(&view.row.title), self.today());
        workbook(name, vec![tasks_table(&view, self.today())]).await
    }

    /// Exports the same table as a document that is printed and signed.
    ///
    /// # Errors
    /// When the actor may not export, or the plan may not be seen.
    pub async fn export_plan_document(
        &self,
        actor: &Actor,
        id: PlanId,
        version: Option<u32>,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.plan_view(actor, id, version).await?;
        let name = format!("{}-{}.docx", file_name(&view.row.title), self.today());
        let table = tasks_table(&view, self.today());
        let bytes = blocking(move || write_table_document(&table)).await?;
        Ok(ExportFile {
            name,
            bytes: bytes.into(),
        })
    }

    /// Exports who covers what of a plan: tasks and targets on a sheet each.
    ///
    /// # Errors
    /// When the actor may not export, or the plan may not be seen.
    pub async fn export_plan_cover(
        &self,
        actor: &Actor,
        id: PlanId,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.plan_cover(actor, id).await?;
        let name = format!(
            "{}-承接情况-{}.xlsx",
            file_name(&view.plan.title),
            self.today()
        );
        workbook(name, vec![cover_table(&view), carried_table(&view)]).await
    }
}

/// A title as a file may be called.
pub(crate) fn file_name(title: &str) -> String {
    title
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
            other => other,
        })
        .take(60)
        .collect()
}

pub(crate) fn office(view: &OfficeView) -> String {
    match &view.department {
        Some(department) => format!("{}{}", view.unit.name, department.name),
        None => view.unit.name.clone(),
    }
}

fn offices(all: &[OfficeView]) -> String {
    all.iter().map(office).collect::<Vec<_>>().join("、")
}

/// What heads tasks without a group where others have one.
pub(super) const NO_GROUP: &str = "未分组";

/// Offices as the table names them.
pub(super) fn offices_text(reference: &Reference, all: &[Office]) -> String {
    let views: Vec<OfficeView> = all
        .iter()
        .map(|one| OfficeView::new(reference, one))
        .collect();
    offices(&views)
}

/// What a task's cell says.
pub(super) fn title_text(title: &str, body: &str) -> String {
    match body {
        "" => title.to_owned(),
        body => format!("{title}。{body}"),
    }
}

/// What the first row of a task says of when it is due.
pub(super) fn due_text(task: &Task) -> String {
    let first = task.indicators.first().map_or(task.due, |one| one.due);
    first.to_string()
}

/// The tasks of the plan above as the table names them, by their keys there.
pub(super) fn above_text(tasks: &[Task], keys: &[u32]) -> String {
    let one = |key: &u32| {
        let at = tasks.iter().position(|task| task.key == *key);
        let title = at
            .and_then(|at| tasks.get(at))
            .map_or("", |task| &task.title);
        above_line(at.map_or(0, |at| at + 1), title)
    };
    keys.iter().map(one).collect::<Vec<_>>().join("；")
}

fn above_line(number: usize, title: &str) -> String {
    format!("{number} {title}")
}

fn tasks_table(view: &PlanView, day: jiff::civil::Date) -> TableSpec {
    let mut rows = Vec::new();
    let mut merges = Vec::new();
    let mut group = None;
    for task in &view.tasks {
        let own = task.group.as_ref().map(|one| one.name.clone());
        if own != group {
            let mut cells = vec![CellValue::Empty, text(own.as_deref().unwrap_or(NO_GROUP))];
            cells.resize(columns().len(), CellValue::Empty);
            rows.push(RowSpec {
                style: RowStyle::Group,
                level: 0,
                cells,
            });
            group = own;
        }
        let first = rows.len();
        rows.extend(task_rows(task));
        let last = rows.len() - 1;
        if last > first {
            merges.extend(OF_TASK.map(|column| Down {
                column,
                first,
                last,
            }));
        }
    }
    let version = match &view.version.adopted_on {
        Some(on) => format!("第 {} 版，{on} 印发", view.version.version),
        None => format!("第 {} 版，征求意见稿", view.version.version),
    };
    TableSpec {
        sheet_name: "任务分解表".to_owned(),
        title: format!("{}任务分解表", view.row.title),
        unit_line: Some(format!(
            "{}　{version}　完成值截至 {day}",
            office(&view.row.office)
        )),
        columns: columns(),
        rows,
        merges,
        frozen_columns: 2,
        ..TableSpec::default()
    }
}

/// The columns that say something of the task and not of one indicator; they stand over its rows.
const OF_TASK: [usize; 6] = [0, 1, 2, 9, 10, 11];

fn columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("序号", CellFormat::Centred),
        ColumnSpec::new("任务", CellFormat::Text),
        ColumnSpec::new("成果形式", CellFormat::Text),
        ColumnSpec::new("量化指标", CellFormat::Text),
        ColumnSpec::new("计量单位", CellFormat::Centred),
        ColumnSpec::new("基期值", CellFormat::Centred),
        ColumnSpec::new("目标值", CellFormat::Centred),
        ColumnSpec::new("完成值", CellFormat::Centred),
        ColumnSpec::new("完成时限", CellFormat::Centred),
        ColumnSpec::new("牵头单位", CellFormat::Text),
        ColumnSpec::new("配合单位", CellFormat::Text),
        ColumnSpec::new("承接上级任务", CellFormat::Text),
    ]
}

fn task_rows(task: &TaskView) -> Vec<RowSpec> {
    let row = |at: usize, one: Option<&IndicatorView>| {
        let first = |value: CellValue| if at == 0 { value } else { CellValue::Empty };
        let of = |read: fn(&IndicatorView) -> String| {
            one.map_or(CellValue::Empty, |one| CellValue::Text(read(one)))
        };
        let above = task.takes_over.iter();
        let above: Vec<String> = above
            .map(|one| above_line(one.number, &one.title))
            .collect();
        detail(vec![
            first(CellValue::Text(task.number.to_string())),
            first(CellValue::Text(title_text(&task.title, &task.body))),
            first(text(&task.outcome)),
            of(|one| one.name.clone()),
            of(|one| one.unit.clone()),
            of(|one| one.baseline.clone().unwrap_or_default()),
            of(|one| match one.direction {
                "down" => format!("≤{}", one.target),
                _ => one.target.clone(),
            }),
            of(|one| one.reading.value.clone().unwrap_or_default()),
            one.map_or_else(|| text(&task.due), |one| text(&one.due)),
            first(CellValue::Text(office(&task.lead))),
            first(CellValue::Text(offices(&task.cooperating))),
            first(CellValue::Text(above.join("；"))),
        ])
    };
    match task.indicators.is_empty() {
        true => vec![row(0, None)],
        false => (0..)
            .zip(&task.indicators)
            .map(|(at, one)| row(at, Some(one)))
            .collect(),
    }
}

fn cover_table(view: &CoverView) -> TableSpec {
    let columns = vec![
        ColumnSpec::new("序号", CellFormat::Centred),
        ColumnSpec::new("任务", CellFormat::Text),
        ColumnSpec::new("牵头单位", CellFormat::Text),
        ColumnSpec::new("下级承接任务数", CellFormat::Integer),
        ColumnSpec::new("承接单位", CellFormat::Text),
        ColumnSpec::new("明确不承接", CellFormat::Text),
        ColumnSpec::new("未答复", CellFormat::Text),
        ColumnSpec::new("未印发方案", CellFormat::Text),
    ];
    let rows = view.tasks.iter().map(|task| {
        let of = |cover: &str| {
            let all = task.answers.iter().filter(|one| one.cover == cover);
            let named = all.map(|one| match one.reason.is_empty() {
                true => office(&one.office),
                false => format!("{}（{}）", office(&one.office), one.reason),
            });
            CellValue::Text(named.collect::<Vec<_>>().join("、"))
        };
        detail(vec![
            count(task.number),
            text(&task.title),
            CellValue::Text(office(&task.lead)),
            count(task.tasks_below),
            of("taken"),
            of("left_out"),
            of("missing"),
            CellValue::Text(offices(&task.without_plan)),
        ])
    });
    TableSpec {
        sheet_name: "任务承接".to_owned(),
        title: format!("{}任务承接情况表", view.plan.title),
        unit_line: Some(format!(
            "{} 项任务，下级承接 {} 项",
            view.tasks.len(),
            view.tasks_below
        )),
        columns,
        rows: rows.collect(),
        frozen_columns: 2,
        ..TableSpec::default()
    }
}

fn carried_table(view: &CoverView) -> TableSpec {
    let columns = vec![
        ColumnSpec::new("指标", CellFormat::Text),
        ColumnSpec::new("计量单位", CellFormat::Centred),
        ColumnSpec::new("目标值", CellFormat::Centred),
        ColumnSpec::new("口径", CellFormat::Centred),
        ColumnSpec::new("已分解", CellFormat::Centred),
        ColumnSpec::new("已承接", CellFormat::Centred),
        ColumnSpec::new("缺口", CellFormat::Centred),
        ColumnSpec::new("超出", CellFormat::Centred),
        ColumnSpec::new("重复承接", CellFormat::Text),
        ColumnSpec::new("未承接", CellFormat::Text),
    ];
    let line = |name: &str, unit: &str, target: &str, axis: &AxisView| {
        let twice = axis.claims.iter().filter(|claim| claim.twice);
        let twice: Vec<String> = twice.map(|claim| office(&claim.office)).collect();
        detail(vec![
            text(name),
            text(unit),
            text(target),
            text(match axis.axis {
                "units" => "按地区",
                _ => "按部门",
            }),
            text(&axis.assigned),
            text(&axis.claimed),
            text(&axis.missing),
            text(&axis.beyond),
            CellValue::Text(twice.join("、")),
            CellValue::Text(offices(&axis.silent)),
        ])
    };
    let rows = view.indicators.iter().flat_map(|one| {
        let axes = one.axes.iter();
        axes.map(|axis| line(&one.name, &one.unit, &one.target, axis))
    });
    TableSpec {
        sheet_name: "指标承接".to_owned(),
        title: format!("{}指标承接情况表", view.plan.title),
        columns,
        rows: rows.collect(),
        frozen_columns: 1,
        ..TableSpec::default()
    }
}
