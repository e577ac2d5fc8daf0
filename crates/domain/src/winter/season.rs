//! Which days are winter, by place.

use jiff::civil::{Date, date};

use super::Rules;
use crate::Period;
use crate::organisation::UnitPath;

/// When winter is in a place, without a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeasonRule {
    /// The code of the unit; it holds for all below that have no rule of their own.
    pub unit: String,
    /// The first day: month and day, in the year the season is named by.
    pub from: (i8, i8),
    /// The last day: month and day, in the year after.
    pub to: (i8, i8),
    /// The day by which plans are to be filed, in the year the season is named by.
    pub file_by: (i8, i8),
    /// Where it comes from.
    pub source: String,
}

/// A winter in a place (冬施期).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Season {
    /// The year it begins in.
    pub year: i16,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The day by which plans are to be filed.
    pub file_by: Date,
}

impl Season {
    /// Returns the months it touches, in order.
    #[must_use]
    pub fn months(self) -> Vec<Period> {
        let mut months = Vec::new();
        let mut day = self.from.first_of_month();
        while day <= self.to {
            months.extend(Period::new(day.year(), day.month()));
            let Ok(next) = day.last_of_month().tomorrow() else {
                break;
            };
            day = next;
        }
        months
    }

    /// Returns the months of the first quarter after it began: what a good start of the year is
    /// measured by (开门红).
    #[must_use]
    pub fn first_quarter(self) -> [Option<Period>; 3] {
        [1, 2, 3].map(|month| Period::new(self.year.saturating_add(1), month))
    }

    /// Says whether a day is within.
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

impl Rules {
    /// Returns the winter that begins in a year, in a place; by the rule of the nearest unit above.
    #[must_use]
    pub fn season(&self, unit: &UnitPath, year: i16) -> Option<Season> {
        let codes: Vec<&str> = unit.codes().collect();
        let nearest = codes
            .iter()
            .rev()
            .find_map(|code| self.seasons.iter().find(|rule| rule.unit == *code))?;
        let day = |year: i16, (month, day): (i8, i8)| Date::new(year, month, day).ok();
        Some(Season {
            year,
            from: day(year, nearest.from)?,
            to: day(year.checked_add(1)?, nearest.to)?,
            file_by: day(year, nearest.file_by)?,
        })
    }
}

/// The year the winter a day belongs to, or the next one, begins in: from June on, that year's.
#[must_use]
pub fn season_of(day: Date) -> i16 {
    match day >= date(day.year(), 6, 1) {
        true => day.year(),
        false => day.year() - 1,
    }
}
