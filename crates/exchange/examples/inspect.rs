//! Prints what is understood of a file: for trying real files by hand.
//!
//! `cargo run -p gangmu-exchange --example inspect -- FILE [--profile P] [JOINED…]`

use gangmu_exchange::{
    Extraction, Kind, Language, Limits, MoneyUnit, Profile, Synonyms, TargetField, Value, extract,
    read_workbook,
};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut files = Vec::new();
    let mut profile = None;
    while let Some(argument) = arguments.next() {
        if argument == "--profile" {
            let path = arguments.next().ok_or("--profile needs a file")?;
            profile = Some(Profile::parse(&std::fs::read_to_string(path)?)?);
        } else {
            files.push(argument);
        }
    }
    let started = Instant::now();
    let mut workbooks = Vec::new();
    for file in &files {
        match read_workbook(file, &std::fs::read(file)?, &Limits::default()) {
            Ok(workbook) => workbooks.push(workbook),
            Err(refusal) => return Err(refusal.message(Language::English).into()),
        }
    }
    let (Some(first), rest) = (workbooks.first(), workbooks.iter().skip(1)) else {
        return Err("no file".into());
    };
    println!("read in {:?}", started.elapsed());
    let text = include_str!("../../../data/import/synonyms.toml");
    let synonyms = Synonyms::parse(text)?;
    let targets = targets(&synonyms);
    let joined: Vec<_> = rest.collect();
    let extract = extract(
        first,
        &Extraction {
            targets: &targets,
            synonyms: &synonyms,
            profile: profile.as_ref(),
            default_unit: MoneyUnit::TenThousand,
            joined: &joined,
        },
    );
    println!("extracted in {:?}", started.elapsed());
    for sheet in &extract.sheets {
        println!(
            "{}: {:?}, {} records",
            sheet.sheet, sheet.title, sheet.records
        );
        for column in &sheet.mapping.columns {
            println!(
                "  {} -> {:?} {:?}",
                column.label, column.key, column.suggestion
            );
        }
    }
    let total: i64 = extract
        .records
        .iter()
        .filter_map(|record| match record.get("total_investment") {
            Some(Value::Money(amount)) => Some(*amount),
            _ => None,
        })
        .sum();
    println!(
        "{} records, total investment {total}",
        extract.records.len()
    );
    for record in extract.records.iter().take(2) {
        println!("{record:#?}");
    }
    println!(
        "{} problems, {} checks",
        extract.problems.len(),
        extract.checks.len()
    );
    for problem in extract.problems.iter().take(30) {
        println!("  {}", problem.message(Language::English));
    }
    Ok(())
}

fn targets(synonyms: &Synonyms) -> Vec<TargetField> {
    let kind = |key: &str| match key {
        "code" => Kind::Code,
        "build_years" => Kind::PeriodRange,
        "plan_rate" => Kind::Percent,
        "project_count" => Kind::Integer,
        _ if key.ends_with("_on") => Kind::Date,
        _ if key.starts_with("funding.") || key.starts_with("month.") => Kind::Money,
        "total_investment" | "invested_before" | "annual_plan" | "year_to_date"
        | "month_investment" | "cumulative" => Kind::Money,
        _ if key.starts_with("tenday.") => Kind::Money,
        _ => Kind::Text,
    };
    let mut targets: Vec<_> = synonyms
        .keys()
        .map(|key| TargetField::new(key, kind(key)))
        .collect();
    targets.dedup_by(|a, b| a.key == b.key);
    targets
}
