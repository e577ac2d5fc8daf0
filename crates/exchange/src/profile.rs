//! A profile: how one particular foreign table is to be read, written down once.
//!
//! Hand-written or saved from the import wizard, always TOML. A key that we do not
//! know is refused with its line: a misspelt `unit` must not pass for "no unit".

use crate::{
    mapping::{ColumnMapping, Mapping},
    normalise::header_key,
    table::Column,
    value::{DateStyle, MoneyUnit, NumberStyle},
    workbook::{Workbook, cell_name},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a table is to be read.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    pub name: String,
    pub title: String,
    /// The file it is for, when it also joins others.
    pub file: Option<String>,
    /// Encoding of a text file, such as `utf-8` or `gb18030`.
    pub encoding: Option<String>,
    pub delimiter: Option<char>,
    /// Sheets to read; all when empty.
    pub sheets: Vec<String>,
    /// First row of the headers as the spreadsheet counts, from 1.
    pub header_row: Option<usize>,
    pub numbers: Numbers,
    pub dates: Dates,
    /// Unit of money columns that name none.
    pub unit: Option<Unit>,
    /// Code of the currency when it is not the yuan.
    pub currency: Option<String>,
    /// Project codes follow rules of their own; their shape is not looked at.
    pub foreign_codes: bool,
    /// Columns that are not listed stay unmapped, whatever the synonyms say.
    pub only_listed: bool,
    /// Text cells that mean "nothing".
    pub empty: Vec<String>,
    /// Values that every record gets unless its row has one.
    pub constants: BTreeMap<String, String>,
    #[serde(rename = "column")]
    pub columns: Vec<ProfileColumn>,
    #[serde(rename = "compose")]
    pub composed: Vec<Compose>,
    #[serde(rename = "join")]
    pub joins: Vec<Join>,
}

/// One column: named by its header (`outer ▸ inner`) or by its letters.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileColumn {
    pub header: Option<String>,
    /// Letters of the column, such as `AB`.
    pub position: Option<String>,
    /// The field; none means that the column is left out on purpose.
    pub key: Option<String>,
    pub unit: Option<Unit>,
    /// Replaces values; what is not listed stays.
    pub values: BTreeMap<String, String>,
}

/// A field made of several columns.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Compose {
    pub key: String,
    pub from: Vec<String>,
    pub separator: String,
}

/// A second file whose rows belong to the records of the first.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Join {
    pub file: String,
    /// Headers that both files share and that must agree.
    pub on: Vec<String>,
    #[serde(rename = "column")]
    pub columns: Vec<ProfileColumn>,
    #[serde(rename = "compose")]
    pub composed: Vec<Compose>,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Numbers {
    #[default]
    Plain,
    European,
}

/// How dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
pub enum Dates {
    /// `2011-06-30`
    #[default]
    #[serde(rename = "year-first")]
    Iso,
    /// `6/30/2011`
    #[serde(rename = "month-first")]
    American,
    /// `30/6/2011`
    #[serde(rename = "day-first")]
    European,
}

/// A unit of money as a profile writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Unit {
    #[serde(rename = "1", alias = "元")]
    One,
    #[serde(rename = "1000", alias = "千元")]
    Thousand,
    #[serde(rename = "10000", alias = "万元")]
    TenThousand,
    #[serde(rename = "1000000", alias = "百万元")]
    Million,
    #[serde(rename = "100000000", alias = "亿元")]
    HundredMillion,
}

/// Why a profile was refused; the text names line and column.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("reading profile: {0}")]
    Read(#[from] toml::de::Error),
    #[error("writing profile: {0}")]
    Write(#[from] toml::ser::Error),
}

impl Profile {
    /// Reads a profile.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        Ok(toml::from_str(text)?)
    }

    /// Tells the file that the profile is for from those that it joins.
    pub fn split<'a>(
        &self,
        workbooks: &'a [Workbook],
    ) -> Option<(&'a Workbook, Vec<&'a Workbook>)> {
        let is_named = |workbook: &&Workbook| {
            let named = self.file.as_deref();
            named.is_some_and(|name| workbook.file_name.ends_with(name))
        };
        let first = workbooks
            .iter()
            .find(is_named)
            .or_else(|| workbooks.first())?;
        let others = workbooks
            .iter()
            .filter(|other| !std::ptr::eq(*other, first));
        Some((first, others.collect()))
    }

    /// A mapping as a person confirmed it, to be used again for the same table.
    pub fn from_mapping(name: &str, mapping: &Mapping) -> Self {
        let column = |column: &ColumnMapping| {
            let same = |other: &&ColumnMapping| other.label == column.label;
            // A header that is missing or not unique is found again by its place.
            let unique = mapping.columns.iter().filter(same).count() == 1;
            let by_name = unique && !column.label.is_empty();
            let place = cell_name(0, column.column);
            ProfileColumn {
                header: by_name.then(|| column.label.clone()),
                position: (!by_name).then(|| place.trim_end_matches('1').to_owned()),
                key: column.key.clone(),
                unit: column.unit.map(Unit::from),
                values: BTreeMap::new(),
            }
        };
        Self {
            name: name.to_owned(),
            columns: mapping.columns.iter().map(column).collect(),
            ..Self::default()
        }
    }

    /// Writes a profile so that [`Profile::parse`] reads it again.
    pub fn to_toml(&self) -> Result<String, ProfileError> {
        Ok(toml::to_string(self)?)
    }

    /// Whether columns that it does not list stay unmapped.
    pub fn only_listed_columns(&self) -> bool {
        self.only_listed
    }

    pub(crate) fn column_for(&self, column: &Column) -> Option<&ProfileColumn> {
        self.columns.iter().find(|chosen| chosen.is_for(column))
    }

    pub(crate) fn number_style(&self) -> NumberStyle {
        match self.numbers {
            Numbers::Plain => NumberStyle::Plain,
            Numbers::European => NumberStyle::European,
        }
    }

    pub(crate) fn date_style(&self) -> DateStyle {
        match self.dates {
            Dates::Iso => DateStyle::Iso,
            Dates::American => DateStyle::American,
            Dates::European => DateStyle::European,
        }
    }
}

impl ProfileColumn {
    /// The unit it names.
    pub fn unit(&self) -> Option<MoneyUnit> {
        self.unit.map(MoneyUnit::from)
    }

    pub(crate) fn is_for(&self, column: &Column) -> bool {
        let by_position = self
            .position
            .as_deref()
            .is_some_and(|letters| column_index(letters) == Some(column.index));
        let by_header = self.header.as_deref().is_some_and(|header| {
            let wanted: Vec<String> = header.split('▸').map(header_key).collect();
            wanted == column.keys
        });
        by_position || by_header
    }
}

impl From<Unit> for MoneyUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::One => Self::One,
            Unit::Thousand => Self::Thousand,
            Unit::TenThousand => Self::TenThousand,
            Unit::Million => Self::Million,
            Unit::HundredMillion => Self::HundredMillion,
        }
    }
}

impl From<MoneyUnit> for Unit {
    fn from(unit: MoneyUnit) -> Self {
        match unit {
            MoneyUnit::One => Self::One,
            MoneyUnit::Thousand => Self::Thousand,
            MoneyUnit::TenThousand => Self::TenThousand,
            MoneyUnit::Million => Self::Million,
            MoneyUnit::HundredMillion => Self::HundredMillion,
        }
    }
}

/// The column of letters such as `AB`, from 0.
fn column_index(letters: &str) -> Option<usize> {
    let mut index = 0_usize;
    for letter in letters.bytes() {
        let digit = letter.to_ascii_uppercase().checked_sub(b'A')?;
        if digit > 25 {
            return None;
        }
        index = index.checked_mul(26)?.checked_add(usize::from(digit) + 1)?;
    }
    index.checked_sub(1)
}
