//! Exchange: bytes <-> records. Reads the workbooks people already have and
//! writes the tables they are asked for.
//!
//! What a reader would get wrong: nothing in here decides. A total that does not
//! add up, a header nobody knows, a cell that is not a number: each becomes a
//! [`Problem`] beside the value, never a correction.
//!
//! The way through the crate:
//! 1. [`read_workbook`]: bytes → [`Workbook`] (grid of [`Cell`]s) or a [`Refusal`].
//! 2. [`extract`]: workbook + [`Extraction`] → [`Extract`]: records, problems, checks.
//! 3. [`tasks`]: the tables that plans come in, out of a workbook or a document.
//! 4. [`ledger`]: ledgers that departments keep, row by row.
//! 5. [`write`]: tables, annotated workbooks and CSV going out.

mod check;
pub mod eventlog;
mod extract;
pub mod icalendar;
mod join;
pub mod ledger;
pub mod letter;
mod limits;
mod mapping;
mod normalise;
mod plan;
mod problem;
mod profile;
mod record;
mod refusal;
mod table;
pub mod tasks;
mod text;
mod value;
mod workbook;
pub mod write;

pub use check::{Check, CheckOutcome};
pub use extract::{Extract, Extraction, Parsed, Record, SheetReport, extract};
pub use limits::Limits;
pub use mapping::{
    ColumnMapping, Kind, Mapping, MappingSource, Synonyms, SynonymsError, TargetField,
};
pub use normalise::{fold_width, header_key, squeeze};
pub use problem::{Code, Detail, Problem, Severity};
pub use profile::{Profile, ProfileColumn, ProfileError};
pub use refusal::Refusal;
pub use table::{Column, Row, RowKind, Table, TitlePeriod, detect};
pub use text::Language;
pub use value::{
    CodeShape, DatePoint, DateStyle, MoneyUnit, NumberStyle, PartyOffer, PeriodRange, ProjectCode,
    Reading, Value, read_code, read_date, read_integer, read_money, read_party, read_percent,
    read_period_range,
};
pub use workbook::{
    Cell, Format, Merge, Sheet, Workbook, cell_name, read_by_profile, read_delimited, read_tables,
    read_workbook,
};
