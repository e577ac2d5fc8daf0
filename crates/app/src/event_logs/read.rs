//! Reads whatever log is handed in, as a log of cases; writes it as another kind.

use gangmu_exchange::Limits;
use gangmu_exchange::eventlog::ocel::{flatten, from_cases, read_ocel, write_ocel};
use gangmu_exchange::eventlog::{LogFile, LogNotes, compress, read_log, write_xes};

use super::{LogError, log_limits};

/// The kinds of log that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// XES.
    Xes,
    /// XES packed by gzip.
    XesGzip,
    /// OCEL 2.0 as JSON.
    Ocel,
}

impl LogFormat {
    /// The kind a file name asks for; none when it asks for none of them.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        match () {
            () if ends(&[".xes.gz"]) => Some(Self::XesGzip),
            () if ends(&[".xes"]) => Some(Self::Xes),
            () if ends(&[".jsonocel", ".json"]) => Some(Self::Ocel),
            () => None,
        }
    }
}

/// A log written as another kind.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many cases it has.
    pub cases: usize,
    /// How many events the log had.
    pub events: usize,
    /// Of these, those without a name or an instant, which OCEL cannot hold.
    pub events_left_out: usize,
    /// Values that were not what their type says.
    pub values_left_out: usize,
}

/// Reads a log (XES, XES in gzip, CSV, OCEL 2.0 JSON) and writes it as another kind. `object` is
/// the type of objects that are cases, see [`super::AnalyseOptions::object`].
///
/// # Errors
/// When it is no log, is damaged, hostile or too large, or has no such objects.
pub fn convert(bytes: &[u8], to: LogFormat, object: Option<&str>) -> Result<Converted, LogError> {
    let LogFile { log, notes } = read_any(bytes, object, &log_limits())?;
    let (bytes, events_left_out) = match to {
        LogFormat::Xes => (write_xes(&log), 0),
        LogFormat::XesGzip => (compress(&write_xes(&log)), 0),
        LogFormat::Ocel => {
            let (objects, left_out) = from_cases(&log, object.unwrap_or("case"));
            (write_ocel(&objects), left_out)
        }
    };
    Ok(Converted {
        bytes,
        cases: log.n_cases(),
        events: log.n_events(),
        events_left_out,
        values_left_out: notes.n_problems,
    })
}

/// Reads a log of any kind as a log of cases.
pub(super) fn read_any(
    bytes: &[u8],
    object: Option<&str>,
    limits: &Limits,
) -> Result<LogFile, LogError> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if !text.trim_ascii_start().starts_with(b"{") {
        return Ok(read_log(bytes, limits)?);
    }
    let (log, problems) = read_ocel(bytes, limits)?;
    let types: Vec<&str> = log
        .object_types
        .iter()
        .map(|kind| kind.name.as_str())
        .collect();
    let chosen = match (object, types.as_slice()) {
        (Some(object), types) if types.contains(&object) => object,
        (None, [only]) => *only,
        (_, types) => {
            return Err(LogError::ObjectType {
                name: object.unwrap_or_default().to_owned(),
                found: types
                    .iter()
                    .take(50)
                    .map(|name| (*name).to_owned())
                    .collect(),
            });
        }
    };
    let notes = LogNotes {
        n_problems: problems.len(),
        ..LogNotes::default()
    };
    let log = flatten(&log, chosen)?;
    Ok(LogFile { log, notes })
}
