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
    /// For the caller: the table has no column for something the record needs.
    ColumnMissing,
    /// For the caller: neither the row nor the group it stands in names a unit of the tree.
    PlaceMissing,
    /// For the caller: the row belongs to somebody else's part of the tree.
    OutOfScope,
    /// For the caller: a row above is the same project.
    RowRepeated,
    /// For the caller: the project owes no return that the figures could go into.
    FiguresNotDue,
    /// For the caller: the return was handed in; only a draft takes figures from a file.
    ReturnFiled,
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
            | Self::ColumnMissing
            | Self::PlaceMissing
            | Self::FiguresNotDue
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
            | Self::OutOfScope
            | Self::RowRepeated
            | Self::ReturnFiled
            | Self::CellError => Severity::Error,
        }
    }
}

/// What a text needs besides, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detail {
    chinese: String,
    english: String,
}

impl Detail {
    /// Two texts that say the same.
    pub fn new(chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self {
            chinese: chinese.into(),
            english: english.into(),
        }
    }

    /// Whether there is nothing besides.
    pub fn is_empty(&self) -> bool {
        self.chinese.is_empty()
    }

    /// The text in one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }
}

/// Figures, cells and what stands in the file read the same in every language.
impl<T: Into<String>> From<T> for Detail {
    fn from(text: T) -> Self {
        let text = text.into();
        Self::new(text.clone(), text)
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
    /// The header of the column as the file has it; where it has none, how such a column is headed.
    pub column: String,
    pub found: String,
    /// What the text needs besides: a computed sum, the names of columns.
    pub detail: Detail,
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
            column: String::new(),
            found: found.into(),
            detail: Detail::default(),
            count: 1,
        }
    }

    /// The same finding with what the text needs besides.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Detail>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same finding about a field.
    #[must_use]
    pub fn about(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// The same finding in a column of this header.
    #[must_use]
    pub fn under(mut self, header: impl Into<String>) -> Self {
        self.column = header.into();
        self
    }

    /// What should have been there.
    pub fn expected(&self, language: Language) -> String {
        self.fill(text::of(self.code).expected(language), language)
    }

    /// What the person can do about it.
    pub fn mend(&self, language: Language) -> String {
        self.fill(text::of(self.code).mend(language), language)
    }

    /// `sheet!B7: found …; expected …; mend …` in one line.
    pub fn message(&self, language: Language) -> String {
        let place = if self.cell.is_empty() {
            self.sheet.clone()
        } else {
            format!("{}!{}", self.sheet, self.cell)
        };
        let (expected, mend) = (self.expected(language), self.mend(language));
        let found = match (self.found.is_empty(), language) {
            (false, _) => format!("“{}”", self.found),
            (true, Language::Chinese) => "空白".to_owned(),
            (true, Language::English) => "empty".to_owned(),
        };
        let line = match language {
            Language::Chinese => format!("{place}：{found}，应为{expected}。{mend}"),
            Language::English => format!("{place}: {found}, expected {expected}. {mend}"),
        };
        match (self.count, language) {
            (0 | 1, _) => line,
            (count, Language::Chinese) => format!("{line}（该列共 {count} 处）"),
            (count, Language::English) => format!("{line} ({count} cells in this column)"),
        }
    }

    fn fill(&self, text: &str, language: Language) -> String {
        text.replace("{detail}", self.detail.text(language))
            .replace("{column}", &self.column)
    }
}
