//! Builds workbooks as people send them, and prints what is understood of them.
//!
//! Written against rust_xlsxwriter alone, not against our own writer: a mistake that
//! reader and writer share would otherwise go unseen.

use gangmu_exchange::{
    Extract, Extraction, Kind, Language, Limits, MoneyUnit, Profile, Synonyms, TargetField, Value,
    Workbook, extract, read_workbook,
};
use rust_xlsxwriter::{Format, Workbook as Writer, Worksheet};
use std::fmt::Write as _;

/// A sheet in the making.
pub struct Layout {
    sheet: Worksheet,
    row: u32,
}

/// Starts a sheet.
pub fn layout() -> Layout {
    Layout {
        sheet: Worksheet::new(),
        row: 0,
    }
}

impl Layout {
    /// A line of its own over the first ten columns.
    pub fn line(mut self, text: &str) -> Self {
        let format = Format::new();
        self.sheet
            .merge_range(self.row, 0, self.row, 9, text, &format)
            .unwrap();
        self.row += 1;
        self
    }

    /// A text in one cell of a row of its own.
    pub fn note(mut self, column: u16, text: &str) -> Self {
        self.sheet.write_string(self.row, column, text).unwrap();
        self.row += 1;
        self
    }

    /// Headers, `|` between columns, `▸` between levels, merged as in the papers.
    pub fn header(mut self, text: &str) -> Self {
        let paths: Vec<Vec<&str>> = text
            .split('|')
            .map(|path| path.trim().split('▸').map(str::trim).collect())
            .collect();
        let depth = paths.iter().map(Vec::len).max().unwrap();
        for (column, path) in paths.iter().enumerate() {
            for (level, name) in path.iter().enumerate() {
                let joined = |other: &Vec<&str>| {
                    other.len() > level + 1 && other[..=level] == path[..=level]
                };
                let inner = path.len() > level + 1;
                if inner && column > 0 && joined(&paths[column - 1]) {
                    continue;
                }
                let right = if inner {
                    column + paths[column..].iter().take_while(|p| joined(p)).count() - 1
                } else {
                    column
                };
                let bottom = if inner { level } else { depth - 1 };
                self.area(level, column, bottom, right, name);
            }
        }
        self.row += depth as u32;
        self
    }

    fn area(&mut self, top: usize, left: usize, bottom: usize, right: usize, name: &str) {
        let (first, last) = (self.row + top as u32, self.row + bottom as u32);
        let (left, right) = (left as u16, right as u16);
        if first == last && left == right {
            self.sheet.write_string(first, left, name).unwrap();
        } else {
            let format = Format::new();
            self.sheet
                .merge_range(first, left, last, right, name, &format)
                .unwrap();
        }
    }

    /// A row, `|` between cells; what is a number becomes one, `'` keeps it a text.
    pub fn row(mut self, text: &str) -> Self {
        for (column, cell) in text.split('|').enumerate() {
            let column = column as u16;
            let plain = cell.trim();
            match (plain.parse::<f64>(), plain.strip_prefix('\'')) {
                (_, Some(text)) => {
                    self.sheet.write_string(self.row, column, text).unwrap();
                }
                (Ok(number), _) => {
                    self.sheet.write_number(self.row, column, number).unwrap();
                }
                _ if plain.is_empty() => {}
                _ => {
                    let text = cell.strip_prefix(' ').unwrap_or(cell);
                    let text = text.strip_suffix(' ').unwrap_or(text);
                    self.sheet.write_string(self.row, column, text).unwrap();
                }
            }
        }
        self.row += 1;
        self
    }

    /// An empty row.
    pub fn gap(mut self) -> Self {
        self.row += 1;
        self
    }

    /// The bytes of a workbook with this one sheet.
    pub fn bytes(mut self) -> Vec<u8> {
        self.sheet.set_name("表").unwrap();
        let mut workbook = Writer::new();
        workbook.push_worksheet(self.sheet);
        workbook.save_to_buffer().unwrap()
    }

    /// The workbook, written and read again.
    pub fn workbook(self) -> Workbook {
        read_workbook("表.xlsx", &self.bytes(), &Limits::default()).unwrap()
    }
}

/// The synonyms that ship.
pub fn synonyms() -> Synonyms {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../data/import/synonyms.toml"
    );
    Synonyms::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A profile that ships.
pub fn shipped_profile(name: &str) -> Profile {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/profiles");
    let text = std::fs::read_to_string(format!("{folder}/{name}.toml")).unwrap();
    Profile::parse(&text).unwrap()
}

/// Every field that has synonyms, with its kind.
pub fn targets() -> Vec<TargetField> {
    let synonyms = synonyms();
    let mut keys: Vec<&str> = synonyms.keys().collect();
    keys.dedup();
    keys.into_iter()
        .map(|key| TargetField::new(key, kind_of(key)))
        .collect()
}

fn kind_of(key: &str) -> Kind {
    match key {
        "code" => Kind::Code,
        "build_years" => Kind::PeriodRange,
        "plan_rate" | "month_rate.N" => Kind::Percent,
        "project_count" => Kind::Integer,
        "unit" | "industry" | "category" => Kind::Lookup,
        "total_investment" | "invested_before" | "annual_plan" | "year_to_date" | "cumulative"
        | "month_investment" | "month_plan" | "month.N" | "tenday_investment" | "funded_before"
        | "funded_this_year" => Kind::Money,
        _ if key.ends_with("_on") => Kind::Date,
        _ if key.starts_with("funding.") || key.starts_with("tenday.") => Kind::Money,
        _ => Kind::Text,
    }
}

/// Extracts with the shipped synonyms, 万元 by default.
pub fn understand(workbook: &Workbook, profile: Option<&Profile>, joined: &[&Workbook]) -> Extract {
    let (targets, synonyms) = (targets(), synonyms());
    extract(
        workbook,
        &Extraction {
            targets: &targets,
            synonyms: &synonyms,
            profile,
            default_unit: MoneyUnit::TenThousand,
            joined,
        },
    )
}

/// What is understood of a workbook, as text.
pub fn report(workbook: &Workbook) -> String {
    show(&understand(workbook, None, &[]))
}

/// An extract as text: columns, records, checks, problems, notes.
pub fn show(extract: &Extract) -> String {
    let mut out = String::new();
    for sheet in &extract.sheets {
        let period = sheet.period;
        writeln!(
            out,
            "title {:?} unit {:?} {:?} {:?}",
            sheet.title, sheet.unit, period.year, period.to_month
        )
        .unwrap();
        let mapped = sheet
            .mapping
            .columns
            .iter()
            .filter_map(|column| column.key.as_deref());
        writeln!(out, "keys {}", mapped.collect::<Vec<_>>().join(" ")).unwrap();
    }
    for record in &extract.records {
        let values: Vec<String> = record
            .values
            .iter()
            .map(|parsed| format!("{}={}", parsed.key, value(&parsed.value)))
            .collect();
        let group = record.group.join("/");
        let tags = record.tags.concat();
        writeln!(
            out,
            "row {} [{group}]{tags} {}",
            record.row + 1,
            values.join(" ")
        )
        .unwrap();
    }
    for check in &extract.checks {
        let figures = (check.show(check.claimed), check.show(check.computed));
        writeln!(
            out,
            "check {} {} {} {} {} {:?}",
            check.cell, check.label, check.column, figures.0, figures.1, check.outcome
        )
        .unwrap();
    }
    for problem in &extract.problems {
        writeln!(
            out,
            "{} {}",
            problem.severity.as_str(),
            problem.message(Language::Chinese)
        )
        .unwrap();
    }
    for sheet in &extract.sheets {
        for (row, note) in &sheet.notes {
            writeln!(out, "note {} {note}", row + 1).unwrap();
        }
    }
    out
}

fn value(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Lookup(text) => text.clone(),
        Value::Money(amount) => format!("¥{amount}"),
        Value::Date(point) => point.to_string(),
        Value::Period(range) => range.to_string(),
        Value::Percent(hundredths) => format!("{hundredths}‱"),
        Value::Integer(number) => number.to_string(),
        Value::Code(code) => format!("{}({:?})", code.text, code.shape),
    }
}
