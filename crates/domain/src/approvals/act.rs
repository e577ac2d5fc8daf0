//! What can be done with a matter, and why it may not be done now.
//!
//! An act is never taken back by erasing it: a [`Act::Strike`] strikes the last act that stands,
//! and both stay on record. What a reader would get wrong: forwarding is one act and two events,
//! because the level above has received what was sent on the day it was sent, so that its silence
//! counts from then.

use gangmu_calendar::CalendarError;
use gangmu_calendar::clock::{Budget, Clock, SpecialProcedure, Why};
use jiff::civil::Date;

use crate::organisation::{DepartmentId, UserId};
use crate::words::words;

words! {
    /// The kind of an act (办理动作).
    ActKind {
        /// The application came in (收件).
        Receive = "receive",
        /// All defects were named at once (一次性告知补正).
        AskCorrection = "ask_correction",
        /// The corrected papers are complete (补正齐全).
        Correct = "correct",
        /// Accepted (受理).
        Accept = "accept",
        /// Accepted although papers are missing, on a promise (容缺受理).
        AcceptDeferred = "accept_deferred",
        /// A missing paper was handed in (补交材料).
        HandIn = "hand_in",
        /// A special procedure began (挂起).
        Suspend = "suspend",
        /// The special procedure ended (恢复).
        Resume = "resume",
        /// A limit was made longer (延期).
        Extend = "extend",
        /// Sent up (转报).
        Forward = "forward",
        /// Decided but for the papers that are missing (初审意见).
        Preliminary = "preliminary",
        /// Granted (准予).
        Grant = "grant",
        /// Refused (不予许可).
        Refuse = "refuse",
        /// The decision reached the applicant (送达决定).
        Deliver = "deliver",
        /// The preliminary opinion is void, because what came in touches its substance (作废重办).
        VoidPreliminary = "void_preliminary",
        /// The project does not need the matter (认定无需办理).
        Exempt = "exempt",
        /// The project needs the matter after all (认定需要办理).
        Require = "require",
        /// The lead department or the promised limit was changed, with the reason (调整).
        Adjust = "adjust",
        /// The last act that stood was struck out (撤销上一动作).
        Strike = "strike",
    }
}

/// One act with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// See [`ActKind::Receive`].
    Receive {
        /// It came after the hour until which things are forwarded the same day, or nobody noted
        /// the hour.
        after_cut_off: bool,
    },
    /// See [`ActKind::AskCorrection`].
    AskCorrection {
        /// Every defect; there is no second time.
        defects: Vec<String>,
    },
    /// See [`ActKind::Correct`].
    Correct,
    /// See [`ActKind::Accept`].
    Accept,
    /// See [`ActKind::AcceptDeferred`].
    AcceptDeferred {
        /// Codes of the materials that are missing.
        missing: Vec<String>,
        /// By when they were promised.
        promised_on: Date,
        /// The written promise: its number or words.
        promise: String,
    },
    /// See [`ActKind::HandIn`].
    HandIn {
        /// The material's code.
        material: String,
    },
    /// See [`ActKind::Suspend`].
    Suspend {
        /// Which procedure.
        procedure: SpecialProcedure,
        /// How long it may take; what the applicant was told.
        bound: Budget,
    },
    /// See [`ActKind::Resume`].
    Resume,
    /// See [`ActKind::Extend`].
    Extend {
        /// Which limit.
        limit: Clock,
        /// By how many of its days.
        days: u32,
        /// Who approved it: a post.
        approver: String,
        /// Why.
        reason: String,
    },
    /// See [`ActKind::Forward`].
    Forward {
        /// See [`Act::Receive`]; for the level above.
        after_cut_off: bool,
    },
    /// See [`ActKind::Preliminary`].
    Preliminary {
        /// The number of the opinion.
        document_no: String,
    },
    /// See [`ActKind::Grant`].
    Grant {
        /// The number of the decision.
        document_no: String,
    },
    /// See [`ActKind::Refuse`].
    Refuse {
        /// The legal ground.
        ground: String,
        /// The number of the decision.
        document_no: String,
    },
    /// See [`ActKind::Deliver`].
    Deliver,
    /// See [`ActKind::VoidPreliminary`].
    VoidPreliminary {
        /// What of the substance is touched.
        reason: String,
    },
    /// See [`ActKind::Exempt`].
    Exempt {
        /// Why.
        reason: String,
    },
    /// See [`ActKind::Require`].
    Require {
        /// Why.
        reason: String,
    },
    /// See [`ActKind::Adjust`].
    Adjust {
        /// The department that leads from now on.
        department: Option<DepartmentId>,
        /// The limit promised to this project.
        promised: Option<Budget>,
        /// Why.
        reason: String,
    },
    /// See [`ActKind::Strike`].
    Strike {
        /// The number of the act that is struck out.
        seq: u32,
        /// Why.
        reason: String,
    },
}

impl Act {
    /// Returns the kind.
    #[must_use]
    pub const fn kind(&self) -> ActKind {
        use ActKind as K;
        match self {
            Self::Receive { .. } => K::Receive,
            Self::AskCorrection { .. } => K::AskCorrection,
            Self::Correct => K::Correct,
            Self::Accept => K::Accept,
            Self::AcceptDeferred { .. } => K::AcceptDeferred,
            Self::HandIn { .. } => K::HandIn,
            Self::Suspend { .. } => K::Suspend,
            Self::Resume => K::Resume,
            Self::Extend { .. } => K::Extend,
            Self::Forward { .. } => K::Forward,
            Self::Preliminary { .. } => K::Preliminary,
            Self::Grant { .. } => K::Grant,
            Self::Refuse { .. } => K::Refuse,
            Self::Deliver => K::Deliver,
            Self::VoidPreliminary { .. } => K::VoidPreliminary,
            Self::Exempt { .. } => K::Exempt,
            Self::Require { .. } => K::Require,
            Self::Adjust { .. } => K::Adjust,
            Self::Strike { .. } => K::Strike,
        }
    }

    /// Lists the texts that must say something, each with the field a form shows it in.
    fn texts(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::AcceptDeferred { promise, .. } => vec![("promise", promise)],
            Self::Extend {
                approver, reason, ..
            } => vec![("approver", approver), ("reason", reason)],
            Self::Refuse { ground, .. } => vec![("ground", ground)],
            Self::VoidPreliminary { reason }
            | Self::Exempt { reason }
            | Self::Require { reason }
            | Self::Adjust { reason, .. }
            | Self::Strike { reason, .. } => vec![("reason", reason)],
            _ => Vec::new(),
        }
    }

    /// Says which text is missing, if one is.
    pub(super) fn unexplained(&self) -> Option<&'static str> {
        if let Self::AskCorrection { defects } = self
            && (defects.is_empty() || defects.iter().any(|one| one.trim().is_empty()))
        {
            return Some("defects");
        }
        let mut texts = self.texts().into_iter();
        let blank = texts.find(|(_, text)| text.trim().is_empty());
        blank.map(|(field, _)| field)
    }
}

/// An act on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counts the events of the matter from one.
    pub seq: u32,
    /// The leg it was done on, counted from zero.
    pub leg: u32,
    /// The day it counts from.
    pub on: Date,
    /// When it was entered, in milliseconds since 1970.
    pub at: i64,
    /// Who entered it.
    pub user: UserId,
    /// What was done.
    pub act: Act,
}

/// Why an act was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The clock's own rules: order, twice, future, before the last act, beyond the calendar.
    #[error("{}: {why}", act.word())]
    Clock {
        /// What was asked.
        act: ActKind,
        /// Why not.
        why: Why,
    },
    /// The case is closed.
    #[error("the case is closed")]
    Closed,
    /// The project does not need the matter.
    #[error("the project does not need it")]
    NotNeeded,
    /// Whether the project needs it is not known yet.
    #[error("whether the project needs it is not known")]
    ToClarify,
    /// It is so already, or there is nothing to do it to.
    #[error("{} is not what is to be done now", act.word())]
    NotNow {
        /// What was asked.
        act: ActKind,
    },
    /// A text that must be there is missing.
    #[error("`{field}` must say something")]
    Unexplained {
        /// Which.
        field: &'static str,
    },
    /// Matters that come first are not decided.
    #[error("{} come first", before.join(", "))]
    WaitsFor {
        /// Their codes.
        before: Vec<String>,
    },
    /// The matter may not use this procedure.
    #[error("the matter has no such procedure")]
    NoSuchProcedure,
    /// The procedure may not take so long.
    #[error("the procedure takes {longest} days at most")]
    ProcedureTooLong {
        /// How long at most, in the days of its bound.
        longest: u32,
    },
    /// These materials cannot be handed in later, or are not waited for.
    #[error("{} cannot be deferred", materials.join(", "))]
    NotDeferrable {
        /// Their codes.
        materials: Vec<String>,
    },
    /// Promised later than the project is to start, or before the day of acceptance.
    #[error("the papers must be promised between {from} and {to}")]
    PromisedOn {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// Papers that were promised have not come.
    #[error("{} have not been handed in", materials.join(", "))]
    Outstanding {
        /// Their codes.
        materials: Vec<String>,
    },
    /// The promised limit would be longer than the law's.
    #[error("the promise is longer than the law's limit")]
    LongerThanLaw,
    /// Not the act that stands last.
    #[error("act {last} is the last one that stands")]
    NotTheLast {
        /// The number of the last that stands; zero when none does.
        last: u32,
    },
}

impl Refused {
    /// Returns the word under which the text for people is kept.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Clock { why, .. } => match why {
                Why::BeforeLast { .. } => "approvals.refused.before_last",
                Why::InFuture { .. } => "approvals.refused.in_future",
                Why::Twice { .. } => "approvals.refused.twice",
                Why::NotNow { .. } => "approvals.refused.not_now",
                Why::AcceptedBySilence { .. } => "approvals.refused.accepted_by_silence",
                Why::AfterDue { .. } => "approvals.refused.after_due",
                Why::ExtensionLength { .. } => "approvals.refused.extension_length",
                Why::Unexplained => "approvals.refused.unexplained",
                Why::NotExtendable { .. } => "approvals.refused.not_extendable",
                Why::Calendar(_) => "approvals.refused.calendar",
            },
            Self::Closed => "approvals.refused.closed",
            Self::NotNeeded => "approvals.refused.not_needed",
            Self::ToClarify => "approvals.refused.to_clarify",
            Self::NotNow { .. } => "approvals.refused.not_now",
            Self::Unexplained { .. } => "approvals.refused.unexplained",
            Self::WaitsFor { .. } => "approvals.refused.waits_for",
            Self::NoSuchProcedure => "approvals.refused.no_such_procedure",
            Self::ProcedureTooLong { .. } => "approvals.refused.procedure_too_long",
            Self::NotDeferrable { .. } => "approvals.refused.not_deferrable",
            Self::PromisedOn { .. } => "approvals.refused.promised_on",
            Self::Outstanding { .. } => "approvals.refused.outstanding",
            Self::LongerThanLaw => "approvals.refused.longer_than_law",
            Self::NotTheLast { .. } => "approvals.refused.not_the_last",
        }
    }

    /// Returns the values for the text, in the order it names them.
    #[must_use]
    pub fn params(&self) -> Vec<String> {
        match self {
            Self::Clock { why, .. } => clock_params(why),
            Self::WaitsFor { before } => vec![before.join("、")],
            Self::ProcedureTooLong { longest } => vec![longest.to_string()],
            Self::NotDeferrable { materials } | Self::Outstanding { materials } => {
                vec![materials.join("、")]
            }
            Self::PromisedOn { from, to } => vec![from.to_string(), to.to_string()],
            Self::NotTheLast { last } => vec![last.to_string()],
            _ => Vec::new(),
        }
    }
}

fn clock_params(why: &Why) -> Vec<String> {
    match why {
        Why::BeforeLast { last, .. } => vec![last.to_string()],
        Why::InFuture { today } => vec![today.to_string()],
        Why::Twice { first } => vec![first.to_string()],
        Why::AcceptedBySilence {
            received,
            silence_ends,
        } => vec![received.to_string(), silence_ends.to_string()],
        Why::AfterDue { due_on } => vec![due_on.to_string()],
        Why::ExtensionLength { longest } => vec![longest.to_string()],
        Why::Calendar(CalendarError::MissingYear { name, year }) => {
            vec![year.to_string(), format!("{name}-{year}.csv")]
        }
        _ => Vec::new(),
    }
}
