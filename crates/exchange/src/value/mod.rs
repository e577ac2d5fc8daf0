//! What one cell means, given what its column is for.
//!
//! A reader returns a [`Reading`]: a blank cell is no value and no note; an unreadable
//! one is no value and a note; an odd but clear one is a value *and* a note.

mod code;
mod date;
mod number;
mod party;
mod period;

use crate::problem::Code;

pub use code::{CodeShape, ProjectCode, read_code};
pub use date::{DatePoint, DateStyle, read_date};
pub(crate) use number::is_numeric_text;
pub use number::{MoneyUnit, NumberStyle, read_integer, read_money, read_percent};
pub use party::{PartyOffer, read_party};
pub use period::{PeriodRange, read_period_range};

/// A value in the base unit of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    /// Whole units of the currency (yuan, unless a profile names another).
    Money(i64),
    Date(DatePoint),
    Period(PeriodRange),
    /// Hundredths of a percent: 35.6 % is 3560.
    Percent(i64),
    Integer(i64),
    Code(ProjectCode),
    /// A name that the caller looks up in its own tables.
    Lookup(String),
}

/// The outcome of reading one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    pub value: Option<T>,
    pub note: Option<Code>,
}

impl<T> Reading<T> {
    pub(crate) const BLANK: Self = Self {
        value: None,
        note: None,
    };

    pub(crate) fn plain(value: T) -> Self {
        Self {
            value: Some(value),
            note: None,
        }
    }

    pub(crate) fn noted(value: T, note: Code) -> Self {
        Self {
            value: Some(value),
            note: Some(note),
        }
    }

    pub(crate) fn unreadable(note: Code) -> Self {
        Self {
            value: None,
            note: Some(note),
        }
    }

    pub(crate) fn without_note(self) -> Self {
        Self { note: None, ..self }
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Reading<U> {
        Reading {
            value: self.value.map(change),
            note: self.note,
        }
    }
}

/// Whether a text stands for "nothing": a dash, a slash, 无, N/D.
pub(crate) fn is_placeholder(text: &str) -> bool {
    matches!(
        text,
        "" | "-"
            | "--"
            | "---"
            | "—"
            | "——"
            | "/"
            | "\\"
            | "无"
            | "暂无"
            | "N/A"
            | "n/a"
            | "N/D"
            | "*"
            | "…"
            | "……"
    )
}
