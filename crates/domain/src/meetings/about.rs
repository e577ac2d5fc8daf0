//! Which of a unit's projects a series is about.

use crate::organisation::{DepartmentId, UserId};

/// Which projects of its unit, and of those below, a series is about (调度范围).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SeriesAbout {
    /// All of them.
    #[default]
    Whole,
    /// Those of an industry department (行业主管部门).
    Department(DepartmentId),
    /// Those of an industrial chain, by its code (产业链).
    Chain(String),
    /// Those in which a person holds a duty, such as a contact leader (包联领导).
    Holder(UserId),
}

impl SeriesAbout {
    /// Returns the stable word of what it is narrowed by; empty for nothing.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Department(_) => "department",
            Self::Chain(_) => "chain",
            Self::Holder(_) => "holder",
        }
    }

    /// Returns the text it is stored as, such as `chain:aluminium`.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Department(id) => format!("department:{}", id.0),
            Self::Chain(code) => format!("chain:{code}"),
            Self::Holder(user) => format!("holder:{}", user.0),
        }
    }

    /// Reads that text; `None` when it is none.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Whole);
        }
        let (word, key) = text.split_once(':')?;
        match word {
            "department" => key
                .parse()
                .ok()
                .map(|id| Self::Department(DepartmentId(id))),
            "chain" if !key.is_empty() => Some(Self::Chain(key.to_owned())),
            "holder" => key.parse().ok().map(|id| Self::Holder(UserId(id))),
            _ => None,
        }
    }
}
