//! Our own record as an event log: cases of events, in two views.
//!
//! What a reader would get wrong: an act counts from a day, not from an instant. In a log file the
//! acts of a day get its seconds from midnight on, in their order, because other tools order events
//! by time and by nothing else; when an act was typed in is an attribute of its own.

use std::collections::BTreeMap;

use gangmu_domain::approvals::{ActKind, Event, standing_events};
use gangmu_domain::library::ProjectId;
use gangmu_store::approvals::WorkRow;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use super::Record;
use crate::error::AppError;

/// What a case of a log is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// One matter of one project; its acts are the events.
    #[default]
    Matters,
    /// One project; the decisions on its matters are the events.
    Projects,
}

impl View {
    /// All, in the order of the choice.
    pub const ALL: [Self; 2] = [Self::Matters, Self::Projects];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Matters => "matters",
            Self::Projects => "projects",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.word() == word)
    }
}

/// A log of our own record, written.
#[derive(Clone, Debug)]
pub struct RecordLog {
    /// A name for the file.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// How many cases, or objects that are cases.
    pub cases: usize,
    /// How many events.
    pub events: usize,
}

/// Something that happened to a matter.
pub(super) struct Happened<'r> {
    pub row: &'r WorkRow,
    /// The act's word, or the matter's code.
    pub activity: &'r str,
    pub on: Date,
    pub event: &'r Event,
}

impl Record {
    /// Lists what happened to matters that came in during the time asked about, case by case.
    pub(super) fn happened(
        &self,
        from: Option<Date>,
        day: Date,
        view: View,
    ) -> Result<Vec<Vec<Happened<'_>>>, AppError> {
        let mut rows: Vec<&WorkRow> = self.rows.iter().collect();
        rows.sort_by_key(|row| (row.item.project, row.item.position, &row.item.item));
        let mut cases = Vec::new();
        for row in rows {
            let acts: Vec<Happened<'_>> = standing_events(&row.acts)
                .into_iter()
                .filter(|event| event.on <= day)
                .map(|event| Happened::new(row, event))
                .collect();
            let came = acts
                .iter()
                .find(|one| one.event.act.kind() == ActKind::Receive);
            if came.is_some_and(|one| from.is_none_or(|from| one.on >= from)) {
                cases.push(acts);
            }
        }
        Ok(match view {
            View::Matters => cases,
            View::Projects => by_project(cases),
        })
    }
}

impl<'r> Happened<'r> {
    fn new(row: &'r WorkRow, event: &'r Event) -> Self {
        Self {
            row,
            activity: event.act.kind().word(),
            on: event.on,
            event,
        }
    }
}

/// Keeps the decisions, one case per project, in the order they were made.
fn by_project(matters: Vec<Vec<Happened<'_>>>) -> Vec<Vec<Happened<'_>>> {
    let mut projects: BTreeMap<ProjectId, Vec<Happened<'_>>> = BTreeMap::new();
    for mut act in matters.into_iter().flatten() {
        let kind = act.event.act.kind();
        if matches!(kind, ActKind::Grant | ActKind::Refuse) {
            act.activity = &act.row.item.item;
            projects.entry(act.row.item.project).or_default().push(act);
        }
    }
    let mut cases: Vec<Vec<Happened<'_>>> = projects.into_values().collect();
    for case in &mut cases {
        case.sort_by_key(|act| (act.on, act.row.item.position, act.event.seq));
    }
    cases
}

/// The instants of a case's events, in milliseconds since 1970: midnight in China and, within a
/// day, a second for every event before it.
pub(super) fn instants(case: &[Happened<'_>]) -> Vec<i64> {
    let mut instants = Vec::with_capacity(case.len());
    let mut last: Option<(Date, i64)> = None;
    for act in case {
        let at = match last {
            Some((day, at)) if day == act.on => at + 1_000,
            _ => midnight(act.on),
        };
        last = Some((act.on, at));
        instants.push(at);
    }
    instants
}

/// Midnight at which a day of China begins.
pub(super) fn midnight(day: Date) -> i64 {
    let zone = TimeZone::fixed(Offset::constant(8));
    let begins = day.to_zoned(zone);
    begins.map_or(0, |at| at.timestamp().as_millisecond())
}

/// What an act is called in a log file and on the command line: these are papers of Chinese offices.
#[must_use]
pub const fn act_name(kind: ActKind) -> &'static str {
    match kind {
        ActKind::Receive => "收件",
        ActKind::AskCorrection => "一次性告知补正",
        ActKind::Correct => "补正齐全",
        ActKind::Accept => "受理",
        ActKind::AcceptDeferred => "容缺受理",
        ActKind::HandIn => "补交材料",
        ActKind::Suspend => "挂起",
        ActKind::Resume => "恢复",
        ActKind::Extend => "延期",
        ActKind::Forward => "转报",
        ActKind::Preliminary => "初审意见",
        ActKind::Grant => "准予",
        ActKind::Refuse => "不予许可",
        ActKind::Deliver => "送达",
        ActKind::VoidPreliminary => "初审意见作废",
        ActKind::Exempt => "认定无需办理",
        ActKind::Require => "认定需要办理",
        ActKind::Adjust => "调整",
        ActKind::Strike => "撤销",
    }
}
