//! Tells what a file is by its first bytes; the ending of its name is not evidence.

use crate::refusal::Refusal;

/// The kinds of file we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Xls,
    Csv,
    /// A document with tables; never told by [`sniff`], which knows a container only.
    Docx,
}

impl Format {
    /// Whether the file name ends the way such files do.
    pub fn fits(self, file_name: &str) -> bool {
        let ending = file_name
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase());
        match (self, ending.as_deref()) {
            (_, None) => true,
            (Self::Xlsx, Some(ending)) => matches!(ending, "xlsx" | "xlsm"),
            (Self::Xls, Some(ending)) => matches!(ending, "xls" | "et"),
            (Self::Docx, Some(ending)) => matches!(ending, "docx" | "docm"),
            (Self::Csv, Some(ending)) => matches!(ending, "csv" | "txt" | "tsv"),
        }
    }
}

const ZIP: &[u8] = b"PK\x03\x04";
const EMPTY_ZIP: &[u8] = b"PK\x05\x06";
pub(super) const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Decides what the bytes are, or says why they cannot be read.
pub fn sniff(bytes: &[u8]) -> Result<Format, Refusal> {
    let start = bytes.get(..2048).unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::Empty);
    }
    if start.starts_with(ZIP) || start.starts_with(EMPTY_ZIP) {
        return Ok(Format::Xlsx);
    }
    if start.starts_with(OLE) {
        return Ok(Format::Xls);
    }
    for (magic, kind) in [
        (&b"%PDF"[..], "PDF"),
        (b"Rar!", "RAR"),
        (b"7z\xBC\xAF", "7z"),
        (b"\x89PNG", "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"{\\rtf", "RTF"),
    ] {
        if start.starts_with(magic) {
            return Err(Refusal::Unsupported { kind: kind.into() });
        }
    }
    if is_utf16(start) {
        return Ok(Format::Csv);
    }
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if looks_like_html(text) {
        return Err(Refusal::Html);
    }
    if text.starts_with("<?xml") {
        return Err(Refusal::Unsupported { kind: "XML".into() });
    }
    if bytes.contains(&0) {
        return Err(Refusal::Unsupported {
            kind: "binary".into(),
        });
    }
    Ok(Format::Csv)
}

/// A UTF-16 byte order mark, which spreadsheet programs put on "Unicode text".
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF])
}

fn looks_like_html(text: &str) -> bool {
    let markup = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<table",
        "<meta",
    ];
    if markup.iter().any(|tag| text.starts_with(tag)) {
        return true;
    }
    (text.starts_with("<?xml") || text.starts_with("<!--")) && text.contains("<html")
}
