//! How long matters take: per matter, department and unit, beside both limits and the best
//! published elsewhere.
//!
//! What a reader would get wrong: "nationally advanced" compares what was achieved with what others
//! promise: 80 of 100 decisions must have come within the shortest limit published elsewhere, on
//! the clock alone, since such limits do not count special procedures either.

use std::collections::BTreeMap;

use gangmu_analysis::statistics::{Share, Summary};
use gangmu_domain::approvals::{Budget, Catalogue};
use gangmu_domain::organisation::{DepartmentId, UnitPath};
use serde::Serialize;
use utoipa::ToSchema;

use super::tally::{Office, Tally};
use super::{Handled, Record, RecordQuery};
use crate::approvals::catalogue::budget_text;
use crate::approvals::view::DepartmentView;
use crate::error::AppError;
use crate::library::UnitView;
use crate::policies::{Benchmark, Benchmarks, parse_benchmarks};
use crate::{Actor, App};

/// What the rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// One row per matter.
    #[default]
    Matter,
    /// One per lead department.
    Department,
    /// One per unit whose office decides, or has it.
    Unit,
    /// One per matter, department and unit.
    Office,
}

impl By {
    /// All, in the order of the choice.
    pub const ALL: [Self; 4] = [Self::Matter, Self::Department, Self::Unit, Self::Office];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Matter => "matter",
            Self::Department => "department",
            Self::Unit => "unit",
            Self::Office => "office",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.word() == word)
    }
}

/// How long matters take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimingView {
    /// Whose.
    pub unit: UnitView,
    /// The first day that counts; from the beginning when absent.
    pub from: Option<String>,
    /// The day at whose end it was read.
    pub as_of: String,
    /// What the rows are: `matter`, `department`, `unit`, `office`.
    pub by: String,
    /// The rows, in official order.
    pub rows: Vec<TimingRow>,
    /// All of it.
    pub total: TimingRow,
}

/// One line of it. Days are working days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimingRow {
    /// The matter's code; empty where rows are not by matter.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Who leads.
    pub department: Option<DepartmentView>,
    /// Whose office.
    pub unit: Option<UnitView>,
    /// Decided.
    pub decided: usize,
    /// Of these, refused.
    pub refused: usize,
    /// In somebody's hands.
    pub open: usize,
    /// Of these, past a limit.
    pub open_late: usize,
    /// How the days spread.
    pub days: PartsView,
    /// The law's limit, such as `working 20`; empty where there is none or rows are not by matter.
    pub statutory_limit: String,
    /// Decided within it, of those decided or past it.
    pub statutory_kept: usize,
    /// How many there are.
    pub statutory_of: usize,
    /// The limit promised at the query's unit; empty as above.
    pub promised_limit: String,
    /// Decided within the promised limit of their own place.
    pub promised_kept: usize,
    /// How many there are.
    pub promised_of: usize,
    /// Sent back for mending.
    pub returned: usize,
    /// Of how many that came in.
    pub returned_of: usize,
    /// The shortest limit published elsewhere.
    pub benchmark: Option<BenchmarkView>,
    /// Whether 80 of 100 decisions came within it; absent without decisions or limit.
    pub advanced: Option<bool>,
}

/// How working days spread, part by part; the parts of one matter add up to its whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartsView {
    /// From receipt to decision.
    pub total: Option<Spread>,
    /// On the clock.
    pub clock: Option<Spread>,
    /// In offices' hands off the clock.
    pub waiting: Option<Spread>,
    /// In special procedures.
    pub suspended: Option<Spread>,
    /// With the applicant.
    pub applicant: Option<Spread>,
}

/// How working days spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Spread {
    /// The middle one.
    pub median: i64,
    /// The smallest that 80 of 100 do not exceed.
    pub p80: i64,
    /// The longest.
    pub most: i64,
}

/// A limit published elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BenchmarkView {
    /// Working days from acceptance; none is "on the day".
    pub days: u32,
    /// Where.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// Where it was published.
    pub source: String,
    /// Whether the publication itself was seen.
    pub confirmed: bool,
}

/// What a row is about, in the order rows stand in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    matter: Option<(usize, String)>,
    department: Option<DepartmentId>,
    unit: Option<UnitPath>,
}

impl App {
    /// Says how long the matters of the projects one sees take, in a fixed number of queries.
    ///
    /// # Errors
    /// When the actor may not read, the unit is not theirs, or a word is not known.
    pub async fn approval_timing(
        &self,
        actor: &Actor,
        query: &RecordQuery,
        by: By,
    ) -> Result<TimingView, AppError> {
        let record = self.record(actor, &query.of_any_department()).await?;
        let (catalogue, _) = self.current_catalogue().await?;
        let text = self.policy("benchmarks", self.today()).await?;
        let benchmarks = crate::reference::parsed("benchmarks", parse_benchmarks(&text))?;
        let day = query.day(self.today());
        let mut tallies: BTreeMap<Key, Tally> = BTreeMap::new();
        let mut total = Tally::default();
        record.count(query, day, |handled, office, counted| {
            total.add(&counted);
            let key = Key::of(handled, office, &catalogue, by);
            tallies.entry(key).or_default().add(&counted);
        })?;
        let code = |code: &str| record.reference.unit_by_code(code);
        let asked = query.unit.as_deref().and_then(code).map(|unit| &unit.path);
        let within = code(&record.unit.code).map(|unit| &unit.path);
        let top = UnitPath::top();
        let words = Words {
            record: &record,
            catalogue: &catalogue,
            benchmarks: &benchmarks,
            asked,
            within: within.unwrap_or(&top),
        };
        Ok(TimingView {
            from: query.from.map(|day| day.to_string()),
            as_of: day.to_string(),
            by: by.word().to_owned(),
            rows: tallies
                .into_iter()
                .map(|(key, tally)| words.row(&key, tally))
                .collect(),
            total: counts(total),
            unit: record.unit.clone(),
        })
    }
}

impl Key {
    fn of(handled: &Handled<'_>, office: Office, catalogue: &Catalogue, by: By) -> Self {
        let code = &handled.row.item.item;
        let place = catalogue.matters.iter().position(|one| one.code == *code);
        let is = |wanted: &[By]| wanted.contains(&by);
        Self {
            matter: is(&[By::Matter, By::Office])
                .then(|| (place.unwrap_or(usize::MAX), code.clone())),
            department: is(&[By::Department, By::Office]).then_some(office.department),
            unit: is(&[By::Unit, By::Office]).then_some(office.unit),
        }
    }
}

/// What rows are put into words with.
struct Words<'a> {
    record: &'a Record,
    catalogue: &'a Catalogue,
    benchmarks: &'a Benchmarks,
    asked: Option<&'a UnitPath>,
    within: &'a UnitPath,
}

impl Words<'_> {
    fn row(&self, key: &Key, tally: Tally) -> TimingRow {
        let reference = &self.record.reference;
        let mut row = TimingRow {
            department: key.department.map(|id| {
                let unit = key.unit.as_ref().unwrap_or(self.within);
                DepartmentView::new(reference, unit, id)
            }),
            unit: key.unit.as_ref().map(|path| UnitView::new(reference, path)),
            ..counts(tally)
        };
        if let Some((_, code)) = &key.matter {
            self.matter(&mut row, code, key.unit.as_ref());
        }
        row
    }

    fn matter(&self, row: &mut TimingRow, code: &str, unit: Option<&UnitPath>) {
        code.clone_into(&mut row.code);
        code.clone_into(&mut row.name);
        code.clone_into(&mut row.name_en);
        if let Some(matter) = self.catalogue.matter(code) {
            let place = unit.or(self.asked);
            let codes: Vec<&str> = place.map_or_else(Vec::new, |path| path.codes().collect());
            let promised = matter.limits.promised_in(codes).map(|one| one.limit);
            let text = |limit: Option<Budget>| limit.map(budget_text).unwrap_or_default();
            row.name.clone_from(&matter.name);
            row.name_en.clone_from(&matter.name_en);
            row.statutory_limit = text(matter.limits.statutory);
            row.promised_limit = match matter.limits.immediate {
                true => budget_text(Budget::working(0)),
                false => text(promised),
            };
        }
        row.benchmark = self.benchmarks.best(code).map(BenchmarkView::new);
        let best = row.benchmark.as_ref().map(|one| i64::from(one.days));
        row.advanced = best
            .zip(row.days.clock)
            .map(|(best, ours)| ours.p80 <= best);
    }
}

impl BenchmarkView {
    fn new(one: &Benchmark) -> Self {
        Self {
            days: one.limit.0,
            place: one.place.clone(),
            place_en: one.place_en.clone(),
            source: one.source.clone(),
            confirmed: one.confirmed,
        }
    }
}

impl From<Summary> for Spread {
    fn from(summary: Summary) -> Self {
        Self {
            median: summary.median,
            p80: summary.p80,
            most: summary.most,
        }
    }
}

fn counts(mut tally: Tally) -> TimingRow {
    let spreads = tally.spreads();
    let of = |summary: Option<Summary>| summary.map(Spread::from);
    let share = |share: Share| (share.part, share.whole);
    let (statutory_kept, statutory_of) = share(tally.statutory);
    let (promised_kept, promised_of) = share(tally.promised);
    let (returned, returned_of) = share(tally.returned);
    TimingRow {
        decided: tally.decided,
        refused: tally.refused,
        open: tally.open,
        open_late: tally.open_late,
        days: PartsView {
            total: of(spreads.total),
            clock: of(spreads.clock),
            waiting: of(spreads.waiting),
            suspended: of(spreads.suspended),
            applicant: of(spreads.applicant),
        },
        statutory_kept,
        statutory_of,
        promised_kept,
        promised_of,
        returned,
        returned_of,
        ..TimingRow::default()
    }
}
