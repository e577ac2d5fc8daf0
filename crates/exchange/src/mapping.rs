//! Which column is which field: header names against a table of synonyms.
//!
//! Only an exact match (after normalising) maps a column. Anything weaker is a
//! suggestion for a person to confirm.

use crate::{
    normalise::header_key,
    profile::Profile,
    table::{Column, Table},
    value::MoneyUnit,
};
use std::collections::BTreeMap;

/// A field that the caller wants. `N` in a key stands for a month: `month.N`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetField {
    pub key: String,
    pub kind: Kind,
}

impl TargetField {
    /// A field with its kind.
    pub fn new(key: impl Into<String>, kind: Kind) -> Self {
        Self {
            key: key.into(),
            kind,
        }
    }
}

/// What the cells of a field hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Money,
    Date,
    PeriodRange,
    Percent,
    Integer,
    Code,
    Lookup,
}

/// Header names by key, from TOML: `key = ["name", "outer ▸ inner", "{N}月 ▸ name"]`.
#[derive(Debug, Clone, Default)]
pub struct Synonyms {
    patterns: Vec<Pattern>,
    /// The first name of each key as it was written, `{N}` and all.
    names: BTreeMap<String, String>,
}

/// Why a table of synonyms was refused; the text names line and column.
#[derive(Debug, thiserror::Error)]
#[error("reading synonyms: {0}")]
pub struct SynonymsError(#[from] toml::de::Error);

#[derive(Debug, Clone)]
struct Pattern {
    key: String,
    segments: Vec<String>,
}

/// How a column came to its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MappingSource {
    Profile,
    Synonym,
    /// By its place alone: the header cell is missing.
    Position,
    None,
}

/// One column and what it was taken for.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnMapping {
    /// Column in the sheet, from 0.
    pub column: usize,
    /// Header in one line.
    pub label: String,
    pub key: Option<String>,
    pub kind: Option<Kind>,
    /// 0 to 100.
    pub confidence: u8,
    pub source: MappingSource,
    /// A key that is likely but not certain.
    pub suggestion: Option<String>,
    /// Unit of a money column, once known.
    pub unit: Option<MoneyUnit>,
}

/// All columns of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    pub columns: Vec<ColumnMapping>,
    /// Keys that several columns matched, with the columns.
    pub ambiguous: Vec<(String, Vec<usize>)>,
}

impl Synonyms {
    /// Reads a table of synonyms.
    pub fn parse(text: &str) -> Result<Self, SynonymsError> {
        let names: BTreeMap<String, Vec<String>> = toml::from_str(text)?;
        let mut synonyms = Self::default();
        for (key, names) in &names {
            for name in names {
                synonyms.add(key, name);
            }
        }
        Ok(synonyms)
    }

    /// Adds a name; `▸` parts outer from inner headers.
    pub fn add(&mut self, key: &str, name: &str) {
        self.names
            .entry(key.to_owned())
            .or_insert_with(|| name.to_owned());
        self.patterns.push(Pattern {
            key: key.to_owned(),
            segments: name.split('▸').map(header_key).collect(),
        });
    }

    /// All keys that have a name.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(|pattern| pattern.key.as_str())
    }

    /// The names of some keys alone, so that a name means what it means in one kind of table.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&str) -> bool) -> Self {
        let patterns = self.patterns.iter().filter(|one| keep(&one.key));
        let names = self.names.iter().filter(|(key, _)| keep(key));
        Self {
            patterns: patterns.cloned().collect(),
            names: names
                .map(|(key, name)| (key.clone(), name.clone()))
                .collect(),
        }
    }

    /// How a column of this key is usually headed; the key itself where nobody has said.
    pub fn header<'a>(&'a self, key: &'a str) -> &'a str {
        self.names.get(key).map_or(key, String::as_str)
    }

    /// The best key for a path of normalised headers, with its confidence.
    fn best(&self, path: &[String]) -> Option<(String, u8)> {
        let mut best: Option<(String, u8)> = None;
        for pattern in &self.patterns {
            if let Some((key, confidence)) = pattern.fit(path)
                && best.as_ref().is_none_or(|(_, other)| confidence > *other)
            {
                best = Some((key, confidence));
            }
        }
        best
    }
}

/// Below this a match is only a suggestion.
const CERTAIN: u8 = 80;
/// Shorter names mean something of their own only where no name stands above them.
const SHORT_NAME: usize = 4;

impl Pattern {
    fn fit(&self, path: &[String]) -> Option<(String, u8)> {
        let (leaf, outer) = path.split_last()?;
        let (name, outer_names) = self.segments.split_last()?;
        let mut month = None;
        if !same(name, leaf, &mut month) {
            let close = outer_names.is_empty()
                && name.chars().count() >= 3
                && !name.contains("{n}")
                && leaf.contains(name.as_str());
            // The longer the part that fits, the better the suggestion.
            let share = name.chars().count() * 60 / leaf.chars().count().max(1);
            return close.then(|| (self.key.clone(), u8::try_from(share).unwrap_or(60).min(60)));
        }
        let mut rest = outer;
        for wanted in outer_names {
            let at = rest
                .iter()
                .position(|found| same(wanted, found, &mut month) || found.contains(wanted))?;
            rest = rest.get(at + 1..).unwrap_or_default();
        }
        let confidence = match (outer_names.is_empty(), outer.is_empty()) {
            (false, _) | (true, true) => 100,
            // 名称 under 项目业主单位 is not the name of the project.
            (true, false) if name.chars().count() < SHORT_NAME => CERTAIN - 10,
            (true, false) => 90,
        };
        Some((with_month(&self.key, month), confidence))
    }
}

/// Compares a name with a header; `{n}` stands for the number of a month.
fn same(name: &str, header: &str, month: &mut Option<u8>) -> bool {
    let Some((before, after)) = name.split_once("{n}") else {
        return name == header;
    };
    let number = header
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after))
        .and_then(|digits| digits.parse::<u8>().ok())
        .filter(|month| (1..=12).contains(month));
    *month = number.or(*month);
    number.is_some()
}

fn with_month(key: &str, month: Option<u8>) -> String {
    match month {
        Some(month) => key
            .split('.')
            .map(|part| {
                if part == "N" {
                    month.to_string()
                } else {
                    part.to_owned()
                }
            })
            .collect::<Vec<_>>()
            .join("."),
        None => key.to_owned(),
    }
}

/// The target that a key such as `month.8` belongs to.
fn target_of<'a>(targets: &'a [TargetField], key: &str) -> Option<&'a TargetField> {
    targets.iter().find(|target| target.key == key).or_else(|| {
        let generic: Vec<&str> = key
            .split('.')
            .enumerate()
            .map(|(index, part)| {
                let number = index == 1 && part.parse::<u8>().is_ok();
                if number { "N" } else { part }
            })
            .collect();
        let generic = generic.join(".");
        targets.iter().find(|target| target.key == generic)
    })
}

/// Maps the columns of a table.
pub(crate) fn map(
    table: &Table,
    targets: &[TargetField],
    synonyms: &Synonyms,
    profile: Option<&Profile>,
) -> Mapping {
    let mut mapping = Mapping::default();
    for column in &table.columns {
        mapping
            .columns
            .push(map_column(column, targets, synonyms, profile));
    }
    settle(&mut mapping);
    name_by_position(table, targets, &mut mapping);
    mapping
}

fn map_column(
    column: &Column,
    targets: &[TargetField],
    synonyms: &Synonyms,
    profile: Option<&Profile>,
) -> ColumnMapping {
    let mut mapped = ColumnMapping {
        column: column.index,
        label: column.label(),
        key: None,
        kind: None,
        confidence: 0,
        source: MappingSource::None,
        suggestion: None,
        unit: column.unit,
    };
    if column.is_serial() {
        return mapped;
    }
    if let Some(chosen) = profile.and_then(|profile| profile.column_for(column)) {
        let target = chosen
            .key
            .as_deref()
            .and_then(|key| target_of(targets, key));
        mapped.key = target.and(chosen.key.clone());
        mapped.kind = target.map(|target| target.kind);
        mapped.unit = chosen.unit().or(mapped.unit);
        mapped.confidence = 100;
        mapped.source = MappingSource::Profile;
        return mapped;
    }
    if profile.is_some_and(|profile| profile.only_listed_columns()) {
        return mapped;
    }
    if let Some((key, confidence)) = synonyms.best(&column.keys)
        && let Some(target) = target_of(targets, &key)
    {
        mapped.confidence = confidence;
        if confidence >= CERTAIN {
            mapped.key = Some(key);
            mapped.kind = Some(target.kind);
            mapped.source = MappingSource::Synonym;
        } else {
            mapped.suggestion = Some(key);
        }
    }
    mapped
}

/// Where several columns claim one key, the most certain and then the first keeps it.
fn settle(mapping: &mut Mapping) {
    let mut claims: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, column) in mapping.columns.iter().enumerate() {
        if let Some(key) = &column.key {
            claims.entry(key.clone()).or_default().push(index);
        }
    }
    for (key, indices) in claims.into_iter().filter(|(_, indices)| indices.len() > 1) {
        let rank = |index: &usize| {
            let column = mapping.columns.get(*index);
            column.map_or(0, |column| column.confidence)
        };
        let best = indices.iter().map(rank).max().unwrap_or(0);
        let rivals = indices.iter().filter(|index| rank(index) == best).count();
        let keeper = indices.iter().copied().find(|index| rank(index) == best);
        let mut columns = Vec::new();
        for index in indices {
            if let Some(column) = mapping.columns.get_mut(index) {
                columns.push(column.column);
                if Some(index) != keeper {
                    column.suggestion = column.key.take();
                    column.kind = None;
                    column.source = MappingSource::None;
                }
            }
        }
        if rivals > 1 {
            mapping.ambiguous.push((key, columns));
        }
    }
}

/// A nameless column right after the serial numbers is taken for the name.
fn name_by_position(table: &Table, targets: &[TargetField], mapping: &mut Mapping) {
    let has_name = mapping
        .columns
        .iter()
        .any(|column| column.key.as_deref() == Some("name"));
    let Some(target) = targets.iter().find(|target| target.key == "name") else {
        return;
    };
    let serial = table.columns.iter().position(Column::is_serial);
    let (false, Some(serial)) = (has_name, serial) else {
        return;
    };
    let nameless = table
        .columns
        .get(serial + 1)
        .is_some_and(|column| column.path.is_empty());
    if let (true, Some(column)) = (nameless, mapping.columns.get_mut(serial + 1)) {
        column.key = Some(target.key.clone());
        column.kind = Some(target.kind);
        column.confidence = 50;
        column.source = MappingSource::Position;
    }
}
