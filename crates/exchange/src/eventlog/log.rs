//! An event log as columns: cases with attributes, events with attributes.
//!
//! What a reader would get wrong: keys and texts are numbers into one store of names, so comparing
//! them is comparing numbers; [`EventLog::key`] finds the number once. The order of a case's events
//! is that of the file.

use std::ops::Range;

use super::names::Names;
use super::{NAME, TIME};

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A text, by its number: [`EventLog::text`].
    Text(u32),
    /// An instant, in milliseconds since 1970.
    Time(i64),
    /// A whole number.
    Whole(i64),
    /// A number.
    Real(f64),
    /// Yes or no.
    Flag(bool),
    /// An identifier, by the number of its text.
    Id(u32),
}

/// A key, by its number, and what it holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attribute {
    /// The key: [`EventLog::text`].
    pub key: u32,
    /// The value.
    pub value: Value,
}

/// A log as it was read or built.
#[derive(Clone, Debug, Default)]
pub struct EventLog {
    names: Names,
    log_attributes: Vec<Attribute>,
    case_events: Vec<u32>,
    case_attribute_starts: Vec<u32>,
    case_attributes: Vec<Attribute>,
    event_attribute_starts: Vec<u32>,
    event_attributes: Vec<Attribute>,
}

impl EventLog {
    /// How many cases.
    #[must_use]
    pub fn n_cases(&self) -> usize {
        self.case_events.len()
    }

    /// How many events.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.event_attribute_starts.len()
    }

    /// The text of a number.
    #[must_use]
    pub fn text(&self, id: u32) -> &str {
        self.names.get(id)
    }

    /// The number of a key or text; none when the log has no such text.
    #[must_use]
    pub fn key(&self, text: &str) -> Option<u32> {
        self.names.find(text)
    }

    /// The attributes of the log itself.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.log_attributes
    }

    /// The attributes of a case.
    #[must_use]
    pub fn case_attributes(&self, case: usize) -> &[Attribute] {
        &self.case_attributes[range(
            &self.case_attribute_starts,
            case,
            self.case_attributes.len(),
        )]
    }

    /// The numbers of a case's events, in order.
    #[must_use]
    pub fn events(&self, case: usize) -> Range<usize> {
        range(&self.case_events, case, self.n_events())
    }

    /// The attributes of an event.
    #[must_use]
    pub fn event_attributes(&self, event: usize) -> &[Attribute] {
        let all = self.event_attributes.len();
        &self.event_attributes[range(&self.event_attribute_starts, event, all)]
    }

    /// The text of a value that is one.
    #[must_use]
    pub fn text_of(&self, value: Value) -> Option<&str> {
        match value {
            Value::Text(id) | Value::Id(id) => Some(self.text(id)),
            _ => None,
        }
    }

    /// The name of a case; nothing when it has none.
    #[must_use]
    pub fn case_name(&self, case: usize) -> &str {
        let value = self
            .key(NAME)
            .and_then(|key| find(self.case_attributes(case), key));
        value.and_then(|value| self.text_of(value)).unwrap_or("")
    }

    /// The instant of an event.
    #[must_use]
    pub fn event_time(&self, event: usize) -> Option<i64> {
        match find(self.event_attributes(event), self.key(TIME)?)? {
            Value::Time(at) => Some(at),
            _ => None,
        }
    }
}

/// Finds the value under a key.
#[must_use]
pub fn find(attributes: &[Attribute], key: u32) -> Option<Value> {
    let found = attributes.iter().find(|attribute| attribute.key == key);
    found.map(|attribute| attribute.value)
}

fn range(starts: &[u32], at: usize, all: usize) -> Range<usize> {
    let end = starts.get(at + 1).map_or(all, |end| *end as usize);
    starts[at] as usize..end
}

/// There is no number left for another event, attribute or text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a log of more than {} entries of one kind", u32::MAX)]
pub struct LogFull;

/// Builds a log in the order it is told.
///
/// An attribute belongs to what was begun last: the log, a case, an event.
#[derive(Debug, Default)]
pub struct EventLogBuilder {
    log: EventLog,
    place: Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Log,
    Case,
    Event,
}

impl EventLogBuilder {
    /// Begins a case.
    ///
    /// # Errors
    /// When there is no number left.
    pub fn begin_case(&mut self) -> Result<(), LogFull> {
        let log = &mut self.log;
        log.case_events
            .push(number(log.event_attribute_starts.len())?);
        log.case_attribute_starts
            .push(number(log.case_attributes.len())?);
        self.place = Place::Case;
        Ok(())
    }

    /// Begins an event of the case begun last; without a case it begins one.
    ///
    /// # Errors
    /// When there is no number left.
    pub fn begin_event(&mut self) -> Result<(), LogFull> {
        if self.log.case_events.is_empty() {
            self.begin_case()?;
        }
        let start = number(self.log.event_attributes.len())?;
        number(self.log.event_attribute_starts.len() + 1)?;
        self.log.event_attribute_starts.push(start);
        self.place = Place::Event;
        Ok(())
    }

    /// Ends the event: what follows belongs to its case.
    pub(super) fn end_event(&mut self) {
        self.place = Place::Case;
    }

    /// Ends the case: what follows belongs to the log.
    pub(super) fn end_case(&mut self) {
        self.place = Place::Log;
    }

    /// Numbers a text.
    ///
    /// # Errors
    /// When there is no number left.
    pub fn name(&mut self, text: &str) -> Result<u32, LogFull> {
        self.log.names.number(text).ok_or(LogFull)
    }

    /// Adds an attribute to what was begun last.
    pub fn add(&mut self, attribute: Attribute) {
        match self.place {
            Place::Log => self.log.log_attributes.push(attribute),
            Place::Case => self.log.case_attributes.push(attribute),
            Place::Event => self.log.event_attributes.push(attribute),
        }
    }

    /// Adds a text under a key to what was begun last.
    ///
    /// # Errors
    /// When there is no number left.
    pub fn text(&mut self, key: &str, text: &str) -> Result<(), LogFull> {
        let value = Value::Text(self.name(text)?);
        self.value(key, value)
    }

    /// Adds an instant, in milliseconds since 1970, under a key to what was begun last.
    ///
    /// # Errors
    /// When there is no number left.
    pub fn time(&mut self, key: &str, at: i64) -> Result<(), LogFull> {
        self.value(key, Value::Time(at))
    }

    /// Adds a value under a key to what was begun last.
    ///
    /// # Errors
    /// When there is no number left.
    pub fn value(&mut self, key: &str, value: Value) -> Result<(), LogFull> {
        let key = self.name(key)?;
        self.add(Attribute { key, value });
        Ok(())
    }

    /// Where it is: the case and the event, counted from 1, 0 outside.
    pub(super) fn at(&self) -> (usize, usize) {
        let case = self.log.n_cases();
        let before = self
            .log
            .case_events
            .last()
            .map_or(0, |start| *start as usize);
        match self.place {
            Place::Log => (0, 0),
            Place::Case => (case, 0),
            Place::Event => (case, self.log.n_events() - before),
        }
    }

    /// Returns the log.
    #[must_use]
    pub fn finish(self) -> EventLog {
        self.log
    }
}

fn number(count: usize) -> Result<u32, LogFull> {
    u32::try_from(count).map_err(|_| LogFull)
}
