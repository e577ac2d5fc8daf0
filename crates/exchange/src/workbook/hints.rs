//! What calamine does not tell, or tells at the price of parsing a sheet once more:
//! merged ranges, and which columns show their numbers as percentages.
//!
//! The value 1.5 is 150 % under a percent format and 1.5 points without one. Tags are
//! found by text; a file written in another fashion (prefixed tags) gives no hints, and
//! its merged ranges are then read the slow way.

use super::Merge;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What was noticed while the parts of a workbook were unpacked.
#[derive(Default)]
pub struct Hints {
    sheets: HashMap<String, SheetHints>,
    /// Styles that show percentages.
    styles: BTreeSet<u32>,
    /// Relation ids of the sheets, in order.
    order: Vec<String>,
    targets: HashMap<String, String>,
}

/// What was noticed in one sheet.
#[derive(Default)]
struct SheetHints {
    /// The columns that use a style.
    columns: BTreeMap<u32, BTreeSet<usize>>,
    /// The root tag has no prefix, so the others have none either.
    readable: bool,
    merges: Merges,
}

/// Merged ranges: the first ones, and how many there are.
#[derive(Default, Clone)]
pub struct Merges {
    pub found: usize,
    pub kept: Vec<Merge>,
}

impl Hints {
    /// Looks at one part, keeping at most so many merged ranges.
    pub fn notice(&mut self, part: &str, content: &[u8], most_merges: usize) {
        if part.starts_with("xl/worksheets/") {
            let hints = look_at_sheet(content, most_merges);
            self.sheets.insert(part.to_owned(), hints);
            return;
        }
        let text = || String::from_utf8_lossy(content);
        match part {
            "xl/styles.xml" => self.styles = percent_styles(&text()),
            "xl/workbook.xml" => {
                self.order = tags(&text(), "sheet ")
                    .filter_map(|tag| attribute(tag, "r:id").map(str::to_owned))
                    .collect();
            }
            "xl/_rels/workbook.xml.rels" => {
                self.targets = tags(&text(), "Relationship ")
                    .filter_map(|tag| {
                        let target = attribute(tag, "Target")?.trim_start_matches('/');
                        let target = target.strip_prefix("xl/").unwrap_or(target);
                        Some((attribute(tag, "Id")?.to_owned(), format!("xl/{target}")))
                    })
                    .collect();
            }
            _ => {}
        }
    }

    /// The columns of a sheet, counted in the order of the workbook, with percentages.
    pub fn columns(&self, sheet: usize) -> BTreeSet<usize> {
        let Some(hints) = self.sheet(sheet) else {
            return BTreeSet::new();
        };
        let columns = hints.columns.iter();
        columns
            .filter(|(style, _)| self.styles.contains(style))
            .flat_map(|(_, columns)| columns.iter().copied())
            .collect()
    }

    /// The merged ranges of a sheet; none when they have to be read the slow way.
    pub fn merges(&self, sheet: usize) -> Option<&Merges> {
        let hints = self.sheet(sheet).filter(|hints| hints.readable)?;
        Some(&hints.merges)
    }

    fn sheet(&self, sheet: usize) -> Option<&SheetHints> {
        let part = self.targets.get(self.order.get(sheet)?)?;
        self.sheets.get(part)
    }
}

fn look_at_sheet(content: &[u8], most_merges: usize) -> SheetHints {
    let mut hints = SheetHints::default();
    // Neighbouring cells mostly repeat: remember the last pair to stay quick.
    let mut last = None;
    for tag in content.split(|byte| *byte == b'<') {
        if tag.starts_with(b"c ") {
            let styled = styled_column(tag);
            if let (Some((style, column)), true) = (styled, styled != last) {
                last = styled;
                hints.columns.entry(style).or_default().insert(column);
            }
        } else if tag.starts_with(b"mergeCell ") {
            hints.merges.found += 1;
            if hints.merges.kept.len() < most_merges {
                hints.merges.kept.extend(merged_range(tag));
            }
        } else if tag.starts_with(b"worksheet") {
            hints.readable = true;
        }
    }
    hints
}

fn styled_column(tag: &[u8]) -> Option<(u32, usize)> {
    let tag = tag.split(|byte| *byte == b'>').next()?;
    let style = number(bytes_of(tag, b" s=\"")?)?;
    Some((style, column(bytes_of(tag, b" r=\"")?)?))
}

fn merged_range(tag: &[u8]) -> Option<Merge> {
    let area = bytes_of(tag, b" ref=\"")?;
    let mut ends = area.split(|byte| *byte == b':');
    let (first, second) = (ends.next()?, ends.next()?);
    let merge = Merge {
        top: row(first)?,
        left: u32::try_from(column(first)?).ok()?,
        bottom: row(second)?,
        right: u32::try_from(column(second)?).ok()?,
    };
    (merge.top <= merge.bottom && merge.left <= merge.right).then_some(merge)
}

/// The row of a cell name such as `B7`, from 0.
fn row(place: &[u8]) -> Option<u32> {
    let letters = place.iter().take_while(|byte| byte.is_ascii_uppercase());
    number(place.get(letters.count()..)?)?.checked_sub(1)
}

fn bytes_of<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = tag.windows(name.len()).position(|window| window == name)?;
    let rest = tag.get(at + name.len()..)?;
    rest.split(|byte| *byte == b'"').next()
}

/// The column of a cell name such as `B7`, from 0.
fn column(place: &[u8]) -> Option<usize> {
    let letters = place.iter().take_while(|byte| byte.is_ascii_uppercase());
    let column = letters.take(4).fold(0, |column, letter| {
        column * 26 + usize::from(letter - b'A') + 1
    });
    column.checked_sub(1)
}

fn number(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The indices of cell styles whose number format has a percent sign.
fn percent_styles(text: &str) -> BTreeSet<u32> {
    let custom: BTreeSet<&str> = tags(text, "numFmt ")
        .filter(|tag| attribute(tag, "formatCode").is_some_and(|code| code.contains('%')))
        .filter_map(|tag| attribute(tag, "numFmtId"))
        .collect();
    let Some((_, cells)) = text.split_once("<cellXfs") else {
        return BTreeSet::new();
    };
    let cells = cells.split("</cellXfs").next().unwrap_or_default();
    tags(cells, "xf ")
        .zip(0..)
        .filter(|(tag, _)| {
            attribute(tag, "numFmtId")
                .is_some_and(|id| matches!(id, "9" | "10") || custom.contains(id))
        })
        .map(|(_, index)| index)
        .collect()
}

fn tags<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    text.split('<')
        .filter(move |tag| tag.starts_with(name))
        .filter_map(|tag| tag.split('>').next())
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let at = tag.find(&format!(" {name}=\""))?;
    let rest = tag.get(at + name.len() + 3..)?;
    rest.split('"').next()
}
