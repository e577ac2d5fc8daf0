//! From the exchange's values to fields: which columns are wanted, and what a cell means here.

use std::collections::BTreeMap;

use gangmu_domain::Yuan;
use gangmu_domain::library::{Field, FundingSource, Kind, ProjectCode, Value, YES_OR_NO};
use gangmu_domain::pipeline::Category;
use gangmu_exchange::{
    Kind as ColumnKind, Profile, ProfileColumn, Record, TargetField, Value as CellValue,
};

use gangmu_store::organisation::Unit;

use crate::Reference;

/// A cell that was read but means nothing here.
#[derive(Clone, Debug)]
pub(super) struct Unknown {
    /// The key of the column.
    pub key: String,
    /// What stood in it.
    pub found: String,
}

/// Lists the columns an import looks for.
pub(super) fn targets() -> Vec<TargetField> {
    let mut targets: Vec<TargetField> = Field::ALL
        .iter()
        .filter(|field| field.editable())
        .filter_map(|field| Some(TargetField::new(field.word(), column_kind(*field)?)))
        .collect();
    let more = [
        ("build_years", ColumnKind::PeriodRange),
        ("category", ColumnKind::Lookup),
        ("contact_leader", ColumnKind::Text),
        ("annual_plan", ColumnKind::Money),
        ("year_to_date", ColumnKind::Money),
        ("month_investment", ColumnKind::Money),
        ("month.N", ColumnKind::Money),
        ("month_image.N", ColumnKind::Text),
        ("month_rate.N", ColumnKind::Percent),
        ("tenday.N.1", ColumnKind::Money),
        ("tenday.N.2", ColumnKind::Money),
        ("tenday.N.3", ColumnKind::Money),
        ("month_plan", ColumnKind::Money),
        ("tenday_investment", ColumnKind::Money),
        ("cumulative", ColumnKind::Money),
        ("plan_rate", ColumnKind::Percent),
        ("month_plan_rate", ColumnKind::Percent),
        ("project_count", ColumnKind::Integer),
        ("image_progress", ColumnKind::Text),
        ("problems", ColumnKind::Text),
        ("site_status", ColumnKind::Lookup),
        ("started_on", ColumnKind::Date),
        ("finished_on", ColumnKind::Date),
        ("correction_reason", ColumnKind::Text),
    ];
    targets.extend(more.map(|(key, kind)| TargetField::new(key, kind)));
    for source in FundingSource::ALL {
        let key = format!("funding.{}", source.word());
        targets.push(TargetField::new(key, ColumnKind::Money));
        let key = format!("funds.{}", source.word());
        targets.push(TargetField::new(key, ColumnKind::Money));
    }
    targets
}

fn column_kind(field: Field) -> Option<ColumnKind> {
    Some(match field.kind() {
        Kind::Line(_) | Kind::Lines(_) | Kind::Tags => ColumnKind::Text,
        Kind::Money => ColumnKind::Money,
        Kind::Date => ColumnKind::Date,
        Kind::Year => ColumnKind::Integer,
        Kind::Degrees(_) | Kind::Quantity => ColumnKind::Text,
        Kind::ProjectCode => ColumnKind::Code,
        Kind::Choice(_) | Kind::Unit | Kind::Units | Kind::Department | Kind::Industry => {
            ColumnKind::Lookup
        }
        Kind::Funding | Kind::Benefits => return None,
    })
}

/// Lays columns a person mapped by hand over a profile.
pub(super) fn with_columns(
    profile: Option<Profile>,
    columns: &BTreeMap<String, String>,
) -> Option<Profile> {
    if columns.is_empty() {
        return profile;
    }
    let mut profile = profile.unwrap_or_default();
    for (letters, key) in columns {
        profile
            .columns
            .retain(|c| c.position.as_ref() != Some(letters));
        profile.columns.push(ProfileColumn {
            position: Some(letters.clone()),
            key: (!key.is_empty()).then(|| key.clone()),
            ..ProfileColumn::default()
        });
    }
    Some(profile)
}

/// Reads the fields of a record; what means nothing is returned beside them.
pub(super) fn fields(
    reference: &Reference,
    record: &Record,
) -> (BTreeMap<Field, Value>, Vec<Unknown>) {
    let mut fields = BTreeMap::new();
    let mut unknown = Vec::new();
    let mut funding = BTreeMap::new();
    for parsed in &record.values {
        if let Some(source) = parsed.key.strip_prefix("funding.") {
            if let (Some(source), CellValue::Money(yuan)) =
                (FundingSource::from_word(source), &parsed.value)
            {
                funding.insert(source, Yuan(*yuan));
            }
            continue;
        }
        let Some(field) = Field::from_word(&parsed.key) else {
            continue;
        };
        // A code of another register is kept, but apart: the 24 characters are one project's.
        if field == Field::Code
            && let Some(other) = other_code(&parsed.value)
        {
            fields.insert(Field::OtherCode, Value::Text(other));
            continue;
        }
        match value(reference, field, &parsed.value) {
            Some(value) => {
                fields.insert(field, value);
            }
            None => unknown.push(Unknown {
                key: parsed.key.to_string(),
                found: shown(&parsed.value),
            }),
        }
    }
    build_years(record, &mut fields);
    if let Some(CellValue::Text(leader)) = record.get("contact_leader") {
        fields
            .entry(Field::ContactLeaderLeague)
            .or_insert_with(|| Value::Text(leader.clone()));
    }
    if !record.tags.is_empty() {
        fields.insert(Field::Tags, Value::Tags(record.tags.clone()));
    }
    if !funding.is_empty() {
        fields.insert(Field::Funding, Value::Funding(funding));
    }
    (fields, unknown)
}

/// Drops what nobody can see: remains of another encoding, carriage returns.
fn visible(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(['\n', '\r', '\t']).map(str::trim).collect();
    visible(words.join(" ").trim())
}

fn other_code(value: &CellValue) -> Option<String> {
    let text = shown(value);
    ProjectCode::parse(&text).is_err().then_some(text)
}

/// Years of building, and the planned months where the table has no columns of their own.
fn build_years(record: &Record, fields: &mut BTreeMap<Field, Value>) {
    let Some(CellValue::Period(range)) = record.get("build_years") else {
        return;
    };
    let ends = [
        (range.from, Field::StartYear, Field::PlannedStart),
        (range.to, Field::EndYear, Field::PlannedFinish),
    ];
    for (point, year, date) in ends {
        let Some(point) = point else { continue };
        fields.insert(year, Value::Number(i64::from(point.year)));
        if point.month.is_some() {
            let day = if date == Field::PlannedStart {
                point.first_day()
            } else {
                point.last_day()
            };
            fields.entry(date).or_insert(Value::Date(day));
        }
    }
}

fn value(reference: &Reference, field: Field, cell: &CellValue) -> Option<Value> {
    Some(match (field.kind(), cell) {
        (Kind::Line(_), cell) => Value::Text(one_line(&shown(cell))),
        (Kind::Lines(_), cell) => Value::Text(visible(&shown(cell))),
        (Kind::Tags, cell) => Value::Tags(listed(&shown(cell)).map(str::to_owned).collect()),
        (Kind::Units, cell) => {
            let units = shown(cell);
            let codes = listed(&units).map(|unit| unit_code(reference, unit));
            Value::Tags(codes.collect::<Option<_>>()?)
        }
        (Kind::Money, CellValue::Money(yuan)) => Value::Money(Yuan(*yuan)),
        (Kind::Date, CellValue::Date(point)) => Value::Date(point.first_day()),
        (Kind::Year, CellValue::Integer(year)) => Value::Number(*year),
        (Kind::Degrees(_), cell) => Value::Number(crate::library::decimal(&shown(cell), 6)?),
        (Kind::Quantity, cell) => Value::Number(crate::library::decimal(
            &shown(cell).replace([',', '，'], ""),
            0,
        )?),
        (Kind::ProjectCode, cell) => {
            Value::Code(ProjectCode::parse(&shown(cell)).ok()?.as_str().to_owned())
        }
        (Kind::Choice(words), cell) => Value::Code(choice(field, words, &shown(cell))?),
        (Kind::Unit, cell) => Value::Code(unit_code(reference, &shown(cell))?),
        (Kind::Department, cell) => {
            Value::Code(reference.department_by_any_name(&shown(cell))?.code.clone())
        }
        (Kind::Industry, cell) => {
            Value::Code(reference.industry_by_any_name(&shown(cell))?.code.clone())
        }
        _ => return None,
    })
}

/// The items of a cell that lists several.
pub(super) fn listed(text: &str) -> impl Iterator<Item = &str> {
    let items = text.split(['、', ',', '，', ';', '；']).map(str::trim);
    items.filter(|item| !item.is_empty())
}

/// Finds a unit by code or name.
///
/// A path `05|024|086` is either the code `05-024-086` or names to follow down from the root.
pub(super) fn unit_code(reference: &Reference, text: &str) -> Option<String> {
    let joined = text.replace('|', "-");
    reference
        .unit_by_any_name(text)
        .or_else(|| reference.unit_by_code(&joined))
        .or_else(|| unit_by_names(reference, text))
        .map(|unit| unit.code.clone())
}

fn unit_by_names<'a>(reference: &'a Reference, path: &str) -> Option<&'a Unit> {
    let mut at = reference.root().ok()?;
    for name in path.split('|').map(str::trim) {
        let mut named = reference
            .children(&at.path)
            .into_iter()
            .filter(|unit| [&unit.code, &unit.name, &unit.short_name].contains(&&name.to_owned()));
        at = named.next().filter(|_| named.next().is_none())?;
    }
    Some(at)
}

/// Words people write in cells for the words of a list.
fn choice(field: Field, words: &[&str], text: &str) -> Option<String> {
    let text = text.trim();
    if words.contains(&text) {
        return Some(text.to_owned());
    }
    spoken(field)
        .iter()
        .find(|(start, _)| text.starts_with(start))
        .map(|(_, word)| (*word).to_owned())
}

/// Lists what a field with a short list of choices takes, as people write it.
pub(super) fn choices(field: Field, words: &[&str]) -> String {
    let mut names: Vec<&str> = spoken(field).iter().map(|(name, _)| *name).collect();
    if names.is_empty() {
        names.extend(words);
    }
    names.join("、")
}

/// How the words of a field's choices begin in people's tables.
fn spoken(field: Field) -> &'static [(&'static str, &'static str)] {
    match field {
        Field::InvestorType => &[("政府", "government"), ("企业", "enterprise")],
        Field::Level => &[
            ("自治区", "region"),
            ("省", "region"),
            ("盟市", "league"),
            ("市", "league"),
            ("旗县", "banner"),
            ("县", "banner"),
            ("旗", "banner"),
        ],
        Field::ApprovalRoute => &[
            ("审批", "approval"),
            ("核准", "verification"),
            ("备案", "filing"),
        ],
        Field::EnvironmentalDocument => &[
            ("报告书", "report"),
            ("报告表", "form"),
            ("登记表", "registration"),
        ],
        other if other.kind() == Kind::Choice(YES_OR_NO) => {
            &[("是", "yes"), ("否", "no"), ("有", "yes"), ("无", "no")]
        }
        Field::ProjectClass => &[("考核", "assessed"), ("跟踪", "tracked")],
        Field::Nature => &[
            ("新建", "new_build"),
            ("扩建", "extension"),
            ("改建", "renovation"),
            ("技术改造", "renovation"),
            ("迁建", "relocation"),
            ("恢复", "restoration"),
            ("单纯购置", "purchase_only"),
        ],
        _ => &[],
    }
}

/// Reads a year's category from the words of 项目性质 (Hainan's four and local variants).
pub(super) fn category(text: &str) -> Option<Category> {
    let text = text.trim();
    let known = [
        ("新开工", Category::NewStart),
        ("新建", Category::NewStart),
        ("续建", Category::Continuing),
        ("在建", Category::Continuing),
        ("前期", Category::Preparation),
        ("预备", Category::Preparation),
        ("竣工", Category::Completion),
        ("促竣工", Category::Completion),
        ("部分竣工", Category::Completion),
    ];
    Category::from_word(text).or_else(|| {
        known
            .iter()
            .find(|(start, _)| text.starts_with(start))
            .map(|(_, category)| *category)
    })
}

/// Shows a cell's value as text.
pub(super) fn shown(value: &CellValue) -> String {
    match value {
        CellValue::Text(text) | CellValue::Lookup(text) => text.clone(),
        CellValue::Money(n) | CellValue::Percent(n) | CellValue::Integer(n) => n.to_string(),
        CellValue::Date(point) => point.to_string(),
        CellValue::Period(range) => range.to_string(),
        CellValue::Code(code) => code.text.clone(),
    }
}
