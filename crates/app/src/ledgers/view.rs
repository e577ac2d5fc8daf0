//! What the file of a ledger would do, as shown.

use gangmu_store::imports::ImportBatch;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::LedgerOptions;
use crate::imports::one_page;

/// What a row would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LedgerStatus {
    /// Something that is not there yet.
    New,
    /// Something that would say something else.
    Changed,
    /// Something that is there as the row says.
    Unchanged,
    /// Something an import does not do; said and passed over.
    LeftOut,
    /// A row that cannot be adopted; while there are any nothing is.
    Refused,
}

impl LedgerStatus {
    /// All, in the order of the counts.
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::Changed,
        Self::Unchanged,
        Self::LeftOut,
        Self::Refused,
    ];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::LeftOut => "left_out",
            Self::Refused => "refused",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// How many rows would do what, or did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct LedgerCounts {
    /// New things.
    pub new: usize,
    /// Changed ones.
    pub changed: usize,
    /// Those that are there already.
    pub unchanged: usize,
    /// Those passed over.
    pub left_out: usize,
    /// Rows that cannot be adopted.
    pub refused: usize,
}

impl LedgerCounts {
    /// Counts one more row.
    pub(super) fn add(&mut self, status: LedgerStatus) {
        *match status {
            LedgerStatus::New => &mut self.new,
            LedgerStatus::Changed => &mut self.changed,
            LedgerStatus::Unchanged => &mut self.unchanged,
            LedgerStatus::LeftOut => &mut self.left_out,
            LedgerStatus::Refused => &mut self.refused,
        } += 1;
    }
}

/// How much a note weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LedgerWeight {
    /// The row is refused for it.
    Error,
    /// Something was taken as something, or left.
    Told,
    /// What adopting would do.
    Does,
}

/// Something to be said of a place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerNote {
    /// How much it weighs.
    pub weight: LedgerWeight,
    /// The cell, such as `B7`; empty for the row or file as a whole.
    pub cell: String,
    /// The head of its column.
    pub column: String,
    /// The code its text stands under.
    pub code: String,
    /// The values its text names.
    pub params: Vec<String>,
}

/// A row of the file and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LedgerImportRow)]
pub struct LedgerRowView {
    /// What it would do.
    pub status: LedgerStatus,
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: usize,
    /// What the row is about: a problem's title, or a project's name.
    pub name: String,
    /// The project, where it is known.
    pub project_id: Option<i64>,
    /// The problem that is there already.
    pub problem_id: Option<i64>,
    /// What adopting would do, what was taken as something, and what is wrong.
    pub notes: Vec<LedgerNote>,
}

/// What adopting a file would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerImportView {
    /// Its number.
    pub import_id: i64,
    /// problems, liaison or winter.
    pub ledger: &'static str,
    /// The file's name.
    pub file_name: String,
    /// Whether it was adopted already.
    pub is_adopted: bool,
    /// How it is read.
    pub options: LedgerOptions,
    /// Stands for what is proposed, row by row; who adopts names what they saw.
    pub stamp: String,
    /// How many rows would do what.
    pub counts: LedgerCounts,
    /// The rows of the page, in the order of the file.
    pub rows: Vec<LedgerRowView>,
    /// How many rows there are on all pages.
    pub listed: usize,
    /// The page, from 1.
    pub page: i64,
    /// How many pages there are.
    pub pages: i64,
    /// What is to be said of the file as a whole.
    pub notes: Vec<LedgerNote>,
}

impl LedgerImportView {
    /// Keeps one page of the rows, of those that would do the same thing or of all.
    ///
    /// `page` counts from 1; one beyond the last has no rows.
    #[must_use]
    pub fn paged(mut self, show: Option<LedgerStatus>, page: i64, per_page: i64) -> Self {
        self.rows
            .retain(|row| show.is_none_or(|status| row.status == status));
        self.listed = self.rows.len();
        self.page = page.max(1);
        (self.rows, self.pages) = one_page(self.rows, self.page, per_page);
        self
    }
}

/// A file that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerFileView {
    /// Its number.
    pub import_id: i64,
    /// When it came in, in milliseconds since 1970.
    pub at: i64,
    /// Its name.
    pub file_name: String,
    /// Whether it was adopted.
    pub is_adopted: bool,
    /// What adopting did.
    pub outcome: Option<LedgerCounts>,
}

impl LedgerFileView {
    pub(super) fn of(batch: ImportBatch, adopted: &str) -> Self {
        let is_adopted = batch.state == adopted;
        Self {
            import_id: batch.import_id,
            at: batch.at,
            file_name: batch.file_name,
            is_adopted,
            outcome: is_adopted
                .then(|| serde_json::from_str(&batch.summary).ok())
                .flatten(),
        }
    }
}
