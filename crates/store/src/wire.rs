//! How domain values are written as JSON text in the database.
//!
//! Domain types are not serialisable on purpose; this is the one place that knows the stored
//! shape, and a round-trip property test holds it.

use std::collections::BTreeMap;

use gangmu_domain::Yuan;
use gangmu_domain::library::{Benefit, Change, Field, FundingSource, Kind, ProjectRecord, Value};
use serde_json::{Map, Value as Json, json};

use crate::StoreError;

/// Writes a record as one JSON object.
pub(crate) fn record_to_text(record: &ProjectRecord) -> String {
    let fields: Map<String, Json> = record
        .iter()
        .map(|(field, value)| (field.word().to_owned(), value_to_json(value)))
        .collect();
    Json::Object(fields).to_string()
}

/// Reads a record back. Fields this version does not know are an error, not a loss.
pub(crate) fn record_from_text(text: &str) -> Result<ProjectRecord, StoreError> {
    let corrupt = || StoreError::Corrupt {
        what: "project record",
        found: text.chars().take(200).collect(),
    };
    let fields: BTreeMap<String, Json> = serde_json::from_str(text).map_err(|_| corrupt())?;
    let mut record = ProjectRecord::default();
    for (word, json) in fields {
        let field = Field::from_word(&word).ok_or_else(corrupt)?;
        let value = value_from_json(field.kind(), &json).ok_or_else(corrupt)?;
        record.restore(field, Some(value));
    }
    Ok(record)
}

/// Writes changes as a JSON list.
pub(crate) fn changes_to_text(changes: &[Change]) -> String {
    let optional = |value: &Option<Value>| value.as_ref().map_or(Json::Null, value_to_json);
    let list: Vec<Json> = changes
        .iter()
        .map(|change| {
            json!({
                "field": change.field.word(),
                "before": optional(&change.before),
                "after": optional(&change.after),
            })
        })
        .collect();
    Json::Array(list).to_string()
}

/// Reads changes back.
pub(crate) fn changes_from_text(text: &str) -> Result<Vec<Change>, StoreError> {
    let corrupt = || StoreError::Corrupt {
        what: "event",
        found: text.chars().take(200).collect(),
    };
    let list: Vec<Json> = serde_json::from_str(text).map_err(|_| corrupt())?;
    list.iter()
        .map(|json| {
            let word = json
                .get("field")
                .and_then(Json::as_str)
                .ok_or_else(corrupt)?;
            let field = Field::from_word(word).ok_or_else(corrupt)?;
            let side = |key: &str| match json.get(key) {
                None | Some(Json::Null) => Ok(None),
                Some(json) => value_from_json(field.kind(), json)
                    .map(Some)
                    .ok_or_else(corrupt),
            };
            Ok(Change {
                field,
                before: side("before")?,
                after: side("after")?,
            })
        })
        .collect()
}

/// Writes money by source.
pub(crate) fn funding_to_json(parts: &BTreeMap<FundingSource, Yuan>) -> Json {
    Json::Object(
        parts
            .iter()
            .map(|(source, yuan)| (source.word().to_owned(), json!(yuan.0)))
            .collect(),
    )
}

/// Reads money by source.
pub(crate) fn funding_from_json(json: &Json) -> Option<BTreeMap<FundingSource, Yuan>> {
    json.as_object()?
        .iter()
        .map(|(word, yuan)| Some((FundingSource::from_word(word)?, Yuan(yuan.as_i64()?))))
        .collect()
}

fn value_to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::Code(text) => json!(text),
        Value::Money(yuan) => json!(yuan.0),
        Value::Date(date) => json!(date.to_string()),
        Value::Number(number) => json!(number),
        Value::Tags(tags) => json!(tags),
        Value::Funding(parts) => funding_to_json(parts),
        Value::Benefits(benefits) => benefits
            .iter()
            .map(|b| {
                json!({
                    "metric": b.metric, "quantity": b.quantity, "decimals": b.decimals,
                    "unit": b.unit, "note": b.note,
                })
            })
            .collect(),
    }
}

fn value_from_json(kind: Kind, json: &Json) -> Option<Value> {
    let text = || json.as_str().map(str::to_owned);
    Some(match kind {
        Kind::Line(_) | Kind::Lines(_) => Value::Text(text()?),
        Kind::ProjectCode | Kind::Choice(_) | Kind::Unit | Kind::Department | Kind::Industry => {
            Value::Code(text()?)
        }
        Kind::Money => Value::Money(Yuan(json.as_i64()?)),
        Kind::Date => Value::Date(json.as_str()?.parse().ok()?),
        Kind::Year | Kind::Degrees(_) | Kind::Quantity => Value::Number(json.as_i64()?),
        Kind::Tags | Kind::Units => Value::Tags(
            json.as_array()?
                .iter()
                .map(|tag| tag.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
        ),
        Kind::Funding => Value::Funding(funding_from_json(json)?),
        Kind::Benefits => Value::Benefits(
            json.as_array()?
                .iter()
                .map(benefit_from_json)
                .collect::<Option<_>>()?,
        ),
    })
}

fn benefit_from_json(json: &Json) -> Option<Benefit> {
    let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
    Some(Benefit {
        metric: text("metric")?,
        quantity: json.get("quantity")?.as_i64()?,
        decimals: u32::try_from(json.get("decimals")?.as_u64()?).ok()?,
        unit: text("unit")?,
        note: text("note")?,
    })
}
