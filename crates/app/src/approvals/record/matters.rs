//! The matters behind a row of the times, so that every count can be opened.
//!
//! What a reader would get wrong: they are counted by the same function as the row, in memory, and
//! only the page that is shown is put into words.

use std::cmp::Reverse;

use gangmu_domain::approvals::{Catalogue, Matter, Phase, Spent};
use gangmu_store::approvals::WorkRow;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::process::axis;
use super::tally::{Counted, Office};
use super::{Record, RecordQuery};
use crate::approvals::view::DepartmentView;
use crate::error::AppError;
use crate::library::UnitView;
use crate::{Actor, App};

/// Which of the matters that a row counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Among {
    /// All of them.
    #[default]
    All,
    /// Decided.
    Decided,
    /// Decided against.
    Refused,
    /// In somebody's hands.
    Open,
    /// In somebody's hands and past a limit.
    OpenLate,
    /// Past the promised limit, decided or not.
    PromiseMissed,
    /// Past the law's limit, decided or not.
    LawMissed,
    /// Sent back for mending.
    Returned,
}

impl Among {
    /// All, in the order of the choice.
    pub const ALL: [Self; 8] = [
        Self::All,
        Self::Decided,
        Self::Refused,
        Self::Open,
        Self::OpenLate,
        Self::PromiseMissed,
        Self::LawMissed,
        Self::Returned,
    ];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Decided => "decided",
            Self::Refused => "refused",
            Self::Open => "open",
            Self::OpenLate => "open_late",
            Self::PromiseMissed => "promise_missed",
            Self::LawMissed => "law_missed",
            Self::Returned => "returned",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    fn holds(self, one: &Counted) -> bool {
        let missed = |kept: Option<bool>| matches!(kept, Some(false));
        match self {
            Self::All => true,
            Self::Decided => !one.is_open,
            Self::Refused => one.refused,
            Self::Open => one.is_open,
            Self::OpenLate => one.is_open && (missed(one.promised) || missed(one.statutory)),
            Self::PromiseMissed => missed(one.promised),
            Self::LawMissed => missed(one.statutory),
            Self::Returned => one.returned,
        }
    }
}

/// A page of the matters behind a row, those that took longest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimedMatterPage)]
pub struct TimedPage {
    /// The day at whose end it was read.
    pub as_of: String,
    /// The matters.
    pub rows: Vec<TimedView>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
    /// How many rows a page has at most.
    pub page_size: i64,
}

/// A matter of a project and how long it took. Days are working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimedMatterView)]
pub struct TimedView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// Its unit.
    pub unit: UnitView,
    /// The matter.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Who leads.
    pub department: DepartmentView,
    /// The unit whose office decided it, or has it.
    pub office: UnitView,
    /// Where it stands, a word.
    pub phase: String,
    /// When it came in.
    pub came_on: Option<String>,
    /// When it was decided.
    pub decided_on: Option<String>,
    /// From receipt to decision, or to the day of the reading.
    pub total: i64,
    /// How these were spent; none while it is not decided.
    pub days: Option<DaysView>,
    /// Whether it kept the promised limit; none where there is none, or its day has not passed.
    pub promise_kept: Option<bool>,
    /// Whether it kept the law's limit; none as above.
    pub law_kept: Option<bool>,
    /// Sent back for mending.
    pub returned: bool,
}

/// How the working days of one matter were spent; the parts add up to the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimedDaysView)]
pub struct DaysView {
    /// On the clock.
    pub clock: u32,
    /// In offices' hands off the clock.
    pub waiting: u32,
    /// In special procedures.
    pub suspended: u32,
    /// With the applicant.
    pub applicant: u32,
}

impl From<Spent> for DaysView {
    fn from(spent: Spent) -> Self {
        Self {
            clock: spent.clock,
            waiting: spent.waiting,
            suspended: spent.suspended,
            applicant: spent.applicant,
        }
    }
}

const PAGE: i64 = 50;

/// A matter that was counted, before it is put into words.
struct Found<'r> {
    row: &'r WorkRow,
    office: Office,
    counted: Counted,
    phase: Phase,
    came: Option<Date>,
    decided: Option<Date>,
    /// Working days from receipt to decision, or to the day of the reading.
    total: i64,
}

impl App {
    /// Lists the matters behind a row of the times, in a fixed number of queries.
    ///
    /// # Errors
    /// When the actor may not read, the unit is not theirs, or a word is not known.
    pub async fn approval_timing_matters(
        &self,
        actor: &Actor,
        query: &RecordQuery,
        among: Among,
        page: i64,
    ) -> Result<TimedPage, AppError> {
        let record = self.record(actor, &query.of_any_department()).await?;
        let (catalogue, _) = self.current_catalogue().await?;
        let day = query.day(self.today());
        let mut found = record.found(query, day, among)?;
        found.sort_by_key(|one| {
            let item = &one.row.item;
            (Reverse(one.total), item.project, item.position)
        });
        let page = page.max(1);
        let rows = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
        let skipped = rows((page - 1).saturating_mul(PAGE));
        let shown = found.iter().skip(skipped).take(rows(PAGE));
        Ok(TimedPage {
            as_of: day.to_string(),
            rows: shown.map(|one| one.view(&record, &catalogue)).collect(),
            total: i64::try_from(found.len()).unwrap_or(i64::MAX),
            page,
            page_size: PAGE,
        })
    }
}

impl Record {
    fn found(
        &self,
        query: &RecordQuery,
        day: Date,
        among: Among,
    ) -> Result<Vec<Found<'_>>, AppError> {
        let mut found = Vec::new();
        self.count(query, day, |handled, office, counted| {
            if among.holds(&counted) {
                let acts = handled.course.ledgers.iter().flatten();
                found.push(Found {
                    row: handled.row,
                    office,
                    counted,
                    phase: handled.course.phase(),
                    came: acts.map(|act| act.on).min(),
                    decided: handled.course.outcome.as_ref().map(|one| one.on),
                    total: 0,
                });
            }
        })?;
        let calendar = &self.reference.calendar;
        for one in &mut found {
            if let Some(came) = one.came {
                let until = one.decided.unwrap_or(day).max(came);
                one.total = axis(calendar, until)? - axis(calendar, came)?;
            }
        }
        Ok(found)
    }
}

impl Found<'_> {
    fn view(&self, record: &Record, catalogue: &Catalogue) -> TimedView {
        let (item, reference) = (&self.row.item, &record.reference);
        let matter = catalogue.matter(&item.item);
        let name = |of: fn(&Matter) -> &String| {
            matter.map_or_else(|| item.item.clone(), |one| of(one).clone())
        };
        let text = |day: Option<Date>| day.map(|day| day.to_string());
        TimedView {
            project_id: item.project.0,
            project_name: self.row.project_name.clone(),
            unit: UnitView::new(reference, &item.own),
            code: item.item.clone(),
            name: name(|one| &one.name),
            name_en: name(|one| &one.name_en),
            department: DepartmentView::new(reference, &self.office.unit, self.office.department),
            office: UnitView::new(reference, &self.office.unit),
            phase: self.phase.word().to_owned(),
            came_on: text(self.came),
            decided_on: text(self.decided),
            total: self.total,
            days: self.counted.spent.map(DaysView::from),
            promise_kept: self.counted.promised,
            law_kept: self.counted.statutory,
            returned: self.counted.returned,
        }
    }
}
