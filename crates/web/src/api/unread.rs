//! What somebody is told whose body or query does not fit: which member, what stood there, what
//! belongs there. What one would get wrong: the readers speak English to programmers; only their
//! fixed phrases are understood here, and words are chosen later, by the code. A phrase that is new
//! says no more than that the value cannot be read, never the phrase itself.

use axum::extract::Query;
use axum::http::Uri;
use gangmu_app::Message;
use serde_json::Value;

/// How long a value is quoted, in characters.
const QUOTED: usize = 60;

/// Says what keeps a JSON body from being read; `said` is the reader's sentence.
pub(super) fn of_body(bytes: &[u8], said: &str) -> Message {
    let whole: Value = match serde_json::from_slice(bytes) {
        Ok(whole) => whole,
        Err(error) => {
            let place = [error.line().to_string(), error.column().to_string()];
            return Message::new("request.not_json", "", place);
        }
    };
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    let (path, phrase) = split(said);
    let found = at(&whole, path).map(|value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    message(path, phrase, found)
}

/// Says what keeps the query of an address from being read.
pub(super) fn of_query(uri: &Uri, said: &str) -> Message {
    let (name, phrase) = split(said);
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri);
    let pairs = pairs.map(|Query(pairs)| pairs).unwrap_or_default();
    let found = pairs.into_iter().find(|(known, _)| known == name);
    message(name, phrase, found.map(|(_, value)| value))
}

/// Parts the path from the phrase: `fields.name: invalid type: …`.
fn split(said: &str) -> (&str, &str) {
    match said.split_once(": ") {
        Some((path, phrase)) if !path.contains(' ') => (path, phrase),
        _ => ("", said),
    }
}

/// The value at a path such as `acts[2].on`.
fn at<'a>(whole: &'a Value, path: &str) -> Option<&'a Value> {
    let steps = path.split(['.', '[', ']']).filter(|step| !step.is_empty());
    let mut value = whole;
    for step in steps {
        value = match value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            other => other.get(step)?,
        };
    }
    Some(value)
}

fn message(path: &str, phrase: &str, found: Option<String>) -> Message {
    let found = found.map(|text| text.chars().take(QUOTED).collect::<String>());
    let named = |name: &str| match path {
        "" => name.to_owned(),
        // The path of an unknown member ends in it already.
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    let mut quoted = phrase.split('`').skip(1).step_by(2).map(str::to_owned);
    if phrase.starts_with("missing field") {
        let name = quoted.next().unwrap_or_default();
        return Message::new("field.missing", named(&name), []);
    }
    if phrase.starts_with("duplicate field") {
        let name = quoted.next().unwrap_or_default();
        return Message::new("request.twice", named(&name), []);
    }
    if phrase.starts_with("unknown field") {
        let name = quoted.next().unwrap_or_default();
        let known = quoted.collect::<Vec<_>>().join(", ");
        return match known.as_str() {
            "" => Message::new("field.unknown", named(&name), [name]),
            _ => Message::new("request.unknown_of", named(&name), [name, known]),
        };
    }
    if phrase.starts_with("unknown variant") {
        let word = quoted.next().unwrap_or_default();
        let known = quoted.collect::<Vec<_>>().join(", ");
        return Message::new("request.not_on_list", path, [word, known]);
    }
    // A reader of dates says in its own words where it stopped.
    let of_date = |part: &str| !phrase.starts_with("invalid ") && phrase.contains(part);
    let wanted = phrase.rsplit_once("expected ").map(|(_, wanted)| wanted);
    let code = match ["date", "year", "month", "day"].into_iter().any(of_date) {
        true => "field.not_a_date",
        false => code(wanted.unwrap_or(phrase)),
    };
    Message::new(code, path, [found.unwrap_or_default()])
}

/// The code for what belongs there, by the reader's phrase for it.
fn code(wanted: &str) -> &'static str {
    const NUMBERS: [&str; 12] = [
        "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "isize", "usize", "integer", "number",
    ];
    let word = |known: &&str| wanted.split([' ', ',']).any(|word| word == *known);
    if wanted.contains("date") {
        "field.not_a_date"
    } else if wanted.contains("true` or `false") || wanted.contains("boolean") {
        "request.not_yes_or_no"
    } else if NUMBERS.iter().any(word) || wanted.contains("digit") {
        "request.not_a_number"
    } else if wanted.contains("sequence") || wanted.contains("array") {
        "request.not_a_list"
    } else if wanted.contains("map") || wanted.contains("struct") {
        "request.not_an_object"
    } else if wanted.contains("string") {
        "request.not_a_text"
    } else {
        "request.not_read"
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{of_body, of_query};

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Act {
        on: jiff::civil::Date,
        days: u8,
        words: Option<String>,
        kind: Option<Kind>,
        acts: Option<Vec<Act>>,
        sure: Option<bool>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Accept,
        Refuse,
    }

    fn body(text: &str) -> String {
        let read = axum::Json::<Act>::from_bytes(text.as_bytes());
        let error = read.err().expect("does not fit");
        let source = std::error::Error::source(&error).map(ToString::to_string);
        let said = of_body(text.as_bytes(), &source.unwrap_or_default());
        format!("{} {} {:?}", said.field, said.code, said.params)
    }

    fn query(text: &str) -> String {
        let uri: axum::http::Uri = format!("/?{text}").parse().expect("an address");
        let error = axum::extract::Query::<Act>::try_from_uri(&uri).err();
        let error = error.expect("does not fit");
        let source = std::error::Error::source(&error).map(ToString::to_string);
        let said = of_query(&uri, &source.unwrap_or_default());
        format!("{} {} {:?}", said.field, said.code, said.params)
    }

    #[test]
    fn what_does_not_fit_is_told_by_its_member() {
        let rows = [
            (r#"{"on": "2025-01-06""#, r#" request.not_json ["1", "19"]"#),
            ("", r#" request.not_json ["1", "0"]"#),
            (r#"{"on": "2025-01-06"}"#, "days field.missing []"),
            (
                r#"{"on": "soon", "days": 1}"#,
                r#"on field.not_a_date ["soon"]"#,
            ),
            (r#"{"on": 3, "days": 1}"#, r#"on field.not_a_date ["3"]"#),
            (
                r#"{"on": "2025-01-06", "days": "many"}"#,
                r#"days request.not_a_number ["many"]"#,
            ),
            (
                r#"{"on": "2025-01-06", "days": 300}"#,
                r#"days request.not_a_number ["300"]"#,
            ),
            (
                r#"{"on": "2025-01-06", "days": 3, "words": {}}"#,
                r#"words request.not_a_text ["{}"]"#,
            ),
            (
                r#"{"on": "2025-01-06", "days": 3, "sure": "yes"}"#,
                r#"sure request.not_yes_or_no ["yes"]"#,
            ),
            (
                r#"{"on": "2025-01-06", "days": 3, "kind": "forget"}"#,
                r#"kind request.not_on_list ["forget", "accept, refuse"]"#,
            ),
            (
                r#"{"on": "2025-01-06", "days": 3, "acts": "none"}"#,
                r#"acts request.not_a_list ["none"]"#,
            ),
            (
                r#"{"on": "2025-01-06", "days": 3, "acts": [{"on": "2025-01-06"}]}"#,
                "acts[0].days field.missing []",
            ),
            (
                r#"{"on": "2025-01-06", "days": 3, "acts": [7]}"#,
                r#"acts[0] request.not_an_object ["7"]"#,
            ),
            (
                r#"{"on": "2025-01-06", "days": 3, "colour": 1}"#,
                r#"colour request.unknown_of ["colour", "on, days, words, kind, acts, sure"]"#,
            ),
            (
                r#"{"days": 3, "days": 4, "on": "2025-01-06"}"#,
                "days request.twice []",
            ),
        ];
        for (sent, wanted) in rows {
            assert_eq!(body(sent), wanted, "{sent}");
        }
    }

    #[test]
    fn what_is_asked_for_is_told_by_its_name() {
        let rows = [
            ("on=soon&days=1", r#"on field.not_a_date ["soon"]"#),
            (
                "on=2025-01-06&days=many",
                r#"days request.not_a_number ["many"]"#,
            ),
            ("on=2025-01-06&days=", r#"days request.not_a_number [""]"#),
            (
                "on=2025-01-06&days=3&sure=perhaps",
                r#"sure request.not_yes_or_no ["perhaps"]"#,
            ),
            (
                "on=2025-01-06&days=3&colour=red",
                r#"colour request.unknown_of ["colour", "on, days, words, kind, acts, sure"]"#,
            ),
            ("days=3", "on field.missing []"),
        ];
        for (asked, wanted) in rows {
            assert_eq!(query(asked), wanted, "{asked}");
        }
    }
}
