//! What an analysis looks like to a page, the command line, a program.
//!
//! What a reader would get wrong: lengths are in milliseconds as they were measured, around the
//! clock; a log of somebody else knows no working days.

use gangmu_analysis::deadline::Deadlines;
use gangmu_analysis::process::{self, ActivityFigures, DirectlyFollows, Log};
use gangmu_analysis::statistics::{Share, Summary};
use gangmu_exchange::eventlog::LogProblem;
use serde::Serialize;
use utoipa::ToSchema;

use super::map::MapView;

/// What a log teaches.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LogAnalysis {
    /// How many cases.
    pub cases: usize,
    /// How many events with a name and an instant.
    pub events: usize,
    /// Events without a name or an instant, which are in no figure.
    pub events_left_out: usize,
    /// Values that were not what their type says.
    pub values_left_out: usize,
    /// The first of them.
    #[serde(skip)]
    pub problems: Vec<LogProblem>,
    /// From the first to the last event of a case.
    pub duration: Option<LengthView>,
    /// The activities, the most frequent first.
    pub activities: Vec<ActivityView>,
    /// What followed what.
    pub graph: GraphView,
    /// The most frequent of it, drawn.
    pub map: MapView,
    /// The ways cases took, the most frequent first.
    pub variants: Vec<VariantView>,
    /// How the cases stand to their deadlines; none when they have no deadlines.
    pub deadlines: Option<DeadlineView>,
}

/// Lengths, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LengthView {
    /// How many lengths.
    pub count: usize,
    /// The middle one.
    pub median: i64,
    /// The smallest that 80 of 100 do not exceed.
    pub p80: i64,
    /// The longest.
    pub most: i64,
    /// The mean.
    pub mean: i64,
}

impl From<Summary> for LengthView {
    fn from(summary: Summary) -> Self {
        Self {
            count: summary.count,
            median: summary.median,
            p80: summary.p80,
            most: summary.most,
            mean: summary.mean(),
        }
    }
}

/// An activity and its figures.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActivityView {
    /// Its name.
    pub name: String,
    /// How many events.
    pub events: usize,
    /// In how many cases.
    pub cases: usize,
    /// How many cases end with it.
    pub ends: usize,
    /// Since the event before it.
    pub wait: Option<LengthView>,
    /// In how many cases it was done more than once.
    pub rework_cases: usize,
    /// Occurrences beyond the first of their case.
    pub repeats: usize,
    /// Repeats right after itself.
    pub at_once: usize,
    /// From the first to the last occurrence, where it was done more than once.
    pub rework: Option<LengthView>,
}

/// The directly-follows graph.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GraphView {
    /// The steps, the most frequent first.
    pub steps: Vec<StepView>,
    /// Activities that begin cases.
    pub starts: Vec<CountView>,
    /// Activities that end cases.
    pub ends: Vec<CountView>,
    /// Steps whose later event bears an earlier time.
    pub backward: usize,
}

/// One activity right after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepView {
    /// The earlier one.
    pub from: String,
    /// The later one.
    pub to: String,
    /// How often.
    pub count: usize,
    /// How long between them.
    pub gap: LengthView,
}

/// An activity and how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountView {
    /// Its name.
    pub name: String,
    /// How many cases.
    pub count: usize,
}

/// Cases that went the same way.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VariantView {
    /// The activities in order.
    pub activities: Vec<String>,
    /// How many cases.
    pub count: usize,
    /// Of 1000 cases.
    pub per_mille: usize,
    /// How long they took.
    pub duration: LengthView,
}

/// How cases stand to their deadlines.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LogDeadlineView)]
pub struct DeadlineView {
    /// The attribute with the deadline.
    pub deadline: String,
    /// The attribute with the end; none when the last event is the end.
    pub closed_by: Option<String>,
    /// Cases that have not ended.
    pub open: usize,
    /// Cases that have ended.
    pub closed: usize,
    /// Closed cases with a deadline.
    pub with_deadline: usize,
    /// Closed cases that ended after their deadline.
    pub late: usize,
    /// Of 1000 closed cases with a deadline, those that kept it.
    pub on_time_per_mille: Option<usize>,
    /// By how much the late ones were late.
    pub lateness: Option<LengthView>,
    /// Values that are no instant.
    pub unreadable: usize,
}

impl DeadlineView {
    pub(super) fn new(
        deadline: String,
        closed_by: Option<String>,
        found: &Deadlines,
        unreadable: usize,
    ) -> Self {
        Self {
            deadline,
            closed_by,
            open: found.open,
            closed: found.closed,
            with_deadline: found.on_time.whole,
            late: found.late(),
            on_time_per_mille: found.on_time.per_mille(),
            lateness: found.lateness.map(LengthView::from),
            unreadable,
        }
    }
}

pub(super) fn activities(log: &Log, figures: Vec<ActivityFigures>) -> Vec<ActivityView> {
    figures
        .into_iter()
        .map(|figure| ActivityView {
            name: log.name(figure.activity).to_owned(),
            events: figure.n_events,
            cases: figure.n_cases,
            ends: figure.n_ends,
            wait: figure.wait.map(LengthView::from),
            rework_cases: figure.n_rework_cases,
            repeats: figure.n_repeats,
            at_once: figure.n_at_once,
            rework: figure.rework.map(LengthView::from),
        })
        .collect()
}

pub(super) fn graph(log: &Log, graph: &DirectlyFollows) -> GraphView {
    let name = |activity: u32| log.name(activity).to_owned();
    let counts = |ranked: &[(u32, usize)]| {
        let count = |(activity, count): &(u32, usize)| CountView {
            name: name(*activity),
            count: *count,
        };
        ranked.iter().map(count).collect()
    };
    GraphView {
        steps: graph
            .steps
            .iter()
            .map(|step| StepView {
                from: name(step.from),
                to: name(step.to),
                count: step.gap.count,
                gap: step.gap.into(),
            })
            .collect(),
        starts: counts(&graph.starts),
        ends: counts(&graph.ends),
        backward: graph.n_backward,
    }
}

pub(super) fn variants(log: &Log) -> Vec<VariantView> {
    let whole = log.n_cases();
    process::variants(log)
        .into_iter()
        .map(|variant| {
            let trace = log.trace(variant.case).iter();
            let part = variant.count;
            VariantView {
                activities: trace.map(|id| log.name(*id).to_owned()).collect(),
                count: part,
                per_mille: Share { part, whole }.per_mille().unwrap_or_default(),
                duration: variant.duration.into(),
            }
        })
        .collect()
}
