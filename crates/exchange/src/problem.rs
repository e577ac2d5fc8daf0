//! One thing that is wrong or noteworthy in one place of a file.
//!
//! A problem never changes a value. `count` is above 1 where a whole column has the
//! same harmless peculiarity: one line instead of twenty thousand.

use crate::text::{self, Language};

/// How bad it is: an error keeps its record from being adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Info,
    Warning,
    Error,
}

impl Severity {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What is wrong; the texts are found under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    FileMisnamed,
    SheetWithoutTable,
    HeaderMissing,
    HeaderDuplicate,
    HeaderUnmapped,
    HeaderAmbiguous,
    UnitAssumed,
    NumberAsText,
    NumberUnreadable,
    NumberAmbiguous,
    NumberOutOfRange,
    UnitInCell,
    DateUnreadable,
    DateAmbiguousMonth,
    DateTwoDigitYear,
    PeriodUnreadable,
    PeriodAmbiguous,
    PeriodReversed,
    PercentUnreadable,
    IntegerUnreadable,
    CodeShape,
    PartyMixed,
    CellError,
    /// For the caller, who knows the names that a lookup may have.
    LookupUnknown,
    /// For the caller: no unit of the tree is called so.
    UnitUnknown,
    /// For the caller: not in a register too long to be listed.
    NameUnknown,
    /// For the caller: a value that its field does not take, and why.
    ValueRefused,
    /// For the caller: nothing stands where the record needs something.
    ValueMissing,
    JoinUnmatched,
    TotalMismatch,
    CountMismatch,
    /// A figure of the total or of its rows cannot be read.
    TotalNotCheckable,
}

impl Code {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        text::of(self).code
    }

    /// How bad it is when a value could be read in spite of it.
    pub fn severity(self) -> Severity {
        match self {
            Self::FileMisnamed
            | Self::HeaderDuplicate
            | Self::HeaderUnmapped
            | Self::SheetWithoutTable
            | Self::NumberAsText
            | Self::DateTwoDigitYear
            | Self::PartyMixed => Severity::Info,
            Self::HeaderMissing
            | Self::HeaderAmbiguous
            | Self::UnitAssumed
            | Self::UnitInCell
            | Self::DateAmbiguousMonth
            | Self::CodeShape
            | Self::LookupUnknown
            | Self::UnitUnknown
            | Self::NameUnknown
            | Self::ValueRefused
            | Self::ValueMissing
            | Self::JoinUnmatched
            | Self::TotalMismatch
            | Self::CountMismatch
            | Self::TotalNotCheckable => Severity::Warning,
            Self::NumberUnreadable
            | Self::NumberAmbiguous
            | Self::NumberOutOfRange
            | Self::DateUnreadable
            | Self::PeriodUnreadable
            | Self::PeriodAmbiguous
            | Self::PeriodReversed
            | Self::PercentUnreadable
            | Self::IntegerUnreadable
            | Self::CellError => Severity::Error,
        }
    }
}

/// A finding with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub code: Code,
    pub sheet: String,
    /// Name of the (first) cell, such as `B7`; empty when it is about the whole sheet.
    pub cell: String,
    /// The field that the column was mapped to.
    pub key: Option<String>,
    pub found: String,
    /// What the text needs besides: a computed sum, the names of columns.
    pub detail: String,
    /// How many cells of the column are like this one.
    pub count: usize,
}

impl Problem {
    /// A finding in one cell.
    pub fn new(code: Code, sheet: &str, cell: String, found: impl Into<String>) -> Self {
        Self {
            severity: code.severity(),
            code,
            sheet: sheet.to_owned(),
            cell,
            key: None,
            found: found.into(),
            detail: String::new(),
            count: 1,
        }
    }

    /// The same finding with what the text needs besides.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same finding about a field.
    #[must_use]
    pub fn about(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// What should have been there.
    pub fn expected(&self, language: Language) -> String {
        self.fill(text::of(self.code).expected(language))
    }

    /// What the person can do about it.
    pub fn mend(&self, language: Language) -> String {
        self.fill(text::of(self.code).mend(language))
    }

    /// `sheet!B7: found …; expected …; mend …` in one line.
    pub fn message(&self, language: Language) -> String {
        let place = if self.cell.is_empty() {
            self.sheet.clone()
        } else {
            format!("{}!{}", self.sheet, self.cell)
        };
        let (found, expected, mend) = (&self.found, self.expected(language), self.mend(language));
        let line = match language {
            Language::Chinese => format!("{place}：“{found}”，应为{expected}。{mend}"),
            Language::English => format!("{place}: “{found}”, expected {expected}. {mend}"),
        };
        match (self.count, language) {
            (0 | 1, _) => line,
            (count, Language::Chinese) => format!("{line}（该列共 {count} 处）"),
            (count, Language::English) => format!("{line} ({count} cells in this column)"),
        }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{detail}", &self.detail)
    }
}
