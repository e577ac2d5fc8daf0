//! What is shown of plans: plain views that serialise. Amounts are printed in the indicator's own
//! unit, as texts, because a number without its unit says nothing here.

use gangmu_domain::plans::{Office, Quantity, UnitOfMeasure};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Reference;
use crate::approvals::DepartmentView;
use crate::library::UnitView;
use crate::metrics::RatioView;
use crate::problems::NamedView;

/// An office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanOfficeView)]
pub struct OfficeView {
    /// The unit.
    pub unit: UnitView,
    /// The department; none for the unit as a whole.
    pub department: Option<DepartmentView>,
}

impl OfficeView {
    pub(crate) fn new(reference: &Reference, office: &Office) -> Self {
        Self {
            unit: UnitView::new(reference, &office.unit),
            department: office
                .department
                .map(|id| DepartmentView::new(reference, &office.unit, id)),
        }
    }
}

/// A plan as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanRowView {
    /// Its number.
    pub plan_id: i64,
    /// Its edit, which the next change names.
    pub edit: i64,
    /// implementation, work or annual.
    pub kind: &'static str,
    /// Whose it is.
    pub office: OfficeView,
    /// What it is called.
    pub title: String,
    /// The first day of its time.
    pub from: String,
    /// The last day of its time.
    pub until: String,
    /// draft, adopted or withdrawn.
    pub state: &'static str,
    /// The version in force; zero before the first.
    pub version: u32,
    /// Whether the next version is being written.
    pub draft: bool,
    /// The plan it hangs under.
    pub parent: Option<i64>,
    /// Tasks of the version in force, or of the draft before there is one.
    pub tasks: usize,
    /// Their indicators.
    pub indicators: usize,
}

/// A version in the list of versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanVersionRowView)]
pub struct VersionView {
    /// Counts from 1.
    pub version: u32,
    /// The day it was adopted; none while it is written.
    pub adopted_on: Option<String>,
    /// The number of the document.
    pub document_no: String,
    /// Why it differs from the one before.
    pub reason: String,
    /// Who adopted it, or wrote in it last.
    pub who: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// How many tasks it has.
    pub tasks: usize,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanView {
    /// As lists show it.
    pub row: PlanRowView,
    /// The plan it hangs under, as far as it may be read.
    pub above: Option<PlanRowView>,
    /// What is shown: the number of the version.
    pub version: VersionView,
    /// Whether that is a draft.
    pub is_draft: bool,
    /// How much of it is done, its indicators weighed by their points.
    pub completion: CompletionView,
    /// The tasks.
    pub tasks: Vec<TaskView>,
    /// Its tasks that no indicator measures.
    pub unmeasured: Vec<LeftOutView>,
    /// Tasks of the plan above that are not taken over.
    pub left_out: Vec<LeftOutView>,
    /// Tasks of the plan above that charge this office and are not answered yet.
    pub unanswered: Vec<LeftOutView>,
    /// Plans that hang under it.
    pub below: Vec<PlanRowView>,
    /// All its versions, newest first.
    pub versions: Vec<VersionView>,
    /// What stands against adopting the draft that is shown.
    pub flaws: Vec<FlawView>,
    /// Whether the person may write it.
    pub may_write: bool,
}

/// How much is done, by points of weight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanCompletionView)]
pub struct CompletionView {
    /// Points reached over points there are; none where no indicator has points, or one is made of
    /// figures the person may not see.
    pub rate: Option<RatioView>,
    /// Points there are.
    pub points: i64,
    /// Indicators that have points.
    pub indicators: usize,
    /// Of them, those without a value yet; they count as nothing done.
    pub unknown: usize,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanTaskView)]
pub struct TaskView {
    /// Its key.
    pub key: u32,
    /// Its place, from 1.
    pub number: usize,
    /// What it is grouped under; none for nothing.
    pub group: Option<NamedView>,
    /// What is to be done.
    pub title: String,
    /// At length.
    pub body: String,
    /// What there will be to show for it.
    pub outcome: String,
    /// Who leads.
    pub lead: OfficeView,
    /// Who helps.
    pub cooperating: Vec<OfficeView>,
    /// By when.
    pub due: String,
    /// How much of it is done.
    pub completion: CompletionView,
    /// The tasks of the plan above it takes over.
    pub takes_over: Vec<LeftOutView>,
    /// What it is measured by.
    pub indicators: Vec<IndicatorView>,
}

/// A task as it is pointed to, mostly one of the plan above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOutView {
    /// Its key.
    pub task: u32,
    /// Its place, from 1; zero when it is gone.
    pub number: usize,
    /// What it is.
    pub title: String,
    /// Why it is left out; empty where it is not.
    pub reason: String,
}

/// An indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanIndicatorView)]
pub struct IndicatorView {
    /// Its key.
    pub key: u32,
    /// What it is called.
    pub name: String,
    /// What it is counted in.
    pub unit: String,
    /// What it stood at.
    pub baseline: Option<String>,
    /// What is to be reached.
    pub target: String,
    /// By when.
    pub due: String,
    /// up or down.
    pub direction: &'static str,
    /// Points.
    pub weight: u32,
    /// Where its value comes from.
    pub source: SourceView,
    /// The indicator of the plan above it carries a part of: its key there.
    pub carries: Option<u32>,
    /// What that is called.
    pub carries_name: String,
    /// The target by office.
    pub shares: Vec<ShareView>,
    /// The target by month.
    pub steps: Vec<StepTargetView>,
    /// What it stands at.
    pub reading: ReadingView,
}

/// Where a value comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanSourceView)]
pub struct SourceView {
    /// linked, derived or reported.
    pub kind: &'static str,
    /// The metric's word.
    pub metric: String,
    /// The unit it is taken of.
    pub unit: Option<UnitView>,
    /// The department; none for all.
    pub department: Option<DepartmentView>,
    /// industry, category, investor, stage; empty for nothing.
    pub cut: String,
    /// The member along the cut.
    pub member: String,
    /// The formula.
    pub formula: String,
}

/// An office's part of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanShareView)]
pub struct ShareView {
    /// Whose.
    pub office: OfficeView,
    /// How much, in the indicator's unit.
    pub amount: String,
}

/// What is to be reached by the end of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepTargetView {
    /// The month.
    pub period: String,
    /// How much, in the indicator's unit.
    pub amount: String,
}

/// What an indicator stands at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanReadingView)]
pub struct ReadingView {
    /// The value in the indicator's unit; none when there is none.
    pub value: Option<String>,
    /// Why there is none: nothing, gone, hidden, `not_workable`; empty when there is one.
    pub blank: &'static str,
    /// The day it was true.
    pub on: String,
    /// The month it belongs to, where it comes from the dispatch.
    pub period: Option<String>,
    /// The value over the target.
    pub done: Option<RatioView>,
    /// How much of the target it is, whichever way is better, never more than all of it.
    pub completion: Option<RatioView>,
    /// What should be reached by that day.
    pub expected: Option<String>,
    /// reached, ahead or behind what should be reached; empty without a value.
    pub standing: &'static str,
    /// Where it will be on the day it is due.
    pub forecast: Option<String>,
    /// How that was told: season, pace, level, reached; empty without a forecast.
    pub method: &'static str,
    /// Whether the forecast reaches the target.
    pub will_reach: Option<bool>,
    /// Values at the end of months, oldest first.
    pub course: Vec<PointView>,
    /// What was handed in, the newest first.
    pub handed_in: Vec<ValueView>,
}

/// A value at the end of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PointView {
    /// The month.
    pub period: String,
    /// The value.
    pub value: String,
}

/// A value that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanValueView)]
pub struct ValueView {
    /// Counts the values of the indicator.
    pub seq: i64,
    /// The day it was true.
    pub on: String,
    /// The value.
    pub value: String,
    /// What proves it, in words; may be empty where files do.
    pub evidence: String,
    /// Files that prove it.
    pub files: Vec<EvidenceView>,
    /// Who.
    pub who: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// A file that proves a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanEvidenceView)]
pub struct EvidenceView {
    /// Counts the files of the value.
    pub seq: i64,
    /// Its name.
    pub file_name: String,
    /// What it is.
    pub media_type: String,
    /// In bytes.
    pub size: i64,
}

/// What stands against adopting a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlawView {
    /// The task's key; zero for the plan as a whole.
    pub task: u32,
    /// The indicator's key; zero for the task as a whole.
    pub indicator: u32,
    /// Where, in words.
    pub place: String,
    /// The code its text stands under.
    pub code: &'static str,
    /// The values its text names.
    pub params: Vec<String>,
}

/// One difference between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparedView {
    /// added, removed or changed.
    pub kind: &'static str,
    /// The task's key.
    pub task: u32,
    /// The task's title.
    pub title: String,
    /// The indicator's name; empty for the task itself.
    pub indicator: String,
    /// The field's word; empty for the whole.
    pub field: &'static str,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
    /// Where the value came from before, for the field `source`.
    pub source_before: Option<SourceView>,
    /// Where it comes from, for the field `source`.
    pub source_after: Option<SourceView>,
}

/// A task that charges one's own office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DutyView {
    /// The plan.
    pub plan_id: i64,
    /// What it is called.
    pub plan_title: String,
    /// The task's key.
    pub task: u32,
    /// What it is.
    pub title: String,
    /// Whose.
    pub office: OfficeView,
    /// Whether the office leads.
    pub leads: bool,
    /// By when.
    pub due: String,
    /// done, open, or hidden where it is measured by figures the person may not see.
    pub standing: &'static str,
}

/// Prints an amount with its unit.
pub(super) fn printed(unit: &UnitOfMeasure, quantity: Quantity) -> String {
    format!("{} {}", unit.print(quantity), unit.0)
}
