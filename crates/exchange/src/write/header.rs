//! Headers of several rows from column paths: equal neighbours merge sideways, a name
//! without names below it merges downwards.

use super::{spec::ColumnSpec, style::Styles};
use rust_xlsxwriter::{Note, Worksheet, XlsxError};

/// How many rows the headers take.
pub fn depth(columns: &[ColumnSpec]) -> usize {
    columns
        .iter()
        .map(|column| column.path.len())
        .max()
        .unwrap_or(1)
        .max(1)
}

/// Writes the headers from a row on.
pub fn write(
    sheet: &mut Worksheet,
    first_row: u32,
    columns: &[ColumnSpec],
    styles: &Styles,
) -> Result<(), XlsxError> {
    let depth = depth(columns);
    for (index, column) in columns.iter().enumerate() {
        let leaf = column.path.len().max(1) - 1;
        for level in 0..=leaf {
            let before = index.checked_sub(1).and_then(|index| columns.get(index));
            if level < leaf && before.is_some_and(|before| shares(before, column, level)) {
                continue;
            }
            let (bottom, right) = if level < leaf {
                let rest = columns.get(index..).unwrap_or_default();
                let width = rest
                    .iter()
                    .take_while(|other| shares(other, column, level))
                    .count();
                (level, index + width.max(1) - 1)
            } else {
                (depth - 1, index)
            };
            let name = column.path.get(level).map_or("", String::as_str);
            let top = first_row + narrow(level);
            let bottom = first_row + narrow(bottom);
            let (left, right) = (narrow_column(index), narrow_column(right));
            if top == bottom && left == right {
                sheet.write_string_with_format(top, left, name, &styles.header)?;
            } else {
                sheet.merge_range(top, left, bottom, right, name, &styles.header)?;
            }
            if let (true, Some(comment)) = (level == leaf, &column.comment) {
                let note = Note::new(comment).add_author_prefix(false);
                sheet.insert_note(top, left, &note)?;
            }
        }
    }
    Ok(())
}

/// Whether two columns stand under the same name at a level, both with names below it.
fn shares(one: &ColumnSpec, other: &ColumnSpec, level: usize) -> bool {
    one.path.len() > level + 1
        && other.path.len() > level + 1
        && one.path.get(..=level) == other.path.get(..=level)
}

fn narrow(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

pub(super) fn narrow_column(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}
