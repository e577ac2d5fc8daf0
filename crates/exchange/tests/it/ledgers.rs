//! Ledgers as departments keep them: which sheet is one, and what its rows say.

use gangmu_exchange::ledger::{Ledger, Schema, read_ledger};
use gangmu_exchange::write::{
    CellFormat, CellValue, ColumnSpec, Down, RowSpec, TableSpec, write_tables,
};
use gangmu_exchange::{Kind, Limits, Synonyms, read_workbook};

const SCHEMA: Schema = Schema {
    columns: &[
        ("ledger.project", Kind::Text),
        ("problem.title", Kind::Text),
        ("problem.raised_on", Kind::Date),
        ("winter_month.N", Kind::Money),
    ],
    needs: &[&["ledger.project"], &["problem.title", "winter_month.N"]],
};

fn read(name: &str, bytes: &[u8]) -> Ledger {
    let text = include_str!("../../../../data/import/ledgers.toml");
    let synonyms = Synonyms::parse(text).expect("the shipped names");
    let book = read_workbook(name, bytes, &Limits::default()).expect("a workbook");
    read_ledger(book, &SCHEMA, &synonyms)
}

fn table(name: &str, heads: &[&str], rows: &[&[&str]]) -> TableSpec {
    let row = |cells: &&[&str]| RowSpec {
        cells: cells
            .iter()
            .map(|text| CellValue::Text((*text).to_owned()))
            .collect(),
        ..RowSpec::default()
    };
    TableSpec {
        sheet_name: name.to_owned(),
        title: format!("{name}（2025年）"),
        columns: heads
            .iter()
            .map(|head| ColumnSpec::new(head, CellFormat::Text))
            .collect(),
        rows: rows.iter().map(row).collect(),
        ..TableSpec::default()
    }
}

#[test]
fn a_project_merged_over_several_rows_is_that_of_each_and_other_sheets_are_named() {
    let mut problems = table(
        "问题台账",
        &["序号", "项目名称", "存在问题", "提出日期", "督办领导"],
        &[
            &["1", "测试铝业", "线路未核准", "2025年2月6日", "某领导"],
            &["2", "", "草原补偿没有谈妥", "2025.02", ""],
        ],
    );
    problems.merges = vec![Down {
        column: 1,
        first: 0,
        last: 1,
    }];
    let other = table(
        "分地区",
        &["地区", "项目个数", "人数"],
        &[&["科尔沁区", "3", "40"]],
    );
    let bytes = write_tables(&[problems, other]).expect("a workbook");
    let ledger = read("台账.xlsx", &bytes);
    let rows: Vec<(&str, &str, String)> = ledger
        .rows
        .iter()
        .map(|row| {
            let day = row.day("problem.raised_on").map(|day| day.to_string());
            (
                row.text("ledger.project"),
                row.text("problem.title"),
                day.unwrap_or_default(),
            )
        })
        .collect();
    let wanted = [
        ("测试铝业", "线路未核准", "2025-02-06".to_owned()),
        ("测试铝业", "草原补偿没有谈妥", "2025-02".to_owned()),
    ];
    assert_eq!(rows, wanted);
    assert_eq!(ledger.passed_over, ["分地区"]);
    let unknown: Vec<&str> = ledger.unknown.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(unknown, ["督办领导"]);
    let place = ledger.rows[0].place("problem.title");
    assert_eq!(place, ("C3".to_owned(), "存在问题".to_owned()));
    assert_eq!(ledger.rows[0].place("winter_month.1"), Default::default());
}

#[test]
fn months_are_columns_of_money_and_a_bad_cell_keeps_its_row_however_many_there_are() {
    let mut text = "项目名称,12月（万元）,提出日期\n".to_owned();
    for _ in 0..1_500 {
        text.push_str("测试铝业,200,二月\n");
    }
    let ledger = read("台账.csv", text.as_bytes());
    assert_eq!(ledger.rows.len(), 1_500);
    for row in &ledger.rows {
        assert_eq!(row.money("winter_month.12"), Some(2_000_000));
        let [fault] = row.faults.as_slice() else {
            panic!("{} faults in row {}", row.faults.len(), row.row);
        };
        assert_eq!(fault.cell, format!("C{}", row.row));
        assert_eq!(fault.found, "二月");
    }
}

#[test]
fn signs_for_nothing_say_nothing_and_what_is_doubtful_or_passed_over_is_named() {
    let mut table = table(
        "问题台账",
        &["序号", "项目名称", "存在问题", "提出日期", "备注"],
        &[
            &["1", "测试铝业", "线路\u{7}未核准", "2025-03-04", "#N/A"],
            &["", "（二）续建项目", "", "", ""],
            &["2", "测试风电", "无", "", "—"],
            &["3", "测试光伏", "/", "", ""],
        ],
    );
    table.merges = vec![Down {
        column: 3,
        first: 2,
        last: 3,
    }];
    let bytes = write_tables(&[table]).expect("a workbook");
    let ledger = read("台账.xlsx", &bytes);
    let rows: Vec<(&str, &str)> = ledger
        .rows
        .iter()
        .map(|row| (row.text("ledger.project"), row.text("problem.title")))
        .collect();
    assert_eq!(
        rows,
        [
            ("测试铝业", "线路未核准"),
            ("测试风电", ""),
            ("测试光伏", "")
        ],
        "neither 无 nor a slash is a problem"
    );
    assert!(ledger.rows.iter().all(|row| row.faults.is_empty()));
    let headings: Vec<&str> = ledger
        .headings
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    assert_eq!(headings, ["续建"]);

    let mut october = self::table(
        "问题台账",
        &["项目名称", "存在问题", "提出日期"],
        &[&["测试铝业", "线路未核准"]],
    );
    // A cell of the number 2025.1.
    october.rows[0].cells.push(CellValue::Percent(20_251_000));
    let bytes = write_tables(&[october]).expect("a workbook");
    let ledger = read("台账.xlsx", &bytes);
    let doubts = ledger.rows.iter().flat_map(|row| &row.doubts);
    let doubts: Vec<&str> = doubts.map(|one| one.cell.as_str()).collect();
    assert_eq!(doubts, ["C3"], "October is written like January");
}
