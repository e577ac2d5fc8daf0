//! `gangmu period`: the months of the dispatch, for the region as a whole.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use gangmu_app::domain;

use super::{open, print, print_json};
use crate::Place;
use crate::table::{Align, render};
use crate::words::word;

/// List the months, open the next, or close one for the whole region.
#[derive(Args)]
pub(crate) struct Period {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List the months, newest first.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Open a month: every project on the year's list owes a return.
    Open {
        /// The month, 2025-12.
        period: domain::Period,
    },
    /// Close a month for good: its figures are published as they stand.
    Close {
        /// The month, 2025-12.
        period: domain::Period,
    },
}

pub(crate) async fn run(place: &Place, args: Period) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    match args.what {
        What::List { json } => {
            let periods = app.period_list().await?;
            if json {
                print_json(&periods)?;
            } else {
                let rows: Vec<Vec<String>> = periods
                    .into_iter()
                    .map(|row| vec![row.period, word(row.state).to_owned(), row.due_on])
                    .collect();
                let headings = [
                    ("报告期", Align::Left),
                    ("状态", Align::Left),
                    ("截止日期", Align::Left),
                ];
                print(render(&headings, &rows).trim_end());
            }
        }
        What::Open { period } => {
            app.period_open(&app.system().await?, period).await?;
            print(format_args!("已开放 {period}"));
        }
        What::Close { period } => {
            app.period_close(&app.system().await?, period, None).await?;
            print(format_args!("已关闭 {period}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
