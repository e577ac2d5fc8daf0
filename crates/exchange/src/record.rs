//! From one detail row to one record, noting what is odd about its cells.
//!
//! A peculiarity that harms nothing is noted once per column and counted.

use crate::{
    extract::{Extraction, Parsed, Record},
    join,
    mapping::Kind,
    plan::{self, Manner, Plan},
    problem::{Code, Problem, Severity},
    table::{Row, Table},
    value::{Value, read_party},
    workbook::{Cell, Format, Sheet, cell_name},
};
use std::{collections::HashMap, sync::Arc};

/// Merges below the headers that reach over several rows: cell → cell with the text.
type Spread = HashMap<(usize, usize), (usize, usize)>;

/// After so many problems of one kind in one column the rest is only counted.
const MOST_LIKE_PROBLEMS: usize = 1_000;
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

/// Reads the rows of one table.
pub(crate) struct Reader<'a> {
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
    /// How often a column had a problem of a kind, and where the last one is.
    repeated: HashMap<(usize, Code), (usize, usize)>,
}

impl<'a> Reader<'a> {
    pub fn new(
        sheet: &'a Sheet,
        table: &'a Table,
        plans: &'a [Plan],
        extraction: &'a Extraction<'a>,
        format: Format,
    ) -> Self {
        let mut problems = Vec::new();
        let serial = table.columns.iter().find(|column| column.is_serial());
        Self {
            sheet,
            table,
            plans,
            manner: Manner::new(extraction, format),
            extraction,
            joins: join::prepare(table, extraction, sheet, &mut problems),
            spread: spread(sheet, table),
            serial: serial.map(|column| column.index),
            name: Arc::from(sheet.name.as_str()),
            problems,
            repeated: HashMap::new(),
        }
    }

    /// Everything that was noted.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// The record of a row; none when all its mapped cells are blank.
    pub fn record(&mut self, row: &Row) -> Option<Record> {
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
            && matches!(plan.kind, Kind::Text | Kind::Lookup | Kind::Date)
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
                .and_then(|(_, at)| self.problems.get_mut(*at))
                .filter(|problem| problem.detail.is_empty())
            {
                problem.detail = format!("{} | {}", offer.organisation, offer.person).into();
            }
        }
    }

    fn note(&mut self, code: Code, row: usize, plan: &Plan, cell: &Cell, lost: bool) {
        let most = match (code.severity(), lost) {
            (Severity::Info, false) => 1,
            _ => MOST_LIKE_PROBLEMS,
        };
        let (seen, last) = self
            .repeated
            .get(&(plan.column, code))
            .copied()
            .unwrap_or((0, 0));
        if seen >= most
            && let Some(problem) = self.problems.get_mut(last)
        {
            problem.count += 1;
            return;
        }
        let place = cell_name(row, plan.column);
        let mut problem = Problem::new(code, &self.name, place, cell.display())
            .about(&plan.key)
            .under(plan.label.as_str());
        if code == Code::UnitInCell {
            problem.detail = plan.unit.word().into();
        }
        if lost {
            problem.severity = Severity::Error;
        }
        self.repeated
            .insert((plan.column, code), (seen + 1, self.problems.len()));
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
