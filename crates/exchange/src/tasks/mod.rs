//! Tables of tasks (任务分解表): who does what until when, measured by what.
//!
//! 1. [`read_tasks`]: workbook or document → [`TaskTables`]: every cell as it stands, with its place.
//! 2. [`read_aim`], [`read_deadline`]: what a target or a deadline says.
//!
//! What a reader would get wrong: a task takes several rows. A row whose task cell is blank, merged
//! or not, is one more indicator of the task above; a row that has nothing but a name is a heading.

mod aim;
mod deadline;
mod heading;
mod lines;

pub use aim::{Aim, AimFault, read_aim};
pub use deadline::read_deadline;

use crate::{
    mapping::{self, Kind, Mapping, Synonyms, TargetField},
    table::{Table, detect},
    workbook::{Sheet, Workbook},
};

/// What was found in a file (任务表).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskTables {
    /// The tasks, in the order of the file.
    pub tasks: Vec<TaskLine>,
    /// Columns nobody knows: their heads, with the place of the table.
    pub unknown: Vec<Said>,
    /// Sheets or tables that have no column of tasks: their names.
    pub passed_over: Vec<String>,
    /// The file has a column of targets.
    pub has_targets: bool,
}

/// What a cell says, and where it stands: `表1!B7`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// The place.
    pub place: String,
    /// The text, trimmed; empty where the cell is blank.
    pub text: String,
}

/// A task as it stands in a table. A field is `None` where the table has no such column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskLine {
    /// What it is headed by, from the outermost; `None` where the table has no headings at all.
    pub group: Option<Vec<String>>,
    /// What is to be done, as it stands.
    pub title: Said,
    /// The same without a number before it.
    pub name: String,
    /// Its number, where the table counts.
    pub number: Option<u32>,
    /// At length.
    pub body: Option<Said>,
    /// What there will be to show for it.
    pub outcome: Option<Said>,
    /// Who leads.
    pub lead: Option<Said>,
    /// Who helps.
    pub cooperating: Option<Said>,
    /// By when.
    pub due: Option<Said>,
    /// The tasks of the plan above it takes over.
    pub takes_over: Option<Said>,
    /// What it is measured by.
    pub indicators: Vec<IndicatorLine>,
}

/// An indicator as it stands in a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndicatorLine {
    /// What it is called.
    pub name: Said,
    /// What it is counted in: its own column, or a unit that the head of the targets names.
    pub unit: Option<Said>,
    /// What it stood at.
    pub baseline: Option<Said>,
    /// What is to be reached.
    pub target: Said,
    /// By when.
    pub due: Option<Said>,
}

/// What a column holds.
const KEYS: [&str; 14] = [
    GROUP,
    TITLE,
    BODY,
    OUTCOME,
    LEAD,
    COOPERATING,
    DUE,
    TAKES_OVER,
    NAME,
    UNIT,
    BASELINE,
    TARGET,
    "indicator.value",
    "note",
];
const GROUP: &str = "task.group";
const TITLE: &str = "task.title";
const BODY: &str = "task.body";
const OUTCOME: &str = "task.outcome";
const LEAD: &str = "task.lead";
const COOPERATING: &str = "task.cooperating";
const DUE: &str = "task.due";
const TAKES_OVER: &str = "task.takes_over";
const NAME: &str = "indicator.name";
const UNIT: &str = "indicator.unit";
const BASELINE: &str = "indicator.baseline";
const TARGET: &str = "indicator.target";

/// Reads every table of tasks in a file.
#[must_use]
pub fn read_tasks(book: &Workbook, synonyms: &Synonyms) -> TaskTables {
    let targets: Vec<TargetField> = KEYS
        .iter()
        .map(|key| TargetField::new(*key, Kind::Text))
        .collect();
    let mut found = TaskTables::default();
    for sheet in book.sheets.iter().filter(|sheet| !sheet.hidden) {
        if sheet.rows.is_empty() {
            continue;
        }
        let table = table_of(sheet, &targets, synonyms);
        match table {
            Some((table, mapping)) => lines::read(sheet, &table, &mapping, &mut found),
            None => found.passed_over.push(sheet.name.clone()),
        }
    }
    found
}

/// The table of a sheet, where it has a column of tasks.
fn table_of(
    sheet: &Sheet,
    targets: &[TargetField],
    synonyms: &Synonyms,
) -> Option<(Table, Mapping)> {
    let table = detect(sheet, None)?;
    let mapping = mapping::map(&table, targets, synonyms, None);
    let has = |key: &str| {
        mapping
            .columns
            .iter()
            .any(|column| column.key.as_deref() == Some(key))
    };
    // One name alone may be chance; two are a table of tasks.
    let others = [LEAD, DUE, NAME, TARGET].into_iter().filter(|key| has(key));
    (has(TITLE) && others.count() > 0).then_some((table, mapping))
}
