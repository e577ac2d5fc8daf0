//! What the plan finds wrong with a row, as findings of the workbook. What one would get wrong: a
//! cell whose value means nothing here is told what may stand there; names too many to list are
//! not listed.

use gangmu_domain::library::{Field, FieldProblem, Kind};
use gangmu_exchange::{Code, Extract, Problem, Record, Severity};

use super::convert;

/// The categories as the tables write them.
pub(super) const CATEGORIES: &str = "新开工、续建、前期、竣工";

/// A finding about a row: in the field's own cell, else beside the name.
pub(super) fn problem(record: &Record, code: Code, key: &str, found: String) -> Problem {
    let cell = record
        .cell(key)
        .or_else(|| record.cell("name"))
        .unwrap_or_else(|| gangmu_exchange::cell_name(record.row, 0));
    Problem::new(code, &record.sheet, cell, found).about(key)
}

/// A value that its field does not take, and what the field asks for.
pub(super) fn refused(record: &Record, key: &str, found: String, asks_for: String) -> Problem {
    Problem {
        severity: Severity::Error,
        ..problem(record, Code::ValueRefused, key, found).with_detail(asks_for)
    }
}

/// Nothing stands where the project needs something: in the field's column where the table has one.
pub(super) fn missing(extract: &Extract, record: &Record, key: &str) -> Problem {
    let mut found = Problem {
        severity: Severity::Error,
        ..problem(record, Code::ValueMissing, key, String::new())
    };
    if let Some(cell) = extract.cell(record, key) {
        found.cell = cell;
    }
    found
}

/// A cell that means nothing here. What may stand in it is listed only where the list is short.
pub(super) fn unknown_value(record: &Record, unknown: &convert::Unknown) -> Problem {
    let key = unknown.key.as_str();
    let field = Field::from_word(key);
    let choices = field.map(convert::choices).unwrap_or_default();
    let code = match field.map(Field::kind) {
        Some(Kind::Unit) => Code::UnitUnknown,
        Some(Kind::Department | Kind::Industry) => Code::NameUnknown,
        _ if !choices.is_empty() => Code::LookupUnknown,
        _ => Code::ValueRefused,
    };
    let detail = match code {
        Code::ValueRefused => said(&FieldProblem::WrongKind {
            field: field.unwrap_or(Field::Name),
        }),
        _ => choices,
    };
    Problem {
        severity: severity_of(key),
        ..problem(record, code, key, unknown.found.clone()).with_detail(detail)
    }
}

/// What a field's problem asks for, in both languages: it goes into one text of the workbook.
pub(super) fn said(problem: &FieldProblem) -> String {
    match problem {
        FieldProblem::TooLong { limit, .. } => {
            format!("不超过 {limit} 个字 (at most {limit} characters)")
        }
        FieldProblem::Contradicts { other, .. } => {
            format!("不早于 {} (not before it)", other.word())
        }
        FieldProblem::Missing { .. }
        | FieldProblem::WrongKind { .. }
        | FieldProblem::NotAllowed { .. } => "本栏允许的值 (a value this column takes)".to_owned(),
    }
}

/// What a row cannot do without is an error; what it can is said and left out.
fn severity_of(key: &str) -> Severity {
    match key {
        "name" | "total_investment" => Severity::Error,
        _ => Severity::Warning,
    }
}
