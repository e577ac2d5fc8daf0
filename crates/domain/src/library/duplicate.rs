//! Recognising that two entries are the same project.
//!
//! By code first; else by name, owner and place after removing what people type differently.
//! The answer is a list of candidates for a person to judge, never a silent merge.

use super::{Field, ProjectRecord};

/// What two likely duplicates share.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DuplicateKey {
    /// The name without blanks, brackets, markers and the generic words around it.
    pub name: String,
    /// The owner, normalised in the same way; empty when unknown.
    pub owner: String,
}

impl DuplicateKey {
    /// Returns the key of a record.
    #[must_use]
    pub fn of(record: &ProjectRecord) -> Self {
        Self {
            name: normalise_name(record.text(Field::Name).unwrap_or_default()),
            owner: normalise_name(record.text(Field::Owner).unwrap_or_default()),
        }
    }
}

/// Folds width and case and drops blanks, punctuation, markers and the closing word 项目 or 工程.
#[must_use]
pub fn normalise_name(name: &str) -> String {
    let folded: String = name
        .chars()
        .map(fold_width)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let trimmed = ["建设项目", "项目", "工程"]
        .iter()
        .find_map(|tail| folded.strip_suffix(tail))
        .unwrap_or(&folded);
    // A name that is nothing but a generic word keeps it: an empty key would match everything.
    if trimmed.is_empty() {
        folded
    } else {
        trimmed.to_owned()
    }
}

/// Folds a full-width character to its ASCII twin.
pub(super) fn fold_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}
