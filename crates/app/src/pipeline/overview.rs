//! The pipeline at a glance: what stands in each stage, what moved, what has waited too long, and
//! what must start to reach the next quarter's target.

use gangmu_domain::Period;
use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_domain::pipeline::Stage;
use gangmu_store::pipeline;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::{Actor, App};

/// One stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct StageView {
    /// The stage's word.
    pub stage: &'static str,
    /// Projects in it.
    pub projects: i64,
    /// Their total investment, yuan.
    pub total_investment: i64,
    /// Of these, suspended.
    pub suspended: i64,
    /// Of these, in the stage for more than half a year.
    pub half_year: i64,
    /// Of these, in the stage for more than a year.
    pub full_year: i64,
}

/// Projects that went from one stage to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlowView {
    /// The stage they left; empty when they were entered.
    pub from_stage: String,
    /// The stage they went to.
    pub to_stage: String,
    /// How many.
    pub projects: i64,
    /// Their total investment, yuan.
    pub total_investment: i64,
}

/// A project that should start and has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ToStartView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: UnitView,
    /// Its stage's word.
    pub stage: String,
    /// Total investment, yuan.
    pub total_investment: i64,
    /// The day it should start.
    pub planned_start_on: String,
    /// Whether that day has passed.
    pub overdue: bool,
}

/// The pipeline of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PipelineView {
    /// The unit.
    pub unit: UnitView,
    /// The day it was true.
    pub on: String,
    /// The five stages in order.
    pub stages: Vec<StageView>,
    /// Projects that have left, by how.
    pub left: Vec<StageView>,
    /// The first day of the span of the flow.
    pub flow_from: String,
    /// The flow between stages.
    pub flow: Vec<FlowView>,
    /// The last day of the quarter looked ahead to.
    pub quarter_end: String,
    /// The first of what must start by then, soonest first.
    pub to_start: Vec<ToStartView>,
    /// All of what must start by then, however many are shown.
    pub to_start_total: ToStartTotalView,
    /// What the year's list asks to have started by then.
    pub target: StartTargetView,
}

/// All projects that should start and have not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ToStartTotalView {
    /// How many.
    pub projects: i64,
    /// Their total investment, yuan.
    pub total_investment: i64,
    /// Of these, past the day they should have started.
    pub overdue: i64,
}

/// The target of new starts at the end of a quarter (应开工), by the year's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StartTargetView {
    /// The year of the list.
    pub year: i16,
    /// New starts due by then.
    pub due: i64,
    /// Of these, being built or completed already.
    pub started: i64,
    /// Of these, what must start to reach the target.
    pub missing: i64,
    /// The annual plan of the missing ones, yuan.
    pub missing_plan: i64,
    /// The total investment of the missing ones, yuan.
    pub missing_total: i64,
}

impl App {
    /// Shows the pipeline of a unit; the flow is counted from the day after `from` to today.
    ///
    /// # Errors
    /// When nothing may be read or the unit is outside the scope.
    pub async fn pipeline_view(
        &self,
        actor: &Actor,
        unit: Option<&str>,
        from: Option<Date>,
    ) -> Result<PipelineView, AppError> {
        let reference = self.reference().await?;
        let scope = self.scope_in(actor, Action::Read, unit).await?;
        let today = self.today();
        let ago = |months: i32| today.checked_sub(months.months()).unwrap_or(today);
        let from = from.unwrap_or(ago(3));
        let quarter_end = next_quarter_end(today).or_not_found("period")?;
        let counts = pipeline::stage_counts(&self.db, &scope, ago(6), ago(12)).await?;
        let stage = |stage: &Stage| {
            let mut view = StageView {
                stage: stage.word(),
                ..StageView::default()
            };
            for count in counts.iter().filter(|count| count.stage == stage.word()) {
                view.projects += count.projects;
                view.total_investment += count.total_investment;
                view.half_year += count.older;
                view.full_year += count.oldest;
                view.suspended += count.projects * count.suspended;
            }
            view
        };
        let flow = pipeline::stage_flow(&self.db, &scope, from, today).await?;
        let to_start = pipeline::to_start_list(&self.db, &scope, quarter_end, 200).await?;
        let all = pipeline::to_start_total(&self.db, &scope, quarter_end, today).await?;
        let target = pipeline::start_target(&self.db, &scope, quarter_end).await?;
        let day = today.to_string();
        Ok(PipelineView {
            unit: UnitView::new(&reference, &scope.unit),
            stages: Stage::ACTIVE.iter().map(stage).collect(),
            left: Stage::ALL
                .iter()
                .filter(|s| !s.is_active())
                .map(stage)
                .filter(|view| view.projects > 0)
                .collect(),
            flow_from: from.to_string(),
            flow: flow
                .into_iter()
                .map(|f| FlowView {
                    from_stage: f.from_stage,
                    to_stage: f.to_stage,
                    projects: f.projects,
                    total_investment: f.total_investment,
                })
                .collect(),
            quarter_end: quarter_end.to_string(),
            to_start: to_start
                .into_iter()
                .map(|row| ToStartView {
                    project_id: row.project_id,
                    name: row.name,
                    unit: UnitView::new(&reference, &UnitPath::from_stored(row.unit_path)),
                    stage: row.stage,
                    total_investment: row.total_investment,
                    overdue: row.planned_start_on < day,
                    planned_start_on: row.planned_start_on,
                })
                .collect(),
            to_start_total: ToStartTotalView {
                projects: all.projects,
                total_investment: all.total_investment,
                overdue: all.overdue,
            },
            target: StartTargetView {
                year: quarter_end.year(),
                due: target.due,
                started: target.due - target.missing,
                missing: target.missing,
                missing_plan: target.missing_plan,
                missing_total: target.missing_total,
            },
            on: day,
        })
    }
}

/// Returns the last day of the quarter after the one a day falls in.
fn next_quarter_end(day: Date) -> Option<Date> {
    let quarter = (day.month() - 1) / 3;
    let (year, month) = if quarter == 3 {
        (day.year() + 1, 3)
    } else {
        (day.year(), quarter * 3 + 6)
    };
    Period::new(year, month).map(Period::last_day)
}
