//! What a stage asks for before a project may enter it.
//!
//! Conditions are policy data (`data/policies/gates.toml`), not code: no region has published
//! entry criteria for the four batches. All unmet conditions are listed at once, each with the
//! role that can meet it.

use jiff::civil::Date;

use super::Stage;
use crate::Yuan;
use crate::library::{Field, InvestorType, ProjectRecord};
use crate::organisation::Role;
use crate::words::words;

words! {
    /// What an attachment shows.
    AttachmentKind {
        /// A document (文件).
        Document = "document",
        /// A photo from the site (现场照片).
        Photo = "photo",
    }
}

/// The conditions of entering one stage (准入条件).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The stage it guards.
    pub to: Stage,
    /// All of these must hold.
    pub conditions: Vec<Condition>,
}

/// One condition and who can meet it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// A word under which its text for people is kept, or that stands for itself.
    pub code: String,
    /// What must hold.
    pub need: Need,
    /// The role that can meet it.
    pub who: Role,
}

/// What a condition asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Any one of these fields has a value.
    AnyOf(Vec<Field>),
    /// A date that has come.
    Reached(Field),
    /// At least this many attachments of a kind.
    Attachments(AttachmentKind, u32),
    /// Total investment at least this much, by investor type (入库标准).
    Threshold {
        /// For government investment.
        government: Yuan,
        /// For enterprise investment, and where the type is not known.
        enterprise: Yuan,
    },
    /// The project has an approval case, asked of whoever enters from this day on; before it,
    /// projects were taken over without one.
    Case(Date),
    /// Matters of the approval case are granted or not needed. Where there is no case there is
    /// nothing to count: [`Need::Case`] asks for the case.
    Matters(Matters),
}

/// Which matters of the approval case must be through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matters {
    /// Those that count as main ones in the year (主要手续).
    Main,
    /// Every one that comes before the works.
    All,
}

/// How many matters of a project's case are needed and not granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenMatters {
    /// Before the works.
    pub all: u32,
    /// Of these, main ones of the year.
    pub main: u32,
}

/// What a gate looks at besides the record.
#[derive(Clone, Copy, Debug)]
pub struct GateFacts<'a> {
    /// The record as it stands.
    pub record: &'a ProjectRecord,
    /// How many photos are attached.
    pub photos: u32,
    /// How many documents are attached.
    pub documents: u32,
    /// What its approval case still asks for; none without a case.
    pub matters: Option<OpenMatters>,
}

/// A condition that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The condition's word.
    pub code: String,
    /// The fields that would meet it; empty when it asks for something else.
    pub fields: Vec<Field>,
    /// Whether it is met in the approval case, not in the record or among the files.
    pub in_case: bool,
    /// The role that can meet it.
    pub who: Role,
}

/// Proof that every condition of a gate held; only a gate makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    to: Stage,
}

impl Passed {
    /// Returns the stage the gate leads to.
    #[must_use]
    pub fn to(&self) -> Stage {
        self.to
    }
}

impl Gate {
    /// Checks every condition on a day.
    ///
    /// # Errors
    /// All conditions that do not hold, not only the first.
    pub fn pass(&self, facts: GateFacts<'_>, on: Date) -> Result<Passed, Vec<Unmet>> {
        let unmet: Vec<Unmet> = self
            .conditions
            .iter()
            .filter(|condition| !condition.need.holds(facts, on))
            .map(|condition| Unmet {
                code: condition.code.clone(),
                fields: condition.need.fields(),
                in_case: matches!(condition.need, Need::Case(_) | Need::Matters(_)),
                who: condition.who,
            })
            .collect();
        if unmet.is_empty() {
            Ok(Passed { to: self.to })
        } else {
            Err(unmet)
        }
    }
}

impl Need {
    fn holds(&self, facts: GateFacts<'_>, on: Date) -> bool {
        let record = facts.record;
        match self {
            Self::AnyOf(fields) => fields.iter().any(|field| record.get(*field).is_some()),
            Self::Reached(field) => record.date(*field).is_some_and(|date| date <= on),
            Self::Attachments(AttachmentKind::Photo, n) => facts.photos >= *n,
            Self::Attachments(AttachmentKind::Document, n) => facts.documents >= *n,
            Self::Case(from) => on < *from || facts.matters.is_some(),
            Self::Matters(which) => facts.matters.is_none_or(|open| match which {
                Matters::Main => open.main == 0,
                Matters::All => open.all == 0,
            }),
            Self::Threshold {
                government,
                enterprise,
            } => {
                let by_government =
                    record.text(Field::InvestorType) == Some(InvestorType::Government.word());
                let least = if by_government {
                    government
                } else {
                    enterprise
                };
                record
                    .money(Field::TotalInvestment)
                    .is_some_and(|total| total >= *least)
            }
        }
    }

    fn fields(&self) -> Vec<Field> {
        match self {
            Self::AnyOf(fields) => fields.clone(),
            Self::Reached(field) => vec![*field],
            Self::Attachments(..) | Self::Case(_) | Self::Matters(_) => Vec::new(),
            Self::Threshold { .. } => vec![Field::TotalInvestment],
        }
    }
}
