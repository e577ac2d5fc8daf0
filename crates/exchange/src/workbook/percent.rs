//! Which columns of an .xlsx show their numbers as percentages.
//!
//! The value 1.5 is 150 % under a percent format and 1.5 points without one; calamine
//! tells values, not formats. Only a hint: tags are found by text, and a file written
//! in another fashion (prefixed tags, say) merely gives no hint.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What was noticed while the parts of a workbook were unpacked.
#[derive(Default)]
pub struct Hints {
    /// For every sheet part the columns that use a style.
    sheets: HashMap<String, BTreeMap<u32, BTreeSet<usize>>>,
    /// Styles that show percentages.
    styles: BTreeSet<u32>,
    /// Relation ids of the sheets, in order.
    order: Vec<String>,
    targets: HashMap<String, String>,
}

impl Hints {
    /// Looks at one part.
    pub fn notice(&mut self, part: &str, content: &[u8]) {
        if part.starts_with("xl/worksheets/") {
            self.sheets
                .insert(part.to_owned(), styles_of_columns(content));
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
        let part = self.order.get(sheet).and_then(|id| self.targets.get(id));
        let Some(columns) = part.and_then(|part| self.sheets.get(part)) else {
            return BTreeSet::new();
        };
        columns
            .iter()
            .filter(|(style, _)| self.styles.contains(style))
            .flat_map(|(_, columns)| columns.iter().copied())
            .collect()
    }
}

fn styles_of_columns(content: &[u8]) -> BTreeMap<u32, BTreeSet<usize>> {
    let mut found: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    // Neighbouring cells mostly repeat: remember the last pair to stay quick.
    let mut last = None;
    for tag in content.split(|byte| *byte == b'<') {
        if !tag.starts_with(b"c ") {
            continue;
        }
        let tag = tag.split(|byte| *byte == b'>').next().unwrap_or_default();
        let (Some(place), Some(style)) = (bytes_of(tag, b" r=\""), bytes_of(tag, b" s=\"")) else {
            continue;
        };
        let (Some(column), Some(style)) = (column(place), number(style)) else {
            continue;
        };
        if last != Some((style, column)) {
            last = Some((style, column));
            found.entry(style).or_default().insert(column);
        }
    }
    found
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
