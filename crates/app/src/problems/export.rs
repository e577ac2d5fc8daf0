//! The ledger as a workbook, in the columns such ledgers have (问题台账).

use gangmu_domain::organisation::Action;
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, RowSpec, TableSpec};
use gangmu_store::library::{self, Project};

use super::{PartyView, ProblemQuery, ProblemRowView};
use crate::error::AppError;
use crate::exports::{ExportFile, WAN, detail, numbered, short_enough, text, workbook};
use crate::{Actor, App, Reference};

/// Longer ledgers belong into the API.
const MOST_ROWS: i64 = 20_000;

impl App {
    /// Exports the ledger as it stands, all its pages.
    ///
    /// # Errors
    /// When the actor may not export, or the ledger is longer than 20,000 rows.
    pub async fn export_problems(
        &self,
        actor: &Actor,
        query: &ProblemQuery,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let mut filter = self.problem_filter(actor, query).await?;
        let total = gangmu_store::problems::problem_count(&self.db, &filter).await?;
        short_enough(total, MOST_ROWS)?;
        filter.limit = MOST_ROWS;
        let rows = gangmu_store::problems::problem_list(&self.db, &filter).await?;
        let views = self.problem_rows(actor, rows).await?;
        let day = self.today();
        let table = TableSpec {
            sheet_name: "问题台账".to_owned(),
            title: format!("重大项目问题台账（{day}）"),
            unit_line: Some("单位：万元、工作日".to_owned()),
            columns: columns(),
            rows: numbered(&views, line),
            frozen_columns: 2,
            ..TableSpec::default()
        };
        let held = self.problem_held_days(&filter, day).await?;
        let ids: Vec<i64> = held.keys().map(|id| id.0).collect();
        let projects = library::project_list_of(&self.db, &ids).await?;
        let reference = self.reference().await?;
        let projects = projects.iter().map(|project| {
            let days = held.get(&project.id).copied().unwrap_or_default();
            project_line(&reference, project, days)
        });
        let projects = TableSpec {
            sheet_name: "受阻项目".to_owned(),
            title: format!("受阻项目及受阻天数（{day}）"),
            unit_line: Some("单位：万元、工作日；同一天有几个问题的只算一天".to_owned()),
            columns: project_columns(),
            rows: projects.collect(),
            frozen_columns: 1,
            ..TableSpec::default()
        };
        workbook(format!("问题台账-{day}.xlsx"), vec![table, projects]).await
    }
}

fn project_columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("项目名称", CellFormat::Text),
        ColumnSpec::new("所属区域", CellFormat::Centred),
        ColumnSpec::new("总投资", WAN),
        ColumnSpec::new("累计受阻工作日", CellFormat::Integer),
    ]
}

fn project_line(reference: &Reference, project: &Project, days: u32) -> RowSpec {
    detail(vec![
        text(project.name()),
        CellValue::Text(reference.unit_name(&project.unit)),
        CellValue::Money(project.total().0),
        CellValue::Integer(i64::from(days)),
    ])
}

fn columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("序号", CellFormat::Centred),
        ColumnSpec::new("问题", CellFormat::Text),
        ColumnSpec::new("问题编号", CellFormat::Centred),
        ColumnSpec::new("受阻项目", CellFormat::Text),
        ColumnSpec::new("所属区域", CellFormat::Centred),
        ColumnSpec::new("受阻总投资", WAN),
        ColumnSpec::new("类型", CellFormat::Centred),
        ColumnSpec::new("等级", CellFormat::Centred),
        ColumnSpec::new("协调层级", CellFormat::Centred),
        ColumnSpec::new("责任单位", CellFormat::Text),
        ColumnSpec::new("状态", CellFormat::Centred),
        ColumnSpec::new("提出日期", CellFormat::Centred),
        ColumnSpec::new("办理期限", CellFormat::Centred),
        ColumnSpec::new("销号日期", CellFormat::Centred),
        ColumnSpec::new("已历工作日", CellFormat::Integer),
        ColumnSpec::new("亮灯", CellFormat::Centred),
    ]
}

fn line(view: &ProblemRowView) -> Vec<CellValue> {
    let mut units: Vec<&str> = view.held.iter().map(|one| one.unit.name.as_str()).collect();
    units.dedup();
    let names: Vec<&str> = view
        .held
        .iter()
        .map(|one| one.project_name.as_str())
        .collect();
    vec![
        text(&view.title),
        CellValue::Integer(view.problem_id),
        CellValue::Text(names.join("、")),
        CellValue::Text(units.join("、")),
        CellValue::Money(view.investment),
        text(&view.kind.name),
        text(view.grade.as_ref().map_or("", |one| one.name.as_str())),
        CellValue::Text(format!("{}·{}", view.seat.unit.name, view.seat.level.name)),
        CellValue::Text(
            view.party
                .as_ref()
                .map_or_else(String::new, PartyView::official),
        ),
        text(phase(&view.phase)),
        text(&view.raised_on),
        text(view.due_on.as_deref().unwrap_or_default()),
        text(view.ended_on.as_deref().unwrap_or_default()),
        CellValue::Integer(i64::from(view.days)),
        text(light(&view.light)),
    ]
}

/// Where a problem stands, as ledgers say it.
pub(crate) fn phase(word: &str) -> &'static str {
    match word {
        "raised" => "待受理",
        "accepted" => "待交办",
        "handed_over" => "办理中",
        "answered" => "待核验",
        "verified" => "待销号",
        "waiting" => "等待政策",
        "struck_off" => "已销号",
        "declined" => "不予受理",
        "closed" => "已终止",
        _ => "",
    }
}

fn light(word: &str) -> &'static str {
    match word {
        "red" => "红灯",
        "yellow" => "黄灯",
        "green" => "绿灯",
        "paused" => "暂停",
        _ => "",
    }
}
