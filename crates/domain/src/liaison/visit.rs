//! Records of visits: a note of a moment, a visit, a dispatch on the site.

use jiff::civil::Date;

use crate::words::words;

words! {
    /// What kind of visit it was (走访方式).
    VisitKind {
        /// A word noted on the way, with a photo perhaps (随手记).
        Note = "note",
        /// A visit to the project (调研走访).
        Visit = "visit",
        /// A dispatch held on the site, with whom it concerns (现场调度).
        OnSite = "on_site",
    }
}

/// What was seen and said at a project (走访记录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// What kind.
    pub kind: VisitKind,
    /// The day.
    pub on: Date,
    /// Where, in words; may be empty.
    pub place: String,
    /// Where: longitude and latitude in millionths of a degree.
    pub position: Option<(i64, i64)>,
    /// Who was there, by their posts; may be empty.
    pub attendees: String,
    /// What was seen and agreed.
    pub body: String,
}

/// Why a visit cannot be recorded (不能登记的原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitRefused {
    /// It lies after today.
    InFuture,
    /// Nothing was written.
    Empty,
    /// A text has more than so many characters.
    TooLong {
        /// Which.
        field: &'static str,
        /// The most there may be.
        most: usize,
    },
    /// There is no such place on the earth.
    NoSuchPlace,
}

const MOST_BODY: usize = 4_000;
const MOST_LINE: usize = 200;
const MILLION: i64 = 1_000_000;

impl Visit {
    /// Sees whether it can be recorded on a day; everything wrong at once.
    ///
    /// # Errors
    /// All that stands against it.
    pub fn check(&self, today: Date) -> Result<(), Vec<VisitRefused>> {
        let mut wrong = Vec::new();
        if self.on > today {
            wrong.push(VisitRefused::InFuture);
        }
        if self.body.trim().is_empty() {
            wrong.push(VisitRefused::Empty);
        }
        for (field, text, most) in [
            ("body", &self.body, MOST_BODY),
            ("place", &self.place, MOST_LINE),
            ("attendees", &self.attendees, MOST_LINE),
        ] {
            if text.chars().count() > most {
                wrong.push(VisitRefused::TooLong { field, most });
            }
        }
        let on_earth =
            |(east, north): (i64, i64)| east.abs() <= 180 * MILLION && north.abs() <= 90 * MILLION;
        if !self.position.is_none_or(on_earth) {
            wrong.push(VisitRefused::NoSuchPlace);
        }
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(wrong),
        }
    }
}

impl VisitRefused {
    /// All codes there are.
    pub const CODES: [&'static str; 4] = [
        "liaison.refused.in_future",
        "field.missing",
        "field.too_long",
        "liaison.refused.no_such_place",
    ];

    /// Returns the word under which its text stands.
    #[must_use]
    pub const fn code(self) -> &'static str {
        let at = match self {
            Self::InFuture => 0,
            Self::Empty => 1,
            Self::TooLong { .. } => 2,
            Self::NoSuchPlace => 3,
        };
        Self::CODES[at]
    }

    /// Returns the field it is about.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::InFuture => "on",
            Self::Empty => "body",
            Self::TooLong { field, .. } => field,
            Self::NoSuchPlace => "position",
        }
    }

    /// Returns the values of its text.
    #[must_use]
    pub fn params(self) -> Vec<String> {
        match self {
            Self::TooLong { most, .. } => vec![most.to_string()],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_visit_says_something_of_today_or_before_at_a_place_on_the_earth() {
        let right = Visit {
            kind: VisitKind::Note,
            on: date(2025, 1, 6),
            place: String::new(),
            position: Some((122_260_000, 43_620_000)),
            attendees: String::new(),
            body: "塔吊已就位".to_owned(),
        };
        let today = date(2025, 1, 6);
        assert_eq!(right.check(today), Ok(()));
        let wrong = Visit {
            on: date(2025, 1, 7),
            place: "远".repeat(201),
            position: Some((181_000_000, 0)),
            body: " ".to_owned(),
            ..right
        };
        let codes: Vec<_> = wrong.check(today).unwrap_err();
        let codes: Vec<_> = codes.into_iter().map(VisitRefused::field).collect();
        assert_eq!(codes, ["on", "body", "place", "position"]);
    }
}
