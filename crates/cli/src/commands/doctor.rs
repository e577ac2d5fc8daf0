//! `gangmu doctor`: proves that the totals are what the entries say; exit code 1 when not.

use std::process::ExitCode;

use clap::Args;

use super::{open, print, print_json};
use crate::Place;

/// Recompute all totals from the entries and compare.
#[derive(Args)]
pub(crate) struct Doctor {
    /// First bring how far approval cases are into the open months where a database from before
    /// that measure lacks it.
    #[arg(long)]
    mend: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(place: &Place, args: Doctor) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    if args.mend {
        let changed = app.matter_counts_mend(&app.system().await?).await?;
        if !args.json {
            print(format!("已补入手续办结数的月报 {changed} 份"));
        }
    }
    let check_up = app.check_up().await?;
    let healthy = check_up.faults.is_empty();
    if args.json {
        print_json(&check_up)?;
    } else {
        for fault in &check_up.faults {
            print(format!(
                "不一致 {} {}\n  存储 {}\n  重算 {}",
                fault.what, fault.place, fault.stored, fault.computed
            ));
        }
        print(format!(
            "核对报告期 {} 个、月报 {} 份、汇总单元 {} 个：{}",
            check_up.periods,
            check_up.returns,
            check_up.cells,
            if healthy {
                "全部一致".to_owned()
            } else {
                format!("{} 处不一致", check_up.faults.len())
            }
        ));
    }
    Ok(if healthy {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
