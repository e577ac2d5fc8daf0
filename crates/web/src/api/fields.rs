//! Field values as JSON. A text is read as a person would type it, money in yuan; a number, list
//! or object is read in the form in which the API itself prints the field, so that what was read
//! can be sent back.

use std::collections::BTreeMap;

use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::{Benefit, Field, FundingSource, Kind, Value};
use gangmu_app::library::{Edits, MoneyUnit, parse_field};
use gangmu_app::{AppError, Message, Reference};
use serde_json::{Map, Value as Json};

/// Reads fields by their words.
///
/// # Errors
/// Every field that is not known and every value that cannot be read.
pub fn read(reference: &Reference, fields: &Map<String, Json>) -> Result<Edits, AppError> {
    let mut edits = Edits::new();
    let mut messages = Vec::new();
    for (word, json) in fields {
        let Some(field) = Field::from_word(word) else {
            let found = [word.clone()];
            messages.push(Message::new("field.unknown", word.clone(), found));
            continue;
        };
        match value(reference, field, json) {
            Ok(value) => {
                edits.insert(field, value);
            }
            Err(message) => messages.push(message),
        }
    }
    if messages.is_empty() {
        Ok(edits)
    } else {
        Err(AppError::Invalid { messages })
    }
}

fn value(reference: &Reference, field: Field, json: &Json) -> Result<Option<Value>, Message> {
    let wrong = || Message::new("field.wrong_kind", field.word(), []);
    let read = match (field.kind(), json) {
        (_, Json::Null) => return Ok(None),
        (_, Json::String(text)) => {
            return parse_field(reference, field, text, MoneyUnit::Yuan);
        }
        (Kind::Money, Json::Number(n)) => Value::Money(Yuan(n.as_i64().ok_or_else(wrong)?)),
        // Degrees are printed in millionths, as they are kept.
        (Kind::Year | Kind::Degrees(_) | Kind::Quantity, Json::Number(n)) => {
            Value::Number(n.as_i64().ok_or_else(wrong)?)
        }
        (Kind::Tags | Kind::Units, Json::Array(items)) => Value::Tags(
            items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(wrong)?,
        ),
        (Kind::Funding, Json::Object(parts)) => Value::Funding(funding(parts).ok_or_else(wrong)?),
        (Kind::Benefits, Json::Array(items)) => Value::Benefits(
            items
                .iter()
                .map(benefit)
                .collect::<Option<_>>()
                .ok_or_else(wrong)?,
        ),
        _ => return Err(wrong()),
    };
    Ok(Some(read))
}

fn funding(parts: &Map<String, Json>) -> Option<BTreeMap<FundingSource, Yuan>> {
    parts
        .iter()
        .map(|(word, yuan)| Some((FundingSource::from_word(word)?, Yuan(yuan.as_i64()?))))
        .collect()
}

/// A benefit's quantity is a text, so that 12.50 keeps its decimals.
fn benefit(json: &Json) -> Option<Benefit> {
    let member = |name: &str| json.get(name).and_then(Json::as_str);
    let printed = member("quantity")?;
    let (whole, part) = printed.split_once('.').unwrap_or((printed, ""));
    let decimals = u32::try_from(part.len()).ok().filter(|n| *n <= 6)?;
    Some(Benefit {
        metric: member("metric")?.to_owned(),
        quantity: format!("{whole}{part}").parse().ok()?,
        decimals,
        unit: member("unit")?.to_owned(),
        note: member("note").unwrap_or_default().to_owned(),
    })
}
