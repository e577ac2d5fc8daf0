//! Writes a workbook of 20,000 × 22 and times reading and extracting it.
//!
//! `cargo run --release -p gangmu-exchange --example measure -- FILE.xlsx`

use gangmu_exchange::{
    Extraction, Kind, Limits, MoneyUnit, Synonyms, TargetField, extract, read_workbook,
    write::{CellFormat, CellValue, ColumnSpec, RowSpec, RowStyle, TableSpec, write_table},
};
use std::time::Instant;

const ROWS: i64 = 20_000;
const HEADERS: [(&str, Kind); 22] = [
    ("序号", Kind::Integer),
    ("项目名称", Kind::Text),
    ("项目代码", Kind::Code),
    ("所属旗县区", Kind::Lookup),
    ("建设地点", Kind::Text),
    ("所属行业", Kind::Lookup),
    ("投资类型", Kind::Lookup),
    ("项目性质", Kind::Lookup),
    ("建设内容及规模", Kind::Text),
    ("建设起止年限", Kind::PeriodRange),
    ("总投资（万元）", Kind::Money),
    ("至2024年底累计完成投资（万元）", Kind::Money),
    ("2025年计划投资（万元）", Kind::Money),
    ("2025年1-7月完成投资（万元）", Kind::Money),
    ("当月完成投资额（万元）", Kind::Money),
    ("占年计划%", Kind::Percent),
    ("形象进度", Kind::Text),
    ("实际开工时间", Kind::Date),
    ("项目业主单位▸业主名称", Kind::Text),
    ("项目业主单位▸负责人", Kind::Text),
    ("项目业主单位▸电话", Kind::Text),
    ("备注", Kind::Text),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bytes = write_table(&table())?;
    if let Some(path) = std::env::args().nth(1) {
        std::fs::write(path, &bytes)?;
    }
    let synonyms = Synonyms::parse(include_str!("../../../data/import/synonyms.toml"))?;
    let targets = targets(&synonyms);
    for _ in 0..3 {
        let started = Instant::now();
        let workbook = read_workbook("a.xlsx", &bytes, &Limits::default())
            .map_err(|refusal| refusal.to_string())?;
        let read = started.elapsed();
        let extract = extract(
            &workbook,
            &Extraction {
                targets: &targets,
                synonyms: &synonyms,
                profile: None,
                default_unit: MoneyUnit::TenThousand,
                joined: &[],
            },
        );
        println!(
            "read {read:?}, read and extracted {:?}: {} records, {} problems",
            started.elapsed(),
            extract.records.len(),
            extract.problems.len()
        );
    }
    Ok(())
}

fn targets(synonyms: &Synonyms) -> Vec<TargetField> {
    let mut keys: Vec<&str> = synonyms.keys().collect();
    keys.dedup();
    let kind = |key: &str| match key {
        "code" => Kind::Code,
        "build_years" => Kind::PeriodRange,
        "plan_rate" => Kind::Percent,
        "actual_start_on" => Kind::Date,
        "total_investment" | "invested_before" | "annual_plan" | "year_to_date"
        | "month_investment" => Kind::Money,
        _ => Kind::Text,
    };
    keys.iter()
        .map(|key| TargetField::new(*key, kind(key)))
        .collect()
}

fn table() -> TableSpec {
    let format = |kind: Kind| match kind {
        Kind::Money => CellFormat::Money {
            unit: MoneyUnit::TenThousand,
            decimals: 2,
        },
        Kind::Percent => CellFormat::Percent { decimals: 1 },
        Kind::Date => CellFormat::Date,
        _ => CellFormat::Text,
    };
    TableSpec {
        sheet_name: "项目".into(),
        title: "重点项目明细表".into(),
        unit_line: Some("单位：万元".into()),
        columns: HEADERS
            .iter()
            .map(|(header, kind)| ColumnSpec::new(header, format(*kind)))
            .collect(),
        rows: (1..=ROWS).map(row).collect(),
        ..TableSpec::default()
    }
}

fn row(number: i64) -> RowSpec {
    let cells = HEADERS.iter().map(|(header, kind)| match kind {
        Kind::Money => CellValue::Money(number * 12_345_678),
        Kind::Percent => CellValue::Percent(number % 10_000),
        Kind::Integer => CellValue::Integer(number),
        Kind::Date => CellValue::Date(jiff::civil::date(2025, 3, 1)),
        Kind::PeriodRange => CellValue::Text("2024.3-2026.12".into()),
        Kind::Code => CellValue::Text(format!("2509-150502-89-01-{number:06}")),
        Kind::Lookup => CellValue::Text(format!("{header}{}", number % 20)),
        _ => CellValue::Text(format!("{header}第{number}号")),
    });
    RowSpec {
        style: RowStyle::Detail,
        cells: cells.collect(),
        ..RowSpec::default()
    }
}
