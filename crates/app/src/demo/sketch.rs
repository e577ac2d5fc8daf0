//! What happens to one project of the demo: its money month by month, its dates, its places on
//! the lists. Amounts are whole 万元.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::library::{Benefit, ProjectId};
use gangmu_domain::pipeline::{Category, Stage};
use jiff::civil::Date;

use super::trades::Trade;
use crate::random::Draw;

/// The course of a project against the two years of the demo and the one after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// Ran before, completed in the first year.
    EndsFirst,
    /// Started and completed in the first year.
    QuickFirst,
    /// Ran before, to be completed in the second year.
    EndsSecond,
    /// Runs all the time.
    Goes,
    /// Started in the first year, to be completed in the second.
    FirstToSecond,
    /// Started in the first year, runs on.
    StartsFirst,
    /// Started and completed in the second year.
    QuickSecond,
    /// Started in the second year, runs on.
    StartsSecond,
    /// Should have started in the second year.
    Waits,
    /// In preparation on the second year's list.
    Prepared,
    /// Waits for the third year's list.
    Next,
    /// In no list.
    Idea,
}

/// One project of the demo.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    pub id: Option<ProjectId>,
    pub name: String,
    pub owner: String,
    pub unit: String,
    pub unit_name: String,
    pub trade: &'static Trade,
    pub government: bool,
    pub life: Life,
    /// Completion was planned for the second year and is not reached.
    pub slips: bool,
    /// Work rests in the deepest winter.
    pub rests: bool,
    pub total: i64,
    pub before: i64,
    pub months: BTreeMap<Period, i64>,
    /// Annual plans of 2024, 2025 and 2026.
    pub plans: [i64; 3],
    pub started: Option<Date>,
    pub finished: Option<Date>,
    pub planned_start: Date,
    pub planned_finish: Date,
    pub benefits: Vec<Benefit>,
    pub scale: String,
    /// Not on the list before this month.
    pub on_from: Option<Period>,
    /// Off the list from this month on.
    pub off_from: Option<Period>,
    /// Months for which nobody reported.
    pub missing: Vec<Period>,
    /// When it is entered.
    pub entered: Period,
    /// Moves between stages, for ideas.
    pub moves: Vec<(Period, Stage)>,
    /// Its figures are printed and must not be scaled.
    pub fixed: bool,
}

/// The share of a year's work by month: little in winter, most in summer.
const SEASON: [i64; 12] = [35, 30, 70, 100, 125, 140, 135, 130, 130, 120, 90, 60];
const START_MONTHS: [i64; 12] = [1, 1, 7, 11, 12, 10, 6, 5, 4, 3, 1, 0];
const FINISH_MONTHS: [i64; 12] = [0, 0, 1, 1, 2, 4, 4, 5, 7, 10, 12, 8];
/// Total investments, 万元, and how often they come.
const SIZES: [i64; 12] = [
    5_000, 8_000, 12_000, 18_000, 25_000, 36_000, 52_000, 80_000, 120_000, 200_000, 350_000,
    700_000,
];
const SIZE_WEIGHTS: [i64; 12] = [6, 10, 14, 15, 14, 12, 9, 7, 5, 4, 2, 1];

impl Life {
    /// What a year expects of it; 0 is 2024.
    pub(super) fn category(self, year: usize, ends_third: bool) -> Option<Category> {
        use Category as C;
        match (self, year) {
            (Self::EndsFirst, 0) | (Self::EndsSecond | Self::FirstToSecond, 1) => {
                Some(C::Completion)
            }
            (Self::QuickFirst | Self::FirstToSecond | Self::StartsFirst, 0)
            | (Self::QuickSecond | Self::StartsSecond | Self::Waits, 1)
            | (Self::Waits | Self::Prepared | Self::Next, 2) => Some(C::NewStart),
            (Self::EndsSecond | Self::Goes, 0) | (Self::Goes | Self::StartsFirst, 1) => {
                Some(C::Continuing)
            }
            (Self::Prepared, 1) => Some(C::Preparation),
            (Self::Goes | Self::StartsFirst | Self::StartsSecond | Self::EndsSecond, 2) => {
                Some(if ends_third {
                    C::Completion
                } else {
                    C::Continuing
                })
            }
            _ => None,
        }
    }
}

impl Sketch {
    /// What a year expects of it; 0 is 2024.
    pub(super) fn category(&self, year: usize) -> Option<Category> {
        // Of what is completed nothing is left for the third year.
        if year == 2 && self.finished.is_some() {
            return None;
        }
        let ends_third = self.slips || self.planned_finish.year() == 2026;
        self.life.category(year, ends_third)
    }

    /// Says whether it is on the list of the period's year at that period.
    pub(super) fn on_list(&self, period: Period) -> bool {
        let year = usize::try_from(period.year() - 2024).unwrap_or(9);
        self.category(year).is_some()
            && self.on_from.is_none_or(|from| period >= from)
            && self.off_from.is_none_or(|from| period < from)
    }

    pub(super) fn month(&self, period: Period) -> i64 {
        self.months.get(&period).copied().unwrap_or(0)
    }

    /// What is invested since the start by the end of a month.
    pub(super) fn since_start(&self, period: Period) -> i64 {
        self.before + self.months.range(..=period).map(|(_, n)| n).sum::<i64>()
    }

    pub(super) fn year_sum(&self, year: i16) -> i64 {
        self.months
            .iter()
            .filter(|(period, _)| period.year() == year)
            .map(|(_, n)| n)
            .sum()
    }

    /// Says whether it lies in the league of a code.
    pub(super) fn is_in(&self, league: &str) -> bool {
        self.unit.get(..4) == league.get(..4)
    }

    /// Multiplies all money by `num / den`, rounding amounts down and the total up.
    pub(super) fn scale_money(&mut self, num: i64, den: i64) {
        let scaled = |n: i64| {
            i64::try_from(i128::from(n) * i128::from(num) / i128::from(den.max(1))).unwrap_or(n)
        };
        self.total = scaled(self.total) + 1;
        self.before = scaled(self.before);
        for amount in self.months.values_mut() {
            *amount = scaled(*amount);
        }
    }
}

/// Draws a project's money and dates.
pub(super) fn draw_course(draw: &mut Draw, sketch: &mut Sketch) {
    let size = SIZES[draw.weighted(&SIZE_WEIGHTS)];
    let total = size * draw.between(70, 130) / 100 * sketch.trade.size / 100;
    sketch.total = total.max(3_000);
    draw_dates(draw, sketch);
    let share = |per_mille: i64| sketch.total * per_mille / 1_000;
    let (before, first, second) = match sketch.life {
        Life::EndsFirst => {
            let before = draw.between(400, 700);
            (before, 1_000 - before - draw.between(0, 30), 0)
        }
        Life::QuickFirst => (0, draw.between(960, 1_000), 0),
        Life::EndsSecond => {
            let (before, first) = (draw.between(250, 450), draw.between(250, 350));
            let left = 1_000 - before - first;
            (before, first, left - draw.between(0, 30))
        }
        Life::Goes => (
            draw.between(100, 300),
            draw.between(200, 280),
            draw.between(200, 280),
        ),
        Life::FirstToSecond => {
            let first = draw.between(350, 550);
            (0, first, 1_000 - first - draw.between(0, 30))
        }
        Life::StartsFirst => (0, draw.between(180, 300), draw.between(280, 380)),
        Life::QuickSecond => (0, 0, draw.between(960, 1_000)),
        Life::StartsSecond => (0, 0, draw.between(200, 460)),
        Life::Waits | Life::Prepared | Life::Next | Life::Idea => (0, 0, 0),
    };
    sketch.before = share(before);
    let (first, second) = (share(first), share(second));
    spread(draw, sketch, 2024, first);
    spread(draw, sketch, 2025, second);
}

pub(super) fn day(year: i16, month: usize, day: i64) -> Date {
    let month = i8::try_from(month.clamp(1, 12)).unwrap_or(1);
    let day = i8::try_from(day.clamp(1, 28)).unwrap_or(1);
    Date::new(year, month, day).unwrap_or(Date::constant(2024, 1, 1))
}

fn draw_dates(draw: &mut Draw, sketch: &mut Sketch) {
    use Life as L;
    let start_year = match sketch.life {
        L::EndsFirst | L::EndsSecond | L::Goes => {
            i16::try_from(draw.between(2021, 2023)).unwrap_or(2023)
        }
        L::QuickFirst | L::FirstToSecond | L::StartsFirst => 2024,
        L::QuickSecond | L::StartsSecond | L::Waits => 2025,
        L::Prepared | L::Next => 2026,
        L::Idea => i16::try_from(draw.between(2026, 2028)).unwrap_or(2026),
    };
    let quick = matches!(sketch.life, L::QuickFirst | L::QuickSecond);
    let month = if quick {
        3 + draw.weighted(&[3, 4, 2])
    } else {
        1 + draw.weighted(&START_MONTHS)
    };
    let started = day(start_year, month, draw.between(4, 26));
    let planned_month = i64::try_from(month).unwrap_or(6) + draw.between(-1, 1);
    let planned = usize::try_from(planned_month.clamp(1, 12)).unwrap_or(6);
    sketch.planned_start = day(start_year, planned, 1);
    let has_started = start_year < 2026 && sketch.life != L::Waits;
    sketch.started = has_started.then_some(started);
    let finish_year = match sketch.life {
        L::EndsFirst | L::QuickFirst => Some(2024),
        L::EndsSecond | L::FirstToSecond | L::QuickSecond => Some(2025),
        _ => None,
    };
    let open_end = i16::try_from(draw.between(2026, 2028)).unwrap_or(2027);
    let finish_month = if quick {
        8 + draw.weighted(&[2, 3, 4, 3])
    } else {
        1 + draw.weighted(&FINISH_MONTHS)
    };
    let finish = day(
        finish_year.unwrap_or(open_end.max(start_year + 1)),
        finish_month.max(3),
        draw.between(8, 28),
    );
    sketch.planned_finish = day(finish.year(), 12, 20);
    sketch.finished = (finish_year.is_some() && !sketch.slips).then_some(finish);
}

/// Spreads a year's amount over the months in which there is work.
pub(super) fn spread(draw: &mut Draw, sketch: &mut Sketch, year: i16, amount: i64) {
    if amount <= 0 {
        return;
    }
    let mut weights = [0_i64; 12];
    let mut usual = 0;
    for (at, weight) in weights.iter_mut().enumerate() {
        let noise = draw.between(80, 120);
        let month = i8::try_from(at + 1).unwrap_or(1);
        let Some(period) = Period::new(year, month) else {
            continue;
        };
        usual += SEASON[at] * 100;
        let begun = sketch.started.is_some_and(|day| day <= period.last_day());
        let over = sketch.finished.is_some_and(|day| day < period.first_day());
        let rests = sketch.rests && (at < 2);
        if begun && !over && !rests {
            *weight = SEASON[at] * noise;
        }
    }
    let active: i64 = weights.iter().sum();
    // What starts late in the year spends less in it, unless it is completed in the year.
    let late = sketch.finished.is_none() && sketch.started.is_some_and(|d| d.year() == year);
    let amount = if late {
        amount * active / usual.max(1)
    } else {
        amount
    };
    let mut spent = 0;
    let mut passed = 0;
    for (at, weight) in weights.iter().enumerate() {
        passed += weight;
        let due =
            i64::try_from(i128::from(amount) * i128::from(passed) / i128::from(active.max(1)))
                .unwrap_or(0);
        let month = i8::try_from(at + 1).unwrap_or(1);
        if let Some(period) = Period::new(year, month)
            && due > spent
        {
            sketch.months.insert(period, due - spent);
            spent = due;
        }
    }
}
