//! The rows of one table: headings, tasks, and further indicators of a task.

use super::heading;
use super::{
    BASELINE, BODY, COOPERATING, DUE, GROUP, IndicatorLine, LEAD, NAME, OUTCOME, Said, TAKES_OVER,
    TARGET, TITLE, TaskLine, TaskTables, UNIT,
};
use crate::{
    mapping::Mapping,
    normalise::{fold_width, squeeze},
    table::{Table, is_column_numbers},
    value::MoneyUnit,
    workbook::{Cell, Sheet, cell_name},
};
use std::collections::HashMap;

/// Words a line of remarks below a table begins with.
const NOTES: [&str; 6] = ["注", "备注", "说明", "填表", "制表", "审核"];
/// What stands in front of a row that only adds up others.
const TOTALS: [&str; 4] = ["合计", "小计", "总计", "共计"];
/// Merged cells below the head; more are no table of tasks.
const MOST_MERGED: usize = 200_000;

/// One table with what is known of its columns.
struct Lines<'a> {
    sheet: &'a Sheet,
    columns: HashMap<&'static str, usize>,
    /// The columns that number the rows.
    serial: Option<usize>,
    /// For every cell under a merged range the cell that holds its text.
    origins: HashMap<(usize, usize), (usize, usize)>,
    /// A unit that the head of the targets, or a note above the table, names.
    unit: Option<Said>,
    /// What headings stand open, from the outermost.
    open: Vec<(u8, String)>,
    /// What the column of headings said last; a blank cell below it means the same.
    column_group: String,
    /// Whether there were headings at all.
    headed: bool,
}

/// Reads the rows of a table.
pub fn read(sheet: &Sheet, table: &Table, mapping: &Mapping, found: &mut TaskTables) {
    let mut lines = Lines::new(sheet, table, mapping);
    found.has_targets |= lines.columns.contains_key(TARGET);
    let nobody_knows = mapping.columns.iter().filter(|column| {
        let numbers = table
            .columns
            .iter()
            .any(|one| one.index == column.column && one.is_serial());
        column.key.is_none() && !column.label.is_empty() && !numbers
    });
    found.unknown.extend(nobody_knows.map(|column| Said {
        place: place(sheet, table.header_rows.start, column.column),
        text: column.label.clone(),
    }));
    let first = found.tasks.len();
    let start = table.header_rows.end;
    for row in start..sheet.rows.len() {
        let cells = sheet.rows.get(row).map_or(&[][..], Vec::as_slice);
        if cells.iter().all(Cell::is_blank) || (row < start + 2 && is_column_numbers(cells)) {
            continue;
        }
        lines.take(row, table, found, first);
    }
    let headed = lines.headed;
    for task in found.tasks.iter_mut().skip(first).filter(|_| !headed) {
        task.group = None;
    }
}

fn place(sheet: &Sheet, row: usize, column: usize) -> String {
    format!("{}!{}", sheet.name, cell_name(row, column))
}

impl<'a> Lines<'a> {
    fn new(sheet: &'a Sheet, table: &Table, mapping: &Mapping) -> Self {
        let mut columns = HashMap::new();
        for column in &mapping.columns {
            let key = super::KEYS
                .iter()
                .find(|key| column.key.as_deref() == Some(**key));
            if let Some(key) = key {
                columns.insert(*key, column.column);
            }
        }
        let of_targets = table
            .columns
            .iter()
            .find(|column| Some(column.index) == columns.get(TARGET).copied());
        let named = of_targets.and_then(|column| unit_in_brackets(column.path.last()?));
        let unit = named.or_else(|| table.unit.map(|unit: MoneyUnit| unit.word().to_owned()));
        let head = of_targets.map_or(0, |column| column.index);
        Self {
            serial: table
                .columns
                .iter()
                .find(|column| column.is_serial())
                .map(|column| column.index),
            origins: origins(sheet, table.header_rows.end),
            unit: unit.map(|text| Said {
                place: place(sheet, table.header_rows.start, head),
                text,
            }),
            headed: columns.contains_key(GROUP),
            sheet,
            columns,
            open: Vec::new(),
            column_group: String::new(),
        }
    }

    /// What the cell of a column says in a row; blank where it only stands under a merged one.
    fn own(&self, row: usize, key: &str) -> Option<Said> {
        let column = *self.columns.get(key)?;
        Some(self.said(row, column))
    }

    /// The same, taken from the merged cell that covers it.
    fn covered(&self, row: usize, key: &str) -> Option<Said> {
        let column = *self.columns.get(key)?;
        let (row, column) = *self.origins.get(&(row, column)).unwrap_or(&(row, column));
        Some(self.said(row, column))
    }

    fn said(&self, row: usize, column: usize) -> Said {
        let percent = self.sheet.percent_columns.contains(&column);
        Said {
            place: place(self.sheet, row, column),
            text: text_of(self.sheet.cell(row, column), percent),
        }
    }

    fn take(&mut self, row: usize, table: &Table, found: &mut TaskTables, first: usize) {
        let cells = self.sheet.rows.get(row).map_or(&[][..], Vec::as_slice);
        let filled: Vec<usize> = (0..cells.len())
            .filter(|column| !self.sheet.cell(row, *column).is_blank())
            .collect();
        let particulars = filled.iter().any(|column| self.is_particular(*column));
        let sums = filled.first().is_some_and(|column| {
            let text = squeeze(&self.said(row, *column).text);
            TOTALS.contains(&text.as_str())
        });
        if sums {
            return;
        }
        let title = self.own(row, TITLE).unwrap_or_default();
        if !particulars {
            return self.take_heading(row, &filled, &title);
        }
        let repeats_head = self.columns.iter().all(|(key, column)| {
            let head = table.columns.iter().find(|one| one.index == *column);
            let head = head
                .and_then(|one| one.path.last())
                .cloned()
                .unwrap_or_default();
            self.own(row, key)
                .is_none_or(|said| squeeze(&said.text) == squeeze(&head))
        });
        if repeats_head {
            return;
        }
        if title.text.is_empty()
            && let Some(task) = found.tasks.iter_mut().skip(first).next_back()
        {
            self.more(row, task);
            return;
        }
        let task = self.task(row, title);
        found.tasks.push(task);
    }

    /// Whether a column holds something a heading does not have.
    fn is_particular(&self, column: usize) -> bool {
        let heads = [GROUP, TITLE].map(|key| self.columns.get(key).copied());
        let known = self.columns.values().any(|one| *one == column);
        known && !heads.contains(&Some(column))
    }

    fn take_heading(&mut self, row: usize, filled: &[usize], title: &Said) {
        let beside = |column: &&usize| Some(**column) != self.serial;
        let text = match title.text.as_str() {
            "" => filled.iter().find(beside).or(filled.first()),
            _ => None,
        };
        let text = text.map_or_else(|| title.text.clone(), |at| self.said(row, *at).text);
        let text = text.replace('\n', "");
        if NOTES.iter().any(|word| squeeze(&text).starts_with(word)) {
            return;
        }
        let mark = self.serial.map(|column| self.said(row, column).text);
        let by_mark = mark.map_or(0, |mark| heading::split(&format!("{mark}、")).0);
        let (level, name) = heading::split(&text);
        let level = if level == 0 { by_mark } else { level };
        self.headed = true;
        self.open.retain(|(outer, _)| level > 0 && *outer < level);
        self.open.push((level, name.to_owned()));
    }

    fn task(&mut self, row: usize, title: Said) -> TaskLine {
        if let Some(own) = self.covered(row, GROUP).filter(|own| !own.text.is_empty()) {
            heading::split(&own.text)
                .1
                .clone_into(&mut self.column_group);
        }
        let mut group: Vec<String> = self.open.iter().map(|(_, name)| name.clone()).collect();
        if !self.column_group.is_empty() {
            group.push(self.column_group.clone());
        }
        let number = self.serial.map(|column| self.said(row, column).text);
        let mut task = TaskLine {
            group: Some(group),
            name: heading::split(&title.text).1.to_owned(),
            title,
            number: number.and_then(|text| heading::number(&text)),
            body: self.own(row, BODY),
            outcome: self.own(row, OUTCOME),
            lead: self.covered(row, LEAD),
            cooperating: self.covered(row, COOPERATING),
            due: self.covered(row, DUE),
            takes_over: self.own(row, TAKES_OVER),
            indicators: Vec::new(),
        };
        self.indicator(row, &mut task);
        task
    }

    /// One more row of the task above: an indicator, and whoever else is named there.
    fn more(&self, row: usize, task: &mut TaskLine) {
        for (key, place) in [(OUTCOME, &mut task.outcome), (BODY, &mut task.body)] {
            add(place, self.own(row, key), "；");
        }
        let others = [LEAD, COOPERATING].map(|key| self.own(row, key));
        for said in others {
            let known = |text: &str| {
                [&task.lead, &task.cooperating]
                    .into_iter()
                    .flatten()
                    .any(|one| one.text.contains(text))
            };
            if said.as_ref().is_some_and(|said| !known(&said.text)) {
                add(&mut task.cooperating, said, "、");
            }
        }
        self.indicator(row, task);
    }

    fn indicator(&self, row: usize, task: &mut TaskLine) {
        let name = self.own(row, NAME).unwrap_or_default();
        let target = self.covered(row, TARGET).unwrap_or_default();
        let own_target = self
            .own(row, TARGET)
            .is_some_and(|said| !said.text.is_empty());
        if name.text.is_empty() && !own_target {
            return;
        }
        let unit = self.covered(row, UNIT).filter(|said| !said.text.is_empty());
        let unit = unit.or_else(|| {
            let text = unit_in_brackets(&name.text)?;
            Some(Said {
                text,
                place: name.place.clone(),
            })
        });
        task.indicators.push(IndicatorLine {
            unit: unit.or_else(|| self.unit.clone()),
            baseline: self.covered(row, BASELINE),
            due: self.covered(row, DUE),
            name,
            target,
        });
    }
}

/// Adds a text to what a field says already.
fn add(place: &mut Option<Said>, more: Option<Said>, between: &str) {
    let Some(more) = more.filter(|more| !more.text.is_empty()) else {
        return;
    };
    match place {
        Some(said) if !said.text.is_empty() => {
            said.text.push_str(between);
            said.text.push_str(&more.text);
        }
        _ => *place = Some(more),
    }
}

/// A unit in the last brackets of a head or a name: `目标值（亿元）`.
fn unit_in_brackets(text: &str) -> Option<String> {
    let text = fold_width(text);
    let (_, rest) = text.rsplit_once('(')?;
    let (inner, behind) = rest.split_once(')')?;
    let inner = inner
        .trim()
        .trim_start_matches("单位")
        .trim_start_matches(':')
        .trim();
    let short = (1..=6).contains(&inner.chars().count());
    let plain = !inner.contains(|c: char| c.is_ascii_digit() || matches!(c, '年' | '月' | '、'));
    (behind.trim().is_empty() && short && plain).then(|| inner.to_owned())
}

/// What a cell says as a text; numbers without the noise of their binary form.
fn text_of(cell: &Cell, percent: bool) -> String {
    match cell {
        Cell::Number(number) => match percent {
            true => format!("{}%", plain(number * 100.0)),
            false => plain(*number),
        },
        Cell::Date(date) => date.to_string(),
        Cell::Text(text) => text.trim().to_owned(),
        _ => String::new(),
    }
}

/// A number to six decimals, without zeros that say nothing.
fn plain(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn origins(sheet: &Sheet, from: usize) -> HashMap<(usize, usize), (usize, usize)> {
    let mut origins = HashMap::new();
    let mut left = MOST_MERGED;
    let last_row = sheet.rows.len();
    for merge in &sheet.merges {
        let origin = (merge.top as usize, merge.left as usize);
        let right = (merge.right as usize).saturating_add(1).min(sheet.width);
        let bottom = (merge.bottom as usize).saturating_add(1).min(last_row);
        for row in (merge.top as usize).max(from)..bottom {
            if left == 0 {
                return origins;
            }
            for column in (merge.left as usize..right).take(left) {
                left -= 1;
                origins.insert((row, column), origin);
            }
        }
    }
    origins
}
