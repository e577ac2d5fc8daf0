//! Official letters as .docx: heading, number, addressee, text, table, closing, office and date.
//!
//! What a reader would get wrong: the form follows the measures of GB/T 9704 (A4, its margins, the
//! sizes of title and text), but the red head and the seal are the office's own and are not drawn.
//! Everything given is text: nothing in it becomes markup, and the same letter gives the same bytes.

mod table;

pub use table::write_table_document;

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, LineSpacing, LineSpacingType, PageMargin, Paragraph, Run, RunFonts,
    SpecialIndentType, Table, TableCell, TableRow, WidthType,
};

/// A letter to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// What it is about (标题).
    pub heading: String,
    /// Its number (发文字号); left out when empty.
    pub number: String,
    /// To whom (主送机关); left out when empty, as in a record that is sent to nobody.
    pub addressee: String,
    /// The text before the table (正文).
    pub paragraphs: Vec<String>,
    /// What it lists; left out without rows.
    pub table: LetterTable,
    /// The text after the table.
    pub closing: Vec<String>,
    /// Who writes (发文机关署名).
    pub office: String,
    /// When, as it is printed (成文日期).
    pub date: String,
}

/// A table in a letter. Rows with fewer cells than columns are filled up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterTable {
    /// The heads of the columns, each with its share of the width.
    pub columns: Vec<(String, usize)>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl LetterTable {
    /// A table with these heads, each with its share of the width.
    #[must_use]
    pub fn new<const N: usize>(columns: [(&str, usize); N], rows: Vec<Vec<String>>) -> Self {
        Self {
            columns: columns
                .map(|(head, share)| (head.to_owned(), share))
                .to_vec(),
            rows,
        }
    }
}

/// Why a letter could not be written.
#[derive(Debug, thiserror::Error)]
#[error("writing a letter: {0}")]
pub struct LetterError(String);

/// Twentieths of a point to a millimetre.
const MM: i32 = 57;
/// The width of the text: 156 mm.
const TEXT_WIDTH: usize = 8_845;

/// Writes a letter.
///
/// # Errors
/// When the archive cannot be put together.
pub fn write_letter(letter: &Letter) -> Result<Vec<u8>, LetterError> {
    let mut pen = Pen::default();
    let mut doc = Docx::new()
        .page_size(11_906, 16_838)
        .page_margin(
            PageMargin::new()
                .top(37 * MM)
                .bottom(35 * MM)
                .left(28 * MM)
                .right(26 * MM),
        )
        .created_at("1980-01-01T00:00:00Z")
        .updated_at("1980-01-01T00:00:00Z");
    let title = pen.paragraph(&letter.heading, Face::Title);
    doc = doc.add_paragraph(title.align(AlignmentType::Center));
    if !letter.number.is_empty() {
        let number = pen.paragraph(&letter.number, Face::Text);
        doc = doc.add_paragraph(number.align(AlignmentType::Center));
    }
    if !letter.addressee.is_empty() {
        doc = doc.add_paragraph(pen.paragraph(&format!("{}：", letter.addressee), Face::Text));
    }
    for text in &letter.paragraphs {
        doc = doc.add_paragraph(pen.indented(text));
    }
    if !letter.table.rows.is_empty() {
        doc = doc.add_table(pen.table(&letter.table));
    }
    for text in &letter.closing {
        doc = doc.add_paragraph(pen.indented(text));
    }
    for text in [&letter.office, &letter.date] {
        let signed = pen.paragraph(text, Face::Text);
        doc = doc.add_paragraph(signed.align(AlignmentType::Right));
    }
    packed(doc)
}

fn packed(doc: Docx) -> Result<Vec<u8>, LetterError> {
    let mut out = Cursor::new(Vec::new());
    doc.pack(&mut out)
        .map_err(|error| LetterError(error.to_string()))?;
    Ok(out.into_inner())
}

#[derive(Clone, Copy)]
enum Face {
    /// 2号小标宋.
    Title,
    /// 3号仿宋.
    Text,
    /// 小4号仿宋, in tables.
    Cell,
    /// 小5号黑体, the heads of wide tables.
    Head,
    /// 小5号仿宋, in wide tables.
    Small,
}

impl Face {
    /// Font and size in half points.
    const fn look(self) -> (&'static str, usize) {
        match self {
            Self::Title => ("方正小标宋简体", 44),
            Self::Text => ("仿宋_GB2312", 32),
            Self::Cell => ("仿宋_GB2312", 24),
            Self::Head => ("黑体", 18),
            Self::Small => ("仿宋_GB2312", 18),
        }
    }
}

/// Numbers paragraphs, so that the same letter gives the same bytes.
#[derive(Default)]
struct Pen {
    paragraphs: u32,
}

impl Pen {
    fn paragraph(&mut self, text: &str, face: Face) -> Paragraph {
        self.paragraphs += 1;
        let (font, size) = face.look();
        let fonts = RunFonts::new()
            .ascii("Times New Roman")
            .hi_ansi("Times New Roman")
            .east_asia(font);
        let line = match face {
            Face::Cell => 400,
            Face::Head | Face::Small => 280,
            Face::Title | Face::Text => 580,
        };
        let run = Run::new().add_text(printable(text)).size(size).fonts(fonts);
        Paragraph::new()
            .id(format!("{:08X}", self.paragraphs))
            .line_spacing(
                LineSpacing::new()
                    .line_rule(LineSpacingType::Exact)
                    .line(line),
            )
            .add_run(run)
    }

    fn indented(&mut self, text: &str) -> Paragraph {
        let indent = Some(SpecialIndentType::FirstLine(640));
        self.paragraph(text, Face::Text)
            .indent(None, indent, None, None)
    }

    fn table(&mut self, table: &LetterTable) -> Table {
        let shares: usize = table.columns.iter().map(|(_, share)| share).sum();
        let widths: Vec<usize> = table
            .columns
            .iter()
            .map(|(_, share)| TEXT_WIDTH * share / shares.max(1))
            .collect();
        let heads: Vec<String> = table.columns.iter().map(|(head, _)| head.clone()).collect();
        let mut rows = vec![self.row(&heads, &widths)];
        rows.extend(table.rows.iter().map(|row| self.row(row, &widths)));
        Table::new(rows)
            .set_grid(widths)
            .width(TEXT_WIDTH, WidthType::Dxa)
    }

    fn row(&mut self, cells: &[String], widths: &[usize]) -> TableRow {
        let cells = widths.iter().enumerate().map(|(at, width)| {
            let text = cells.get(at).map_or("", String::as_str);
            let paragraph = self.paragraph(text, Face::Cell);
            TableCell::new()
                .width(*width, WidthType::Dxa)
                .add_paragraph(paragraph)
        });
        TableRow::new(cells.collect())
    }
}

/// Leaves out characters that XML cannot hold.
fn printable(text: &str) -> String {
    let held = |c: &char| !c.is_control() && !matches!(*c, '\u{FFFE}' | '\u{FFFF}');
    text.chars().filter(held).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn letter() -> Letter {
        Letter {
            heading: "关于催办审批事项的函".to_owned(),
            number: "科区发改催〔2026〕1号".to_owned(),
            addressee: "科尔沁区自然资源局".to_owned(),
            paragraphs: vec!["<w:br/> & \u{0}\"引号\"".to_owned()],
            table: LetterTable::new(
                [("事项", 3), ("超期（工作日）", 1)],
                vec![vec!["=HYPERLINK(\"x\")".to_owned()]],
            ),
            closing: vec!["请于期限内函复。".to_owned()],
            office: "科尔沁区发展和改革委员会".to_owned(),
            date: "2026年1月20日".to_owned(),
        }
    }

    fn document(bytes: &[u8]) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        let mut part = archive.by_name("word/document.xml").unwrap();
        part.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn what_is_given_is_text_and_never_markup() {
        let found = document(&write_letter(&letter()).unwrap());
        assert!(found.contains("&lt;w:br/&gt; &amp; "), "{found}");
        assert!(
            found.contains("=HYPERLINK("),
            "a cell of a document is text"
        );
        assert!(!found.contains('\u{0}') && !found.contains("w:instrText"));
        let order = [
            "关于催办",
            "催〔2026〕1号",
            "自然资源局：",
            "超期（工作日）",
            "函复",
            "委员会",
            "1月20日",
        ];
        let places: Vec<usize> = order.iter().map(|part| found.find(part).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
    }

    #[test]
    fn what_is_empty_leaves_no_line_and_no_table() {
        let bare = Letter {
            addressee: String::new(),
            table: LetterTable::new([("事项", 1)], Vec::new()),
            ..letter()
        };
        let found = document(&write_letter(&bare).unwrap());
        assert!(
            !found.contains("<w:t xml:space=\"preserve\">：</w:t>"),
            "{found}"
        );
        assert!(!found.contains("事项</w:t>") && !found.contains("<w:tbl>"));
    }

    #[test]
    fn the_same_letter_gives_the_same_bytes() {
        let once = write_letter(&letter()).unwrap();
        assert_eq!(once, write_letter(&letter()).unwrap());
    }
}
