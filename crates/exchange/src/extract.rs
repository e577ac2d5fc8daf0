//! From a workbook to records, with everything that is wrong said at once.
//!
//! A value that could not be read is missing from its record and present among the
//! problems. A blank cell is missing from both.

use crate::{
    check::{self, Check},
    join,
    mapping::{self, Kind, Mapping, MappingSource, Synonyms, TargetField},
    plan::{self, Manner, Plan},
    problem::{Code, Problem, Severity},
    profile::Profile,
    table::{self, Row, RowKind, Table, TitlePeriod},
    value::{MoneyUnit, Value, read_party},
    workbook::{Cell, Sheet, Workbook, cell_name},
    write::SUMMARY_SHEET,
};
use std::{collections::HashMap, ops::Range, sync::Arc};

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
    let quiet = extraction.profile.is_some_and(Profile::only_listed_columns);
    let before = out.problems.len();
    report_headers(sheet, &table, &mapping, &plans, &mut out.problems);
    if quiet {
        let mut index = 0;
        out.problems.retain(|problem| {
            index += 1;
            index <= before || problem.code != Code::HeaderUnmapped
        });
    }
    let mut reader = Reader {
        sheet,
        table: &table,
        plans: &plans,
        manner: Manner::new(extraction, workbook.format),
        extraction,
        joins: join::prepare(&table, extraction, sheet, &mut out.problems),
        spread: spread(sheet, &table),
        serial: table
            .columns
            .iter()
            .find(|column| column.is_serial())
            .map(|c| c.index),
        name: Arc::from(sheet.name.as_str()),
        problems: Vec::new(),
        repeated: HashMap::new(),
    };
    let before = out.records.len();
    if !plans.is_empty() {
        for row in table.rows.iter().filter(|row| row.kind == RowKind::Detail) {
            out.records.extend(reader.record(row));
        }
    }
    out.problems.append(&mut reader.problems);
    let checks = check::run(sheet, &table, &plans);
    out.problems
        .extend(checks.iter().filter_map(Check::problem));
    out.checks.extend(checks);
    out.sheets.push(SheetReport {
        sheet: sheet.name.clone(),
        title: table.title,
        unit: table.unit,
        period: table.period,
        header_rows: table.header_rows,
        mapping,
        notes: table.notes,
        records: out.records.len() - before,
    });
}

/// Says what is odd about the headers.
fn report_headers(
    sheet: &Sheet,
    table: &Table,
    mapping: &Mapping,
    plans: &[Plan],
    problems: &mut Vec<Problem>,
) {
    let row = table.header_rows.start;
    let at = |code, column: usize, found: &str| {
        Problem::new(code, &sheet.name, cell_name(row, column), found)
    };
    for (column, mapped) in table.columns.iter().zip(&mapping.columns) {
        if column.path.is_empty() {
            let key = mapped.key.as_deref().unwrap_or_default();
            let detail = if key.is_empty() {
                String::new()
            } else {
                format!(" ({key})")
            };
            problems.push(at(Code::HeaderMissing, column.index, "").with_detail(detail));
        } else if mapped.source == MappingSource::None && !column.is_serial() {
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
        problems.push(problem.with_detail(key.clone()).about(key));
    }
    let assumed: Vec<&Plan> = plans.iter().filter(|plan| plan.unit_assumed).collect();
    if let Some(first) = assumed.first() {
        let labels: Vec<&str> = assumed.iter().map(|plan| plan.label.as_str()).collect();
        let problem = at(Code::UnitAssumed, first.column, &labels.join("、"));
        problems.push(problem.with_detail(first.unit.word()));
    }
}

/// Merges below the headers that reach over several rows: cell → cell with the text.
type Spread = HashMap<(usize, usize), (usize, usize)>;

/// Merges larger than this hide a layout, not a repeated name.
const LARGEST_SPREAD: usize = 10_000;

fn spread(sheet: &Sheet, table: &Table) -> Spread {
    let mut spread = Spread::new();
    for merge in &sheet.merges {
        let (top, left) = (merge.top as usize, merge.left as usize);
        let (bottom, right) = (merge.bottom as usize, merge.right as usize);
        if top < table.header_rows.end || top == bottom || left != right {
            continue;
        }
        if bottom - top >= LARGEST_SPREAD || spread.len() >= 100 * LARGEST_SPREAD {
            continue;
        }
        spread.extend((top + 1..=bottom).map(|row| ((row, left), (top, left))));
    }
    spread
}

struct Reader<'a> {
    sheet: &'a Sheet,
    table: &'a Table,
    plans: &'a [Plan],
    manner: Manner<'a>,
    extraction: &'a Extraction<'a>,
    joins: Vec<join::Joined<'a>>,
    spread: Spread,
    serial: Option<usize>,
    name: Arc<str>,
    problems: Vec<Problem>,
    /// Where in `problems` the harmless peculiarity of a column is counted.
    repeated: HashMap<(usize, Code), usize>,
}

impl Reader<'_> {
    fn record(&mut self, row: &Row) -> Option<Record> {
        let mut record = Record {
            sheet: Arc::clone(&self.name),
            row: row.index,
            group: Arc::clone(&row.group),
            tags: Vec::new(),
            values: Vec::with_capacity(self.plans.len()),
            joined: Vec::new(),
        };
        let plans = self.plans;
        for plan in plans {
            if let Some(value) = self.value(row.index, plan, &mut record.tags) {
                record.values.push(Parsed {
                    key: Arc::clone(&plan.key),
                    value,
                    column: Some(plan.column),
                });
            }
        }
        if record.values.is_empty() {
            return None;
        }
        if let Some(serial) = self.serial {
            let tags = plan::serial_tags(self.sheet.cell(row.index, serial));
            record.tags.extend(tags);
        }
        self.complete(&mut record);
        Some(record)
    }

    /// Adds what does not stand in a cell of the row.
    fn complete(&mut self, record: &mut Record) {
        let Some(profile) = self.extraction.profile else {
            return;
        };
        let (manner, extraction) = (&self.manner, self.extraction);
        let composed = &profile.composed;
        let added = plan::compose(
            self.sheet, self.table, record.row, composed, manner, extraction,
        );
        add_missing(&mut record.values, added);
        for join in &self.joins {
            match join.matching(self.sheet, record.row) {
                Some(rows) => {
                    for row in rows {
                        record.joined.push(join.read(*row, manner, extraction));
                    }
                }
                None => {
                    let place = cell_name(record.row, join.first_column());
                    let found = join.key_text(self.sheet, record.row);
                    let problem = Problem::new(Code::JoinUnmatched, &self.name, place, found);
                    self.problems.push(problem.with_detail(join.file()));
                }
            }
        }
        if let Some(first) = record.joined.first().cloned() {
            add_missing(&mut record.values, first);
        }
        for (key, text) in &profile.constants {
            let constant = plan::derived(key, text.clone(), manner, extraction);
            add_missing(&mut record.values, constant.into_iter().collect());
        }
    }

    fn value(&mut self, row: usize, plan: &Plan, tags: &mut Vec<String>) -> Option<Value> {
        let mut cell = self.sheet.cell(row, plan.column);
        if *cell == Cell::Empty
            && matches!(plan.kind, Kind::Text | Kind::Lookup)
            && let Some((row, column)) = self.spread.get(&(row, plan.column))
        {
            cell = self.sheet.cell(*row, *column);
        }
        if *cell == Cell::Empty {
            return None;
        }
        let reading = self.manner.read(cell, plan);
        if let Some(code) = reading.note {
            self.note(code, row, plan, cell, reading.value.is_none());
        }
        let value = reading.value?;
        let Value::Text(text) = value else {
            return Some(value);
        };
        if &*plan.key == "name" {
            let (name, found) = plan::split_tags(&text);
            tags.extend(found);
            return (!name.is_empty()).then_some(Value::Text(name));
        }
        self.offer_split(&text, row, plan, cell);
        Some(Value::Text(text))
    }

    fn offer_split(&mut self, text: &str, row: usize, plan: &Plan, cell: &Cell) {
        let mixed = ["及负责人", "及责任人", "及联系人"];
        if mixed.iter().any(|word| plan.label.contains(word))
            && let Some(offer) = read_party(text)
        {
            self.note(Code::PartyMixed, row, plan, cell, false);
            if let Some(problem) = self
                .repeated
                .get(&(plan.column, Code::PartyMixed))
                .and_then(|at| self.problems.get_mut(*at))
                .filter(|problem| problem.detail.is_empty())
            {
                problem.detail = format!("{} | {}", offer.organisation, offer.person);
            }
        }
    }

    fn note(&mut self, code: Code, row: usize, plan: &Plan, cell: &Cell, lost: bool) {
        let harmless = code.severity() == Severity::Info && !lost;
        if harmless
            && let Some(problem) = self
                .repeated
                .get(&(plan.column, code))
                .and_then(|at| self.problems.get_mut(*at))
        {
            problem.count += 1;
            return;
        }
        let place = cell_name(row, plan.column);
        let mut problem = Problem::new(code, &self.name, place, cell.display()).about(&plan.key);
        if code == Code::UnitInCell {
            problem.detail = plan.unit.word().to_owned();
        }
        if lost {
            problem.severity = Severity::Error;
        }
        if harmless {
            self.repeated
                .insert((plan.column, code), self.problems.len());
        }
        self.problems.push(problem);
    }
}

fn add_missing(values: &mut Vec<Parsed>, added: Vec<Parsed>) {
    for parsed in added {
        if !values.iter().any(|value| value.key == parsed.key) {
            values.push(parsed);
        }
    }
}
