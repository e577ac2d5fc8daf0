//! A letter from the supervisors: sent, answered, looked at again until it is settled.

use jiff::civil::Date;

use crate::organisation::UserId;
use crate::words::words;

words! {
    /// What a letter does (督办文书).
    LetterKind {
        /// Presses an office for what is late (催办).
        Urge = "urge",
        /// Puts what has been late for long under supervision (督办).
        Supervise = "supervise",
    }
}

words! {
    /// Where a letter stands (函件状态).
    LetterState {
        /// An answer is waited for (待回复).
        Awaiting = "awaiting",
        /// It was answered and waits to be looked at (待复查).
        Replied = "replied",
        /// It is done with (已办结).
        Settled = "settled",
    }
}

words! {
    /// The kind of an act on a letter (函件动作).
    LetterActKind {
        /// Answered (回复).
        Reply = "reply",
        /// Looked at again (复查).
        Recheck = "recheck",
    }
}

/// An act on a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterAct {
    /// The office answers.
    Reply {
        /// What it says.
        text: String,
    },
    /// The supervisor looks whether that is so.
    Recheck {
        /// Whether it is done with.
        settled: bool,
        /// What was found.
        note: String,
        /// By when the office answers again, where it is not.
        reply_by: Option<Date>,
    },
}

impl LetterAct {
    /// Returns its kind.
    #[must_use]
    pub fn kind(&self) -> LetterActKind {
        match self {
            Self::Reply { .. } => LetterActKind::Reply,
            Self::Recheck { .. } => LetterActKind::Recheck,
        }
    }
}

/// An act on a letter as it was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterEvent {
    /// Counts the acts from 1.
    pub seq: i64,
    /// The day.
    pub on: Date,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub user: UserId,
    /// What.
    pub act: LetterAct,
}

/// Why an act on a letter may not be done (不能办理函件的原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterRefused {
    /// Not where the letter stands.
    NotNow(LetterState),
    /// Whoever answered does not look at it again.
    OwnReply,
    /// Something is not said: the field's word.
    Missing(&'static str),
    /// The new day for an answer is not after today.
    ReplyBy,
}

/// What the acts on a letter come to (函件过程).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterCourse {
    /// Where it stands.
    pub state: LetterState,
    /// By when an answer is asked for.
    pub reply_by: Date,
    /// Who answered last.
    pub replied_by: Option<UserId>,
    /// Counts the acts.
    pub version: i64,
}

impl LetterCourse {
    /// Folds the acts on a letter that first asked for an answer by a day.
    #[must_use]
    pub fn of(reply_by: Date, events: &[LetterEvent]) -> Self {
        let mut course = Self {
            state: LetterState::Awaiting,
            reply_by,
            replied_by: None,
            version: 0,
        };
        for event in events {
            course.version = event.seq;
            match &event.act {
                LetterAct::Reply { .. } => {
                    course.state = LetterState::Replied;
                    course.replied_by = Some(event.user);
                }
                LetterAct::Recheck { settled: true, .. } => course.state = LetterState::Settled,
                LetterAct::Recheck { reply_by, .. } => {
                    course.state = LetterState::Awaiting;
                    course.reply_by = reply_by.unwrap_or(course.reply_by);
                }
            }
        }
        course
    }

    /// Judges an act.
    ///
    /// # Errors
    /// Why it may not be done.
    pub fn judge(&self, act: &LetterAct, by: UserId, today: Date) -> Result<(), LetterRefused> {
        let wanted = match act.kind() {
            LetterActKind::Reply => LetterState::Awaiting,
            LetterActKind::Recheck => LetterState::Replied,
        };
        if self.state != wanted {
            return Err(LetterRefused::NotNow(self.state));
        }
        match act {
            LetterAct::Reply { text } if text.trim().is_empty() => {
                Err(LetterRefused::Missing("text"))
            }
            LetterAct::Recheck { .. } if self.replied_by == Some(by) => {
                Err(LetterRefused::OwnReply)
            }
            LetterAct::Recheck { note, .. } if note.trim().is_empty() => {
                Err(LetterRefused::Missing("note"))
            }
            LetterAct::Recheck {
                settled: false,
                reply_by,
                ..
            } => match reply_by {
                None => Err(LetterRefused::Missing("reply_by")),
                Some(day) if *day <= today => Err(LetterRefused::ReplyBy),
                Some(_) => Ok(()),
            },
            _ => Ok(()),
        }
    }
}
