//! Values of fields as people read them: money with its unit, dates, words for codes.

use gangmu_app::Reference;
use gangmu_app::domain::library::Field;
use serde::Serialize;
use serde_json::Value as Json;

use crate::dates;
use crate::i18n::{Lang, Message, Texts};
use crate::number;
use crate::pages::common::worded;

/// A field with its value in words.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub field: String,
    pub text: String,
}

/// Prints a value of the API's form; `None` for no value.
pub fn text_of(
    texts: &Texts,
    reference: &Reference,
    field: &str,
    kind: &str,
    value: &Json,
    label: Option<&str>,
) -> Option<String> {
    let printed = match (kind, value) {
        (_, Json::Null) => return None,
        ("money", Json::Number(yuan)) => money(texts, yuan.as_i64()?),
        ("date", Json::String(day)) => {
            dates::parse(day).map_or_else(|| day.clone(), |day| dates::day(day, texts.lang()))
        }
        ("degrees", Json::Number(n)) => {
            let text = number::grouped(i128::from(n.as_i64()?), 6);
            format!("{}°", text.trim_end_matches('0').trim_end_matches('.'))
        }
        ("quantity", Json::Number(n)) => number::grouped(i128::from(n.as_i64()?), 0),
        ("year", Json::Number(n)) => n.to_string(),
        ("choice", Json::String(word)) => choice(texts, field, word),
        ("unit", Json::String(code)) => unit(texts.lang(), reference, code),
        ("units", Json::Array(codes)) => joined(
            texts,
            codes
                .iter()
                .filter_map(Json::as_str)
                .map(|code| unit(texts.lang(), reference, code)),
        ),
        ("tags", Json::Array(tags)) => joined(
            texts,
            tags.iter().filter_map(Json::as_str).map(str::to_owned),
        ),
        ("industry", Json::String(code)) => {
            format!("{code} {}", label.unwrap_or_default())
        }
        ("funding", Json::Object(parts)) => joined(
            texts,
            parts.iter().filter_map(|(source, yuan)| {
                let source = worded(texts, "funding.", source);
                Some(format!("{source} {}", money(texts, yuan.as_i64()?)))
            }),
        ),
        ("benefits", Json::Array(benefits)) => joined(
            texts,
            benefits.iter().map(|one| {
                let part = |name: &str| one.get(name).and_then(Json::as_str).unwrap_or_default();
                let metric = worded(texts, "benefit.", part("metric"));
                format!("{metric} {} {}", part("quantity"), part("unit"))
            }),
        ),
        (_, Json::String(text)) => label.unwrap_or(text).to_owned(),
        (_, other) => other.to_string(),
    };
    Some(printed)
}

/// Yuan in 万元, exactly.
pub fn money(texts: &Texts, yuan: i64) -> String {
    let exact = number::wan_exact(i128::from(yuan));
    let (whole, rest) = exact.split_once('.').unwrap_or((&exact, ""));
    let whole = whole
        .parse()
        .map_or_else(|_| whole.to_owned(), |n: i128| number::grouped(n, 0));
    let point = if rest.is_empty() { "" } else { "." };
    let unit = texts.message(&Message::new("unit.wan"));
    format!("{whole}{point}{rest} {unit}")
}

/// The word of a closed list; levels, natures, classes and types have texts of their own.
pub fn choice(texts: &Texts, field: &str, word: &str) -> String {
    let family = Field::from_word(field).map_or_else(
        || format!("project.{field}."),
        crate::server::words::choice_family,
    );
    worded(texts, &family, word)
}

fn unit(lang: Lang, reference: &Reference, code: &str) -> String {
    reference.unit_by_code(code).map_or_else(
        || code.to_owned(),
        |unit| crate::pages::common::name(lang, &unit.name, &unit.name_en),
    )
}

fn joined(texts: &Texts, parts: impl Iterator<Item = String>) -> String {
    let between = match texts.lang() {
        Lang::ZhCn => "；",
        Lang::En => "; ",
    };
    parts.collect::<Vec<_>>().join(between)
}
