//! Notices: who hears of what, when it is sent, and when a failed sending is tried again.
//!
//! What a reader would get wrong: a notice is written to an office, and each person of the office
//! has it once in their own inbox. What goes out by mail or to a group's robot is only a copy of
//! what stands in the inbox, so nothing depends on a mail server.

mod audience;
mod preference;
mod retry;

use crate::words::words;

pub use audience::{Audience, Holder};
pub use preference::{Preference, Quiet, minute_from_text, minute_text};
pub use retry::{PATIENCE_HOURS, again_at};

words! {
    /// What a notice is about; what a person chooses by.
    NoticeKind {
        /// Returns are late (催报).
        Chase = "chase",
        /// A closed month is open again.
        Reopened = "reopened",
        /// An approval matter comes due (催办).
        Approval = "approval",
        /// A sitting asks a department's opinion.
        Sitting = "sitting",
        /// A letter over late matters came in (催办函、督办函).
        Letter = "letter",
        /// A step of a problem.
        Problem = "problem",
        /// Something agreed is to be done, comes due or is past its day (议定事项).
        Resolution = "resolution",
        /// A meeting's agenda is ready, or its minutes are (调度会).
        Meeting = "meeting",
        /// A plan that charges an office came into force, was revised or withdrawn (方案印发).
        Plan = "plan",
        /// A report on a plan is due or was not borne out (督查).
        Supervision = "supervision",
        /// One answers for something from now on, or takes it over (责任安排).
        Duty = "duty",
        /// A winter plan was handed in or sent back, or plans are to be filed (冬季施工).
        Winter = "winter",
        /// Anything else.
        Other = "other",
    }
}

impl NoticeKind {
    /// Reads the word a notice is stored with; one that nobody knows is about anything else.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self::from_word(word).unwrap_or(Self::Other)
    }
}

words! {
    /// How a person hears of a kind of notice.
    Way {
        /// In the inbox alone.
        Inbox = "inbox",
        /// Sent on at once, but not in quiet hours.
        AtOnce = "at_once",
        /// Sent on with all others of a day (摘要).
        Digest = "digest",
    }
}

words! {
    /// What carries a copy of a notice out of the house.
    Channel {
        /// Electronic mail to a person.
        Mail = "mail",
        /// The robot of a group chat (群机器人).
        Robot = "robot",
    }
}

words! {
    /// Where a copy stands on its way out.
    Dispatched {
        /// It waits for its time or for another attempt.
        Waiting = "waiting",
        /// A server is about to send it.
        Sending = "sending",
        /// It was taken by whoever carries it.
        Sent = "sent",
        /// It was refused for good, or tried for too long.
        Failed = "failed",
        /// Nobody wants it any more: the account is closed, or the person chose otherwise.
        Dropped = "dropped",
    }
}
