//! `gangmu generate`: fills a blank database with a plausible region, for benchmarks.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use gangmu_app::AppError;
use gangmu_app::generate::Size;

use super::{open, print, print_json};
use crate::Place;

/// Fill a blank database with a made-up region for benchmarks.
#[derive(Args)]
pub(crate) struct Generate {
    /// How many projects.
    #[arg(long, default_value_t = 10_000)]
    projects: usize,
    /// How many months, up to 2025-12.
    #[arg(long, default_value_t = 24)]
    months: usize,
    /// How many projects in preparation besides, each with an approval case; a quarter of the
    /// projects if not said.
    #[arg(long)]
    cases: Option<usize>,
    /// The same seed gives the same region.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(place: &Place, args: Generate) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let begun = std::time::Instant::now();
    let size = Size {
        projects: args.projects,
        months: args.months,
        cases: args.cases.unwrap_or(args.projects / 4),
        seed: args.seed,
    };
    let generated = match app.generate(size).await {
        Err(AppError::State {
            code: "generate.not_blank",
            ..
        }) => {
            bail!("the database holds entries; generating needs a blank --database")
        }
        made => made?,
    };
    let seconds = begun.elapsed().as_secs_f64();
    if args.json {
        print_json(&serde_json::json!({ "generated": generated, "seconds": seconds }))?;
    } else {
        print(format!(
            "已生成项目 {} 个、月报 {} 份、汇总单元 {} 个，另有前期项目及审批清单 {} 个（在办事项 {} 项），用时 {seconds:.1} 秒",
            generated.projects,
            generated.returns,
            generated.cells,
            generated.cases,
            generated.open_matters
        ));
    }
    Ok(ExitCode::SUCCESS)
}
