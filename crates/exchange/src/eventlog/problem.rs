//! One value of a log that could not be used.
//!
//! What a reader would get wrong: the value is left out, its event stays. Only the first
//! [`LogNotes::KEPT`] are kept with their place; all are counted.

use crate::text::Language;

/// A value that is not what its type says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProblem {
    /// The case, counted from 1; 0 for the log itself.
    pub case: usize,
    /// The event in its case, counted from 1; 0 for the case itself.
    pub event: usize,
    /// The attribute, or the column.
    pub key: String,
    /// What stood there.
    pub found: String,
    /// The type it should have had: `date`, `int`, `float`, `boolean`, `key`.
    pub expected: &'static str,
}

impl LogProblem {
    /// Place, what was found and what was expected, for people.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let Self {
            case,
            event,
            key,
            found,
            expected,
        } = self;
        match language {
            Language::Chinese => format!(
                "第 {case} 个案例第 {event} 个事件 {key}：“{found}”，应为 {expected}，该值未采用。"
            ),
            Language::English => format!(
                "case {case}, event {event}, {key}: “{found}”, expected {expected}; the value is left out."
            ),
        }
    }
}

/// What a file had that the log does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogNotes {
    /// The first problems, with their places.
    pub problems: Vec<LogProblem>,
    /// All problems.
    pub n_problems: usize,
    /// Attributes inside attributes: allowed by XES, of no use to an analysis, left out.
    pub n_nested: usize,
    /// Elements no log has, and events outside every case.
    pub n_strange: usize,
}

impl LogNotes {
    /// How many problems are kept with their place.
    pub const KEPT: usize = 20;
    /// How many characters of a wrong value are kept.
    const SHOWN: usize = 60;

    pub(super) fn add(
        &mut self,
        place: (usize, usize),
        key: &str,
        found: &str,
        expected: &'static str,
    ) {
        self.n_problems += 1;
        if self.problems.len() < Self::KEPT {
            let (case, event) = place;
            self.problems.push(LogProblem {
                case,
                event,
                key: key.chars().take(Self::SHOWN).collect(),
                found: found.chars().take(Self::SHOWN).collect(),
                expected,
            });
        }
    }
}
