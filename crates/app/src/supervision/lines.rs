//! Which items of a round are looked at: those behind one of its figures.
//!
//! What a reader would get wrong: the figures of a round are always those of all its items; only the
//! lines are narrowed.

use gangmu_domain::supervision::{Reporting, State};

use super::round::{BulletinView, ItemRowView};
use crate::plans::OfficeInput;

/// Which items of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinesQuery {
    /// Only where they stand so.
    pub state: Option<State>,
    /// Only those an office leads: the codes of its unit and department.
    pub office: Option<OfficeInput>,
    /// Only how they were reported.
    pub reporting: Option<Wanted>,
}

/// How an item was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Just so.
    Is(Reporting),
    /// A report came, whether looked at or not.
    Came,
    /// A report came after it was due.
    Late,
    /// A check on the spot found that not all was as reported.
    Unsound,
}

impl Wanted {
    /// Reads a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "came" => Some(Self::Came),
            "late" => Some(Self::Late),
            "unsound" => Some(Self::Unsound),
            word => Reporting::from_word(word).map(Self::Is),
        }
    }

    fn fits(self, row: &ItemRowView) -> bool {
        let is = |reporting: Reporting| row.reporting == reporting.word();
        match self {
            Self::Is(reporting) => is(reporting),
            Self::Came => is(Reporting::Reported) || is(Reporting::Verified),
            Self::Unsound => row.unsound,
            Self::Late => row.late > 0 && !is(Reporting::Missing),
        }
    }
}

impl LinesQuery {
    fn fits(&self, row: &ItemRowView) -> bool {
        let office = |wanted: &OfficeInput| wanted.is(&row.office);
        self.state.is_none_or(|state| row.state == state.word())
            && self.office.as_ref().is_none_or(office)
            && self.reporting.is_none_or(|wanted| wanted.fits(row))
    }
}

impl BulletinView {
    /// Keeps only the lines that are asked for; the figures stay those of all.
    #[must_use]
    pub fn narrowed(mut self, query: &LinesQuery) -> Self {
        self.lines.retain(|row| query.fits(row));
        self
    }
}
