//! The day's rounds: what is done every day without anybody asking, by whichever server comes
//! first.
//!
//! What a reader would get wrong: that a round is claimed keeps it from being done twice for
//! nothing; that each reminder fires once does not hang on it. A server that dies half-way leaves
//! its round to another, which goes on where it stopped.

use gangmu_store::rounds;
use serde::Serialize;

use crate::App;
use crate::error::AppError;

/// A round of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// Due dates follow the calendar, should it have changed.
    MoveDues,
    /// Reminders before, at and after due dates of matters, and the ladder they climb; reminders
    /// of what was agreed, of problems' next steps and of winter plans to be filed.
    Remind,
    /// Problems nobody has done anything about go up a rung.
    Escalate,
    /// Reports and answers to supervisors' letters: reminders, and the ladder they climb.
    Supervise,
}

impl Round {
    /// All, in the order of the day.
    pub const ALL: [Self; 4] = [
        Self::MoveDues,
        Self::Remind,
        Self::Escalate,
        Self::Supervise,
    ];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::MoveDues => "move_dues",
            Self::Remind => "remind",
            Self::Escalate => "escalate",
            Self::Supervise => "supervise",
        }
    }

    /// The hour from which it is due: dates at night, reminders when offices open.
    const fn hour(self) -> i8 {
        match self {
            Self::MoveDues => 3,
            Self::Remind | Self::Escalate | Self::Supervise => 8,
        }
    }
}

/// A round that was made, and what it came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RoundMade {
    /// Which.
    pub round: Round,
    /// Due dates moved, reminders sent, or problems escalated.
    pub count: usize,
}

/// How long a server may take over a round before another takes it for dead.
const PATIENCE: i64 = 30 * 60 * 1_000;

impl App {
    /// Makes the rounds that are due today and that nobody has made; call it every minute.
    ///
    /// # Errors
    /// When the database fails; the round is made again later.
    pub async fn rounds_make(&self) -> Result<Vec<RoundMade>, AppError> {
        let hour = crate::clock::civil_time(self.now()).hour();
        let mut made = Vec::new();
        for round in Round::ALL.into_iter().filter(|round| round.hour() <= hour) {
            let today = self.today();
            let tx = self.db.begin().await?;
            let stale = self.now().saturating_sub(PATIENCE);
            let mine = rounds::round_claim(&tx, round.word(), today, self.now(), stale).await?;
            tx.commit().await?;
            if !mine {
                continue;
            }
            let count = self.round_make(round).await?;
            let tx = self.db.begin().await?;
            rounds::round_done(&tx, round.word(), today, self.now()).await?;
            tx.commit().await?;
            made.push(RoundMade { round, count });
        }
        Ok(made)
    }

    async fn round_make(&self, round: Round) -> Result<usize, AppError> {
        let system = self.system().await?;
        match round {
            Round::MoveDues => self.approval_dues_follow(&system, "工作日历已更新").await,
            Round::Remind => {
                let matters = self.approval_remind(&system).await?;
                let agreed = self.resolutions_remind(&system).await?;
                let problems = self.problems_remind(&system).await?;
                Ok(matters + agreed + problems + self.winter_remind(&system).await?)
            }
            Round::Escalate => self.problems_escalate(&system).await,
            Round::Supervise => self.supervision_remind(&system).await,
        }
    }
}
