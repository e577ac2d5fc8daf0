//! What can be done with a problem.
//!
//! What a reader would get wrong: the options in an act are what a person may leave to the rules.
//! They are filled in before the act is recorded, so that an act on record says everything.

use jiff::civil::Date;

use crate::organisation::{DepartmentId, UnitPath, UserId};
use crate::words::words;

words! {
    /// The kind of a step in a problem's life (销号动作).
    ActKind {
        /// Raised (提出).
        Raise = "raise",
        /// Accepted and graded (受理定级).
        Accept = "accept",
        /// Not taken in: no problem, or one that is in the ledger already (不予受理).
        Decline = "decline",
        /// Handed to whoever has to solve it (交办).
        HandOver = "hand_over",
        /// A word on how it goes, which changes nothing (进展).
        Progress = "progress",
        /// Answered: measures taken and what they came to (反馈).
        Answer = "answer",
        /// The answer does not do; done again (退回重办).
        SendBack = "send_back",
        /// Found to be solved (核验).
        Verify = "verify",
        /// Struck off the ledger (销号).
        StrikeOff = "strike_off",
        /// Whoever has it asks for more time (申请延期).
        AskExtension = "ask_extension",
        /// The deadline was made longer (批准延期).
        Extend = "extend",
        /// It was not (不予延期).
        RefuseExtension = "refuse_extension",
        /// Handed to the level above (升级).
        Escalate = "escalate",
        /// Put aside until a policy from above comes (等待政策).
        Wait = "wait",
        /// Taken up again (恢复办理).
        Resume = "resume",
        /// Ended by itself: every project it held up has left the pipeline (自动终止).
        Close = "close",
    }
}

/// Who has to solve a problem (责任主体).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// An office: a unit's department, or its commission when no department is named.
    Office {
        /// The unit.
        unit: UnitPath,
        /// The department; `None` for the commission.
        department: Option<DepartmentId>,
    },
    /// The owner of the project, through whoever reports for it.
    ProjectOwner,
}

/// Who coordinates a problem: a rung of the ladder and the unit that stands on it (协调层级).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The code of the level.
    pub level: String,
    /// The unit.
    pub unit: UnitPath,
}

/// Where a problem came from (问题来源).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Somebody raised it by itself.
    Direct,
    /// The words of a monthly return: the period's number.
    Return(i32),
    /// A matter of the project's approval case: its code.
    Approval(String),
    /// A visit to the site: its number.
    Visit(i64),
    /// A resolution of a meeting: the meeting's number.
    Meeting(i64),
}

impl Origin {
    /// The words of all origins.
    pub const WORDS: [&'static str; 5] = ["direct", "return", "approval", "visit", "meeting"];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Return(_) => "return",
            Self::Approval(_) => "approval",
            Self::Visit(_) => "visit",
            Self::Meeting(_) => "meeting",
        }
    }

    /// Returns what it points at; empty when at nothing.
    #[must_use]
    pub fn reference(&self) -> String {
        match self {
            Self::Direct => String::new(),
            Self::Return(period) => period.to_string(),
            Self::Approval(item) => item.clone(),
            Self::Visit(id) | Self::Meeting(id) => id.to_string(),
        }
    }

    /// Reads a word and what it points at.
    #[must_use]
    pub fn from_words(word: &str, reference: &str) -> Option<Self> {
        Some(match word {
            "direct" => Self::Direct,
            "return" => Self::Return(reference.parse().ok()?),
            "approval" => Self::Approval(reference.to_owned()),
            "visit" => Self::Visit(reference.parse().ok()?),
            "meeting" => Self::Meeting(reference.parse().ok()?),
            _ => return None,
        })
    }
}

/// A step with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// See [`ActKind::Raise`].
    Raise {
        /// What kind of problem it seems to be: a code of the rules.
        kind: String,
        /// Who coordinates; the first level when left to the rules.
        to: Option<Seat>,
    },
    /// See [`ActKind::Accept`].
    Accept {
        /// What kind of problem it is.
        kind: String,
        /// How grave it is: a code of the rules.
        grade: String,
    },
    /// See [`ActKind::Decline`].
    Decline {
        /// Why.
        reason: String,
    },
    /// See [`ActKind::HandOver`].
    HandOver {
        /// Who has to solve it.
        to: Party,
        /// Who helps.
        assisting: Vec<Party>,
        /// Until when; as long as the grade gives when left to the rules.
        due_on: Option<Date>,
        /// What is asked.
        demand: String,
    },
    /// See [`ActKind::Progress`].
    Progress {
        /// How it goes.
        text: String,
    },
    /// See [`ActKind::Answer`].
    Answer {
        /// What was done.
        measures: String,
        /// What came of it.
        result: String,
    },
    /// See [`ActKind::SendBack`].
    SendBack {
        /// What is wanting.
        reason: String,
        /// The new deadline; as long as the grade gives when left to the rules.
        due_on: Option<Date>,
    },
    /// See [`ActKind::Verify`].
    Verify {
        /// What was found on the spot or in the papers.
        finding: String,
    },
    /// See [`ActKind::StrikeOff`].
    StrikeOff {
        /// A remark; may be empty.
        remark: String,
    },
    /// See [`ActKind::AskExtension`].
    AskExtension {
        /// The deadline that is wanted.
        due_on: Date,
        /// Why.
        reason: String,
    },
    /// See [`ActKind::Extend`].
    Extend {
        /// The new deadline.
        due_on: Date,
        /// The post that approved it.
        approver: String,
        /// Why.
        reason: String,
    },
    /// See [`ActKind::RefuseExtension`].
    RefuseExtension {
        /// Why.
        reason: String,
    },
    /// See [`ActKind::Escalate`].
    Escalate {
        /// Why.
        reason: String,
        /// The new deadline, which the level above gives; the old one stays when there is none.
        due_on: Option<Date>,
        /// Who coordinates from now on; the next level when left to the rules.
        to: Option<Seat>,
    },
    /// See [`ActKind::Wait`].
    Wait {
        /// The policy that is waited for.
        policy: String,
    },
    /// See [`ActKind::Resume`].
    Resume {
        /// The new deadline; the old one moved by the working days waited when left to the rules.
        due_on: Option<Date>,
    },
    /// See [`ActKind::Close`].
    Close {
        /// Why.
        reason: String,
    },
}

impl Act {
    /// Returns the kind.
    #[must_use]
    pub const fn kind(&self) -> ActKind {
        match self {
            Self::Raise { .. } => ActKind::Raise,
            Self::Accept { .. } => ActKind::Accept,
            Self::Decline { .. } => ActKind::Decline,
            Self::HandOver { .. } => ActKind::HandOver,
            Self::Progress { .. } => ActKind::Progress,
            Self::Answer { .. } => ActKind::Answer,
            Self::SendBack { .. } => ActKind::SendBack,
            Self::Verify { .. } => ActKind::Verify,
            Self::StrikeOff { .. } => ActKind::StrikeOff,
            Self::AskExtension { .. } => ActKind::AskExtension,
            Self::Extend { .. } => ActKind::Extend,
            Self::RefuseExtension { .. } => ActKind::RefuseExtension,
            Self::Escalate { .. } => ActKind::Escalate,
            Self::Wait { .. } => ActKind::Wait,
            Self::Resume { .. } => ActKind::Resume,
            Self::Close { .. } => ActKind::Close,
        }
    }

    /// Lists what a person wrote: the field, the text, and whether it must say something.
    #[must_use]
    pub fn texts(&self) -> Vec<(&'static str, &str, bool)> {
        match self {
            Self::Raise { .. } | Self::Accept { .. } | Self::Resume { .. } => Vec::new(),
            Self::Decline { reason }
            | Self::AskExtension { reason, .. }
            | Self::RefuseExtension { reason }
            | Self::Close { reason } => vec![("reason", reason, true)],
            Self::HandOver { demand, .. } => vec![("demand", demand, true)],
            Self::Progress { text } => vec![("text", text, true)],
            Self::Answer { measures, result } => {
                vec![("measures", measures, true), ("result", result, true)]
            }
            Self::SendBack { reason, .. } | Self::Escalate { reason, .. } => {
                vec![("reason", reason, true)]
            }
            Self::Verify { finding } => vec![("finding", finding, true)],
            Self::StrikeOff { remark } => vec![("remark", remark, false)],
            Self::Extend {
                approver, reason, ..
            } => vec![("approver", approver, true), ("reason", reason, true)],
            Self::Wait { policy } => vec![("policy", policy, true)],
        }
    }
}

/// A step on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counts the steps of the problem from 1.
    pub seq: u32,
    /// The day it counts from.
    pub on: Date,
    /// When it was recorded, in milliseconds since 1970.
    pub at: i64,
    /// Who did it; zero for the system.
    pub user: UserId,
    /// What was done.
    pub act: Act,
    /// The day by which the next step is due, as the rules of that day said.
    pub due: Option<Date>,
}
