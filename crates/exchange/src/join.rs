//! Rows of a second file that belong to the records of the first.
//!
//! A record may match several rows (a project in several places); none is dropped.

use crate::{
    extract::{Extraction, Parsed},
    normalise::squeeze,
    plan::{self, Manner, Plan},
    problem::{Code, Problem},
    profile::Join,
    table::{self, RowKind, Table},
    workbook::{Sheet, Workbook},
};
use std::{collections::HashMap, sync::Arc};

/// A second file, indexed by its key columns.
pub(crate) struct Joined<'a> {
    join: &'a Join,
    sheet: &'a Sheet,
    table: Table,
    plans: Vec<Plan>,
    /// Key columns in the first file.
    own: Vec<usize>,
    rows: HashMap<String, Vec<usize>>,
}

/// Indexes every file that the profile joins; a missing file or column is a problem.
pub(crate) fn prepare<'a>(
    table: &Table,
    extraction: &Extraction<'a>,
    sheet: &Sheet,
    problems: &mut Vec<Problem>,
) -> Vec<Joined<'a>> {
    let joins = extraction.profile.map_or(&[][..], |profile| &profile.joins);
    let mut prepared = Vec::new();
    for join in joins {
        match index(table, join, extraction) {
            Some(joined) => prepared.push(joined),
            None => problems.push(
                Problem::new(Code::JoinUnmatched, &sheet.name, String::new(), &join.file)
                    .with_detail(join.file.clone()),
            ),
        }
    }
    prepared
}

fn index<'a>(table: &Table, join: &'a Join, extraction: &Extraction<'a>) -> Option<Joined<'a>> {
    let is_named = |workbook: &&&Workbook| workbook.file_name.ends_with(&join.file);
    let workbook: &'a Workbook = extraction.joined.iter().find(is_named)?;
    let sheet = workbook.sheets.first()?;
    let other = table::detect(sheet, None)?;
    let columns = |table: &Table| -> Option<Vec<usize>> {
        let named = |header: &String| plan::column_named(table, header);
        join.on.iter().map(named).collect()
    };
    let (own, theirs) = (columns(table)?, columns(&other)?);
    let mut rows: HashMap<String, Vec<usize>> = HashMap::new();
    for row in other.rows.iter().filter(|row| row.kind == RowKind::Detail) {
        let key = key_text(sheet, row.index, &theirs);
        rows.entry(key).or_default().push(row.index);
    }
    Some(Joined {
        plans: plan::listed_plans(&other, &join.columns, extraction),
        table: other,
        join,
        sheet,
        own,
        rows,
    })
}

fn key_text(sheet: &Sheet, row: usize, columns: &[usize]) -> String {
    let parts: Vec<String> = columns
        .iter()
        .map(|column| squeeze(&sheet.cell(row, *column).display()))
        .collect();
    parts.join(" | ")
}

impl Joined<'_> {
    pub fn file(&self) -> &str {
        &self.join.file
    }

    pub fn first_column(&self) -> usize {
        self.own.first().copied().unwrap_or(0)
    }

    /// The key of a row of the first file, as a person reads it.
    pub fn key_text(&self, sheet: &Sheet, row: usize) -> String {
        key_text(sheet, row, &self.own)
    }

    /// The rows of this file that belong to a row of the first.
    pub fn matching(&self, sheet: &Sheet, row: usize) -> Option<&Vec<usize>> {
        self.rows.get(&self.key_text(sheet, row))
    }

    /// Reads one row of this file.
    pub fn read(
        &self,
        row: usize,
        manner: &Manner<'_>,
        extraction: &Extraction<'_>,
    ) -> Vec<Parsed> {
        let value = |plan: &Plan| {
            let value = manner.read(self.sheet.cell(row, plan.column), plan).value?;
            Some(Parsed {
                key: Arc::clone(&plan.key),
                value,
                column: None,
            })
        };
        let mut values: Vec<Parsed> = self.plans.iter().filter_map(value).collect();
        let composed = &self.join.composed;
        values.extend(plan::compose(
            self.sheet,
            &self.table,
            row,
            composed,
            manner,
            extraction,
        ));
        values
    }
}
