//! The monthly table of supervision (督查情况月报表) as a workbook, and the bulletin as .docx.

use gangmu_domain::Period;
use gangmu_domain::organisation::Action;
use gangmu_domain::plans::PlanId;
use gangmu_exchange::letter::{Letter, LetterTable};
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, RowSpec, RowStyle, TableSpec};

use super::round::{BulletinOffice, BulletinView, ItemRowView, ShareView};
use crate::error::AppError;
use crate::exports::{ExportFile, count, detail, document, official_day, text, workbook};
use crate::plans::{file_name, office_name};
use crate::{Actor, App};

impl App {
    /// Exports a round: its items, the shares of the five states, the offices.
    ///
    /// # Errors
    /// When the actor may not export, or there is no such round.
    pub async fn export_supervision(
        &self,
        actor: &Actor,
        id: PlanId,
        period: Option<Period>,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.supervision_round(actor, id, period).await?;
        let name = format!("{}-督查月报-{}.xlsx", file_name(&view.title), view.period);
        workbook(name, vec![items_table(&view), figures_table(&view)]).await
    }

    /// Writes the bulletin of a round (督查通报).
    ///
    /// # Errors
    /// When the actor may not export, or there is no such round.
    pub async fn supervision_bulletin(
        &self,
        actor: &Actor,
        id: PlanId,
        period: Option<Period>,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.supervision_round(actor, id, period).await?;
        let name = format!("{}-督查通报-{}.docx", file_name(&view.title), view.period);
        document(name, bulletin(&view, self.today())).await
    }
}

/// The five states as supervisors say them.
pub(super) fn state(word: &str) -> &'static str {
    match word {
        "ahead" => "超进度",
        "on_track" => "达进度",
        "behind" => "欠进度",
        "completed" => "已完成",
        _ => "其它",
    }
}

fn reporting(word: &str) -> &'static str {
    match word {
        "missing" => "未报",
        "reported" => "已报",
        "verified" => "已核查",
        "carried" => "前期已完成",
        _ => "未到期",
    }
}

/// `2026-01` as papers print it.
fn month(period: &str) -> String {
    match period.split_once('-') {
        Some((year, month)) => format!("{year}年{}月", month.trim_start_matches('0')),
        None => period.to_owned(),
    }
}

fn dated(view: &BulletinView) -> String {
    match &view.closed_on {
        Some(day) => format!("{day} 印发"),
        None => format!("应报日期 {}，尚未印发", view.due_on),
    }
}

fn items_table(view: &BulletinView) -> TableSpec {
    let row = |one: &ItemRowView| {
        detail(vec![
            count(one.number),
            text(&one.title),
            text(&one.name),
            text(&office_name(&one.office)),
            text(&one.due),
            text(&one.expected),
            text(&one.value),
            text(state(&one.state)),
            text(match (one.overruled, one.unsound) {
                (true, _) => "核查后改定",
                (false, true) => "抽查不符",
                (false, false) => reporting(&one.reporting),
            }),
            match one.late {
                0 => CellValue::Empty,
                late => CellValue::Integer(late),
            },
            text(&one.text),
        ])
    };
    TableSpec {
        sheet_name: "督查月报".to_owned(),
        title: format!("{}督查情况月报表（{}）", view.title, month(&view.period)),
        unit_line: Some(format!("{}　{}", office_name(&view.office), dated(view))),
        columns: vec![
            ColumnSpec::new("序号", CellFormat::Centred),
            ColumnSpec::new("任务", CellFormat::Text),
            ColumnSpec::new("督查事项", CellFormat::Text),
            ColumnSpec::new("牵头单位", CellFormat::Text),
            ColumnSpec::new("完成时限", CellFormat::Centred),
            ColumnSpec::new("应完成", CellFormat::Centred),
            ColumnSpec::new("已完成", CellFormat::Centred),
            ColumnSpec::new("督查状态", CellFormat::Centred),
            ColumnSpec::new("报送情况", CellFormat::Centred),
            ColumnSpec::new("逾期（工作日）", CellFormat::Integer),
            ColumnSpec::new("进展情况", CellFormat::Text),
        ],
        rows: view.lines.iter().map(row).collect(),
        frozen_columns: 2,
        ..TableSpec::default()
    }
}

fn figures_table(view: &BulletinView) -> TableSpec {
    let of_state = |share: &ShareView| {
        detail(vec![
            text(state(share.state)),
            CellValue::Integer(share.count),
            text(&format!("{}%", share.percent)),
            text(if share.fitted { "尾数调整" } else { "" }),
        ])
    };
    let of_office = |one: &BulletinOffice| {
        let mut cells = vec![
            text(&office_name(&one.office)),
            CellValue::Integer(one.items),
            count(one.rank),
            CellValue::Empty,
        ];
        cells.extend(one.counts.iter().map(|n| CellValue::Integer(*n)));
        cells.push(CellValue::Integer(one.missing));
        cells.push(CellValue::Integer(one.late));
        detail(cells)
    };
    let group = |name: &str, at: usize| {
        let mut cells = vec![CellValue::Empty; 11];
        if let Some(cell) = cells.get_mut(at) {
            *cell = text(name);
        }
        RowSpec {
            style: RowStyle::Group,
            level: 0,
            cells,
        }
    };
    let mut rows: Vec<RowSpec> = view.states.iter().map(of_state).collect();
    for row in &mut rows {
        row.cells.resize(11, CellValue::Empty);
    }
    rows.push(group("分单位（数量、位次）", 0));
    rows.extend(view.offices.iter().map(of_office));
    TableSpec {
        sheet_name: "汇总".to_owned(),
        title: format!("{}督查情况汇总表（{}）", view.title, month(&view.period)),
        unit_line: Some(format!(
            "{} 项任务分解为 {} 个具体内容；已报 {}，已核查 {}，未报 {}",
            view.targets, view.items, view.reported, view.verified, view.missing
        )),
        columns: vec![
            ColumnSpec::new("状态／单位", CellFormat::Text),
            ColumnSpec::new("数量", CellFormat::Integer),
            ColumnSpec::new("占比／位次", CellFormat::Centred),
            ColumnSpec::new("说明", CellFormat::Centred),
            ColumnSpec::new("超进度", CellFormat::Integer),
            ColumnSpec::new("达进度", CellFormat::Integer),
            ColumnSpec::new("欠进度", CellFormat::Integer),
            ColumnSpec::new("已完成", CellFormat::Integer),
            ColumnSpec::new("其它", CellFormat::Integer),
            ColumnSpec::new("未报", CellFormat::Integer),
            ColumnSpec::new("迟报", CellFormat::Integer),
        ],
        rows,
        frozen_columns: 1,
        ..TableSpec::default()
    }
}

fn bulletin(view: &BulletinView, today: jiff::civil::Date) -> Letter {
    let shares: Vec<String> = view
        .states
        .iter()
        .map(|one| format!("{}{}项（{}%）", state(one.state), one.count, one.percent))
        .collect();
    let fitted: Vec<&str> = view
        .states
        .iter()
        .filter(|one| one.fitted)
        .map(|one| state(one.state))
        .collect();
    let mut paragraphs = vec![format!(
        "《{}》{}督查情况通报如下：{}项任务分解为{}个具体内容，其中{}。已报{}项，已核查{}项，未报{}项。",
        view.title,
        month(&view.period),
        view.targets,
        view.items,
        shares.join("、"),
        view.reported,
        view.verified,
        view.missing
    )];
    let named = |wanted: &dyn Fn(&ItemRowView) -> bool| -> Vec<String> {
        let lines = view.lines.iter().filter(|one| wanted(one));
        lines
            .map(|one| match one.name.as_str() {
                "" => format!("{}（{}）", one.title, office_name(&one.office)),
                name => format!("{}·{name}（{}）", one.title, office_name(&one.office)),
            })
            .collect()
    };
    let behind = named(&|one| one.state == "behind");
    if !behind.is_empty() {
        paragraphs.push(format!("欠进度事项：{}。", behind.join("；")));
    }
    let missing = named(&|one| one.reporting == "missing");
    if !missing.is_empty() {
        paragraphs.push(format!("未按时报送事项：{}。", missing.join("；")));
    }
    if !fitted.is_empty() {
        paragraphs.push(format!(
            "注：占比按最大余额法取一位小数，合计为100.0%；其中{}的占比作了尾数调整。",
            fitted.join("、")
        ));
    }
    let columns = [
        ("位次", 2),
        ("单位", 7),
        ("事项", 2),
        ("超进度", 3),
        ("达进度", 3),
        ("欠进度", 3),
        ("已完成", 3),
        ("其它", 2),
        ("未报", 2),
    ];
    let row = |one: &BulletinOffice| {
        let mut cells = vec![
            one.rank.to_string(),
            office_name(&one.office),
            one.items.to_string(),
        ];
        cells.extend(one.counts.iter().map(ToString::to_string));
        cells.push(one.missing.to_string());
        cells
    };
    let on = view.closed_on.as_deref().and_then(|day| day.parse().ok());
    Letter {
        heading: format!("{}重点任务督查通报", month(&view.period)),
        number: String::new(),
        addressee: "各承办单位".to_owned(),
        paragraphs,
        table: LetterTable::new(columns, view.offices.iter().map(row).collect()),
        closing: vec!["位次按应达进度事项占比、未报事项数排列，相同者并列。".to_owned()],
        office: format!("{}督查室", view.office.unit.name),
        date: official_day(on.unwrap_or(today)),
    }
}
