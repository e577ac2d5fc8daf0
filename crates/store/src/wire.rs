//! How domain values are written as JSON text in the database.
//!
//! Domain types are not serialisable on purpose; this is the one place that knows the stored
//! shape, and a round-trip property test holds it.

use std::collections::BTreeMap;

use gangmu_domain::Yuan;
use gangmu_domain::library::{Benefit, Change, Field, FundingSource, Kind, ProjectRecord, Value};
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use crate::StoreError;

/// Writes a record as one JSON object.
pub(crate) fn record_to_text(record: &ProjectRecord) -> String {
    struct Written<'a>(&'a ProjectRecord);
    impl Serialize for Written<'_> {
        fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            let fields = self.0.iter();
            to.collect_map(fields.map(|(field, value)| (field.word(), Stored(value))))
        }
    }
    text(&Written(record))
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
    #[derive(Serialize)]
    struct Written<'a> {
        field: &'static str,
        before: Option<Stored<'a>>,
        after: Option<Stored<'a>>,
    }
    let written = changes.iter().map(|change| Written {
        field: change.field.word(),
        before: change.before.as_ref().map(Stored),
        after: change.after.as_ref().map(Stored),
    });
    text(&written.collect::<Vec<_>>())
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

/// A value as it is stored. It is written as it is walked through: a whole library is taken over
/// at once, and a tree of JSON for every value would cost more than all the rest.
struct Stored<'a>(&'a Value);

impl Serialize for Stored<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) | Value::Code(text) => to.serialize_str(text),
            Value::Money(yuan) => to.serialize_i64(yuan.0),
            Value::Date(date) => to.collect_str(date),
            Value::Number(number) => to.serialize_i64(*number),
            Value::Tags(tags) => to.collect_seq(tags),
            Value::Funding(parts) => funding_to_json(parts).serialize(to),
            Value::Benefits(benefits) => to.collect_seq(benefits.iter().map(|b| {
                json!({
                    "metric": b.metric, "quantity": b.quantity, "decimals": b.decimals,
                    "unit": b.unit, "note": b.note,
                })
            })),
        }
    }
}

/// Writes what is known to have a text: keys are words, and no number is a float.
fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
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
