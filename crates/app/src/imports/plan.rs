//! What adopting would do, row by row: the difference between the file and the library.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use gangmu_domain::dispatch::{Figures, SiteStatus};
use gangmu_domain::library::{
    DuplicateKey, Field, FieldProblem, FundingSource, ProjectId, ProjectRecord, Value,
};
use gangmu_domain::organisation::{Action, DepartmentId};
use gangmu_domain::pipeline::{Category, Stage};
use gangmu_domain::{Period, Yuan};
use gangmu_exchange::{Extract, Problem, Record, Severity, Value as CellValue};
use gangmu_store::Conn;
use gangmu_store::dispatch;
use gangmu_store::library::{self, Project};
use gangmu_store::pipeline::{self, Entry};

use super::finding::Findings;
use super::{ImportOptions, Read, convert};
use crate::error::AppError;
use crate::{Actor, Reference};

/// The whole plan.
pub(super) struct Plan {
    pub rows: Vec<PlanRow>,
}

impl Plan {
    /// Lists what the reader found outside the rows; a row carries its own errors.
    pub(super) fn outside<'a>(&self, extract: &'a Extract) -> Vec<&'a Problem> {
        let place = |p: &Problem| (p.sheet.clone(), p.cell.clone(), p.code);
        let in_rows: HashSet<_> = self
            .rows
            .iter()
            .flat_map(|row| row.problems.iter().map(place))
            .collect();
        extract
            .problems
            .iter()
            .filter(|p| !in_rows.contains(&place(p)))
            .collect()
    }

    /// Counts the rows that keep everything from being adopted.
    pub(super) fn refused(&self) -> usize {
        self.rows.iter().filter(|row| row.is_refused()).count()
    }
}

/// What one row would do.
pub(super) struct PlanRow {
    pub sheet: String,
    /// Row in the sheet, from 0.
    pub row: usize,
    pub name: String,
    /// The project it is; `None` for a new one.
    pub project: Option<Project>,
    /// Fields that get another value, with the cell they stand in.
    pub fields: Vec<PlannedField>,
    /// The place on the year's list it would get.
    pub entry: Option<PlannedEntry>,
    /// Figures that would be saved as drafts.
    pub figures: Vec<(Period, i64, Figures)>,
    pub problems: Vec<Problem>,
}

/// A field with its value before and after.
pub(super) struct PlannedField {
    pub field: Field,
    pub cell: String,
    pub before: Option<Value>,
    pub after: Value,
}

/// A place on a year's list, before and after.
pub(super) struct PlannedEntry {
    pub before: Option<Entry>,
    pub category: Category,
    pub plan: Yuan,
}

impl PlanRow {
    /// Names the row as a person finds it: `Sheet1!7`.
    pub(super) fn cell_name(&self) -> String {
        format!("{}!{}", self.sheet, self.row + 1)
    }

    pub(super) fn is_refused(&self) -> bool {
        self.problems.iter().any(|p| p.severity == Severity::Error)
    }

    pub(super) fn changes_anything(&self) -> bool {
        !self.fields.is_empty() || self.entry.is_some() || !self.figures.is_empty()
    }

    pub(super) fn record_after(&self) -> ProjectRecord {
        let mut record = self
            .project
            .as_ref()
            .map(|project| project.record.clone())
            .unwrap_or_default();
        for planned in &self.fields {
            record.restore(planned.field, Some(planned.after.clone()));
        }
        record
    }
}

/// Compares the file with the library.
pub(super) async fn plan(
    conn: &impl Conn,
    reference: &Reference,
    actor: &Actor,
    read: &Read,
    options: &ImportOptions,
) -> Result<Plan, AppError> {
    let extract = &read.extract;
    let mut taken: HashSet<ProjectId> = HashSet::new();
    let mut codes = HashMap::new();
    let mut rows = Vec::with_capacity(extract.records.len());
    let mut bad_cells = errors_by_row(extract);
    let context = Context {
        findings: Findings {
            extract,
            synonyms: &read.synonyms,
            reference,
        },
        reference,
        actor,
        options,
        category: options.category()?,
        period: options.period()?,
    };
    let found: Vec<Row<'_>> = extract.records.iter().map(|r| context.read(r)).collect();
    let library = Library::matching(conn, &found).await?;
    for mut one in found {
        context.only_once(&mut one, &mut codes);
        let mut row = context.row(conn, one, &library, &taken).await?;
        // A bad cell anywhere in the row keeps the row out, whoever found it.
        if let Some(bad) = bad_cells.remove(&(row.sheet.clone(), row.row)) {
            row.problems.extend(bad);
        }
        if let Some(project) = &row.project {
            taken.insert(project.id);
        }
        rows.push(row);
    }
    Ok(Plan { rows })
}

/// The errors the reader found, by the row they stand in.
fn errors_by_row(extract: &Extract) -> HashMap<(String, usize), Vec<Problem>> {
    let mut rows: HashMap<(String, usize), Vec<Problem>> = HashMap::new();
    for problem in &extract.problems {
        let digits = problem
            .cell
            .trim_start_matches(|c: char| c.is_ascii_alphabetic());
        if let (Severity::Error, Ok(row)) = (problem.severity, digits.parse::<usize>()) {
            let key = (problem.sheet.clone(), row.saturating_sub(1));
            rows.entry(key).or_default().push(problem.clone());
        }
    }
    rows
}

struct Context<'a> {
    findings: Findings<'a>,
    reference: &'a Reference,
    actor: &'a Actor,
    options: &'a ImportOptions,
    category: Option<Category>,
    period: Option<Period>,
}

/// A row as it was read, before it is compared with anything.
struct Row<'a> {
    record: &'a Record,
    after: ProjectRecord,
    key: DuplicateKey,
    problems: Vec<Problem>,
}

/// The projects that any row of the file could be, read at once.
struct Library {
    projects: Vec<Project>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Library {
    async fn matching(conn: &impl Conn, rows: &[Row<'_>]) -> Result<Self, AppError> {
        let mut codes = BTreeSet::new();
        let mut names = BTreeSet::new();
        for row in rows {
            codes.extend(row.after.text(Field::Code).map(str::to_owned));
            names.extend(Some(row.key.name.clone()).filter(|name| !name.is_empty()));
        }
        let codes: Vec<String> = codes.into_iter().collect();
        let names: Vec<String> = names.into_iter().collect();
        let projects = library::project_match(conn, &codes, &names).await?;
        let mut by_code = HashMap::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, project) in projects.iter().enumerate() {
            if let Some(code) = project.record.text(Field::Code) {
                by_code.insert(code.to_owned(), at);
            }
            let name = DuplicateKey::of(&project.record).name;
            by_name.entry(name).or_default().push(at);
        }
        Ok(Self {
            projects,
            by_code,
            by_name,
        })
    }

    /// Finds the project a row is: by code, else by name, owner and place, each only once.
    fn find(&self, row: &Row<'_>, taken: &HashSet<ProjectId>) -> Option<&Project> {
        if let Some(at) = row
            .after
            .text(Field::Code)
            .and_then(|code| self.by_code.get(code))
        {
            return self.projects.get(*at);
        }
        let named = self
            .by_name
            .get(&row.key.name)
            .map_or(&[][..], Vec::as_slice);
        named
            .iter()
            .filter_map(|at| self.projects.get(*at))
            .filter(|project| !taken.contains(&project.id) && project.stage.is_active())
            .find(|project| is_same(project, &row.after, &row.key))
    }
}

fn is_same(project: &Project, after: &ProjectRecord, key: &DuplicateKey) -> bool {
    let known = DuplicateKey::of(&project.record);
    let agrees = |field: Field| match (project.record.get(field), after.get(field)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    let owner = known.owner.is_empty() || key.owner.is_empty() || known.owner == key.owner;
    owner && agrees(Field::Unit) && agrees(Field::OtherCode) && agrees(Field::Code)
}

impl Context<'_> {
    fn read<'a>(&self, record: &'a Record) -> Row<'a> {
        let (mut fields, unknown) = convert::fields(self.reference, record);
        let mut problems: Vec<Problem> = unknown
            .into_iter()
            .map(|u| self.findings.unknown_value(record, &u))
            .collect();
        self.place(record, &mut fields, &mut problems);
        let mut after = ProjectRecord::default();
        for (field, value) in &fields {
            if let Err(problem) = after.set(*field, Some(value.clone())) {
                problems.push(self.findings.refused(record, &problem));
            }
        }
        Row {
            record,
            key: DuplicateKey::of(&after),
            after,
            problems,
        }
    }

    async fn row(
        &self,
        conn: &impl Conn,
        read: Row<'_>,
        library: &Library,
        taken: &HashSet<ProjectId>,
    ) -> Result<PlanRow, AppError> {
        let project = library.find(&read, taken).cloned();
        let Row {
            record,
            after,
            problems,
            ..
        } = read;
        let base = project
            .as_ref()
            .map(|p| p.record.clone())
            .unwrap_or_default();
        let planned = after
            .iter()
            .filter(|(field, value)| base.get(*field) != Some(*value))
            .map(|(field, value)| PlannedField {
                field,
                cell: record.cell(field.word()).unwrap_or_default(),
                before: base.get(field).cloned(),
                after: value.clone(),
            })
            .collect();
        let mut row = PlanRow {
            sheet: record.sheet.to_string(),
            row: record.row,
            name: after.text(Field::Name).unwrap_or_default().to_owned(),
            project,
            fields: planned,
            entry: None,
            figures: Vec::new(),
            problems,
        };
        let whole = row.record_after();
        for problem in whole.problems() {
            let field = problem.field();
            // What stands in the cell and cannot be used was said already; it is not missing too.
            let said_already = |p: &Problem| {
                p.severity == Severity::Error && p.key.as_deref() == Some(field.word())
            };
            if row.problems.iter().any(said_already) {
                continue;
            }
            row.problems.push(match problem {
                FieldProblem::Missing { .. } => self.findings.missing(record, field),
                _ => self.findings.refused(record, &problem),
            });
        }
        self.authority(&mut row, record, &whole);
        row.entry = self.entry(conn, &mut row, record).await?;
        row.figures = self.figures(conn, &mut row, record).await?;
        Ok(row)
    }

    /// A code names one project: two rows that bear it cannot both be adopted.
    fn only_once<'r>(&self, row: &mut Row<'r>, codes: &mut HashMap<String, &'r Record>) {
        let Some(code) = row.after.text(Field::Code) else {
            return;
        };
        match codes.get(code) {
            Some(first) => row.problems.push(self.findings.repeated(row.record, first)),
            None => {
                codes.insert(code.to_owned(), row.record);
            }
        }
    }

    /// A row without a place takes it from the group it stands in, else from the options.
    fn place(
        &self,
        record: &Record,
        fields: &mut BTreeMap<Field, Value>,
        problems: &mut Vec<Problem>,
    ) {
        for group in record.group.iter().map(|group| group_name(group)) {
            if let Some(code) = convert::unit_code(self.reference, group) {
                fields.entry(Field::Unit).or_insert(Value::Code(code));
            } else if let Some(industry) = self.reference.industry_by_any_name(group) {
                fields
                    .entry(Field::Industry)
                    .or_insert(Value::Code(industry.code.clone()));
            }
        }
        if fields.contains_key(&Field::Unit) {
            return;
        }
        match self.options.unit.as_ref().filter(|code| !code.is_empty()) {
            Some(code) => {
                problems.extend(self.findings.misspelt_group(record));
                fields.insert(Field::Unit, Value::Code(code.clone()));
            }
            // An unknown name was only a warning while something else could give the place.
            None => {
                let of_unit = |problem: &&mut Problem| problem.key.as_deref() == Some("unit");
                for problem in problems.iter_mut().filter(of_unit) {
                    problem.severity = Severity::Error;
                }
            }
        }
    }

    fn authority(&self, row: &mut PlanRow, record: &Record, whole: &ProjectRecord) {
        let Some(unit) = whole
            .text(Field::Unit)
            .and_then(|code| self.reference.unit_by_code(code))
        else {
            return;
        };
        let department = whole
            .text(Field::Department)
            .and_then(|code| self.reference.department_by_any_name(code))
            .map(|d| DepartmentId(d.department_id));
        let now = row.project.as_ref().map_or(Ok(()), |p| {
            self.actor
                .grant_on(Action::Import, &p.unit, p.department, p.reporter)
                .map(|_| ())
        });
        let then = self
            .actor
            .grant_on(Action::Import, &unit.path, department, None);
        if now.is_err() {
            row.problems.push(self.findings.foreign_project(record));
        } else if then.is_err() {
            let name = unit.name.clone();
            row.problems.push(self.findings.foreign_place(record, name));
        }
    }

    async fn entry(
        &self,
        conn: &impl Conn,
        row: &mut PlanRow,
        record: &Record,
    ) -> Result<Option<PlannedEntry>, AppError> {
        let Some(year) = self.options.year else {
            return Ok(None);
        };
        let before = match &row.project {
            Some(project) => pipeline::entry_get(conn, project.id, year).await?,
            None => None,
        };
        let named = match record.get("category") {
            Some(value) => {
                let text = convert::shown(value);
                let named = convert::category(&text);
                if named.is_none() {
                    row.problems
                        .push(self.findings.unknown_category(record, text));
                }
                named
            }
            None => None,
        };
        let known = before.as_ref().map(|entry| entry.category);
        let Some(category) = named.or(known).or(self.category) else {
            // A category nobody knows was said already; here nothing else gives one.
            match row
                .problems
                .iter_mut()
                .find(|p| p.key.as_deref() == Some("category"))
            {
                Some(unknown) => unknown.severity = Severity::Error,
                None => row.problems.push(self.findings.without_category(record)),
            }
            return Ok(None);
        };
        let plan = match record.get("annual_plan") {
            Some(CellValue::Money(yuan)) => Yuan(*yuan),
            _ => before.as_ref().map_or(Yuan::ZERO, |entry| entry.plan),
        };
        let same = before
            .as_ref()
            .is_some_and(|e| e.included && e.category == category && e.plan == plan);
        Ok((!same).then_some(PlannedEntry {
            before,
            category,
            plan,
        }))
    }

    /// Monthly figures for the period asked for, for projects that owe a return.
    async fn figures(
        &self,
        conn: &impl Conn,
        row: &mut PlanRow,
        record: &Record,
    ) -> Result<Vec<(Period, i64, Figures)>, AppError> {
        let Some(period) = self.period else {
            return Ok(Vec::new());
        };
        let stored = match &row.project {
            Some(project) => dispatch::return_get(conn, project.id, period).await?,
            None => None,
        };
        let Some(stored) = stored else {
            let nothing = Figures::default();
            if self.typed(record, period, nothing.clone()) != nothing {
                row.problems.push(self.findings.not_due(record, period));
            }
            return Ok(Vec::new());
        };
        if let Some(text) = record.get("site_status").map(convert::shown)
            && site_status(&text).is_none()
        {
            row.problems.push(self.findings.unknown_site(record, text));
        }
        let before = stored.filed.figures.clone();
        let after = self.typed(record, period, before.clone());
        if after == before {
            return Ok(Vec::new());
        }
        if stored.filed.save_draft(after.clone()).is_err() {
            row.problems
                .push(self.findings.return_filed(record, period));
            return Ok(Vec::new());
        }
        Ok(vec![(period, stored.filed.version, after)])
    }

    fn typed(&self, record: &Record, period: Period, mut figures: Figures) -> Figures {
        let money = |key: &str| match record.get(key) {
            Some(CellValue::Money(yuan)) => Some(Yuan(*yuan)),
            _ => None,
        };
        let text = |key: &str| record.get(key).map(convert::shown);
        let date = |key: &str| match record.get(key) {
            Some(CellValue::Date(point)) => Some(point.first_day()),
            _ => None,
        };
        let month = period.month();
        let thirds: Option<Yuan> = (1..=3)
            .map(|third| money(&format!("tenday.{month}.{third}")))
            .fold(None, |sum, third| match (sum, third) {
                (None, None) => None,
                (a, b) => Some(a.unwrap_or_default() + b.unwrap_or_default()),
            });
        if let Some(yuan) = money("month_investment")
            .or_else(|| money(&format!("month.{month}")))
            .or(thirds)
        {
            figures.month = Some(yuan);
        }
        if let Some(text) = text("image_progress").or_else(|| text(&format!("month_image.{month}")))
        {
            figures.image_progress = text;
        }
        if let Some(text) = text("problems") {
            figures.problems = text;
        }
        if let Some(text) = text("correction_reason") {
            figures.correction_reason = text;
        }
        if let Some(status) = text("site_status").and_then(|text| site_status(&text)) {
            figures.site_status = Some(status);
        }
        figures.started_on = date("started_on").or(figures.started_on);
        figures.finished_on = date("finished_on").or(figures.finished_on);
        for source in FundingSource::ALL {
            if let Some(yuan) = money(&format!("funds.{}", source.word())) {
                figures.funds.insert(*source, yuan);
            }
        }
        figures
    }
}

/// The name of a group that its total stands for: 龙海市合计 is 龙海市.
pub(super) fn group_name(group: &str) -> &str {
    let sums = ["合计", "小计", "总计"];
    let name = sums.iter().find_map(|sum| group.strip_suffix(sum));
    name.map_or(group, str::trim_end)
}

fn site_status(text: &str) -> Option<SiteStatus> {
    let known = [
        ("未开工", SiteStatus::NotStarted),
        ("在建", SiteStatus::Working),
        ("停工", SiteStatus::Stopped),
        ("竣工", SiteStatus::Completed),
        ("投产", SiteStatus::Completed),
    ];
    SiteStatus::from_word(text).or_else(|| {
        known
            .iter()
            .find(|(start, _)| text.starts_with(start))
            .map(|(_, status)| *status)
    })
}

/// The stage a new row enters in: what the year expects of it says how far it must be.
pub(super) fn entry_stage(category: Option<Category>) -> Stage {
    match category {
        None => Stage::Concept,
        Some(Category::Preparation | Category::NewStart) => Stage::Preparation,
        Some(Category::Continuing | Category::Completion) => Stage::Implementation,
    }
}
