//! Files of every kind are read by their content.

use crate::{
    biff,
    support::{layout, report, understand},
};
use gangmu_exchange::{Cell, Code, Format, Limits, Merge, read_workbook};

const LINES: &str = "项目名称,总投资（万元）\n甲河大桥,\"54,583.00\"\n";

fn check(name: &str, bytes: &[u8], format: Format, misnamed: bool) {
    let workbook = read_workbook(name, bytes, &Limits::default()).unwrap();
    assert_eq!(
        (workbook.format, workbook.misnamed),
        (format, misnamed),
        "{name}"
    );
    let found = report(&workbook);
    assert!(
        found.contains("name=甲河大桥 total_investment=¥545830000"),
        "{name}: {found}"
    );
}

#[test]
fn delimited_text_is_read_in_every_encoding_and_delimiter() {
    let (gb, ..) = encoding_rs::GB18030.encode(LINES);
    let utf16: Vec<u8> = std::iter::once(0xFEFF_u16)
        .chain(LINES.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let semicolons = LINES.replace("称,", "称;").replace("桥,", "桥;");
    let tabs = semicolons.replace(';', "\t");
    for bytes in [
        LINES.as_bytes(),
        format!("\u{feff}{LINES}").as_bytes(),
        &gb,
        &utf16,
        semicolons.as_bytes(),
        tabs.as_bytes(),
        LINES.replace('\n', "\r\n").as_bytes(),
    ] {
        check("清单.csv", bytes, Format::Csv, false);
    }
}

#[test]
fn a_workbook_with_a_wrong_ending_is_read_by_its_content_and_noted() {
    let book = layout()
        .header("项目名称|总投资（万元）")
        .row("甲河大桥|54583")
        .bytes();
    check("清单.xlsx", &book, Format::Xlsx, false);
    check("清单.csv", &book, Format::Xlsx, true);
    check("清单.xls", &book, Format::Xlsx, true);
    check("清单.xlsx", LINES.as_bytes(), Format::Csv, true);
}

#[test]
fn old_workbooks_are_read_with_their_merged_cells() {
    let cells = [
        biff::label(0, 0, "重点项目表"),
        biff::merge([0, 0, 0, 1]),
        biff::label(1, 0, "项目名称"),
        biff::label(1, 1, "总投资（万元）"),
        biff::label(2, 0, "甲河大桥"),
        biff::number(2, 1, 54583.0),
    ];
    let bytes = biff::workbook(&[cells.concat()]);
    check("清单.xls", &bytes, Format::Xls, false);
    let workbook = read_workbook("清单.xls", &bytes, &Limits::default()).unwrap();
    let sheet = &workbook.sheets[0];
    let title = Merge {
        top: 0,
        left: 0,
        bottom: 0,
        right: 1,
    };
    assert_eq!(sheet.merges, [title]);
    assert_eq!(sheet.cell(2, 1), &Cell::Number(54583.0));
}

#[test]
fn a_column_of_nonsense_is_counted_not_repeated_without_end() {
    let rows = "甲,坏,12 34,\n".repeat(3_000);
    let text = format!("项目名称,总投资,建设地点\n{rows}");
    let workbook = read_workbook("a.csv", text.as_bytes(), &Limits::default()).unwrap();
    let problems = understand(&workbook, None, &[]).problems;
    let bad: Vec<usize> = problems
        .iter()
        .filter(|problem| problem.code == Code::NumberUnreadable)
        .map(|problem| problem.count)
        .collect();
    assert_eq!((bad.len(), bad.iter().sum::<usize>()), (1_000, 3_000));
}

#[test]
fn blank_lines_of_a_csv_count_as_rows() {
    let text = "标题\n\n项目名称,总投资,建设地点\n\n甲,\"1\n\",乙\n丙,坏,丁\n";
    let workbook = read_workbook("a.csv", text.as_bytes(), &Limits::default()).unwrap();
    let found = report(&workbook);
    assert!(found.contains("a.csv!B6：“坏”"), "{found}");
}
