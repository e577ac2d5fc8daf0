//! Conditions over the facts of a project: yes, no, or not known.
//!
//! What a reader would get wrong: a fact nobody has filled in is not "no". A matter that hangs on
//! it stays on the list, to be clarified, so that nothing is dropped in silence.

use std::collections::BTreeSet;

use crate::library::{Field, ProjectRecord, Value};

/// One test of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// A quantity, or money in yuan, of at least this much.
    AtLeast(Field, i64),
    /// A quantity, or money in yuan, of less than this much.
    Below(Field, i64),
    /// One of these words or codes.
    OneOf(Field, Vec<String>),
}

/// Tests that must all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice(pub Vec<Test>);

/// Choices of which one must hold; none at all means always (适用条件).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition(pub Vec<Choice>);

/// What a condition says of a project, with the facts it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Yes,
    /// It does not, because of these facts.
    No(BTreeSet<Field>),
    /// That cannot be said before these facts are known.
    Unknown(BTreeSet<Field>),
}

impl Test {
    /// Returns the fact it looks at.
    #[must_use]
    pub fn field(&self) -> Field {
        match self {
            Self::AtLeast(field, _) | Self::Below(field, _) | Self::OneOf(field, _) => *field,
        }
    }

    /// Says whether it holds; `None` where the fact is not known.
    #[must_use]
    pub fn holds(&self, record: &ProjectRecord) -> Option<bool> {
        let quantity = |field| match record.get(field)? {
            Value::Number(n) => Some(*n),
            Value::Money(yuan) => Some(yuan.0),
            _ => None,
        };
        match self {
            Self::AtLeast(field, least) => quantity(*field).map(|n| n >= *least),
            Self::Below(field, most) => quantity(*field).map(|n| n < *most),
            Self::OneOf(field, words) => {
                let found = record.text(*field)?;
                Some(words.iter().any(|word| word == found))
            }
        }
    }
}

impl Choice {
    /// Says whether every test holds. One that fails settles it, whatever is not known.
    #[must_use]
    pub fn verdict(&self, record: &ProjectRecord) -> Verdict {
        let fields = |wanted: Option<bool>| -> BTreeSet<Field> {
            let such = self.0.iter().filter(|test| test.holds(record) == wanted);
            such.map(Test::field).collect()
        };
        let failed = fields(Some(false));
        if !failed.is_empty() {
            return Verdict::No(failed);
        }
        let unknown = fields(None);
        if unknown.is_empty() {
            Verdict::Yes
        } else {
            Verdict::Unknown(unknown)
        }
    }
}

impl Condition {
    /// Says whether one of the choices holds.
    #[must_use]
    pub fn verdict(&self, record: &ProjectRecord) -> Verdict {
        if self.0.is_empty() {
            return Verdict::Yes;
        }
        let (mut failed, mut unknown) = (BTreeSet::new(), BTreeSet::new());
        for choice in &self.0 {
            match choice.verdict(record) {
                Verdict::Yes => return Verdict::Yes,
                Verdict::No(fields) => failed.extend(fields),
                Verdict::Unknown(fields) => unknown.extend(fields),
            }
        }
        if unknown.is_empty() {
            Verdict::No(failed)
        } else {
            Verdict::Unknown(unknown)
        }
    }
}
