//! Texts by key and language. zh-CN is the source; English is complete, which a test proves. A key
//! that is missing anyway shows as `⟦key⟧` and never fails a page.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};

use crate::number::TextUnit;

/// The cookie that remembers the chosen language.
pub const LANG_COOKIE: &str = "gangmu_lang";

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    #[serde(rename = "en")]
    En,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The language's tag as HTML and cookies write it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads a tag such as `zh`, `zh-Hans-CN` or `en-GB`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag
            .trim()
            .split(['-', '_'])
            .next()?
            .to_ascii_lowercase()
            .as_str()
        {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The person's choice if there is one, else the browser's, else Chinese.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let chosen = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == LANG_COOKIE)
            .and_then(|(_, tag)| Self::from_tag(tag));
        chosen
            .or_else(|| {
                headers
                    .get(ACCEPT_LANGUAGE)?
                    .to_str()
                    .ok()
                    .and_then(Self::preferred)
            })
            .unwrap_or_default()
    }

    fn preferred(accept: &str) -> Option<Self> {
        let mut offers: Vec<(u32, Self)> = accept
            .split(',')
            .filter_map(|offer| {
                let (tag, q) = offer.split_once(";q=").unwrap_or((offer, "1"));
                Some((quality(q), Self::from_tag(tag)?))
            })
            .collect();
        // Stable: among equals the browser's order holds.
        offers.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
        offers.first().map(|(_, lang)| *lang)
    }
}

/// "0.8" as 800, without floats; nonsense counts as 0.
fn quality(text: &str) -> u32 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    format!("{whole}{fraction}").parse().unwrap_or(0)
}

impl<S: Send + Sync> FromRequestParts<S> for Lang {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::from_headers(&parts.headers))
    }
}

/// A text still to be worded: a key and what fills its `{places}`. Errors and refusals travel as
/// this and get their words in the template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub key: String,
    #[serde(default)]
    pub params: BTreeMap<String, Param>,
}

/// What may stand in a text's `{place}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Param {
    Int(i64),
    Text(String),
}

impl Message {
    /// A text without places to fill.
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            params: BTreeMap::new(),
        }
    }

    /// Fills `{name}` with a number or a text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Param>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

impl From<i64> for Param {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<usize> for Param {
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Param {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Param {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl Param {
    fn shown(&self) -> String {
        match self {
            Self::Int(value) => crate::number::grouped(i128::from(*value), 0),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Why the texts that ship with the binary cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("reading the {} texts", lang.tag())]
pub struct TextsError {
    lang: Lang,
    #[source]
    source: toml::de::Error,
}

/// All texts of one language.
#[derive(Clone, Debug)]
pub struct Texts {
    lang: Lang,
    by_key: BTreeMap<String, String>,
}

impl Texts {
    /// Reads the texts built into the binary.
    pub fn load(lang: Lang) -> Result<Self, TextsError> {
        let mut by_key = BTreeMap::new();
        for source in sources(lang) {
            let table: toml::Table = source
                .parse()
                .map_err(|source| TextsError { lang, source })?;
            flatten(&table, "", &mut by_key);
        }
        Ok(Self { lang, by_key })
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// An amount in text: "9,848.73 亿元" or "CNY 984.87 bn".
    pub fn money(&self, yuan: i128) -> String {
        let unit = TextUnit::of(self.lang(), yuan);
        let key = ["money.", unit.word()].concat();
        self.message(&Message::new(key).with("n", unit.print(yuan)))
    }

    /// The unit of amounts in text, as tiles and pictures print it beside the figure.
    pub fn money_unit(&self, unit: TextUnit) -> String {
        self.message(&Message::new(["unit.", unit.word()].concat()))
    }

    /// The text with its places filled. English has a second form `KEY_one` for `{n}` = 1.
    pub fn t(&self, key: &str, params: &BTreeMap<String, Param>) -> String {
        let one = match params.get("n") {
            Some(Param::Int(1)) => self.by_key.get(&format!("{key}_one")),
            _ => None,
        };
        let Some(text) = one.or_else(|| self.by_key.get(key)) else {
            return format!("⟦{key}⟧");
        };
        let mut out = text.clone();
        for (name, value) in params {
            out = out.replace(&format!("{{{name}}}"), &value.shown());
        }
        out
    }

    /// The text of a message.
    pub fn message(&self, message: &Message) -> String {
        self.t(&message.key, &message.params)
    }

    /// Says whether there is a text under a key.
    pub fn has(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }

    /// All texts whose key begins with `prefix`, for scripts that word things themselves.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.by_key
            .range(prefix.to_owned()..)
            .take_while(move |(key, _)| key.starts_with(prefix))
            .map(|(key, text)| (key.as_str(), text.as_str()))
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.by_key.keys().map(String::as_str)
    }
}

/// The texts of a language: what all pages share, and those of the library's pages.
fn sources(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::ZhCn => &[
            include_str!("../locales/zh-CN.toml"),
            include_str!("../locales/library.zh-CN.toml"),
            include_str!("../locales/approvals.zh-CN.toml"),
            include_str!("../locales/duties.zh-CN.toml"),
            include_str!("../locales/notices.zh-CN.toml"),
            include_str!("../locales/supervision.zh-CN.toml"),
            include_str!("../locales/winter.zh-CN.toml"),
            include_str!("../locales/plans.zh-CN.toml"),
            include_str!("../locales/ledgers.zh-CN.toml"),
            include_str!("../locales/liaison.zh-CN.toml"),
            include_str!("../locales/meetings.zh-CN.toml"),
            include_str!("../locales/record.zh-CN.toml"),
        ],
        Lang::En => &[
            include_str!("../locales/en.toml"),
            include_str!("../locales/library.en.toml"),
            include_str!("../locales/approvals.en.toml"),
            include_str!("../locales/duties.en.toml"),
            include_str!("../locales/notices.en.toml"),
            include_str!("../locales/supervision.en.toml"),
            include_str!("../locales/winter.en.toml"),
            include_str!("../locales/plans.en.toml"),
            include_str!("../locales/ledgers.en.toml"),
            include_str!("../locales/liaison.en.toml"),
            include_str!("../locales/meetings.en.toml"),
            include_str!("../locales/record.en.toml"),
        ],
    }
}

fn flatten(table: &toml::Table, prefix: &str, into: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            toml::Value::Table(inner) => flatten(inner, &key, into),
            toml::Value::String(text) => {
                into.insert(key, text.clone());
            }
            other => {
                into.insert(key, other.to_string());
            }
        }
    }
}
