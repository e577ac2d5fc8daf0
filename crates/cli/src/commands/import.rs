//! `gangmu import`: the wizard's use cases on the command line.
//!
//! Without `--adopt` it only shows what adopting would change.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use gangmu_app::Language;
use gangmu_app::imports::{ImportFile, ImportOptions, ImportPreview, RowStatus};
use gangmu_app::ledgers::{Ledger, LedgerOptions};

use super::ledgers::{self, Asked};
use super::{open, print, print_json};
use crate::Place;
use crate::words::word;

/// Read workbooks (.xlsx, .xls, .csv) and show what adopting them would change.
#[derive(Args)]
pub(crate) struct Import {
    /// The table, then the files its profile joins.
    #[arg(required = true)]
    tables: Vec<PathBuf>,
    /// The table is a ledger that departments keep: problems, liaison or winter.
    #[arg(long, value_parser = ledger, conflicts_with_all = ["profile", "year", "category", "period", "money_unit", "annotated"])]
    ledger: Option<Ledger>,
    /// How to read it: a shipped profile (pnrr, worldbank) or a saved one.
    #[arg(long)]
    profile: Option<String>,
    /// The code of the unit that rows without a place belong to; of duties, on whose side they stand.
    #[arg(long)]
    unit: Option<String>,
    /// Take the rows onto this year's list.
    #[arg(long)]
    year: Option<i16>,
    /// The category of rows that name none: new_start, continuing, preparation, completion.
    #[arg(long)]
    category: Option<String>,
    /// Save monthly figures as drafts of this period, 2025-12.
    #[arg(long)]
    period: Option<String>,
    /// The unit of money where the file names none: 元, 万元 (the default) or 亿元.
    #[arg(long)]
    money_unit: Option<String>,
    /// A ledger of duties: whoever holds one is relieved by another name.
    #[arg(long, requires = "ledger")]
    relieve: bool,
    /// A ledger of winters: the year the season begins in; this winter's when absent.
    #[arg(long, requires = "ledger")]
    season: Option<i16>,
    /// Adopt the rows, all or none.
    #[arg(long)]
    adopt: bool,
    /// Write the workbook with a comment on every bad cell here.
    #[arg(long)]
    annotated: Option<PathBuf>,
    /// Print JSON, money in yuan.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(place: &Place, args: Import) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let actor = app.system().await?;
    if let Some(ledger) = args.ledger {
        let asked = Asked {
            tables: &args.tables,
            options: LedgerOptions {
                unit: args.unit,
                relieve: args.relieve,
                season: args.season,
                ..LedgerOptions::new(ledger)
            },
            adopt: args.adopt,
            json: args.json,
        };
        return ledgers::run(&app, &actor, asked).await;
    }
    let files = args
        .tables
        .iter()
        .map(|path| read(path))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let options = ImportOptions {
        profile: args.profile,
        unit: args.unit,
        year: args.year,
        category: args.category,
        period: args.period,
        money_unit: args.money_unit,
        ..ImportOptions::default()
    };
    let (preview, adopted) = if args.adopt {
        let (preview, adopted) = app.import_now(&actor, files, &options).await?;
        (preview, Some(adopted))
    } else {
        (app.import_preview(&actor, files, &options).await?, None)
    };
    if let Some(path) = &args.annotated {
        let (_, bytes) = app
            .import_annotated(&actor, preview.import_id, Language::Chinese)
            .await?;
        std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if args.json && adopted.is_none() {
        print_json(&preview)?;
    } else if !args.json {
        show(&preview);
    }
    if let Some(outcome) = adopted.transpose()? {
        if args.json {
            print_json(&outcome)?;
        } else {
            print(format_args!(
                "已采用：新增 {}，变更 {}，不变 {}",
                outcome.new, outcome.changed, outcome.unchanged
            ));
        }
    }
    Ok(if preview.counts.refused > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn ledger(word: &str) -> Result<Ledger, String> {
    let all: Vec<&str> = Ledger::ALL.iter().map(|one| one.word()).collect();
    Ledger::from_word(word).ok_or_else(|| all.join(", "))
}

pub(super) fn read(path: &Path) -> anyhow::Result<ImportFile> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(ImportFile {
        name: name.into_owned(),
        bytes: bytes.into(),
    })
}

pub(super) const MOST_LINES: usize = 40;

fn show(preview: &ImportPreview) {
    let counts = preview.counts;
    print(format_args!(
        "{}：新增 {}，变更 {}，不变 {}，不能导入 {}",
        preview.file_name, counts.new, counts.changed, counts.unchanged, counts.refused
    ));
    if let Some(currency) = &preview.currency {
        print(format_args!("金额以 {currency} 计，按原币保存，不作换算"));
    }
    let wrong = preview.checks.iter().filter(|check| check.is_wrong());
    let open = preview.checks.iter().filter(|check| check.is_open());
    print(format_args!(
        "勾稽校验 {} 处，不符 {} 处，无法勾稽 {} 处",
        preview.checks.len(),
        wrong.count(),
        open.clone().count()
    ));
    for check in open.take(MOST_LINES) {
        print(format_args!(
            "无法勾稽 {}!{} {} {}：{} 无法读取",
            check.sheet,
            check.cell,
            check.label,
            check.column,
            check.unreadable.join(" ")
        ));
    }
    // A column that only numbers the rows is nothing to recognise.
    let unmapped = preview.columns.iter();
    let unmapped = unmapped.filter(|one| one.key.is_none() && one.label != "序号");
    for column in unmapped.take(MOST_LINES) {
        print(format_args!(
            "未识别的列 {} {}",
            column.letters, column.label
        ));
    }
    let refused = preview
        .rows
        .iter()
        .filter(|row| row.status == RowStatus::Refused)
        .flat_map(|row| row.problems.iter().filter(|p| p.severity == "error"));
    let outside = preview.problems.iter().filter(|p| p.severity != "info");
    for problem in refused.chain(outside).take(MOST_LINES) {
        let found = match problem.found.as_str() {
            "" => "空白".to_owned(),
            found => format!("“{found}”"),
        };
        let place = match problem.cell.as_str() {
            "" => problem.sheet.clone(),
            cell => format!("{}!{cell}", problem.sheet),
        };
        print(format_args!(
            "{} {place}：{found}，应为{}。{}",
            word(problem.severity),
            problem.expected,
            problem.mend
        ));
    }
}
