//! The process of our own cases as it was: what followed what, how often, after how long.
//!
//! What a reader would get wrong: lengths are whole working days here, not milliseconds: an act
//! counts from a day. Activities are stable words, an act's or a matter's code; their texts stand
//! in the locales and the catalogue.

use gangmu_analysis::process::{Log, LogBuilder, TooManyEvents};
use gangmu_calendar::Calendar;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::log::{Happened, View};
use super::{Record, RecordQuery};
use crate::approvals::load::calendar_error;
use crate::error::AppError;
use crate::event_logs::{
    ActivityView, Drawn, GraphView, LengthView, MapView, Process, VariantView,
};
use crate::library::UnitView;
use crate::{Actor, App};

/// The process as it was. Lengths are working days.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProcessView {
    /// Whose.
    pub unit: UnitView,
    /// What a case is: `matters` (one matter of one project, activities are acts) or `projects`
    /// (one project, activities are decisions on matters, named by their codes).
    pub view: String,
    /// The day at whose end it was read.
    pub as_of: String,
    /// How many cases.
    pub cases: usize,
    /// How many events.
    pub events: usize,
    /// From the first to the last event of a case.
    pub duration: Option<LengthView>,
    /// The activities, the most frequent first.
    pub activities: Vec<ActivityView>,
    /// What followed what.
    pub graph: GraphView,
    /// The most frequent of it, laid out.
    pub map: MapView,
    /// The ways cases took, the most frequent first.
    pub variants: Vec<VariantView>,
}

impl App {
    /// Finds the process as it was in the cases that one sees, of matters that came in during the
    /// time asked about.
    ///
    /// # Errors
    /// When the actor may not read, the unit is not theirs, or a word is not known.
    pub async fn approval_process(
        &self,
        actor: &Actor,
        query: &RecordQuery,
        view: View,
        drawn: Drawn,
    ) -> Result<ProcessView, AppError> {
        let record = self.record(actor, query).await?;
        let day = query.day(self.today());
        let cases = record.happened(query.from, day, view)?;
        let log = columns(&record, &cases)?;
        let found = Process::of(&log, drawn);
        Ok(ProcessView {
            unit: record.unit,
            view: view.word().to_owned(),
            as_of: day.to_string(),
            cases: log.n_cases(),
            events: log.n_events(),
            duration: found.duration,
            activities: found.activities,
            graph: found.graph,
            map: found.map,
            variants: found.variants,
        })
    }
}

/// Lays the events on the axis of working days.
fn columns(record: &Record, cases: &[Vec<Happened<'_>>]) -> Result<Log, AppError> {
    let calendar = &record.reference.calendar;
    let full = |TooManyEvents| AppError::State {
        code: "export.too_long",
        params: Vec::new(),
    };
    let mut builder = LogBuilder::with_capacity(cases.len(), cases.iter().map(Vec::len).sum());
    for case in cases {
        builder.begin_case().map_err(full)?;
        for event in case {
            let activity = builder.activity(event.activity);
            builder.event(activity, axis(calendar, event.on)?);
        }
    }
    Ok(builder.finish())
}

/// The number of working days until the end of a day since the calendar begins.
pub(super) fn axis(calendar: &Calendar, day: Date) -> Result<i64, AppError> {
    let (first, _) = calendar.span();
    let next = day.tomorrow().unwrap_or(day);
    let days = calendar.working_days_between(first, next);
    days.map(|days| i64::from(days.0)).map_err(calendar_error)
}
