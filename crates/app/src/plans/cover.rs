//! Who covers what of a plan (承接情况): its tasks and targets beside the plans that hang under it.

use gangmu_domain::plans::{
    Axis, AxisCover, Cover, Hung, IndicatorCover, Office, PlanId, PlanState, cover_indicators,
    cover_tasks, offices_without_plan,
};
use gangmu_store::plans::{self, PlanFilter, PlanRow};
use serde::Serialize;
use utoipa::ToSchema;

use super::draft::in_force;
use super::may_read;
use super::view::{OfficeView, PlanRowView};
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App, Reference};

/// A plan beside the plans that hang under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanCoverView)]
pub struct CoverView {
    /// The plan.
    pub plan: PlanRowView,
    /// How many plans under it are in force.
    pub plans_below: usize,
    /// Those of them that may be opened.
    pub below: Vec<PlanRowView>,
    /// Offices its tasks charge that have no plan under it.
    pub without_plan: Vec<OfficeView>,
    /// Its tasks.
    pub tasks: Vec<TaskCoverView>,
    /// Tasks that every office they charge has answered.
    pub answered: usize,
    /// Tasks below that take one of its tasks over.
    pub tasks_below: usize,
    /// Its targets.
    pub indicators: Vec<IndicatorCoverView>,
}

/// What became of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaskCoverView {
    /// Its key.
    pub task: u32,
    /// Its place, from 1.
    pub number: usize,
    /// What it is.
    pub title: String,
    /// Who leads.
    pub lead: OfficeView,
    /// Whether an indicator measures it.
    pub measured: bool,
    /// Tasks below that take it over.
    pub tasks_below: usize,
    /// Whether every office it charges has answered.
    pub answered: bool,
    /// The answers.
    pub answers: Vec<OfficeAnswerView>,
    /// Offices it charges that have no plan under this one.
    pub without_plan: Vec<OfficeView>,
}

/// A plan's answer to a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeAnswerView {
    /// The plan.
    pub plan_id: i64,
    /// Whose it is.
    pub office: OfficeView,
    /// Whether the plan may be opened; what it says at length is shown only then.
    pub opens: bool,
    /// taken, `left_out` or missing.
    pub cover: &'static str,
    /// The tasks that take it over: their titles.
    pub tasks: Vec<String>,
    /// Why it is left out.
    pub reason: String,
}

/// What became of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IndicatorCoverView {
    /// Its task's key.
    pub task: u32,
    /// Its key.
    pub indicator: u32,
    /// What it is called.
    pub name: String,
    /// What it is counted in.
    pub unit: String,
    /// What is to be reached.
    pub target: String,
    /// Along units and along departments, where anything is given out or carried.
    pub axes: Vec<AxisView>,
}

/// A target along one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AxisView {
    /// units or departments.
    pub axis: &'static str,
    /// What the plan gives out to offices.
    pub assigned: String,
    /// What plans below carry, what is carried twice counted once.
    pub claimed: String,
    /// The target less that; empty when it is all carried.
    pub missing: String,
    /// What is carried beyond the target; empty when nothing is.
    pub beyond: String,
    /// complete, short, beyond, or share for what does not add up by its nature.
    pub state: &'static str,
    /// Who carries what.
    pub claims: Vec<ClaimView>,
    /// Offices with a part that carry nothing.
    pub silent: Vec<OfficeView>,
}

/// A part of a target that a plan carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClaimView {
    /// The plan.
    pub plan_id: i64,
    /// Whether it may be opened.
    pub opens: bool,
    /// Whose it is.
    pub office: OfficeView,
    /// How much.
    pub amount: String,
    /// The part the plan above gave it; none when it gave none.
    pub given: Option<String>,
    /// Whether somebody else carries it too.
    pub twice: bool,
}

/// More plans than this hang under none.
const MOST: i64 = 1_000;

impl App {
    /// Lays a plan beside all plans that hang under it: its figures are the same for everybody, what
    /// plans say at length only for those who may open them.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it may not be seen or was never in force.
    pub async fn plan_cover(&self, actor: &Actor, id: PlanId) -> Result<CoverView, AppError> {
        let plan = self.plan_seen(actor, id).await?;
        let reference = self.reference().await?;
        let content = in_force(&self.db, Some(id)).await?.or_not_found("plan")?;
        let filter = PlanFilter {
            parent: Some(id),
            state: Some(PlanState::Adopted),
            limit: MOST,
            ..PlanFilter::default()
        };
        let below = plans::plan_list(&self.db, &filter).await?;
        let ids: Vec<PlanId> = below.iter().map(|one| one.id).collect();
        let contents = plans::plan_version_in_force(&self.db, &ids).await?;
        let hung: Vec<Hung<'_>> = below
            .iter()
            .filter_map(|one| {
                Some(Hung {
                    plan: one.id,
                    office: &one.office,
                    content: &contents.get(&one.id)?.content,
                })
            })
            .collect();
        let words = Words {
            actor,
            reference: &reference,
            below: &below,
            hung: &hung,
        };
        let covers = cover_tasks(&content, &plan.office, &hung);
        let numbered = content.tasks.iter().zip(&covers).zip(1..);
        let tasks: Vec<TaskCoverView> = numbered
            .map(|((task, cover), number)| TaskCoverView {
                task: task.key,
                number,
                title: task.title.clone(),
                lead: OfficeView::new(&reference, &task.lead),
                measured: !task.indicators.is_empty(),
                tasks_below: cover.tasks_below(),
                answered: cover.is_answered(),
                answers: cover
                    .answers
                    .iter()
                    .filter_map(|one| words.answer(one.plan, &one.cover))
                    .collect(),
                without_plan: words.offices(&cover.without_plan),
            })
            .collect();
        let carried = cover_indicators(&content, &hung);
        let indicators = carried
            .iter()
            .filter_map(|cover| words.indicator(&content, cover));
        Ok(CoverView {
            without_plan: words.offices(&offices_without_plan(&content, &plan.office, &hung)),
            answered: tasks.iter().filter(|one| one.answered).count(),
            tasks_below: tasks.iter().map(|one| one.tasks_below).sum(),
            indicators: indicators.collect(),
            tasks,
            plans_below: below.len(),
            below: self.plan_rows(&reference, words.opened()).await?,
            plan: self.plan_rows(&reference, vec![plan]).await?.remove(0),
        })
    }
}

struct Words<'a> {
    actor: &'a Actor,
    reference: &'a Reference,
    below: &'a [PlanRow],
    hung: &'a [Hung<'a>],
}

impl Words<'_> {
    fn offices(&self, all: &[Office]) -> Vec<OfficeView> {
        all.iter()
            .map(|one| OfficeView::new(self.reference, one))
            .collect()
    }

    /// The plans that may be opened.
    fn opened(&self) -> Vec<PlanRow> {
        let all = self.below.iter().filter(|row| may_read(self.actor, row));
        all.cloned().collect()
    }

    fn opens(&self, plan: PlanId) -> bool {
        let mut all = self.below.iter();
        all.any(|row| row.id == plan && may_read(self.actor, row))
    }

    fn answer(&self, plan: PlanId, cover: &Cover) -> Option<OfficeAnswerView> {
        let row = self.below.iter().find(|one| one.id == plan)?;
        let content = self.hung.iter().find(|one| one.plan == plan)?.content;
        let title = |key: &u32| Some(content.task(*key)?.title.clone());
        let opens = self.opens(plan);
        let (tasks, reason) = match cover {
            Cover::Taken(keys) if opens => (keys.iter().filter_map(title).collect(), ""),
            Cover::LeftOut(reason) if opens => (Vec::new(), reason.as_str()),
            _ => (Vec::new(), ""),
        };
        Some(OfficeAnswerView {
            plan_id: plan.0,
            office: OfficeView::new(self.reference, &row.office),
            opens,
            cover: match cover {
                Cover::Taken(_) => "taken",
                Cover::LeftOut(_) => "left_out",
                Cover::Missing => "missing",
            },
            tasks,
            reason: reason.to_owned(),
        })
    }

    fn indicator(
        &self,
        content: &gangmu_domain::plans::Content,
        cover: &IndicatorCover,
    ) -> Option<IndicatorCoverView> {
        let (_, one) = content.indicator(cover.indicator)?;
        let axis = |axis: &AxisCover| {
            let state = match axis.missing.0 {
                _ if !one.adds_up() => "share",
                0 => "complete",
                short if short > 0 => "short",
                _ => "beyond",
            };
            let print = |amount| one.unit.print(amount);
            let missing = axis.missing.0;
            let counts = one.adds_up();
            AxisView {
                axis: match axis.axis {
                    Axis::Units => "units",
                    Axis::Departments => "departments",
                },
                assigned: print(axis.assigned),
                claimed: print(axis.claimed),
                missing: match missing > 0 && counts {
                    true => print(axis.missing),
                    false => String::new(),
                },
                beyond: match missing < 0 && counts {
                    true => print(gangmu_domain::plans::Quantity(missing.saturating_neg())),
                    false => String::new(),
                },
                state,
                claims: axis
                    .claims
                    .iter()
                    .map(|claim| ClaimView {
                        plan_id: claim.plan.0,
                        opens: self.opens(claim.plan),
                        office: OfficeView::new(self.reference, &claim.office),
                        amount: print(claim.quantity),
                        given: one
                            .shares
                            .iter()
                            .find(|share| share.office == claim.office)
                            .map(|share| print(share.quantity)),
                        twice: claim.twice,
                    })
                    .collect(),
                silent: self.offices(&axis.silent),
            }
        };
        Some(IndicatorCoverView {
            task: cover.task,
            indicator: one.key,
            name: one.name.clone(),
            unit: one.unit.0.clone(),
            target: one.unit.print(one.target),
            axes: cover.axes.iter().map(axis).collect(),
        })
    }
}
