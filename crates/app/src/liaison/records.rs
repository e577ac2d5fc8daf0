//! What visits and meetings left as workbooks: the visits to all projects (调研记录), and what was
//! agreed (议定事项台账).
//!
//! What a reader would get wrong: a visit stays as it was recorded, but where the things agreed stand is
//! read on the day of the workbook.

use std::collections::HashMap;

use gangmu_domain::Period;
use gangmu_domain::liaison::{Kept, VisitKind};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_domain::problems::Origin;
use gangmu_exchange::write::{CellFormat, CellValue, ColumnSpec, TableSpec};
use gangmu_store::liaison::{self as rows, MadeAt, ResolutionFilter, VisitFilter, VisitRow};
use gangmu_store::library::{self, Project};
use gangmu_store::problems;
use jiff::civil::Date;

use super::{ResolutionPart, ResolutionView};
use crate::error::AppError;
use crate::exports::{ExportFile, count, numbered, short_enough, text, workbook};
use crate::problems::{PartyView, phase};
use crate::{Actor, App, Reference};

/// Longer lists belong into the API.
const MOST_ROWS: i64 = 20_000;
/// So many visits are asked after at a time.
const PART: usize = 500;

/// Which visits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitQuery {
    /// Only projects of this unit or below: its code.
    pub unit: Option<String>,
    /// Only from this day.
    pub from: Option<Date>,
    /// Only until this day.
    pub until: Option<Date>,
}

impl VisitQuery {
    /// The visits of a month.
    #[must_use]
    pub fn of_month(period: Period) -> Self {
        Self {
            unit: None,
            from: Some(period.first_day()),
            until: Some(period.last_day()),
        }
    }
}

/// A visit with what came of it, in words.
struct Line<'a> {
    row: &'a VisitRow,
    project: Option<&'a Project>,
    unit: String,
    who: String,
    problems: Vec<String>,
    instructions: Vec<String>,
}

impl App {
    /// Exports the visits to the projects that may be seen, newest first.
    ///
    /// # Errors
    /// When the actor may not export, the unit lies outside what may be seen, or there are more than
    /// 20,000.
    pub async fn export_visits(
        &self,
        actor: &Actor,
        query: &VisitQuery,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let unit = query.unit.as_deref();
        let filter = VisitFilter {
            scope: Some(self.scope_in(actor, Action::Read, unit).await?),
            from: query.from,
            until: query.until,
            limit: MOST_ROWS,
            ..VisitFilter::default()
        };
        short_enough(rows::visit_count(&self.db, &filter).await?, MOST_ROWS)?;
        let visits = rows::visit_list(&self.db, &filter).await?;
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let (raised, told) = self.come_of(&reference, &visits).await?;
        let mut ids: Vec<i64> = visits.iter().map(|row| row.project.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let projects = library::project_list_of(&self.db, &ids).await?;
        let by_id: HashMap<ProjectId, &Project> =
            projects.iter().map(|one| (one.id, one)).collect();
        let line = |row| {
            let visit: &VisitRow = row;
            let project = by_id.get(&visit.project).copied();
            Line {
                row: visit,
                project,
                unit: project.map_or_else(String::new, |one| reference.unit_name(&one.unit)),
                who: users.get(&visit.user).cloned().unwrap_or_default(),
                problems: raised.get(&visit.id).cloned().unwrap_or_default(),
                instructions: told.get(&visit.id).cloned().unwrap_or_default(),
            }
        };
        let lines: Vec<Line> = visits.iter().map(line).collect();
        let day = self.today();
        let until = query.until.unwrap_or(day);
        let span = match query.from {
            Some(from) => format!("{from}至{until}"),
            None => format!("截至{until}"),
        };
        let table = TableSpec {
            sheet_name: "调研记录".to_owned(),
            title: format!("重大项目调研和现场调度记录（{span}）"),
            columns: visit_columns(),
            rows: numbered(&lines, visit_line),
            frozen_columns: 4,
            ..TableSpec::default()
        };
        workbook(format!("调研记录-{span}.xlsx"), vec![table]).await
    }

    /// The problems and the instructions that came of visits, by visit.
    async fn come_of(
        &self,
        reference: &Reference,
        visits: &[VisitRow],
    ) -> Result<(HashMap<i64, Vec<String>>, HashMap<i64, Vec<String>>), AppError> {
        let (mut raised, mut told) = (HashMap::new(), HashMap::new());
        let add = |to: &mut HashMap<i64, Vec<String>>, visit, text| {
            to.entry(visit).or_default().push(text);
        };
        for part in visits.chunks(PART) {
            let origins: Vec<Origin> = part.iter().map(|row| Origin::Visit(row.id)).collect();
            for problem in problems::problem_list_from(&self.db, &origins).await? {
                if let Origin::Visit(id) = problem.origin {
                    add(
                        &mut raised,
                        id,
                        format!("{}（问题 {}）", problem.title, problem.id),
                    );
                }
            }
            let filter = ResolutionFilter {
                made_at: Some(part.iter().map(|row| MadeAt::Visit(row.id)).collect()),
                limit: i64::MAX,
                ..ResolutionFilter::default()
            };
            for one in rows::resolution_list(&self.db, &filter).await? {
                if let MadeAt::Visit(id) = one.made_at {
                    let party = PartyView::new(reference, &one.party).official();
                    add(
                        &mut told,
                        id,
                        format!("{}（{party}，{}）", one.body, one.due),
                    );
                }
            }
        }
        Ok((raised, told))
    }

    /// Exports what was agreed at visits and in meetings, the most urgent first.
    ///
    /// # Errors
    /// When the actor may not export, or there is more than 20,000 of it.
    pub async fn export_resolutions(
        &self,
        actor: &Actor,
        part: ResolutionPart,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let mut filter = self.resolution_filter(actor, part)?;
        short_enough(rows::resolution_count(&self.db, &filter).await?, MOST_ROWS)?;
        filter.limit = MOST_ROWS;
        let views = self.resolution_views(&self.db, actor, &filter).await?;
        let day = self.today();
        let unkept = views.iter().filter(|one| one.unkept).count();
        let table = TableSpec {
            sheet_name: "议定事项台账".to_owned(),
            title: format!("重大项目议定事项台账（{day}）"),
            unit_line: Some(format!("共 {} 项，逾期 {unkept} 项", views.len())),
            columns: resolution_columns(),
            rows: numbered(&views, resolution_line),
            frozen_columns: 2,
            ..TableSpec::default()
        };
        workbook(format!("议定事项台账-{day}.xlsx"), vec![table]).await
    }
}

/// What a visit is called in tables and records.
pub(super) const fn kind(kind: VisitKind) -> &'static str {
    match kind {
        VisitKind::Note => "随手记",
        VisitKind::Visit => "调研走访",
        VisitKind::OnSite => "现场调度",
    }
}

fn visit_columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("序号", CellFormat::Centred),
        ColumnSpec::new("日期", CellFormat::Centred),
        ColumnSpec::new("方式", CellFormat::Centred),
        ColumnSpec::new("项目名称", CellFormat::Text),
        ColumnSpec::new("所属区域", CellFormat::Centred),
        ColumnSpec::new("地点", CellFormat::Text),
        ColumnSpec::new("参加人员", CellFormat::Text),
        ColumnSpec::new("记录", CellFormat::Text),
        ColumnSpec::new("发现的问题", CellFormat::Text),
        ColumnSpec::new("交办事项（责任单位，期限）", CellFormat::Text),
        ColumnSpec::new("照片（张）", CellFormat::Integer),
        ColumnSpec::new("记录人", CellFormat::Text),
    ]
}

fn visit_line(line: &Line) -> Vec<CellValue> {
    let says = &line.row.says;
    vec![
        CellValue::Text(says.on.to_string()),
        text(kind(says.kind)),
        text(line.project.map_or("", Project::name)),
        text(&line.unit),
        text(&says.place),
        text(&says.attendees),
        text(&says.body),
        CellValue::Text(line.problems.join("；")),
        CellValue::Text(line.instructions.join("；")),
        count(line.row.photos.len()),
        text(&line.who),
    ]
}

fn resolution_columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("序号", CellFormat::Centred),
        ColumnSpec::new("议定事项", CellFormat::Text),
        ColumnSpec::new("编号", CellFormat::Centred),
        ColumnSpec::new("项目名称", CellFormat::Text),
        ColumnSpec::new("来源", CellFormat::Centred),
        ColumnSpec::new("议定日期", CellFormat::Centred),
        ColumnSpec::new("责任单位", CellFormat::Text),
        ColumnSpec::new("完成期限", CellFormat::Centred),
        ColumnSpec::new("落实情况", CellFormat::Centred),
        ColumnSpec::new("是否逾期", CellFormat::Centred),
        ColumnSpec::new("转为", CellFormat::Text),
        ColumnSpec::new("反馈", CellFormat::Text),
        ColumnSpec::new("反馈日期", CellFormat::Centred),
        ColumnSpec::new("办结日期", CellFormat::Centred),
        ColumnSpec::new("意见", CellFormat::Text),
    ]
}

fn resolution_line(view: &ResolutionView) -> Vec<CellValue> {
    let bound = match (view.problem_id, &view.matter) {
        (Some(id), _) => format!("问题 {id}（{}）", phase(view.bound_phase)),
        (None, Some(matter)) => format!("审批事项 {} {}", matter.code, matter.name),
        (None, None) => String::new(),
    };
    vec![
        text(&view.body),
        CellValue::Integer(view.resolution_id),
        text(&view.project_name),
        text(match view.origin {
            "meeting" => "调度会",
            _ => "走访",
        }),
        text(&view.made_on),
        CellValue::Text(view.party.official()),
        text(&view.due_on),
        text(match Kept::from_word(view.stands) {
            Some(Kept::Open) | None => "待落实",
            Some(Kept::Reported) => "待确认",
            Some(Kept::Done) => "已落实",
            Some(Kept::Dropped) => "已撤销",
        }),
        text(if view.unkept { "逾期" } else { "" }),
        CellValue::Text(bound),
        text(&view.report),
        text(view.reported_on.as_deref().unwrap_or_default()),
        text(view.ended_on.as_deref().unwrap_or_default()),
        text(&view.remark),
    ]
}
