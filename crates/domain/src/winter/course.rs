//! What the acts of a project's winter come to.

use jiff::civil::Date;

use super::{Act, Event, Phase, Plan};
use crate::organisation::UserId;

/// A time in which work stood still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    /// The first day without work.
    pub from: Date,
    /// The day work went on; `None` while it stands.
    pub to: Option<Date>,
    /// Why, a word of the rules.
    pub cause: String,
    /// More of it.
    pub note: String,
}

impl Spell {
    /// Returns how many days work stood still up to a day, the day it went on not counted.
    #[must_use]
    pub fn days_until(&self, day: Date) -> i64 {
        let end = self.to.unwrap_or(day).min(day);
        let days = self.from.until(end).map_or(0, |span| span.get_days());
        i64::from(days.max(0))
    }
}

/// What the acts come to (冬施过程).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Where it stands.
    pub phase: Phase,
    /// Why it rests, a word of the rules; empty when it does not.
    pub reason: String,
    /// The plan as last written.
    pub plan: Option<Plan>,
    /// Who handed the plan in last.
    pub submitted_by: Option<UserId>,
    /// The day it was put on file.
    pub filed_on: Option<Date>,
    /// When work stood still, oldest first.
    pub spells: Vec<Spell>,
    /// Inspections, and how many of them found something.
    pub inspections: (usize, usize),
    /// The day of the last act.
    pub last_on: Option<Date>,
}

impl Default for Course {
    /// Nobody has said anything.
    fn default() -> Self {
        Self {
            phase: Phase::Undecided,
            reason: String::new(),
            plan: None,
            submitted_by: None,
            filed_on: None,
            spells: Vec::new(),
            inspections: (0, 0),
            last_on: None,
        }
    }
}

impl Course {
    /// Folds acts, oldest first.
    #[must_use]
    pub fn of(events: &[Event]) -> Self {
        let mut course = Self::default();
        for event in events {
            course.add(event);
        }
        course
    }

    fn add(&mut self, event: &Event) {
        self.last_on = Some(event.on);
        match &event.act {
            Act::Rest { reason, .. } => {
                self.phase = Phase::Resting;
                self.reason.clone_from(reason);
                self.filed_on = None;
            }
            Act::Plan(plan) => {
                // A plan that is changed after it was filed has to be filed again.
                self.phase = Phase::Draft;
                self.reason.clear();
                self.filed_on = None;
                self.plan = Some(plan.clone());
            }
            Act::Submit => {
                self.phase = Phase::Submitted;
                self.submitted_by = Some(event.user);
            }
            Act::File => {
                self.phase = Phase::Filed;
                self.filed_on = Some(event.on);
            }
            Act::SendBack { .. } => self.phase = Phase::SentBack,
            Act::Inspect { sound, .. } => {
                self.inspections.0 += 1;
                self.inspections.1 += usize::from(!sound);
            }
            Act::Stop { cause, note } => {
                self.phase = Phase::Stopped;
                self.spells.push(Spell {
                    from: event.on,
                    to: None,
                    cause: cause.clone(),
                    note: note.clone(),
                });
            }
            Act::Resume { .. } => {
                self.phase = Phase::Filed;
                if let Some(last) = self.spells.last_mut() {
                    last.to = Some(event.on);
                }
            }
        }
    }

    /// The plan, as far as it counts: not while the project rests.
    #[must_use]
    pub fn counted(&self) -> Option<&Plan> {
        self.plan.as_ref().filter(|_| self.phase.builds())
    }
}
