//! `gangmu doctor`: proves that the totals are what the entries say; exit code 1 when not.

use std::process::ExitCode;

use clap::Args;

use super::{open, print, print_json};
use crate::Place;

/// Recompute all totals from the entries and compare.
#[derive(Args)]
pub(crate) struct Doctor {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(place: &Place, args: Doctor) -> anyhow::Result<ExitCode> {
    let check_up = open(place).await?.check_up().await?;
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
