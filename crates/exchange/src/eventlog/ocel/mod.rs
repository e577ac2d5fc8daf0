//! OCEL 2.0: events that belong to several objects at once (a project, its matters, an office).
//!
//! What a reader would get wrong: every value is a text, whatever its declared type; the schema of
//! the standard wants it so, and numbers are written as other tools read them. An object's
//! attributes have instants, because they change; one that never did has the instant 0.

mod check;
mod flatten;
mod json;

use serde::{Deserialize, Serialize};

pub use check::{ObjectProblem, ObjectTrouble};
pub use flatten::{flatten, from_cases};
pub use json::{read_ocel, write_ocel};

/// A log of events and the objects they belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectLog {
    /// The types of events, with their attributes.
    pub event_types: Vec<Type>,
    /// The types of objects, with their attributes.
    pub object_types: Vec<Type>,
    /// The events.
    pub events: Vec<ObjectEvent>,
    /// The objects.
    pub objects: Vec<Object>,
}

/// A type of events or objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Type {
    /// Its name.
    pub name: String,
    /// What it may have.
    pub attributes: Vec<TypeAttribute>,
}

/// What events or objects of a type may have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeAttribute {
    /// Its name.
    pub name: String,
    /// `string`, `time`, `integer`, `float` or `boolean`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// Something that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectEvent {
    /// The only event with this identifier.
    pub id: String,
    /// The name of its type: the activity.
    #[serde(rename = "type")]
    pub kind: String,
    /// When, in milliseconds since 1970.
    #[serde(rename = "time", with = "json::instant")]
    pub at: i64,
    /// What is known about it.
    #[serde(default)]
    pub attributes: Vec<Known>,
    /// The objects it belongs to.
    #[serde(default)]
    pub relationships: Vec<Relation>,
}

/// Something that events belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// The only object with this identifier.
    pub id: String,
    /// The name of its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The objects it belongs to.
    #[serde(default)]
    pub relationships: Vec<Relation>,
    /// What is known about it, and since when.
    #[serde(default)]
    pub attributes: Vec<KnownSince>,
}

/// To which object, as what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The identifier of the object.
    #[serde(rename = "objectId")]
    pub object: String,
    /// As what it belongs to it.
    pub qualifier: String,
}

/// A value of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The name of the attribute.
    pub name: String,
    /// What it is.
    #[serde(deserialize_with = "json::any_as_text")]
    pub value: String,
}

/// A value of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownSince {
    /// The name of the attribute.
    pub name: String,
    /// What it is.
    #[serde(deserialize_with = "json::any_as_text")]
    pub value: String,
    /// Since when, in milliseconds since 1970; 0 for always.
    #[serde(rename = "time", with = "json::instant")]
    pub at: i64,
}
