//! Why a log was not analysed, in words for the person who handed it in.

use gangmu_exchange::Language;
use gangmu_exchange::eventlog::{LogFull, LogRefusal};

/// Why a log was not analysed.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file is no log, damaged, hostile or too large.
    #[error(transparent)]
    Refused(#[from] LogRefusal),
    /// No case has the attribute that was named.
    #[error("no case has the attribute `{name}`")]
    NoAttribute {
        /// What was named.
        name: String,
        /// What the cases have.
        found: Vec<String>,
    },
    /// An OCEL log has no objects of the type that was named, or several types and none was.
    #[error("no objects of the type `{name}`")]
    ObjectType {
        /// What was named; empty when nothing was.
        name: String,
        /// The types there are.
        found: Vec<String>,
    },
}

impl From<LogFull> for LogError {
    fn from(_: LogFull) -> Self {
        Self::Refused(LogRefusal::TooMany)
    }
}

impl LogError {
    /// The stable word under which the message is found.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::NoAttribute { .. } => "log_no_attribute",
            Self::ObjectType { .. } => "log_object_type",
        }
    }

    /// What was found and how to mend it, for people.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match (self, language) {
            (Self::Refused(refusal), language) => refusal.message(language),
            (Self::NoAttribute { name, found }, Language::Chinese) => {
                format!(
                    "没有案例带属性“{name}”。案例的属性有：{}。",
                    found.join("、")
                )
            }
            (Self::NoAttribute { name, found }, Language::English) => format!(
                "No case has the attribute “{name}”. Cases have: {}.",
                found.join(", ")
            ),
            (Self::ObjectType { found, .. }, Language::Chinese) => format!(
                "OCEL 日志请指明以哪类对象为案例。对象类型有：{}。",
                found.join("、")
            ),
            (Self::ObjectType { found, .. }, Language::English) => format!(
                "Name the type of objects that are cases. Types of objects: {}.",
                found.join(", ")
            ),
        }
    }
}
