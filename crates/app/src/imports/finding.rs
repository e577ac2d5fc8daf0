//! What the plan finds wrong with a row, as findings of the workbook. What one would get wrong: a
//! clerk looks for the header, not for the field, so every finding carries the header its column
//! has, or would have; names too many to list are not listed, only those that are likely.

use gangmu_domain::library::{Field, FieldProblem, Kind};
use gangmu_exchange::{Code, Detail, Extract, Problem, Record, Severity, Synonyms};

use super::convert;
use super::plan::group_name;
use crate::{Reference, likeness};

/// The categories as the tables write them.
const CATEGORIES: &str = "新开工、续建、前期、竣工";
/// What goes on at a site, as the return template writes it.
const SITE: &str = "未开工、在建、停工、竣工投产";

/// What findings are worded with.
pub(super) struct Findings<'a> {
    pub extract: &'a Extract,
    pub synonyms: &'a Synonyms,
    pub reference: &'a Reference,
}

impl Findings<'_> {
    /// A finding about a row: in the field's own cell, else beside the name.
    fn about(&self, record: &Record, code: Code, key: &str, found: String) -> Problem {
        let of_key = self.extract.cell(record, key);
        let cell = of_key
            .or_else(|| record.cell("name"))
            .unwrap_or_else(|| gangmu_exchange::cell_name(record.row, 0));
        Problem::new(code, &record.sheet, cell, found)
            .about(key)
            .under(self.header(record, key))
    }

    /// The header a field has on the sheet, or would have.
    fn header<'k>(&'k self, record: &Record, key: &'k str) -> &'k str {
        let label = self.extract.column(record, key).map(|one| &*one.label);
        let label = label.filter(|label| !label.is_empty());
        label.unwrap_or_else(|| self.synonyms.header(key))
    }

    /// What is said where nothing stands: the column is there and empty, or there is none.
    fn absent(&self, record: &Record, key: &str) -> Code {
        match self.extract.column(record, key) {
            Some(_) => Code::ValueMissing,
            None => Code::ColumnMissing,
        }
    }

    fn error(&self, record: &Record, code: Code, key: &str, found: String) -> Problem {
        Problem {
            severity: Severity::Error,
            ..self.about(record, code, key, found)
        }
    }

    /// A value that its field does not take, and what the field asks for.
    pub fn refused(&self, record: &Record, problem: &FieldProblem) -> Problem {
        let key = problem.field().word();
        self.error(record, Code::ValueRefused, key, shown(record, key))
            .with_detail(self.asked(record, problem))
    }

    /// What a field's problem asks for.
    fn asked(&self, record: &Record, problem: &FieldProblem) -> Detail {
        match problem {
            FieldProblem::TooLong { limit, .. } => Detail::new(
                format!("不超过 {limit} 个字的内容"),
                format!("at most {limit} characters"),
            ),
            FieldProblem::Contradicts { other, .. } => {
                let header = self.header(record, other.word());
                Detail::new(
                    format!("不早于“{header}”的时间"),
                    format!("a time that is not before “{header}”"),
                )
            }
            FieldProblem::WrongKind { field }
            | FieldProblem::NotAllowed { field, .. }
            | FieldProblem::Missing { field } => takes(field.kind()),
        }
    }

    /// Nothing stands where the project needs something.
    pub fn missing(&self, record: &Record, field: Field) -> Problem {
        let key = field.word();
        if field == Field::Unit {
            return self.placeless(record);
        }
        self.error(record, self.absent(record, key), key, String::new())
    }

    /// A row without a place; the group it stands in may have meant one.
    fn placeless(&self, record: &Record) -> Problem {
        let named = || record.group.iter().map(|group| group_name(group));
        let groups = named().collect::<Vec<_>>().join(" ▸ ");
        let group = named().find_map(|group| {
            let likely = self.units_like(group);
            (!likely.is_empty()).then(|| (group, likely.join("、")))
        });
        let detail = match (group, groups.is_empty()) {
            (Some((group, likely)), _) => Detail::new(
                format!("分组“{group}”不是区划中的单位，最接近的是：{likely}。"),
                format!("The group “{group}” is no unit of the tree; most like it: {likely}."),
            ),
            (None, false) => Detail::new(
                format!("分组“{groups}”不是区划中的单位。"),
                format!("The group “{groups}” is no unit of the tree."),
            ),
            (None, true) => Detail::default(),
        };
        self.error(
            record,
            Code::PlaceMissing,
            Field::Unit.word(),
            String::new(),
        )
        .with_detail(detail)
    }

    /// A group that is likely to mean a unit, but is none, of a row whose place something else says.
    pub fn misspelt_group(&self, record: &Record) -> Option<Problem> {
        let named = record.group.iter().map(|group| group_name(group));
        let known = |name: &&str| self.reference.industry_by_any_name(name).is_some();
        let mut unknown = named.filter(|name| !known(name));
        let (name, likely) = unknown.find_map(|name| {
            let likely = self.units_like(name);
            (!likely.is_empty()).then_some((name, likely))
        })?;
        let key = Field::Unit.word();
        let found = self.about(record, Code::UnitUnknown, key, name.to_owned());
        Some(found.with_detail(nearest(&likely)))
    }

    /// The year's list needs a category that neither the row nor the options name.
    pub fn without_category(&self, record: &Record) -> Problem {
        let code = self.absent(record, "category");
        let detail = Detail::new(
            format!("（{CATEGORIES}），或在导入时为未注明的行选定类别"),
            format!(" ({CATEGORIES}), or choose a category for such rows when importing"),
        );
        self.error(record, code, "category", String::new())
            .with_detail(detail)
    }

    /// A category nobody knows.
    pub fn unknown_category(&self, record: &Record, found: String) -> Problem {
        self.about(record, Code::LookupUnknown, "category", found)
            .with_detail(CATEGORIES)
    }

    /// A state of the site that nobody knows.
    pub fn unknown_site(&self, record: &Record, found: String) -> Problem {
        self.about(record, Code::LookupUnknown, "site_status", found)
            .with_detail(SITE)
    }

    /// Figures of a month that the project owes no return for.
    pub fn not_due(&self, record: &Record, period: gangmu_domain::Period) -> Problem {
        self.about(record, Code::FiguresNotDue, "name", shown(record, "name"))
            .with_detail(period.to_string())
    }

    /// Figures of a month whose return was handed in with others.
    pub fn return_filed(&self, record: &Record, period: gangmu_domain::Period) -> Problem {
        self.error(record, Code::ReturnFiled, "name", shown(record, "name"))
            .with_detail(period.to_string())
    }

    /// A row that is the same project as one above it.
    pub fn repeated(&self, record: &Record, first: &Record) -> Problem {
        let key = Field::Code.word();
        self.error(record, Code::RowRepeated, key, shown(record, key))
            .with_detail(format!("{}!{}", first.sheet, first.row + 1))
    }

    /// A place that is another's to import for.
    pub fn foreign_place(&self, record: &Record, found: String) -> Problem {
        self.error(record, Code::OutOfScope, Field::Unit.word(), found)
            .with_detail(Detail::new("地区", "unit"))
    }

    /// A project that is another's: known by its code or name.
    pub fn foreign_project(&self, record: &Record) -> Problem {
        let key = match record.get(Field::Code.word()) {
            Some(_) => Field::Code.word(),
            None => Field::Name.word(),
        };
        self.error(record, Code::OutOfScope, key, shown(record, key))
            .with_detail(Detail::new("项目", "project"))
    }

    /// A cell that means nothing here. What may stand in it is listed only where the list is short.
    pub fn unknown_value(&self, record: &Record, unknown: &convert::Unknown) -> Problem {
        let key = unknown.key.as_str();
        let field = Field::from_word(key);
        let (code, detail) = match field.map(Field::kind) {
            Some(Kind::Unit | Kind::Units) => {
                // Of several the one nobody knows is what is to be mended.
                let mut listed = convert::listed(&unknown.found);
                let strange = listed.find(|one| convert::unit_code(self.reference, one).is_none());
                let meant = strange.unwrap_or(&unknown.found);
                (Code::UnitUnknown, nearest(&self.units_like(meant)))
            }
            Some(Kind::Department) => {
                let names = self.reference.departments.iter().map(|one| &*one.name);
                let near = likeness::nearest(&unknown.found, names);
                (Code::NameUnknown, nearest(&near))
            }
            Some(Kind::Industry) => {
                let names = self.reference.industries.iter().map(|one| &*one.name);
                let near = likeness::nearest(&unknown.found, names);
                (Code::NameUnknown, nearest(&near))
            }
            Some(Kind::Choice(words)) => {
                let choices = field.map(|field| convert::choices(field, words));
                (Code::LookupUnknown, choices.unwrap_or_default().into())
            }
            Some(kind) => (Code::ValueRefused, takes(kind)),
            None => (Code::ValueRefused, takes(Kind::Line(0))),
        };
        Problem {
            severity: severity_of(key),
            ..self.about(record, code, key, unknown.found.clone())
        }
        .with_detail(detail)
    }

    fn units_like(&self, text: &str) -> Vec<&str> {
        let last = text.rsplit('|').next().unwrap_or(text);
        let units = self.reference.units.iter();
        likeness::nearest(last, units.map(|unit| &*unit.name))
    }
}

/// What stands in a field, as a person reads it.
fn shown(record: &Record, key: &str) -> String {
    record.get(key).map(convert::shown).unwrap_or_default()
}

/// The names most like what was found, as they follow the advice.
fn nearest(names: &[&str]) -> Detail {
    if names.is_empty() {
        return Detail::default();
    }
    let names = names.join("、");
    Detail::new(
        format!("；最接近的是：{names}"),
        format!("; most like it: {names}"),
    )
}

/// What a field of a kind takes.
fn takes(kind: Kind) -> Detail {
    let (chinese, english) = match kind {
        Kind::Money => ("不为负数的金额", "an amount that is not negative"),
        Kind::Date => ("日期，如 2025-07-18", "a date such as 2025-07-18"),
        Kind::Year => ("1949—2199 之间的年份", "a year from 1949 to 2199"),
        Kind::Degrees(_) => (
            "以度表示的经纬度，如 122.2436",
            "decimal degrees such as 122.2436",
        ),
        Kind::Quantity => (
            "不为负数的整数，不带单位",
            "a whole number that is not negative, without its unit",
        ),
        Kind::ProjectCode => (
            "24 位项目代码，如 2509-320193-89-01-544060",
            "a code of 24 characters such as 2509-320193-89-01-544060",
        ),
        Kind::Tags | Kind::Units => ("不超过 200 项", "at most 200 items"),
        Kind::Line(_)
        | Kind::Lines(_)
        | Kind::Choice(_)
        | Kind::Unit
        | Kind::Department
        | Kind::Industry
        | Kind::Funding
        | Kind::Benefits => ("本栏能填写的内容", "something this column takes"),
    };
    Detail::new(chinese, english)
}

/// What a row cannot do without is an error; what it can is said and left out.
fn severity_of(key: &str) -> Severity {
    match key {
        "name" | "total_investment" => Severity::Error,
        _ => Severity::Warning,
    }
}
