//! From a log of objects to a log of cases and back.
//!
//! What a reader would get wrong: flattening repeats an event in every case it belongs to, so the
//! counts of a flattened log are counts per object, not of what happened.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::log::{Attribute, EventLog, EventLogBuilder, LogFull, Value, find};
use super::super::{NAME, TIME, time};
use super::{Known, KnownSince, Object, ObjectEvent, ObjectLog, Relation, Type, TypeAttribute};

/// Makes every object of a type a case, with the events that belong to it in order of time.
/// An object's attributes are those it had last.
///
/// # Errors
/// When there are more events than can be numbered.
pub fn flatten(log: &ObjectLog, object_type: &str) -> Result<EventLog, LogFull> {
    let objects = log
        .objects
        .iter()
        .filter(|object| object.kind == object_type);
    let mut events: HashMap<&str, Vec<&ObjectEvent>> = HashMap::new();
    for event in &log.events {
        let mut seen = HashSet::new();
        for relation in &event.relationships {
            if seen.insert(&relation.object) {
                events.entry(&relation.object).or_default().push(event);
            }
        }
    }
    let mut build = EventLogBuilder::default();
    for object in objects {
        build.begin_case()?;
        build.text(NAME, &object.id)?;
        let mut last: BTreeMap<&str, &KnownSince> = BTreeMap::new();
        for known in &object.attributes {
            let newest = last.entry(&known.name).or_insert(known);
            if known.at >= newest.at {
                *newest = known;
            }
        }
        for (name, known) in last {
            value(&mut build, name, &known.value)?;
        }
        let mut events = events.remove(object.id.as_str()).unwrap_or_default();
        events.sort_by_key(|event| event.at);
        for event in events {
            build.begin_event()?;
            build.text(NAME, &event.kind)?;
            build.time(TIME, event.at)?;
            for known in &event.attributes {
                value(&mut build, &known.name, &known.value)?;
            }
        }
    }
    Ok(build.finish())
}

/// Adds a text, as an instant where it is one.
fn value(build: &mut EventLogBuilder, name: &str, text: &str) -> Result<(), LogFull> {
    match time::read(text) {
        Some(at) => build.time(name, at),
        None => build.text(name, text),
    }
}

/// Makes every case an object of a type and every event one that belongs to it. Events without a
/// name or an instant, which OCEL cannot hold, are left out; how many is the second answer.
#[must_use]
pub fn from_cases(log: &EventLog, object_type: &str) -> (ObjectLog, usize) {
    let mut unfold = Unfold {
        log,
        object_type,
        name: log.key(NAME),
        time: log.key(TIME),
        event_types: Types::default(),
        object_types: Types::default(),
        out: ObjectLog::default(),
    };
    let (mut used, mut left_out) = (HashSet::new(), 0);
    for case in 0..log.n_cases() {
        let id = unused(log.case_name(case), case, &mut used);
        for event in log.events(case) {
            left_out += usize::from(unfold.event(event, &id).is_none());
        }
        unfold.object(case, id);
    }
    let mut out = unfold.out;
    out.event_types = unfold.event_types.list();
    out.object_types = unfold.object_types.list();
    out.declare_types();
    (out, left_out)
}

/// Makes objects of cases.
struct Unfold<'a> {
    log: &'a EventLog,
    object_type: &'a str,
    name: Option<u32>,
    time: Option<u32>,
    event_types: Types,
    object_types: Types,
    out: ObjectLog,
}

impl<'a> Unfold<'a> {
    fn object(&mut self, case: usize, id: String) {
        let mut attributes = Vec::new();
        for attribute in self.others(self.log.case_attributes(case)) {
            attributes.push(KnownSince {
                name: self
                    .object_types
                    .note(self.log, self.object_type, *attribute),
                value: text(self.log, attribute.value),
                at: 0,
            });
        }
        self.out.objects.push(Object {
            id,
            kind: self.object_type.to_owned(),
            attributes,
            relationships: Vec::new(),
        });
    }

    /// Adds an event of a case; none when it has no name or no instant.
    fn event(&mut self, event: usize, case: &str) -> Option<()> {
        let log = self.log;
        let all = log.event_attributes(event);
        let kind = log.text_of(find(all, self.name?)?)?;
        let at = log.event_time(event)?;
        let mut attributes = Vec::new();
        for attribute in self.others(all) {
            attributes.push(Known {
                name: self.event_types.note(log, kind, *attribute),
                value: text(log, attribute.value),
            });
        }
        self.out.events.push(ObjectEvent {
            id: format!("e{}", self.out.events.len() + 1),
            kind: kind.to_owned(),
            at,
            attributes,
            relationships: vec![Relation {
                object: case.to_owned(),
                qualifier: self.object_type.to_owned(),
            }],
        });
        Some(())
    }

    /// The attributes that are neither name nor instant.
    fn others(&self, all: &'a [Attribute]) -> impl Iterator<Item = &'a Attribute> + use<'a> {
        let own = [self.name, self.time];
        all.iter()
            .filter(move |attribute| !own.contains(&Some(attribute.key)))
    }
}

/// The name of a case, or with its number where the name is empty or was used before.
fn unused(name: &str, case: usize, used: &mut HashSet<String>) -> String {
    let mut id = name.to_owned();
    while id.is_empty() || used.contains(&id) {
        id = format!("{id}#{}", case + 1);
    }
    used.insert(id.clone());
    id
}

fn text(log: &EventLog, value: Value) -> String {
    match value {
        Value::Text(id) | Value::Id(id) => log.text(id).to_owned(),
        Value::Whole(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Flag(flag) => flag.to_string(),
        Value::Time(at) => {
            let mut text = String::new();
            time::write(at, &mut text);
            text
        }
    }
}

/// The types as they come up, with the type of each attribute.
#[derive(Default)]
struct Types(BTreeMap<String, BTreeMap<String, &'static str>>);

impl Types {
    /// Notes an attribute of a type and returns its name. Where its values differ in type it is a
    /// text.
    fn note(&mut self, log: &EventLog, of: &str, attribute: Attribute) -> String {
        let kind = match attribute.value {
            Value::Text(_) | Value::Id(_) => "string",
            Value::Time(_) => "time",
            Value::Whole(_) => "integer",
            Value::Real(_) => "float",
            Value::Flag(_) => "boolean",
        };
        let name = log.text(attribute.key).to_owned();
        let of = self.0.entry(of.to_owned()).or_default();
        let noted = of.entry(name.clone()).or_insert(kind);
        if *noted != kind {
            *noted = "string";
        }
        name
    }

    fn list(self) -> Vec<Type> {
        let attribute = |(name, kind): (String, &str)| TypeAttribute {
            name,
            kind: kind.to_owned(),
        };
        let types = self.0.into_iter();
        types
            .map(|(name, attributes)| Type {
                name,
                attributes: attributes.into_iter().map(attribute).collect(),
            })
            .collect()
    }
}
