//! The rules of a region: kinds, grades, levels, and what is counted by the calendar.

use gangmu_calendar::clock::Light;
use gangmu_calendar::{Calendar, CalendarError, WorkingDays};
use jiff::civil::Date;

use super::{Course, Phase, Seat};
use crate::organisation::UnitPath;

/// The rules problems are handled by (问题销号规则).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What kinds of problems there are.
    pub kinds: Vec<Kind>,
    /// How grave one can be.
    pub grades: Vec<Grade>,
    /// The ladder, lowest rung first.
    pub levels: Vec<Level>,
    /// Working days to take one in.
    pub accept_within: WorkingDays,
    /// Working days to hand it over once it is taken in.
    pub hand_over_within: WorkingDays,
    /// Working days to look at an answer.
    pub verify_within: WorkingDays,
    /// Working days to strike off what was found to be solved.
    pub strike_off_within: WorkingDays,
    /// How often a deadline may be made longer on one level.
    pub extensions: u32,
    /// Working days past the due date after which it goes up by itself.
    pub escalate_after: WorkingDays,
    /// Working days before the due date from which the light is yellow.
    pub yellow_within: WorkingDays,
}

/// A kind of problem (问题类型).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its code.
    pub code: String,
    /// In Chinese.
    pub text: String,
    /// In English.
    pub text_en: String,
    /// The department that usually leads: a code; empty when none does.
    pub department: String,
    /// Words that tell it in a free text.
    pub words: Vec<String>,
}

/// How grave a problem is (问题等级).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grade {
    /// Its code.
    pub code: String,
    /// In Chinese.
    pub text: String,
    /// In English.
    pub text_en: String,
    /// Working days to solve it.
    pub within: WorkingDays,
}

/// A rung of the ladder (协调级).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Its code.
    pub code: String,
    /// In Chinese.
    pub text: String,
    /// In English.
    pub text_en: String,
    /// How many units above the project's own one it stands; the topmost when there are fewer.
    pub up: usize,
}

/// A problem as of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Working days since it was raised, the day itself not counted; until it ended, if it did.
    pub days: u32,
    /// Working days left until the due date, negative past it.
    pub left: Option<i64>,
    /// Its light.
    pub light: Light,
}

impl Rules {
    /// Finds a kind.
    #[must_use]
    pub fn kind(&self, code: &str) -> Option<&Kind> {
        self.kinds.iter().find(|one| one.code == code)
    }

    /// Finds a grade.
    #[must_use]
    pub fn grade(&self, code: &str) -> Option<&Grade> {
        self.grades.iter().find(|one| one.code == code)
    }

    /// Finds a level.
    #[must_use]
    pub fn level(&self, code: &str) -> Option<&Level> {
        self.levels.iter().find(|one| one.code == code)
    }

    /// Returns the kind whose words a text holds most of, else the last one.
    #[must_use]
    pub fn kind_of(&self, text: &str) -> Option<&Kind> {
        let hits = |kind: &Kind| {
            kind.words
                .iter()
                .filter(|word| text.contains(*word))
                .count()
        };
        // The first of the best, so that the order of the file decides between equals.
        let best = self.kinds.iter().rev().max_by_key(|kind| hits(kind));
        best.filter(|kind| hits(kind) > 0).or(self.kinds.last())
    }

    /// Returns who coordinates at first.
    #[must_use]
    pub fn first_seat(&self, unit: &UnitPath) -> Option<Seat> {
        self.levels.first().map(|level| seat(level, unit))
    }

    /// Returns who coordinates after the next step up; `None` at the top. A rung the rules no
    /// longer have counts as the lowest.
    #[must_use]
    pub fn next_seat(&self, course: &Course, unit: &UnitPath) -> Option<Seat> {
        let at = self
            .levels
            .iter()
            .position(|one| one.code == course.seat.level);
        let next = self.levels.get(at.map_or(1, |at| at + 1))?;
        Some(seat(next, unit))
    }

    /// Reads a problem as of a day.
    ///
    /// # Errors
    /// When the calendar does not know a year that is asked for.
    pub fn read(
        &self,
        course: &Course,
        calendar: &Calendar,
        as_of: Date,
    ) -> Result<Reading, CalendarError> {
        let end = course.ended_on.unwrap_or(as_of);
        let left = match course.due.filter(|_| course.phase.is_open()) {
            Some(due) => Some(days_left(calendar, as_of, due)?),
            None => None,
        };
        Ok(Reading {
            days: days_after(calendar, course.raised_on, end)?,
            left,
            light: self.light(course.phase, left),
        })
    }

    /// Says whether a problem has been left alone so long that it goes up by itself.
    ///
    /// # Errors
    /// When the calendar does not know a year that is asked for.
    pub fn goes_up(
        &self,
        course: &Course,
        calendar: &Calendar,
        today: Date,
    ) -> Result<bool, CalendarError> {
        let with_somebody = matches!(
            course.phase,
            Phase::Raised | Phase::Accepted | Phase::HandedOver
        );
        match course.due.filter(|due| with_somebody && *due < today) {
            Some(due) => Ok(days_after(calendar, due, today)? > self.escalate_after.0),
            None => Ok(false),
        }
    }

    /// Says whether one more wish for time is one too many on this level, so that the problem goes up
    /// instead (延期两次即升级).
    #[must_use]
    pub fn wishes_too_often(&self, course: &Course) -> bool {
        course.asked.is_some() && course.extended >= self.extensions
    }

    fn light(&self, phase: Phase, left: Option<i64>) -> Light {
        match (phase, left) {
            (Phase::StruckOff | Phase::Declined | Phase::Closed, _) => Light::Off,
            (Phase::Waiting, _) | (_, None) => Light::Paused,
            (_, Some(left)) if left < 0 => Light::Red,
            (_, Some(left)) if left <= i64::from(self.yellow_within.0) => Light::Yellow,
            _ => Light::Green,
        }
    }
}

fn seat(level: &Level, unit: &UnitPath) -> Seat {
    let above: Vec<UnitPath> = unit.ancestry().collect();
    let at = above.len().saturating_sub(level.up + 1);
    Seat {
        level: level.code.clone(),
        unit: above.get(at).unwrap_or(unit).clone(),
    }
}

/// Counts the working days after one day up to another, which is counted; a deadline somebody set
/// beyond the years the calendar knows counts as their end.
pub(super) fn days_after(calendar: &Calendar, from: Date, to: Date) -> Result<u32, CalendarError> {
    let to = to.min(calendar.span().1);
    if to <= from {
        return Ok(0);
    }
    let next = |day: Date| day.tomorrow().unwrap_or(day);
    Ok(calendar.working_days_between(next(from), next(to))?.0)
}

/// Adds up the working days on which at least one of some problems stood in the way of a project, from
/// when each was raised until it ended, up to a day; days with several count once (受阻天数).
///
/// # Errors
/// When the calendar does not know a year that is asked for.
pub fn held_up(
    calendar: &Calendar,
    spans: &[(Date, Option<Date>)],
    as_of: Date,
) -> Result<u32, CalendarError> {
    let until = |to: Option<Date>| to.unwrap_or(as_of).min(as_of);
    let mut spans: Vec<(Date, Date)> = spans.iter().map(|(on, to)| (*on, until(*to))).collect();
    spans.sort_unstable();
    let (mut days, mut reached) = (0_u32, None::<Date>);
    for (from, to) in spans {
        let from = reached.map_or(from, |reached| reached.max(from));
        days = days.saturating_add(days_after(calendar, from, to)?);
        reached = Some(reached.map_or(to, |reached| reached.max(to)));
    }
    Ok(days)
}

fn days_left(calendar: &Calendar, today: Date, due: Date) -> Result<i64, CalendarError> {
    Ok(match due >= today {
        true => i64::from(days_after(calendar, today, due)?),
        // A due date on a day off is past from the next day on, though no working day has gone.
        false => -i64::from(days_after(calendar, due, today)?.max(1)),
    })
}
