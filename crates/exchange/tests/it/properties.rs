//! Properties: nothing panics, rounding adds up, and what we write we read again.

use crate::{
    biff,
    support::{layout, understand},
};
use gangmu_exchange::{
    Cell, CheckOutcome, DateStyle, Limits, MoneyUnit, NumberStyle, Value, Workbook, read_code,
    read_date, read_integer, read_money, read_party, read_percent, read_period_range,
    read_workbook,
    write::{
        CellFormat, CellValue, ColumnSpec, RowSpec, RowStyle, TableSpec, round_column, rounding,
        write_csv, write_table,
    },
};
use proptest::prelude::*;

fn small() -> Limits {
    Limits {
        cells: 100_000,
        unpacked_bytes: 4 << 20,
        ..Limits::default()
    }
}

fn survive(bytes: &[u8]) {
    for name in ["a.xlsx", "a.xls", "a.csv"] {
        if let Ok(workbook) = read_workbook(name, bytes, &small()) {
            let _ = understand(&workbook, None, &[]);
        }
    }
}

fn flipped(mut bytes: Vec<u8>, flips: &[(usize, u8)]) -> Vec<u8> {
    for (at, value) in flips {
        let at = at % bytes.len();
        bytes[at] = *value;
    }
    bytes
}

fn flips() -> impl Strategy<Value = Vec<(usize, u8)>> {
    prop::collection::vec((any::<usize>(), any::<u8>()), 1..12)
}

/// Texts that look like numbers, dates and labels, and texts that do not.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9.,\\-年月日至~—～－ ()（）亿万元%个项T:/+]{0,24}",
        "[一二三四、（）()合计总其中：小项目0-9个★●]{0,12}",
        "\\PC{0,24}",
    ]
}

/// Quick by default; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(64),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        survive(&bytes);
        survive(&[b"PK\x03\x04", &bytes[..]].concat());
        survive(&[&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], &bytes[..]].concat());
    }

    #[test]
    fn damaged_workbooks_never_panic(flips in flips()) {
        let new = layout().line("标题").header("序号|项目名称|业主▸名称|业主▸电话").row("1|甲|乙|1").bytes();
        survive(&flipped(new, &flips));
        let cells = [biff::label(0, 0, "项目名称"), biff::number(1, 1, 1.0), biff::merge([0, 1, 0, 0])];
        survive(&flipped(biff::workbook(&[cells.concat()]), &flips));
    }

    #[test]
    fn arbitrary_texts_in_a_table_never_panic(
        rows in prop::collection::vec(prop::collection::vec(texts(), 0..8), 0..12)
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(["序号", "项目名称", "总投资", "建设起止年限", "拟开工时间", "占年计划%"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        survive(&writer.into_inner().unwrap());
    }

    #[test]
    fn arbitrary_values_never_panic(text in texts(), number in any::<f64>()) {
        for cell in [Cell::Text(text.as_str().into()), Cell::Number(number)] {
            for style in [NumberStyle::Plain, NumberStyle::European] {
                let _ = read_money(&cell, MoneyUnit::HundredMillion, style);
                let _ = read_percent(&cell, true, style);
                let _ = read_integer(&cell, style);
            }
            for style in [DateStyle::Iso, DateStyle::American, DateStyle::European] {
                if let Some(point) = read_date(&cell, style).value {
                    prop_assert!(point.first_day() <= point.last_day());
                }
            }
            let _ = read_code(&cell);
            if let Some(range) = read_period_range(&cell).value
                && let (Some(from), Some(to)) = (range.from, range.to)
            {
                prop_assert!(from.first_day() <= to.last_day());
            }
        }
        let _ = read_party(&text);
    }

    #[test]
    fn rounded_parts_add_up_and_move_by_less_than_a_unit(
        parts in prop::collection::vec(-10_000_000_000_i64..10_000_000_000, 0..40),
        unit in prop::sample::select(vec![1_i64, 3, 100, 10_000, 1_000_000, 100_000_000]),
    ) {
        let rounded = rounding::round_parts(&parts, unit).unwrap();
        prop_assert_eq!(rounded.parts.iter().sum::<i64>(), rounded.total);
        let sum: i64 = parts.iter().sum();
        prop_assert!((rounded.total * unit - sum).abs() * 2 <= unit);
        for (part, shown) in parts.iter().zip(&rounded.parts) {
            prop_assert!((shown * unit - part).abs() < unit);
        }
    }

    #[test]
    fn groups_can_be_shared_out_under_a_rounded_total(
        groups in prop::collection::vec(prop::collection::vec(0_i64..100_000_000, 1..6), 1..6)
    ) {
        let sums: Vec<i64> = groups.iter().map(|group| group.iter().sum()).collect();
        let shown = rounding::round_parts(&sums, 10_000).unwrap();
        for (group, total) in groups.iter().zip(&shown.parts) {
            let details = rounding::share_out(group, 10_000, *total).unwrap();
            prop_assert_eq!(details.iter().sum::<i64>(), *total);
        }
    }

    #[test]
    fn a_rounded_table_adds_up_at_every_level(
        groups in prop::collection::vec((0_u8..3, prop::collection::vec(-10_000_000_i64..100_000_000, 0..5)), 0..8)
    ) {
        let row = |style, level, amount| RowSpec { style, level, cells: vec![CellValue::Money(amount)] };
        let mut rows = vec![row(RowStyle::Total, 0, -1), row(RowStyle::Detail, 0, 12_345)];
        for (level, details) in &groups {
            rows.push(row(RowStyle::Group, *level, -1));
            rows.extend(details.iter().map(|amount| row(RowStyle::Detail, 0, *amount)));
        }
        let before = rows.clone();
        round_column(&mut rows, 0, 10_000).unwrap();
        let amount = |row: &RowSpec| match row.cells[0] {
            CellValue::Money(amount) => amount,
            _ => unreachable!(),
        };
        let sum = |rows: &[RowSpec]| -> i64 {
            rows.iter().filter(|row| row.style == RowStyle::Detail).map(amount).sum()
        };
        prop_assert_eq!(amount(&rows[0]), sum(&rows));
        for (index, row) in rows.iter().enumerate() {
            match row.style {
                RowStyle::Group => {
                    let rest = &rows[index + 1..];
                    let end = rest.iter().position(|next| next.style == RowStyle::Group && next.level <= row.level);
                    prop_assert_eq!(amount(row), sum(&rest[..end.unwrap_or(rest.len())]));
                }
                RowStyle::Detail => prop_assert!((amount(row) - amount(&before[index])).abs() < 10_000),
                RowStyle::Total => {}
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again(rows in prop::collection::vec(row(), 1..20)) {
        let table = table(&rows);
        let book = write_table(&table).unwrap();
        let csv = write_csv(&table).unwrap();
        for (name, bytes) in [("a.xlsx", book), ("a.csv", csv)] {
            let workbook = read_workbook(name, &bytes, &Limits::default()).unwrap();
            prop_assert_eq!(&read_back(&workbook), &rows, "{}", name);
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Line {
    name: String,
    owner: String,
    phone: String,
    total: i64,
    plan: i64,
    rate: i64,
    start: jiff::civil::Date,
}

/// Texts of the kind that executes, among others.
fn cell_text() -> impl Strategy<Value = String> {
    "[=+@-]{0,1}[甲乙丙丁工程A-Za-z,;\"']{1,12}"
        .prop_filter("blank", |text| !matches!(text.as_str(), "'" | "''"))
}

fn row() -> impl Strategy<Value = Line> {
    let amounts = -100_000_000_000_000_i64..100_000_000_000_000;
    let start = (0_i64..40_000).prop_map(|days| {
        jiff::civil::date(1990, 1, 1).saturating_add(jiff::Span::new().days(days))
    });
    (
        "[甲乙丙丁][工程路桥A-Z]{1,8}",
        cell_text(),
        "[0-9]{7,12}",
        amounts.clone(),
        amounts,
        0_i64..20_000,
        start,
    )
        .prop_map(|(name, owner, phone, total, plan, rate, start)| Line {
            name,
            owner,
            phone,
            total,
            plan,
            rate,
            start,
        })
}

fn table(rows: &[Line]) -> TableSpec {
    let ten_thousand = CellFormat::Money {
        unit: MoneyUnit::TenThousand,
        decimals: 0,
    };
    let hundred_million = CellFormat::Money {
        unit: MoneyUnit::HundredMillion,
        decimals: 2,
    };
    let text = |text: &str| CellValue::Text(text.to_owned());
    let sum = |amount: fn(&Line) -> i64| CellValue::Money(rows.iter().map(amount).sum());
    let mut specs = vec![RowSpec {
        style: RowStyle::Total,
        cells: vec![
            text("合计"),
            text(&format!("{}个", rows.len())),
            CellValue::Empty,
            CellValue::Empty,
            sum(|row| row.total),
            sum(|row| row.plan),
        ],
        ..RowSpec::default()
    }];
    specs.extend(rows.iter().enumerate().map(|(index, row)| RowSpec {
        style: RowStyle::Detail,
        cells: vec![
            CellValue::Integer(index as i64 + 1),
            text(&row.name),
            text(&row.owner),
            text(&row.phone),
            CellValue::Money(row.total),
            CellValue::Money(row.plan),
            CellValue::Percent(row.rate),
            CellValue::Date(row.start),
        ],
        ..RowSpec::default()
    }));
    TableSpec {
        sheet_name: "明细".into(),
        title: "项目明细表".into(),
        unit_line: Some("单位：万元".into()),
        columns: vec![
            ColumnSpec::new("序号", CellFormat::Centred),
            ColumnSpec::new("项目名称", CellFormat::Text),
            ColumnSpec::new("项目业主单位▸业主名称", CellFormat::Text),
            ColumnSpec::new("项目业主单位▸电话", CellFormat::Text),
            ColumnSpec::new("总投资（亿元）", hundred_million),
            ColumnSpec::new("年度计划投资（万元）", ten_thousand),
            ColumnSpec::new("占年计划%", CellFormat::Percent { decimals: 1 }),
            ColumnSpec::new("实际开工时间", CellFormat::Date),
        ],
        rows: specs,
        notes: vec!["注：测试。".into()],
        ..TableSpec::default()
    }
}

fn read_back(workbook: &Workbook) -> Vec<Line> {
    let extract = understand(workbook, None, &[]);
    assert!(extract.is_clean(), "{:?}", extract.problems);
    assert!(!extract.checks.is_empty());
    for check in &extract.checks {
        assert_eq!(check.outcome, CheckOutcome::Match, "{check:?}");
    }
    let line = |record: &gangmu_exchange::Record| {
        let text = |key: &str| match record.get(key) {
            Some(Value::Text(text)) => text.clone(),
            other => panic!("{key}: {other:?}"),
        };
        let figure = |key: &str| match record.get(key) {
            Some(Value::Money(figure) | Value::Percent(figure)) => *figure,
            other => panic!("{key}: {other:?}"),
        };
        let start = match record.get("actual_start_on") {
            Some(Value::Date(point)) => point.first_day(),
            other => panic!("{other:?}"),
        };
        Line {
            name: text("name"),
            owner: text("owner"),
            phone: text("owner_phone"),
            total: figure("total_investment"),
            plan: figure("annual_plan"),
            rate: figure("plan_rate"),
            start,
        }
    };
    extract.records.iter().map(line).collect()
}
