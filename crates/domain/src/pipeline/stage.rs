//! How far a project is.
//!
//! Forward moves go one stage at a time and only with a [`Passed`] gate. Leaving the pipeline is
//! not a stage move: it needs a reason and ends the project's life in the library's active part.

use super::Passed;
use crate::words::words;

words! {
    /// A project's stage (阶段), with the exits as final stages.
    Stage {
        /// An idea with a place, an industry and an estimate (谋划).
        Concept = "concept",
        /// Chosen to be prepared (储备).
        Reserve = "reserve",
        /// In preparation: approvals, land, money (前期).
        Preparation = "preparation",
        /// Being built (实施).
        Implementation = "implementation",
        /// Finished and in operation (竣工投产).
        Completed = "completed",
        /// Given up (取消).
        Cancelled = "cancelled",
        /// Handed to another list or level (调出).
        MovedOut = "moved_out",
        /// Went into another project (合并).
        Merged = "merged",
        /// Became several projects (拆分).
        Split = "split",
    }
}

words! {
    /// A way out of the pipeline that a person may choose (出库).
    Exit {
        /// Given up (取消).
        Cancelled = "cancelled",
        /// Handed to another list or level (调出).
        MovedOut = "moved_out",
    }
}

/// Why a project cannot be moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotMove {
    /// The stage asked for is not the next one, nor the one before.
    #[error("from {} the next stage is not {}", from.word(), to.word())]
    NotAdjacent {
        /// Where it stands.
        from: Stage,
        /// What was asked for.
        to: Stage,
    },
    /// The project has left the pipeline.
    #[error("the project has left the pipeline: {}", stage.word())]
    Left {
        /// How it left.
        stage: Stage,
    },
    /// The project is suspended; it must be resumed first.
    #[error("the project is suspended")]
    Suspended,
    /// A move back, an exit or a suspension was asked for without a reason.
    #[error("a reason is needed")]
    NoReason,
}

impl Stage {
    /// The five stages of an active project, first to last.
    pub const ACTIVE: [Self; 5] = [
        Self::Concept,
        Self::Reserve,
        Self::Preparation,
        Self::Implementation,
        Self::Completed,
    ];

    /// Says whether the project is still in the pipeline.
    #[must_use]
    pub fn is_active(self) -> bool {
        Self::ACTIVE.contains(&self)
    }

    /// Returns the next stage, if there is one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        let at = Self::ACTIVE.iter().position(|s| *s == self)?;
        Self::ACTIVE.get(at + 1).copied()
    }

    /// Returns the stage before, if there is one.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        let at = Self::ACTIVE.iter().position(|s| *s == self)?;
        Self::ACTIVE.get(at.checked_sub(1)?).copied()
    }

    /// Moves forward through a passed gate.
    ///
    /// # Errors
    /// When the gate leads elsewhere than to the next stage, or the project has left.
    pub fn advance(self, passed: &Passed) -> Result<Self, CannotMove> {
        let to = passed.to();
        match self.next() {
            _ if !self.is_active() => Err(CannotMove::Left { stage: self }),
            Some(next) if next == to => Ok(to),
            _ => Err(CannotMove::NotAdjacent { from: self, to }),
        }
    }

    /// Moves one stage back, for a reason (退回).
    ///
    /// # Errors
    /// When there is no stage before, or no reason was given.
    pub fn step_back(self, to: Self, reason: &str) -> Result<Self, CannotMove> {
        if !self.is_active() {
            return Err(CannotMove::Left { stage: self });
        }
        if self.previous() != Some(to) {
            return Err(CannotMove::NotAdjacent { from: self, to });
        }
        with_reason(reason)?;
        Ok(to)
    }

    /// Leaves the pipeline, for a reason.
    ///
    /// # Errors
    /// When the project has left already, or no reason was given.
    pub fn leave(self, exit: Exit, reason: &str) -> Result<Self, CannotMove> {
        if !self.is_active() {
            return Err(CannotMove::Left { stage: self });
        }
        with_reason(reason)?;
        Ok(match exit {
            Exit::Cancelled => Self::Cancelled,
            Exit::MovedOut => Self::MovedOut,
        })
    }
}

fn with_reason(reason: &str) -> Result<(), CannotMove> {
    if reason.trim().is_empty() {
        Err(CannotMove::NoReason)
    } else {
        Ok(())
    }
}
