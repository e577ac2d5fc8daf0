//! From a workbook to records, with everything that is wrong said at once.
//!
//! A value that could not be read is missing from its record and present among the
//! problems. A blank cell is missing from both.

use crate::{
    check::{self, Check},
    mapping::{self, ColumnMapping, Mapping, MappingSource, Synonyms, TargetField},
    plan::{self, Plan},
    problem::{Code, Detail, Problem, Severity},
    profile::Profile,
    record::Reader,
    table::{self, RowKind, Table, TitlePeriod},
    value::{MoneyUnit, Value},
    workbook::{Sheet, Workbook, cell_name},
    write::SUMMARY_SHEET,
};
use std::{ops::Range, sync::Arc};

/// What is to be read, and what is known beforehand.
#[derive(Clone, Copy)]
pub struct Extraction<'a> {
    pub targets: &'a [TargetField],
    pub synonyms: &'a Synonyms,
    pub profile: Option<&'a Profile>,
    /// Unit of money where the file names none; assuming it is a warning.
    pub default_unit: MoneyUnit,
    /// The other files that the profile joins.
    pub joined: &'a [&'a Workbook],
}

/// Everything that a workbook gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extract {
    pub records: Vec<Record>,
    pub problems: Vec<Problem>,
    pub checks: Vec<Check>,
    pub sheets: Vec<SheetReport>,
    /// Currency of the amounts when it is not the yuan.
    pub currency: Option<String>,
}

/// One detail row.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub sheet: Arc<str>,
    /// Row in the sheet, from 0.
    pub row: usize,
    /// Groups that the row lies in, from the outermost.
    pub group: Arc<[String]>,
    /// Marks such as ★ before the name or the serial number.
    pub tags: Vec<String>,
    pub values: Vec<Parsed>,
    /// What each matching row of a joined file says; the first is also in `values`.
    pub joined: Vec<Vec<Parsed>>,
}

/// A value with its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    pub key: Arc<str>,
    pub value: Value,
    /// Column in the sheet; none for constants, compositions and joined values.
    pub column: Option<usize>,
}

/// What was understood of one sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetReport {
    pub sheet: String,
    pub title: Option<String>,
    pub unit: Option<MoneyUnit>,
    pub period: TitlePeriod,
    pub header_rows: Range<usize>,
    pub mapping: Mapping,
    pub notes: Vec<(usize, String)>,
    pub records: usize,
    /// Rows that open a group, with the name of the group.
    pub groups: Vec<(usize, String)>,
    /// Rows that stand for others and were checked, not imported.
    pub totals: usize,
}

impl Record {
    /// The value of a field.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.parsed(key).map(|parsed| &parsed.value)
    }

    /// Name of the cell that a field stands in.
    pub fn cell(&self, key: &str) -> Option<String> {
        let column = self.parsed(key)?.column?;
        Some(cell_name(self.row, column))
    }

    fn parsed(&self, key: &str) -> Option<&Parsed> {
        self.values.iter().find(|parsed| &*parsed.key == key)
    }
}

impl Extract {
    /// The column of a field on a record's sheet.
    pub fn column(&self, record: &Record, key: &str) -> Option<&ColumnMapping> {
        let of_sheet = |report: &&SheetReport| *report.sheet == *record.sheet;
        let columns = &self.sheets.iter().find(of_sheet)?.mapping.columns;
        columns
            .iter()
            .find(|mapping| mapping.key.as_deref() == Some(key))
    }

    /// Name of the cell of a record's row in the column of a field, also where it is empty.
    pub fn cell(&self, record: &Record, key: &str) -> Option<String> {
        let column = self.column(record, key)?.column;
        Some(cell_name(record.row, column))
    }

    /// Whether nothing keeps the records from being adopted.
    pub fn is_clean(&self) -> bool {
        self.problems
            .iter()
            .all(|problem| problem.severity != Severity::Error)
    }
}

/// Reads every table of a workbook.
pub fn extract(workbook: &Workbook, extraction: &Extraction<'_>) -> Extract {
    let mut out = Extract {
        currency: extraction
            .profile
            .and_then(|profile| profile.currency.clone()),
        ..Extract::default()
    };
    if workbook.misnamed {
        let format = format!("{:?}", workbook.format).to_lowercase();
        out.problems.push(
            Problem::new(
                Code::FileMisnamed,
                &workbook.file_name,
                String::new(),
                &workbook.file_name,
            )
            .with_detail(format!(".{format}")),
        );
    }
    for sheet in &workbook.sheets {
        if is_wanted(sheet, extraction.profile) {
            read_sheet(workbook, sheet, extraction, &mut out);
        }
    }
    out
}

fn is_wanted(sheet: &Sheet, profile: Option<&Profile>) -> bool {
    match profile {
        Some(profile) if !profile.sheets.is_empty() => profile.sheets.contains(&sheet.name),
        _ => !sheet.hidden && sheet.name != SUMMARY_SHEET && !sheet.rows.is_empty(),
    }
}

fn read_sheet(workbook: &Workbook, sheet: &Sheet, extraction: &Extraction<'_>, out: &mut Extract) {
    let header_row = extraction
        .profile
        .and_then(|profile| profile.header_row)
        .map(|row| row.saturating_sub(1));
    let Some(table) = table::detect(sheet, header_row) else {
        let problem = Problem::new(Code::SheetWithoutTable, &sheet.name, String::new(), "");
        out.problems.push(problem);
        return;
    };
    let mut mapping = mapping::map(
        &table,
        extraction.targets,
        extraction.synonyms,
        extraction.profile,
    );
    let plans = plan::plans(sheet, &table, &mut mapping, extraction);
    report_headers(
        sheet,
        &table,
        &mapping,
        &plans,
        extraction,
        &mut out.problems,
    );
    let mut reader = Reader::new(sheet, &table, &plans, extraction, workbook.format);
    let before = out.records.len();
    if !plans.is_empty() {
        for row in table.rows.iter().filter(|row| row.kind == RowKind::Detail) {
            out.records.extend(reader.record(row));
        }
    }
    out.problems.extend(reader.into_problems());
    let checks = check::run(sheet, &table, &plans);
    out.problems
        .extend(checks.iter().filter_map(Check::problem));
    out.checks.extend(checks);
    let groups = table
        .rows
        .iter()
        .filter(|row| matches!(row.kind, RowKind::Group { .. }))
        .map(|row| (row.index, row.label.clone()))
        .collect();
    let is_total = |row: &&table::Row| matches!(row.kind, RowKind::Total | RowKind::Subtotal);
    let totals = table.rows.iter().filter(is_total).count();
    out.sheets.push(SheetReport {
        sheet: sheet.name.clone(),
        title: table.title,
        unit: table.unit,
        period: table.period,
        header_rows: table.header_rows,
        mapping,
        notes: table.notes,
        records: out.records.len() - before,
        groups,
        totals,
    });
}

/// Says what is odd about the headers.
fn report_headers(
    sheet: &Sheet,
    table: &Table,
    mapping: &Mapping,
    plans: &[Plan],
    extraction: &Extraction<'_>,
    problems: &mut Vec<Problem>,
) {
    // A profile that lists its columns leaves the others out on purpose.
    let by_list = extraction.profile.is_some_and(Profile::only_listed_columns);
    let row = table.header_rows.start;
    let at = |code, column: usize, found: &str| {
        Problem::new(code, &sheet.name, cell_name(row, column), found)
    };
    for (column, mapped) in table.columns.iter().zip(&mapping.columns) {
        if column.path.is_empty() {
            let detail = mapped.key.as_deref().map_or_else(Detail::default, |key| {
                let name = extraction.synonyms.header(key);
                Detail::new(format!("“{name}”"), format!(" “{name}”"))
            });
            problems.push(at(Code::HeaderMissing, column.index, "").with_detail(detail));
        } else if mapped.source == MappingSource::None && !column.is_serial() && !by_list {
            problems.push(at(Code::HeaderUnmapped, column.index, &mapped.label));
        }
        if column.duplicate {
            let name = cell_name(row, column.index);
            problems.push(at(Code::HeaderDuplicate, column.index, &mapped.label).with_detail(name));
        }
    }
    for (key, columns) in &mapping.ambiguous {
        let names: Vec<String> = columns
            .iter()
            .map(|column| cell_name(row, *column))
            .collect();
        let first = columns.first().copied().unwrap_or(0);
        let problem = at(Code::HeaderAmbiguous, first, &names.join(" "));
        let name = extraction.synonyms.header(key);
        problems.push(problem.with_detail(name).about(key));
    }
    let assumed: Vec<&Plan> = plans.iter().filter(|plan| plan.unit_assumed).collect();
    if let Some(first) = assumed.first() {
        let labels: Vec<&str> = assumed.iter().map(|plan| plan.label.as_str()).collect();
        let problem = at(Code::UnitAssumed, first.column, &labels.join("、"));
        problems.push(problem.with_detail(first.unit.word()));
    }
}
