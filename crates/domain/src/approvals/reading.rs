//! Both clocks of a matter as of a day, its light, and the day of what must be done next.
//!
//! What a reader would get wrong: the next due date is not always a clock's. An application that
//! is being looked at counts as accepted when nothing is said; papers that were promised have a day
//! of their own; and who waits for corrections has no due date at all.

use gangmu_calendar::clock::{Clock, Light, Reading};
use gangmu_calendar::{Calendar, CalendarError};
use jiff::civil::Date;

use super::course::{Course, Phase, Setup};
use super::due::{DueFor, next_of, read_clocks};

/// What a matter shows at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemReading {
    /// Where it stands.
    pub phase: Phase,
    /// Which office has it, counted from zero.
    pub leg: usize,
    /// The clocks of that office, those that are limited.
    pub clocks: Vec<(Clock, Reading)>,
    /// The day of what must be done next, and what that is.
    pub due: Option<(Date, DueFor)>,
    /// The worst of the lights that count now.
    pub light: Light,
}

impl ItemReading {
    /// Returns what one clock shows, where it is limited.
    #[must_use]
    pub fn clock(&self, clock: Clock) -> Option<&Reading> {
        let found = self.clocks.iter().find(|(one, _)| *one == clock);
        found.map(|(_, reading)| reading)
    }

    /// Returns the day of what must be done next.
    #[must_use]
    pub fn due_on(&self) -> Option<Date> {
        self.due.map(|(day, _)| day)
    }
}

impl Setup<'_> {
    /// Reads every clock of the office that has the matter, as of a day.
    ///
    /// # Errors
    /// When the calendar does not know a year that has begun; a due date in an unknown year is
    /// shown as such and is no error.
    pub fn read(
        &self,
        course: &Course,
        calendar: &Calendar,
        as_of: Date,
    ) -> Result<ItemReading, CalendarError> {
        let leg = course.leg();
        let phase = course.phase();
        let clocks = self.clocks_of(leg, course, calendar, as_of)?;
        let due = self.next_due(phase, course, &clocks, calendar)?;
        let light = self.light(phase, &clocks, due, calendar, as_of)?;
        Ok(ItemReading {
            phase,
            leg,
            clocks,
            due,
            light,
        })
    }

    /// Reads the clocks of one office, also one that has sent the matter up.
    ///
    /// # Errors
    /// As [`Setup::read`].
    pub fn clocks_of(
        &self,
        leg: usize,
        course: &Course,
        calendar: &Calendar,
        as_of: Date,
    ) -> Result<Vec<(Clock, Reading)>, CalendarError> {
        let terms = self.terms(leg, course);
        let acts = course.ledgers.get(leg).map_or(&[][..], |one| one);
        read_clocks(acts, &terms, calendar, as_of)
    }

    fn next_due(
        &self,
        phase: Phase,
        course: &Course,
        clocks: &[(Clock, Reading)],
        calendar: &Calendar,
    ) -> Result<Option<(Date, DueFor)>, CalendarError> {
        match phase {
            // The clocks are read for the day that is asked about, not for that of the last act.
            Phase::InReview | Phase::Running | Phase::Suspended => Ok(next_of(clocks)),
            _ => match self.due_basis(course) {
                Some(basis) => basis.due(calendar),
                None => Ok(None),
            },
        }
    }

    fn light(
        &self,
        phase: Phase,
        clocks: &[(Clock, Reading)],
        due: Option<(Date, DueFor)>,
        calendar: &Calendar,
        as_of: Date,
    ) -> Result<Light, CalendarError> {
        let counted = |clock: Clock| match phase {
            Phase::Granted | Phase::Refused => true,
            _ => clock != Clock::Delivery,
        };
        let worst = clocks
            .iter()
            .filter(|(clock, _)| counted(*clock))
            .map(|(_, reading)| reading.light)
            .max_by_key(|light| weight(*light))
            .unwrap_or(Light::Off);
        let own = match due {
            Some((day, DueFor::Papers | DueFor::Conversion | DueFor::Acceptance)) => {
                self.light_until(day, calendar, as_of)?
            }
            _ => Light::Off,
        };
        Ok([worst, own]
            .into_iter()
            .max_by_key(|light| weight(*light))
            .unwrap_or(Light::Off))
    }

    fn light_until(
        &self,
        due: Date,
        calendar: &Calendar,
        as_of: Date,
    ) -> Result<Light, CalendarError> {
        if as_of > due {
            return Ok(Light::Red);
        }
        // Beyond the known years it is far away.
        let left = calendar.working_days_between(as_of, due);
        Ok(match left {
            Ok(left) if left.0 <= self.service.warn_when_left => Light::Yellow,
            _ => Light::Green,
        })
    }
}

/// Lights in the order in which they need somebody.
const fn weight(light: Light) -> u8 {
    match light {
        Light::Off => 0,
        Light::Green => 1,
        Light::Paused => 2,
        Light::Yellow => 3,
        Light::Red => 4,
    }
}

/// Returns the stable word of a clock's light.
#[must_use]
pub const fn light_word(light: Light) -> &'static str {
    match light {
        Light::Off => "off",
        Light::Green => "green",
        Light::Paused => "paused",
        Light::Yellow => "yellow",
        Light::Red => "red",
    }
}

/// The lights of clocks, those that need somebody first.
pub const LIGHTS: [Light; 5] = [
    Light::Red,
    Light::Yellow,
    Light::Paused,
    Light::Green,
    Light::Off,
];

/// Reads the stable word of a clock's light.
#[must_use]
pub fn light_from_word(word: &str) -> Option<Light> {
    LIGHTS.into_iter().find(|light| light_word(*light) == word)
}

/// Returns the stable word of a clock.
#[must_use]
pub const fn clock_word(clock: Clock) -> &'static str {
    match clock {
        Clock::Statutory => "statutory",
        Clock::Promised => "promised",
        Clock::Forwarding => "forwarding",
        Clock::Delivery => "delivery",
    }
}

/// Reads the stable word of a clock.
#[must_use]
pub fn clock_from_word(word: &str) -> Option<Clock> {
    Clock::ALL
        .into_iter()
        .find(|clock| clock_word(*clock) == word)
}
