//! The project form: its fields from the registry, and reading back what was typed. What one would
//! get wrong: only what the person changed is an edit. Each field carries the value it was opened
//! with (`was.NAME`), so that saving never takes back what somebody else changed meanwhile.

use std::collections::BTreeMap;

use gangmu_app::domain::library::{Benefit, Field, FundingSource, Kind, ProjectRecord, Value};
use gangmu_app::domain::organisation::UnitPath;
use gangmu_app::library::{Edits, FieldView, MoneyUnit, parse_field};
use gangmu_app::{Message as AppMessage, Reference};
use serde::Serialize;
use serde_json::Value as Json;

use crate::i18n::{Message, Texts};
use crate::number;
use crate::pages::common::{keyed, name, worded};
use crate::pages::project::choice;
use crate::view::Choice;

/// Rows for benefits a form offers at most.
pub const BENEFITS: usize = 6;

/// A part of the form.
#[derive(Clone, Debug, Serialize)]
pub struct FormGroup {
    pub group: String,
    pub fields: Vec<FormField>,
}

/// One field of the form.
#[derive(Clone, Debug, Serialize)]
pub struct FormField {
    pub name: String,
    /// How it is typed: `text`, `lines`, `money`, `date`, `year`, `degrees`, `select`, `funding`,
    /// `benefits`.
    pub control: &'static str,
    pub required: bool,
    pub choices: Vec<Choice>,
}

/// All fields by group, in the order of the card.
pub fn groups(
    texts: &Texts,
    (reference, own): (&Reference, &UnitPath),
    units: &[Choice],
) -> Vec<FormGroup> {
    let mut groups: Vec<FormGroup> = Vec::new();
    for field in Field::ALL.iter().filter(|field| field.editable()) {
        let group = field.group().word();
        let at = groups.iter().position(|one| one.group == group);
        let at = at.unwrap_or_else(|| {
            groups.push(FormGroup {
                group: group.to_owned(),
                fields: Vec::new(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.fields.push(FormField {
                name: field.word().to_owned(),
                control: control(*field),
                required: matches!(field, Field::Name | Field::Unit),
                choices: choices(texts, (reference, own), *field, units),
            });
        }
    }
    groups
}

fn control(field: Field) -> &'static str {
    match field.kind() {
        Kind::Line(_) | Kind::ProjectCode | Kind::Tags | Kind::Units => "text",
        Kind::Lines(_) => "lines",
        Kind::Money => "money",
        Kind::Date => "date",
        Kind::Year => "year",
        Kind::Quantity => "quantity",
        Kind::Degrees(_) => "degrees",
        Kind::Choice(_) | Kind::Unit | Kind::Department | Kind::Industry => "select",
        Kind::Funding => "funding",
        Kind::Benefits => "benefits",
    }
}

fn choices(
    texts: &Texts,
    (reference, own): (&Reference, &UnitPath),
    field: Field,
    units: &[Choice],
) -> Vec<Choice> {
    let lang = texts.lang();
    match field.kind() {
        Kind::Choice(words) => words
            .iter()
            .map(|word| Choice::new(*word, choice(texts, field.word(), word)))
            .collect(),
        Kind::Unit => units.to_vec(),
        Kind::Department => reference
            .departments_at(own)
            .into_iter()
            .map(|d| Choice::new(d.code, name(lang, &d.name, &d.name_en)))
            .collect(),
        Kind::Industry => reference
            .industries
            .iter()
            .filter(|industry| !industry.parent_code.is_empty())
            .map(|i| {
                let label = format!("{} {}", i.code, name(lang, &i.name, &i.name_en));
                Choice::new(i.code.clone(), label)
            })
            .collect(),
        Kind::Funding => FundingSource::ALL
            .iter()
            .map(|source| Choice::new(source.word(), worded(texts, "funding.", source.word())))
            .collect(),
        _ => Vec::new(),
    }
}

/// The values of a record as the form's controls hold them.
pub fn values(texts: &Texts, fields: &[FieldView]) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for one in fields {
        match (one.kind, &one.value) {
            (_, Json::Null) => {}
            ("money", yuan) => {
                let exact = yuan.as_i64().map(|n| number::wan_exact(i128::from(n)));
                values.insert(one.field.to_owned(), exact.unwrap_or_default());
            }
            ("degrees", n) => {
                let text = n.as_i64().map(|n| number::grouped(i128::from(n), 6));
                values.insert(one.field.to_owned(), text.unwrap_or_default());
            }
            ("funding", Json::Object(parts)) => {
                for (source, yuan) in parts {
                    let exact = yuan.as_i64().map(|n| number::wan_exact(i128::from(n)));
                    values.insert(format!("funding.{source}"), exact.unwrap_or_default());
                }
            }
            ("benefits", Json::Array(list)) => {
                for (at, benefit) in list.iter().enumerate() {
                    for part in ["metric", "quantity", "unit", "note"] {
                        let text = benefit.get(part).and_then(Json::as_str).unwrap_or_default();
                        let shown = if part == "metric" {
                            worded(texts, "benefit.", text)
                        } else {
                            text.to_owned()
                        };
                        values.insert(format!("benefits.{at}.{part}"), shown);
                    }
                }
            }
            (_, Json::Array(words)) => {
                let words: Vec<&str> = words.iter().filter_map(Json::as_str).collect();
                values.insert(one.field.to_owned(), words.join("、"));
            }
            (_, Json::String(text)) => {
                values.insert(one.field.to_owned(), text.clone());
            }
            (_, other) => {
                values.insert(one.field.to_owned(), other.to_string());
            }
        }
    }
    values
}

/// Reads the fields the person changed; every problem is beside its field.
pub fn edits(
    texts: &Texts,
    reference: &Reference,
    typed: &BTreeMap<String, String>,
) -> Result<Edits, Vec<AppMessage>> {
    let mut edits = Edits::new();
    let mut wrong = Vec::new();
    for field in Field::ALL.iter().filter(|field| field.editable()) {
        if !changed(*field, typed) {
            continue;
        }
        match read(texts, reference, *field, typed) {
            Ok(value) => {
                edits.insert(*field, value);
            }
            Err(message) => wrong.push(message),
        }
    }
    if wrong.is_empty() {
        Ok(edits)
    } else {
        Err(wrong)
    }
}

/// The names of the controls of a field.
pub fn controls(field: Field) -> Vec<String> {
    match field.kind() {
        Kind::Funding => FundingSource::ALL
            .iter()
            .map(|source| format!("funding.{}", source.word()))
            .collect(),
        Kind::Benefits => (0..BENEFITS)
            .flat_map(|at| {
                ["metric", "quantity", "unit", "note"].map(|part| format!("benefits.{at}.{part}"))
            })
            .collect(),
        _ => vec![field.word().to_owned()],
    }
}

/// Whether any control of a field holds something else than the form was opened with.
pub fn changed(field: Field, typed: &BTreeMap<String, String>) -> bool {
    let lines = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    controls(field).iter().any(|name| {
        let Some(now) = typed.get(name) else {
            return false;
        };
        let was = typed.get(&format!("was.{name}"));
        lines(now) != was.map(|text| lines(text)).unwrap_or_default()
    })
}

fn read(
    texts: &Texts,
    reference: &Reference,
    field: Field,
    typed: &BTreeMap<String, String>,
) -> Result<Option<Value>, AppMessage> {
    let text = |name: &str| typed.get(name).map_or("", |text| text.trim());
    match field.kind() {
        Kind::Funding => funding(reference, typed),
        Kind::Benefits => benefits(texts, typed),
        Kind::Units => units(reference, field, text(field.word())),
        _ => parse_field(reference, field, text(field.word()), MoneyUnit::TenThousand),
    }
}

fn funding(
    reference: &Reference,
    typed: &BTreeMap<String, String>,
) -> Result<Option<Value>, AppMessage> {
    let mut parts = BTreeMap::new();
    for source in FundingSource::ALL {
        let name = format!("funding.{}", source.word());
        let text = typed.get(&name).map_or("", String::as_str);
        let like = Field::TotalInvestment;
        let value =
            parse_field(reference, like, text, MoneyUnit::TenThousand).map_err(|m| AppMessage {
                field: name.clone(),
                ..m
            })?;
        if let Some(Value::Money(yuan)) = value {
            parts.insert(*source, yuan);
        }
    }
    Ok((!parts.is_empty()).then_some(Value::Funding(parts)))
}

/// Names and codes of units, as people write them in one line.
fn units(reference: &Reference, field: Field, text: &str) -> Result<Option<Value>, AppMessage> {
    let mut codes = Vec::new();
    for one in text.split([',', '，', '、', ';', '；']).map(str::trim) {
        if one.is_empty() {
            continue;
        }
        let unit = reference
            .unit_by_any_name(one)
            .ok_or_else(|| AppMessage::new("field.unknown_unit", field.word(), [one.to_owned()]))?;
        codes.push(unit.code.clone());
    }
    Ok((!codes.is_empty()).then_some(Value::Tags(codes)))
}

fn benefits(texts: &Texts, typed: &BTreeMap<String, String>) -> Result<Option<Value>, AppMessage> {
    let mut list = Vec::new();
    for at in 0..BENEFITS {
        let part = |part: &str| {
            let text = typed.get(&format!("benefits.{at}.{part}"));
            text.map_or("", |text| text.trim())
        };
        if part("metric").is_empty() && part("quantity").is_empty() {
            continue;
        }
        let name = format!("benefits.{at}.quantity");
        let (quantity, decimals) = quantity(part("quantity")).ok_or_else(|| {
            let found = part("quantity").to_owned();
            AppMessage::new("form.not_a_number", name, [found])
        })?;
        list.push(Benefit {
            metric: metric(texts, part("metric")),
            quantity,
            decimals,
            unit: part("unit").to_owned(),
            note: part("note").to_owned(),
        });
    }
    Ok((!list.is_empty()).then_some(Value::Benefits(list)))
}

/// The word behind a metric's text, so that one metric keeps one word; free text stays as typed.
fn metric(texts: &Texts, typed: &str) -> String {
    texts
        .under("benefit.")
        .find(|(_, text)| *text == typed)
        .and_then(|(key, _)| key.strip_prefix("benefit."))
        .unwrap_or(typed)
        .to_owned()
}

/// "12.50" as 1250 with two decimals.
fn quantity(text: &str) -> Option<(i64, u32)> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | ' ')).collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole.strip_prefix('-').unwrap_or(whole)) || !digits(part) {
        return None;
    }
    let decimals = u32::try_from(part.len()).ok().filter(|n| *n <= 6)?;
    Some((format!("{whole}{part}").parse().ok()?, decimals))
}

/// The record the typed fields make, for finding likely twins before saving.
pub fn record(edits: &Edits) -> ProjectRecord {
    let mut record = ProjectRecord::default();
    for (field, value) in edits {
        // What does not fit is refused when saving; here it only finds no twin.
        let _ = record.set(*field, value.clone());
    }
    record
}

/// The words beside the fields, for the summary of errors.
pub fn labels(texts: &Texts) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for field in Field::ALL.iter().filter(|field| field.editable()) {
        let label = texts.message(&keyed("project.field.", field.word()));
        for name in controls(*field) {
            labels.insert(name, label.clone());
        }
    }
    labels.insert(
        "reason".into(),
        texts.message(&Message::new("project.reason")),
    );
    labels
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn a_quantity_keeps_the_decimals_it_was_typed_with() {
        for (typed, expected) in [
            ("12.50", Some((1250, 2))),
            ("1,200", Some((1200, 0))),
            ("-3", Some((-3, 0))),
            ("近30", None),
            ("", None),
            (".5", None),
            ("1.2345678", None),
        ] {
            assert_eq!(quantity(typed), expected, "{typed:?}");
        }
    }
}
