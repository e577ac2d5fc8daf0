//! `gangmu rollup`: any unit, any cut, with rates, lights and the year before.

use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;
use gangmu_app::domain::Period;
use gangmu_app::domain::metrics::Edition;
use gangmu_app::domain::money::fixed;
use gangmu_app::metrics::{By, RatioView, RollupQuery, RollupRow};

use super::{open, print, print_json};
use crate::Place;
use crate::table::{Align, render};
use crate::words::word;

/// Print the totals of a unit, broken down.
#[derive(Args)]
pub(crate) struct Rollup {
    /// The month, 2025-12; the newest when absent.
    #[arg(long)]
    period: Option<Period>,
    /// The unit's code, 150500; the whole region when absent.
    #[arg(long)]
    unit: Option<String>,
    /// unit, department, industry, group, category, investor or stage.
    #[arg(long, default_value = "unit")]
    by: String,
    /// The figures as published when the month was closed, not as corrected since.
    #[arg(long)]
    published: bool,
    /// Print JSON, money in yuan.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(place: &Place, args: Rollup) -> anyhow::Result<ExitCode> {
    let by = By::from_word(&args.by).ok_or_else(|| {
        let known: Vec<&str> = By::ALL.iter().map(|by| by.word()).collect();
        anyhow!(
            "`{}` is not a cut; use one of {}",
            args.by,
            known.join(", ")
        )
    })?;
    let query = RollupQuery {
        period: args.period,
        unit: args.unit,
        by,
        edition: if args.published {
            Edition::Published
        } else {
            Edition::Current
        },
    };
    let app = open(place).await?;
    let actor = app.system().await?;
    let rollup = app.rollup(&actor, &query).await?;
    if args.json {
        print_json(&rollup)?;
    } else {
        let edition = if args.published {
            "发布口径"
        } else {
            "当前口径"
        };
        print(format!(
            "{} {}（{edition}，万元；序时进度 {}）",
            rollup.unit.name,
            rollup.period,
            percent(rollup.time_progress, 1)
        ));
        print(render(&HEADINGS, &lines(&rollup.rows, &rollup.total)).trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

const HEADINGS: [(&str, Align); 13] = [
    ("名称", Align::Left),
    ("项目数", Align::Right),
    ("总投资", Align::Right),
    ("年度计划", Align::Right),
    ("累计完成", Align::Right),
    ("上年同期", Align::Right),
    ("完成率", Align::Right),
    ("与序时差", Align::Right),
    ("开复工", Align::Right),
    ("同比", Align::Right),
    ("手续办结·项目", Align::Right),
    ("手续办结·手续", Align::Right),
    ("灯", Align::Left),
];

fn lines(rows: &[RollupRow], total: &RollupRow) -> Vec<Vec<String>> {
    let mut lines: Vec<Vec<String>> = rows.iter().map(|row| line(row, label(row))).collect();
    lines.push(line(total, "合计".to_owned()));
    lines
}

fn label(row: &RollupRow) -> String {
    if row.name.is_empty() {
        word(&row.key).to_owned()
    } else {
        row.name.clone()
    }
}

fn line(row: &RollupRow, label: String) -> Vec<String> {
    let measure = |word: &str| row.measures.get(word).copied().unwrap_or(0);
    let wan = |word: &str| grouped(measure(word) / 10_000);
    vec![
        label,
        measure("projects").to_string(),
        wan("total_investment"),
        wan("annual_plan"),
        wan("year_to_date"),
        row.year_before
            .as_ref()
            .and_then(|before| before.get("year_to_date"))
            .map_or_else(dash, |yuan| grouped(yuan / 10_000)),
        percent(row.completion, 1),
        row.gap
            .map_or_else(dash, |gap| format!("{}点", signed(gap, 2))),
        format!("{}/{}", row.at_work_rate.num, row.at_work_rate.den),
        row.year_on_year
            .and_then(|ratio| ratio.ratio().scaled(1_000))
            .map_or_else(dash, |tenths| format!("{}%", signed(tenths, 1))),
        percent(row.matters_through_rate, 1),
        percent(row.matters_rate, 1),
        word(row.light.light).to_owned(),
    ]
}

fn dash() -> String {
    "—".to_owned()
}

fn percent(ratio: RatioView, decimals: u32) -> String {
    ratio
        .ratio()
        .percent(decimals)
        .map_or_else(dash, |text| format!("{text}%"))
}

fn signed(value: i64, decimals: u32) -> String {
    let sign = if value > 0 { "+" } else { "" };
    format!("{sign}{}", fixed(value, decimals))
}

/// Prints a number with commas between thousands.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}
