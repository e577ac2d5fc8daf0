//! What somebody's event log says: read, counted, compared with its deadlines.
//!
//! What a reader would get wrong: nothing is stored. A log is analysed where it is handed in, and
//! forgotten; it is not this region's record.

mod convert;
mod error;
mod map;
mod read;
mod view;

#[cfg(test)]
mod tests;

use bytes::Bytes;
use gangmu_analysis::{deadline, process};
use gangmu_domain::organisation::Action;
use gangmu_exchange::Limits;
use gangmu_exchange::eventlog::{EventLog, LogFile, Value, find};

use crate::error::AppError;
use crate::imports::blocking;
use crate::{Actor, App};

pub use error::LogError;
pub use map::{BoxView, Drawn, LineView, MapView, SpotView};
pub use read::{Converted, LogFormat, convert};
pub use view::{
    ActivityView, CountView, DeadlineView, GraphView, LengthView, LogAnalysis, StepView,
    VariantView,
};

/// What to analyse a log by.
#[derive(Clone, Debug, Default)]
pub struct AnalyseOptions {
    /// The case attribute that holds the deadline; `deadline` where the log has one.
    pub deadline: Option<String>,
    /// The case attribute that holds when the case was closed; `enddate` where the log has one,
    /// and the last event of every case where it has none.
    pub closed: Option<String>,
    /// In an OCEL log, the type of objects that are cases; the only type where there is only one.
    pub object: Option<String>,
    /// How much is drawn.
    pub drawn: Drawn,
    /// How many bytes the log may have, unpacked too, where that is less than [`log_limits`] says.
    pub largest: Option<usize>,
}

/// How large a log may be: a gigabyte, unpacked too. A year of a province is a tenth of it.
#[must_use]
pub fn log_limits() -> Limits {
    Limits {
        bytes: 1 << 30,
        ..Limits::default()
    }
}

/// Reads a log (XES, XES in gzip, CSV, OCEL 2.0 JSON) and says what it teaches.
///
/// # Errors
/// When it is no log, is damaged, hostile or too large, or lacks an attribute that was named.
pub fn analyse(bytes: &[u8], options: &AnalyseOptions) -> Result<LogAnalysis, LogError> {
    let mut limits = log_limits();
    limits.bytes = options
        .largest
        .map_or(limits.bytes, |most| most.min(limits.bytes));
    let file = read::read_any(bytes, options.object.as_deref(), &limits)?;
    analyse_log(&file, options)
}

/// How large a log may be that comes in over the web, unpacked: others work at the same time.
const LARGEST_HANDED_IN: usize = 256 << 20;

impl App {
    /// Says what a log teaches that somebody hands in who may read the region's own. Nothing is
    /// stored.
    ///
    /// # Errors
    /// When the actor may not read; inside, why the log was refused.
    pub async fn log_analyse(
        &self,
        actor: &Actor,
        bytes: Bytes,
        options: AnalyseOptions,
    ) -> Result<Result<LogAnalysis, LogError>, AppError> {
        actor.grant(Action::Read)?;
        let options = AnalyseOptions {
            largest: Some(LARGEST_HANDED_IN),
            ..options
        };
        blocking(move || Ok::<_, AppError>(analyse(&bytes, &options))).await
    }
}

/// Says what a log teaches that was read.
///
/// # Errors
/// When it lacks an attribute that was named.
pub fn analyse_log(file: &LogFile, options: &AnalyseOptions) -> Result<LogAnalysis, LogError> {
    let deadlines = deadlines(&file.log, options)?;
    let (log, left_out) = convert::columns(&file.log)?;
    let found = Process::of(&log, options.drawn);
    Ok(LogAnalysis {
        cases: log.n_cases(),
        events: log.n_events(),
        events_left_out: left_out,
        values_left_out: file.notes.n_problems,
        problems: file.notes.problems.clone(),
        duration: found.duration,
        map: found.map,
        activities: found.activities,
        graph: found.graph,
        variants: found.variants,
        deadlines,
    })
}

/// What the columns of any log come to; lengths are in whatever unit its times are.
pub(crate) struct Process {
    pub duration: Option<LengthView>,
    pub activities: Vec<ActivityView>,
    pub graph: GraphView,
    pub map: MapView,
    pub variants: Vec<VariantView>,
}

impl Process {
    pub(crate) fn of(log: &process::Log, drawn: Drawn) -> Self {
        let graph = process::directly_follows(log);
        let figures = process::activity_figures(log);
        Self {
            duration: process::case_durations(log).map(LengthView::from),
            map: map::map(log, &graph, &figures, drawn),
            activities: view::activities(log, figures),
            graph: view::graph(log, &graph),
            variants: view::variants(log),
        }
    }
}

/// Compares the cases with their deadlines, where the log has deadlines.
fn deadlines(log: &EventLog, options: &AnalyseOptions) -> Result<Option<DeadlineView>, LogError> {
    let Some(due) = attribute(log, options.deadline.as_deref(), "deadline")? else {
        return Ok(None);
    };
    let closed = attribute(log, options.closed.as_deref(), "enddate")?;
    let mut unreadable = 0;
    let mut instant = |case: usize, key: u32| match find(log.case_attributes(case), key) {
        Some(Value::Time(at)) => Some(at),
        Some(_) => {
            unreadable += 1;
            None
        }
        None => None,
    };
    let cases: Vec<deadline::Case> = (0..log.n_cases())
        .map(|case| deadline::Case {
            ended_at: match closed {
                Some(key) => instant(case, key),
                None => log
                    .events(case)
                    .filter_map(|event| log.event_time(event))
                    .max(),
            },
            due_at: instant(case, due),
        })
        .collect();
    let found = deadline::check(cases);
    let closed = closed.map(|key| log.text(key).to_owned());
    Ok(Some(DeadlineView::new(
        log.text(due).to_owned(),
        closed,
        &found,
        unreadable,
    )))
}

/// Finds a case attribute: the one that was named, which must be there, or the usual one.
fn attribute(log: &EventLog, named: Option<&str>, usual: &str) -> Result<Option<u32>, LogError> {
    let name = named.unwrap_or(usual);
    let name = name.strip_prefix("case:").unwrap_or(name);
    let key = log.key(name).filter(|key| {
        (0..log.n_cases()).any(|case| find(log.case_attributes(case), *key).is_some())
    });
    if key.is_none() && named.is_some() {
        return Err(LogError::NoAttribute {
            name: name.to_owned(),
            found: convert::case_keys(log),
        });
    }
    Ok(key)
}
