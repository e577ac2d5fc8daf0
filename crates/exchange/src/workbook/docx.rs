//! Reads the tables of a .docx, each as a sheet: a cell's paragraphs are its lines, merged cells are
//! merged ranges. Everything between the tables is left alone.
//!
//! The document is unpacked under the limits, and nothing in it is expanded: an entity that is not
//! one of XML's own five is dropped. Where text was moved or changed with tracking, what stands now
//! is read.

use super::{Budget, Cell, Merge, Sheet, archive, damaged, guarded};
use crate::{limits::Limits, refusal::Refusal};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::collections::BTreeMap;

/// The part that holds the text.
const DOCUMENT: &str = "word/document.xml";

/// Says whether a file is a document, as far as its directory tells.
pub fn is_document(bytes: &[u8]) -> bool {
    archive::open(bytes).is_ok_and(|found| found.index_for_name(DOCUMENT).is_some())
}

/// Reads all tables that stand in the text itself; one inside a cell is text of that cell.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Refusal> {
    let mut container = archive::open(bytes)?;
    let part = container.by_name(DOCUMENT).map_err(archive::refuse)?;
    let mut left = limits.unpacked_bytes;
    let text = archive::take(part, DOCUMENT, &mut left, limits)?;
    let text = String::from_utf8(text).map_err(|error| damaged(&error))?;
    let sheets = guarded(|| tables(&text, limits))?;
    match sheets.is_empty() {
        true => Err(Refusal::NoTable),
        false => Ok(sheets),
    }
}

fn tables(text: &str, limits: &Limits) -> Result<Vec<Sheet>, Refusal> {
    let mut reader = Reader::from_str(text);
    let mut pen = Pen {
        limits,
        budget: Budget::new(limits),
        sheets: Vec::new(),
        depth: 0,
        row: 0,
        column: 0,
        cell: CellText::default(),
        open: BTreeMap::new(),
        in_text: false,
    };
    loop {
        match reader.read_event().map_err(|error| damaged(&error))? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                // What stood elsewhere before, and a second drawing of the same text.
                "moveFrom" | "Fallback" => {
                    reader
                        .read_to_end(tag.name())
                        .map_err(|error| damaged(&error))?;
                }
                _ => pen.begin(&tag)?,
            },
            Event::Empty(tag) => {
                pen.begin(&tag)?;
                pen.end(tag.local_name().as_ref())?;
            }
            Event::End(tag) => pen.end(tag.local_name().as_ref())?,
            Event::Text(said) if pen.in_text => pen.say(&said.xml10_content()),
            Event::CData(said) if pen.in_text => pen.say(&said.xml10_content()),
            Event::GeneralRef(named) if pen.in_text => {
                if let Some(sign) = sign(&named) {
                    pen.say(sign.encode_utf8(&mut [0; 4]));
                }
            }
            Event::Eof if pen.depth > 0 => {
                return Err(Refusal::Damaged {
                    detail: DOCUMENT.into(),
                });
            }
            Event::Eof => return Ok(pen.sheets),
            _ => {}
        }
    }
}

/// The character that a reference stands for: a number, or one of XML's own five names.
fn sign(named: &BytesRef<'_>) -> Option<char> {
    if named.is_char_ref() {
        return named.resolve_char_ref().ok().flatten();
    }
    match named.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// A cell while it is read.
#[derive(Default)]
struct CellText {
    text: String,
    /// How many columns it takes.
    width: usize,
    /// How it hangs together with the cell above.
    down: Down,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Down {
    #[default]
    Single,
    Begins,
    Continues,
}

struct Pen<'a> {
    limits: &'a Limits,
    budget: Budget<'a>,
    sheets: Vec<Sheet>,
    /// How many tables deep it stands.
    depth: usize,
    row: usize,
    column: usize,
    cell: CellText,
    /// Ranges that may go on in the next row, by their first column.
    open: BTreeMap<usize, Merge>,
    in_text: bool,
}

impl Pen<'_> {
    fn begin(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        let name = tag.local_name();
        let name = name.as_ref();
        if name == "tbl" {
            self.depth += 1;
            if self.depth == 1 {
                self.begin_table()?;
            }
            return Ok(());
        }
        match (self.depth, name) {
            (0, _) => {}
            (_, "t") => self.in_text = true,
            (_, "tab") => self.say(" "),
            (_, "br" | "cr") => self.say("\n"),
            (1, "tr") => self.column = 0,
            (1, "gridBefore") => self.column += number(tag)?.unwrap_or(0),
            (1, "tc") => {
                self.cell = CellText {
                    width: 1,
                    ..CellText::default()
                };
            }
            (1, "gridSpan") => self.cell.width = number(tag)?.unwrap_or(1).max(1),
            (1, "vMerge") => {
                self.cell.down = match value(tag)?.as_deref() {
                    Some("restart") => Down::Begins,
                    _ => Down::Continues,
                };
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Refusal> {
        match (self.depth, name) {
            (0, _) => {}
            (_, "t") => self.in_text = false,
            (_, "p") => self.say("\n"),
            (_, "tbl") => {
                self.depth -= 1;
                if self.depth == 0 {
                    self.keep_open()?;
                }
            }
            (1, "tc") => self.end_cell()?,
            (1, "tr") => self.row += 1,
            _ => {}
        }
        Ok(())
    }

    fn begin_table(&mut self) -> Result<(), Refusal> {
        if self.sheets.len() == self.limits.sheets {
            return Err(Refusal::TooManySheets {
                found: self.sheets.len() + 1,
                limit: self.limits.sheets,
            });
        }
        self.row = 0;
        self.sheets.push(Sheet {
            name: format!("表{}", self.sheets.len() + 1),
            ..Sheet::default()
        });
        Ok(())
    }

    fn say(&mut self, text: &str) {
        self.cell.text.push_str(text);
    }

    fn end_cell(&mut self) -> Result<(), Refusal> {
        let cell = std::mem::take(&mut self.cell);
        let (row, left) = (self.row, self.column);
        self.column += cell.width;
        let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let range = Merge {
            top: at(row),
            left: at(left),
            bottom: at(row),
            right: at(self.column - 1),
        };
        match (cell.down, self.open.get_mut(&left)) {
            (Down::Continues, Some(above)) => above.bottom = range.bottom,
            (down, _) => {
                if let Some(above) = self.open.remove(&left) {
                    self.keep(above)?;
                }
                match down {
                    Down::Begins | Down::Continues => {
                        self.open.insert(left, range);
                    }
                    Down::Single => self.keep(range)?,
                }
            }
        }
        let text = cell.text.trim();
        // The last column counts, so that a hostile width ends at the limit.
        if self.column > self.limits.columns {
            let sheet = self.sheets.last().map(|sheet| sheet.name.clone());
            return Err(Refusal::TooManyColumns {
                sheet: sheet.unwrap_or_default(),
                limit: self.limits.columns,
            });
        }
        match self.sheets.last_mut() {
            Some(sheet) if !text.is_empty() => {
                let cell = Cell::Text(text.into());
                self.budget.put(sheet, row, left, cell)
            }
            _ => Ok(()),
        }
    }

    /// Keeps a range that takes more than one cell.
    fn keep(&mut self, range: Merge) -> Result<(), Refusal> {
        let Some(sheet) = self.sheets.last_mut() else {
            return Ok(());
        };
        if range.top == range.bottom && range.left == range.right {
            return Ok(());
        }
        if sheet.merges.len() >= self.limits.merges {
            return Err(Refusal::TooManyMerges {
                sheet: sheet.name.clone(),
                found: sheet.merges.len() + 1,
                limit: self.limits.merges,
            });
        }
        sheet.merges.push(range);
        Ok(())
    }

    fn keep_open(&mut self) -> Result<(), Refusal> {
        for (_, range) in std::mem::take(&mut self.open) {
            self.keep(range)?;
        }
        Ok(())
    }
}

/// The value of a property's tag.
fn value(tag: &BytesStart<'_>) -> Result<Option<String>, Refusal> {
    for part in tag.attributes().with_checks(false) {
        let part = part.map_err(|error| damaged(&error))?;
        if part.key.local_name().as_ref() == "val" {
            return Ok(Some(part.value.into_owned()));
        }
    }
    Ok(None)
}

fn number(tag: &BytesStart<'_>) -> Result<Option<usize>, Refusal> {
    // A count nobody can mean is one column too many, and refused as such.
    let most = 100_000;
    let read = value(tag)?.and_then(|text| text.parse::<usize>().ok());
    Ok(read.map(|count| count.min(most)))
}
