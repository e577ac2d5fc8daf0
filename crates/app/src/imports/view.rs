//! What a preview shows.

use gangmu_domain::library::Value;
use gangmu_exchange::{Check, CheckOutcome, Language, MappingSource, Problem, Severity};
use gangmu_store::imports::ImportBatch;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::plan::{Plan, PlanRow};
use super::{ADOPTED, ImportOptions, Read};
use crate::library::value_json;

/// What a row would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowStatus {
    /// A project the library does not have.
    New,
    /// A project that gets other values.
    Changed,
    /// A project that stays as it is.
    Unchanged,
    /// A row that cannot be adopted.
    Refused,
}

impl RowStatus {
    /// All, in the order of the counts.
    pub const ALL: [Self; 4] = [Self::New, Self::Changed, Self::Unchanged, Self::Refused];

    /// Returns the stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// A cell that changes something.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ImportCell {
    /// The field's word, `annual_plan`, `category`, or a figure of the month.
    pub field: String,
    /// The cell, such as `B7`; empty for values that stand in no cell.
    pub cell: String,
    /// The value before; amounts in yuan.
    #[schema(value_type = serde_json::Value)]
    pub before: Json,
    /// The value after; amounts in yuan.
    #[schema(value_type = serde_json::Value)]
    pub after: Json,
}

/// Something wrong or noteworthy in one place of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportProblem {
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// The stable word.
    pub code: &'static str,
    /// The sheet.
    pub sheet: String,
    /// The cell; empty when it is about the whole sheet.
    pub cell: String,
    /// The field it is about: its word; absent when it is about none.
    pub field: Option<String>,
    /// The header of the field's column; where the table has none, how such a column is headed.
    pub column: String,
    /// What was found; empty where nothing stands.
    pub found: String,
    /// What was expected, in Chinese.
    pub expected: String,
    /// How to mend it, in Chinese.
    pub mend: String,
    /// What was expected, in English.
    pub expected_en: String,
    /// How to mend it, in English.
    pub mend_en: String,
    /// How many cells of the column are like this one.
    pub count: usize,
}

/// A total compared with the rows it claims to add up (勾稽校验).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportCheck {
    /// The sheet.
    pub sheet: String,
    /// The cell that claims the total.
    pub cell: String,
    /// The name of the total.
    pub label: String,
    /// The header of the column.
    pub column: String,
    /// What the cell says, in its own unit.
    pub claimed: String,
    /// What its rows add up to, in the same unit; empty when nobody can say.
    pub computed: String,
    /// Whether they agree.
    pub matches: bool,
    /// The cells that cannot be read, so that the total cannot be checked; empty when it was.
    pub unreadable: Vec<String>,
}

impl ImportCheck {
    /// Whether the total is not what its rows add up to.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        !self.matches && self.unreadable.is_empty()
    }

    /// Whether the total could not be checked.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.unreadable.is_empty()
    }
}

/// A column and what it was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportColumn {
    /// The sheet.
    pub sheet: String,
    /// The column's letters.
    pub letters: String,
    /// The header in one line.
    pub label: String,
    /// The key it was taken for.
    pub key: Option<String>,
    /// A key that is likely but not certain.
    pub suggestion: Option<String>,
    /// `profile`, `synonym`, `position` or `none`.
    pub source: &'static str,
    /// The unit of money.
    pub unit: Option<&'static str>,
}

/// A row of the preview.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ImportRow {
    /// What it would do.
    pub status: RowStatus,
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: usize,
    /// The project's name.
    pub name: String,
    /// The project it is.
    pub project_id: Option<i64>,
    /// What changes.
    pub cells: Vec<ImportCell>,
    /// What is wrong.
    pub problems: Vec<ImportProblem>,
}

/// How many rows would do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportCounts {
    /// New projects.
    pub new: usize,
    /// Changed ones.
    pub changed: usize,
    /// Unchanged ones.
    pub unchanged: usize,
    /// Refused rows.
    pub refused: usize,
}

/// What adopting did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportOutcome {
    /// Projects entered.
    pub new: usize,
    /// Projects changed.
    pub changed: usize,
    /// Projects left as they were.
    pub unchanged: usize,
}

impl ImportOutcome {
    pub(super) fn count(&mut self, row: &PlanRow) {
        match status(row) {
            RowStatus::New => self.new += 1,
            RowStatus::Changed => self.changed += 1,
            RowStatus::Unchanged | RowStatus::Refused => self.unchanged += 1,
        }
    }
}

/// An import there was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportView {
    /// Its number.
    pub import_id: i64,
    /// When the file came in, in milliseconds since 1970.
    pub at: i64,
    /// The file's name.
    pub file_name: String,
    /// `previewed` or `adopted`.
    pub state: String,
    /// What adopting did; absent while it is a preview.
    pub outcome: Option<ImportOutcome>,
}

impl ImportView {
    pub(super) fn of(batch: ImportBatch) -> Self {
        let adopted = batch.state == ADOPTED;
        Self {
            import_id: batch.import_id,
            at: batch.at,
            file_name: batch.file_name,
            outcome: adopted
                .then(|| serde_json::from_str(&batch.summary).ok())
                .flatten(),
            state: batch.state,
        }
    }
}

/// A preview.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ImportPreview {
    /// Its number.
    pub import_id: i64,
    /// The file's name.
    pub file_name: String,
    /// `previewed` or `adopted`.
    pub state: String,
    /// How the file was read.
    #[schema(value_type = ImportOptions)]
    pub options: Json,
    /// The currency of the amounts when it is not the yuan; they are kept unconverted.
    pub currency: Option<String>,
    /// How many rows would do what.
    pub counts: ImportCounts,
    /// The columns.
    pub columns: Vec<ImportColumn>,
    /// The rows of the page, in the order of the file.
    pub rows: Vec<ImportRow>,
    /// How many rows there are on all pages.
    pub listed: usize,
    /// The page, from 1.
    pub page: i64,
    /// How many pages there are.
    pub pages: i64,
    /// The totals.
    pub checks: Vec<ImportCheck>,
    /// What is wrong outside the rows.
    pub problems: Vec<ImportProblem>,
}

impl ImportPreview {
    /// Keeps one page of the rows, of those that would do the same thing or of all; everything else
    /// is said of the whole file on every page.
    ///
    /// `page` counts from 1; one beyond the last has no rows.
    #[must_use]
    pub fn paged(mut self, show: Option<RowStatus>, page: i64, per_page: i64) -> Self {
        self.rows
            .retain(|row| show.is_none_or(|status| row.status == status));
        self.listed = self.rows.len();
        self.page = page.max(1);
        (self.rows, self.pages) = one_page(self.rows, self.page, per_page);
        self
    }
}

/// Takes a page of rows, counted from 1, and says how many pages there are.
pub(crate) fn one_page<T>(rows: Vec<T>, page: i64, per_page: i64) -> (Vec<T>, i64) {
    let size = usize::try_from(per_page.max(1)).unwrap_or(usize::MAX);
    let before = usize::try_from(page - 1).unwrap_or(usize::MAX);
    let pages = i64::try_from(rows.len().div_ceil(size)).unwrap_or(i64::MAX);
    let from = before.saturating_mul(size);
    (rows.into_iter().skip(from).take(size).collect(), pages)
}

pub(super) fn preview(
    batch: &ImportBatch,
    read: &Read,
    options: &ImportOptions,
    plan: &Plan,
) -> ImportPreview {
    let rows: Vec<ImportRow> = plan.rows.iter().map(row_view).collect();
    ImportPreview {
        listed: rows.len(),
        rows,
        ..summary(batch, read, options, plan)
    }
}

/// A preview without its rows, which are most of the work: for whoever adopts at once.
pub(super) fn summary(
    batch: &ImportBatch,
    read: &Read,
    options: &ImportOptions,
    plan: &Plan,
) -> ImportPreview {
    let mut counts = ImportCounts::default();
    for row in &plan.rows {
        match status(row) {
            RowStatus::New => counts.new += 1,
            RowStatus::Changed => counts.changed += 1,
            RowStatus::Unchanged => counts.unchanged += 1,
            RowStatus::Refused => counts.refused += 1,
        }
    }
    ImportPreview {
        import_id: batch.import_id,
        file_name: batch.file_name.clone(),
        state: batch.state.clone(),
        options: serde_json::to_value(options).unwrap_or(Json::Null),
        currency: read.extract.currency.clone(),
        counts,
        columns: columns(read),
        rows: Vec::new(),
        listed: 0,
        page: 1,
        pages: 1,
        checks: read.extract.checks.iter().map(check_view).collect(),
        problems: plan
            .outside(&read.extract)
            .into_iter()
            .map(problem_view)
            .collect(),
    }
}

fn columns(read: &Read) -> Vec<ImportColumn> {
    let mut columns = Vec::new();
    for sheet in &read.extract.sheets {
        for column in &sheet.mapping.columns {
            let name = gangmu_exchange::cell_name(0, column.column);
            columns.push(ImportColumn {
                sheet: sheet.sheet.clone(),
                letters: name.trim_end_matches('1').to_owned(),
                label: column.label.clone(),
                key: column.key.clone(),
                suggestion: column.suggestion.clone(),
                source: match column.source {
                    MappingSource::Profile => "profile",
                    MappingSource::Synonym => "synonym",
                    MappingSource::Position => "position",
                    MappingSource::None => "none",
                },
                unit: column.unit.map(|unit| unit.word()),
            });
        }
    }
    columns
}

fn status(row: &PlanRow) -> RowStatus {
    if row.is_refused() {
        RowStatus::Refused
    } else if row.project.is_none() {
        RowStatus::New
    } else if row.changes_anything() {
        RowStatus::Changed
    } else {
        RowStatus::Unchanged
    }
}

fn row_view(row: &PlanRow) -> ImportRow {
    let side = |value: Option<&Value>| value.map_or(Json::Null, value_json);
    let mut cells: Vec<ImportCell> = row
        .fields
        .iter()
        .map(|planned| ImportCell {
            field: planned.field.word().to_owned(),
            cell: planned.cell.clone(),
            before: side(planned.before.as_ref()),
            after: side(Some(&planned.after)),
        })
        .collect();
    if let Some(entry) = &row.entry {
        let before = entry.before.as_ref().filter(|entry| entry.included);
        cells.push(ImportCell {
            field: "category".to_owned(),
            cell: String::new(),
            before: before.map_or(Json::Null, |e| e.category.word().into()),
            after: entry.category.word().into(),
        });
        cells.push(ImportCell {
            field: "annual_plan".to_owned(),
            cell: String::new(),
            before: before.map_or(Json::Null, |e| e.plan.0.into()),
            after: entry.plan.0.into(),
        });
    }
    for (period, _, figures) in &row.figures {
        cells.push(ImportCell {
            field: format!("return {period}"),
            cell: String::new(),
            before: Json::Null,
            after: figures.month.map_or(Json::Null, |yuan| yuan.0.into()),
        });
    }
    ImportRow {
        status: status(row),
        sheet: row.sheet.clone(),
        row: row.row + 1,
        name: row.name.clone(),
        project_id: row.project.as_ref().map(|project| project.id.0),
        cells,
        problems: row.problems.iter().map(problem_view).collect(),
    }
}

fn problem_view(problem: &Problem) -> ImportProblem {
    ImportProblem {
        severity: match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        },
        code: problem.code.as_str(),
        sheet: problem.sheet.clone(),
        cell: problem.cell.clone(),
        field: problem.key.clone(),
        column: problem.column.clone(),
        found: problem.found.clone(),
        expected: problem.expected(Language::Chinese),
        mend: problem.mend(Language::Chinese),
        expected_en: problem.expected(Language::English),
        mend_en: problem.mend(Language::English),
        count: problem.count,
    }
}

fn check_view(check: &Check) -> ImportCheck {
    ImportCheck {
        sheet: check.sheet.clone(),
        cell: check.cell.clone(),
        label: check.label.clone(),
        column: check.column.clone(),
        claimed: check.claimed_text(),
        computed: check.computed_text(),
        matches: check.outcome == CheckOutcome::Match,
        unreadable: check.unreadable.clone(),
    }
}
