//! Building through winter, one plan per project (冬季施工, 一项目一方案).
//!
//! What a reader would get wrong: which days are winter is a matter of the place and stands in a
//! policy, and a season is named by the year it begins in, so the first quarter of a season is the
//! year after. Acts are only ever added; where a plan stands is folded from them.

mod act;
mod course;
mod season;

use crate::words::words;

pub use act::{Act, ActKind, Event, Plan, Refused, Unmet};
pub use course::{Course, Spell};
pub use season::{Season, SeasonRule, season_of};

words! {
    /// Where a project stands with a winter (冬施状态).
    Phase {
        /// Nobody has said whether it builds.
        Undecided = "undecided",
        /// It rests through winter, for a reason (停工越冬).
        Resting = "resting",
        /// It builds; the plan is being written.
        Draft = "draft",
        /// The plan was handed in.
        Submitted = "submitted",
        /// The plan was sent back.
        SentBack = "sent_back",
        /// The plan is on file (已备案).
        Filed = "filed",
        /// Work has stopped meanwhile (停工).
        Stopped = "stopped",
    }
}

impl Phase {
    /// Says whether the project builds through winter, as far as anybody has said.
    #[must_use]
    pub fn builds(self) -> bool {
        !matches!(self, Self::Undecided | Self::Resting)
    }

    /// Says whether what the plan invests counts in sums and forecasts: it was handed in and not sent
    /// back. What is still being written counts for nothing.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Self::Submitted | Self::Filed | Self::Stopped)
    }
}

/// Something to choose from a policy: a reason to rest, a cause to stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its word.
    pub code: String,
    /// What people read.
    pub text: String,
    /// The same in English.
    pub text_en: String,
}

/// Something a plan sees to (保障措施).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its word.
    pub code: String,
    /// What it belongs to, a word: organisation, supplies, technique, quality, safety, weather.
    pub group: String,
    /// What people read.
    pub text: String,
    /// The same in English.
    pub text_en: String,
    /// The threshold it goes by; empty for none.
    pub threshold: String,
    /// The same in English.
    pub threshold_en: String,
    /// Whether a plan without it cannot be handed in.
    pub required: bool,
}

/// The rules winters are built through by (冬施规则).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The seasons, by place.
    pub seasons: Vec<SeasonRule>,
    /// Why projects rest.
    pub reasons: Vec<Choice>,
    /// What plans see to.
    pub measures: Vec<Measure>,
    /// What stops work.
    pub causes: Vec<Choice>,
}
