//! `gangmu approvals export|timing|what-if`: what the record of our own cases teaches.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::Args;
use gangmu_app::approvals::{By, RecordQuery, View};
use gangmu_app::event_logs::LogFormat;

use super::{open, print, print_json};
use crate::Place;
use crate::table::{Align, render};

/// How long matters took (timing), or which cut frees most (what-if).
#[derive(Args)]
pub(crate) struct Part {
    /// The unit's code; everything when absent.
    #[arg(long)]
    unit: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Write our own cases as an event log: XES (.xes, .xes.gz) or OCEL 2.0 JSON (.jsonocel, .json).
#[derive(Args)]
pub(crate) struct RecordExport {
    /// The file to write; its name says which kind.
    to: PathBuf,
    /// The unit's code; everything when absent.
    #[arg(long)]
    unit: Option<String>,
    /// In XES, one case per project instead of one per matter.
    #[arg(long)]
    projects: bool,
}

pub(crate) async fn export(place: &Place, args: &RecordExport) -> anyhow::Result<ExitCode> {
    let name = args.to.to_string_lossy();
    let format = LogFormat::of_name(&name)
        .ok_or_else(|| anyhow!("请以 .xes、.xes.gz 或 .jsonocel 结尾命名输出文件：{name}"))?;
    let view = if args.projects {
        View::Projects
    } else {
        View::Matters
    };
    let app = open(place).await?;
    let made = app
        .approval_log(&app.system().await?, &of(args.unit.as_ref()), view, format)
        .await?;
    std::fs::write(&args.to, &made.bytes).with_context(|| format!("cannot write {name}"))?;
    print(format!(
        "{name}：案例 {} 个，事件 {} 条",
        made.cases, made.events
    ));
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn timing(place: &Place, args: &Part) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let query = of(args.unit.as_ref());
    let view = app
        .approval_timing(&app.system().await?, &query, By::Matter)
        .await?;
    if args.json {
        print_json(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = view
        .rows
        .iter()
        .map(|row| {
            let clock = row.days.clock;
            let days = |of: Option<i64>| of.map_or("–".to_owned(), |days| days.to_string());
            vec![
                row.name.clone(),
                row.decided.to_string(),
                days(clock.map(|one| one.median)),
                days(clock.map(|one| one.p80)),
                format!("{}/{}", row.promised_kept, row.promised_of),
                format!("{}/{}", row.statutory_kept, row.statutory_of),
                days(row.benchmark.as_ref().map(|one| one.days.into())),
            ]
        })
        .collect();
    let heads = [
        ("事项", Align::Left),
        ("已办结", Align::Right),
        ("计时中位", Align::Right),
        ("P80", Align::Right),
        ("承诺按期", Align::Right),
        ("法定按期", Align::Right),
        ("外地最短", Align::Right),
    ];
    print(render(&heads, &rows));
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn what_if(place: &Place, args: &Part) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let view = app
        .approval_what_if(&app.system().await?, args.unit.as_deref(), 1, None)
        .await?;
    if args.json {
        print_json(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = view
        .cuts
        .iter()
        .map(|one| {
            vec![
                one.change.name.clone(),
                one.earlier.to_string(),
                one.days.to_string(),
                (one.investment / 10_000).to_string(),
            ]
        })
        .collect();
    let heads = [
        ("压缩 1 个工作日的事项", Align::Left),
        ("提前项目", Align::Right),
        ("提前项目·日", Align::Right),
        ("涉及总投资（万元）", Align::Right),
    ];
    print(render(&heads, &rows));
    Ok(ExitCode::SUCCESS)
}

fn of(unit: Option<&String>) -> RecordQuery {
    RecordQuery {
        unit: unit.cloned(),
        ..RecordQuery::default()
    }
}
