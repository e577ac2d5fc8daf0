//! `gangmu export`: the workbooks that go out, written to a folder.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};
use gangmu_app::domain::Period;
use gangmu_app::exports::MonthlyTable;
use gangmu_app::library::ListQuery;

use super::{open, print};
use crate::Place;

/// Write a workbook: a list, the return template, or a monthly table.
#[derive(Args)]
pub(crate) struct Export {
    /// What to write.
    #[arg(value_enum)]
    kind: Kind,
    /// The month, 2025-12.
    #[arg(long)]
    period: Option<Period>,
    /// The unit's code; the whole region when absent.
    #[arg(long)]
    unit: Option<String>,
    /// The folder to write into.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// All projects of the library (项目清单).
    Projects,
    /// The return template of a month (月报填报表).
    Template,
    /// Every project with its figures (明细表).
    Details,
    /// Summed by unit, industry, category, … (汇总表).
    Summaries,
    /// Every project month by month (进度一览表).
    Progress,
}

pub(crate) async fn run(place: &Place, args: Export) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let actor = app.system().await?;
    let unit = args.unit.as_deref();
    let month = || {
        args.period
            .ok_or_else(|| anyhow!("name the month: --period 2025-12"))
    };
    let table = |table| (table, unit);
    let file = match args.kind {
        Kind::Projects => {
            let query = ListQuery {
                period: args.period,
                unit: args.unit.clone(),
                ..ListQuery::default()
            };
            app.export_projects(&actor, &query).await
        }
        Kind::Template => app.export_template(&actor, month()?, unit).await,
        Kind::Details => {
            let (table, unit) = table(MonthlyTable::Details);
            app.export_monthly(&actor, table, month()?, unit).await
        }
        Kind::Summaries => {
            let (table, unit) = table(MonthlyTable::Summaries);
            app.export_monthly(&actor, table, month()?, unit).await
        }
        Kind::Progress => {
            let (table, unit) = table(MonthlyTable::Progress);
            app.export_monthly(&actor, table, month()?, unit).await
        }
    };
    let file = file?;
    std::fs::create_dir_all(&args.folder)
        .with_context(|| format!("cannot make {}", args.folder.display()))?;
    let path = args.folder.join(&file.name);
    std::fs::write(&path, &file.bytes)
        .with_context(|| format!("cannot write {}", path.display()))?;
    print(path.display());
    Ok(ExitCode::SUCCESS)
}
