//! Event logs in and out: what happened, to which case, when.
//!
//! What a reader would get wrong: a log is somebody else's file. It is read in one pass, bounded
//! in size, depth and length of a value; a document type, and with it every entity bomb, is
//! refused. One wrong value is a [`LogProblem`] and is left out; a file that is no log, or is cut
//! off, is a [`LogRefusal`] and nothing of it is used.
//!
//! - [`read_log`]: bytes of a XES (plain or gzip) or CSV file → [`EventLog`].
//! - [`write_xes`], [`compress`]: [`EventLog`] → bytes.
//! - [`ocel`]: OCEL 2.0 JSON in and out, and the way between the two kinds of log.

mod bounds;
mod delimited;
mod log;
mod names;
pub mod ocel;
mod problem;
mod refusal;
mod time;
mod xes;

use crate::limits::Limits;

pub use log::{Attribute, EventLog, EventLogBuilder, LogFull, Value, find};
pub use problem::{LogNotes, LogProblem};
pub use refusal::LogRefusal;
pub use xes::{compress, write_xes};

/// The attribute that names a case, an activity.
pub const NAME: &str = "concept:name";
/// The attribute that holds an event's instant.
pub const TIME: &str = "time:timestamp";
/// The attribute that tells one event from another with the same name.
pub const INSTANCE: &str = "concept:instance";

/// A log with what was peculiar about its file.
#[derive(Debug)]
pub struct LogFile {
    /// What was read.
    pub log: EventLog,
    /// What was left out, and why.
    pub notes: LogNotes,
}

/// Reads a XES file, plain or gzip, or a CSV file with the columns of its attributes
/// (`case:concept:name`, `concept:name`, `time:timestamp`, …). What it is, its first bytes tell.
///
/// # Errors
/// When it is none of these, damaged, hostile or larger than `limits`.
pub fn read_log(bytes: &[u8], limits: &Limits) -> Result<LogFile, LogRefusal> {
    if bytes.len() > limits.bytes {
        return Err(LogRefusal::TooLarge {
            found: bytes.len(),
            limit: limits.bytes,
        });
    }
    match kind(bytes)? {
        Kind::Gzip => xes::read_gzip(bytes, limits),
        Kind::Xml => xes::read_plain(bytes, limits),
        Kind::Delimited => delimited::read(bytes, limits),
    }
}

enum Kind {
    Gzip,
    Xml,
    Delimited,
}

/// Tells the kind of a file by its first bytes, whatever its name is.
fn kind(bytes: &[u8]) -> Result<Kind, LogRefusal> {
    let unsupported = |kind: &str| {
        Err(LogRefusal::Unsupported {
            kind: kind.to_owned(),
        })
    };
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match text.trim_ascii_start() {
        [] => Err(LogRefusal::Empty),
        [0x1F, 0x8B, ..] => Ok(Kind::Gzip),
        [b'<', ..] | [0xFF, 0xFE, b'<', ..] | [0xFE, 0xFF, 0, b'<', ..] => Ok(Kind::Xml),
        [b'{' | b'[', ..] => unsupported("JSON"),
        [b'P', b'K', 3, 4, ..] => unsupported("ZIP"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => unsupported("OLE"),
        [b'%', b'P', b'D', b'F', ..] => unsupported("PDF"),
        _ => Ok(Kind::Delimited),
    }
}
