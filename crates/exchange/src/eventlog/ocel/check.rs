//! Whether an object log fits together: types that exist, identifiers used once, objects that are
//! there.
//!
//! What a reader would get wrong: the JSON schema of the standard checks none of this.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{ObjectLog, Type, TypeAttribute};
use crate::text::Language;

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectTrouble {
    /// The identifier was used before.
    Twice,
    /// Its type is not declared.
    UnknownType,
    /// It belongs to an object that is not there.
    UnknownObject,
    /// Its type does not declare the attribute.
    UnknownAttribute,
}

/// One place where an object log does not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectProblem {
    /// `event e1`, `object p7`.
    pub place: String,
    /// What is wrong there.
    pub trouble: ObjectTrouble,
    /// The name of the type, object or attribute it is about.
    pub name: String,
}

impl ObjectProblem {
    /// Place and what is wrong, for people.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let Self { place, name, .. } = self;
        match (language, self.trouble) {
            (Language::Chinese, ObjectTrouble::Twice) => format!("{place}：编号重复"),
            (Language::Chinese, ObjectTrouble::UnknownType) => {
                format!("{place}：类型“{name}”未声明")
            }
            (Language::Chinese, ObjectTrouble::UnknownObject) => {
                format!("{place}：对象“{name}”不存在")
            }
            (Language::Chinese, ObjectTrouble::UnknownAttribute) => {
                format!("{place}：属性“{name}”未在类型中声明")
            }
            (Language::English, ObjectTrouble::Twice) => {
                format!("{place}: the identifier is used twice")
            }
            (Language::English, ObjectTrouble::UnknownType) => {
                format!("{place}: the type “{name}” is not declared")
            }
            (Language::English, ObjectTrouble::UnknownObject) => {
                format!("{place}: there is no object “{name}”")
            }
            (Language::English, ObjectTrouble::UnknownAttribute) => {
                format!("{place}: its type declares no attribute “{name}”")
            }
        }
    }
}

impl ObjectLog {
    /// Everything that does not fit together.
    #[must_use]
    pub fn problems(&self) -> Vec<ObjectProblem> {
        let objects: HashSet<&str> = self.objects.iter().map(|o| o.id.as_str()).collect();
        let mut check = Check {
            objects: &objects,
            problems: Vec::new(),
        };
        let (mut seen, types) = (HashSet::new(), declared(&self.event_types));
        for event in &self.events {
            let place = || format!("event {}", event.id);
            let is_new = seen.insert(event.id.as_str());
            let names = event.attributes.iter().map(|known| known.name.as_str());
            let related = event
                .relationships
                .iter()
                .map(|relation| relation.object.as_str());
            check.entry(&place, is_new, &event.kind, &types, names, related);
        }
        let (mut seen, types) = (HashSet::new(), declared(&self.object_types));
        for object in &self.objects {
            let place = || format!("object {}", object.id);
            let is_new = seen.insert(object.id.as_str());
            let names = object.attributes.iter().map(|known| known.name.as_str());
            let related = object
                .relationships
                .iter()
                .map(|relation| relation.object.as_str());
            check.entry(&place, is_new, &object.kind, &types, names, related);
        }
        check.problems
    }

    /// Declares every type and attribute that is used, in order of the alphabet; a declared
    /// attribute keeps its type, the others are texts.
    pub fn declare_types(&mut self) {
        let mut events = Declared::from(&self.event_types);
        for event in &self.events {
            events.add(
                &event.kind,
                event.attributes.iter().map(|known| &known.name),
            );
        }
        let mut objects = Declared::from(&self.object_types);
        for object in &self.objects {
            objects.add(
                &object.kind,
                object.attributes.iter().map(|known| &known.name),
            );
        }
        self.event_types = events.types();
        self.object_types = objects.types();
    }
}

type Names<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn declared(types: &[Type]) -> Names<'_> {
    fn names(kind: &Type) -> (&str, BTreeSet<&str>) {
        let attributes = kind.attributes.iter();
        let attributes = attributes.map(|attribute| attribute.name.as_str());
        (&kind.name, attributes.collect())
    }
    types.iter().map(names).collect()
}

struct Check<'a> {
    objects: &'a HashSet<&'a str>,
    problems: Vec<ObjectProblem>,
}

impl Check<'_> {
    fn entry<'b>(
        &mut self,
        place: &dyn Fn() -> String,
        is_new: bool,
        kind: &str,
        types: &Names<'_>,
        attributes: impl Iterator<Item = &'b str>,
        related: impl Iterator<Item = &'b str>,
    ) {
        let mut add = |trouble, name: &str| {
            self.problems.push(ObjectProblem {
                place: place(),
                trouble,
                name: name.to_owned(),
            });
        };
        if !is_new {
            add(ObjectTrouble::Twice, "");
        }
        match types.get(kind) {
            None => add(ObjectTrouble::UnknownType, kind),
            Some(declared) => attributes
                .filter(|name| !declared.contains(name))
                .for_each(|name| add(ObjectTrouble::UnknownAttribute, name)),
        }
        related
            .filter(|object| !self.objects.contains(object))
            .for_each(|object| add(ObjectTrouble::UnknownObject, object));
    }
}

/// The attributes of every type, with the type of each.
struct Declared(BTreeMap<String, BTreeMap<String, String>>);

impl Declared {
    fn from(types: &[Type]) -> Self {
        let attributes = |kind: &Type| {
            let pairs = kind.attributes.iter();
            let pairs = pairs.map(|attribute| (attribute.name.clone(), attribute.kind.clone()));
            (kind.name.clone(), pairs.collect())
        };
        Self(types.iter().map(attributes).collect())
    }

    fn add<'a>(&mut self, kind: &str, names: impl Iterator<Item = &'a String>) {
        if !self.0.contains_key(kind) {
            self.0.insert(kind.to_owned(), BTreeMap::new());
        }
        let Some(attributes) = self.0.get_mut(kind) else {
            return;
        };
        for name in names {
            if !attributes.contains_key(name) {
                attributes.insert(name.clone(), "string".to_owned());
            }
        }
    }

    fn types(self) -> Vec<Type> {
        let attribute = |(name, kind)| TypeAttribute { name, kind };
        let types = self.0.into_iter();
        types
            .map(|(name, attributes)| Type {
                name,
                attributes: attributes.into_iter().map(attribute).collect(),
            })
            .collect()
    }
}
