//! OCEL 2.0 as JSON.
//!
//! What a reader would get wrong: other tools write numbers and truth values where the schema says
//! text; they are read as the text they would be printed as.

use serde::Deserialize as _;

use super::super::LogRefusal;
use super::{ObjectLog, ObjectProblem};
use crate::limits::Limits;

/// Reads an OCEL 2.0 JSON file, and says what in it does not fit together.
///
/// # Errors
/// When it is no such file, is damaged or larger than `limits`.
pub fn read_ocel(
    bytes: &[u8],
    limits: &Limits,
) -> Result<(ObjectLog, Vec<ObjectProblem>), LogRefusal> {
    // An entry of a few bytes becomes a structure of a hundred.
    let limit = limits.bytes.min(limits.unpacked_bytes / 4);
    if bytes.len() > limit {
        let found = bytes.len();
        return Err(LogRefusal::TooLarge { found, limit });
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if text.trim_ascii().is_empty() {
        return Err(LogRefusal::Empty);
    }
    let mut json = serde_json::Deserializer::from_slice(text);
    let log = ObjectLog::deserialize(&mut json)
        .and_then(|log| json.end().map(|()| log))
        .map_err(|error| LogRefusal::Object {
            line: error.line(),
            detail: error.to_string().chars().take(300).collect(),
        })?;
    let problems = log.problems();
    Ok((log, problems))
}

/// Writes an OCEL 2.0 JSON file.
#[must_use]
pub fn write_ocel(log: &ObjectLog) -> Vec<u8> {
    // Texts, lists and structs do not fail to serialise.
    serde_json::to_vec(log).unwrap_or_default()
}

/// Instants as RFC 3339 texts.
pub(super) mod instant {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use std::borrow::Cow;

    use super::super::super::time;

    pub fn serialize<S: Serializer>(at: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::new();
        time::write(*at, &mut text);
        serializer.serialize_str(&text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        time::read(&text).ok_or_else(|| D::Error::custom(format!("“{text:.60}” is no instant")))
    }
}

/// Any scalar, as its text.
pub(super) fn any_as_text<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<String, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Scalar {
        Text(String),
        Flag(bool),
        Whole(i64),
        Real(f64),
        Nothing(()),
    }
    Ok(match Scalar::deserialize(deserializer)? {
        Scalar::Text(text) => text,
        Scalar::Flag(flag) => flag.to_string(),
        Scalar::Whole(number) => number.to_string(),
        Scalar::Real(number) => format!("{number:?}"),
        Scalar::Nothing(()) => String::new(),
    })
}
