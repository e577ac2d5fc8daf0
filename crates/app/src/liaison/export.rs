//! Who answers as workbooks: for which project (包联责任台账), how much each carries (包联负荷), for
//! which chain (产业链责任台账).

use gangmu_domain::liaison::Duty;
use gangmu_domain::organisation::Action;
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, TableSpec};

use super::{
    AssignmentView, ChainView, LiaisonPage, LiaisonQuery, LiaisonRowView, LoadRowView, duty_word,
};
use crate::error::AppError;
use crate::exports::{ExportFile, WAN, each_page, numbered, text, workbook};
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
        let part = |page| {
            let part = LiaisonQuery {
                page,
                per_page: PART,
                ..query.clone()
            };
            async move { self.liaison_page(actor, &part).await }
        };
        let mut rows = Vec::new();
        let keep = |page: LiaisonPage| {
            rows.extend(page.rows);
            page.projects
        };
        each_page(MOST_ROWS, PART, part, keep).await?;
        let day = self.today();
        let table = TableSpec {
            sheet_name: "包联责任台账".to_owned(),
            title: format!("重大项目包联责任台账（{day}）"),
            unit_line: Some("单位：万元".to_owned()),
            columns: columns(),
            rows: numbered(&rows, line),
            frozen_columns: 2,
            ..TableSpec::default()
        };
        workbook(format!("包联责任台账-{day}.xlsx"), vec![table]).await
    }

    /// Exports what each leader carries, or each holder of another duty.
    ///
    /// # Errors
    /// When the actor may not export, or the unit lies outside what may be seen.
    pub async fn export_load(
        &self,
        actor: &Actor,
        unit: Option<&str>,
        duty: Duty,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.leader_load(actor, unit, duty).await?;
        let (word, day) = (duty_word(duty), &view.day);
        let table = TableSpec {
            sheet_name: "包联负荷".to_owned(),
            title: format!("重大项目包联负荷表（{word}，{day}）"),
            unit_line: Some(format!("单位：个、万元；红灯按 {} 月报计", view.period)),
            columns: vec![
                ColumnSpec::new("序号", CellFormat::Centred),
                ColumnSpec::new(word, CellFormat::Text),
                ColumnSpec::new("所属层级单位", CellFormat::Centred),
                ColumnSpec::new("在手项目", CellFormat::Integer),
                ColumnSpec::new("总投资", WAN),
                ColumnSpec::new("红灯项目", CellFormat::Integer),
                ColumnSpec::new("有未销号问题", CellFormat::Integer),
                ColumnSpec::new("产业链和任务", CellFormat::Integer),
            ],
            rows: numbered(&view.rows, carries),
            frozen_columns: 2,
            ..TableSpec::default()
        };
        workbook(format!("包联负荷-{word}-{day}.xlsx"), vec![table]).await
    }

    /// Exports the industrial chains with their projects and who answers for each.
    ///
    /// # Errors
    /// When the actor may not export, or the unit lies outside what may be seen.
    pub async fn export_chains(
        &self,
        actor: &Actor,
        unit: Option<&str>,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.chains(actor, unit).await?;
        let day = &view.day;
        let grouping = view.grouping.as_ref();
        let by = grouping.map_or_else(String::new, |one| format!("；按“{}”划分", one.name));
        let table = TableSpec {
            sheet_name: "产业链责任台账".to_owned(),
            title: format!("产业链责任台账（{day}）"),
            unit_line: Some(format!("单位：个、万元{by}")),
            columns: vec![
                ColumnSpec::new("序号", CellFormat::Centred),
                ColumnSpec::new("产业链", CellFormat::Text),
                ColumnSpec::new("在手项目", CellFormat::Integer),
                ColumnSpec::new("总投资", WAN),
                ColumnSpec::new("红灯项目", CellFormat::Integer),
                ColumnSpec::new("链长", CellFormat::Text),
                ColumnSpec::new("牵头单位", CellFormat::Text),
                ColumnSpec::new("服务专班", CellFormat::Text),
                ColumnSpec::new("其他责任人", CellFormat::Text),
            ],
            rows: numbered(&view.chains, chain),
            frozen_columns: 2,
            ..TableSpec::default()
        };
        workbook(format!("产业链责任台账-{day}.xlsx"), vec![table]).await
    }
}

fn columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("序号", CellFormat::Centred),
        ColumnSpec::new("项目名称", CellFormat::Text),
        ColumnSpec::new("所属区域", CellFormat::Centred),
        ColumnSpec::new("总投资", WAN),
        ColumnSpec::new("包联领导", CellFormat::Text),
        ColumnSpec::new("牵头单位", CellFormat::Text),
        ColumnSpec::new("驻点干部", CellFormat::Text),
        ColumnSpec::new("业主联络人", CellFormat::Text),
        ColumnSpec::new("服务专班", CellFormat::Text),
        ColumnSpec::new("包联起始", CellFormat::Centred),
    ]
}

fn line(row: &LiaisonRowView) -> Vec<CellValue> {
    let names = |duty: Duty| named(held(&row.standing, duty).map(|one| one.holder.official()));
    let since = held(&row.standing, Duty::Leader).map(|one| one.from.clone());
    vec![
        text(&row.project.row.name),
        text(&row.project.unit.name),
        CellValue::Money(row.project.row.total_investment),
        names(Duty::Leader),
        names(Duty::LeadUnit),
        names(Duty::Resident),
        names(Duty::OwnerContact),
        names(Duty::ServiceTeam),
        CellValue::Text(since.min().unwrap_or_default()),
    ]
}

fn carries(row: &LoadRowView) -> Vec<CellValue> {
    vec![
        CellValue::Text(row.holder.official()),
        text(&row.unit.name),
        CellValue::Integer(row.projects),
        CellValue::Money(row.total_investment),
        CellValue::Integer(row.red),
        CellValue::Integer(row.troubled),
        CellValue::Integer(row.charges),
    ]
}

fn chain(row: &ChainView) -> Vec<CellValue> {
    let names = |duty| named(held(&row.standing, duty).map(sided));
    let others = [Duty::Resident, Duty::OwnerContact].into_iter();
    let others = others.flat_map(|duty| {
        let own = held(&row.standing, duty);
        own.map(move |one| format!("{}：{}", duty_word(duty), sided(one)))
    });
    vec![
        text(&row.chain.name),
        CellValue::Integer(row.projects),
        CellValue::Money(row.total_investment),
        CellValue::Integer(row.red),
        names(Duty::Leader),
        names(Duty::LeadUnit),
        names(Duty::ServiceTeam),
        named(others),
    ]
}

fn held(standing: &[AssignmentView], duty: Duty) -> impl Iterator<Item = &AssignmentView> {
    standing.iter().filter(move |one| one.duty == duty.word())
}

/// Who holds a chain, and on whose side: a chain has holders at every level.
fn sided(one: &AssignmentView) -> String {
    let name = one.holder.official();
    match name.contains(&one.unit.name) {
        true => name,
        false => format!("{name}（{}）", one.unit.name),
    }
}

fn named(names: impl Iterator<Item = String>) -> CellValue {
    CellValue::Text(names.collect::<Vec<_>>().join("、"))
}
