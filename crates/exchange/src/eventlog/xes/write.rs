//! Writes XES.
//!
//! What a reader would get wrong: instants go out in UTC; the point in time is kept, the offset a
//! file once had is not. Characters that XML cannot hold are written as U+FFFD.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::log::{Attribute, EventLog, Value};
use super::super::time;

/// The extensions whose prefixes we know, declared when the log uses them.
const EXTENSIONS: [(&str, &str, &str); 5] = [
    (
        "Concept",
        "concept",
        "http://www.xes-standard.org/concept.xesext",
    ),
    (
        "Lifecycle",
        "lifecycle",
        "http://www.xes-standard.org/lifecycle.xesext",
    ),
    (
        "Organizational",
        "org",
        "http://www.xes-standard.org/org.xesext",
    ),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Cost", "cost", "http://www.xes-standard.org/cost.xesext"),
];

/// Writes a log as XES 2.0 (IEEE 1849-2016).
#[must_use]
pub fn write_xes(log: &EventLog) -> Vec<u8> {
    let mut out = String::with_capacity(log.n_events() * 400 + 1000);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(
        "<log xes.version=\"2.0\" xes.features=\"\" xmlns=\"http://www.xes-standard.org/\">\n",
    );
    for (name, prefix, uri) in EXTENSIONS {
        out.push_str(&format!(
            "\t<extension name=\"{name}\" prefix=\"{prefix}\" uri=\"{uri}\"/>\n"
        ));
    }
    out.push_str("\t<classifier name=\"Activity\" keys=\"concept:name\"/>\n");
    write_attributes(log, log.attributes(), "\t", &mut out);
    for case in 0..log.n_cases() {
        out.push_str("\t<trace>\n");
        write_attributes(log, log.case_attributes(case), "\t\t", &mut out);
        for event in log.events(case) {
            out.push_str("\t\t<event>\n");
            write_attributes(log, log.event_attributes(event), "\t\t\t", &mut out);
            out.push_str("\t\t</event>\n");
        }
        out.push_str("\t</trace>\n");
    }
    out.push_str("</log>\n");
    out.into_bytes()
}

/// Packs a file by gzip.
#[must_use]
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into a vector does not fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

fn write_attributes(log: &EventLog, attributes: &[Attribute], indent: &str, out: &mut String) {
    for attribute in attributes {
        let kind = match attribute.value {
            Value::Text(_) => "string",
            Value::Time(_) => "date",
            Value::Whole(_) => "int",
            Value::Real(_) => "float",
            Value::Flag(_) => "boolean",
            Value::Id(_) => "id",
        };
        out.push_str(indent);
        out.extend(["<", kind, " key=\""]);
        escape(log.text(attribute.key), out);
        out.push_str("\" value=\"");
        write_value(log, attribute.value, out);
        out.push_str("\"/>\n");
    }
}

fn write_value(log: &EventLog, value: Value, out: &mut String) {
    match value {
        Value::Text(id) | Value::Id(id) => escape(log.text(id), out),
        Value::Time(at) => time::write(at, out),
        Value::Whole(number) => out.push_str(&number.to_string()),
        Value::Real(number) => out.push_str(&real(number)),
        Value::Flag(flag) => out.push_str(if flag { "true" } else { "false" }),
    }
}

/// A number as xs:double writes it.
fn real(number: f64) -> String {
    match number {
        n if n.is_nan() => "NaN".to_owned(),
        n if n == f64::INFINITY => "INF".to_owned(),
        n if n == f64::NEG_INFINITY => "-INF".to_owned(),
        n => format!("{n:?}"),
    }
}

/// Escapes a text for an attribute, line breaks too, which a reader would turn into blanks.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
}
