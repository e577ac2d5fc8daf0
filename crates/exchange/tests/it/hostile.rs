//! Files that mean harm, or were harmed: each refused with its own reason, none with a
//! panic, none after filling the memory.

use crate::{
    biff,
    support::{layout, understand},
};
use gangmu_exchange::{Language, Limits, read_workbook, write::annotate};
use std::io::{Cursor, Write as _};
use zip::{ZipWriter, write::SimpleFileOptions};

fn code(name: &str, bytes: &[u8]) -> &'static str {
    let refusal = read_workbook(name, bytes, &Limits::default()).unwrap_err();
    for language in [Language::Chinese, Language::English] {
        assert!(refusal.message(language).len() > 20);
    }
    refusal.code()
}

/// A workbook whose only sheet has the given XML.
fn workbook(sheet: &[u8]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let book = format!(
        r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        (
            "_rels/.rels",
            relation("officeDocument", "xl/workbook.xml").into_bytes(),
        ),
        ("xl/workbook.xml", book.into_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            relation("worksheet", "worksheets/sheet1.xml").into_bytes(),
        ),
        ("xl/worksheets/sheet1.xml", sheet.to_vec()),
    ];
    for (name, content) in parts {
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn sheet(inside: &str) -> Vec<u8> {
    format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inside}</worksheet>"#
    )
    .into_bytes()
}

const CELL: &str = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>"#;

#[test]
fn a_zip_bomb_is_refused_by_its_ratio() {
    let mut bomb = sheet(CELL);
    bomb.resize(30 << 20, b' ');
    assert_eq!(code("a.xlsx", &workbook(&bomb)), "file_unpack_ratio");
}

#[test]
fn a_zip_bomb_that_lies_about_its_size_is_refused_all_the_same() {
    let mut bomb = sheet(CELL);
    bomb.resize(30 << 20, b' ');
    let size = (bomb.len() as u32).to_le_bytes();
    let mut bytes = workbook(&bomb);
    let mut lies = 0;
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size {
            bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
            lies += 1;
        }
    }
    assert_eq!(lies, 2, "local header and central directory");
    assert!(["file_unpack_ratio", "file_damaged"].contains(&code("a.xlsx", &bytes)));
}

#[test]
fn unpacking_stops_at_the_limit() {
    let limits = Limits {
        unpacked_bytes: 1 << 20,
        ..Limits::default()
    };
    let cells: String = (0..200_000).map(|n| format!("<v>{n}</v>")).collect();
    let refusal = read_workbook("a.xlsx", &workbook(&sheet(&cells)), &limits).unwrap_err();
    assert_eq!(refusal.code(), "file_unpacks_too_large");
}

#[test]
fn a_million_merged_ranges_are_refused() {
    let ranges: String = (1..=1_000_000)
        .map(|row| format!(r#"<mergeCell ref="A{row}:B{row}"/>"#))
        .collect();
    let bytes = workbook(&sheet(&format!("{CELL}<mergeCells>{ranges}</mergeCells>")));
    assert_eq!(code("a.xlsx", &bytes), "file_too_many_merges");
}

#[test]
fn a_cell_in_the_farthest_corner_costs_no_memory() {
    let far = r#"<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>"#;
    assert_eq!(code("a.xlsx", &workbook(&sheet(far))), "file_too_many_rows");
    let wide = r#"<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>"#;
    assert_eq!(
        code("a.xlsx", &workbook(&sheet(wide))),
        "file_too_many_columns"
    );
    let corner = [biff::number(0, 0, 1.0), biff::number(65_535, 255, 1.0)].concat();
    let sheets: Vec<Vec<u8>> = (0..100).map(|_| corner.clone()).collect();
    assert_eq!(
        code("a.xls", &biff::workbook(&sheets)),
        "file_too_many_cells"
    );
}

#[test]
fn ranges_over_everything_and_a_thousand_totals_cost_no_time() {
    let rows: String = (4..20_000)
        .map(|row| {
            let label = if row % 2 == 0 { "合计" } else { "甲" };
            format!(
                r#"<row r="{row}"><c r="B{row}" t="str"><v>{label}</v></c><c r="C{row}"><v>{row}</v></c></row>"#
            )
        })
        .collect();
    let header: String = ["序号", "项目名称", "总投资"]
        .iter()
        .zip(["A", "B", "C"])
        .map(|(name, column)| format!(r#"<c r="{column}3" t="str"><v>{name}</v></c>"#))
        .collect();
    let merges = r#"<mergeCell ref="A1:XFD1048576"/>"#.repeat(10_000)
        + &r#"<mergeCell ref="A3:XFD4"/>"#.repeat(10_000);
    let inside = format!(
        r#"<sheetData><row r="3">{header}</row>{rows}</sheetData><mergeCells>{merges}</mergeCells>"#
    );
    let bytes = workbook(&sheet(&inside));
    let book = read_workbook("a.xlsx", &bytes, &Limits::default()).unwrap();
    let extract = understand(&book, None, &[]);
    let some = &extract.problems[..extract.problems.len().min(100)];
    assert!(annotate(&book, some, Language::Chinese).is_ok());
}

#[test]
fn truncated_files_are_refused() {
    let whole = layout()
        .header("项目名称|总投资（万元）")
        .row("甲|1")
        .bytes();
    for length in [whole.len() / 2, whole.len() - 30, 60] {
        assert_eq!(
            code("a.xlsx", &whole[..length]),
            "file_damaged",
            "{length} bytes"
        );
    }
    let old = biff::workbook(&[biff::number(0, 0, 1.0)]);
    assert_eq!(code("a.xls", &old[..700]), "file_damaged");
    assert_eq!(code("a.xls", &old[..100]), "file_damaged");
}

#[test]
fn protected_files_are_refused_as_such() {
    let package = biff::container(&[("EncryptionInfo", vec![4]), ("EncryptedPackage", vec![1])]);
    assert_eq!(code("a.xlsx", &package), "file_password");
    let old = [
        biff::begin(5),
        biff::record(0x002F, &[1, 0, 1, 0, 1, 0]),
        biff::end(),
    ]
    .concat();
    assert_eq!(
        code("a.xls", &biff::container(&[("Workbook", old)])),
        "file_password"
    );
}

#[test]
fn what_is_no_table_is_refused_by_its_kind() {
    for (name, bytes, expected) in [
        (
            "a.xls",
            &b"<html><table><tr><td>1</td></tr></table></html>"[..],
            "file_html",
        ),
        ("a.xls", b"\xEF\xBB\xBF  <!DOCTYPE html><body>", "file_html"),
        ("a.xls", b"<table border=1>", "file_html"),
        ("a.xlsx", b"", "file_empty"),
        ("a.csv", b" \r\n\t\n", "file_empty"),
        ("a.csv", b",,,\n,,,\n", "file_empty"),
        ("a.csv", b"%PDF-1.7", "file_unsupported"),
        ("a.csv", b"\x00\x01\x02", "file_unsupported"),
        ("a.xlsx", b"<?xml version=\"1.0\"?><x/>", "file_unsupported"),
        ("a.csv", b"\xFF\xFF\xFF\xFF,\x80", "file_encoding"),
    ] {
        assert_eq!(code(name, bytes), expected, "{name} {bytes:?}");
    }
    let word = biff::container(&[("WordDocument", vec![1])]);
    assert_eq!(code("a.xls", &word), "file_unsupported");
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("a.txt", SimpleFileOptions::default())
        .unwrap();
    let archive = archive.finish().unwrap().into_inner();
    assert_eq!(code("a.xlsx", &archive), "file_unsupported");
}

#[test]
fn an_empty_workbook_is_refused_as_empty() {
    assert_eq!(code("a.xlsx", &layout().bytes()), "file_empty");
    assert_eq!(
        code("a.xlsx", &workbook(&sheet("<sheetData/>"))),
        "file_empty"
    );
}

#[test]
fn a_file_above_the_size_limit_is_not_looked_at() {
    let limits = Limits {
        bytes: 10,
        ..Limits::default()
    };
    let refusal = read_workbook("a.csv", b"01234567890", &limits).unwrap_err();
    assert_eq!(refusal.code(), "file_too_large");
    assert_eq!(
        refusal.params(),
        [("found", "11".to_owned()), ("limit", "10".to_owned())]
    );
}
