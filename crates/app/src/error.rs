//! What a use case refuses, in a form every surface can show.
//!
//! People never see `Display`; they see the text under `error.<code>` and the messages, each
//! beside its field. 403 or 404 is decided here once: what may not be seen does not exist.

use gangmu_domain::organisation::{Action, Role};
use gangmu_store::StoreError;
use serde::Serialize;

/// One thing to tell a person, beside a field where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The word under which its text stands, such as `field.too_long`.
    pub code: String,
    /// The field to point at; empty for the whole form.
    pub field: String,
    /// Values for the text, in the order it names them.
    pub params: Vec<String>,
}

impl Message {
    /// Makes a message for a field.
    pub fn new(
        code: impl Into<String>,
        field: impl Into<String>,
        params: impl IntoIterator<Item = String>,
    ) -> Self {
        Self {
            code: code.into(),
            field: field.into(),
            params: params.into_iter().collect(),
        }
    }
}

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// There is no such thing, or it may not be seen.
    #[error("no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// It may be seen, but not done by this person.
    #[error("not allowed to {}", action.word())]
    Refused {
        /// What was asked.
        action: Action,
        /// The roles that may.
        who: Vec<Role>,
    },
    /// Something typed is wrong; all of it at once. Nothing was changed.
    #[error("{} problems", messages.len())]
    Invalid {
        /// What is wrong.
        messages: Vec<Message>,
    },
    /// Somebody else changed it meanwhile. Nothing was changed.
    #[error("{what} was changed meanwhile")]
    Changed {
        /// What was changed.
        what: &'static str,
    },
    /// It cannot be done in the state things are in.
    #[error("{code}")]
    State {
        /// The word under which its text stands.
        code: &'static str,
        /// Values for the text.
        params: Vec<String>,
    },
    /// Log-in failed, or is needed.
    #[error("not logged in")]
    NotLoggedIn,
    /// Too many wrong passwords; try later.
    #[error("locked")]
    Locked {
        /// Until when, in milliseconds since 1970.
        until: i64,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file store failed.
    #[error("the file store failed")]
    Files(#[from] object_store::Error),
    /// A workbook could not be written.
    #[error(transparent)]
    Write(#[from] gangmu_exchange::write::WriteError),
    /// A document could not be written.
    #[error(transparent)]
    Letter(#[from] gangmu_exchange::letter::LetterError),
    /// A shipped or loaded reference file cannot be read.
    #[error("reference data `{name}` cannot be read: {problem}")]
    Reference {
        /// Which.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl AppError {
    /// Makes an [`AppError::Invalid`] of one message.
    pub fn invalid(code: &str, field: &str) -> Self {
        Self::Invalid {
            messages: vec![Message::new(code, field, [])],
        }
    }

    /// Makes an [`AppError::State`] without values.
    #[must_use]
    pub fn state(code: &'static str) -> Self {
        Self::State {
            code,
            params: Vec::new(),
        }
    }

    /// Returns the word under which the text for people stands.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::Refused { .. } => "refused",
            Self::Invalid { .. } => "invalid",
            Self::Changed { .. } => "changed",
            Self::State { code, .. } => code,
            Self::NotLoggedIn => "not_logged_in",
            Self::Locked { .. } => "locked",
            Self::Store(error) if error.is_storage_full() => "storage_full",
            Self::Store(StoreError::Exists { .. }) => "exists",
            Self::Store(_) | Self::Files(_) | Self::Write(_) | Self::Letter(_) => "internal",
            Self::Reference { .. } => "reference",
        }
    }
}

/// Turns an absent thing into "no such".
pub(crate) trait OrNotFound<T> {
    fn or_not_found(self, what: &'static str) -> Result<T, AppError>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self, what: &'static str) -> Result<T, AppError> {
        self.ok_or(AppError::NotFound { what })
    }
}
