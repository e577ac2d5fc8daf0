//! A row while it is being looked at: what it would do and what is to be said of it.

use gangmu_domain::library::ProjectId;
use gangmu_exchange::ledger::LedgerRow;
use gangmu_exchange::{Language, Problem};

use super::view::{LedgerNote, LedgerRowView, LedgerStatus, LedgerWeight};
use crate::error::AppError;
use crate::{liaison, problems, winter};

/// What adopting a row does.
pub(crate) enum Deed {
    /// Nothing.
    Nothing,
    /// Raises a problem and takes it as far as the ledger says it is.
    Problem(Box<problems::Imported>),
    /// Sets who answers for a project.
    Liaison(Vec<liaison::Setting>),
    /// Says what a project does in winter.
    Winter(Box<winter::Wintered>),
}

/// A row and what becomes of it.
pub(crate) struct Line {
    pub sheet: String,
    pub row: usize,
    pub name: String,
    pub project: Option<ProjectId>,
    pub problem: Option<i64>,
    pub notes: Vec<LedgerNote>,
    pub status: LedgerStatus,
    pub deed: Deed,
}

impl Line {
    /// A row whose unreadable cells are said; nothing is decided yet.
    pub(crate) fn new(row: &LedgerRow) -> Self {
        let mut line = Self {
            sheet: row.sheet.to_string(),
            row: row.row,
            name: String::new(),
            project: None,
            problem: None,
            notes: Vec::new(),
            status: LedgerStatus::Unchanged,
            deed: Deed::Nothing,
        };
        let faults = row.faults.iter();
        line.notes
            .extend(faults.map(|fault| fault_note(fault, LedgerWeight::Error)));
        let doubts = row.doubts.iter();
        line.notes
            .extend(doubts.map(|doubt| fault_note(doubt, LedgerWeight::Told)));
        line
    }

    fn note(&mut self, weight: LedgerWeight, at: (&LedgerRow, &str), code: &str, params: &[&str]) {
        let (cell, column) = at.0.place(at.1);
        self.notes.push(LedgerNote {
            weight,
            cell,
            column,
            code: code.to_owned(),
            params: params.iter().map(|text| (*text).to_owned()).collect(),
        });
    }

    /// Keeps the row out, for a cell.
    pub(crate) fn refuse(&mut self, at: (&LedgerRow, &str), code: &str, params: &[&str]) {
        self.note(LedgerWeight::Error, at, code, params);
    }

    /// Keeps the row out for an office nobody knows, with those it is most like.
    pub(crate) fn refuse_office(&mut self, at: (&LedgerRow, &str), name: &str, likely: &[String]) {
        match likely {
            [] => self.refuse(at, "plans.import.unknown_office", &[name]),
            likely => {
                let likely = likely.join("、");
                self.refuse(at, "plans.import.unknown_office_like", &[name, &likely]);
            }
        }
    }

    /// Says how a cell was taken.
    pub(crate) fn tell(&mut self, at: (&LedgerRow, &str), code: &str, params: &[&str]) {
        self.note(LedgerWeight::Told, at, code, params);
    }

    /// Says what adopting does.
    pub(crate) fn does(&mut self, at: (&LedgerRow, &str), code: &str, params: &[&str]) {
        self.note(LedgerWeight::Does, at, code, params);
    }

    /// Keeps the row out for what a use case would refuse; `key` says which cell a field is.
    ///
    /// # Errors
    /// What is no refusal.
    pub(crate) fn refuse_for(
        &mut self,
        row: &LedgerRow,
        error: AppError,
        key: impl Fn(&str) -> &'static str,
    ) -> Result<(), AppError> {
        match error {
            AppError::Invalid { messages } => {
                for message in messages {
                    let params: Vec<&str> = message.params.iter().map(String::as_str).collect();
                    self.refuse((row, key(&message.field)), &message.code, &params);
                }
            }
            AppError::State { code, params } => {
                let params: Vec<&str> = params.iter().map(String::as_str).collect();
                self.refuse((row, ""), code, &params);
            }
            AppError::Refused { .. } => self.refuse((row, ""), "ledgers.not_yours", &[]),
            other => return Err(other),
        }
        Ok(())
    }

    pub(crate) fn is_refused(&self) -> bool {
        let mut notes = self.notes.iter();
        notes.any(|note| note.weight == LedgerWeight::Error)
    }

    /// Settles what the row would do; one with an error does nothing.
    pub(crate) fn settle(mut self, status: LedgerStatus, deed: Deed) -> Self {
        (self.status, self.deed) = match self.is_refused() {
            true => (LedgerStatus::Refused, Deed::Nothing),
            false => (status, deed),
        };
        if self.status == LedgerStatus::Refused {
            self.notes.retain(|note| note.weight != LedgerWeight::Does);
        }
        self
    }

    pub(super) fn view(&self) -> LedgerRowView {
        LedgerRowView {
            status: self.status,
            sheet: self.sheet.clone(),
            row: self.row,
            name: self.name.clone(),
            project_id: self.project.map(|id| id.0),
            problem_id: self.problem,
            notes: self.notes.clone(),
        }
    }
}

/// What the reader found, in both languages.
pub(super) fn fault_note(fault: &Problem, weight: LedgerWeight) -> LedgerNote {
    use Language::{Chinese, English};
    LedgerNote {
        weight,
        cell: fault.cell.clone(),
        column: fault.column.clone(),
        code: "ledgers.cell".to_owned(),
        params: vec![
            fault.found.clone(),
            fault.expected(Chinese),
            fault.mend(Chinese),
            fault.expected(English),
            fault.mend(English),
        ],
    }
}
