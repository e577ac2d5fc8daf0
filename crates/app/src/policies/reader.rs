//! Reads a policy file key by key and notes everything that is wrong with it.
//!
//! A key nobody asked for is a problem too, so every table must be [`Entry::finish`]ed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One thing wrong with a policy file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("line {line}: {wrong}")]
pub struct PolicyProblem {
    /// The line it stands on, counted from one.
    pub line: usize,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What can be wrong with a line of a policy file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Wrong {
    /// It is not TOML.
    #[error("{0}")]
    Syntax(String),
    /// Nothing of this name is known here.
    #[error("`{0}` is not known here")]
    UnknownKey(String),
    /// Something must be said and is not.
    #[error("`{0}` is missing")]
    Missing(String),
    /// The value is of another kind.
    #[error("`{key}` must be {wanted}")]
    NotA {
        /// The key.
        key: String,
        /// What it should be.
        wanted: String,
    },
    /// The same is said twice.
    #[error("`{0}` stands here for the second time")]
    Repeated(String),
    /// Two things contradict each other.
    #[error("{0}")]
    Contradiction(String),
}

/// The problems of one file, noted while it is read.
struct Notes<'t> {
    text: &'t str,
    found: RefCell<Vec<PolicyProblem>>,
}

/// One table of the file, whose keys are taken out one by one.
pub(super) struct Entry<'n> {
    notes: &'n Notes<'n>,
    at: usize,
    rest: BTreeMap<&'n str, (usize, &'n DeValue<'n>)>,
}

/// Reads a whole file; `read` takes what it knows from the top table.
pub(super) fn document<T>(
    text: &str,
    read: impl FnOnce(&mut Entry<'_>) -> Option<T>,
) -> Result<T, Vec<PolicyProblem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let notes = Notes {
        text,
        found: RefCell::default(),
    };
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        notes.note(at, Wrong::Syntax(error.message().to_owned()));
    }
    // What recovery made of a broken file would only raise problems that are not there.
    let value = if errors.is_empty() {
        let mut top = Entry::new(&notes, 0, table.get_ref());
        let value = read(&mut top);
        top.finish();
        value
    } else {
        None
    };
    let mut found = notes.found.into_inner();
    found.sort();
    match value {
        Some(value) if found.is_empty() => Ok(value),
        _ => Err(found),
    }
}

impl Notes<'_> {
    fn note(&self, at: usize, wrong: Wrong) {
        let before = self.text.as_bytes().iter().take(at);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        self.found.borrow_mut().push(PolicyProblem { line, wrong });
    }
}

impl<'n> Entry<'n> {
    fn new(notes: &'n Notes<'n>, at: usize, table: &'n DeTable<'n>) -> Self {
        let rest = table
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), (key.span().start, value.get_ref())))
            .collect();
        Self { notes, at, rest }
    }

    fn nested(&self, value: &'n Spanned<DeValue<'n>>) -> Option<Self> {
        let table = value.get_ref().as_table()?;
        Some(Self::new(self.notes, value.span().start, table))
    }

    /// Takes keys without reading them.
    pub(super) fn take(&mut self, keys: &[&str]) {
        self.rest.retain(|name, _| !keys.contains(name));
    }

    /// Lists the keys that are left, in order.
    pub(super) fn keys(&self) -> Vec<String> {
        self.rest.keys().map(|key| (*key).to_owned()).collect()
    }

    /// Takes every key that is left without reading it.
    pub(super) fn take_rest(&mut self) {
        self.rest.clear();
    }

    /// Refuses every key that nobody took.
    pub(super) fn finish(self) {
        for (key, (at, _)) in self.rest {
            self.notes.note(at, Wrong::UnknownKey(key.to_owned()));
        }
    }

    /// Notes a problem of this table as a whole.
    pub(super) fn refuse(&self, wrong: Wrong) {
        self.notes.note(self.at, wrong);
    }

    /// Takes a text that must be there and not be empty.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.required(key, "a text that is not empty", |value| {
            let text = value.as_str()?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        })
    }

    /// Takes a text that must be there and may be empty.
    pub(super) fn text_or_empty(&mut self, key: &str) -> Option<String> {
        self.required(key, "a text", |value| {
            value.as_str().map(|text| text.trim().to_owned())
        })
    }

    /// Takes a list of texts that must be there and may be empty.
    pub(super) fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        self.required(key, "a list of texts", |value| {
            let items = value.as_array()?.iter();
            items
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect()
        })
    }

    /// Takes a text that must be as `fits` says.
    pub(super) fn text_such_that(
        &mut self,
        key: &str,
        wanted: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Option<String> {
        self.required(key, wanted, |value| {
            let text = value.as_str()?;
            fits(text).then(|| text.to_owned())
        })
    }

    /// Takes a word of a closed list.
    pub(super) fn word<T: Copy>(
        &mut self,
        key: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let words: Vec<&str> = all.iter().map(|t| word(*t)).collect();
        let wanted = format!("one of {}", words.join(", "));
        self.required(key, &wanted, |value| {
            let found = value.as_str()?;
            all.iter().copied().find(|t| word(*t) == found)
        })
    }

    /// Takes texts, each read by `parse`; the list must not be empty.
    pub(super) fn list<T>(
        &mut self,
        key: &str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let wanted = format!("a list of {wanted}");
        self.required(key, &wanted, |value| {
            let items: Option<Vec<T>> = value
                .as_array()?
                .iter()
                .map(|item| parse(item.get_ref().as_str()?))
                .collect();
            items.filter(|items| !items.is_empty())
        })
    }

    /// Takes a whole number within a range.
    pub(super) fn number(&mut self, key: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let wanted = format!("a whole number from {} to {}", range.start(), range.end());
        self.required(key, &wanted, |value| {
            let number = value.as_integer()?;
            let number = i64::from_str_radix(number.as_str(), number.radix()).ok()?;
            range.contains(&number).then_some(number)
        })
    }

    /// Takes a decimal number, if it is there, in units of 10^-`decimals`; never through a float.
    pub(super) fn decimal_or_none(&mut self, key: &str, decimals: usize) -> Option<i64> {
        let wanted = format!("a number with at most {decimals} decimals");
        self.rest.contains_key(key).then(|| {
            self.required(key, &wanted, |value| {
                let text = match (value.as_integer(), value.as_float()) {
                    (Some(whole), _) if whole.radix() == 10 => whole.as_str(),
                    (_, Some(float)) => float.as_str(),
                    _ => return None,
                };
                let (whole, part) = text.split_once('.').unwrap_or((text, ""));
                let fits = part.len() <= decimals && part.bytes().all(|b| b.is_ascii_digit());
                fits.then(|| format!("{whole}{part:0<decimals$}").parse().ok())?
                    .filter(|n: &i64| n.unsigned_abs() < 1_000_000_000)
            })
        })?
    }

    /// Takes `true` or `false`; missing means `false`.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        self.rest.contains_key(key)
            && self
                .required(key, "true or false", DeValue::as_bool)
                .unwrap_or(false)
    }

    /// Takes a date.
    pub(super) fn date(&mut self, key: &str) -> Option<Date> {
        self.required(key, "a date such as 2025-01-01", |value| {
            let text = match (value.as_datetime(), value.as_str()) {
                (Some(date), _) => date.to_string(),
                (_, Some(text)) => text.to_owned(),
                _ => return None,
            };
            // Ten characters: a time of day would be read and thrown away.
            text.parse().ok().filter(|_| text.len() == 10)
        })
    }

    /// Takes a table that must be there.
    pub(super) fn entry(&mut self, key: &str) -> Option<Self> {
        let (notes, at) = (
            self.notes,
            self.rest.get(key).map_or(self.at, |(at, _)| *at),
        );
        self.required(key, "a table", |value| {
            Some(Self::new(notes, at, value.as_table()?))
        })
    }

    /// Takes the tables of a list that must not be empty.
    pub(super) fn entries(&mut self, key: &str) -> Vec<Self> {
        let wanted = "a list of tables";
        let Some((at, value)) = self.rest.remove(key) else {
            self.refuse(Wrong::Missing(key.to_owned()));
            return Vec::new();
        };
        let found: Option<Vec<Self>> = value
            .as_array()
            .and_then(|items| items.iter().map(|item| self.nested(item)).collect());
        let found = found.unwrap_or_default();
        if found.is_empty() {
            self.notes.note(at, not_a(key, wanted));
        }
        found
    }

    /// Says whether the key is there and not yet taken.
    pub(super) fn has(&self, key: &str) -> bool {
        self.rest.contains_key(key)
    }

    fn required<T>(
        &mut self,
        key: &str,
        wanted: &str,
        read: impl FnOnce(&'n DeValue<'n>) -> Option<T>,
    ) -> Option<T> {
        let Some((at, value)) = self.rest.remove(key) else {
            self.refuse(Wrong::Missing(key.to_owned()));
            return None;
        };
        let read = read(value);
        if read.is_none() {
            self.notes.note(at, not_a(key, wanted));
        }
        read
    }
}

fn not_a(key: &str, wanted: &str) -> Wrong {
    Wrong::NotA {
        key: key.to_owned(),
        wanted: wanted.to_owned(),
    }
}
