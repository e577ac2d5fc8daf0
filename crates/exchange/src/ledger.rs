//! Ledgers that departments keep (台账): one row for one thing, cells found by the heads of columns.
//!
//! What a reader would get wrong: a file holds more than the ledger. A sheet without the columns a
//! ledger needs is passed over and named, never read as half a ledger.

use crate::{
    extract::{Extraction, Parsed, Record, SheetReport, extract},
    mapping::{self, Kind, Synonyms, TargetField},
    problem::{Code, Problem, Severity},
    table::detect,
    tasks::Said,
    value::{DatePoint, MoneyUnit, Value, is_placeholder},
    workbook::{Cell, Sheet, Workbook, cell_name},
};
use std::{collections::HashMap, sync::Arc};

/// What kind of ledger is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// Its columns by key, with what their cells hold.
    pub columns: &'static [(&'static str, Kind)],
    /// A sheet is such a ledger when it has a column of each of these groups.
    pub needs: &'static [&'static [&'static str]],
}

/// What was found in a file (台账).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    /// The rows, in the order of the file.
    pub rows: Vec<LedgerRow>,
    /// Columns nobody knows: their heads, with their places.
    pub unknown: Vec<Said>,
    /// Sheets that are no such ledger: their names.
    pub passed_over: Vec<String>,
    /// Columns that two heads claim, and units of money that nobody named.
    pub doubts: Vec<Problem>,
    /// Rows that were taken for headings or remarks: what they say, with their places.
    pub headings: Vec<Said>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerRow {
    /// The sheet.
    pub sheet: Arc<str>,
    /// The row as people count, from 1.
    pub row: usize,
    /// Cells that hold something their column does not take.
    pub faults: Vec<Problem>,
    /// Cells that were read with a doubt, such as 2025.10, which a workbook keeps as 2025.1.
    pub doubts: Vec<Problem>,
    values: Vec<Parsed>,
    heads: Arc<[Head]>,
}

#[derive(Debug, Clone, PartialEq)]
struct Head {
    key: String,
    label: String,
    column: usize,
}

impl LedgerRow {
    /// What a cell of text says; empty where it is blank or the ledger has no such column.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        match self.get(key) {
            Some(Value::Text(text) | Value::Lookup(text)) => text.trim(),
            _ => "",
        }
    }

    /// The day, month or year a cell says.
    #[must_use]
    pub fn day(&self, key: &str) -> Option<DatePoint> {
        match self.get(key) {
            Some(Value::Date(point)) => Some(*point),
            _ => None,
        }
    }

    /// The amount a cell says, in yuan.
    #[must_use]
    pub fn money(&self, key: &str) -> Option<i64> {
        match self.get(key) {
            Some(Value::Money(yuan)) => Some(*yuan),
            _ => None,
        }
    }

    /// The number a cell says.
    #[must_use]
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.get(key) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether the ledger has such a column.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.head(key).is_some()
    }

    /// The name of a cell, `B7`, and the head of its column; both empty where there is none.
    #[must_use]
    pub fn place(&self, key: &str) -> (String, String) {
        self.head(key).map_or_else(Default::default, |head| {
            let row = self.row.saturating_sub(1);
            (cell_name(row, head.column), head.label.clone())
        })
    }

    fn get(&self, key: &str) -> Option<&Value> {
        let parsed = self.values.iter().find(|parsed| &*parsed.key == key)?;
        Some(&parsed.value)
    }

    fn head(&self, key: &str) -> Option<&Head> {
        self.heads.iter().find(|head| head.key == key)
    }
}

/// Reads every ledger of a kind in a file.
#[must_use]
pub fn read_ledger(mut book: Workbook, schema: &Schema, synonyms: &Synonyms) -> Ledger {
    let targets: Vec<TargetField> = schema
        .columns
        .iter()
        .map(|(key, kind)| TargetField::new(*key, *kind))
        .collect();
    let known = |key: &str| targets.iter().any(|target| target.key == key);
    let synonyms = synonyms.only(known);
    let mut ledger = Ledger::default();
    book.sheets
        .retain(|sheet| !sheet.hidden && !sheet.rows.is_empty());
    let (kept, other): (Vec<Sheet>, Vec<Sheet>) = book
        .sheets
        .into_iter()
        .partition(|sheet| is_ledger(sheet, schema, &targets, &synonyms));
    ledger.passed_over = other.into_iter().map(|sheet| sheet.name).collect();
    book.sheets = kept;
    let found = extract(
        &book,
        &Extraction {
            targets: &targets,
            synonyms: &synonyms,
            profile: None,
            default_unit: MoneyUnit::TenThousand,
            joined: &[],
        },
    );
    let heads: HashMap<&str, Arc<[Head]>> = found
        .sheets
        .iter()
        .map(|report| (report.sheet.as_str(), heads(report)))
        .collect();
    let none: Arc<[Head]> = Arc::from([]);
    let row = |record: Record| LedgerRow {
        heads: Arc::clone(heads.get(&*record.sheet).unwrap_or(&none)),
        sheet: record.sheet,
        row: record.row + 1,
        faults: Vec::new(),
        doubts: Vec::new(),
        values: record.values.into_iter().filter_map(said).collect(),
    };
    ledger.rows = found.records.into_iter().map(row).collect();
    for report in &found.sheets {
        let rows = report.groups.iter().chain(&report.notes);
        // What stands above the heads is title and unit.
        let rows = rows.filter(|(row, _)| *row >= report.header_rows.end);
        ledger.headings.extend(rows.map(|(row, text)| Said {
            place: format!("{}!{}", report.sheet, row + 1),
            text: text.clone(),
        }));
    }
    sort_problems(found.problems, &mut ledger);
    for sheet in &book.sheets {
        let of_sheet = ledger.rows.iter_mut();
        let of_sheet = of_sheet.filter(|row| *row.sheet == *sheet.name);
        of_sheet.for_each(|row| nothing_lost(sheet, &targets, row));
    }
    ledger
}

/// A cell of text without signs nobody sees; nothing where it says that there is nothing (无、/、—).
fn said(mut parsed: Parsed) -> Option<Parsed> {
    if let Value::Text(text) | Value::Lookup(text) = &mut parsed.value {
        text.retain(|c| !c.is_control() || c == '\n');
        if is_placeholder(text.trim()) {
            return None;
        }
    }
    Some(parsed)
}

/// Whether a column is known and not taken.
fn is_passed(key: &str) -> bool {
    key.starts_with("ledger.passed.")
}

fn is_ledger(sheet: &Sheet, schema: &Schema, targets: &[TargetField], synonyms: &Synonyms) -> bool {
    let Some(table) = detect(sheet, None) else {
        return false;
    };
    let mapping = mapping::map(&table, targets, synonyms, None);
    let has = |key: &&str| {
        let mut keys = mapping.columns.iter().filter_map(|one| one.key.as_deref());
        keys.any(|found| stands_for(key, found))
    };
    schema.needs.iter().all(|group| group.iter().any(has))
}

/// Whether a key of a schema means a column's: `winter_month.N` means that of each month.
fn stands_for(key: &str, found: &str) -> bool {
    let months = key.strip_suffix('N').filter(|of| of.ends_with('.'));
    key == found || months.is_some_and(|of| found.starts_with(of))
}

fn heads(report: &SheetReport) -> Arc<[Head]> {
    let columns = report.mapping.columns.iter();
    let head = |column: &mapping::ColumnMapping| {
        Some(Head {
            key: column.key.clone()?,
            label: column.label.clone(),
            column: column.column,
        })
    };
    columns.filter_map(head).collect()
}

/// Puts each problem where it belongs: to its row, to the columns nobody knows, to the doubts.
fn sort_problems(problems: Vec<Problem>, ledger: &mut Ledger) {
    let mut places: HashMap<(Arc<str>, usize), usize> = HashMap::new();
    for (at, row) in ledger.rows.iter().enumerate() {
        places.insert((Arc::clone(&row.sheet), row.row), at);
    }
    for problem in problems {
        match problem.code {
            Code::HeaderUnmapped => ledger.unknown.push(Said {
                place: format!("{}!{}", problem.sheet, problem.cell),
                text: problem.found,
            }),
            Code::HeaderAmbiguous | Code::UnitAssumed => ledger.doubts.push(problem),
            // What a column of no use holds keeps nothing out.
            _ if problem.key.as_deref().is_some_and(is_passed) => {}
            Code::HeaderMissing => {}
            _ => {
                let digits = problem.cell.trim_start_matches(char::is_alphabetic);
                let row = digits.parse().ok();
                let key = row.map(|row| (Arc::from(problem.sheet.as_str()), row));
                let at = key.and_then(|key| places.get(&key));
                let Some(row) = at.and_then(|at| ledger.rows.get_mut(*at)) else {
                    continue;
                };
                match problem.severity {
                    Severity::Error => row.faults.push(problem),
                    Severity::Warning => row.doubts.push(problem),
                    Severity::Info => {}
                }
            }
        }
    }
}

/// After very many cells of one fault the reader only counts them; here each still keeps its row out.
fn nothing_lost(sheet: &Sheet, targets: &[TargetField], row: &mut LedgerRow) {
    let mut lost = Vec::new();
    for head in row.heads.iter().filter(|head| !is_passed(&head.key)) {
        let is = |target: &&TargetField| stands_for(&target.key, &head.key);
        let Some(target) = targets.iter().find(is) else {
            continue;
        };
        let code = match target.kind {
            Kind::Date => Code::DateUnreadable,
            Kind::Money => Code::NumberUnreadable,
            Kind::Integer => Code::IntegerUnreadable,
            _ => continue,
        };
        let at = row.row.saturating_sub(1);
        let cell = sheet.cell(at, head.column);
        let says_nothing = cell.is_blank()
            || cell
                .as_text()
                .is_some_and(|text| is_placeholder(text.trim()));
        let place = cell_name(at, head.column);
        let told = row.faults.iter().any(|fault| fault.cell == place);
        if says_nothing || told || row.get(&head.key).is_some() || *cell == Cell::Empty {
            continue;
        }
        let mut problem = Problem::new(code, &sheet.name, place, cell.display())
            .about(&head.key)
            .under(head.label.as_str());
        problem.severity = Severity::Error;
        lost.push(problem);
    }
    row.faults.append(&mut lost);
}
