//! What the library held at the end of past months, told from what happened to projects since.
//!
//! What a reader would get wrong: days are those on which something was entered, as on a past day's
//! card: what nobody had entered yet did not stand in any list.

use gangmu_domain::library::{Change, Field};
use gangmu_domain::organisation::{DepartmentId, Scope};
use gangmu_domain::pipeline::Stage;
use gangmu_domain::{Period, Yuan};
use gangmu_store::library::{ListFilter, Moved, Place};

use crate::Reference;

/// Projects and their total investment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub projects: i64,
    pub total: Yuan,
}

/// The part of the library something is counted in.
pub(super) struct Part<'a> {
    pub scope: &'a Scope,
    pub filter: &'a ListFilter,
}

impl Held {
    fn plus(self, other: Self) -> Self {
        Self {
            projects: self.projects + other.projects,
            total: self.total + other.total,
        }
    }

    fn less(self, other: Self) -> Self {
        Self {
            projects: self.projects - other.projects,
            total: self.total - other.total,
        }
    }
}

/// Returns what a part of the library held at the end of each month, given what it holds now and
/// the projects that moved since the end of the earliest. `months` come newest first.
pub(super) fn held_at_ends(
    reference: &Reference,
    part: &Part<'_>,
    now: Held,
    moved: &[Moved],
    months: &[Period],
) -> Vec<(Period, Held)> {
    let mut all: Vec<(Period, Held)> = months.iter().map(|month| (*month, now)).collect();
    for one in moved {
        let counts_now = part.counts(Some(&one.now));
        let mut place = Some(one.now.clone());
        let mut events = one.events.iter().peekable();
        for (month, held) in &mut all {
            let end = month.last_day();
            let later = |at: i64| crate::clock::day_of(at) > end;
            while let Some(event) = events.next_if(|event| later(event.at)) {
                place = match (&event.changes, place) {
                    (Some(changes), Some(place)) => Some(undone(reference, place, changes)),
                    _ => None,
                };
            }
            *held = held.less(counts_now).plus(part.counts(place.as_ref()));
        }
    }
    all
}

fn undone(reference: &Reference, mut place: Place, changes: &[Change]) -> Place {
    for change in changes {
        let text = change.before.as_ref().and_then(|value| value.as_text());
        match change.field {
            // A unit that is no longer known keeps the project where it went.
            Field::Unit => {
                if let Some(unit) = text.and_then(|code| reference.unit_by_code(code)) {
                    place.unit = unit.path.clone();
                }
            }
            Field::Department => {
                let found = text.and_then(|code| reference.department_by_any_name(code));
                place.department = found.map(|one| DepartmentId(one.department_id));
            }
            Field::Stage => {
                if let Some(stage) = text.and_then(Stage::from_word) {
                    place.stage = stage;
                }
            }
            Field::Industry => place.industry = text.unwrap_or_default().to_owned(),
            Field::InvestorType => place.investor = text.unwrap_or_default().to_owned(),
            Field::TotalInvestment => {
                let before = change.before.as_ref().and_then(|value| value.as_money());
                place.total = before.unwrap_or_default();
            }
            _ => {}
        }
    }
    place
}

impl Part<'_> {
    fn counts(&self, place: Option<&Place>) -> Held {
        match place.filter(|place| self.has(place)) {
            Some(place) => Held {
                projects: 1,
                total: place.total,
            },
            None => Held::default(),
        }
    }

    fn has(&self, place: &Place) -> bool {
        let one_of = |words: &[String], word: &str| {
            words.is_empty() || words.iter().any(|wanted| wanted == word)
        };
        self.scope.covers(&place.unit, place.department, None)
            && one_of(&self.filter.stages, place.stage.word())
            && one_of(&self.filter.industries, &place.industry)
            && one_of(&self.filter.investors, &place.investor)
    }
}
