//! Cross-foot checks: every total and group row against the rows it claims to add up
//! (勾稽校验).
//!
//! Both figures are kept and shown; neither is ever changed to fit the other. A total with a
//! figure among its rows that cannot be read neither agrees nor disagrees: it is said to be not
//! checkable, and which cell is why.

use crate::{
    mapping::Kind,
    plan::Plan,
    problem::{Code, Problem},
    table::{Column, Row, RowKind, Table},
    value::{MoneyUnit, NumberStyle, Reading, read_integer, read_money},
    workbook::{Sheet, cell_name},
};

/// One total compared with its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub sheet: String,
    /// Name of the cell that claims the total.
    pub cell: String,
    /// Name of the total or group.
    pub label: String,
    /// Header of the column; empty for a count of rows.
    pub column: String,
    /// What the cell says; 0 when it is the cell that cannot be read.
    pub claimed: i64,
    /// The sum of the figures that can be read.
    pub computed: i64,
    /// How many rows were added up.
    pub rows: usize,
    /// Names of the cells that cannot be read, the total's own first; none in a check that could
    /// be made.
    pub unreadable: Vec<String>,
    /// Unit in which the column is written, to show the figures in; none for counts.
    pub unit: Option<MoneyUnit>,
    pub outcome: CheckOutcome,
}

/// Whether a total agrees with its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    Match,
    Mismatch,
    /// A figure cannot be read, so nobody can say.
    NotCheckable,
}

impl Check {
    /// The problem of a total that does not agree, or of which nobody can say.
    pub fn problem(&self) -> Option<Problem> {
        let code = match self.outcome {
            CheckOutcome::Match => return None,
            CheckOutcome::NotCheckable => Code::TotalNotCheckable,
            CheckOutcome::Mismatch if self.column.is_empty() => Code::CountMismatch,
            CheckOutcome::Mismatch => Code::TotalMismatch,
        };
        let (claimed, detail) = match self.outcome {
            CheckOutcome::NotCheckable => (self.claimed_text(), self.cells_to_mend()),
            _ => (self.show(self.claimed), self.show(self.computed)),
        };
        let found = format!("{} {} {claimed}", self.label, self.column);
        let found = found.replace("  ", " ");
        let problem = Problem::new(code, &self.sheet, self.cell.clone(), found.trim_end());
        Some(problem.with_detail(detail))
    }

    /// What the cell claims, in the unit of its column; empty when it cannot be read.
    pub fn claimed_text(&self) -> String {
        if self.unreadable.contains(&self.cell) {
            String::new()
        } else {
            self.show(self.claimed)
        }
    }

    /// What the rows add up to, in the unit of the column; empty when nobody can say.
    pub fn computed_text(&self) -> String {
        if self.outcome == CheckOutcome::NotCheckable {
            String::new()
        } else {
            self.show(self.computed)
        }
    }

    /// The cells that keep the check from being made: the first few, and `…` when there are more.
    pub fn cells_to_mend(&self) -> String {
        let mut named: Vec<&str> = self.unreadable.iter().map(String::as_str).collect();
        if named.len() > MOST_NAMED {
            named.truncate(MOST_NAMED);
            named.push("…");
        }
        named.join(" ")
    }

    /// A figure of this check in the unit of its column.
    pub fn show(&self, figure: i64) -> String {
        let Some(unit) = self.unit else {
            return figure.to_string();
        };
        let factor = unit.factor().unsigned_abs();
        let (whole, rest) = (
            figure.unsigned_abs() / factor,
            figure.unsigned_abs() % factor,
        );
        let sign = if figure < 0 { "-" } else { "" };
        let digits = factor.ilog10() as usize;
        let fraction = format!("{rest:0digits$}");
        let fraction = fraction.trim_end_matches('0');
        let point = if rest == 0 { "" } else { "." };
        let fraction = if rest == 0 { "" } else { fraction };
        format!("{sign}{whole}{point}{fraction}{}", unit.word())
    }
}

/// No honest table makes more claims.
const MOST_CHECKS: usize = 50_000;

/// As many cells as a person mends before looking again.
const MOST_NAMED: usize = 5;

/// Compares every total and group of a table with its rows.
pub(crate) fn run(sheet: &Sheet, table: &Table, plans: &[Plan]) -> Vec<Check> {
    let mut checks = Vec::new();
    let sums = sums(table, plans);
    // Every grand total stands for the same rows: add them up once, not once per total.
    let mut whole: Option<Scope<'_>> = None;
    for (at, row) in table.rows.iter().enumerate() {
        if checks.len() >= MOST_CHECKS {
            break;
        }
        let part;
        let scope = if row.kind == RowKind::Total {
            whole.get_or_insert_with(|| Scope::new(sheet, details_or_groups(&table.rows), &sums))
        } else if let Some(rows) = rows_of(&table.rows, at) {
            part = Scope::new(sheet, rows, &sums);
            &part
        } else {
            continue;
        };
        if let Some(claimed) = row.claimed {
            checks.extend(count(sheet, table, row, claimed, &scope.rows));
        }
        for (sum, computed) in sums.iter().zip(&scope.figures) {
            checks.extend(sum.check(sheet, row, computed));
        }
    }
    checks
}

/// The rows that a total stands for, with the sum and number of figures per column.
struct Scope<'a> {
    rows: Vec<&'a Row>,
    figures: Vec<Added>,
}

/// What the figures of some rows come to.
#[derive(Default)]
struct Added {
    /// The sum and how many figures it has. None when there are none, as in groups that carry no
    /// figures of their own: nothing to compare with.
    sum: Option<(i64, usize)>,
    /// The cells that cannot be read, one more than is ever named.
    unreadable: Vec<String>,
}

impl<'a> Scope<'a> {
    fn new(sheet: &Sheet, rows: Vec<&'a Row>, sums: &[Sum]) -> Self {
        let figures = sums.iter().map(|sum| sum.add_up(sheet, &rows)).collect();
        Self { rows, figures }
    }
}

/// Compares a claimed number of projects with the detail rows.
fn count(sheet: &Sheet, table: &Table, row: &Row, claimed: i64, scope: &[&Row]) -> Option<Check> {
    // A summary lists groups, not projects: there is nothing to count in it.
    let lists_projects = table.rows.iter().any(|row| row.kind == RowKind::Detail)
        && !table.columns.iter().any(is_count);
    if !lists_projects || scope.iter().any(|row| row.kind != RowKind::Detail) {
        return None;
    }
    let computed = i64::try_from(scope.len()).ok()?;
    Some(Check {
        sheet: sheet.name.clone(),
        cell: cell_name(row.index, row.label_column),
        label: row.label.clone(),
        column: String::new(),
        claimed,
        computed,
        rows: scope.len(),
        unreadable: Vec::new(),
        unit: None,
        outcome: outcome(claimed == computed),
    })
}

fn outcome(agrees: bool) -> CheckOutcome {
    if agrees {
        CheckOutcome::Match
    } else {
        CheckOutcome::Mismatch
    }
}

/// A column whose figures can be added up.
struct Sum {
    column: usize,
    label: String,
    unit: Option<MoneyUnit>,
}

/// Money and counts; also unmapped columns whose header names a unit of money.
fn sums(table: &Table, plans: &[Plan]) -> Vec<Sum> {
    let sum = |column: &Column| {
        let plan = plans.iter().find(|plan| plan.column == column.index);
        let unit = match plan.map(|plan| plan.kind) {
            Some(Kind::Money) => plan.map(|plan| plan.unit),
            Some(Kind::Integer) => None,
            Some(_) => return None,
            None if is_count(column) => None,
            None if is_share(column) => return None,
            None => Some(column.unit?),
        };
        Some(Sum {
            column: column.index,
            label: column.label(),
            unit,
        })
    };
    table.columns.iter().filter_map(sum).collect()
}

fn is_count(column: &Column) -> bool {
    column
        .keys
        .last()
        .is_some_and(|key| matches!(key.as_str(), "项目数" | "项目个数" | "个数" | "项数"))
}

/// Shares do not add up, even under a header that names a unit of money.
fn is_share(column: &Column) -> bool {
    column.path.last().is_some_and(|name| {
        ["%", "％", "率", "比例", "占"]
            .iter()
            .any(|word| name.contains(word))
    })
}

impl Sum {
    fn read(&self, sheet: &Sheet, row: &Row) -> Reading<i64> {
        let cell = sheet.cell(row.index, self.column);
        match self.unit {
            Some(unit) => read_money(cell, unit, NumberStyle::Plain),
            None => read_integer(cell, NumberStyle::Plain),
        }
    }

    /// Adds up the figures of some rows, remembering the cells that hold none but are not blank.
    fn add_up(&self, sheet: &Sheet, rows: &[&Row]) -> Added {
        let mut added = Added::default();
        for row in rows {
            let reading = self.read(sheet, row);
            let Some(figure) = reading.value else {
                if reading.note.is_some() && added.unreadable.len() <= MOST_NAMED {
                    added.unreadable.push(cell_name(row.index, self.column));
                }
                continue;
            };
            let (total, count): (i64, usize) = added.sum.unwrap_or((0, 0));
            match total.checked_add(figure) {
                Some(total) => added.sum = Some((total, count + 1)),
                None => return Added::default(),
            }
        }
        added
    }

    fn check(&self, sheet: &Sheet, row: &Row, added: &Added) -> Option<Check> {
        let claim = self.read(sheet, row);
        let cell = cell_name(row.index, self.column);
        // A blank total claims nothing; a remark in its place is one only if there are figures.
        let own = claim.value.is_none().then(|| cell.clone());
        if own.is_some() && (claim.note.is_none() || added.sum.is_none()) {
            return None;
        }
        let unreadable: Vec<String> = own.into_iter().chain(added.unreadable.clone()).collect();
        let claimed = claim.value.unwrap_or(0);
        let (computed, rows) = match added.sum {
            Some(sum) => sum,
            None if unreadable.is_empty() => return None,
            None => (0, 0),
        };
        // Each row was rounded to a yuan on its own; that much may differ.
        let tolerance = match self.unit {
            Some(_) => rows as u64 / 2 + 1,
            None => 0,
        };
        Some(Check {
            sheet: sheet.name.clone(),
            cell,
            label: row.label.clone(),
            column: self.label.clone(),
            claimed,
            computed,
            rows,
            outcome: if unreadable.is_empty() {
                outcome(claimed.abs_diff(computed) <= tolerance)
            } else {
                CheckOutcome::NotCheckable
            },
            unreadable,
            unit: self.unit,
        })
    }
}

/// The rows that a total or group claims to add up.
fn rows_of(rows: &[Row], at: usize) -> Option<Vec<&Row>> {
    let row = rows.get(at)?;
    let scope = match row.kind {
        RowKind::Detail | RowKind::Breakdown => return None,
        RowKind::Total => details_or_groups(rows),
        RowKind::Subtotal => before(rows, at),
        RowKind::Group { level } => {
            let below = below(rows, at, level);
            if below.is_empty() && level == 0 {
                before(rows, at)
            } else {
                below
            }
        }
    };
    (!scope.is_empty()).then_some(scope)
}

/// What stands under a group, up to the next one of its rank.
fn below(rows: &[Row], at: usize, level: u8) -> Vec<&Row> {
    let rest = rows.get(at + 1..).unwrap_or_default();
    let end = rest
        .iter()
        .position(|row| match row.kind {
            RowKind::Group { level: other } => other <= level,
            RowKind::Total => true,
            _ => false,
        })
        .unwrap_or(rest.len());
    details_or_groups(rest.get(..end).unwrap_or_default())
}

/// What stands above a subtotal, up to the last group or total.
fn before(rows: &[Row], at: usize) -> Vec<&Row> {
    rows.get(..at)
        .unwrap_or_default()
        .iter()
        .rev()
        .take_while(|row| row.kind == RowKind::Detail)
        .collect()
}

/// The details, or in a summary without details its outermost groups.
fn details_or_groups(rows: &[Row]) -> Vec<&Row> {
    let details: Vec<&Row> = rows
        .iter()
        .filter(|row| row.kind == RowKind::Detail)
        .collect();
    if !details.is_empty() {
        return details;
    }
    let level = |row: &Row| match row.kind {
        RowKind::Group { level } => Some(level),
        _ => None,
    };
    let outermost = rows.iter().filter_map(level).min();
    rows.iter()
        .filter(|row| outermost.is_some() && level(row) == outermost)
        .collect()
}
