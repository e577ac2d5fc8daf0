//! A project's return for one period and its way through the levels.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::Yuan;
use crate::library::FundingSource;
use crate::organisation::UnitLevel;
use crate::words::words;

words! {
    /// The state of a period (报告期状态).
    PeriodState {
        /// Returns can be typed and reviewed.
        Open = "open",
        /// Frozen; only a correction by the region changes a figure, and keeps the old one.
        Closed = "closed",
    }
}

words! {
    /// Where a return stands (填报状态).
    ReturnStatus {
        /// Nothing has been typed yet (待填报).
        Due = "due",
        /// Typed, not handed in (草稿).
        Draft = "draft",
        /// Handed in and waiting for a review (待审核).
        Submitted = "submitted",
        /// Sent back with a reason (已退回).
        SentBack = "sent_back",
        /// Passed every level (已审定).
        Accepted = "accepted",
        /// The month was closed without it (未报).
        Missing = "missing",
    }
}

words! {
    /// What is going on at the site (现场状态).
    SiteStatus {
        /// Permanent works have not begun (未开工).
        NotStarted = "not_started",
        /// Being built (在建).
        Working = "working",
        /// Work has stopped (停工).
        Stopped = "stopped",
        /// Finished and in operation (竣工投产).
        Completed = "completed",
    }
}

words! {
    /// What was done to a return.
    ReturnEventKind {
        /// Handed in.
        Submitted = "submitted",
        /// Passed on by a level.
        Reviewed = "reviewed",
        /// Sent back by a level.
        SentBack = "sent_back",
        /// Taken back by the reporter before anyone reviewed it.
        Recalled = "recalled",
        /// Corrected after the month was closed (更正).
        Corrected = "corrected",
    }
}

/// What a reporter types. Everything else is derived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Investment completed in the month (本月完成投资); may be negative with a reason.
    pub month: Option<Yuan>,
    /// Money that came in during the month, by source (本月到位资金).
    pub funds: BTreeMap<FundingSource, Yuan>,
    /// What is going on at the site.
    pub site_status: Option<SiteStatus>,
    /// When permanent works began, if they began this month (实际开工时间).
    pub started_on: Option<Date>,
    /// When it went into operation, if it did this month (竣工投产时间).
    pub finished_on: Option<Date>,
    /// Progress in words (形象进度).
    pub image_progress: String,
    /// Problems in words (存在问题).
    pub problems: String,
    /// Why the month is negative, or why a closed figure is corrected (更正原因).
    pub correction_reason: String,
    /// Explanations of warnings, by the check's word.
    pub explanations: BTreeMap<String, String>,
}

impl Figures {
    /// Returns the sum of money that came in during the month.
    #[must_use]
    pub fn funds_total(&self) -> Yuan {
        self.funds.values().copied().sum()
    }
}

/// A project's return for one period (月报).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// Counts the changes; a save must name the version it was made from.
    pub version: i64,
    /// Where it stands.
    pub status: ReturnStatus,
    /// The level whose review is next, while submitted.
    pub awaiting: Option<UnitLevel>,
    /// What was typed.
    pub figures: Figures,
}

/// Why a return cannot be changed in the way asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotReport {
    /// The return is with a reviewer or accepted.
    #[error("the return is {}", status.word())]
    InStatus {
        /// Where it stands.
        status: ReturnStatus,
    },
    /// Another level's review is next.
    #[error("the review of another level is next")]
    NotYourTurn {
        /// The level whose review is next.
        awaiting: UnitLevel,
    },
    /// A reason is needed to send back.
    #[error("a reason is needed")]
    NoReason,
}

impl Return {
    /// The return nobody has typed yet.
    #[must_use]
    pub fn due() -> Self {
        Self {
            version: 0,
            status: ReturnStatus::Due,
            awaiting: None,
            figures: Figures::default(),
        }
    }

    /// Takes typed figures as a draft.
    ///
    /// # Errors
    /// When the return is with a reviewer, accepted, or the month closed without it.
    pub fn save_draft(&self, figures: Figures) -> Result<Self, CannotReport> {
        match self.status {
            ReturnStatus::Due | ReturnStatus::Draft | ReturnStatus::SentBack => Ok(Self {
                version: self.version + 1,
                // What was sent back stays marked so until it is handed in again.
                status: if self.status == ReturnStatus::SentBack {
                    ReturnStatus::SentBack
                } else {
                    ReturnStatus::Draft
                },
                awaiting: None,
                figures,
            }),
            status => Err(CannotReport::InStatus { status }),
        }
    }

    /// Hands the return in; the unit's own level reviews first.
    ///
    /// # Errors
    /// When it is with a reviewer or accepted already.
    pub fn submit(&self, unit_level: UnitLevel) -> Result<Self, CannotReport> {
        match self.status {
            ReturnStatus::Draft | ReturnStatus::SentBack | ReturnStatus::Due => Ok(Self {
                version: self.version + 1,
                status: ReturnStatus::Submitted,
                awaiting: Some(unit_level),
                figures: self.figures.clone(),
            }),
            status => Err(CannotReport::InStatus { status }),
        }
    }

    /// Passes the return on to the next level, or accepts it at the top.
    ///
    /// A level above the one whose turn it is may review for it (越级代审), never one below.
    ///
    /// # Errors
    /// When it is not submitted, or a higher level's review is next.
    pub fn review(&self, by: UnitLevel) -> Result<Self, CannotReport> {
        self.turn_of(by)?;
        let next = by.above();
        Ok(Self {
            version: self.version + 1,
            status: if next.is_some() {
                ReturnStatus::Submitted
            } else {
                ReturnStatus::Accepted
            },
            awaiting: next,
            figures: self.figures.clone(),
        })
    }

    /// Sends the return back to its reporter.
    ///
    /// # Errors
    /// When it is not submitted, a higher level's review is next, or there is no reason.
    pub fn send_back(&self, by: UnitLevel, reason: &str) -> Result<Self, CannotReport> {
        self.turn_of(by)?;
        if reason.trim().is_empty() {
            return Err(CannotReport::NoReason);
        }
        Ok(Self {
            version: self.version + 1,
            status: ReturnStatus::SentBack,
            awaiting: None,
            figures: self.figures.clone(),
        })
    }

    /// Says whether the figures count in totals: from the moment they are handed in.
    #[must_use]
    pub fn counts(&self) -> bool {
        matches!(
            self.status,
            ReturnStatus::Submitted | ReturnStatus::Accepted
        )
    }

    fn turn_of(&self, by: UnitLevel) -> Result<(), CannotReport> {
        match (self.status, self.awaiting) {
            (ReturnStatus::Submitted, Some(awaiting)) if by <= awaiting => Ok(()),
            (ReturnStatus::Submitted, Some(awaiting)) => {
                Err(CannotReport::NotYourTurn { awaiting })
            }
            (status, _) => Err(CannotReport::InStatus { status }),
        }
    }
}
