//! Reads XES in one pass over the markup.
//!
//! What a reader would get wrong: the depth is bounded by a counter, not by the stack; nothing is
//! recursive. `skip` counts the open elements of a part that is passed over.

use std::io::{BufRead, BufReader};

use encoding_rs::{Encoding, UTF_8};
use flate2::bufread::MultiGzDecoder;
use quick_xml::encoding::DecodingReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::super::bounds::{Bounded, PIECE, Passed};
use super::super::log::{Attribute, EventLogBuilder, LogFull, Value};
use super::super::{LogFile, LogNotes, LogRefusal, time};
use crate::limits::Limits;

/// Deeper than any log we know (4) and than any reader should follow.
const DEPTH: usize = 64;

/// Reads a plain XES file.
pub(in super::super) fn read_plain(bytes: &[u8], limits: &Limits) -> Result<LogFile, LogRefusal> {
    let limit = limits.unpacked_bytes;
    read(bytes, limit, &LogRefusal::UnpacksTooLarge { limit })
}

/// Reads a XES file packed by gzip, unpacking no more than the limits allow.
pub(in super::super) fn read_gzip(bytes: &[u8], limits: &Limits) -> Result<LogFile, LogRefusal> {
    // A small file may unpack to anything up to a megabyte; a larger one to so many times itself.
    let by_ratio = bytes.len().saturating_mul(limits.unpack_ratio).max(1 << 20);
    let whole = limits.unpacked_bytes.min(by_ratio);
    let too_large = if by_ratio < limits.unpacked_bytes {
        let limit = limits.unpack_ratio;
        LogRefusal::UnpackRatio { limit }
    } else {
        let limit = limits.unpacked_bytes;
        LogRefusal::UnpacksTooLarge { limit }
    };
    let unpacked = BufReader::with_capacity(1 << 17, MultiGzDecoder::new(bytes));
    read(unpacked, whole, &too_large)
}

/// Reads unpacked bytes in the encoding they declare.
fn read<R: BufRead>(
    mut input: R,
    whole: usize,
    too_large: &LogRefusal,
) -> Result<LogFile, LogRefusal> {
    let head = input.fill_buf().map_err(|error| LogRefusal::Damaged {
        at: 0,
        detail: error.to_string(),
    })?;
    match declared_encoding(head).ok_or(LogRefusal::Encoding)? {
        encoding if encoding == UTF_8 => read_text(Bounded::new(input, whole), too_large),
        encoding => {
            let mut decoded = DecodingReader::new(input);
            decoded.set_encoding(encoding);
            read_text(Bounded::new(decoded, whole), too_large)
        }
    }
}

/// The encoding that the first bytes declare, UTF-8 when they are silent; none for one that
/// nobody knows.
fn declared_encoding(head: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Some(encoding);
    }
    let declaration = head.strip_prefix(b"<?xml").unwrap_or_default();
    let declaration = declaration.split(|byte| *byte == b'>').next()?;
    let declaration = String::from_utf8_lossy(&declaration[..declaration.len().min(200)]);
    let Some((_, rest)) = declaration.split_once("encoding") else {
        return Some(UTF_8);
    };
    let label = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '=');
    let quote = label.chars().next()?;
    let label = label[quote.len_utf8()..].split(quote).next()?;
    Encoding::for_label(label.as_bytes())
}

fn read_text<R: BufRead>(input: Bounded<R>, too_large: &LogRefusal) -> Result<LogFile, LogRefusal> {
    let mut reader = Reader::from_reader(input);
    let mut sink = Sink::default();
    let mut piece = Vec::new();
    loop {
        piece.clear();
        reader.get_mut().next_piece();
        let at = reader.buffer_position();
        match reader.read_event_into(&mut piece) {
            Ok(Event::Start(tag)) => sink.open(&tag, at)?,
            Ok(Event::Empty(tag)) => {
                sink.open(&tag, at)?;
                sink.close();
            }
            Ok(Event::End(_)) => sink.close(),
            Ok(Event::DocType(_)) => return Err(LogRefusal::Doctype { at }),
            Ok(Event::Eof) => return sink.finish(at),
            Ok(_) => {}
            Err(error) => return Err(refusal(&error, at, too_large)),
        }
    }
}

/// What the parser's error means for the person who chose the file.
fn refusal(error: &quick_xml::Error, at: u64, too_large: &LogRefusal) -> LogRefusal {
    if let quick_xml::Error::Io(error) = error {
        let passed = error.get_ref().and_then(|inner| inner.downcast_ref());
        match passed {
            Some(Passed::Whole) => return too_large.clone(),
            Some(Passed::Piece) => return LogRefusal::PieceTooLong { at, limit: PIECE },
            None => {}
        }
    }
    LogRefusal::Damaged {
        at,
        detail: error.to_string(),
    }
}

/// Where in the log the parser stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Level {
    #[default]
    Before,
    Log,
    Case,
    Event,
    After,
}

/// Takes the tags and builds the log.
#[derive(Default)]
struct Sink {
    build: EventLogBuilder,
    notes: LogNotes,
    level: Level,
    /// Open elements of the part that is passed over.
    skip: usize,
    /// Whether that part is inside an attribute, so that attributes in it are nested ones.
    is_nested: bool,
}

impl Sink {
    fn open(&mut self, tag: &BytesStart<'_>, at: u64) -> Result<(), LogRefusal> {
        let name = tag.local_name();
        let name = name.as_ref();
        if self.skip > 0 {
            self.skip += 1;
            self.notes.n_nested += usize::from(self.is_nested && Type::of(name).is_some());
            let limit = DEPTH;
            return if self.skip > DEPTH {
                Err(LogRefusal::TooDeep { at, limit })
            } else {
                Ok(())
            };
        }
        let full = |LogFull| LogRefusal::TooMany;
        match (self.level, name) {
            (Level::Before, "log") => self.level = Level::Log,
            (Level::Before, found) => {
                let found = found.chars().take(60).collect();
                return Err(LogRefusal::NotALog { found });
            }
            (Level::Log, "trace") => {
                self.build.begin_case().map_err(full)?;
                self.level = Level::Case;
            }
            (Level::Case, "event") => {
                self.build.begin_event().map_err(full)?;
                self.level = Level::Event;
            }
            (Level::Log | Level::Case | Level::Event, found) => {
                self.skip = 1;
                match Type::of(found) {
                    Some(kind) => {
                        self.is_nested = true;
                        self.attribute(tag, kind, at)?;
                    }
                    None => {
                        self.is_nested = false;
                        let known = matches!(found, "extension" | "global" | "classifier");
                        self.notes.n_strange += usize::from(!known);
                    }
                }
            }
            (Level::After, _) => {
                self.skip = 1;
                self.notes.n_strange += 1;
            }
        }
        Ok(())
    }

    fn close(&mut self) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.level = match self.level {
            Level::Event => {
                self.build.end_event();
                Level::Case
            }
            Level::Case => {
                self.build.end_case();
                Level::Log
            }
            Level::Log | Level::After => Level::After,
            Level::Before => Level::Before,
        };
    }

    fn attribute(&mut self, tag: &BytesStart<'_>, kind: Type, at: u64) -> Result<(), LogRefusal> {
        let damaged = |detail: String| LogRefusal::Damaged { at, detail };
        let (mut key, mut value) = (None, None);
        for part in tag.attributes().with_checks(false) {
            let part = part.map_err(|error| damaged(error.to_string()))?;
            let place = match part.key.as_ref() {
                "key" => &mut key,
                "value" => &mut value,
                _ => continue,
            };
            let text = part.normalized_value(XmlVersion::Explicit1_0);
            *place = Some(text.map_err(|error| damaged(error.to_string()))?);
        }
        let Some(key) = key else {
            self.notes
                .add(self.build.at(), "", tag.name().as_ref(), "key");
            return Ok(());
        };
        if kind == Type::List {
            return Ok(());
        }
        let found = value.unwrap_or_default();
        match self.value(kind, &found)? {
            Ok(value) => {
                let key = self
                    .build
                    .name(&key)
                    .map_err(|LogFull| LogRefusal::TooMany)?;
                self.build.add(Attribute { key, value });
            }
            Err(expected) => self.notes.add(self.build.at(), &key, &found, expected),
        }
        Ok(())
    }

    /// Reads a value by its type, or says what was expected.
    fn value(
        &mut self,
        kind: Type,
        found: &str,
    ) -> Result<Result<Value, &'static str>, LogRefusal> {
        let value = match kind {
            Type::Text | Type::Id => {
                let id = self
                    .build
                    .name(found)
                    .map_err(|LogFull| LogRefusal::TooMany)?;
                Some(if kind == Type::Text {
                    Value::Text(id)
                } else {
                    Value::Id(id)
                })
            }
            Type::Time => time::read(found).map(Value::Time),
            Type::Whole => found.trim().parse().ok().map(Value::Whole),
            Type::Real => found.trim().parse().ok().map(Value::Real),
            Type::Flag => match found.trim() {
                "true" | "1" => Some(Value::Flag(true)),
                "false" | "0" => Some(Value::Flag(false)),
                _ => None,
            },
            Type::List => None,
        };
        Ok(value.ok_or(kind.name()))
    }

    fn finish(self, at: u64) -> Result<LogFile, LogRefusal> {
        if self.level != Level::After {
            let detail = "unexpected end".to_owned();
            return Err(LogRefusal::Damaged { at, detail });
        }
        Ok(LogFile {
            log: self.build.finish(),
            notes: self.notes,
        })
    }
}

/// The types of XES attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Time,
    Whole,
    Real,
    Flag,
    Id,
    /// `list` and `container`: nothing but attributes inside.
    List,
}

impl Type {
    fn of(element: &str) -> Option<Self> {
        Some(match element {
            "string" => Self::Text,
            "date" => Self::Time,
            "int" => Self::Whole,
            "float" => Self::Real,
            "boolean" => Self::Flag,
            "id" => Self::Id,
            "list" | "container" => Self::List,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Time => "date",
            Self::Whole => "int",
            Self::Real => "float",
            Self::Flag => "boolean",
            Self::Id => "id",
            Self::List => "list",
        }
    }
}
