//! Serialisable pieces that many pages share; each has a macro under `templates/macros/`. They
//! carry raw figures (yuan, counts); templates choose the unit and print it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::i18n::Message;

/// A rate that keeps what it was made of, so that every percentage can be explained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    pub num: i64,
    pub den: i64,
}

/// A traffic light; `Undefined` where the rule says nothing. (红黄绿灯)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    Green,
    Yellow,
    Red,
    /// Better than the plan, where a rule tells it apart.
    Ahead,
    Undefined,
}

/// A light with the sentence that explains it.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedLight {
    pub light: Light,
    pub reason: Option<Message>,
}

/// A link with its words.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    pub label: String,
    pub href: String,
}

impl Link {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }
}

/// A choice of a select field or filter.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// The state of a list as its address carries it: path and parameters in order. Sort links,
/// filters, pagers and exports are all made from it, so none can forget another's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    pub path: String,
    pub params: Vec<(String, String)>,
}

impl Query {
    pub fn new(path: impl Into<String>, params: &[(&str, &str)]) -> Self {
        let params = params
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Self {
            path: path.into(),
            params,
        }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The same list with one parameter changed, or removed when `value` is empty. Any change
    /// leads back to the first page.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        self.changed(name, value, |key| key != "page" && key != "after")
    }

    /// The same list turned to a page, whose number `name` holds; another list of the same page of
    /// the site stays where it is.
    #[must_use]
    pub fn turned(&self, name: &str, page: i64) -> Self {
        self.changed(name, &page.to_string(), |key| key != "after")
    }

    fn changed(&self, name: &str, value: &str, keep: impl Fn(&str) -> bool) -> Self {
        let mut params: Vec<_> = self
            .params
            .iter()
            .filter(|(key, _)| key != name && keep(key))
            .cloned()
            .collect();
        if !value.is_empty() {
            params.push((name.to_owned(), value.to_owned()));
        }
        Self {
            path: self.path.clone(),
            params,
        }
    }

    /// The address: path and percent-encoded parameters.
    pub fn href(&self) -> String {
        let mut out = self.path.clone();
        for (index, (key, value)) in self.params.iter().enumerate() {
            out.push(if index == 0 { '?' } else { '&' });
            percent_encode(key, &mut out);
            out.push('=');
            percent_encode(value, &mut out);
        }
        out
    }
}

fn percent_encode(text: &str, out: &mut String) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(
                [
                    HEX.get(usize::from(byte >> 4)),
                    HEX.get(usize::from(byte & 15)),
                ]
                .into_iter()
                .flatten(),
            );
        }
    }
}

/// Which part of a list is on the page.
#[derive(Clone, Debug, Serialize)]
pub struct Pager {
    pub total: i64,
    pub first: i64,
    pub last: i64,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// What was typed into a form and what is wrong with it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Form {
    pub values: BTreeMap<String, String>,
    pub errors: Vec<FieldError>,
}

/// One thing wrong with one field.
#[derive(Clone, Debug, Serialize)]
pub struct FieldError {
    pub field: String,
    pub message: Message,
}

impl Form {
    #[must_use]
    pub fn value(mut self, field: &str, value: impl Into<String>) -> Self {
        self.values.insert(field.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn error(mut self, field: &str, message: Message) -> Self {
        self.errors.push(FieldError {
            field: field.to_owned(),
            message,
        });
        self
    }
}

/// One event of a timeline: who changed what, when and why.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// RFC 3339.
    pub at: String,
    pub who: String,
    pub title: String,
    pub reason: Option<String>,
    pub changes: Vec<Change>,
}

/// One field before and after.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub label: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// One stage of the funnel.
#[derive(Clone, Debug, Serialize)]
pub struct FunnelStage {
    pub stage: String,
    pub count: i64,
    pub investment: i64,
    pub href: String,
}
