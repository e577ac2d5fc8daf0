//! What we write, looked at from outside: as a grid, as XML, and after a person's eye.

use crate::support::{layout, understand};
use gangmu_exchange::{
    Language, Limits, MoneyUnit, Sheet, cell_name, read_workbook,
    write::{
        CellFormat, CellValue, ColumnSpec, Down, Paper, RowSpec, RowStyle, SUMMARY_SHEET,
        TableSpec, annotate, would_execute, write_csv, write_table,
    },
};
use insta::assert_snapshot;
use std::io::{Cursor, Read as _};

fn money(unit: MoneyUnit, decimals: u8) -> CellFormat {
    CellFormat::Money { unit, decimals }
}

fn text(text: &str) -> CellValue {
    CellValue::Text(text.into())
}

fn dispatch_table() -> TableSpec {
    let row = |style, cells: Vec<CellValue>| RowSpec {
        style,
        cells,
        ..RowSpec::default()
    };
    TableSpec {
        sheet_name: "明细表[1]".into(),
        title: "2025年1-7月重点项目调度明细表".into(),
        unit_line: Some("单位：万元".into()),
        columns: vec![
            ColumnSpec::new("序号", CellFormat::Centred),
            ColumnSpec::new("项目名称", CellFormat::Text),
            ColumnSpec::new("总投资（亿元）", money(MoneyUnit::HundredMillion, 2)),
            ColumnSpec::new(
                "完成情况▸8月▸当月完成投资额（万元）",
                money(MoneyUnit::TenThousand, 0),
            ),
            ColumnSpec::new("完成情况▸8月▸形象进度", CellFormat::Text),
            ColumnSpec::new("完成情况▸占年计划%", CellFormat::Percent { decimals: 1 }),
            ColumnSpec::new("实际开工时间", CellFormat::Date),
        ],
        rows: vec![
            row(
                RowStyle::Total,
                vec![
                    text("合计"),
                    text("1个"),
                    CellValue::Money(2_650_000_000),
                    CellValue::Money(5_000_000),
                ],
            ),
            row(
                RowStyle::Group,
                vec![
                    text("一"),
                    text("能源1个"),
                    CellValue::Money(2_650_000_000),
                    CellValue::Money(5_000_000),
                ],
            ),
            row(
                RowStyle::Detail,
                vec![
                    CellValue::Integer(1),
                    text("甲电厂"),
                    CellValue::Money(2_650_000_000),
                    CellValue::Money(5_000_000),
                    text("=HYPERLINK(\"http://127.0.0.1\")"),
                    CellValue::Percent(3_560),
                    CellValue::Date(jiff::civil::date(2025, 3, 1)),
                ],
            ),
        ],
        notes: vec!["注：累计完成投资自动计算。".into()],
        paper: Paper::A3Landscape,
        frozen_columns: 2,
        merges: Vec::new(),
        spare_rows: 0,
    }
}

fn dump(sheet: &Sheet) -> String {
    let mut lines = vec![format!("[{}]", sheet.name)];
    for (row, cells) in sheet.rows.iter().enumerate() {
        let cells: Vec<String> = cells.iter().map(|cell| cell.display()).collect();
        lines.push(format!("{} {}", row + 1, cells.join(" | ")));
    }
    for merge in &sheet.merges {
        let name = |row: u32, column: u32| cell_name(row as usize, column as usize);
        lines.push(format!(
            "{}:{}",
            name(merge.top, merge.left),
            name(merge.bottom, merge.right)
        ));
    }
    lines.join("\n")
}

/// All XML of a workbook in one text.
fn xml(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for index in 0..archive.len() {
        archive
            .by_index(index)
            .unwrap()
            .read_to_string(&mut all)
            .unwrap();
    }
    all
}

#[test]
fn a_table_is_laid_out_as_the_offices_print_it() {
    let bytes = write_table(&dispatch_table()).unwrap();
    let workbook = read_workbook("a.xlsx", &bytes, &Limits::default()).unwrap();
    assert_snapshot!(dump(&workbook.sheets[0]), @r##"
    [明细表1]
    1 2025年1-7月重点项目调度明细表
    2 单位：万元
    3 序号 | 项目名称 | 总投资（亿元） | 完成情况 |  |  | 实际开工时间
    4  |  |  | 8月 |  | 占年计划%
    5  |  |  | 当月完成投资额（万元） | 形象进度
    6 合计 | 1个 | 26.5 | 500
    7 一 | 能源1个 | 26.5 | 500
    8 1 | 甲电厂 | 26.5 | 500 | =HYPERLINK("http://127.0.0.1") | 0.356 | 2025-03-01
    9 注：累计完成投资自动计算。
    A1:G1
    A2:G2
    A3:A5
    B3:B5
    C3:C5
    D3:F3
    D4:E4
    F4:F5
    G3:G5
    A9:G9
    "##);
    let xml = xml(&bytes);
    for expected in [
        "paperSize=\"8\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "state=\"frozen\"",
        "Print_Titles",
        "#,##0.00",
    ] {
        assert!(xml.contains(expected), "{expected}");
    }
    assert!(
        !xml.contains("<f>"),
        "nothing that was written is a formula"
    );
    assert!(
        !xml.contains("<sheetProtection"),
        "a table without input is not locked"
    );
}

#[test]
fn texts_that_would_execute_stay_texts_in_csv() {
    let csv = String::from_utf8(write_csv(&dispatch_table()).unwrap()).unwrap();
    assert_snapshot!(csv.trim_start_matches('\u{feff}'), @r##"
    序号,项目名称,总投资（亿元）,完成情况 ▸ 8月 ▸ 当月完成投资额（万元）,完成情况 ▸ 8月 ▸ 形象进度,完成情况 ▸ 占年计划%,实际开工时间
    合计,1个,26.5,500,,,
    一,能源1个,26.5,500,,,
    1,甲电厂,26.5,500,"'=HYPERLINK(""http://127.0.0.1"")",35.6%,2025-03-01
    "##);
    for (text, executes) in [
        ("=1", true),
        ("+1", true),
        ("-1", true),
        ("@A", true),
        ("\t=", true),
        ("1=", false),
        ("", false),
    ] {
        assert_eq!(would_execute(text), executes, "{text:?}");
    }
}

#[test]
fn a_template_offers_lists_and_locks_what_is_not_to_be_filled_in() {
    let many: Vec<String> = (1..=103).map(|n| format!("第{n}旗县")).collect();
    let input = |header: &str, format, choices: Vec<String>| ColumnSpec {
        choices,
        input: true,
        comment: Some("只填当月数".into()),
        ..ColumnSpec::new(header, format)
    };
    let table = TableSpec {
        sheet_name: "填报".into(),
        title: "月度填报模板".into(),
        columns: vec![
            ColumnSpec::new("项目名称", CellFormat::Text),
            input("所属旗县区", CellFormat::Text, many),
            input(
                "项目性质",
                CellFormat::Text,
                vec!["新开工".into(), "续建".into()],
            ),
            input(
                "当月完成投资额（万元）",
                money(MoneyUnit::TenThousand, 0),
                vec![],
            ),
        ],
        rows: vec![RowSpec {
            style: RowStyle::Detail,
            cells: vec![text("甲路"), text("第5旗县")],
            ..RowSpec::default()
        }],
        spare_rows: 3,
        ..TableSpec::default()
    };
    let bytes = write_table(&table).unwrap();
    let workbook = read_workbook("a.xlsx", &bytes, &Limits::default()).unwrap();
    let names: Vec<(&str, bool)> = workbook
        .sheets
        .iter()
        .map(|s| (s.name.as_str(), s.hidden))
        .collect();
    assert_eq!(names, [("填报", false), ("选项", true)]);
    let xml = xml(&bytes);
    for expected in [
        "<sheetProtection",
        "locked=\"0\"",
        "'选项'!$A$1:$A$103",
        "新开工,续建",
        "只填当月数",
    ] {
        assert!(xml.contains(expected), "{expected}");
    }
    let extract = understand(&workbook, None, &[]);
    assert_eq!(
        extract.records.len(),
        1,
        "spare rows and the hidden lists are no records"
    );
}

#[test]
fn an_annotated_workbook_keeps_its_cells_and_names_every_bad_one() {
    let original = layout()
        .line("重点项目表")
        .header("序号|项目名称|业主▸邮编|总投资（万元）|拟开工时间")
        .row("合计|2个||100")
        .row("1|甲路|甲公司|约一百|2025-07-18")
        .row("2|乙路|乙公司|1|明年")
        .workbook();
    let problems = understand(&original, None, &[]).problems;
    let bytes = annotate(&original, &problems, Language::Chinese).unwrap();
    let again = read_workbook("a.xlsx", &bytes, &Limits::default()).unwrap();
    assert_eq!(again.sheets[0].rows, original.sheets[0].rows);
    assert_eq!(
        again.sheets[0].merges.len(),
        original.sheets[0].merges.len()
    );
    assert_snapshot!(dump(&again.sheets[1]), @r##"
    [导入问题]
    1 工作表 | 单元格 | 程度 | 发现 | 应为 | 处理 | 处数
    2 表 | D5 | 错误 | 约一百 | 数字 | 请只填数字，单位写在表头。 | 1
    3 表 | E6 | 错误 | 明年 | 日期，如 2025-07-18、2025.7 或 2025年7月 | 请按所示格式重填。 | 1
    4 表 | D4 | 提醒 | 合计 总投资（万元） 100万元 | 能读取的数字；D5 无法读取，未能勾稽 | 请先改正所指单元格，再重新导入。 | 1
    5 表 | C2 | 说明 | 业主 ▸ 邮编 | 已知的列名 | 该列未导入；需要时请在栏目对应中指定。 | 1
    "##);
    let comments = xml(&bytes);
    for cell in ["ref=\"D5\"", "ref=\"E6\"", "ref=\"D4\""] {
        assert!(comments.contains(cell), "{cell}");
    }
    assert_eq!(again.sheets[1].name, SUMMARY_SHEET);
    let second = understand(&again, None, &[]);
    assert_eq!(
        second.problems, problems,
        "the list of problems is not imported"
    );
}

#[test]
fn a_cell_over_several_rows_says_once_what_it_says_and_makes_room_for_it() {
    let row = |task: &str, aim: &str| RowSpec {
        cells: vec![text(task), text(aim)],
        ..RowSpec::default()
    };
    let long = "推动重大项目建设，".repeat(20);
    let table = TableSpec {
        sheet_name: "任务".into(),
        columns: vec![
            ColumnSpec::new("任务", CellFormat::Text),
            ColumnSpec::new("指标", CellFormat::Text),
        ],
        rows: vec![row(&long, "投资"), row("", "项目"), row("=1+1", "开工")],
        merges: vec![
            Down {
                column: 0,
                first: 0,
                last: 1,
            },
            // What lies beyond the table, or over one row, is left alone.
            Down {
                column: 0,
                first: 2,
                last: 9,
            },
            Down {
                column: 1,
                first: 1,
                last: 1,
            },
        ],
        ..TableSpec::default()
    };
    let bytes = write_table(&table).expect("a workbook");
    let book = read_workbook("a.xlsx", &bytes, &Limits::default()).expect("it reads back");
    let sheet = &book.sheets[0];
    let ranges: Vec<(u32, u32, u32, u32)> = sheet
        .merges
        .iter()
        .map(|one| (one.top, one.left, one.bottom, one.right))
        .collect();
    assert_eq!(ranges, [(1, 0, 2, 0)]);
    let said = |row: usize| sheet.cell(row, 0).as_text().unwrap_or_default();
    assert_eq!((said(1), said(2)), (long.as_str(), ""));
    assert_eq!(said(3), "=1+1");
}
