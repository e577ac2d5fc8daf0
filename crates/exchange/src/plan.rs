//! The reading plan of a table: for every mapped column what its cells become.
//!
//! Decided once per column, not per cell: the unit, and whether a bare 0.35 in a
//! column of shares means 35 % (fractions) or 0.35 % (points).

use crate::{
    extract::{Extraction, Parsed},
    mapping::{Kind, Mapping, TargetField},
    normalise::squeeze,
    problem::Code,
    profile::{Compose, ProfileColumn},
    table::{RowKind, Table},
    value::{
        DateStyle, MoneyUnit, NumberStyle, Reading, Value, is_numeric_text, read_code, read_date,
        read_integer, read_money, read_percent, read_period_range,
    },
    workbook::{Cell, Format, Sheet},
};
use std::{collections::BTreeMap, sync::Arc};

/// Marks that people put before a name or a serial number.
const TAGS: [char; 13] = [
    '★', '☆', '●', '○', '▲', '△', '◆', '◇', '■', '□', '※', '◎', '✓',
];

/// What one column becomes.
pub(crate) struct Plan {
    pub column: usize,
    pub label: String,
    pub key: Arc<str>,
    pub kind: Kind,
    pub unit: MoneyUnit,
    /// The unit was named by nobody.
    pub unit_assumed: bool,
    points: bool,
    values: BTreeMap<String, String>,
}

/// How cells are written in this file.
pub(crate) struct Manner<'a> {
    numbers: NumberStyle,
    dates: DateStyle,
    empty: &'a [String],
    /// Everything is text anyway, so a number as text is nothing to mention.
    only_text: bool,
    foreign_codes: bool,
}

impl<'a> Manner<'a> {
    pub fn new(extraction: &Extraction<'a>, format: Format) -> Self {
        let profile = extraction.profile;
        Self {
            numbers: profile.map_or(NumberStyle::Plain, |profile| profile.number_style()),
            dates: profile.map_or(DateStyle::Iso, |profile| profile.date_style()),
            empty: profile.map_or(&[], |profile| &profile.empty),
            only_text: format == Format::Csv || profile.is_some(),
            foreign_codes: profile.is_some_and(|profile| profile.foreign_codes),
        }
    }

    /// Reads a cell by a plan.
    pub fn read(&self, cell: &Cell, plan: &Plan) -> Reading<Value> {
        if self.is_empty(cell) {
            return Reading::BLANK;
        }
        if let (Some(text), false) = (cell.as_text(), plan.values.is_empty())
            && let Some(value) = plan.values.get(text.trim())
        {
            return self.read_kind(&Cell::Text(value.as_str().into()), plan);
        }
        self.read_kind(cell, plan)
    }

    pub fn is_empty(&self, cell: &Cell) -> bool {
        cell.is_blank()
            || cell
                .as_text()
                .is_some_and(|text| self.empty.iter().any(|empty| empty == text.trim()))
    }

    fn read_kind(&self, cell: &Cell, plan: &Plan) -> Reading<Value> {
        let reading = match plan.kind {
            Kind::Money => read_money(cell, plan.unit, self.numbers).map(Value::Money),
            Kind::Percent => read_percent(cell, plan.points, self.numbers).map(Value::Percent),
            Kind::Integer => read_integer(cell, self.numbers).map(Value::Integer),
            Kind::Date => read_date(cell, self.dates).map(Value::Date),
            Kind::PeriodRange => read_period_range(cell).map(Value::Period),
            Kind::Code => read_code(cell).map(Value::Code),
            Kind::Text => read_text(cell).map(Value::Text),
            Kind::Lookup => read_text(cell).map(|text| Value::Lookup(text.replace('\n', ""))),
        };
        match reading.note {
            Some(Code::NumberAsText) if self.only_text => reading.without_note(),
            Some(Code::CodeShape) if self.foreign_codes => reading.without_note(),
            _ => reading,
        }
    }
}

fn read_text(cell: &Cell) -> Reading<String> {
    match cell {
        Cell::Empty => Reading::BLANK,
        Cell::Error(_) => Reading::unreadable(Code::CellError),
        Cell::Text(text) => Reading::plain(text.trim().to_owned()),
        other => Reading::plain(other.display()),
    }
}

/// Plans every mapped column of a table.
pub(crate) fn plans(
    sheet: &Sheet,
    table: &Table,
    mapping: &mut Mapping,
    extraction: &Extraction<'_>,
) -> Vec<Plan> {
    let given = table
        .unit
        .or_else(|| extraction.profile?.unit.map(MoneyUnit::from));
    let mut plans = Vec::new();
    for column in &mut mapping.columns {
        let (Some(key), Some(kind)) = (&column.key, column.kind) else {
            continue;
        };
        let unit = column.unit.or(given);
        if kind == Kind::Money {
            column.unit = unit.or(Some(extraction.default_unit));
        }
        let chosen = extraction.profile.and_then(|profile| {
            let column = table
                .columns
                .iter()
                .find(|own| own.index == column.column)?;
            profile.column_for(column)
        });
        plans.push(Plan {
            column: column.column,
            label: column.label.clone(),
            key: Arc::from(key.as_str()),
            kind,
            unit: unit.unwrap_or(extraction.default_unit),
            unit_assumed: kind == Kind::Money && unit.is_none(),
            points: kind == Kind::Percent && is_in_points(sheet, table, column.column),
            values: chosen
                .map(|chosen| chosen.values.clone())
                .unwrap_or_default(),
        });
    }
    plans
}

/// Plans the columns that a join or a composition names itself.
pub(crate) fn listed_plans(
    table: &Table,
    listed: &[ProfileColumn],
    extraction: &Extraction<'_>,
) -> Vec<Plan> {
    let given = extraction.profile.and_then(|profile| profile.unit);
    let plan = |chosen: &ProfileColumn| {
        let column = table.columns.iter().find(|column| chosen.is_for(column))?;
        let key = chosen.key.as_deref()?;
        Some(Plan {
            column: column.index,
            label: column.label(),
            key: Arc::from(key),
            kind: kind_of(extraction.targets, key)?,
            unit: chosen
                .unit()
                .or(given.map(MoneyUnit::from))
                .unwrap_or(extraction.default_unit),
            unit_assumed: false,
            points: true,
            values: chosen.values.clone(),
        })
    };
    listed.iter().filter_map(plan).collect()
}

fn kind_of(targets: &[TargetField], key: &str) -> Option<Kind> {
    let target = targets.iter().find(|target| target.key == key)?;
    Some(target.kind)
}

/// A value that does not stand in one cell: a constant or a composition.
pub(crate) fn derived(
    key: &str,
    text: String,
    manner: &Manner<'_>,
    extraction: &Extraction<'_>,
) -> Option<Parsed> {
    let plan = Plan {
        column: 0,
        label: String::new(),
        key: Arc::from(key),
        kind: kind_of(extraction.targets, key)?,
        unit: extraction.default_unit,
        unit_assumed: false,
        points: true,
        values: BTreeMap::new(),
    };
    let value = manner.read(&Cell::Text(text.into()), &plan).value?;
    Some(Parsed {
        key: plan.key,
        value,
        column: None,
    })
}

/// The fields that are put together from several columns of a row.
pub(crate) fn compose(
    sheet: &Sheet,
    table: &Table,
    row: usize,
    composed: &[Compose],
    manner: &Manner<'_>,
    extraction: &Extraction<'_>,
) -> Vec<Parsed> {
    let field = |compose: &Compose| {
        let parts: Vec<String> = compose
            .from
            .iter()
            .map(|header| {
                let column = column_named(table, header)?;
                let cell = sheet.cell(row, column);
                (!manner.is_empty(cell)).then(|| cell.display().trim().to_owned())
            })
            .map(Option::unwrap_or_default)
            .collect();
        if parts.iter().all(String::is_empty) {
            return None;
        }
        derived(
            &compose.key,
            parts.join(&compose.separator),
            manner,
            extraction,
        )
    };
    composed.iter().filter_map(field).collect()
}

/// The column whose header a profile names.
pub(crate) fn column_named(table: &Table, header: &str) -> Option<usize> {
    let wanted = ProfileColumn {
        header: Some(header.to_owned()),
        ..ProfileColumn::default()
    };
    let column = table.columns.iter().find(|column| wanted.is_for(column))?;
    Some(column.index)
}

/// Shares above 1.5 in a column mean that it is written in percentage points.
/// A percent format settles it where the file tells.
fn is_in_points(sheet: &Sheet, table: &Table, column: usize) -> bool {
    if sheet.percent_columns.contains(&column) {
        return false;
    }
    let numbers = table
        .rows
        .iter()
        .filter(|row| row.kind == RowKind::Detail)
        .filter_map(|row| match sheet.cell(row.index, column) {
            Cell::Number(number) => Some(number.abs()),
            _ => None,
        });
    numbers
        .fold(None, |most: Option<f64>, number| {
            Some(most.map_or(number, |most| most.max(number)))
        })
        .is_none_or(|most| most > 1.5)
}

/// Splits the marks off a text: `★某项目` is 某项目 with the tag ★.
pub(crate) fn split_tags(text: &str) -> (String, Vec<String>) {
    let mut tags = Vec::new();
    let is_tag = |character: &char| TAGS.contains(character);
    let name = text.trim().trim_start_matches(|c| is_tag(&c) || c == ' ');
    let name = name.trim_end_matches(|c| is_tag(&c));
    for tag in text.chars().filter(is_tag) {
        let tag = tag.to_string();
        if !tags.contains(&tag) && !name.contains(&tag) {
            tags.push(tag);
        }
    }
    (name.trim().replace(['\n', '\r'], ""), tags)
}

/// The marks in a serial number: `1●`.
pub(crate) fn serial_tags(cell: &Cell) -> Vec<String> {
    match cell.as_text() {
        Some(text) if !is_numeric_text(text) => squeeze(text)
            .chars()
            .filter(|character| TAGS.contains(character))
            .map(String::from)
            .collect(),
        _ => Vec::new(),
    }
}
