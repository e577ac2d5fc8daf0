//! A table as a document of its own (.docx), lying, for annexes that are printed and signed.
//!
//! What a reader would get wrong: cells over several rows are merged cells of the document, so that
//! reading it back finds the same rows.

use docx_rs::{
    AlignmentType, Docx, PageMargin, PageOrientationType, Table, TableCell, TableRow, VMergeType,
    WidthType,
};

use super::{Face, LetterError, MM, Pen, packed};
use crate::write::{CellFormat, CellValue, RowSpec, RowStyle, TableSpec, column_widths, printed};

/// The width of the table: 269 mm of a lying A4.
const WIDTH: usize = 15_333;

/// Writes a table as a document: title, line below it, head, rows, notes.
///
/// # Errors
/// When the archive cannot be put together.
pub fn write_table_document(table: &TableSpec) -> Result<Vec<u8>, LetterError> {
    let mut pen = Pen::default();
    let mut doc = Docx::new()
        .page_size(16_838, 11_906)
        .page_orient(PageOrientationType::Landscape)
        .page_margin(
            PageMargin::new()
                .top(20 * MM)
                .bottom(18 * MM)
                .left(14 * MM)
                .right(14 * MM),
        )
        .created_at("1980-01-01T00:00:00Z")
        .updated_at("1980-01-01T00:00:00Z");
    let title = pen.paragraph(&table.title, Face::Title);
    doc = doc.add_paragraph(title.align(AlignmentType::Center));
    if let Some(line) = &table.unit_line {
        let line = pen.paragraph(line, Face::Small);
        doc = doc.add_paragraph(line.align(AlignmentType::Right));
    }
    doc = doc.add_table(body(&mut pen, table));
    for note in &table.notes {
        doc = doc.add_paragraph(pen.paragraph(note, Face::Small));
    }
    packed(doc)
}

fn body(pen: &mut Pen, table: &TableSpec) -> Table {
    let shares = column_widths(table);
    let whole: f64 = shares.iter().sum();
    let widths: Vec<usize> = shares
        .iter()
        .map(|share| (WIDTH as f64 * share / whole.max(1.0)) as usize)
        .collect();
    let heads = table.columns.iter().zip(&widths).map(|(column, width)| {
        let head = pen.paragraph(&column.path.join("▸"), Face::Head);
        TableCell::new()
            .width(*width, WidthType::Dxa)
            .add_paragraph(head.align(AlignmentType::Center))
    });
    let mut rows = vec![TableRow::new(heads.collect())];
    for (at, row) in table.rows.iter().enumerate() {
        rows.push(TableRow::new(cells(pen, table, (at, row), &widths)));
    }
    Table::new(rows)
        .set_grid(widths)
        .width(WIDTH, WidthType::Dxa)
}

fn cells(
    pen: &mut Pen,
    table: &TableSpec,
    (at, row): (usize, &RowSpec),
    widths: &[usize],
) -> Vec<TableCell> {
    let face = match row.style {
        RowStyle::Detail => Face::Small,
        RowStyle::Group | RowStyle::Total => Face::Head,
    };
    let columns = table.columns.iter().zip(widths).enumerate();
    columns
        .map(|(index, (column, width))| {
            let value = row.cells.get(index).unwrap_or(&CellValue::Empty);
            let merge = table.merges.iter().find(|one| one.holds(at, index));
            let text = match merge {
                Some(one) if one.first < at => String::new(),
                _ => printed(value, column.format),
            };
            let mut cell = TableCell::new().width(*width, WidthType::Dxa);
            // Each line is a paragraph; a cell has one at least.
            for line in text.split('\n') {
                let paragraph = pen.paragraph(line, face);
                cell = cell.add_paragraph(match column.format {
                    CellFormat::Centred => paragraph.align(AlignmentType::Center),
                    _ => paragraph,
                });
            }
            match merge {
                None => cell,
                Some(one) if one.first == at => cell.vertical_merge(VMergeType::Restart),
                Some(_) => cell.vertical_merge(VMergeType::Continue),
            }
        })
        .collect()
}
