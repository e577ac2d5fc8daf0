//! The project record: a checked map from field to value.
//!
//! A value gets in only through [`ProjectRecord::set`], which checks it against the field's kind;
//! what is inside is valid. References (unit, department, industry) are checked for shape here
//! and for existence where the tables are.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Change, Field, FundingSource, Kind, LARGEST_QUANTITY, ProjectCode, Value};
use crate::Yuan;

/// Everything known of a project, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectRecord {
    values: BTreeMap<Field, Value>,
}

/// A value that a field cannot take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// The value is of another kind than the field holds.
    #[error("{} holds another kind of value", field.word())]
    WrongKind {
        /// The field.
        field: Field,
    },
    /// The text is longer than the field allows.
    #[error("{} is longer than {limit} characters", field.word())]
    TooLong {
        /// The field.
        field: Field,
        /// The most characters it takes.
        limit: usize,
    },
    /// The number or word is not one the field allows.
    #[error("{} cannot be `{found}`", field.word())]
    NotAllowed {
        /// The field.
        field: Field,
        /// What was found.
        found: String,
    },
    /// Two fields contradict each other.
    #[error("{} contradicts {}", field.word(), other.word())]
    Contradicts {
        /// The later field.
        field: Field,
        /// The field it contradicts.
        other: Field,
    },
    /// A record cannot be without this field.
    #[error("{} is missing", field.word())]
    Missing {
        /// The field.
        field: Field,
    },
}

impl FieldProblem {
    /// Returns the field to point at.
    #[must_use]
    pub fn field(&self) -> Field {
        match self {
            Self::WrongKind { field }
            | Self::TooLong { field, .. }
            | Self::NotAllowed { field, .. }
            | Self::Contradicts { field, .. }
            | Self::Missing { field } => *field,
        }
    }

    /// Returns the word under which the text for people is kept.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongKind { .. } => "wrong_kind",
            Self::TooLong { .. } => "too_long",
            Self::NotAllowed { .. } => "not_allowed",
            Self::Contradicts { .. } => "contradicts",
            Self::Missing { .. } => "missing",
        }
    }
}

impl ProjectRecord {
    /// Returns the value of a field.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.values.get(&field)
    }

    /// Returns the fields that have a value, in the order of the registry.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &Value)> {
        self.values.iter().map(|(field, value)| (*field, value))
    }

    /// Sets a field, or clears it with `None`.
    ///
    /// # Errors
    /// When the value does not fit the field's kind, length or list.
    pub fn set(&mut self, field: Field, value: Option<Value>) -> Result<(), FieldProblem> {
        match value.and_then(tidy) {
            None => {
                self.values.remove(&field);
            }
            Some(value) => {
                check_kind(field, &value)?;
                self.values.insert(field, value);
            }
        }
        Ok(())
    }

    /// Sets a field without checking: for values that come back from storage.
    pub fn restore(&mut self, field: Field, value: Option<Value>) {
        match value {
            Some(value) => self.values.insert(field, value),
            None => self.values.remove(&field),
        };
    }

    /// Lists what a record cannot be saved with: a missing name or unit, dates in the wrong order.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldProblem> {
        let missing = [Field::Name, Field::Unit]
            .into_iter()
            .filter(|field| self.get(*field).is_none())
            .map(|field| FieldProblem::Missing { field });
        let pairs = [
            (Field::StartYear, Field::EndYear),
            (Field::PlannedStart, Field::PlannedFinish),
            (Field::ActualStart, Field::ActualFinish),
        ];
        let disorder = pairs
            .into_iter()
            .filter(|(first, last)| is_before(self.get(*last), self.get(*first)))
            .map(|(other, field)| FieldProblem::Contradicts { field, other });
        missing.chain(disorder).collect()
    }

    /// Lists the differences that lead from this record to `after`.
    #[must_use]
    pub fn diff(&self, after: &Self) -> Vec<Change> {
        Field::ALL
            .iter()
            .filter(|field| self.get(**field) != after.get(**field))
            .map(|field| Change {
                field: *field,
                before: self.get(*field).cloned(),
                after: after.get(*field).cloned(),
            })
            .collect()
    }

    /// Returns how many of the fields that matter are filled, and how many there are.
    #[must_use]
    pub fn completeness(&self) -> crate::Ratio {
        let wanted = || Field::ALL.iter().filter(|f| f.counts_for_completeness());
        let filled = wanted().filter(|f| self.get(**f).is_some()).count();
        crate::Ratio::new(
            i64::try_from(filled).unwrap_or(i64::MAX),
            i64::try_from(wanted().count()).unwrap_or(i64::MAX),
        )
    }

    /// Returns a text, a code or a word.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        self.get(field)?.as_text()
    }

    /// Returns money.
    #[must_use]
    pub fn money(&self, field: Field) -> Option<Yuan> {
        self.get(field)?.as_money()
    }

    /// Returns a date.
    #[must_use]
    pub fn date(&self, field: Field) -> Option<Date> {
        match self.get(field)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// Returns a number.
    #[must_use]
    pub fn number(&self, field: Field) -> Option<i64> {
        match self.get(field)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns money by source; empty when none is known.
    #[must_use]
    pub fn funding(&self) -> BTreeMap<FundingSource, Yuan> {
        match self.get(Field::Funding) {
            Some(Value::Funding(parts)) => parts.clone(),
            _ => BTreeMap::new(),
        }
    }
}

/// Trims texts and tags and turns empty ones into no value at all.
fn tidy(value: Value) -> Option<Value> {
    match value {
        Value::Text(text) => {
            let text = text.trim();
            (!text.is_empty()).then(|| Value::Text(text.to_owned()))
        }
        Value::Code(code) => {
            let code = code.trim();
            (!code.is_empty()).then(|| Value::Code(code.to_owned()))
        }
        Value::Tags(mut tags) => {
            for tag in &mut tags {
                *tag = tag.trim().to_owned();
            }
            tags.retain(|tag| !tag.is_empty());
            tags.sort();
            tags.dedup();
            (!tags.is_empty()).then_some(Value::Tags(tags))
        }
        Value::Funding(mut parts) => {
            parts.retain(|_, yuan| *yuan != Yuan::ZERO);
            (!parts.is_empty()).then_some(Value::Funding(parts))
        }
        Value::Benefits(benefits) => (!benefits.is_empty()).then_some(Value::Benefits(benefits)),
        other => Some(other),
    }
}

fn check_kind(field: Field, value: &Value) -> Result<(), FieldProblem> {
    let not_allowed = |found: String| FieldProblem::NotAllowed { field, found };
    match (field.kind(), value) {
        (Kind::Line(limit) | Kind::Lines(limit), Value::Text(text)) => {
            if text.chars().count() > limit {
                return Err(FieldProblem::TooLong { field, limit });
            }
            let control = |c: char| c.is_control() && c != '\n' && c != '\t' && c != '\r';
            if text.chars().any(control) {
                return Err(not_allowed(text.escape_debug().to_string()));
            }
            Ok(())
        }
        (Kind::Money, Value::Money(yuan)) if yuan.is_negative() => {
            Err(not_allowed(yuan.to_string()))
        }
        (Kind::Money, Value::Money(_)) | (Kind::Date, Value::Date(_)) => Ok(()),
        (Kind::Quantity, Value::Number(n)) if (0..=LARGEST_QUANTITY).contains(n) => Ok(()),
        (Kind::Year, Value::Number(year)) if (1949..2200).contains(year) => Ok(()),
        (Kind::Degrees(limit), Value::Number(n))
            if i128::from(*n).abs() <= i128::from(limit) * 1_000_000 =>
        {
            Ok(())
        }
        (Kind::Year | Kind::Degrees(_) | Kind::Quantity, Value::Number(n)) => {
            Err(not_allowed(n.to_string()))
        }
        (Kind::ProjectCode, Value::Code(code)) => match ProjectCode::parse(code) {
            Ok(parsed) if parsed.as_str() == code => Ok(()),
            _ => Err(not_allowed(code.clone())),
        },
        (Kind::Choice(words), Value::Code(word)) if words.contains(&word.as_str()) => Ok(()),
        (Kind::Choice(_), Value::Code(word)) => Err(not_allowed(word.clone())),
        (Kind::Unit | Kind::Department | Kind::Industry, Value::Code(code)) if code.len() <= 64 => {
            Ok(())
        }
        (Kind::Units | Kind::Tags, Value::Tags(tags)) if tags.len() <= 200 => Ok(()),
        (Kind::Funding, Value::Funding(parts)) => match parts.values().find(|y| y.is_negative()) {
            Some(yuan) => Err(not_allowed(yuan.to_string())),
            None => Ok(()),
        },
        (Kind::Benefits, Value::Benefits(benefits)) if benefits.len() <= 100 => Ok(()),
        _ => Err(FieldProblem::WrongKind { field }),
    }
}

fn is_before(last: Option<&Value>, first: Option<&Value>) -> bool {
    match (last, first) {
        (Some(Value::Date(last)), Some(Value::Date(first))) => last < first,
        (Some(Value::Number(last)), Some(Value::Number(first))) => last < first,
        _ => false,
    }
}
