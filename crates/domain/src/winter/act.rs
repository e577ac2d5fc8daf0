//! What is done with a winter plan, and what may be done now.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Course, Phase, Rules, Season};
use crate::organisation::UserId;
use crate::words::words;
use crate::{Period, Yuan};

words! {
    /// The kind of an act (冬施动作).
    ActKind {
        /// Said that the project rests, and why.
        Rest = "rest",
        /// Wrote the plan down.
        Plan = "plan",
        /// Handed it in.
        Submit = "submit",
        /// Put it on file (备案).
        File = "file",
        /// Sent it back.
        SendBack = "send_back",
        /// Looked at the site.
        Inspect = "inspect",
        /// Stopped work.
        Stop = "stop",
        /// Took work up again.
        Resume = "resume",
    }
}

/// A project's plan for a winter (冬施方案).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The first day of building in winter.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// What is built and how much of it, a line each: `主厂房基础：混凝土1200立方米`.
    pub parts: String,
    /// What is to be invested by building in winter, by month.
    pub investment: BTreeMap<Period, Yuan>,
    /// People on site.
    pub workers: Option<u32>,
    /// The measures seen to, by their words.
    pub measures: BTreeSet<String>,
    /// Measures beyond the list.
    pub further: String,
    /// The day the plan was written (编制).
    pub prepared_on: Option<Date>,
    /// The day the supervising engineer agreed (监理审查).
    pub supervised_on: Option<Date>,
    /// The number of the attachment that holds the plan itself.
    pub attachment: Option<i64>,
}

impl Plan {
    /// Returns what is to be invested in winter altogether; `None` when that is beyond counting.
    #[must_use]
    pub fn total(&self) -> Option<Yuan> {
        let sum = self
            .investment
            .values()
            .try_fold(0_i64, |sum, one| sum.checked_add(one.0));
        sum.map(Yuan)
    }
}

/// An act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The project rests through winter.
    Rest {
        /// Why, a word of the rules.
        reason: String,
        /// More of it.
        note: String,
    },
    /// The project builds, by this plan.
    Plan(Plan),
    /// The plan is handed in.
    Submit,
    /// The plan is put on file.
    File,
    /// The plan is sent back.
    SendBack {
        /// Why.
        reason: String,
    },
    /// Somebody looked at the site.
    Inspect {
        /// Whether all was as planned.
        sound: bool,
        /// What was found.
        findings: String,
        /// Photos and papers of it: numbers of the project's attachments.
        files: Vec<i64>,
    },
    /// Work stops.
    Stop {
        /// Why, a word of the rules.
        cause: String,
        /// More of it.
        note: String,
    },
    /// Work goes on.
    Resume {
        /// Why it can.
        note: String,
    },
}

impl Act {
    /// Lists the attachments of the project it names, by number.
    #[must_use]
    pub fn attachments(&self) -> Vec<i64> {
        match self {
            Self::Plan(plan) => plan.attachment.into_iter().collect(),
            Self::Inspect { files, .. } => files.clone(),
            _ => Vec::new(),
        }
    }

    /// Returns its kind.
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Rest { .. } => ActKind::Rest,
            Self::Plan(_) => ActKind::Plan,
            Self::Submit => ActKind::Submit,
            Self::File => ActKind::File,
            Self::SendBack { .. } => ActKind::SendBack,
            Self::Inspect { .. } => ActKind::Inspect,
            Self::Stop { .. } => ActKind::Stop,
            Self::Resume { .. } => ActKind::Resume,
        }
    }
}

/// An act as it was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counts the acts of the project's winter from 1.
    pub seq: i64,
    /// The day it counts from.
    pub on: Date,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub user: UserId,
    /// What.
    pub act: Act,
}

/// What a plan lacks (方案缺项).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// Something is not said: the field's word.
    Missing(&'static str),
    /// The days of building are not within the season.
    OutOfSeason,
    /// The end is before the beginning.
    EndsFirst,
    /// A month lies outside the season.
    Month(Period),
    /// An amount is negative, or the sum beyond counting.
    Amount,
    /// A required measure is not seen to: its word.
    Measure(String),
    /// A measure nobody knows: its word.
    UnknownMeasure(String),
    /// A day lies in the future, or before the one it follows: the field's word.
    Day(&'static str),
}

/// Why an act may not be done (不能办理的原因).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not where the plan stands.
    NotNow(Phase),
    /// The day lies in the future, or before the last act.
    Day,
    /// A word that is none of the rules, or a text that is missing: the field's word.
    Missing(&'static str),
    /// Whoever handed a plan in does not put it on file.
    OwnPlan,
    /// The plan is not whole.
    Unmet(Vec<Unmet>),
}

impl Rules {
    /// Judges an act on what was done before, on a day.
    ///
    /// # Errors
    /// Why it may not be done.
    pub fn judge(
        &self,
        season: Season,
        course: &Course,
        act: &Act,
        by: UserId,
        (on, today): (Date, Date),
    ) -> Result<(), Refused> {
        use Phase as P;
        let phase = course.phase;
        let allowed = match act.kind() {
            ActKind::Rest | ActKind::Plan => phase != P::Stopped && phase != P::Submitted,
            ActKind::Submit => matches!(phase, P::Draft | P::SentBack),
            ActKind::File | ActKind::SendBack => phase == P::Submitted,
            ActKind::Inspect => matches!(phase, P::Filed | P::Stopped),
            ActKind::Stop => phase == P::Filed,
            ActKind::Resume => phase == P::Stopped,
        };
        if !allowed {
            return Err(Refused::NotNow(phase));
        }
        if on > today || course.last_on.is_some_and(|last| on < last) {
            return Err(Refused::Day);
        }
        let known = |list: &[super::Choice], code: &str| list.iter().any(|one| one.code == code);
        match act {
            Act::Rest { reason, .. } if !known(&self.reasons, reason) => {
                Err(Refused::Missing("reason"))
            }
            Act::Rest { reason, note } if reason == "other" && note.trim().is_empty() => {
                Err(Refused::Missing("note"))
            }
            Act::Stop { cause, .. } if !known(&self.causes, cause) => {
                Err(Refused::Missing("cause"))
            }
            Act::Stop { cause, note } if cause == "other" && note.trim().is_empty() => {
                Err(Refused::Missing("note"))
            }
            Act::SendBack { reason } if reason.trim().is_empty() => Err(Refused::Missing("reason")),
            Act::Resume { note } if note.trim().is_empty() => Err(Refused::Missing("note")),
            Act::Inspect { findings, .. } if findings.trim().is_empty() => {
                Err(Refused::Missing("findings"))
            }
            Act::Plan(plan) => whole_or(self.contradictions(season, plan, today)),
            Act::Submit => {
                let plan = course.plan.as_ref().ok_or(Refused::NotNow(phase))?;
                let mut unmet = self.contradictions(season, plan, today);
                unmet.extend(self.lacks(plan));
                whole_or(unmet)
            }
            Act::File if course.submitted_by == Some(by) => Err(Refused::OwnPlan),
            _ => Ok(()),
        }
    }

    /// What no plan may say, however unfinished it is.
    fn contradictions(&self, season: Season, plan: &Plan, today: Date) -> Vec<Unmet> {
        let mut unmet = Vec::new();
        if let (Some(from), Some(to)) = (plan.from, plan.to)
            && to < from
        {
            unmet.push(Unmet::EndsFirst);
        }
        if plan
            .from
            .iter()
            .chain(&plan.to)
            .any(|day| !season.holds(*day))
        {
            unmet.push(Unmet::OutOfSeason);
        }
        let months = season.months();
        let outside = plan
            .investment
            .keys()
            .filter(|month| !months.contains(month));
        unmet.extend(outside.map(|month| Unmet::Month(*month)));
        if plan.total().is_none() || plan.investment.values().any(|one| one.0 < 0) {
            unmet.push(Unmet::Amount);
        }
        let unknown = |code: &&String| self.measures.iter().all(|one| one.code != **code);
        let unknown = plan.measures.iter().filter(unknown);
        unmet.extend(unknown.map(|code| Unmet::UnknownMeasure(code.clone())));
        if plan.prepared_on.is_some_and(|day| day > today) {
            unmet.push(Unmet::Day("prepared_on"));
        }
        let early = plan.supervised_on < plan.prepared_on;
        if plan.supervised_on.is_some_and(|day| day > today || early) {
            unmet.push(Unmet::Day("supervised_on"));
        }
        unmet
    }

    /// What a plan still has to say before it is handed in.
    fn lacks(&self, plan: &Plan) -> Vec<Unmet> {
        let said = [
            ("from", plan.from.is_some()),
            ("to", plan.to.is_some()),
            ("parts", !plan.parts.trim().is_empty()),
            ("investment", plan.total().is_some_and(|sum| sum.0 > 0)),
            ("workers", plan.workers.is_some_and(|n| n > 0)),
            ("prepared_on", plan.prepared_on.is_some()),
            ("supervised_on", plan.supervised_on.is_some()),
        ];
        let missing = said.into_iter().filter(|(_, said)| !said);
        let mut unmet: Vec<Unmet> = missing.map(|(field, _)| Unmet::Missing(field)).collect();
        let open = self
            .measures
            .iter()
            .filter(|one| one.required && !plan.measures.contains(&one.code));
        unmet.extend(open.map(|one| Unmet::Measure(one.code.clone())));
        unmet
    }
}

fn whole_or(unmet: Vec<Unmet>) -> Result<(), Refused> {
    match unmet.is_empty() {
        true => Ok(()),
        false => Err(Refused::Unmet(unmet)),
    }
}
